// Every reader of a store, each for itself: what one refuses the next may take.

#include "tests/fuzz/store_reading.h"

#include <array>
#include <chrono>

#include "db/maintenance/salvage.h"
#include "db/query.h"
#include "db/read_only_sql.h"
#include "framework/runner/run_comparison.h"
#include "reports/claims.h"
#include "reports/findings.h"
#include "reports/report_data.h"
#include "reports/run_listing.h"
#include "reports/statistics/comparable_runs.h"
#include "reports/statistics/importance.h"
#include "tests/fuzz/hostile_store.h"

namespace epochal::fuzz {
namespace {

void read_runs(const store::Query& query) {
  attempt([&] { query.runs(); });
  attempt([&] { query.trashed_runs(); });
  attempt([&] { query.runs_of_sweep(1); });
  attempt([&] { query.run_named("000000"); });
  attempt([&] { query.run_by_identity(std::string(63, '0') + "1"); });
  attempt([&] { query.varying_parameters(); });
  attempt([&] { query.whole_sweeps(); });
  attempt([&] { query.search_trials(1, "val.total"); });
  attempt([&] { query.sweep("quick", ""); });
  attempt([&] { query.open_attempts(); });
  attempt([&] { query.open_cluster_jobs(); });
  attempt([&] { query.forecast(std::string(63, '0') + "1"); });
  attempt([&] { query.health(); });
}

void read_run(const store::Query& query, store::RunId id) {
  attempt([&] { query.whole_run(query.run(id)); });
  attempt([&] { query.sweeps_of(id); });
  attempt([&] { query.trials_of(id); });
  attempt([&] { query.curves(1, "val.total", id, {"gamma"}); });
}

void compare_runs(const store::Query& query, store::RunId one, store::RunId other) {
  attempt([&] {
    compare_epochs(query.epochs(one), query.epochs(other));
    compare_checkpoints(query.artifacts(one), query.artifacts(other));
  });
  attempt([&] {
    const auto attempts = query.attempts(one);
    const auto others = query.attempts(other);
    if (attempts.empty() || others.empty()) return;
    environment_differences(query.run(one), attempts.back(), query.run(other), others.back());
  });
}

void list_runs(const store::Query& query, const std::vector<store::RunId>& ids) {
  attempt([&] {
    const report::RunListing listing(query, ids);
    std::vector<std::string> names{"run",     "experiment", "seed",    "status", "epochs",
                                   "seconds", "created",    "started", "ended",  "host"};
    for (const std::string& name : listing.parameters()) names.push_back("params.`" + name + "`");
    for (const std::string& name : listing.metrics()) names.push_back("metrics.`" + name + "`");
    listing.varying_parameters();
    for (const std::string& name : names) {
      attempt([&] {
        const report::ListedColumn column = listing.column(name);
        for (std::size_t run = 0; run < listing.runs().size(); ++run) {
          const store::CellValue value = listing.value(column, run);
          report::shown_value(column, value);
          store::csv_value(value);
          store::json_value(value);
        }
      });
    }
  });
}

void select_runs(const store::Query& query) {
  constexpr std::array kFilters{
      "",
      "status = 'finished' and metrics.val.total < 2",
      "params.gamma > 0.1 or params.content like 'images/%'",
      "tags.best = 'yes' and run.started > -7d",
      "run.sweep = 'quick' and metrics.val.total.min < metrics.train.total.max",
  };
  for (const char* filter : kFilters) {
    attempt([&] {
      store::RunSelection selection;
      selection.where = filter;
      selection.sort = {"-metrics.val.total", "params.gamma", "created"};
      list_runs(query, query.select(selection));
    });
  }
}

void read_for_report(const store::Query& query) {
  attempt([&] {
    std::vector<Claim> claims(4);
    claims[0].kind = Claim::Kind::decreases;
    claims[1].kind = Claim::Kind::converged_by;
    claims[1].epoch = 1;
    claims[2].kind = Claim::Kind::spikes;
    claims[3].kind = Claim::Kind::gap;
    const report::ReportData data = report::read_report_data(query, query.runs(), "gamma", claims);
    report::findings_of(data);
    for (const report::ComparableSet& set : report::comparable_runs(data, data.main_metric).sets) {
      report::importance_of(data, set.runs);
    }
    for (const Claim& claim : claims) report::judge(claim, data);
  });
}

void read_by_sql(const std::filesystem::path& folder) {
  constexpr std::array kViews{"runs", "epochs", "curves", "best_epochs", "validation_samples"};
  for (const std::string view : kViews) {
    attempt([&] {
      store::read_only_sql(folder, "select * from " + view, std::chrono::seconds(1),
                           [] { return false; }, {[](const auto&) {}, [](const auto&) {}});
    });
  }
}

}  // namespace

void read_store(const std::filesystem::path& folder) {
  attempt([&] {
    const store::Query query(folder);
    read_runs(query);
    for (const std::int64_t id : {1, 2, 3}) read_run(query, store::RunId{id});
    compare_runs(query, store::RunId{1}, store::RunId{2});
    select_runs(query);
    read_for_report(query);
  });
  read_by_sql(folder);
  attempt([&] { store::salvageable(folder); });
}

}  // namespace epochal::fuzz
