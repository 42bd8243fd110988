// `epochal doctor`: what this machine, its plugins and a store are fit for.

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "code_version.h"
#include "db/query.h"
#include "framework/app/command.h"
#include "framework/app/options.h"
#include "framework/hardware/host.h"
#include "framework/plugin/plugin_registry.h"
#include "reports/human_format.h"
#include "reports/plot.h"

namespace epochal {
namespace {

class Findings {
 public:
  void fine(std::string_view subject, const std::string& text) { print("ok  ", subject, text); }
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

void check_store(Findings& findings, const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / "epochal.db")) {
    findings.fine("store", fmt::format("none at {} yet", folder.string()));
    return;
  }
  try {
    const Query::Health health = Query(folder).health();
    const auto free = std::filesystem::space(folder).available;
    if (health.integrity != "ok") {
      findings.broken("store", fmt::format("{}: the database is damaged: {}", folder.string(),
                                           health.integrity));
      return;
    }
    findings.fine("store",
                  fmt::format("{}: {} runs, {} epochs, sound; {} free on its disk", folder.string(),
                              health.runs, health.epochs, format_bytes(static_cast<Bytes>(free))));
    if (access(folder.c_str(), W_OK) != 0) {
      findings.broken("store", folder.string() + " cannot be written: no run can be recorded");
    }
  } catch (const Error& error) {
    findings.broken("store", error.what());
  } catch (const SQLite::Exception& exception) {
    findings.broken("store", explain(exception).what());
  }
}

}  // namespace

int command_doctor(const Arguments& arguments) {
  Options options("doctor", "Checks this machine, the plugins and the store.");
  options.store();
  if (!options.parse(arguments)) return kAllGood;

  Findings findings;
  findings.fine("epochal", kCodeVersion);
  check_machine(findings);
  check_gnuplot(findings);
  check_plugins(findings);
  check_store(findings, options.store_folder());
  return findings.exit_code();
}

}  // namespace epochal
