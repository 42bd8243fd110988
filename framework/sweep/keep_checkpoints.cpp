// The names of the policies.

#include "framework/sweep/keep_checkpoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "framework/base/error.h"
#include "framework/base/nearest_name.h"

namespace epochal {

namespace {

/// In the order of KeepCheckpoints.
constexpr std::array<std::string_view, 3> kPolicies{"last", "last and best", "all"};

}  // namespace

std::string_view name_of(KeepCheckpoints policy) {
  return kPolicies.at(static_cast<std::size_t>(policy));
}

KeepCheckpoints keep_checkpoints(const std::string& name, const std::string& where) {
  const auto found = std::ranges::find(kPolicies, name);
  if (found != kPolicies.end()) return static_cast<KeepCheckpoints>(found - kPolicies.begin());
  const std::vector<std::string> known(kPolicies.begin(), kPolicies.end());
  throw Error(
      fmt::format("keep_checkpoints = \"{}\" is not one of its choices", name.substr(0, 80)), where,
      name_hint(name, known));
}

}  // namespace epochal
