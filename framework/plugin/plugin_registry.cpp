// dlopen of experiments; the ABI number is read before any code of the plugin is called.

#include "framework/plugin/plugin_registry.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <set>
#include <sstream>
#include <utility>

#include "framework/base/error.h"
#include "framework/base/nearest_name.h"
#include "framework/plugin/build_id.h"
#include "framework/system/installed_program.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kPrefix = "epochal-";
constexpr std::string_view kSuffix = ".so";

std::string name_in_file_name(const std::string& file) {
  const bool fits = file.size() > kPrefix.size() + kSuffix.size() && file.starts_with(kPrefix) &&
                    file.ends_with(kSuffix);
  if (!fits) return {};
  return file.substr(kPrefix.size(), file.size() - kPrefix.size() - kSuffix.size());
}

std::string joined(const std::vector<fs::path>& folders) {
  std::string text;
  for (const fs::path& folder : folders) text += (text.empty() ? "" : ", ") + folder.string();
  return text;
}

void check_metrics(const ExperimentInfo& info, const fs::path& file) {
  std::set<std::string> names;
  for (const MetricSpec& metric : info.metrics) {
    if (!names.insert(metric.name).second) {
      throw Error(fmt::format("the plugin declares the metric '{}' twice", metric.name), file,
                  "declare it once in ExperimentInfo::metrics");
    }
    for (const std::string& parameter : metric.independent_of) {
      const ParameterSpec* spec = info.schema.find(parameter);
      if (spec != nullptr && spec->is_part_of_objective) continue;
      throw Error(
          fmt::format("the plugin declares the metric '{}' as independent of '{}', which is "
                      "not a parameter that is part of the objective",
                      metric.name, parameter),
          file, "correct MetricSpec::independent_of");
    }
  }
}

void check_objective(const ExperimentInfo& info, const fs::path& file) {
  if (info.objective.empty()) return;
  const MetricSpec* metric = find_metric(info, info.objective);
  if (metric != nullptr && metric->better) return;
  throw Error(fmt::format("the plugin's objective '{}' is not among the metrics that it declares "
                          "with a direction",
                          info.objective),
              file, "declare it in ExperimentInfo::metrics");
}

const ExperimentInfo* load(const fs::path& file) {
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw Error(fmt::format("the plugin does not load: {}", dlerror()), {},
                "install the libraries that it needs, or build it again");
  }

  const auto symbol = [&](const char* name) {
    if (void* const found = dlsym(library, name)) return found;
    throw Error(fmt::format("this is not an epochal plugin: it has no symbol {}", name), file,
                "use EPOCHAL_EXPERIMENT in its source");
  };
  const auto* abi = static_cast<const std::uint32_t*>(symbol("epochal_plugin_abi"));
  if (*abi != kPluginAbi) {
    throw Error(fmt::format("the plugin was built for plugin ABI {}, but this epochal has {}", *abi,
                            kPluginAbi),
                file, "build the plugin again with this epochal's headers");
  }

  using InfoFunction = const ExperimentInfo* (*)();
  const auto info = reinterpret_cast<InfoFunction>(symbol("epochal_plugin_info"));
  check_metrics(*info(), file);
  check_objective(*info(), file);
  return info();
}

}  // namespace

PluginRegistry::PluginRegistry(std::vector<fs::path> folders) : folders_(std::move(folders)) {
  for (const fs::path& folder : folders_) {
    std::error_code unreadable;  // a missing folder has no plugins
    for (const auto& entry : fs::directory_iterator(folder, unreadable)) {
      const std::string name = name_in_file_name(entry.path().filename().string());
      if (!name.empty()) files_.try_emplace(name, entry.path());
    }
  }
}

PluginRegistry PluginRegistry::from_environment() {
  std::vector<fs::path> folders;
  if (const char* path = std::getenv("EPOCHAL_PLUGIN_PATH")) {
    std::istringstream parts(path);
    for (std::string part; std::getline(parts, part, ':');) {
      if (!part.empty()) folders.emplace_back(part);
    }
  }
  const fs::path program = this_program();
  folders.push_back(program.parent_path().parent_path() / "lib/epochal/plugins");
  return PluginRegistry(std::move(folders));
}

std::vector<std::string> PluginRegistry::names() const {
  std::vector<std::string> names;
  names.reserve(files_.size());
  for (const auto& [name, file] : files_) names.push_back(name);
  return names;
}

bool PluginRegistry::contains(std::string_view name) const {
  return files_.contains(name) || loaded_.contains(name);
}

const ExperimentInfo& PluginRegistry::experiment(std::string_view name) {
  return *loaded(name).info;
}

const ExperimentInfo& PluginRegistry::add(ExperimentInfo info, std::string build) {
  added_.push_back(std::make_unique<const ExperimentInfo>(std::move(info)));
  const ExperimentInfo& added = *added_.back();
  loaded_.insert_or_assign(added.name, Loaded{&added, std::move(build)});
  return added;
}

const std::string& PluginRegistry::build(std::string_view name) {
  return loaded(name).build;
}

const PluginRegistry::Loaded& PluginRegistry::loaded(std::string_view name) {
  if (const auto found = loaded_.find(name); found != loaded_.end()) return found->second;

  const auto file = files_.find(name);
  if (file == files_.end()) {
    const std::vector<std::string> known = names();
    const std::string hint = known.empty() ? "no plugin was found in " + joined(folders_) +
                                                 "; set EPOCHAL_PLUGIN_PATH to their folder"
                                           : name_hint(name, known);
    throw Error(fmt::format("there is no experiment '{}'", name.substr(0, 80)), {}, hint);
  }

  const ExperimentInfo* info = load(file->second);
  if (info->name != name) {
    throw Error(
        fmt::format("the plugin calls itself '{}', but its file says '{}'", info->name, name),
        file->second, "rename the file");
  }
  return loaded_.emplace(std::string(name), Loaded{info, build_id(info, file->second)})
      .first->second;
}

}  // namespace epochal
