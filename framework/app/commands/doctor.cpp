// `epochal doctor`: checks this machine, its plugins and a store.

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "db/maintenance/backup.h"
#include "db/maintenance/salvage.h"
#include "db/query.h"
#include "framework/app/code_version.h"
#include "framework/app/commands/command.h"
#include "framework/app/network_warning.h"
#include "framework/app/options.h"
#include "framework/base/human_format.h"
#include "framework/base/printable.h"
#include "framework/plugin/plugin_registry.h"
#include "framework/system/file_system.h"
#include "framework/system/host.h"
#include "reports/figures/plot.h"

namespace epochal::app {
namespace {

class Checks {
 public:
  void fine(std::string_view subject, const std::string& text) { print("ok  ", subject, text); }
  void advice(std::string_view subject, const std::string& text) { print("    ", subject, text); }
  void broken(std::string_view subject, const std::string& text) {
    print("FAIL", subject, text);
    ++broken_;
  }
  int exit_code() const { return broken_ == 0 ? kAllGood : kWrongInput; }

 private:
  static void print(std::string_view mark, std::string_view subject, const std::string& text) {
    std::cout << fmt::format("{}  {:<10}{}\n", mark, subject, printable(text, 1000));
  }

  int broken_ = 0;
};

void check_machine(Checks& checks) {
  const Host host = probe_host();
  checks.fine("machine", fmt::format("{}: {}, {} cores, {} memory, {}", host.name, host.cpu,
                                     host.cores, format_bytes(host.memory_bytes), host.os));
  checks.fine("gpu", host.gpu_memory_bytes
                         ? fmt::format("{}, {}, driver {}", host.gpu,
                                       format_bytes(*host.gpu_memory_bytes), host.gpu_driver)
                         : "none: runs use the CPU");
}

void check_gnuplot(Checks& checks) {
  try {
    report::require_gnuplot();
    checks.fine("gnuplot", "found");
  } catch (const Error& error) {
    checks.broken("gnuplot", error.what());
  }
}

void check_plugins(Checks& checks) {
  PluginRegistry registry = PluginRegistry::from_environment();
  if (registry.names().empty()) {
    checks.broken("plugins", "none found; set EPOCHAL_PLUGIN_PATH to their folder");
  }
  for (const std::string& name : registry.names()) {
    try {
      const ExperimentInfo& info = registry.experiment(name);
      checks.fine("plugin", fmt::format("{} version {}", info.name, info.version));
    } catch (const Error& error) {
      checks.broken("plugin", error.what());
    }
  }
}

/// Says which rows of a damaged database can be read and how to recover them.
void report_damage(Checks& checks, const std::filesystem::path& folder, const std::string& what) {
  checks.broken("store", fmt::format("{}: the database is damaged: {}", folder.string(), what));
  std::vector<std::string> readable;
  for (const store::Salvage::Table& table : store::salvageable(folder).tables) {
    if (table.rows == 0) continue;
    readable.push_back(
        fmt::format("{} {}{}", table.rows, table.name, table.is_whole ? "" : " (not all)"));
  }
  if (!readable.empty()) {
    checks.advice("readable", fmt::format("rows: {}", fmt::join(readable, ", ")));
  }
  // Even if the list of tables is lost, SQLite can find rows page by page.
  checks.advice(
      "rescue",
      "copy the folder, then recover the rows into a new database: sqlite3 "
      "OLD/epochal.db .recover | sqlite3 NEW/epochal.db; this does not touch `artifacts/`");
  for (const std::filesystem::path& backup : store::backups_in(folder)) {
    checks.advice("backup", backup.string() + " is the database before its migration");
  }
  if (readable.empty())
    checks.advice("readable", "no table can be read directly: use a backup if you have one");
}

/// Rows of a database that is sound for SQLite.
void report_rows(Checks& checks, const store::RowFault& fault) {
  checks.broken("rows", fmt::format("{}, {} of them: {}{}; {}", fault.what, fault.count,
                                    fmt::join(fault.examples, ", "), fault.has_more ? ", …" : "",
                                    fault.advice));
}

void check_store(Checks& checks, const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / "epochal.db")) {
    checks.fine("store", fmt::format("none at {} yet", folder.string()));
    return;
  }
  try {
    const store::Query::Health health = store::Query(folder).health();
    const auto free = std::filesystem::space(folder).available;
    if (!health.damage.empty()) {
      report_damage(checks, folder, health.damage);
      return;
    }
    checks.fine("store",
                fmt::format("{}: {} runs, {} epochs{}; {} free on its disk", folder.string(),
                            health.runs, health.epochs, health.faults.empty() ? ", sound" : "",
                            format_bytes(static_cast<Bytes>(free))));
    for (const store::RowFault& fault : health.faults) report_rows(checks, fault);
    if (access(folder.c_str(), W_OK) != 0) {
      checks.broken("store", folder.string() + " cannot be written: no run can be recorded");
    }
    if (const auto network = network_file_system(folder)) {
      checks.broken("store", network_warning(folder, *network));
    }
  } catch (const Error& error) {
    checks.broken("store", error.what());
  } catch (const SQLite::Exception& exception) {
    if (store::is_damage(exception)) {
      report_damage(checks, folder, exception.what());
    } else {
      checks.broken("store", store::explain(exception).what());
    }
  }
}

int do_doctor(const Options& options) {
  Checks checks;
  checks.fine("epochal", kCodeVersion);
  check_machine(checks);
  check_gnuplot(checks);
  check_plugins(checks);
  check_store(checks, options.store_folder());
  return checks.exit_code();
}

}  // namespace

Command doctor_command() {
  Options options(
      "doctor",
      "Checks this machine, the plugins and the store, and says how to repair what is wrong.");
  options.store();
  return {"check this machine, the plugins and the store", std::move(options), do_doctor};
}

}  // namespace epochal::app
