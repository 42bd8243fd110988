// `epochal words`: what may stand at a place of the command line, for completion in a shell.

#include <iostream>
#include <map>
#include <set>

#include "db/filter/run_fields.h"
#include "db/query.h"
#include "framework/app/commands/command.h"
#include "framework/app/sweep_arguments.h"
#include "framework/base/error.h"
#include "framework/plugin/plugin_registry.h"
#include "framework/sweep/sweep.h"
#include "reports/run_listing.h"

namespace epochal::app {
namespace {

using Words = std::vector<std::string>;

/// A name with other characters would need quotes, and one from a stranger's store must not put
/// anything into a command line that a shell obeys.
bool is_plain(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-+/@=";
  return !word.empty() && word.find_first_not_of(kPlain) == std::string::npos;
}

report::RunListing listing_of(const store::Query& query) {
  return report::RunListing(query, query.select({}));
}

/// Names that filters take: short, or with their namespace where several things have the name.
Words fields_of(const report::RunListing& listing) {
  std::map<std::string, Words> whole;
  const auto add = [&](const char* prefix, const Words& names) {
    for (const std::string& name : names) whole[name].push_back(prefix + name);
  };
  add("metrics.", listing.metrics());
  add("params.", listing.parameters());
  add("tags.", listing.tags());
  Words fields;
  for (const auto& [name, meanings] : whole) {
    if (meanings.size() == 1 && store::find_run_field(name) == nullptr) {
      fields.push_back(name);
    } else {
      fields.insert(fields.end(), meanings.begin(), meanings.end());
    }
  }
  return fields;
}

Words runs_of(const store::Query& query) {
  Words words{"@last", "@best"};
  for (const store::RunRecord& run : query.bare_runs_by_id(query.select({}))) {
    words.push_back(run.short_identity());
  }
  return words;
}

Words sweeps_of(const store::Query& query) {
  std::set<std::string> names;
  for (const store::WholeSweep& sweep : query.whole_sweeps()) names.insert(sweep.sweep.name);
  return {names.begin(), names.end()};
}

/// "KEY=" for all that can be overridden in a sweep file.
Words overrides_of(const std::string& file) {
  Words words{"name=", "epochs=", "seeds=", "seed=", "keep_checkpoints="};
  PluginRegistry registry = PluginRegistry::from_environment();
  std::set<std::string> added;
  const Sweep sweep = load_sweep(file);
  if (sweep.search) words.emplace_back("trials=");
  for (const ExperimentInfo* experiment : experiments_of(sweep, registry)) {
    for (const ParameterSpec& spec : experiment->schema.specs()) {
      if (added.insert(spec.name).second) words.push_back(spec.name + "=");
    }
  }
  return words;
}

Words verbs_of(const std::string& experiment) {
  PluginRegistry registry = PluginRegistry::from_environment();
  Words words;
  for (const Verb& verb : registry.experiment(experiment).verbs) words.push_back(verb.name);
  return words;
}

Words words_of(const std::string& kind, const Words& about, const Options& options) {
  if (kind == "experiments") return PluginRegistry::from_environment().names();
  if (kind == "overrides" && !about.empty()) return overrides_of(about.front());
  if (kind == "verbs" && !about.empty()) return verbs_of(about.front());
  const store::Query query(options.store_folder());
  if (kind == "runs") return runs_of(query);
  if (kind == "sweeps") return sweeps_of(query);
  if (kind == "tags") return listing_of(query).tags();
  if (kind == "metrics") return listing_of(query).metrics();
  if (kind == "params") return listing_of(query).parameters();
  if (kind == "fields") return fields_of(listing_of(query));
  throw Error("there are no words of this kind", {},
              "only the completion of shells uses this command");
}

}  // namespace

int command_words(const Arguments& arguments) {
  Options options("words KIND [OF]", "Prints words for completion. Used by the shells' scripts.");
  if (!options.store().parse(arguments)) return kAllGood;
  const std::string& kind = options.first_positional("KIND");
  const Words about(options.positional().begin() + 1, options.positional().end());
  for (const std::string& word : words_of(kind, about, options)) {
    if (is_plain(word)) std::cout << word << '\n';
  }
  return kAllGood;
}

}  // namespace epochal::app
