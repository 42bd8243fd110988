// The words for samples, from the plugins.

#include "framework/app/sample_words.h"

#include "framework/base/error.h"

namespace epochal::app {

const std::string& SampleWords::of(const std::string& experiment) {
  const auto [word, is_new] = words_.try_emplace(experiment, "samples");
  if (!is_new) return word->second;
  try {
    if (!registry_) registry_ = PluginRegistry::from_environment();
    if (registry_->contains(experiment)) {
      word->second = registry_->experiment(experiment).sample_word;
    }
  } catch (const Error&) {  // a broken plugin must not prevent the output
  }
  return word->second;
}

}  // namespace epochal::app
