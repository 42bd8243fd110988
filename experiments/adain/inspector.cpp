// What a training needs, looked at before any is started.

#include "experiments/adain/experiment.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>

#include "experiments/adain/settings.h"
#include "experiments/torch/faults.h"
#include "experiments/torch/images/seen_sources.h"
#include "experiments/torch/weights/encoder_file.h"

namespace epochal::adain {
namespace {

class AdainInspector : public InputInspector {
 public:
  /// Looks at everything before it complains, so that one message names all that is missing.
  InputFingerprints inspect(const Parameters& parameters) override {
    Faults faults;
    const std::string content =
        faults.looking([&] { return sources_.look_at(parameters.text("content"), parameters); });
    const std::string style =
        faults.looking([&] { return sources_.look_at(parameters.text("style"), parameters); });
    const std::string weights = faults.looking([&] { return look_at_weights(parameters); });
    faults.looking([&] { return look_at_judge(parameters.text("judge")); });
    faults.looking([&] { return std::to_string(resize_side(parameters)); });
    faults.looking([&] { return std::to_string(target_bytes(parameters)); });
    faults.check();
    return {fmt::format("content {}; style {}", content, style), weights};
  }

 private:
  /// Reads the weights once for all runs, so that a file that does not fit stops none half-way.
  const std::string& look_at_weights(const Parameters& parameters) {
    std::string named;
    for (const char* name : {"encoder", "encoder_seed", "width_divisor", "loss_encoder", "init"}) {
      named += to_text(*parameters.find(name)) + '\n';
    }
    std::string& fingerprint = weights_[named];
    if (fingerprint.empty()) {
      constexpr std::uint64_t kAnySeed = 0;
      make_decoder(parameters, make_encoder(parameters)->width_divisor(), kAnySeed);
      make_loss_encoder(parameters);
      fingerprint = weights_fingerprint(parameters);
    }
    return fingerprint;
  }

  /// Reads the judge's weights once for all runs.
  std::string look_at_judge(const std::string& name) {
    if (!name.empty() && judges_.insert(name).second) load_encoder(name);
    return name;
  }

  SeenSources sources_;
  std::set<std::string> judges_;
  std::map<std::string, std::string> weights_;  ///< fingerprint by what names them
};

}  // namespace

std::unique_ptr<InputInspector> make_inspector() {
  return std::make_unique<AdainInspector>();
}

}  // namespace epochal::adain
