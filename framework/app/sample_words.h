#pragma once

#include <map>
#include <optional>
#include <string>

#include "framework/plugin/plugin_registry.h"

namespace epochal {

/// What experiments call their samples, for rates. Plugins are loaded when they are asked for.
class SampleWords {
 public:
  /// "images"; "samples" where the plugin is not at hand.
  const std::string& of(const std::string& experiment);

 private:
  std::optional<PluginRegistry> registry_;
  std::map<std::string, std::string> words_;
};

}  // namespace epochal
