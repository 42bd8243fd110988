// Recognises whose weights these are, and renames them.

#include "experiments/torch/weights/weights_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "framework/base/error.h"

namespace epochal {
namespace {

/// One convolution: its number in our networks, and its extents at full width.
struct Layer {
  int number;
  std::int64_t out;
  std::int64_t in;
};

constexpr int kFullWidth = 64;  // channels of the first layer, which the width divisor divides

// The convolutions of VGG-19 to relu4_1 behind the 1x1 one.
constexpr std::array<Layer, 9> kEncoder{{{2, 64, 3},
                                         {5, 64, 64},
                                         {9, 128, 64},
                                         {12, 128, 128},
                                         {16, 256, 128},
                                         {19, 256, 256},
                                         {22, 256, 256},
                                         {25, 256, 256},
                                         {29, 512, 256}}};
constexpr std::array<Layer, 9> kDecoder{{{1, 256, 512},
                                         {5, 256, 256},
                                         {8, 256, 256},
                                         {11, 256, 256},
                                         {14, 128, 256},
                                         {18, 128, 128},
                                         {21, 64, 128},
                                         {25, 64, 64},
                                         {28, 3, 64}}};

std::string name_of(const std::string& prefix, int index, const char* what) {
  return fmt::format("{}{}.{}", prefix, index, what);
}

/// What stands before "N.weight" in the names of the file where something looks like a network.
template <typename Looks>
std::vector<std::string> prefixes_where(const NamedTensors& tensors, const Looks& looks) {
  std::set<std::string> found;
  for (const auto& [name, tensor] : tensors) {
    constexpr std::string_view kEnd = ".weight";
    if (!name.ends_with(kEnd)) continue;
    std::string prefix = name.substr(0, name.size() - kEnd.size());
    while (!prefix.empty() && std::isdigit(static_cast<unsigned char>(prefix.back())) != 0) {
      prefix.pop_back();
    }
    if (looks(prefix)) found.insert(std::move(prefix));
  }
  return {found.begin(), found.end()};
}

std::optional<int> divisor_of(std::int64_t channels) {
  if (channels < 1 || kFullWidth % channels != 0 || kFullWidth / channels > 16) return std::nullopt;
  return static_cast<int>(kFullWidth / channels);
}

constexpr char kEncoderHint[] =
    "name a file with the layout of vgg_normalised, or torchvision's VGG-19";
constexpr char kDecoderHint[] =
    "name a decoder of the published layout, or one that epochal trained";

/// Takes the layers out of a file; what does not fit is collected for one message.
class Taker {
 public:
  Taker(const NamedTensors& tensors, std::string prefix, int divisor)
      : tensors_(tensors), prefix_(std::move(prefix)), divisor_(divisor) {}

  /// `theirs` are the numbers that the layers have in the file, unless they are ours.
  void take_all(std::span<const Layer> layers, std::span<const int> theirs = {}) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const int number = theirs.empty() ? layers[i].number : theirs[i];
      const std::int64_t out = scaled(layers[i].out);
      take(number, layers[i].number, "weight", {out, scaled(layers[i].in), 3, 3});
      take(number, layers[i].number, "bias", {out});
    }
  }

  void take(int theirs, int ours, const char* what, const std::vector<std::int64_t>& shape) {
    const std::string name = name_of(prefix_, theirs, what);
    const auto found = tensors_.find(name);
    if (found == tensors_.end()) {
      faults_.push_back(fmt::format("{} is missing", name));
    } else if (found->second.sizes().vec() != shape) {
      faults_.push_back(fmt::format("{} is [{}] instead of [{}]", name,
                                    fmt::join(found->second.sizes(), ","), fmt::join(shape, ",")));
    } else if (!torch::isFloatingType(found->second.scalar_type())) {
      faults_.push_back(fmt::format("{} has whole numbers", name));
    } else if (!found->second.isfinite().all().item<bool>()) {
      faults_.push_back(fmt::format("{} has values that are not finite", name));
    } else {
      result_.tensors[name_of("", ours, what)] = found->second.to(torch::kFloat32);
    }
  }

  NamedWeights finish(const std::string& file, const char* kind, const char* hint) {
    if (!faults_.empty()) {
      constexpr std::size_t kShown = 3;
      const auto shown = std::span(faults_).first(std::min(kShown, faults_.size()));
      const std::string more =
          faults_.size() > kShown ? fmt::format("; and {} more", faults_.size() - kShown) : "";
      throw Error(fmt::format("the {} does not fit: {}{}", kind, fmt::join(shown, "; "), more),
                  file, hint);
    }
    result_.width_divisor = divisor_;
    return std::move(result_);
  }

 private:
  /// Three channels are colours, whatever the width.
  std::int64_t scaled(std::int64_t channels) const {
    return channels == 3 ? channels : channels / divisor_;
  }

  const NamedTensors& tensors_;
  std::string prefix_;
  int divisor_;
  NamedWeights result_;
  std::vector<std::string> faults_;
};

const torch::Tensor* weight_at(const NamedTensors& tensors, const std::string& prefix, int index) {
  const auto found = tensors.find(name_of(prefix, index, "weight"));
  return found == tensors.end() || found->second.dim() != 4 ? nullptr : &found->second;
}

NamedWeights take_sequential_encoder(const NamedTensors& tensors, const std::string& prefix,
                                     const std::string& file) {
  const torch::Tensor* first = weight_at(tensors, prefix, 2);
  Taker taker(tensors, prefix, first == nullptr ? 1 : divisor_of(first->size(0)).value_or(1));
  taker.take(0, 0, "weight", {3, 3, 1, 1});
  taker.take(0, 0, "bias", {3});
  taker.take_all(kEncoder);
  return taker.finish(file, "encoder", kEncoderHint);
}

NamedWeights take_torchvision_encoder(const NamedTensors& tensors, const std::string& prefix,
                                      const std::string& file) {
  const std::int64_t channels = weight_at(tensors, prefix, 0)->size(0);
  Taker taker(tensors, prefix, divisor_of(channels).value_or(1));
  constexpr std::array<int, 9> kNumbers{0, 2, 5, 7, 10, 12, 14, 16, 19};
  taker.take_all(kEncoder, kNumbers);
  NamedWeights weights = taker.finish(file, "encoder", kEncoderHint);
  // torchvision's models want (x - mean) / deviation, with these ImageNet constants of its docs.
  const torch::Tensor mean = torch::tensor({0.485F, 0.456F, 0.406F});
  const torch::Tensor deviation = torch::tensor({0.229F, 0.224F, 0.225F});
  weights.tensors["0.weight"] = torch::diag(1 / deviation).view({3, 3, 1, 1}).contiguous();
  weights.tensors["0.bias"] = -mean / deviation;
  return weights;
}

/// A network that was found, and what stands before its names.
struct Found {
  std::string prefix;
  NamedWeights weights;
};

bool are_equal(const NamedTensors& a, const NamedTensors& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& other) {
    return one.first == other.first && torch::equal(one.second, other.second);
  });
}

/// The one network that fits, the same one under several names being one: a checkpoint may hold
/// the weights and their moving average, and only its maker knows which are meant. `take` gives the
/// weights behind a prefix, or throws Error for what does not fit.
template <typename Take>
NamedWeights only_one(const std::vector<std::string>& prefixes, const std::string& kind,
                      const std::string& file, const Take& take) {
  std::vector<Found> fitting;
  std::optional<Error> misfit;
  for (const std::string& prefix : prefixes) {
    try {
      fitting.push_back({prefix, take(prefix)});
    } catch (const Error& error) {
      if (!misfit) misfit = error;
    }
  }
  if (fitting.empty()) throw *misfit;
  std::vector<std::string> names;
  for (const Found& found : fitting) {
    names.push_back(found.prefix.empty() ? "those without a prefix" : "'" + found.prefix + "'");
  }
  const bool are_the_same = std::all_of(fitting.begin(), fitting.end(), [&](const Found& found) {
    return are_equal(found.weights.tensors, fitting.front().weights.tensors);
  });
  if (are_the_same) return std::move(fitting.front().weights);
  throw Error(fmt::format("there are {} {}s among its tensors, and they differ: {}", names.size(),
                          kind, fmt::join(names, ", ")),
              file, "save a state_dict that has only the tensors of one of these prefixes");
}

}  // namespace

NamedWeights find_encoder(const NamedTensors& tensors, const std::string& file) {
  const auto is_sequential = [&](const std::string& prefix) {
    const torch::Tensor* first = weight_at(tensors, prefix, 0);
    return first != nullptr && first->size(2) == 1;
  };
  const std::vector<std::string> found = prefixes_where(tensors, [&](const std::string& prefix) {
    const torch::Tensor* first = weight_at(tensors, prefix, 0);
    return is_sequential(prefix) ||
           (first != nullptr && first->size(1) == 3 && first->size(2) == 3);
  });
  if (found.empty()) {
    throw Error("its tensors do not contain a VGG encoder", file, kEncoderHint);
  }
  return only_one(found, "encoder", file, [&](const std::string& prefix) {
    return is_sequential(prefix) ? take_sequential_encoder(tensors, prefix, file)
                                 : take_torchvision_encoder(tensors, prefix, file);
  });
}

NamedWeights find_decoder(const NamedTensors& tensors, const std::string& file) {
  const std::vector<std::string> found = prefixes_where(tensors, [&](const std::string& prefix) {
    const torch::Tensor* last = weight_at(tensors, prefix, 28);
    return weight_at(tensors, prefix, 1) != nullptr && last != nullptr && last->size(0) == 3;
  });
  if (found.empty()) {
    throw Error("its tensors do not contain an AdaIN decoder", file, kDecoderHint);
  }
  return only_one(found, "decoder", file, [&](const std::string& prefix) {
    Taker taker(tensors, prefix, divisor_of(weight_at(tensors, prefix, 28)->size(1)).value_or(1));
    taker.take_all(kDecoder);
    return taker.finish(file, "decoder", kDecoderHint);
  });
}

}  // namespace epochal
