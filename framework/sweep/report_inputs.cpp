// The keys of [report] that an experiment declares.

#include "framework/sweep/report_inputs.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/base/nearest_name.h"

namespace epochal {
namespace {

const ReportInputSpec& declared(const ReportKey& key, const ExperimentInfo& experiment) {
  std::vector<std::string> known{"compare_by"};
  for (const ReportInputSpec& spec : experiment.report_inputs) {
    if (spec.name == key.name) return spec;
    known.push_back(spec.name);
  }
  if (experiment.report_inputs.empty()) {
    throw Error(fmt::format("the experiment {} draws nothing for reports", experiment.name),
                key.where, "leave all but compare_by out of [report]");
  }
  throw Error(fmt::format("unknown key '{}' in [report]", key.name), key.where,
              name_hint(key.name, known));
}

ReportInput checked(const Assignment& given, ReportInputSpec::Kind kind) {
  ReportInput input{to_text(given.value), given.folder, 0};
  if (kind == ReportInputSpec::Kind::path || kind == ReportInputSpec::Kind::paths) {
    if (!std::holds_alternative<std::string>(given.value)) {
      throw Error(fmt::format("{} must be a text, not {}", given.name, type_of(given.value)),
                  given.where);
    }
  } else if (const auto* real = std::get_if<double>(&given.value)) {
    input.number = *real;
  } else if (const auto* whole = std::get_if<std::int64_t>(&given.value)) {
    input.number = static_cast<double>(*whole);
  } else {
    throw Error(fmt::format("{} must be a number, not {}", given.name, type_of(given.value)),
                given.where);
  }
  return input;
}

}  // namespace

ReportInputs report_inputs_of(const Sweep& sweep, const ExperimentInfo& experiment) {
  ReportInputs inputs;
  for (const ReportKey& key : sweep.report_keys) {
    const ReportInputSpec& spec = declared(key, experiment);
    const bool wants_list =
        spec.kind == ReportInputSpec::Kind::paths || spec.kind == ReportInputSpec::Kind::reals;
    if (wants_list != key.is_list) {
      const char* wanted = wants_list                                 ? "an array of values"
                           : spec.kind == ReportInputSpec::Kind::path ? "a text"
                                                                      : "a number";
      throw Error(fmt::format("{} must be {}, not {}", key.name, wanted,
                              key.is_list ? "an array" : type_of(key.values.front().value)),
                  key.value_where);
    }
    for (const Assignment& given : key.values)
      inputs[key.name].push_back(checked(given, spec.kind));
  }
  return inputs;
}

}  // namespace epochal
