// Stop rules as one line of JSON, for the worker's command line.

#include "framework/sweep/stop_rules.h"

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>

#include "framework/base/bounded_json.h"
#include "framework/base/error.h"

namespace epochal {
namespace {

/// Checks the type first: the JSON library would convert any number without an error.
int whole_number(const nlohmann::json& json) {
  const std::int64_t number = whole_number_in(json).value_or(-1);
  if (number >= 0 && number <= std::numeric_limits<int>::max()) return static_cast<int>(number);
  throw Error("a count in a stop rule is not a whole number");
}

}  // namespace

std::string to_text(const StopRules& rules) {
  nlohmann::json json{{"metric", rules.metric},
                      {"lower_is_better", rules.lower_is_better},
                      {"within", rules.within}};
  if (rules.good) json["good"] = *rules.good;
  if (rules.patience) json["patience"] = {rules.patience->epochs, rules.patience->min_delta};
  if (rules.median) json["median"] = {rules.median->warmup, rules.median->runs};
  if (rules.asha) json["asha"] = {rules.asha->first, rules.asha->factor};
  // Only where there are several: sweeps recorded before there were brackets keep their hash.
  if (rules.asha && rules.asha->brackets > 1) json["asha"].push_back(rules.asha->brackets);
  return json_text(json);
}

StopRules stop_rules(const std::string& text) {
  StopRules rules;
  try {
    const nlohmann::json json = bounded_json(text);
    rules.metric = json.at("metric");
    rules.lower_is_better = json.at("lower_is_better");
    rules.within = json.at("within");
    if (json.contains("good")) rules.good = json["good"].get<double>();
    if (json.contains("patience")) {
      rules.patience =
          StopRules::Patience{whole_number(json["patience"].at(0)), json["patience"].at(1)};
    }
    if (json.contains("median")) {
      rules.median =
          StopRules::Median{whole_number(json["median"].at(0)), whole_number(json["median"].at(1))};
    }
    if (json.contains("asha")) {
      const nlohmann::json& asha = json["asha"];
      rules.asha = StopRules::Asha{whole_number(asha.at(0)), whole_number(asha.at(1)),
                                   asha.size() > 2 ? whole_number(asha.at(2)) : 1};
    }
  } catch (const nlohmann::json::exception&) {
    throw Error("these are not stop rules", {}, "only `epochal run` writes them");
  }
  return rules;
}

}  // namespace epochal
