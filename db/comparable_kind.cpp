// Which runs are comparable by a metric.

#include "db/comparable_kind.h"

#include <fmt/format.h>

#include <vector>

#include "db/declarations.h"
#include "db/filter/filter_syntax.h"
#include "framework/base/printable.h"

namespace epochal::store {

ComparableKind Declarations::kind_of(const RunRecord& run, const std::string& metric) const {
  ComparableKind kind{run.experiment, run.experiment_version, {}, run.epochs_done};
  for (const std::string& name : meaning(run, metric)) {
    const ParameterValue* value = run.parameters.find(name);
    kind.meaning[name] = value == nullptr ? "not set" : to_text(*value);
  }
  return kind;
}

void KindDifferences::add(const ComparableKind& kind) {
  experiments.insert(kind.experiment);
  versions.insert(kind.version);
  lengths.insert(kind.epochs);
  for (const auto& [name, value] : kind.meaning) values[name].insert(value);
}

std::set<std::string> KindDifferences::parameters() const {
  std::set<std::string> names;
  for (const auto& [name, texts] : values) {
    if (texts.size() > 1) names.insert(name);
  }
  return names;
}

std::set<std::string> KindDifferences::fields() const {
  std::set<std::string> fields;
  if (experiments.size() > 1) fields.insert("experiment");
  if (versions.size() > 1) fields.insert("version");
  if (lengths.size() > 1) fields.insert("epochs");
  for (const std::string& name : parameters()) fields.insert(quoted_field("params", name));
  return fields;
}

std::string KindDifferences::words(const ComparableKind& kind) const {
  std::vector<std::string> words;
  if (experiments.size() > 1) words.push_back(kind.experiment);
  if (versions.size() > 1) words.push_back(fmt::format("version {}", kind.version));
  for (const auto& [name, value] : kind.meaning) {
    const auto known = values.find(name);
    if (known != values.end() && known->second.size() > 1)
      words.push_back(fmt::format("{} {}", name, value));
  }
  if (lengths.size() > 1) {
    words.push_back(fmt::format("{} epoch{}", kind.epochs, kind.epochs == 1 ? "" : "s"));
  }
  return printable(fmt::format("{}", fmt::join(words, ", ")), 200);
}

}  // namespace epochal::store
