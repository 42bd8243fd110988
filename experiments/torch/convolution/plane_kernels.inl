// The kernels themselves, compiled once for each instruction set, with kLanes defined before. No
// function of external linkage may be called here: the linker could keep the copy that was compiled
// for an instruction set which the processor lacks.

#include <cstdint>
#include <cstring>

#include "experiments/torch/convolution/plane_kernels.h"

namespace epochal {
namespace {

// The compiler's vector types: arithmetic and comparison work lane by lane.
using Lanes [[gnu::vector_size(kLanes * sizeof(float))]] = float;
using Bits [[gnu::vector_size(kLanes * sizeof(float))]] = std::uint32_t;
using HalfBits [[gnu::vector_size(kLanes * sizeof(std::uint16_t))]] = std::uint16_t;

struct Float32 {
  using Stored = float;

  static Lanes load(const Stored* from) {
    Lanes lanes;
    std::memcpy(&lanes, from, sizeof lanes);
    return lanes;
  }
  static void store(Lanes lanes, Stored* to) { std::memcpy(to, &lanes, sizeof lanes); }
};

struct BFloat16 {
  using Stored = std::uint16_t;

  static Lanes load(const Stored* from) {
    HalfBits half;
    std::memcpy(&half, from, sizeof half);
    const Bits bits = __builtin_convertvector(half, Bits) << 16;
    return __builtin_bit_cast(Lanes, bits);
  }

  /// Rounds to nearest, ties to even.
  static void store(Lanes lanes, Stored* to) {
    const Bits bits = __builtin_bit_cast(Bits, lanes);
    const Bits rounded = (bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16;
    const Bits quiet = (bits >> 16) | 0x40U;
    const Bits kept = lanes == lanes ? rounded : quiet;
    const HalfBits half = __builtin_convertvector(kept, HalfBits);
    std::memcpy(to, &half, sizeof half);
  }
};

constexpr Lanes kZero{};

Lanes larger(Lanes a, Lanes b) {
  // Not a number stays what it is, from either side.
  return a > b || a != a ? a : b;
}

/// Of one plane.
Lanes lanes_at(const float* values, int plane) {
  return values == nullptr ? kZero : Float32::load(values + plane * kLanes);
}

/// The gradient of a rectified value's input.
Lanes behind_rectifier(Lanes value, Lanes gradient) {
  return value == kZero ? kZero : gradient;
}

/// Pixels of one of the planes by row and column.
template <typename Format>
class Plane {
  using Stored = typename Format::Stored;

 public:
  Plane(void* planes, int plane, int width, int stride)
      : values_(static_cast<Stored*>(planes) + plane * kLanes),
        width_(static_cast<std::size_t>(width)),
        stride_(static_cast<std::size_t>(stride)) {}

  Stored* at(int row, int column) const {
    return values_ +
           (static_cast<std::size_t>(row) * width_ + static_cast<std::size_t>(column)) * stride_;
  }
  Lanes get(int row, int column) const { return Format::load(at(row, column)); }
  void set(int row, int column, Lanes lanes) const { Format::store(lanes, at(row, column)); }
  void copy(int row, int column, int from_row, int from_column) const {
    std::memcpy(at(row, column), at(from_row, from_column), sizeof(Stored) * kLanes);
  }

 private:
  Stored* values_;
  std::size_t width_;
  std::size_t stride_;
};

/// Pixels of a plane of a view, rectified if it says so.
template <typename Format>
class Source {
 public:
  Source(PlaneView view, int plane)
      : plane_(const_cast<void*>(view.values), plane, view.extent.width, view.stride),
        lowest_(kZero - (view.rectified ? 0.0F : __builtin_inff())) {}

  Lanes get(int row, int column) const {
    const Lanes value = plane_.get(row, column);
    return value < lowest_ ? lowest_ : value;  // what is no number stays so
  }

 private:
  Plane<Format> plane_;
  Lanes lowest_;
};

template <typename Format>
Lanes largest_of_window(const Source<Format>& source, Extent extent, int row, int column) {
  const bool has_right = column + 1 < extent.width;
  Lanes most = source.get(row, column);
  if (has_right) most = larger(most, source.get(row, column + 1));
  if (row + 1 == extent.height) return most;
  most = larger(most, source.get(row + 1, column));
  return has_right ? larger(most, source.get(row + 1, column + 1)) : most;
}

template <typename Format>
Lanes resampled_pixel(const Source<Format>& from, Extent extent, Resampling resampling, int row,
                      int column) {
  if (resampling == Resampling::none) return from.get(row, column);
  if (resampling == Resampling::twice) return from.get(row / 2, column / 2);
  return largest_of_window(from, extent, 2 * row, 2 * column);
}

template <typename Format>
void pad(PlaneView view, Resampling resampling, void* padded) {
  const Extent inner = resampled(view.extent, resampling);
  const auto target = [&](int plane) {
    return Plane<Format>(padded, plane, inner.width + 2, view.stride);
  };
  for (int row = 0; row < inner.height; ++row) {
    for (int plane = 0; plane < view.planes; ++plane) {
      const Source<Format> from(view, plane);
      const Plane<Format> to = target(plane);
      for (int column = 0; column < inner.width; ++column) {
        to.set(row + 1, column + 1,
               resampled_pixel(from, view.extent, resampling, row, column));
      }
      to.copy(row + 1, 0, row + 1, 2);
      to.copy(row + 1, inner.width + 1, row + 1, inner.width - 1);
    }
  }
  for (int plane = 0; plane < view.planes; ++plane) {
    const Plane<Format> to = target(plane);
    for (int column = 0; column < inner.width + 2; ++column) {
      to.copy(0, column, 2, column);
      to.copy(inner.height + 1, column, inner.height - 1, column);
    }
  }
}

/// Adds the gradient of the reflected pixels to that of the pixels they show.
template <typename Format>
void fold_border(const Plane<Format>& padded, Extent inner) {
  const auto add = [&](int to_row, int to_column, int row, int column) {
    padded.set(to_row, to_column, padded.get(to_row, to_column) + padded.get(row, column));
  };
  for (int row = 0; row < inner.height + 2; ++row) {
    add(row, 2, row, 0);
    add(row, inner.width - 1, row, inner.width + 1);
  }
  for (int column = 1; column <= inner.width; ++column) {
    add(2, column, 0, column);
    add(inner.height - 1, column, inner.height + 1, column);
  }
}

/// From the gradient of what was padded to that of one plane's values, by rows.
template <typename Format>
class Unpadding {
 public:
  Unpadding(PlaneView view, int plane, PlaneTerms terms, void* gradient)
      : values_(view, plane),
        extent_(view.extent),
        rectified_(view.rectified),
        has_terms_(terms.offset != nullptr),
        offset_(lanes_at(terms.offset, plane)),
        factor_(lanes_at(terms.factor, plane)),
        gradient_(gradient, plane, view.extent.width, view.stride) {}

  void none(const Plane<Format>& padded, int row) const {
    for (int column = 0; column < extent_.width; ++column) {
      set(row, column, padded.get(row + 1, column + 1));
    }
  }

  void twice(const Plane<Format>& padded, int row) const {
    for (int column = 0; column < extent_.width; ++column) {
      const int above = 2 * row + 1;
      const int left = 2 * column + 1;
      set(row, column,
          padded.get(above, left) + padded.get(above, left + 1) + padded.get(above + 1, left) +
              padded.get(above + 1, left + 1));
    }
  }

  /// The gradient goes to the first largest value of a window, as LibTorch's does. `row` is one of
  /// the smaller plane.
  void halve(const Plane<Format>& padded, int row) const {
    for (int column = 0; 2 * column < extent_.width; ++column) {
      const Lanes most = largest_of_window(values_, extent_, 2 * row, 2 * column);
      Lanes left_to_give = padded.get(row + 1, column + 1);
      for (int place = 0; place < 4; ++place) {
        const int y = 2 * row + place / 2;
        const int x = 2 * column + place % 2;
        if (y >= extent_.height || x >= extent_.width) continue;
        const auto is_it = values_.get(y, x) == most;
        set(y, x, is_it ? left_to_give : kZero);
        left_to_give = is_it ? kZero : left_to_give;
      }
    }
  }

 private:
  void set(int row, int column, Lanes from_above) const {
    const Lanes value = values_.get(row, column);
    const Lanes sum = has_terms_ ? from_above + (offset_ + factor_ * value) : from_above;
    gradient_.set(row, column, rectified_ ? behind_rectifier(value, sum) : sum);
  }

  Source<Format> values_;
  Extent extent_;
  bool rectified_;
  bool has_terms_;
  Lanes offset_;
  Lanes factor_;
  Plane<Format> gradient_;
};

template <typename Format>
void unpad(void* padded_gradient, Resampling resampling, PlaneView view, PlaneTerms terms,
           void* gradient) {
  const Extent inner = resampled(view.extent, resampling);
  const auto padded = [&](int plane) {
    return Plane<Format>(padded_gradient, plane, inner.width + 2, view.stride);
  };
  for (int plane = 0; plane < view.planes; ++plane) fold_border(padded(plane), inner);
  const int rows = resampling == Resampling::halve ? inner.height : view.extent.height;
  for (int row = 0; row < rows; ++row) {
    for (int plane = 0; plane < view.planes; ++plane) {
      const Unpadding<Format> unpadding(view, plane, terms, gradient);
      if (resampling == Resampling::none) unpadding.none(padded(plane), row);
      if (resampling == Resampling::halve) unpadding.halve(padded(plane), row);
      if (resampling == Resampling::twice) unpadding.twice(padded(plane), row);
    }
  }
}

/// Sums of a row in float32, of rows in float64, both of the distance from the first row's mean,
/// so that nothing cancels.
template <typename Format>
void moments(PlaneView view, double* mean, double* squares) {
  const Extent extent = view.extent;
  Lanes centres[kMaxChannelsAtOnce];
  double sums[kMaxChannelsAtOnce][kLanes] = {};
  double sums_of_squares[kMaxChannelsAtOnce][kLanes] = {};
  for (int row = 0; row < extent.height; ++row) {
    for (int plane = 0; plane < view.planes; ++plane) {
      const Source<Format> values(view, plane);
      Lanes& centre = centres[plane];
      if (row == 0) {
        centre = kZero;
        for (int column = 0; column < extent.width; ++column) centre += values.get(0, column);
        centre /= static_cast<float>(extent.width);
      }
      Lanes sum = kZero;
      Lanes sum_of_squares = kZero;
      for (int column = 0; column < extent.width; ++column) {
        const Lanes distance = values.get(row, column) - centre;
        sum += distance;
        sum_of_squares += distance * distance;
      }
      for (int lane = 0; lane < kLanes; ++lane) {
        sums[plane][lane] += sum[lane];
        sums_of_squares[plane][lane] += sum_of_squares[lane];
      }
    }
  }
  const double pixels = static_cast<double>(extent.height) * extent.width;
  for (int plane = 0; plane < view.planes; ++plane) {
    for (int lane = 0; lane < kLanes; ++lane) {
      const double shift = sums[plane][lane] / pixels;
      const double square = sums_of_squares[plane][lane] - shift * sums[plane][lane];
      *mean++ = static_cast<double>(centres[plane][lane]) + shift;
      *squares++ = square < 0 ? 0 : square;
    }
  }
}

template <typename Format>
void scale(PlaneView view, PlaneTerms terms, void* scaled) {
  for (int row = 0; row < view.extent.height; ++row) {
    for (int plane = 0; plane < view.planes; ++plane) {
      const Source<Format> from(view, plane);
      const Plane<Format> to(scaled, plane, view.extent.width, view.stride);
      const Lanes offset = lanes_at(terms.offset, plane);
      const Lanes factor = lanes_at(terms.factor, plane);
      for (int column = 0; column < view.extent.width; ++column) {
        to.set(row, column, offset + factor * from.get(row, column));
      }
    }
  }
}

/// Values that lie as those of a view do, and are not rectified.
PlaneView as_stored(const void* values, PlaneView view) {
  view.values = values;
  view.rectified = false;
  return view;
}

template <typename Format>
double squared_distance(PlaneView view, const void* target) {
  const PlaneView target_view = as_stored(target, view);
  double total = 0;
  for (int row = 0; row < view.extent.height; ++row) {
    for (int plane = 0; plane < view.planes; ++plane) {
      const Source<Format> values(view, plane);
      const Source<Format> wanted(target_view, plane);
      Lanes sum = kZero;
      for (int column = 0; column < view.extent.width; ++column) {
        const Lanes distance = values.get(row, column) - wanted.get(row, column);
        sum += distance * distance;
      }
      for (int lane = 0; lane < kLanes; ++lane) total += static_cast<double>(sum[lane]);
    }
  }
  return total;
}

template <typename Format>
void distance_gradient(PlaneView view, const void* target, float weight, PlaneTerms terms,
                       void* gradient) {
  const PlaneView target_view = as_stored(target, view);
  for (int row = 0; row < view.extent.height; ++row) {
    for (int plane = 0; plane < view.planes; ++plane) {
      const Source<Format> values(view, plane);
      const Source<Format> wanted(target_view, plane);
      const Plane<Format> to(gradient, plane, view.extent.width, view.stride);
      const Lanes offset = lanes_at(terms.offset, plane);
      const Lanes factor = lanes_at(terms.factor, plane);
      for (int column = 0; column < view.extent.width; ++column) {
        const Lanes value = values.get(row, column);
        const Lanes sum = weight * (value - wanted.get(row, column)) + (offset + factor * value);
        to.set(row, column, view.rectified ? behind_rectifier(value, sum) : sum);
      }
    }
  }
}

template <typename Format>
constexpr PlaneKernels kKernels{kLanes,          pad<Format>,
                                unpad<Format>,   moments<Format>,
                                scale<Format>,   squared_distance<Format>,
                                distance_gradient<Format>};

PlaneKernels kernels(Precision precision) {
  return precision == Precision::float32 ? kKernels<Float32> : kKernels<BFloat16>;
}

}  // namespace
}  // namespace epochal
