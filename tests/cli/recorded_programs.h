#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "db/query.h"
#include "tests/cli/program.h"

namespace epochal::test {

/// Runs programs as experiments, with the Python client at hand, and asks their store.
class RecordedPrograms : public testing::Test {
 protected:
  RecordedPrograms() {
    program_.environment["PYTHONPATH"] = EPOCHAL_SOURCE_FOLDER "/clients/python";
    program_.environment["PYTHONDONTWRITEBYTECODE"] = "1";
  }

  Finished run(const std::vector<std::string>& arguments) { return program_.run(arguments); }
  store::Query query(const std::string& store = "epochal-store") {
    return store::Query(program_ / store);
  }
  store::RunRecord only_run(const std::string& store = "epochal-store") {
    return query(store).runs().at(0);
  }

  bool has_event(const std::string& kind, const std::string& part) {
    const store::Query records = query();
    for (const store::EventRecord& event : records.events(only_run().id)) {
      if (event.kind == kind && event.text.find(part) != std::string::npos) return true;
    }
    return false;
  }

  bool has_store() { return std::filesystem::exists(program_ / "epochal-store/epochal.db"); }
  bool has_epochs(Epoch count) {
    return has_store() && !query().runs().empty() && only_run().epochs_done >= count;
  }

  /// The process whose number a program wrote; 0 where it has not.
  pid_t process_in(const std::string& file) {
    return std::atoi(read_file(program_ / file).c_str());
  }

  Program program_;
};

}  // namespace epochal::test
