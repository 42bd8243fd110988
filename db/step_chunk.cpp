// Columns of numbers as bytes, and the SQL functions that read them.

#include "db/step_chunk.h"

#include <sqlite3.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace epochal::store {
namespace {

constexpr std::size_t kBytesANumber = 8;

void append(std::string& bytes, std::uint64_t number) {
  for (std::size_t i = 0; i < kBytesANumber; ++i)
    bytes += static_cast<char>(number >> (8 * i) & 0xff);
}

std::uint64_t number_at(const unsigned char* bytes, std::size_t place) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < kBytesANumber; ++i) {
    number |= std::uint64_t{bytes[place * kBytesANumber + i]} << (8 * i);
  }
  return number;
}

std::uint64_t number_at(const std::string& bytes, std::size_t place) {
  return number_at(reinterpret_cast<const unsigned char*>(bytes.data()), place);
}

/// The number at an index of a blob argument; none if the index is out of range.
std::optional<std::uint64_t> number_in(sqlite3_value* blob, sqlite3_value* place) {
  const auto* bytes = static_cast<const unsigned char*>(sqlite3_value_blob(blob));
  const std::int64_t at = sqlite3_value_int64(place);
  const auto size = static_cast<std::int64_t>(sqlite3_value_bytes(blob));
  if (bytes == nullptr || at < 0 || at >= size / static_cast<std::int64_t>(kBytesANumber)) {
    return std::nullopt;
  }
  return number_at(bytes, static_cast<std::size_t>(at));
}

/// Wraps around instead of overflowing: the numbers of a stranger may be anything.
std::int64_t step_at(std::int64_t first, std::int64_t stride, std::int64_t place) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(first) +
                                   static_cast<std::uint64_t>(stride) *
                                       static_cast<std::uint64_t>(place));
}

/// step_number(first_step, stride, steps, place)
void step_number(sqlite3_context* context, int, sqlite3_value** arguments) {
  const std::int64_t stride = sqlite3_value_int64(arguments[1]);
  if (stride > 0) {
    sqlite3_result_int64(context, step_at(sqlite3_value_int64(arguments[0]), stride,
                                          sqlite3_value_int64(arguments[3])));
    return;
  }
  const auto number = number_in(arguments[2], arguments[3]);
  if (number) sqlite3_result_int64(context, static_cast<std::int64_t>(*number));
}

/// step_value(vals, place); NULL for NaN.
void step_value(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto number = number_in(arguments[0], arguments[1]);
  if (number) sqlite3_result_double(context, std::bit_cast<double>(*number));
}

std::string blob_in(sqlite3_value* value) {
  const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
  const int size = sqlite3_value_bytes(value);
  return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

/// step_columns_agree(first_step, last_step, stride, count, steps, vals)
void step_columns_agree(sqlite3_context* context, int, sqlite3_value** arguments) {
  StepColumns columns;
  columns.first_step = sqlite3_value_int64(arguments[0]);
  columns.stride = sqlite3_value_int64(arguments[2]);
  columns.count = sqlite3_value_int64(arguments[3]);
  columns.steps = blob_in(arguments[4]);
  columns.values = blob_in(arguments[5]);
  StepChunk chunk;
  const bool agree =
      unpack(columns, chunk) && chunk.steps.back() == sqlite3_value_int64(arguments[1]);
  sqlite3_result_int(context, agree ? 1 : 0);
}

}  // namespace

std::int64_t stride_of(const std::vector<std::int64_t>& steps) {
  if (steps.size() < 2) return 1;
  // The distance between a stranger's numbers may overflow.
  const auto distance = [&](std::size_t i) {
    return static_cast<std::uint64_t>(steps[i]) - static_cast<std::uint64_t>(steps[i - 1]);
  };
  const std::uint64_t stride = distance(1);
  if (stride > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return 0;
  for (std::size_t i = 2; i < steps.size(); ++i) {
    if (distance(i) != stride) return 0;
  }
  return static_cast<std::int64_t>(stride);
}

std::string bytes_of(const std::vector<std::int64_t>& steps) {
  std::string bytes;
  for (const std::int64_t step : steps) append(bytes, static_cast<std::uint64_t>(step));
  return bytes;
}

std::string bytes_of(const std::vector<double>& values) {
  std::string bytes;
  for (const double value : values) append(bytes, std::bit_cast<std::uint64_t>(value));
  return bytes;
}

std::vector<double> reals_in(std::string_view bytes) {
  const auto* first = reinterpret_cast<const unsigned char*>(bytes.data());
  std::vector<double> values(bytes.size() / kBytesANumber);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = std::bit_cast<double>(number_at(first, i));
  }
  return values;
}

bool unpack(const StepColumns& columns, StepChunk& chunk) {
  const auto count = static_cast<std::size_t>(columns.count);
  const bool is_sound = columns.count > 0 && count <= StepChunk::kMost &&
                        columns.values.size() == count * kBytesANumber && columns.stride >= 0 &&
                        (columns.stride > 0 || columns.steps.size() == count * kBytesANumber);
  if (!is_sound) return false;
  chunk.steps.clear();
  chunk.values.clear();
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t step =
        columns.stride > 0
            ? step_at(columns.first_step, columns.stride, static_cast<std::int64_t>(i))
            : static_cast<std::int64_t>(number_at(columns.steps, i));
    if (!chunk.steps.empty() && step <= chunk.steps.back()) return false;
    chunk.steps.push_back(step);
    chunk.values.push_back(std::bit_cast<double>(number_at(columns.values, i)));
  }
  return chunk.steps.front() == columns.first_step;
}

StepBinning::StepBinning(std::int64_t first_step, std::int64_t last_step, std::size_t count)
    : first_step_(first_step) {
  const std::uint64_t range =
      static_cast<std::uint64_t>(last_step) - static_cast<std::uint64_t>(first_step);
  width_ = range / count + 1;
  bins_.resize(static_cast<std::size_t>(range / width_) + 1);
}

void StepBinning::add(const StepChunk& chunk) {
  for (std::size_t i = 0; i < chunk.steps.size(); ++i) {
    const double value = chunk.values[i];
    const std::uint64_t place =
        (static_cast<std::uint64_t>(chunk.steps[i]) - static_cast<std::uint64_t>(first_step_)) /
        width_;
    if (!std::isfinite(value) || place >= bins_.size()) continue;
    StepBin& bin = bins_[static_cast<std::size_t>(place)];
    if (bin.count == 0) bin = {chunk.steps[i], chunk.steps[i], 0, value, value, 0};
    bin.last_step = chunk.steps[i];
    bin.lowest = std::min(bin.lowest, value);
    bin.highest = std::max(bin.highest, value);
    ++bin.count;
    bin.mean += (value - bin.mean) / static_cast<double>(bin.count);
  }
}

std::vector<StepBin> StepBinning::bins() const {
  std::vector<StepBin> filled;
  std::copy_if(bins_.begin(), bins_.end(), std::back_inserter(filled),
               [](const StepBin& bin) { return bin.count > 0; });
  return filled;
}

void add_step_functions(sqlite3* database) {
  constexpr int kPure = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  sqlite3_create_function_v2(database, "step_number", 4, kPure, nullptr, step_number, nullptr,
                             nullptr, nullptr);
  sqlite3_create_function_v2(database, "step_value", 2, kPure, nullptr, step_value, nullptr,
                             nullptr, nullptr);
  sqlite3_create_function_v2(database, "step_columns_agree", 6, kPure, nullptr, step_columns_agree,
                             nullptr, nullptr, nullptr);
}

}  // namespace epochal::store
