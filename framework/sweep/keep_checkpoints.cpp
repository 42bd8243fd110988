// The names of the policies.

#include "framework/sweep/keep_checkpoints.h"

#include <fmt/format.h>

#include <stdexcept>
#include <vector>

#include "framework/base/error.h"
#include "framework/base/nearest_name.h"

namespace epochal {

std::string_view name_of(KeepCheckpoints policy) {
  switch (policy) {
    case KeepCheckpoints::last:
      return "last";
    case KeepCheckpoints::last_and_best:
      return "last and best";
    case KeepCheckpoints::all:
      return "all";
  }
  throw std::logic_error("unknown checkpoint policy");
}

KeepCheckpoints keep_checkpoints(const std::string& name, const std::string& where) {
  std::vector<std::string> known;
  for (const auto policy :
       {KeepCheckpoints::last, KeepCheckpoints::last_and_best, KeepCheckpoints::all}) {
    if (name == name_of(policy)) return policy;
    known.emplace_back(name_of(policy));
  }
  throw Error(
      fmt::format("keep_checkpoints = \"{}\" is not one of its choices", name.substr(0, 80)), where,
      name_hint(name, known));
}

}  // namespace epochal
