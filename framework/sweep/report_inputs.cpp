// The keys of [report] that an experiment declares.

#include "framework/sweep/report_inputs.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/base/nearest_name.h"

namespace epochal {
namespace {

const ReportInputSpec* find_declared(const ReportKey& key, const ExperimentInfo& experiment) {
  const auto found = std::ranges::find(experiment.report_inputs, key.name, &ReportInputSpec::name);
  return found == experiment.report_inputs.end() ? nullptr : &*found;
}

Error undeclared(const ReportKey& key, const SweepExperiments& experiments) {
  std::vector<std::string> known{"compare_by"};
  for (const ExperimentInfo* experiment : experiments) {
    for (const ReportInputSpec& spec : experiment->report_inputs) known.push_back(spec.name);
  }
  if (known.size() == 1) {
    return Error(
        fmt::format("the experiment {} draws nothing for reports", experiments.front()->name),
        key.where, "remove all keys except compare_by from [report]");
  }
  return Error(fmt::format("unknown key '{}' in [report]", key.name), key.where,
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
    const ReportInputSpec* found = find_declared(key, experiment);
    const bool may_be_of_another = sweep.experiments.size() > 1;
    if (found == nullptr && may_be_of_another) continue;
    if (found == nullptr) throw undeclared(key, {&experiment});
    const ReportInputSpec& spec = *found;
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

void check_report_inputs(const Sweep& sweep, const SweepExperiments& experiments) {
  for (const ReportKey& key : sweep.report_keys) {
    const bool is_declared = std::ranges::any_of(experiments, [&](const ExperimentInfo* each) {
      return find_declared(key, *each) != nullptr;
    });
    if (!is_declared) throw undeclared(key, experiments);
  }
  for (const ExperimentInfo* experiment : experiments) report_inputs_of(sweep, *experiment);
}

}  // namespace epochal
