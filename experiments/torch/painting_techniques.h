#pragma once

#include "experiments/torch/canvas.h"
#include "experiments/torch/painting_subject.h"

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
