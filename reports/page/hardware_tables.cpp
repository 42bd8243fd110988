// Tables of time, memory, machines and code versions.

#include <fmt/format.h>

#include <set>

#include "framework/base/human_format.h"
#include "framework/base/printable.h"
#include "reports/page/report_tables.h"
#include "reports/run_state.h"

namespace epochal::report {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::object;

std::string joined(const std::set<std::string>& texts) {
  return fmt::format("{}", fmt::join(texts, ", "));
}

object time_row(const ReportedRun& run) {
  Seconds total{0};
  Seconds training{0};
  Seconds waiting{0};
  double samples = 0;
  Bytes host_memory = 0;
  Bytes device_memory = 0;
  for (const store::EpochRecord& epoch : run.epochs) {
    total += epoch.seconds;
    training += epoch.train_seconds;
    waiting += epoch.data_wait_seconds;
    samples += static_cast<double>(epoch.samples);
    host_memory = std::max(host_memory, epoch.peak_host_memory.value_or(0));
    device_memory = std::max(device_memory, epoch.peak_device_memory.value_or(0));
  }
  std::set<std::string> devices;
  std::set<std::string> threads;
  for (const store::AttemptRecord& attempt : run.attempts) {
    if (!attempt.device.empty()) devices.insert(printable(attempt.device));
    threads.insert(std::to_string(attempt.threads));
  }
  const auto count = static_cast<double>(run.epochs.size());
  object row;
  row["label"] = run.label;
  row["state"] = state_of(run);
  row["is_unfinished"] = data(is_unfinished(run));
  row["total"] = format_duration(total);
  row["per_epoch"] = format_duration(total / count);
  row["rate"] =
      training.count() > 0 && samples > 0 ? format_number(samples / training.count()) : "";
  row["wait"] = training.count() > 0 ? fmt::format("{:.1f} %", 100 * (waiting / training)) : "";
  row["memory"] = host_memory > 0 ? format_bytes(host_memory) : "";
  if (device_memory > 0) {
    row["memory"] =
        fmt::format("{} (device {})", row["memory"].string_value(), format_bytes(device_memory));
  }
  row["device"] = joined(devices);
  row["threads"] = joined(threads);
  row["attempts"] = std::to_string(run.attempts.size());
  return row;
}

}  // namespace

list time_rows(const ReportData& report) {
  list rows;
  for (const ReportedRun& run : first_rows(report.runs)) {
    if (!run.epochs.empty()) rows.push_back(data(time_row(run)));
  }
  return rows;
}

list moves(const ReportData& report) {
  list result;
  for (const ReportedRun& run : report.runs) {
    const store::AttemptRecord* before = nullptr;
    for (const store::AttemptRecord& attempt : run.attempts) {
      if (!attempt.first_epoch) continue;
      const bool has_moved = before != nullptr && (before->host.name != attempt.host.name ||
                                                   before->device != attempt.device);
      if (has_moved) {
        object move;
        move["label"] = run.label;
        move["epoch"] = std::to_string(*attempt.first_epoch);
        move["from"] = printable(fmt::format("{} of {}", before->device, before->host.name));
        move["to"] = printable(fmt::format("{} of {}", attempt.device, attempt.host.name));
        result.push_back(data(move));
      }
      before = &attempt;
    }
  }
  return result;
}

list host_rows(const ReportData& report) {
  list rows;
  std::set<std::string> seen;
  for (const ReportedRun& run : report.runs) {
    for (const store::AttemptRecord& attempt : run.attempts) {
      const Host& host = attempt.host;
      std::vector<std::string> libraries;
      for (const auto& [name, version] : attempt.libraries) {
        libraries.push_back(fmt::format("{} {}", name, version));
      }
      object row;
      row["name"] = printable(host.name);
      row["cpu"] = printable(host.cpu);
      row["cores"] = std::to_string(host.cores);
      row["memory"] = format_bytes(host.memory_bytes);
      row["gpu"] = host.gpu.empty() ? "none"
                                    : fmt::format("{}, {}, driver {}", printable(host.gpu),
                                                  format_bytes(host.gpu_memory_bytes.value_or(0)),
                                                  printable(host.gpu_driver));
      row["os"] = printable(host.os);
      row["libraries"] = printable(fmt::format("{}", fmt::join(libraries, ", ")));
      std::string key;
      for (const auto& [name, value] : row) key += value.string_value() + '\n';
      if (seen.insert(key).second) rows.push_back(data(row));
    }
  }
  return rows;
}

std::string code_versions(const ReportData& report) {
  std::set<std::string> versions;
  for (const ReportedRun& run : report.runs) versions.insert(printable(run.run.code_version));
  return joined(versions);
}

std::string builds(const ReportData& report) {
  std::set<std::string> builds;
  for (const ReportedRun& run : report.runs) {
    for (const store::AttemptRecord& attempt : run.attempts) {
      const bool has_made_some = attempt.first_epoch && !attempt.build.empty();
      if (has_made_some) {
        builds.insert(
            printable(fmt::format("{} of {}", attempt.build.substr(0, 12), run.run.experiment)));
      }
    }
  }
  return joined(builds);
}

}  // namespace epochal::report
