// Parameter values of one run, by name.

#include "framework/base/parameters.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace epochal {

std::string to_text(const ParameterValue& value) {
  struct Printer {
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return fmt::format("{}", number); }
    std::string operator()(const std::string& text) const { return text; }
  };
  return std::visit(Printer{}, value);
}

std::string_view type_of(const ParameterValue& value) {
  constexpr std::string_view names[] = {"a boolean", "an integer", "a real number", "a text"};
  return names[value.index()];
}

void Parameters::set(std::string name, ParameterValue value) {
  values_.insert_or_assign(std::move(name), std::move(value));
}

const ParameterValue* Parameters::find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

const ParameterValue& Parameters::at(std::string_view name) const {
  const ParameterValue* value = find(name);
  if (value == nullptr) throw std::logic_error(fmt::format("parameter '{}' is not declared", name));
  return *value;
}

bool Parameters::boolean(std::string_view name) const {
  return std::get<bool>(at(name));
}

std::int64_t Parameters::integer(std::string_view name) const {
  return std::get<std::int64_t>(at(name));
}

double Parameters::real(std::string_view name) const {
  return std::get<double>(at(name));
}

const std::string& Parameters::text(std::string_view name) const {
  return std::get<std::string>(at(name));
}

std::string to_text(const Parameters& parameters, std::string_view name) {
  const ParameterValue* value = parameters.find(name);
  return value == nullptr ? "" : to_text(*value);
}

}  // namespace epochal
