#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "framework/plugin/experiment.h"

namespace epochal {

/// Finds and loads plugins: shared objects named `epochal-NAME.so` in a list of folders; earlier
/// folders have precedence. A plugin is loaded only when it is needed, since LibTorch takes half a
/// second, and stays loaded, since LibTorch cannot be unloaded.
class PluginRegistry {
 public:
  explicit PluginRegistry(std::vector<std::filesystem::path> folders);

  /// The folders of EPOCHAL_PLUGIN_PATH, then `../lib/epochal/plugins` relative to the program.
  static PluginRegistry from_environment();

  /// Names of all plugins found, sorted; loads none.
  std::vector<std::string> names() const;
  bool contains(std::string_view name) const;

  /// Loads the plugin on first use. Throws Error if there is none of this name (with the nearest
  /// known one), if it does not load, or if it was built for another ABI.
  const ExperimentInfo& experiment(std::string_view name);

  /// Adds an experiment without a plugin and replaces one of the same name. References to the old
  /// one stay valid.
  const ExperimentInfo& add(ExperimentInfo info, std::string build);

  /// The build of an experiment's plugin, in hexadecimal (see build_id()). Loads the plugin and
  /// throws like experiment().
  const std::string& build(std::string_view name);

 private:
  std::map<std::string, std::filesystem::path, std::less<>> files_;
  struct Loaded {
    const ExperimentInfo* info = nullptr;
    std::string build;
  };
  const Loaded& loaded(std::string_view name);

  std::map<std::string, Loaded, std::less<>> loaded_;
  std::vector<std::unique_ptr<const ExperimentInfo>> added_;
  std::vector<std::filesystem::path> folders_;
};

}  // namespace epochal
