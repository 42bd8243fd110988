// What a distillation needs, looked at before any is started.

#include "experiments/encoder/experiment.h"

#include <map>

#include "experiments/encoder/pruned_start.h"
#include "experiments/torch/faults.h"
#include "experiments/torch/images/seen_sources.h"
#include "experiments/torch/weights/encoder_file.h"
#include "framework/base/sha256.h"

namespace epochal::encoder {
namespace {

class EncoderInspector : public InputInspector {
 public:
  InputFingerprints inspect(const Parameters& parameters) override {
    Faults faults;
    const std::string images =
        faults.looking([&] { return sources_.look_at(parameters.text("images"), parameters); });
    const std::string teacher = faults.looking([&] {
      return look_at_teacher(parameters.text("teacher"),
                             static_cast<int>(parameters.integer("width_divisor")));
    });
    faults.check();
    return {images, teacher};
  }

 private:
  /// Reads the weights once for all runs, so that a file that does not fit stops none half-way.
  const std::string& look_at_teacher(const std::string& name, int width_divisor) {
    Teacher& teacher = teachers_[name];
    if (teacher.encoder.is_empty()) {
      teacher.encoder = load_encoder(name);
      teacher.fingerprint = sha256_of_file(encoder_file(name));
    }
    check_can_be_pruned(teacher.encoder, width_divisor);
    return teacher.fingerprint;
  }

  struct Teacher {
    Encoder encoder{nullptr};
    std::string fingerprint;
  };

  SeenSources sources_;
  std::map<std::string, Teacher> teachers_;  ///< by name
};

}  // namespace

std::unique_ptr<InputInspector> make_inspector() {
  return std::make_unique<EncoderInspector>();
}

}  // namespace epochal::encoder
