#pragma once

#include "experiments/torch/images/generated/scene_view.h"

namespace epochal::scene {

/// A flat rectangle in space: from `corner`, `width` metres along the unit vector `across` and
/// `height` along `upward`.
struct Patch {
  Vector corner;
  Vector across;
  Vector upward;
  double width;
  double height;

  Vector at(double u, double v) const { return corner + across * u + upward * v; }
};

/// Paints the part of a patch within `outline`, given in its metres: shade(u, v, depth).
template <typename Shade>
void paint_patch(Canvas& canvas, const Camera& camera, const Patch& patch, const Outline& outline,
                 const Shade& shade) {
  Outline seen;
  for (const cv::Point2d& corner : outline) {
    Vector place = patch.at(corner.x, corner.y);
    place.depth = std::max(place.depth, 0.3);
    seen.push_back(camera.see(place));
  }
  const Vector eye{0, camera.eye, 0};
  const Vector normal = cross(patch.across, patch.upward);
  const Vector from_eye = patch.corner - eye;
  const double away = dot(normal, from_eye);
  canvas.paint(seen, [&](double x, double y) {
    const Vector ray = camera.ray(x, y);
    const double slope = dot(normal, ray);
    const double depth = std::clamp(away / (std::abs(slope) < 1e-9 ? 1e-9 : slope), 0.3, 1e4);
    const Vector hit = ray * depth - from_eye;
    return shade(dot(hit, patch.across), dot(hit, patch.upward), depth);
  });
}

enum class Facing { plaster, brick, stone };

/// How a wall looks.
struct Facade {
  Colour wall;
  Colour frame;
  Facing facing = Facing::plaster;
  double floor_height = 3;
  double bay = 2.4;  ///< from window to window
  double window_width = 1;
  double window_height = 1.5;
  bool has_shop = false;  ///< large panes below
  bool has_door = false;
  double ground = 0.4;  ///< height of the base in another stone
};

Facade drawn_facade(KeyedRandom& random);

/// One wall with its windows, up to patch.height. `share` is of the direct light.
void wall(Canvas& canvas, const ValueNoise& grain, const Camera& camera, const Air& air,
          const Patch& patch, const Facade& facade, double share);

/// A house with a gable roof, turned by `angle` about its middle.
struct House {
  Vector middle;  ///< of its ground floor
  double width = 8;
  double length = 6;
  double height = 4;  ///< of the walls
  double roof = 3;    ///< of the ridge above them
  double angle = 0;
};

void house(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
           const House& house, const Facade& facade);

}  // namespace epochal::scene
