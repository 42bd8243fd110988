// A sweep's value type: which axis assigns what, and the hash of what it computes.

#include "framework/sweep/sweep.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "framework/plugin/sha256.h"

namespace epochal {
namespace {

nlohmann::ordered_json to_json(const std::vector<Assignment>& assignments) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Assignment& assignment : assignments) {
    // Text and type keep 1, 1.0 and "1" apart.
    list.push_back({assignment.name, assignment.value.index(), to_text(assignment.value)});
  }
  return list;
}

}  // namespace

bool Axis::assigns(std::string_view name) const {
  // In a list, each point names its own parameters.
  return std::any_of(points.begin(), points.end(), [&](const std::vector<Assignment>& point) {
    return std::any_of(point.begin(), point.end(),
                       [&](const Assignment& assignment) { return assignment.name == name; });
  });
}

std::string content_hash(const Sweep& sweep) {
  nlohmann::ordered_json content;
  content["experiment"] = sweep.experiment;
  content["epochs"] = sweep.epochs;
  content["seeds"] = sweep.seeds;
  content["fixed"] = to_json(sweep.fixed);
  content["axes"] = nlohmann::ordered_json::array();
  for (const Axis& axis : sweep.axes) {
    nlohmann::ordered_json points = nlohmann::ordered_json::array();
    for (const auto& point : axis.points) points.push_back(to_json(point));
    content["axes"].push_back(std::move(points));
  }
  // Only where there are any: sweeps recorded before there were exclusions keep their hash.
  for (const auto& values : sweep.excluded) content["excluded"].push_back(to_json(values));
  return sha256_of(content.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace epochal
