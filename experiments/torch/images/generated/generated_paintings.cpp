// A painting: a palette, a subject in its colours, and a technique.

#include "experiments/torch/images/generated/generated_paintings.h"

#include "experiments/torch/images/generated/canvas.h"
#include "experiments/torch/images/generated/painting_subject.h"
#include "experiments/torch/images/generated/painting_techniques.h"

namespace epochal {

cv::Mat draw_painting(KeyedRandom& random, int side, std::optional<Technique> wanted) {
  Canvas canvas(side);
  const auto drawn = static_cast<Technique>(random.below(kTechniques));
  const painting::Palette palette = painting::drawn_palette(random);
  const painting::Subject subject(random, palette);
  switch (wanted.value_or(drawn)) {
    case Technique::strokes:
      painting::strokes(canvas, random, subject, palette);
      break;
    case Technique::dots:
      painting::dots(canvas, random, subject, palette);
      break;
    case Technique::planes:
      painting::planes(canvas, random, subject, palette);
      break;
    case Technique::hatching:
      painting::hatching(canvas, random, subject, palette);
      break;
    case Technique::glass:
      painting::glass(canvas, random, subject, palette);
      break;
    case Technique::mosaic:
      painting::mosaic(canvas, random, subject, palette);
      break;
    case Technique::wash:
      painting::wash(canvas, random, subject, palette);
  }
  return canvas.pixels();
}

}  // namespace epochal
