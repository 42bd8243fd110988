// libFuzzer harness: what a stranger asks of `epochal ui`: one address of the API, with its
// parameters a line each, "name=value". It is answered with JSON, or refused with an Error or
// NotFound.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "db/query.h"
#include "db/store.h"
#include "framework/app/ui/access.h"
#include "framework/app/ui/answers.h"
#include "framework/app/ui/store_changes.h"
#include "framework/base/error.h"
#include "tests/fuzz/memory_bound.h"
#include "tests/support/temporary_folder.h"

namespace {

using epochal::app::Answer;

/// A store with two runs of two epochs.
const std::filesystem::path& folder() {
  static const epochal::test::TemporaryFolder made;
  static const bool is_filled = [] {
    epochal::store::Store store(made.path());
    std::vector<epochal::store::RunRecord> runs(2);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      runs[i].identity = std::string(64, i == 0 ? 'a' : 'b');
      runs[i].group_identity = std::string(64, 'c');
      runs[i].experiment = "noop";
      runs[i].seed = i;
      runs[i].epochs = 2;
      runs[i].parameters.set("gamma", 0.5);
    }
    epochal::store::SweepRecord sweep;
    sweep.name = "s";
    sweep.text = "name = 's'\nexperiment = 'noop'\n";
    for (const epochal::store::RunId run : store.record_sweep(sweep, runs)) {
      const auto attempt = *store.claim(run, {});
      for (int number = 1; number <= 2; ++number) {
        epochal::store::EpochRecord epoch;
        epoch.number = number;
        epoch.samples = 10;
        epoch.metrics["val.loss"] = 1.0 / number;
        store.commit_epoch(run, attempt, epoch, {}, {});
      }
      store.put_steps(run, attempt, {{"val.loss", 1, {1, 2, 5}, {3, 2, 1}}});
    }
    return true;
  }();
  static_cast<void>(is_filled);
  return made.path();
}

/// The next line; `text` is left with the rest.
std::string next_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string line(text.substr(0, end));
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return line;
}

app::Answer answer_to(const std::string& address, const epochal::app::RequestParameters& parameters,
                      std::string_view body) {
  const epochal::store::Query query(folder());
  const std::string word = address.substr(std::min<std::size_t>(1, address.size()));
  switch (address.empty() ? 0 : address.front()) {
    case 'r':
      return epochal::app::runs_answer(query, parameters);
    case 'c':
      return epochal::app::curves_answer(query, parameters);
    case 'm':
      return epochal::app::compare_answer(query, parameters);
    case 'p':
      return epochal::app::pictures_answer(query, parameters);
    case 'o':
      return epochal::app::run_answer(query, word);
    case 'l':
      return epochal::app::log_answer(query, word, parameters);
    case 's':
      return epochal::app::sweep_answer(query, word);
    case 't':
      return epochal::app::change_store(folder(), "POST", "tags", std::string(body));
    case 'n':
      return epochal::app::change_store(folder(), "POST", "notes", std::string(body));
    default:
      return epochal::app::fields_answer(query);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  folder();
  const epochal::fuzz::MemoryBound bound(size);
  const std::string address = next_line(input);
  const std::string_view body = input;
  std::multimap<std::string, std::string> values;
  constexpr std::size_t kMost = 50;
  while (!input.empty() && values.size() < kMost) {
    const std::string line = next_line(input);
    const std::size_t sign = line.find('=');
    values.emplace(line.substr(0, sign), sign == std::string::npos ? "" : line.substr(sign + 1));
  }
  const epochal::app::Access access("127.0.0.1", "token");
  static_cast<void>(access.check({address, address, address, address, address}));
  try {
    static_cast<void>(answer_to(address, epochal::app::RequestParameters(values), body)
                          .dump(-1, ' ', false, app::Answer::error_handler_t::replace));
  } catch (const epochal::Error&) {  // a refusal is what strangers' requests deserve
  } catch (const epochal::app::NotFound&) {
  }
  return 0;
}
