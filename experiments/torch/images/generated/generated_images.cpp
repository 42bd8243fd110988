// Which generator draws what; everything random comes from KeyedRandom(kind, index).

#include "experiments/torch/images/generated/generated_images.h"

#include "experiments/torch/images/generated/generated_paintings.h"
#include "experiments/torch/images/generated/generated_scenes.h"
#include "framework/base/keyed_random.h"

namespace epochal {

std::optional<GeneratorKind> generator_kind(std::string_view name) {
  if (name == "scenes") return GeneratorKind::scenes;
  if (name == "paintings") return GeneratorKind::paintings;
  return std::nullopt;
}

cv::Mat generate_image(GeneratorKind kind, std::uint64_t index, int side) {
  KeyedRandom random({static_cast<std::uint64_t>(kind), index});
  if (kind == GeneratorKind::scenes) return draw_scene(random, side);
  return draw_painting(random, side, std::nullopt);
}

cv::Mat generate_painting(Technique technique, std::uint64_t index, int side) {
  KeyedRandom random({static_cast<std::uint64_t>(GeneratorKind::paintings), index});
  return draw_painting(random, side, technique);
}

}  // namespace epochal
