#pragma once

#include <opencv2/core/mat.hpp>

#include "experiments/torch/images/generated/scene_view.h"

namespace epochal {

/// A picture in the place of a photograph: open land, a street, a harbour, a still life or a
/// portrait, at some hour of the day. 8-bit RGB [side,side,3].
cv::Mat draw_scene(KeyedRandom& random, int side);

namespace scene {

/// Hills or mountains, fields, trees, houses, a path or a lake; sometimes animals in front.
void landscape(Canvas& canvas, KeyedRandom& random);

/// A street between houses.
void street(Canvas& canvas, KeyedRandom& random);

/// Sailing boats before a coast, and what the water mirrors of them.
void harbour(Canvas& canvas, KeyedRandom& random);

/// Fruit, vessels and flowers on a table.
void still_life(Canvas& canvas, KeyedRandom& random);

/// Head and shoulders of a person.
void portrait(Canvas& canvas, KeyedRandom& random);

}  // namespace scene
}  // namespace epochal
