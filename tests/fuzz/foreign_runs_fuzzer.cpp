// libFuzzer harness: what other tools recorded, from a stranger, read and imported into a store.
// The first byte of an input says how the rest is read:
//   e, w  an event file of TensorBoard, or a log of W&B, as it is
//   E, W  its records, two bytes of length before each; they get the frames and checksums
//   m, o  changes of a sound database of MLflow or Optuna: two bytes for where, one for how many,
//   and
//         so many bytes

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "db/exchange/imported_runs.h"
#include "db/store.h"
#include "tests/fuzz/hostile_store.h"
#include "tests/fuzz/input_files.h"
#include "tests/fuzz/memory_bound.h"
#include "tests/fuzz/store_reading.h"
#include "tests/support/foreign_stores.h"

namespace {

namespace fs = std::filesystem;
using namespace epochal;

/// What a row may claim for itself before SQLite finds out that it is not there.
constexpr std::size_t kLongestValue = 32 << 20;

std::size_t number_at(std::string_view bytes, std::size_t place) {
  return static_cast<unsigned char>(bytes[place]) |
         static_cast<std::size_t>(static_cast<unsigned char>(bytes[place + 1])) << 8;
}

std::string framed(std::string_view records,
                   const std::function<std::string(const std::string&)>& frame) {
  constexpr std::size_t kLongestRecord = 30'000;  // fits into one piece of W&B's log
  std::string file;
  while (records.size() > 2) {
    const std::size_t length =
        std::min({number_at(records, 0), records.size() - 2, kLongestRecord});
    file += frame(std::string(records.substr(2, length)));
    records.remove_prefix(2 + length);
  }
  return file;
}

std::string changed(std::string database, std::string_view changes) {
  while (changes.size() > 3) {
    const std::size_t start = number_at(changes, 0) % database.size();
    const std::size_t length = std::min({std::size_t{static_cast<unsigned char>(changes[2])},
                                         changes.size() - 3, database.size() - start});
    std::ranges::copy(changes.substr(3, length), database.begin() + static_cast<long>(start));
    changes.remove_prefix(3 + length);
  }
  return database;
}

std::string sound_database(void (*write)(const fs::path& file)) {
  const test::TemporaryFolder folder;
  write(folder / "sound.db");
  return test::read_file(folder / "sound.db");
}

store::ImportedRuns runs_of(std::string_view input, const fs::path& folder) {
  const std::string_view rest = input.substr(1);
  switch (input.front()) {
    case 'e':
    case 'E':
      test::write_file(folder / "events.out.tfevents.1.host",
                       input.front() == 'e' ? std::string(rest) : framed(rest, test::framed_event));
      return store::tensorboard_runs(folder);
    case 'w':
    case 'W':
      test::write_file(folder / "run-one.wandb",
                       input.front() == 'w'
                           ? std::string(rest)
                           : test::wandb_head() + framed(rest, test::framed_wandb_record));
      return store::wandb_runs(folder);
    case 'm': {
      static const std::string sound = sound_database(test::write_mlflow_database);
      test::write_file(folder / "mlflow.db", changed(sound, rest));
      return store::mlflow_runs(folder);
    }
    case 'o': {
      static const std::string sound = sound_database(test::write_optuna_database);
      test::write_file(folder / "optuna.db", changed(sound, rest));
      return store::optuna_runs(folder / "optuna.db");
    }
    default:
      return {};
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const fs::path folder = fuzz::empty_folder();
  const fs::path foreign = folder / "foreign";
  fs::create_directories(foreign);
  fuzz::make_empty_store(folder / "store");
  const fuzz::MemoryBound bound(size, fuzz::kAllowance + 2 * kLongestValue);
  fuzz::attempt([&] {
    store::ImportedRuns found = runs_of(input, foreign);
    store::Store store(folder / "store");
    store::import_into(store, found);
  });
  return 0;
}
