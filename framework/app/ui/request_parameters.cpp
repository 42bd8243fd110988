#include "framework/app/ui/request_parameters.h"

#include <fmt/format.h>

#include <cmath>

#include "framework/app/selection_options.h"
#include "framework/base/error.h"
#include "framework/base/parsed_number.h"
#include "framework/base/printable.h"

namespace epochal::app {
namespace {

/// The server accepts no longer address.
constexpr std::size_t kLongest = 8192;

}  // namespace

RequestParameters::RequestParameters(const std::multimap<std::string, std::string>& all) {
  for (const auto& [name, value] : all) values_.emplace(name, value);
}

std::string RequestParameters::text(const std::string& name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return {};
  if (found->second.size() > kLongest) {
    throw Error(fmt::format("it has more than {} bytes", kLongest), name);
  }
  return found->second;
}

std::int64_t RequestParameters::whole(const std::string& name, std::int64_t fallback,
                                      std::int64_t low, std::int64_t high) const {
  const std::string given = text(name);
  if (given.empty()) return fallback;
  const auto number = parsed_number<std::int64_t>(given);
  if (number && *number >= low && *number <= high) return *number;
  throw Error(
      fmt::format("'{}' is not a whole number from {} to {}", printable(given, 40), low, high),
      name);
}

std::optional<double> RequestParameters::number(const std::string& name) const {
  const std::string given = text(name);
  if (given.empty()) return std::nullopt;
  const auto number = parsed_number<double>(given);
  if (number && std::isfinite(*number)) return number;
  throw Error(fmt::format("'{}' is not a number", printable(given, 40)), name);
}

std::vector<std::string> RequestParameters::list(const std::string& name, std::size_t most) const {
  std::vector<std::string> parts = comma_list(text(name));
  if (parts.size() <= most) return parts;
  throw Error(fmt::format("{} are given; at most {} are allowed", parts.size(), most), name);
}

}  // namespace epochal::app
