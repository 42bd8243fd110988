// What a distillation needs, looked at before any is started.

#include "experiments/encoder/inspector.h"

#include <map>

#include "experiments/torch/encoder_file.h"
#include "experiments/torch/seen_sources.h"
#include "framework/plugin/sha256.h"

namespace epochal::encoder {
namespace {

class EncoderInspector : public InputInspector {
 public:
  InputFingerprints inspect(const Parameters& parameters) override {
    return {look_at_images(parameters), look_at_teacher(parameters.text("teacher"))};
  }

 private:
  const std::string& look_at_images(const Parameters& parameters) {
    return sources_.look_at(parameters.text("images"), parameters.integer("dataset_size"),
                            parameters.integer("validation_size"),
                            static_cast<std::uint64_t>(parameters.integer("subset_seed")));
  }

  /// Reads the weights once for all runs, so that a file that does not fit stops none half-way.
  const std::string& look_at_teacher(const std::string& name) {
    std::string& fingerprint = teachers_[name];
    if (fingerprint.empty()) {
      load_encoder(name);
      fingerprint = sha256_of_file(encoder_file(name));
    }
    return fingerprint;
  }

  SeenSources sources_;
  std::map<std::string, std::string> teachers_;  ///< fingerprint by name
};

}  // namespace

std::unique_ptr<InputInspector> make_inspector() {
  return std::make_unique<EncoderInspector>();
}

}  // namespace epochal::encoder
