#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/quantities.h"

struct sqlite3;

namespace epochal::store {

/// Values of a metric by step, ordered by step. All steps are in one epoch.
struct StepChunk {
  /// The most values of a chunk; more are stored in several.
  static constexpr std::size_t kMost = 1024;

  std::string metric;
  Epoch epoch = 0;
  std::vector<std::int64_t> steps;  ///< each greater than the one before; as many as values
  std::vector<double> values;
};

/// The distance between consecutive steps; 0 if it varies. 1 for a single step.
std::int64_t stride_of(const std::vector<std::int64_t>& steps);

/// Eight bytes for each number, little endian, as in the store.
std::string bytes_of(const std::vector<std::int64_t>& steps);
std::string bytes_of(const std::vector<double>& values);

/// The numbers in such bytes; bytes after the last whole number are ignored.
std::vector<double> reals_in(std::string_view bytes);

/// The columns of a row of step_chunk, from a store that may come from a stranger.
struct StepColumns {
  std::int64_t first_step = 0;
  std::int64_t stride = 0;
  std::int64_t count = 0;
  std::string steps;
  std::string values;
};

/// Puts steps and values into `chunk`. False if the columns contradict each other.
bool unpack(const StepColumns& columns, StepChunk& chunk);

/// The mean and the range of the values of consecutive steps, for drawing many.
struct StepBin {
  std::int64_t first_step = 0;
  std::int64_t last_step = 0;
  std::int64_t count = 0;  ///< values that are numbers
  double lowest = 0;
  double highest = 0;
  double mean = 0;
};

/// Puts values into `count` bins of equal width from the first step to the last.
class StepBinning {
 public:
  StepBinning(std::int64_t first_step, std::int64_t last_step, std::size_t count);

  /// NaN and the infinities belong to no bin.
  void add(const StepChunk& chunk);
  /// The bins that have values.
  std::vector<StepBin> bins() const;

 private:
  std::int64_t first_step_;
  std::uint64_t width_;
  std::vector<StepBin> bins_;
};

/// Registers the SQL functions step_number and step_value, which the view `steps` calls, and
/// step_columns_agree, with which a check of the store judges a row as unpack() does.
void add_step_functions(sqlite3* database);

}  // namespace epochal::store
