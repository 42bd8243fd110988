// [[claim]] -> Claim.

#include "framework/sweep/sweep_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "framework/base/error.h"
#include "framework/base/nearest_name.h"
#include "framework/base/whole_number.h"
#include "framework/sweep/toml_reading.h"

namespace epochal {
namespace {

using Statistic = Claim::Statistic;
using toml_reading::place;

constexpr std::int64_t kMostEpochs = 1'000'000;
constexpr std::int64_t kFewestInAWindow = 5;

/// A kind of claim.
struct KindOfClaim {
  std::string name;
  std::vector<std::string> keys;  ///< besides the common ones
  double tolerance = 0.05;        ///< where its table has none
};

/// In the order of Claim::Kind.
const std::array<KindOfClaim, 10>& kinds_of_claims() {
  static const std::array<KindOfClaim, 10> kinds{
      {{"decreases", {"over", "statistic", "distance", "at_step", "at_images"}},
       {"increases", {"over", "statistic", "distance", "at_step", "at_images"}},
       {"equal_within",
        {"over", "statistic", "distance", "at_step", "at_images", "margin", "tolerance"}},
       {"ratio",
        {"over", "statistic", "distance", "at_step", "at_images", "expected", "tolerance"},
        0.25},
       {"better_than", {"over", "statistic", "distance", "at_step", "at_images", "value", "than"}},
       {"power_law",
        {"over", "statistic", "distance", "at_step", "at_images", "expected", "tolerance"},
        0.1},
       {"converged_by", {"epoch", "tolerance", "window"}},
       {"settled", {"epoch", "distance"}},
       {"spikes", {"epochs", "within", "height"}},
       {"gap", {"training", "at_most", "at_step", "at_images"}}}};
  return kinds;
}

const KindOfClaim& described(Claim::Kind kind) {
  return kinds_of_claims().at(static_cast<std::size_t>(kind));
}

/// In the order of Claim::Statistic.
constexpr std::array<std::string_view, 4> kStatistics{"first", "last", "best", "settled"};

/// Which of these names a word is.
std::size_t index_of_word(const std::vector<std::string>& names, const std::string& given,
                          std::string_view what, const std::string& where) {
  const auto found = std::ranges::find(names, given);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  throw Error(fmt::format("unknown {} '{}' of a claim", what, given.substr(0, 80)), where,
              name_hint(given, names));
}

class ClaimReader {
 public:
  ClaimReader(const toml::table& table, const std::string& file)
      : table_(table), file_(file), where_(place(table, file)) {}

  Claim read() {
    claim_.where = where_;
    std::vector<std::string> kinds;
    for (const KindOfClaim& kind : kinds_of_claims()) kinds.push_back(kind.name);
    claim_.kind =
        static_cast<Claim::Kind>(index_of_word(kinds, text_at("kind"), "kind", place_of("kind")));
    std::vector<std::string> keys{"text", "kind", "metric", "only", "seeds"};
    for (const std::string& key : described(claim_.kind).keys) keys.push_back(key);
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
    claim_.metric = toml_reading::text_at(table_, "metric", file_).value_or("");
    claim_.over = toml_reading::text_at(table_, "over", file_).value_or("");
    claim_.training_metric = toml_reading::text_at(table_, "training", file_).value_or("");
    if (table_.contains("statistic")) {
      claim_.statistic = static_cast<Statistic>(
          index_of_word({kStatistics.begin(), kStatistics.end()}, text_at("statistic"), "statistic",
                        place_of("statistic")));
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
    claim_.tolerance = positive("tolerance", described(claim_.kind).tolerance);
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
    const auto number = whole_count(toml_reading::finite_number(node, key, file_));
    if (number) return *number;
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
  return described(kind).name;
}

std::string_view name_of(Claim::Statistic statistic) {
  return kStatistics.at(static_cast<std::size_t>(statistic));
}

Claim read_claim(const toml::table& table, const std::string& file) {
  return ClaimReader(table, file).read();
}

}  // namespace epochal
