#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "framework/system/process.h"
#include "tests/cli/program_test.h"

namespace epochal::test {

/// Runs programs as experiments, with the Python client at hand.
class RecordedPrograms : public ProgramTest {
 protected:
  RecordedPrograms() {
    program_.environment["PYTHONPATH"] = EPOCHAL_SOURCE_FOLDER "/clients/python";
    program_.environment["PYTHONDONTWRITEBYTECODE"] = "1";
  }

  bool has_event(const std::string& kind, const std::string& part,
                 const std::string& store = "epochal-store") const {
    const store::Query records = query(store);
    for (const store::EventRecord& event : records.events(only_run(store).id)) {
      if (event.kind == kind && event.text.find(part) != std::string::npos) return true;
    }
    return false;
  }

  std::vector<Metrics> metrics_of_only_run() const { return metrics().at(only_run().identity); }

  /// Values by step of every run, by its identity: "1 loss 3 0.5", the epoch first.
  std::map<std::string, std::vector<std::string>> steps(
      const std::string& store = "epochal-store") const {
    std::map<std::string, std::vector<std::string>> all;
    const store::Query records = query(store);
    for (const store::RunRecord& record : records.runs()) {
      records.each_step_chunk(record.id, "", [&](const store::StepChunk& chunk) {
        for (std::size_t i = 0; i < chunk.steps.size(); ++i) {
          all[record.identity].push_back(fmt::format("{} {} {} {}", chunk.epoch, chunk.metric,
                                                     chunk.steps[i], chunk.values[i]));
        }
      });
    }
    return all;
  }
  std::vector<std::string> steps_of_only_run() const { return steps()[only_run().identity]; }

  static bool is_gone(pid_t process) {
    return wait_until([&] { return !process_start_ticks(process); });
  }

  /// The process whose number a program wrote; 0 where it has not.
  pid_t process_in(const std::string& file) const {
    return std::atoi(read_file(program_ / file).c_str());
  }
};

}  // namespace epochal::test
