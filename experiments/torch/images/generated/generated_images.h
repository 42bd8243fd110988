#pragma once

#include <opencv2/core/mat.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace epochal {

enum class GeneratorKind {
  scenes,     ///< stands in for photographs: land, streets, harbours, still lifes, people
  paintings,  ///< stands in for paintings: a scene or a composition, in one of the techniques
              ///< below and a limited palette
};

/// "scenes" or "paintings".
std::optional<GeneratorKind> generator_kind(std::string_view name);

/// How a painting is painted.
enum class Technique {
  strokes,   ///< brush strokes of several sizes that follow what is painted
  dots,      ///< of unmixed colours
  planes,    ///< facets that show the subject from several places
  hatching,  ///< a woodcut, a colour print or pen and ink
  glass,     ///< coloured panes in lead
  mosaic,    ///< small stones
  wash,      ///< watercolour on grained paper
};
constexpr int kTechniques = 7;

/// Part of the data's fingerprint: raise it when any picture changes.
constexpr int kGeneratorVersion = 4;

/// Picture `index` of a generator, a pure function of kind and index: 8-bit RGB [side,side,3], with
/// the same bits on every machine that has the same version of OpenCV.
cv::Mat generate_image(GeneratorKind kind, std::uint64_t index, int side);

/// Painting `index` in a given technique.
cv::Mat generate_painting(Technique technique, std::uint64_t index, int side);

}  // namespace epochal
