// The declarations of experiments as rows of the store.

#include "db/declarations.h"

#include <SQLiteCpp/Statement.h>

#include <nlohmann/json.hpp>

#include "db/query.h"
#include "db/query_columns.h"
#include "db/store.h"
#include "db/store_statements.h"

namespace epochal::store {

using SQLite::Statement;
using SQLite::Transaction;

Declarations::Declarations(std::vector<Declaration> all) {
  for (Declaration& declaration : all) {
    const std::pair key(declaration.experiment, declaration.version);
    declared_.insert_or_assign(key, std::move(declaration));
  }
}

std::vector<Declaration> Declarations::all() const {
  std::vector<Declaration> all;
  for (const auto& [key, declaration] : declared_) all.push_back(declaration);
  return all;
}

const Declaration* Declarations::of(const RunRecord& run) const {
  const auto found = declared_.find({run.experiment, run.experiment_version});
  return found == declared_.end() ? nullptr : &found->second;
}

const MetricSpec* Declarations::metric(const RunRecord& run, const std::string& name) const {
  const Declaration* declaration = of(run);
  if (declaration == nullptr) return nullptr;
  for (const MetricSpec& metric : declaration->metrics) {
    if (metric.name == name) return &metric;
  }
  return nullptr;
}

std::string Declarations::objective(const RunRecord& run) const {
  const Declaration* declaration = of(run);
  return declaration == nullptr ? std::string() : declaration->objective;
}

std::set<std::string> Declarations::meaning(const RunRecord& run, const std::string& name) const {
  const Declaration* declaration = of(run);
  if (declaration == nullptr) return {};
  std::set<std::string> parameters = declaration->objective_parameters;
  if (const MetricSpec* spec = metric(run, name)) {
    for (const std::string& parameter : spec->independent_of) parameters.erase(parameter);
  }
  return parameters;
}

void Store::declare(const Declaration& declaration) {
  Transaction transaction(connection_.database(), kWrite);
  for (const char* forget :
       {"delete from declared_metric where experiment = :experiment and version = :version",
        "delete from objective_parameter where experiment = :experiment and version = :version"}) {
    statements_.execute(
        forget, {{":experiment", declaration.experiment}, {":version", declaration.version}});
  }
  insert_declaration(declaration);
  transaction.commit();
}

void Store::declare_also(const Declaration& declaration) {
  Transaction transaction(connection_.database(), kWrite);
  for (const MetricSpec& metric : declaration.metrics) {
    statements_.execute(
        "delete from declared_metric where experiment = :experiment and version = :version and "
        "name = :name",
        {{":experiment", declaration.experiment},
         {":version", declaration.version},
         {":name", metric.name}});
  }
  if (!declaration.objective.empty()) {
    statements_.execute(
        "update declared_metric set is_objective = 0 where experiment = :experiment and "
        "version = :version",
        {{":experiment", declaration.experiment}, {":version", declaration.version}});
  }
  insert_declaration(declaration);
  transaction.commit();
}

void Store::insert_declaration(const Declaration& declaration) {
  for (const MetricSpec& spec : declaration.metrics) {
    statements_.execute(
        "insert into declared_metric (experiment, version, name, better, doc, unit, is_objective, "
        "independent_of) values (:experiment, :version, :name, :better, :doc, :unit, :objective, "
        ":independent)",
        {{":experiment", declaration.experiment},
         {":version", declaration.version},
         {":name", spec.name},
         {":better", spec.better ? std::optional(name_of(*spec.better)) : std::nullopt},
         {":doc", spec.doc},
         {":unit", spec.unit},
         {":objective", spec.name == declaration.objective},
         {":independent", json_text(spec.independent_of)}});
  }
  for (const std::string& name : declaration.objective_parameters) {
    statements_.execute(
        "insert into objective_parameter (experiment, version, name) "
        "values (:experiment, :version, :name) on conflict do nothing",
        {{":experiment", declaration.experiment},
         {":version", declaration.version},
         {":name", name}});
  }
}

bool Store::has_declaration(const Declaration& declaration) {
  return statements_.integer(
             "select exists (select 1 from declared_metric where experiment = :experiment and "
             "version = :version) or exists (select 1 from objective_parameter where "
             "experiment = :experiment and version = :version)",
             {{":experiment", declaration.experiment}, {":version", declaration.version}}) == 1;
}

namespace {

/// A broken list counts as empty: then all parameters change what the metric means.
std::vector<std::string> names_in(const std::string& json) {
  try {
    return text_list(json, [] { return std::string("a declaration"); });
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

Declarations Query::declarations() const {
  std::map<std::pair<std::string, int>, Declaration> declared;
  const auto of = [&](Statement& row) -> Declaration& {
    const std::string experiment = row.getColumn("experiment").getString();
    const int version = row.getColumn("version").getInt();
    Declaration& declaration = declared[{experiment, version}];
    declaration.experiment = experiment;
    declaration.version = version;
    return declaration;
  };
  Statement metric(connection_.database(), "select * from declared_metric");
  while (metric.executeStep()) {
    Declaration& declaration = of(metric);
    MetricSpec spec;
    spec.name = metric.getColumn("name").getString();
    const std::string better = metric.getColumn("better").getString();
    if (better == "higher") spec.better = Better::higher;
    if (better == "lower") spec.better = Better::lower;
    spec.doc = metric.getColumn("doc").getString();
    spec.unit = metric.getColumn("unit").getString();
    spec.independent_of = names_in(metric.getColumn("independent_of").getString());
    if (metric.getColumn("is_objective").getInt() != 0 && spec.better) {
      declaration.objective = spec.name;
    }
    declaration.metrics.push_back(std::move(spec));
  }
  Statement parameter(connection_.database(), "select * from objective_parameter");
  while (parameter.executeStep()) {
    of(parameter).objective_parameters.insert(parameter.getColumn("name").getString());
  }
  std::vector<Declaration> all;
  for (auto& [key, declaration] : declared) all.push_back(std::move(declaration));
  return Declarations(std::move(all));
}

void Store::record_choice(RunId run, const std::string& parameter, const std::string& value) {
  statements_.execute(
      "insert into choice (run_id, parameter, value) values (:run, :parameter, :value) "
      "on conflict do nothing",
      {{":run", run.value}, {":parameter", parameter}, {":value", value}});
}

void Store::replace_choice(RunId run, const std::string& parameter, const std::string& value) {
  statements_.execute(
      "insert into choice (run_id, parameter, value) values (:run, :parameter, :value) "
      "on conflict do update set value = excluded.value",
      {{":run", run.value}, {":parameter", parameter}, {":value", value}});
}

std::map<std::string, std::string> Query::choices(RunId run) const {
  Statement row(connection_.database(), "select parameter, value from choice where run_id = :run");
  row.bind(":run", run.value);
  std::map<std::string, std::string> choices;
  while (row.executeStep()) choices[row.getColumn(0).getString()] = row.getColumn(1).getString();
  return choices;
}

}  // namespace epochal::store
