#pragma once

#include <span>

#include "experiments/torch/images/generated/scene_view.h"

namespace epochal::scene {

/// A rounded piece of a body, between two points with a radius at each. y is upwards, and the feet
/// stand at 0.
struct Limb {
  double x0, y0, x1, y1;
  double r0, r1;
  Colour colour;
};

/// Pieces that grow together, lit as round ones. `foot` is a place of the picture, `size` the unit
/// of the limbs on it, `join` how far pieces flow into each other.
void paint_body(Canvas& canvas, const Air& air, const ValueNoise& grain, const cv::Point2d& foot,
                double size, double depth, std::span<const Limb> limbs, double join);

/// A standing or walking person with a shadow, `height` metres tall.
void person(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
            const Vector& foot, double height);

enum class Animal { horse, cow, deer, dog, sheep };
constexpr std::uint64_t kAnimals = 5;

/// Its shoulders `height` metres above the ground, seen from its side.
void animal(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
            const Vector& foot, double height, Animal kind);

}  // namespace epochal::scene
