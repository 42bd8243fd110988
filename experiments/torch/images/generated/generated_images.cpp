// Which generator draws what; everything random comes from KeyedRandom(kind, index). A painting is
// a palette, a subject in its colours, and a technique.

#include "experiments/torch/images/generated/generated_images.h"

#include <array>

#include "experiments/torch/images/generated/generated_scenes.h"
#include "experiments/torch/images/generated/painting_techniques.h"

namespace epochal {
namespace {

/// In the order of Technique.
constexpr std::array kPainters{painting::strokes,  painting::dots,  painting::planes,
                               painting::hatching, painting::glass, painting::mosaic,
                               painting::wash};
static_assert(kPainters.size() == kTechniques);

cv::Mat draw_painting(KeyedRandom& random, int side, std::optional<Technique> wanted) {
  Canvas canvas(side);
  const auto drawn = static_cast<Technique>(random.below(kTechniques));
  const painting::Palette palette = painting::drawn_palette(random);
  const painting::Subject subject(random, palette);
  const auto painter = kPainters.at(static_cast<std::size_t>(wanted.value_or(drawn)));
  painter(canvas, random, subject, palette);
  return canvas.pixels();
}

}  // namespace

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
