// `epochal doctor`: what this machine, its plugins and a store are fit for.

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "code_version.h"
#include "db/maintenance/backup.h"
#include "db/maintenance/salvage.h"
#include "db/query.h"
#include "framework/app/commands/command.h"
#include "framework/app/network_warning.h"
#include "framework/app/options.h"
#include "framework/base/human_format.h"
#include "framework/base/printable.h"
#include "framework/plugin/plugin_registry.h"
#include "framework/system/file_system.h"
#include "framework/system/host.h"
#include "reports/figures/plot.h"

namespace epochal {
namespace {

class Findings {
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

void check_machine(Findings& findings) {
  const Host host = probe_host();
  findings.fine("machine", fmt::format("{}: {}, {} cores, {} memory, {}", host.name, host.cpu,
                                       host.cores, format_bytes(host.memory_bytes), host.os));
  findings.fine("gpu", host.gpu
                           ? fmt::format("{}, {}, driver {}", host.gpu->name,
                                         format_bytes(host.gpu->memory_bytes), host.gpu->driver)
                           : "none: runs use the CPU");
}

void check_gnuplot(Findings& findings) {
  try {
    require_gnuplot();
    findings.fine("gnuplot", "found");
  } catch (const Error& error) {
    findings.broken("gnuplot", error.what());
  }
}

void check_plugins(Findings& findings) {
  PluginRegistry registry = PluginRegistry::from_environment();
  if (registry.names().empty()) {
    findings.broken("plugins", "none found; set EPOCHAL_PLUGIN_PATH to their folder");
  }
  for (const std::string& name : registry.names()) {
    try {
      const ExperimentInfo& info = registry.experiment(name);
      findings.fine("plugin", fmt::format("{} version {}", info.name, info.version));
    } catch (const Error& error) {
      findings.broken("plugin", error.what());
    }
  }
}

/// Says what is left of a damaged database and how to get at it.
void report_damage(Findings& findings, const std::filesystem::path& folder,
                   const std::string& what) {
  findings.broken("store", fmt::format("{}: the database is damaged: {}", folder.string(), what));
  std::vector<std::string> readable;
  for (const Salvage::Table& table : salvageable(folder).tables) {
    if (table.rows == 0) continue;
    readable.push_back(
        fmt::format("{} {}{}", table.rows, table.name, table.is_whole ? "" : " (not all)"));
  }
  if (!readable.empty()) {
    findings.advice("readable", fmt::format("rows: {}", fmt::join(readable, ", ")));
  }
  // Even where the list of tables is lost, SQLite can find rows page by page.
  findings.advice("rescue",
                  "copy the folder, then make a new database of what is left: sqlite3 "
                  "OLD/epochal.db .recover | sqlite3 NEW/epochal.db; `artifacts/` is not touched "
                  "by this");
  for (const std::filesystem::path& backup : backups_in(folder)) {
    findings.advice("backup", backup.string() + " is the database before it was migrated");
  }
  if (readable.empty()) findings.advice("readable", "no table as it is: prefer a copy, if any");
}

/// Rows of a database that is sound for SQLite.
void report_rows(Findings& findings, const RowFault& fault) {
  findings.broken("rows", fmt::format("{}, {} of them: {}{}; {}", fault.what, fault.count,
                                      fmt::join(fault.examples, ", "), fault.has_more ? ", …" : "",
                                      fault.advice));
}

void check_store(Findings& findings, const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / "epochal.db")) {
    findings.fine("store", fmt::format("none at {} yet", folder.string()));
    return;
  }
  try {
    const Query::Health health = Query(folder).health();
    const auto free = std::filesystem::space(folder).available;
    if (!health.damage.empty()) {
      report_damage(findings, folder, health.damage);
      return;
    }
    findings.fine("store",
                  fmt::format("{}: {} runs, {} epochs{}; {} free on its disk", folder.string(),
                              health.runs, health.epochs, health.faults.empty() ? ", sound" : "",
                              format_bytes(static_cast<Bytes>(free))));
    for (const RowFault& fault : health.faults) report_rows(findings, fault);
    if (access(folder.c_str(), W_OK) != 0) {
      findings.broken("store", folder.string() + " cannot be written: no run can be recorded");
    }
    if (const auto network = network_file_system(folder)) {
      findings.broken("store", network_warning(folder, *network));
    }
  } catch (const Error& error) {
    findings.broken("store", error.what());
  } catch (const SQLite::Exception& exception) {
    if (is_damage(exception)) {
      report_damage(findings, folder, exception.what());
    } else {
      findings.broken("store", explain(exception).what());
    }
  }
}

int do_doctor(const Options& options) {
  Findings findings;
  findings.fine("epochal", kCodeVersion);
  check_machine(findings);
  check_gnuplot(findings);
  check_plugins(findings);
  check_store(findings, options.store_folder());
  return findings.exit_code();
}

}  // namespace

Command doctor_command() {
  Options options("doctor", "Checks this machine, the plugins and the store.");
  options.store();
  return {"check this machine, the plugins and the store", std::move(options), do_doctor};
}

}  // namespace epochal
