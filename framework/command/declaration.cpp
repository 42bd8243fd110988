// Writes a command's declaration as JSON, and reads it with every value checked.

#include "framework/command/declaration.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "framework/base/bounded_json.h"
#include "framework/base/error.h"
#include "framework/base/printable.h"
#include "framework/base/sha256.h"
#include "framework/command/placeholders.h"

namespace epochal {
namespace {

using nlohmann::json;

constexpr std::string_view kCommandPrefix = "command:";
constexpr std::array kRoles{std::pair(ParameterRole::result, "result"),
                            std::pair(ParameterRole::location, "location"),
                            std::pair(ParameterRole::resource, "resource")};
constexpr std::array kTypes{ParameterType::boolean, ParameterType::integer, ParameterType::real,
                            ParameterType::text, ParameterType::path};

json to_json(const ParameterSpec& spec) {
  json value{{"name", spec.name}, {"type", name_of(spec.type)}};
  std::visit([&](const auto& fallback) { value["default"] = fallback; }, spec.fallback);
  value["doc"] = spec.doc;
  value["unit"] = spec.unit;
  if (spec.min) value["min"] = *spec.min;
  if (spec.max) value["max"] = *spec.max;
  value["choices"] = spec.choices;
  for (const auto& [role, name] : kRoles) {
    if (role == spec.role) value["role"] = name;
  }
  value["part_of_objective"] = spec.is_part_of_objective;
  return value;
}

json to_json(const CommandMetric& metric) {
  json value{{"name", metric.spec.name},
             {"pattern", metric.pattern},
             {"doc", metric.spec.doc},
             {"unit", metric.spec.unit}};
  if (metric.spec.better) value["better"] = name_of(*metric.spec.better);
  return value;
}

ParameterValue value_of(const json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (const auto whole = whole_number_in(value)) return *whole;
  if (value.is_number()) return value.get<double>();
  return value.get<std::string>();
}

ParameterSpec parameter_of(const json& value) {
  ParameterSpec spec;
  spec.name = value.at("name").get<std::string>();
  const auto type = value.at("type").get<std::string>();
  const auto known = std::find_if(kTypes.begin(), kTypes.end(),
                                  [&](ParameterType each) { return name_of(each) == type; });
  if (known == kTypes.end()) throw Error("a parameter has an unknown type");
  spec.type = *known;
  spec.fallback = value_of(value.at("default"));
  spec.doc = value.at("doc").get<std::string>();
  spec.unit = value.at("unit").get<std::string>();
  if (value.contains("min")) spec.min = value["min"].get<double>();
  if (value.contains("max")) spec.max = value["max"].get<double>();
  spec.choices = value.at("choices").get<std::vector<std::string>>();
  const auto role = value.at("role").get<std::string>();
  for (const auto& [each, name] : kRoles) {
    if (role == name) spec.role = each;
  }
  spec.is_part_of_objective = value.at("part_of_objective").get<bool>();
  return spec;
}

CommandMetric metric_of(const json& value) {
  CommandMetric metric;
  metric.spec.name = value.at("name").get<std::string>();
  metric.pattern = value.at("pattern").get<std::string>();
  metric.spec.doc = value.at("doc").get<std::string>();
  metric.spec.unit = value.at("unit").get<std::string>();
  const auto better = value.value("better", std::string());
  if (better == "lower") metric.spec.better = Better::lower;
  if (better == "higher") metric.spec.better = Better::higher;
  return metric;
}

json without_place(const CommandDeclaration& command) {
  json value{{"name", command.name},           {"run", command.run},
             {"shell", command.shell},         {"inputs", json()},
             {"objective", command.objective}, {"first_epoch", command.first_epoch},
             {"tracked", command.is_tracked},  {"grace", command.grace.count()},
             {"parameters", json::array()},    {"metrics", json::array()}};
  if (command.inputs) value["inputs"] = *command.inputs;
  for (const ParameterSpec& spec : command.parameters) value["parameters"].push_back(to_json(spec));
  for (const CommandMetric& metric : command.metrics) value["metrics"].push_back(to_json(metric));
  return value;
}

/// A folder's name that is not UTF-8 cannot be in JSON: it is written as the numbers of its bytes.
json path_to_json(const std::string& path) {
  for (std::string_view rest = path; !rest.empty();) {
    const std::size_t length = utf8_length(rest);
    if (length == 0) return json(std::vector<std::uint8_t>(path.begin(), path.end()));
    rest.remove_prefix(length);
  }
  return path;
}

std::string path_of_json(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  const auto bytes = value.get<std::vector<std::uint8_t>>();
  return {bytes.begin(), bytes.end()};
}

}  // namespace

std::string experiment_name(const CommandDeclaration& command) {
  return std::string(kCommandPrefix) + command.name;
}

bool is_command(std::string_view experiment) {
  return experiment.starts_with(kCommandPrefix);
}

std::vector<std::string> inputs_of(const CommandDeclaration& command) {
  if (command.inputs) return *command.inputs;
  std::vector<std::string> words = command.run;
  if (command.shell) {
    std::istringstream parts(command.run.front());
    words.assign(std::istream_iterator<std::string>(parts), {});
  } else if (!words.empty()) {
    words.erase(words.begin());  // the program itself
  }
  std::vector<std::string> inputs;
  for (const std::string& word : words) {
    std::error_code error;
    if (std::filesystem::is_regular_file(command.folder / word, error)) inputs.push_back(word);
  }
  return inputs;
}

bool is_told_its_length(const CommandDeclaration& command) {
  return std::any_of(command.run.begin(), command.run.end(), [](const std::string& word) {
    const std::vector<std::string> names = placeholders_of(word);
    return std::find(names.begin(), names.end(), "epochs") != names.end();
  });
}

std::string to_json(const CommandDeclaration& command) {
  json value = without_place(command);
  value["folder"] = path_to_json(command.folder.string());
  return json_text(value);
}

CommandDeclaration command_from_json(const std::string& text) {
  try {
    const json value = bounded_json(text);
    CommandDeclaration command;
    command.name = value.at("name").get<std::string>();
    command.run = value.at("run").get<std::vector<std::string>>();
    command.shell = value.at("shell").get<bool>();
    if (!value.at("inputs").is_null()) {
      command.inputs = value["inputs"].get<std::vector<std::string>>();
    }
    command.folder = path_of_json(value.at("folder"));
    command.objective = value.at("objective").get<std::string>();
    command.first_epoch = value.at("first_epoch").get<Epoch>();
    command.is_tracked = value.at("tracked").get<bool>();
    command.grace = std::chrono::seconds(value.at("grace").get<std::int64_t>());
    for (const json& each : value.at("parameters")) {
      command.parameters.push_back(parameter_of(each));
    }
    for (const json& each : value.at("metrics")) command.metrics.push_back(metric_of(each));
    if (command.shell && command.run.empty()) throw Error("it has no program");
    return command;
  } catch (const json::exception& error) {
    throw Error(fmt::format("the record of the run's command is broken: {}", error.what()), {},
                "run its sweep again");
  } catch (const Error& error) {
    throw Error(fmt::format("the record of the run's command is broken: {}", error.fault()), {},
                "run its sweep again");
  }
}

std::string build_of(const CommandDeclaration& command) {
  return sha256_of(json_text(without_place(command)));
}

}  // namespace epochal
