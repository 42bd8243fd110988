#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "db/query.h"
#include "framework/app/options.h"

namespace epochal::app {

/// Declares --restart-changed and --allow-changed.
void add_changed_runs(Options& options);

/// Runs of a sweep whose epochs another build of the experiment made, by identity.
struct ChangedRuns {
  std::set<std::string> done;          ///< nothing is to be done for them
  std::map<std::string, Epoch> begun;  ///< they would be continued; the epochs asked for so far

  bool contains(const store::RunRecord& run) const {
    return done.contains(run.identity) || begun.contains(run.identity);
  }
  void add(const ChangedRuns& others) {
    done.insert(others.done.begin(), others.done.end());
    begun.insert(others.begun.begin(), others.begun.end());
  }
};

/// Which runs of an experiment continue: what is wanted, and whether stopped and failed ones go on.
struct WantedRuns {
  const std::vector<store::RunRecord>& runs;  ///< also of other experiments
  std::string experiment;
  std::string build;  ///< of the experiment here
  bool stopped_go_on = false;
  bool failed_go_on = false;
  bool failed_begin_again = false;
};

ChangedRuns changed_runs(const store::Query& query, const WantedRuns& wanted);

/// What differs where the build does: "build", or "[command]" of the sweep file.
std::string build_word(const std::string& experiment);

/// Says once what was found, and what decides about it.
void say_changed(const ChangedRuns& changed, const std::string& experiment);

}  // namespace epochal::app
