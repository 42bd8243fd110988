// [[claim]] -> Claim.

#include "framework/sweep/claim_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "framework/base/error.h"
#include "framework/base/nearest_name.h"
#include "framework/sweep/toml_reading.h"

namespace epochal {
namespace {

using Statistic = Claim::Statistic;
using toml_reading::place;

constexpr std::int64_t kMostEpochs = 1'000'000;
constexpr std::int64_t kFewestInAWindow = 5;

constexpr std::array<std::pair<Claim::Kind, std::string_view>, 10> kKinds{
    {{Claim::Kind::decreases, "decreases"},
     {Claim::Kind::increases, "increases"},
     {Claim::Kind::equal_within, "equal_within"},
     {Claim::Kind::ratio, "ratio"},
     {Claim::Kind::better_than, "better_than"},
     {Claim::Kind::power_law, "power_law"},
     {Claim::Kind::converged_by, "converged_by"},
     {Claim::Kind::settled, "settled"},
     {Claim::Kind::spikes, "spikes"},
     {Claim::Kind::gap, "gap"}}};

constexpr std::array<std::pair<Statistic, std::string_view>, 4> kStatistics{
    {{Statistic::first, "first"},
     {Statistic::last, "last"},
     {Statistic::best, "best"},
     {Statistic::settled, "settled"}}};

template <typename Words, typename Value>
std::string_view word_of(const Words& words, Value value) {
  for (const auto& [known, word] : words) {
    if (known == value) return word;
  }
  return {};
}

template <typename Words>
auto value_of(const Words& words, const std::string& given, std::string_view what,
              const std::string& where) {
  std::vector<std::string> names;
  for (const auto& [value, word] : words) {
    if (word == given) return value;
    names.emplace_back(word);
  }
  throw Error(fmt::format("unknown {} '{}' of a claim", what, given.substr(0, 80)), where,
              name_hint(given, names));
}

/// The keys of a kind besides the common ones.
std::vector<std::string> keys_of(Claim::Kind kind) {
  switch (kind) {
    case Claim::Kind::decreases:
    case Claim::Kind::increases:
      return {"over", "statistic", "distance", "at_step", "at_images"};
    case Claim::Kind::equal_within:
      return {"over", "statistic", "distance", "at_step", "at_images", "margin", "tolerance"};
    case Claim::Kind::ratio:
      return {"over", "statistic", "at_step", "at_images", "expected", "tolerance"};
    case Claim::Kind::better_than:
      return {"over", "statistic", "distance", "at_step", "at_images", "value", "than"};
    case Claim::Kind::power_law:
      return {"over", "statistic", "at_step", "at_images", "expected", "tolerance"};
    case Claim::Kind::converged_by:
      return {"epoch", "tolerance", "window"};
    case Claim::Kind::settled:
      return {"epoch", "distance"};
    case Claim::Kind::spikes:
      return {"epochs", "within", "height"};
    case Claim::Kind::gap:
      return {"training", "at_most", "at_step", "at_images"};
  }
  return {};
}

/// The tolerance of a kind that has none in its table.
double usual_tolerance(Claim::Kind kind) {
  switch (kind) {
    case Claim::Kind::ratio:
      return 0.25;
    case Claim::Kind::power_law:
      return 0.1;
    default:
      return 0.05;
  }
}

class ClaimReader {
 public:
  ClaimReader(const toml::table& table, const std::string& file)
      : table_(table), file_(file), where_(place(table, file)) {}

  Claim read() {
    claim_.where = where_;
    claim_.kind = value_of(kKinds, text_at("kind"), "kind", place_of("kind"));
    std::vector<std::string> keys{"text", "kind", "metric", "only", "seeds"};
    for (const std::string& key : keys_of(claim_.kind)) keys.push_back(key);
    toml_reading::refuse_unknown_keys(
        table_, keys, fmt::format("a claim of kind {}", name_of(claim_.kind)), file_);
    read_common();
    read_numbers();
    read_moment();
    if (claim_.kind == Claim::Kind::better_than) {
      claim_.value = toml_reading::scalar(needed("value"), "value", place_of("value"));
      claim_.than = toml_reading::scalar(needed("than"), "than", place_of("than"));
    }
    return std::move(claim_);
  }

 private:
  void read_common() {
    claim_.text = text_at("text");
    read_text("metric", claim_.metric);
    read_text("over", claim_.over);
    read_text("training", claim_.training_metric);
    if (table_.contains("statistic")) {
      claim_.statistic =
          value_of(kStatistics, text_at("statistic"), "statistic", place_of("statistic"));
    }
    if (const toml::node* node = table_.get("only")) {
      const auto only =
          toml_reading::assignments(toml_reading::table_at(*node, "only", file_), file_);
      if (only.size() != 1) {
        throw Error("only must name exactly one parameter", place(*node, file_),
                    "such as only = { dataset_size = 1000 }");
      }
      claim_.only_name = only.front().name;
      claim_.only_value = only.front().value;
    }
  }

  void read_numbers() {
    claim_.seeds = whole("seeds", 0, 1);
    const bool is_law = claim_.kind == Claim::Kind::power_law;
    if (is_law || claim_.kind == Claim::Kind::ratio) needed("expected");
    if (claim_.kind == Claim::Kind::converged_by || claim_.kind == Claim::Kind::settled) {
      needed("epoch");
    }
    claim_.expected = is_law ? toml_reading::finite_number(needed("expected"), "expected", file_)
                             : positive("expected", 1);
    claim_.tolerance = positive("tolerance", usual_tolerance(claim_.kind));
    read_margin();
    claim_.distance = positive("distance", claim_.distance);
    claim_.window = whole("window", 0, kFewestInAWindow);
    claim_.height = positive("height", 1.1);
    claim_.at_most = positive("at_most", 0.1);
    claim_.epoch = whole("epoch", 1, 1);
    claim_.within = whole("within", 1, 0);
    if (const toml::node* node = table_.get("epochs")) {
      for (const toml::node& epoch :
           toml_reading::filled_array(*node, "epochs", place(*node, file_))) {
        claim_.epochs.push_back(
            static_cast<Epoch>(toml_reading::whole_number(epoch, "epochs", 1, kMostEpochs, file_)));
      }
    }
  }

  /// Equal within an absolute margin, or within a relative tolerance.
  void read_margin() {
    if (claim_.kind != Claim::Kind::equal_within) return;
    if (table_.contains("margin") == table_.contains("tolerance")) {
      throw Error("a claim of kind equal_within needs either margin or tolerance", where_,
                  "margin is in the unit of the metric; tolerance = 0.05 is 5 %");
    }
    claim_.margin = table_.contains("margin") ? positive("margin", 1) : 0;
  }

  void read_moment() {
    if (table_.contains("at_step")) claim_.at_step = count("at_step");
    if (table_.contains("at_images")) claim_.at_images = count("at_images");
    if (claim_.at_step && claim_.at_images) {
      throw Error("a claim has either at_step or at_images", place_of("at_images"),
                  "remove one of them");
    }
    const bool has_moment = claim_.at_step || claim_.at_images;
    if (has_moment && claim_.statistic == Statistic::settled) {
      throw Error("the epoch at which a metric settles is not at a step", place_of("statistic"),
                  "use statistic = \"last\", or remove at_step and at_images");
    }
  }

  /// A number of steps or images; 1e6 is one, too.
  std::int64_t count(std::string_view key) const {
    const toml::node& node = needed(key);
    const double number = toml_reading::finite_number(node, key, file_);
    constexpr double kMost = 1e15;
    if (number >= 1 && number <= kMost && number == std::floor(number)) {
      return static_cast<std::int64_t>(number);
    }
    throw Error(fmt::format("{} must be a whole number from 1", key), place(node, file_));
  }

  const toml::node& needed(std::string_view key) const {
    if (const toml::node* node = table_.get(key)) return *node;
    throw Error(fmt::format("the claim has no {}", key), where_, fmt::format("add {} = …", key));
  }

  std::string place_of(std::string_view key) const { return place(needed(key), file_); }

  std::string text_at(std::string_view key) const {
    return toml_reading::text(needed(key), key, place_of(key));
  }

  void read_text(std::string_view key, std::string& text) const {
    if (table_.contains(key)) text = text_at(key);
  }

  int whole(std::string_view key, int without, std::int64_t low) const {
    return static_cast<int>(
        toml_reading::whole_number_at(table_, key, low, kMostEpochs, without, file_));
  }

  double positive(std::string_view key, double without) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return without;
    const auto number = node->is_number() ? node->value<double>() : std::nullopt;
    if (number && std::isfinite(*number) && *number > 0) return *number;
    throw Error(fmt::format("{} must be a number above 0", key), place(*node, file_));
  }

  const toml::table& table_;
  const std::string& file_;
  std::string where_;
  Claim claim_;
};

}  // namespace

std::string_view name_of(Claim::Kind kind) {
  return word_of(kKinds, kind);
}

std::string_view name_of(Claim::Statistic statistic) {
  return word_of(kStatistics, statistic);
}

Claim read_claim(const toml::table& table, const std::string& file) {
  return ClaimReader(table, file).read();
}

}  // namespace epochal
