#pragma once

#include "experiments/torch/images/generated/scene_view.h"

namespace epochal::scene {

enum class TreeKind { round, conifer, cypress };

/// A tree with its shadow. `leaf` is its colour in full light, height in metres.
void tree(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air, TreeKind kind,
          const Vector& foot, double height, const Colour& leaf);

/// A low clump of leaves without a trunk.
void bush(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
          const Vector& foot, double height, const Colour& leaf);

/// A colour of leaves, from spring's yellow green over summer's to autumn's.
Colour drawn_leaf(KeyedRandom& random);

}  // namespace epochal::scene
