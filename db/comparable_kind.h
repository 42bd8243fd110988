#pragma once

#include <map>
#include <set>
#include <string>

#include "db/records.h"

namespace epochal::store {

/// What runs must have in common to be comparable by a metric. This is the only such rule: reports,
/// `best` and @best use it (see Declarations::kind_of).
struct ComparableKind {
  std::string experiment;
  int version = 0;
  std::map<std::string, std::string> meaning;  ///< values of the parameters that change it
  Epoch epochs = 0;

  auto operator<=>(const ComparableKind&) const = default;
};

/// The differences between some kinds.
struct KindDifferences {
  std::set<std::string> experiments;
  std::set<int> versions;
  std::set<Epoch> lengths;
  std::map<std::string, std::set<std::string>> values;  ///< of each parameter

  void add(const ComparableKind& kind);

  /// The parameters that differ, and change what the metric means.
  std::set<std::string> parameters() const;

  /// The fields that differ, as `ls --columns` takes them: epochs, params.`gamma`.
  std::set<std::string> fields() const;

  /// What distinguishes a kind from the others: "gamma 1, 20 epochs".
  std::string words(const ComparableKind& kind) const;
};

}  // namespace epochal::store
