#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace epochal::search {

/// A dimension takes part only where a category before it has one of these choices.
struct Condition {
  std::size_t parent = 0;            ///< place of a category, before the dimension's own
  std::vector<std::size_t> choices;  ///< of the parent

  bool operator==(const Condition&) const = default;
};

/// One parameter that a search chooses.
struct Dimension {
  enum class Kind { real, integer, category };

  std::string name;
  Kind kind = Kind::real;
  double low = 0;   ///< of a number, both ends included
  double high = 1;  ///< of a number; whole and below 2^53 for an integer
  bool is_logarithmic = false;
  std::size_t choices = 0;  ///< of a category: its values are 0 … choices-1
  std::optional<Condition> condition = {};

  bool operator==(const Dimension&) const = default;
};

/// A value for each dimension; none where its condition does not hold.
using Point = std::vector<std::optional<double>>;

/// Where numbers lie between 0 and 1, on their own scale: the logarithm of a logarithmic one. An
/// integer owns the interval from half below to half above it.
class SearchSpace {
 public:
  /// Throws std::invalid_argument for ends that are not finite or not in order, a logarithm of 0
  /// or less, a category without choices, and a condition on anything but an earlier category.
  explicit SearchSpace(std::vector<Dimension> dimensions);

  const std::vector<Dimension>& dimensions() const { return dimensions_; }
  std::size_t size() const { return dimensions_.size(); }

  /// Whether the dimension takes part in a point whose earlier values are known.
  bool is_active(std::size_t dimension, const Point& point) const;

  /// The value at a place in [0, 1): of a category too, whose choices have equal parts.
  double value_at(std::size_t dimension, double place) const;

  /// The place of a number's value; an integer's middle.
  double place_of(std::size_t dimension, double value) const;

  /// The interval of places that give this integer.
  std::pair<double, double> cell_of(std::size_t dimension, double value) const;

  /// The values at a place of the unit cube, without those whose condition does not hold.
  Point point_at(const std::vector<double>& places) const;

 private:
  struct Scale {
    double low = 0;
    double width = 1;
  };

  double scaled(std::size_t dimension, double value) const;

  std::vector<Dimension> dimensions_;
  std::vector<Scale> scales_;
};

}  // namespace epochal::search
