#pragma once

#include <opencv2/core/mat.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace epochal {

enum class GeneratorKind {
  scenes,     ///< stands in for photographs: sky, ground, shaded objects
  paintings,  ///< stands in for paintings: strokes along a flow field, dots, blocks, hatching
};

/// "scenes" or "paintings".
std::optional<GeneratorKind> generator_kind(std::string_view name);

/// How a painting is painted.
enum class Technique { strokes, dots, blocks, hatching, glass };
constexpr int kTechniques = 5;

/// Part of the data's fingerprint: raise it when any picture changes.
constexpr int kGeneratorVersion = 1;

/// Picture `index` of a generator, a pure function of kind and index: 8-bit RGB [side,side,3].
cv::Mat generate_image(GeneratorKind kind, std::uint64_t index, int side);

/// Painting `index` in a given technique.
cv::Mat generate_painting(Technique technique, std::uint64_t index, int side);

}  // namespace epochal
