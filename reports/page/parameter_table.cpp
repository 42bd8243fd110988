// The table of parameters and their values in the runs of a report.

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "framework/base/printable.h"
#include "framework/sweep/run_length.h"
#include "reports/page/report_tables.h"

namespace epochal::report {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::object;

std::string text_of(const ReportData& report, const ReportedRun& run,
                    const std::string& parameter) {
  const ParameterValue* value = run.run.parameters.find(parameter);
  if (value == nullptr) return "";
  const auto spec = report.parameter_specs.find(parameter);
  const bool is_known = spec != report.parameter_specs.end();
  const std::string text = printable(is_known ? spec->second.text_of(*value) : to_text(*value));
  const auto chosen = run.choices.find(parameter);
  return chosen == run.choices.end() ? text
                                     : fmt::format("{} ({})", text, printable(chosen->second, 80));
}

/// "20 at 100, 32 at 1000" for a parameter that depends on the compared one, "20, 32" for another;
/// one value if all runs have the same.
std::string values_text(const ReportData& report, const std::string& name) {
  std::vector<std::string> values;
  std::vector<std::string> at;  // the compared parameter's value of each
  bool goes_along = !report.compare_by.empty() && name != report.compare_by;
  for (const ReportedRun& run : report.runs) {
    const std::string value = text_of(report, run, name);
    const std::string place = text_of(report, run, report.compare_by);
    const auto known = std::find(at.begin(), at.end(), place);
    if (goes_along && known != at.end()) {
      goes_along = values[static_cast<std::size_t>(known - at.begin())] == value;
    }
    if (known == at.end() || !goes_along) {
      values.push_back(value);
      at.push_back(place);
    }
  }
  std::vector<std::string> distinct;
  for (const std::string& value : values) {
    if (std::find(distinct.begin(), distinct.end(), value) == distinct.end()) {
      distinct.push_back(value);
    }
  }
  if (!goes_along || distinct.size() == 1) return fmt::format("{}", fmt::join(distinct, ", "));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += " at " + at[i];
  return fmt::format("{}", fmt::join(values, ", "));
}

}  // namespace

list parameter_rows(const ReportData& report) {
  std::set<std::string> names;
  for (const ReportedRun& run : report.runs) {
    for (const auto& [name, value] : run.run.parameters.all()) names.insert(name);
  }
  list rows;
  for (const std::string& name : names) {
    object row;
    row["name"] = name;
    row["value"] = values_text(report, name);
    const auto spec = report.parameter_specs.find(name);
    const bool is_known = spec != report.parameter_specs.end();
    row["unit"] = is_known ? spec->second.unit : "";
    row["doc"] = is_known ? spec->second.doc : is_length_key(name) ? "length of the training" : "";
    rows.push_back(data(row));
  }
  return rows;
}

}  // namespace epochal::report
