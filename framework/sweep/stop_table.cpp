// [stop] -> StopRules.

#include "framework/sweep/stop_table.h"

#include <fmt/format.h>

#include <cmath>

#include "framework/base/error.h"
#include "framework/sweep/toml_reading.h"

namespace epochal {
namespace {

using toml_reading::place;

constexpr std::int64_t kMost = 1'000'000;
constexpr std::int64_t kMostBrackets = 10;

int whole_number(const toml::node& node, std::string_view name, std::int64_t low,
                 const std::string& file, std::int64_t high = kMost) {
  const auto number = node.is_integer() ? node.value<std::int64_t>() : std::nullopt;
  if (!number || *number < low || *number > high) {
    throw Error(fmt::format("{} must be a whole number from {} to {}", name, low, high),
                place(node, file));
  }
  return static_cast<int>(*number);
}

double real_number(const toml::node& node, std::string_view name, const std::string& file) {
  const auto number = node.is_number() ? node.value<double>() : std::nullopt;
  if (!number || !std::isfinite(*number)) {
    throw Error(fmt::format("{} must be a number", name), place(node, file));
  }
  return *number;
}

/// The table of one rule. All its keys are optional.
class RuleTable {
 public:
  RuleTable(const toml::node& node, std::string_view name, const std::vector<std::string>& keys,
            const std::string& file)
      : table_(toml_reading::table_at(node, fmt::format("stop.{}", name), file)), file_(file) {
    toml_reading::refuse_unknown_keys(table_, keys, fmt::format("[stop] {}", name), file);
  }

  void read(std::string_view key, std::int64_t low, int& value, std::int64_t high = kMost) const {
    if (const toml::node* node = table_.get(key)) {
      value = whole_number(*node, key, low, file_, high);
    }
  }

 private:
  const toml::table& table_;
  const std::string& file_;
};

bool lower_is_better(const toml::node& node, const std::string& file) {
  const std::string mode = toml_reading::text(node, "mode", place(node, file));
  if (mode == "min" || mode == "max") return mode == "min";
  throw Error(fmt::format("mode must be \"min\" or \"max\", not '{}'", mode.substr(0, 80)),
              place(node, file));
}

void read_rules(const toml::table& table, const std::string& file, StopRules& rules) {
  if (const toml::node* node = table.get("patience")) {
    rules.patience = StopRules::Patience{whole_number(*node, "patience", 1, file)};
  }
  if (const toml::node* node = table.get("min_delta")) {
    if (!rules.patience) {
      throw Error("min_delta needs patience, which is not set", place(*node, file),
                  "add patience = 5");
    }
    rules.patience->min_delta = real_number(*node, "min_delta", file);
  }
  if (const toml::node* node = table.get("median")) {
    const RuleTable rule(*node, "median", {"warmup", "runs"}, file);
    StopRules::Median median;
    rule.read("warmup", 1, median.warmup);
    rule.read("runs", 1, median.runs);
    rules.median = median;
  }
  if (const toml::node* node = table.get("asha")) {
    const RuleTable rule(*node, "asha", {"first", "factor", "brackets"}, file);
    StopRules::Asha asha;
    rule.read("first", 1, asha.first);
    rule.read("factor", 2, asha.factor);
    rule.read("brackets", 1, asha.brackets, kMostBrackets);
    rules.asha = asha;
  }
}

}  // namespace

StopRules read_stop_table(const toml::table& table, const std::string& file) {
  toml_reading::refuse_unknown_keys(
      table, {"metric", "mode", "good", "within", "patience", "min_delta", "median", "asha"},
      "[stop]", file);
  StopRules rules;
  if (const toml::node* node = table.get("metric")) {
    rules.metric = toml_reading::text(*node, "metric", place(*node, file));
  }
  if (const toml::node* node = table.get("mode")) {
    rules.lower_is_better = lower_is_better(*node, file);
    rules.has_mode = true;
  }
  if (const toml::node* node = table.get("good")) rules.good = real_number(*node, "good", file);
  if (const toml::node* node = table.get("within")) {
    rules.within = toml_reading::text(*node, "within", place(*node, file));
  }
  read_rules(table, file, rules);
  if (!rules.any()) {
    throw Error("[stop] has no rule", place(table, file),
                "add patience = 5, median = {} or asha = {}");
  }
  return rules;
}

}  // namespace epochal
