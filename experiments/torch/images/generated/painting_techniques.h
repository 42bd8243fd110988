#pragma once

#include "experiments/torch/images/generated/canvas.h"
#include "experiments/torch/images/generated/painting_subject.h"

namespace epochal::painting {

/// Each paints the whole canvas.
void strokes(Canvas& canvas, KeyedRandom& random, const Subject& subject, const Palette& palette);
void dots(Canvas& canvas, KeyedRandom& random, const Subject& subject, const Palette& palette);
void planes(Canvas& canvas, KeyedRandom& random, const Subject& subject, const Palette& palette);
void hatching(Canvas& canvas, KeyedRandom& random, const Subject& subject, const Palette& palette);
void glass(Canvas& canvas, KeyedRandom& random, const Subject& subject, const Palette& palette);
void mosaic(Canvas& canvas, KeyedRandom& random, const Subject& subject, const Palette& palette);
void wash(Canvas& canvas, KeyedRandom& random, const Subject& subject, const Palette& palette);

}  // namespace epochal::painting
