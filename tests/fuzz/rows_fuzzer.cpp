// libFuzzer harness: the rows of a stranger's store, whose database is sound and holds anything. It
// is read, exported to every format, read back from those that are read, and merged.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "db/exchange/imported_runs.h"
#include "db/exchange/run_exporter.h"
#include "db/exchange/run_importer.h"
#include "db/maintenance/merge.h"
#include "db/query.h"
#include "db/store.h"
#include "tests/fuzz/hostile_store.h"
#include "tests/fuzz/memory_bound.h"
#include "tests/fuzz/store_reading.h"

namespace {

namespace fs = std::filesystem;
using epochal::fuzz::attempt;

void export_runs(const epochal::store::Query& query, const fs::path& folder) {
  constexpr std::array kMakers{
      epochal::store::make_csv_exporter, epochal::store::make_json_exporter,
      epochal::store::make_tensorboard_exporter, epochal::store::make_mlflow_exporter};
  for (std::size_t i = 0; i < kMakers.size(); ++i) {
    attempt([&] {
      const fs::path target = folder / std::to_string(i);
      fs::create_directories(target);
      const std::vector<epochal::store::RunRecord> runs = query.runs();
      const auto exporter = kMakers.at(i)({target, target, query.folder(), runs});
      for (const epochal::store::RunRecord& run : runs) exporter->add(query.whole_run(run));
      exporter->finish();
    });
  }
  attempt([&] { epochal::store::runs_from_csv(folder / "0"); });
  attempt([&] { epochal::store::mlflow_runs(folder / "3"); });
}

/// Whatever runs and files are called, they stay where they were meant to be.
void check_nothing_strayed(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (name != "store" && name != "exports" && name != "merged") std::abort();
  }
  for (const auto& entry : fs::directory_iterator(folder / "exports")) {
    if (entry.path().filename().string().size() != 1) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fs::path folder = epochal::fuzz::hostile_store({reinterpret_cast<const char*>(data), size});
  const epochal::fuzz::MemoryBound bound(size);
  epochal::fuzz::read_store(folder);
  const fs::path beside = folder.parent_path();
  fs::create_directories(beside / "exports");
  attempt([&] {
    const epochal::store::Query query(folder);
    export_runs(query, beside / "exports");
    epochal::fuzz::make_empty_store(beside / "merged");
    epochal::store::Store merged(beside / "merged");
    attempt([&] { epochal::store::merge(merged, query); });
    for (const epochal::store::RunRecord& run : epochal::store::Query(beside / "merged").runs()) {
      epochal::store::Query(beside / "merged").whole_run(run);
    }
  });
  check_nothing_strayed(beside);
  return 0;
}
