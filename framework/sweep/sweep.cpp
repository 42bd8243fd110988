// A sweep's value type: which axis assigns what, and the hash of what it computes.

#include "framework/sweep/sweep.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "framework/base/bounded_json.h"
#include "framework/base/sha256.h"
#include "framework/sweep/run_length.h"
#include "framework/sweep/search_points.h"

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

/// All but the number of trials: more of them continue a search.
nlohmann::ordered_json to_json(const SearchRequest& search) {
  nlohmann::ordered_json json{{"seed", search.seed},
                              {"startup", search.startup},
                              {"metric", search.metric},
                              {"value", search.value == SearchRequest::Value::best},
                              {"parameters", nlohmann::ordered_json::array()}};
  if (search.has_mode) json["lower_is_better"] = search.lower_is_better;
  for (const SearchedParameter& parameter : search.parameters) {
    nlohmann::ordered_json one{parameter.name, to_text(parameter)};
    for (const ParameterValue& choice : parameter.choices) one.push_back(choice.index());
    json["parameters"].push_back(std::move(one));
  }
  return json;
}

std::set<std::string> lengths_in_axes(const Sweep& sweep) {
  std::set<std::string> lengths;
  for (const Axis& axis : sweep.axes) lengths.merge(axis.names());
  std::erase_if(lengths, [](const std::string& name) { return !is_length_key(name); });
  return lengths;
}

}  // namespace

std::set<std::string> Axis::names() const {
  std::set<std::string> names;
  for (const auto& point : points) {
    for (const Assignment& assignment : point) names.insert(assignment.name);
    if (kind != Kind::list) break;  // only a list's points name different parameters
  }
  return names;
}

bool Axis::assigns(std::string_view name) const {
  // In a list, each point names its own parameters.
  return std::ranges::any_of(points, [&](const std::vector<Assignment>& point) {
    return std::ranges::find(point, name, &Assignment::name) != point.end();
  });
}

void remove_parameter(Sweep& sweep, std::string_view name) {
  const auto is_it = [&](const Assignment& other) { return other.name == name; };
  sweep.replaced_lengths.erase(std::string(name));
  std::erase_if(sweep.fixed, is_it);
  if (sweep.search) {
    std::erase_if(sweep.search->parameters,
                  [&](const SearchedParameter& other) { return other.name == name; });
  }
  for (Axis& axis : sweep.axes) {
    for (auto& point : axis.points) std::erase_if(point, is_it);
  }
  std::erase_if(sweep.axes, [](const Axis& axis) {
    return std::ranges::all_of(axis.points, [](const auto& point) { return point.empty(); });
  });
}

void set_length(Sweep& sweep, Assignment length) {
  const auto* whole = std::get_if<std::int64_t>(&length.value);
  if (length.name == "epochs" && whole != nullptr) {
    sweep.epochs = static_cast<Epoch>(*whole);
    sweep.length.reset();
  } else {
    sweep.epochs = 1;  // one of two sweeps with the same length has the same hash
    sweep.length = std::move(length);
  }
}

void replace_lengths_in_axes(Sweep& sweep) {
  sweep.replaced_lengths = lengths_in_axes(sweep);
}

std::string content_hash(const Sweep& sweep) {
  nlohmann::ordered_json content;
  if (sweep.experiments.size() == 1) {
    content["experiment"] = sweep.experiments.front();
  } else {
    content["experiment"] = sweep.experiments;
  }
  if (sweep.command) content["command"] = build_of(*sweep.command);
  content["epochs"] = sweep.epochs;
  if (sweep.length) content["length"] = to_json({*sweep.length});
  if (!sweep.replaced_lengths.empty()) {
    content["one_length"] = true;  // of most sweeps; recorded ones keep their hash
    if (sweep.replaced_lengths != lengths_in_axes(sweep)) {
      content["one_length"] = sweep.replaced_lengths;
    }
  }
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
  for (const Condition& condition : sweep.excluded_if) {
    content["excluded"].push_back(condition.text);
  }
  if (sweep.search) content["search"] = to_json(*sweep.search);
  if (sweep.stop.any()) content["stop"] = to_text(sweep.stop);
  return sha256_of(json_text(content));
}

}  // namespace epochal
