// Converts rows of the store to cells of a list of runs.

#include "reports/run_listing.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/base/human_format.h"
#include "framework/base/nearest_name.h"
#include "framework/base/printable.h"
#include "reports/common_folder.h"
#include "reports/report_data.h"

namespace epochal::report {
namespace {

using Namespace = store::FilterField::Namespace;

}  // namespace

RunListing::RunListing(const store::Query& query, const std::vector<store::RunId>& runs)
    : query_(query),
      ids_(runs),
      runs_(query.bare_runs_by_id(runs)),
      summaries_(query.metric_summaries(runs)),
      tags_(query.tags_of(runs)),
      declarations_(query.declarations()) {
  for (const auto& [run, metrics] : summaries_) {
    for (const auto& [name, summary] : metrics) metric_names_.insert(name);
  }
}

std::vector<std::string> RunListing::parameters() const {
  return query_.parameter_names(ids_);
}

const std::map<store::RunId, ParameterValue>& RunListing::parameter(const std::string& name) const {
  auto found = parameters_.find(name);
  if (found == parameters_.end()) {
    found = parameters_.emplace(name, query_.parameter(ids_, name)).first;
  }
  return found->second;
}

std::vector<std::string> RunListing::varying_parameters() const {
  std::vector<std::string> varying;
  for (const std::string& name : query_.varying_parameters()) {
    const std::map<store::RunId, ParameterValue>& values = parameter(name);
    std::map<std::string, ParameterValue> first;     // of each experiment
    std::map<std::string, ParameterValue> of_group;  // the first of each setting
    bool varies = false;
    bool is_decided_by_seed = false;
    for (const store::RunRecord& run : runs_) {
      const auto value = values.find(run.id);
      if (value == values.end()) continue;
      const ParameterValue& of_run = value->second;
      varies |= !is_same(first.try_emplace(run.experiment, of_run).first->second, of_run);
      is_decided_by_seed |=
          !is_same(of_group.try_emplace(run.group_identity, of_run).first->second, of_run);
    }
    if (varies && !is_decided_by_seed) varying.push_back(name);
  }
  return varying;
}

std::vector<std::string> RunListing::metrics() const {
  std::vector<std::string> names(metric_names_.begin(), metric_names_.end());
  std::stable_partition(names.begin(), names.end(),
                        [](const std::string& name) { return name.starts_with("val."); });
  return names;
}

std::vector<std::string> RunListing::tags() const {
  std::set<std::string> names;
  for (const auto& [run, tags] : tags_) {
    for (const auto& [name, text] : tags) names.insert(name);
  }
  return {names.begin(), names.end()};
}

std::string RunListing::folder_of(const std::string& name) const {
  std::vector<std::string> texts;
  for (const auto& [run, value] : parameter(name)) {
    if (const auto* text = std::get_if<std::string>(&value)) texts.push_back(*text);
  }
  return common_folder(texts);
}

ListedColumn RunListing::column(const std::string& name, const std::string& option) const {
  // In an empty list any name is accepted.
  ListedColumn column{name, runs_.empty() ? store::parse_field(name) : query_.field(name), {}};
  const store::FilterField& field = column.field;
  std::vector<std::string> known;
  std::string wanted = field.name;
  if (field.name_space == Namespace::metrics) {
    if (!metric_names_.contains(wanted)) wanted = store::split_statistic(wanted).first;
    if (metric_names_.contains(wanted)) return column;
    known = metrics();
  } else if (field.name_space == Namespace::params) {
    column.folder = folder_of(wanted);
    if (!parameter(wanted).empty()) return column;
    known = parameters();
  } else if (field.name_space == Namespace::run) {
    known = store::run_field_names();
  }
  const bool is_known = field.name_space == Namespace::tags ||
                        std::find(known.begin(), known.end(), wanted) != known.end();
  if (is_known || runs_.empty()) return column;
  throw Error(fmt::format("no listed run has '{}'", printable(name, 80)), option,
              known.empty() ? "" : name_hint(wanted, known));
}

const store::MetricSummary* RunListing::metric(const std::string& name, std::size_t run) const {
  const auto metrics = summaries_.find(runs_[run].id);
  if (metrics == summaries_.end()) return nullptr;
  const auto found = metrics->second.find(name);
  return found == metrics->second.end() ? nullptr : &found->second;
}

store::CellValue RunListing::metric_value(const std::string& name, std::size_t run) const {
  if (const store::MetricSummary* whole = metric(name, run)) return whole->last;
  const auto [stem, statistic] = store::split_statistic(name);
  const store::MetricSummary* summary = metric(stem, run);
  if (summary == nullptr) return {};
  if (statistic == "min") return store::cell_of(summary->lowest);
  if (statistic == "max") return store::cell_of(summary->highest);
  if (statistic == "best") return best_value(stem, run);
  if (statistic == "best_epoch") return best_epoch(stem, run);
  if (statistic == "best_step" || statistic == "best_images") {
    const store::CellValue epoch = best_epoch(stem, run);
    const auto* last = std::get_if<std::int64_t>(&epoch);
    if (last == nullptr) return {};
    const std::vector<store::EpochRecord> epochs = query_.bare_epochs(runs_[run].id);
    const auto sum = statistic == "best_step" ? store::steps_of : store::images_of;
    return store::cell_of(sum(epochs, static_cast<Epoch>(*last)));
  }
  return statistic == "mean" ? summary->mean : summary->last;
}

std::optional<Better> RunListing::better(const std::string& name, std::size_t run) const {
  const MetricSpec* spec = declarations_.metric(runs_[run], name);
  return spec == nullptr ? std::nullopt : spec->better;
}

store::ComparableKind RunListing::kind(const std::string& metric, std::size_t run) const {
  store::RunRecord record = runs_[run];
  for (const std::string& name : declarations_.meaning(record, metric)) {
    const std::map<store::RunId, ParameterValue>& values = parameter(name);
    const auto value = values.find(record.id);
    if (value != values.end()) record.parameters.set(name, value->second);
  }
  return declarations_.kind_of(record, metric);
}

store::CellValue RunListing::best_value(const std::string& name, std::size_t run) const {
  const store::MetricSummary* summary = metric(name, run);
  const std::optional<Better> direction = better(name, run);
  if (summary == nullptr || !direction) return {};
  return store::cell_of(*direction == Better::lower ? summary->lowest : summary->highest);
}

store::CellValue RunListing::best_epoch(const std::string& name, std::size_t run) const {
  if (std::holds_alternative<std::monostate>(best_value(name, run))) return {};
  const store::MetricSummary* summary = metric(name, run);
  return std::int64_t{*better(name, run) == Better::lower ? summary->lowest_epoch
                                                          : summary->highest_epoch};
}

store::CellValue RunListing::run_value(const std::string& name, std::size_t run) const {
  auto values = fields_.find(name);
  if (values == fields_.end()) {
    const store::RunField* field = store::find_run_field(name);
    values =
        fields_.emplace(name, field ? query_.field(ids_, *field) : decltype(fields_)::mapped_type())
            .first;
  }
  const auto found = values->second.find(runs_[run].id);
  return found == values->second.end() ? store::CellValue() : found->second;
}

store::CellValue RunListing::value(const ListedColumn& column, std::size_t run) const {
  const std::string& name = column.field.name;
  switch (column.field.name_space) {
    case Namespace::metrics:
      return metric_value(name, run);
    case Namespace::params: {
      const std::map<store::RunId, ParameterValue>& values = parameter(name);
      const auto value = values.find(runs_[run].id);
      return value == values.end() ? store::CellValue() : store::cell_of(value->second);
    }
    case Namespace::tags: {
      const auto tags = tags_.find(runs_[run].id);
      if (tags == tags_.end()) return {};
      const auto found = tags->second.find(name);
      return found == tags->second.end() ? store::CellValue() : store::tag_cell(found->second);
    }
    case Namespace::run:
    case Namespace::any:
      return run_value(name, run);
  }
  return {};
}

std::string shown_value(const ListedColumn& column, const store::CellValue& value) {
  if (std::holds_alternative<std::monostate>(value)) return "";
  if (const auto* text = std::get_if<std::string>(&value)) {
    return without_folder(*text, column.folder);
  }
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  const double number = std::get<double>(value);
  if (column.field.name_space == Namespace::params) return to_text(number);
  const store::RunField* field = column.field.name_space == Namespace::run
                                     ? store::find_run_field(column.field.name)
                                     : nullptr;
  if (field == nullptr || field->type == store::RunField::Type::metric)
    return format_number(number);
  if (field->type == store::RunField::Type::duration) {
    return number == 0 ? "" : format_duration(Seconds(number));
  }
  return format_time(number);
}

}  // namespace epochal::report
