#pragma once

#include <map>
#include <optional>
#include <string>

#include "framework/plugin/plugin_registry.h"

namespace epochal::app {

/// What experiments call their samples, for rates. Loads a plugin when it is first needed.
class SampleWords {
 public:
  /// "images"; "samples" if the plugin is not available.
  const std::string& of(const std::string& experiment);

 private:
  std::optional<PluginRegistry> registry_;
  std::map<std::string, std::string> words_;
};

}  // namespace epochal::app
