// [stop] -> StopRules.

#include "framework/sweep/sweep_tables.h"

#include <fmt/format.h>

#include "framework/base/error.h"
#include "framework/sweep/toml_reading.h"

namespace epochal {
namespace {

using toml_reading::place;

constexpr std::int64_t kMost = 1'000'000;
constexpr std::int64_t kMostBrackets = 10;

/// The table of one rule. All its keys are optional.
const toml::table& rule_table(const toml::node& node, std::string_view name,
                              const std::vector<std::string>& keys, const std::string& file) {
  const toml::table& table = toml_reading::table_at(node, fmt::format("stop.{}", name), file);
  toml_reading::refuse_unknown_keys(table, keys, fmt::format("[stop] {}", name), file);
  return table;
}

void read_count(const toml::table& rule, std::string_view key, std::int64_t low,
                const std::string& file, int& value, std::int64_t high = kMost) {
  value = static_cast<int>(toml_reading::whole_number_at(rule, key, low, high, value, file));
}

void read_rules(const toml::table& table, const std::string& file, StopRules& rules) {
  if (table.contains("patience")) {
    rules.patience = StopRules::Patience{};
    read_count(table, "patience", 1, file, rules.patience->epochs);
  }
  if (const toml::node* node = table.get("min_delta")) {
    if (!rules.patience) {
      throw Error("min_delta needs patience, which is not set", place(*node, file),
                  "add patience = 5");
    }
    rules.patience->min_delta = toml_reading::finite_number(*node, "min_delta", file);
  }
  if (const toml::node* node = table.get("median")) {
    const toml::table& rule = rule_table(*node, "median", {"warmup", "runs"}, file);
    StopRules::Median median;
    read_count(rule, "warmup", 1, file, median.warmup);
    read_count(rule, "runs", 1, file, median.runs);
    rules.median = median;
  }
  if (const toml::node* node = table.get("asha")) {
    const toml::table& rule = rule_table(*node, "asha", {"first", "factor", "brackets"}, file);
    StopRules::Asha asha;
    read_count(rule, "first", 1, file, asha.first);
    read_count(rule, "factor", 2, file, asha.factor);
    read_count(rule, "brackets", 1, file, asha.brackets, kMostBrackets);
    rules.asha = asha;
  }
}

}  // namespace

StopRules read_stop_table(const toml::table& table, const std::string& file) {
  toml_reading::refuse_unknown_keys(
      table, {"metric", "mode", "good", "within", "patience", "min_delta", "median", "asha"},
      "[stop]", file);
  StopRules rules;
  rules.metric = toml_reading::text_at(table, "metric", file).value_or("");
  if (const toml::node* node = table.get("mode")) {
    rules.lower_is_better = toml_reading::is_first(*node, "mode", "min", "max", file);
    rules.has_mode = true;
  }
  if (const toml::node* node = table.get("good")) {
    rules.good = toml_reading::finite_number(*node, "good", file);
  }
  rules.within = toml_reading::text_at(table, "within", file).value_or("");
  read_rules(table, file, rules);
  if (!rules.any()) {
    throw Error("[stop] has no rule", place(table, file),
                "add patience = 5, median = {} or asha = {}");
  }
  return rules;
}

}  // namespace epochal
