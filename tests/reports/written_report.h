#pragma once

#include <filesystem>
#include <string>

#include "reports/page/report.h"
#include "tests/support/temporary_folder.h"

namespace epochal::report {

/// A report as it lies on the disk.
class WrittenReport {
 public:
  explicit WrittenReport(const ReportData& data) {
    write_report(data, folder());
    page = test::read_file(folder() / "index.html");
    text = test::read_file(folder() / "report.md");
  }

  std::filesystem::path folder() const { return folder_ / "r"; }

  std::string page;
  std::string text;

 private:
  test::TemporaryFolder folder_;
};

}  // namespace epochal::report
