// Which place a scene shows.

#include "experiments/torch/images/generated/generated_scenes.h"

#include "experiments/torch/images/generated/canvas.h"
#include "experiments/torch/images/generated/scene_places.h"

namespace epochal {

cv::Mat draw_scene(KeyedRandom& random, int side) {
  Canvas canvas(side);
  switch (random.below(8)) {
    case 0:
    case 1:
      scene::street(canvas, random);
      break;
    case 2:
      scene::harbour(canvas, random);
      break;
    case 3:
      scene::still_life(canvas, random);
      break;
    case 4:
      scene::portrait(canvas, random);
      break;
    default:
      scene::landscape(canvas, random);
  }
  return canvas.pixels();
}

}  // namespace epochal
