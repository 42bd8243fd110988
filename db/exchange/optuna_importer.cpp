// Reads the trials of Optuna's SQLite database (its RDBStorage).

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <limits>
#include <nlohmann/json.hpp>

#include "db/exchange/foreign_database.h"
#include "db/exchange/imported_runs.h"
#include "db/exchange/run_importer.h"
#include "db/exchange/step_values.h"
#include "framework/base/bounded_json.h"
#include "framework/base/error.h"
#include "framework/base/printable.h"

namespace epochal::store {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using SQLite::Statement;

struct OptunaStudy {
  std::int64_t id = 0;
  std::string name;
  std::vector<std::string> objectives;  ///< names of the values
};

/// Discarded if it is not JSON, too long or too deep.
json json_of(const std::string& text) {
  constexpr std::size_t kLongest = 1 << 20;
  return text.size() > kLongest ? json(json::value_t::discarded) : bounded_json(text);
}

std::string text_of_json(const json& value) {
  if (value.is_string()) return imported_text(value.get<std::string>());
  return imported_text(value.dump(-1, ' ', false, json::error_handler_t::replace));
}

/// Optuna writes local times without a zone: "2026-05-04 12:30:05.123456".
std::optional<Timestamp> time_of_optuna(const std::string& text) {
  std::tm parts{};
  const char* rest = strptime(text.c_str(), "%Y-%m-%d %H:%M:%S", &parts);
  if (rest == nullptr) return std::nullopt;
  parts.tm_isdst = -1;
  const double fraction = *rest == '.' ? std::atof(rest) : 0;
  return static_cast<double>(std::mktime(&parts)) + fraction;
}

RunStatus status_of_optuna(const std::string& state, const std::string& where) {
  if (state == "COMPLETE") return RunStatus::finished;
  if (state == "PRUNED") return RunStatus::stopped;
  if (state == "FAIL") return RunStatus::failed;
  if (state == "RUNNING") return RunStatus::interrupted;
  throw Error(fmt::format("'{}' is not a state of a trial", printable(state, 40)), where);
}

/// A choice of the distribution, a whole number, or a real one.
ParameterValue parameter_of_optuna(double value, const std::string& distribution,
                                   const std::string& where) {
  const json parsed = json_of(distribution);
  if (!parsed.is_object()) throw Error("the distribution of a parameter cannot be read", where);
  const std::string kind = parsed.value("name", json()).dump();
  if (kind.starts_with("\"Int") && std::abs(value) < 9e15) return std::llround(value);
  if (kind != "\"CategoricalDistribution\"") return value;
  const json attributes = parsed.value("attributes", json());
  const json choices = attributes.is_object() ? attributes.value("choices", json()) : json();
  const bool is_one =
      choices.is_array() && value >= 0 && value < static_cast<double>(choices.size());
  if (!is_one) throw Error("a parameter is none of its choices", where);
  const json& choice = choices[static_cast<std::size_t>(value)];
  if (choice.is_boolean()) return choice.get<bool>();
  if (const auto whole = whole_number_in(choice)) return *whole;
  if (choice.is_number()) return choice.get<double>();
  return choice.is_null() ? "None" : text_of_json(choice);
}

double value_of_optuna(const Statement& row, int value, int type) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const std::string kind = row.getColumn(type).getString();
  if (kind == "INF_POS") return kInfinity;
  if (kind == "INF_NEG") return -kInfinity;
  return row.getColumn(value).isNull() ? std::numeric_limits<double>::quiet_NaN()
                                       : row.getColumn(value).getDouble();
}

class OptunaDatabase {
 public:
  explicit OptunaDatabase(const fs::path& file)
      : file_(file),
        database_(open_foreign_database(
            file, "Optuna",
            {"studies", "study_directions", "study_user_attributes", "study_system_attributes",
             "trials", "trial_params", "trial_values", "trial_intermediate_values",
             "trial_user_attributes"})) {}

  ImportedRuns read() {
    std::vector<OptunaStudy> studies;
    Statement row(*database_, "select study_id, study_name from studies order by study_id");
    while (row.executeStep()) {
      studies.push_back({row.getColumn(0).getInt64(), row.getColumn(1).getString(), {}});
    }
    for (OptunaStudy& study : studies) read_study(study);
    return std::move(found_);
  }

 private:
  void read_study(OptunaStudy& study) {
    declare(study);
    std::int64_t waiting = 0;
    Statement row(*database_,
                  "select trial_id, number, state, datetime_start, datetime_complete from trials "
                  "where study_id = :study order by number");
    row.bind(":study", study.id);
    while (row.executeStep()) {
      if (row.getColumn(2).getString() == "WAITING") {
        ++waiting;
        continue;
      }
      const std::int64_t number = row.getColumn(1).getInt64();
      const std::string where = fmt::format("{}: trial {} of study '{}'", file_.string(), number,
                                            printable(study.name, 80));
      found_.add(where, [&] { return read_trial(study, row, where); });
    }
    if (waiting > 0) {
      found_.left_out.push_back(fmt::format("{} waiting trials of study '{}' were left out",
                                            waiting, printable(study.name, 80)));
    }
  }

  /// The directions of the values, so that `best` knows which trial is the best.
  void declare(OptunaStudy& study) {
    Statement named(*database_,
                    "select value_json from study_system_attributes where study_id = :study and "
                    "key = 'study:metric_names'");
    named.bind(":study", study.id);
    const json names = named.executeStep() ? json_of(named.getColumn(0).getString()) : json();
    Declaration declaration;
    declaration.experiment = imported_text(study.name, 200);
    Statement row(*database_,
                  "select objective, direction, (select count(*) from study_directions as d where "
                  "d.study_id = study_directions.study_id) from study_directions "
                  "where study_id = :study order by objective");
    row.bind(":study", study.id);
    while (row.executeStep()) {
      const std::size_t number = study.objectives.size();
      const bool is_named = names.is_array() && number < names.size() && names[number].is_string();
      const bool is_only = row.getColumn(2).getInt64() == 1;
      MetricSpec metric;
      metric.name = is_named  ? imported_text(names[number].get<std::string>(), 200)
                    : is_only ? "value"
                              : fmt::format("value_{}", number);
      const std::string direction = row.getColumn(1).getString();
      if (direction == "MINIMIZE") metric.better = Better::lower;
      if (direction == "MAXIMIZE") metric.better = Better::higher;
      study.objectives.push_back(metric.name);
      if (is_only) declaration.objective = metric.name;
      declaration.metrics.push_back(std::move(metric));
    }
    found_.declarations.push_back(std::move(declaration));
  }

  ImportedRun read_trial(const OptunaStudy& study, const Statement& row, const std::string& where) {
    const std::int64_t trial = row.getColumn(0).getInt64();
    ImportedRun imported;
    RunRecord& run = imported.whole.run;
    run.experiment = imported_text(study.name, 200);
    run.status = status_of_optuna(row.getColumn(2).getString(), where);
    run.started_at = time_of_optuna(row.getColumn(3).getString());
    run.ended_at = time_of_optuna(row.getColumn(4).getString());
    add_parameters(trial, where, run);
    add_values(study, trial, imported);
    add_attributes(trial, imported.whole);
    // As text: a computer in another time zone would read another time.
    const std::string source = source_of(row.getColumn(3).getString(), file_);
    imported.whole =
        finished_import(std::move(imported.whole),
                        {"optuna", fmt::format("trial {}", row.getColumn(1).getInt64()), source});
    return imported;
  }

  void add_parameters(std::int64_t trial, const std::string& where, RunRecord& run) {
    Statement row(*database_,
                  "select param_name, param_value, distribution_json from trial_params "
                  "where trial_id = :trial");
    row.bind(":trial", trial);
    while (row.executeStep()) {
      const std::string name = row.getColumn(0).getString();
      check_name(name, where);
      run.parameters.set(name, parameter_of_optuna(row.getColumn(1).getDouble(),
                                                   row.getColumn(2).getString(), where));
    }
  }

  /// Intermediate values by step; the final values belong to the last step.
  void add_values(const OptunaStudy& study, std::int64_t trial, ImportedRun& imported) {
    const Timestamp at =
        imported.whole.run.ended_at.value_or(imported.whole.run.started_at.value_or(0));
    StepValues values;
    std::int64_t last = 0;
    Statement row(*database_,
                  "select step, intermediate_value, intermediate_value_type from "
                  "trial_intermediate_values where trial_id = :trial order by step");
    row.bind(":trial", trial);
    while (row.executeStep()) {
      last = row.getColumn(0).getInt64();
      values.add("intermediate_value", last, value_of_optuna(row, 1, 2), at);
    }
    Statement end(*database_,
                  "select objective, value, value_type from trial_values where trial_id = :trial "
                  "order by objective");
    end.bind(":trial", trial);
    while (end.executeStep()) {
      const std::int64_t objective = end.getColumn(0).getInt64();
      if (objective < 0 || objective >= static_cast<std::int64_t>(study.objectives.size()))
        continue;
      values.add(study.objectives[static_cast<std::size_t>(objective)], last,
                 value_of_optuna(end, 1, 2), at);
    }
    values.give_to(imported);
  }

  void add_attributes(std::int64_t trial, WholeRun& whole) {
    Statement row(*database_,
                  "select key, value_json from trial_user_attributes where trial_id = :trial");
    row.bind(":trial", trial);
    while (row.executeStep()) {
      const std::string name = row.getColumn(0).getString();
      check_name(name, {});
      const std::string text = row.getColumn(1).getString();
      const json value = json_of(text);
      whole.tags[name] = value.is_discarded() ? imported_text(text) : text_of_json(value);
    }
  }

  const fs::path file_;
  std::unique_ptr<SQLite::Database> database_;
  ImportedRuns found_;
};

}  // namespace

ImportedRuns optuna_runs(const fs::path& file) {
  try {
    return OptunaDatabase(file).read();
  } catch (const SQLite::Exception& exception) {
    throw Error(fmt::format("the database cannot be read: {}", exception.what()), file,
                "if its Optuna is old, run `optuna storage upgrade` first");
  }
}

}  // namespace epochal::store
