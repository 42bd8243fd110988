// Metrics by sample of the validation set: one column of numbers for each metric of an epoch.

#include <SQLiteCpp/Statement.h>

#include "db/query.h"
#include "db/store.h"

namespace epochal::store {

using SQLite::Statement;

namespace {

constexpr char kValuesOfRun[] =
    "select epoch, name, fingerprint, vals from sample_values "
    "join metric_name on metric_name.id = name_id join validation_set on validation_set.id = "
    "set_id "
    "where run_id = :run and (:epoch = 0 or epoch = :epoch) and (:metric = '' or name = :metric) "
    "order by epoch, name";

}  // namespace

std::int64_t Store::validation_set_id(const std::string& fingerprint) {
  const auto known =
      statements_.integer("select id from validation_set where fingerprint = :fingerprint",
                          {{":fingerprint", fingerprint}});
  if (known) return *known;
  return *statements_.integer(
      "insert into validation_set (fingerprint) values (:fingerprint) returning id",
      {{":fingerprint", fingerprint}});
}

void Store::insert_validation_samples(RunId run, Epoch epoch, const ValidationSamples& samples) {
  if (samples.empty()) return;
  const std::int64_t set = validation_set_id(samples.set);
  const PreparedStatement insert = statements_.prepare(
      "insert into sample_values (run_id, epoch, name_id, set_id, count, vals) "
      "values (:run, :epoch, :name, :set, :count, :vals)");
  for (const auto& [metric, values] : samples.values) {
    const std::string bytes = bytes_of(values);
    insert->bind(":vals", bytes.data(), static_cast<int>(bytes.size()));
    execute(*insert, {{":run", run.value},
                      {":epoch", epoch},
                      {":name", metric_name_id(metric)},
                      {":set", set},
                      {":count", values.size()}});
  }
}

ValidationSamples Query::validation_samples(RunId run, Epoch epoch,
                                            const std::string& metric) const {
  Statement row(connection_.database(), kValuesOfRun);
  bind_values(row, {{":run", run.value}, {":epoch", epoch}, {":metric", metric}});
  ValidationSamples samples;
  while (row.executeStep()) {
    samples.set = row.getColumn(2).getString();
    samples.values[row.getColumn(1).getString()] = reals_in(row.getColumn(3).getString());
  }
  return samples;
}

void Query::each_validation_samples(
    RunId run, const std::function<void(Epoch, const ValidationSamples&)>& sink) const {
  Statement row(connection_.database(), kValuesOfRun);
  bind_values(row, {{":run", run.value}, {":epoch", 0}, {":metric", ""}});
  Epoch epoch = 0;
  ValidationSamples samples;
  while (row.executeStep()) {
    const Epoch of_row = row.getColumn(0).getInt();
    if (of_row != epoch && !samples.empty()) {
      sink(epoch, samples);
      samples = {};
    }
    epoch = of_row;
    samples.set = row.getColumn(2).getString();
    samples.values[row.getColumn(1).getString()] = reals_in(row.getColumn(3).getString());
  }
  if (!samples.empty()) sink(epoch, samples);
}

}  // namespace epochal::store
