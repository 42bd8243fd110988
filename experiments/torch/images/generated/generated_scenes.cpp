// Which place a scene shows.

#include "experiments/torch/images/generated/generated_scenes.h"

namespace epochal {

cv::Mat draw_scene(KeyedRandom& random, int side) {
  Canvas canvas(side);
  constexpr std::array kPlaces{scene::street,     scene::street,   scene::harbour,
                               scene::still_life, scene::portrait, scene::landscape,
                               scene::landscape,  scene::landscape};
  kPlaces.at(random.below(kPlaces.size()))(canvas, random);
  return canvas.pixels();
}

}  // namespace epochal
