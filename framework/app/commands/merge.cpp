// `epochal merge`: copies the runs of other stores into this one.

#include <fmt/format.h>

#include "db/maintenance/lost_runs.h"
#include "db/maintenance/merge.h"
#include "framework/app/commands/command.h"
#include "framework/app/merge_report.h"
#include "framework/app/options.h"
#include "framework/app/slurm_sweep.h"
#include "framework/base/message.h"

namespace epochal::app {

namespace {

int do_merge(const Options& options) {
  const std::vector<std::string>& others = options.positional();
  const std::filesystem::path folder = options.store_folder();
  // All stores are checked before the first is merged. They are opened one after the other: a
  // thousand open shards need more files than a process may open.
  for (const std::string& other : others) {
    std::error_code missing;
    if (std::filesystem::equivalent(other, folder, missing)) {
      throw Error("a store cannot be merged into itself", other, "name the other stores");
    }
    const store::Query opens(other);
  }
  if (others.empty() && !std::filesystem::exists(folder / "epochal.db")) {
    throw Error("no store to merge was named", {}, "usage: epochal merge STORE…");
  }
  store::Store store(folder);
  store::release_lost_runs(store);
  if (others.empty()) {
    print_message("{} Slurm jobs are still open\n", collect_from_slurm(store));
  }
  for (const std::string& other : others)
    print_outcome(store::merge(store, store::Query(other)), other);
  return kAllGood;
}

}  // namespace

Command merge_command() {
  Options options(
      "merge [STORE…]",
      "Copies the runs of other stores, such as shards, into this one, with their files. If a\n"
      "run is in both, the record with more epochs stays. Merging a store again changes nothing.\n"
      "Without STORE, `merge` collects what the Slurm jobs of this store have done so far.");
  options.store();
  return {"copy the runs of other stores into this one", std::move(options), do_merge};
}

}  // namespace epochal::app
