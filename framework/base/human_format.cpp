// Numbers, times and texts for people.

#include "framework/base/human_format.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>

#include "framework/base/whole_number.h"

namespace epochal {

std::string format_number(double value) {
  if (std::isnan(value)) return "nan";
  return fmt::format("{:.4g}", value);
}

std::string format_duration(Seconds duration) {
  const double seconds = duration.count();
  if (!std::isfinite(seconds)) return "?";
  if (seconds > 0 && seconds < 0.0995) return fmt::format("{:.2g} ms", 1000 * seconds);
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = nearest_whole(seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::string format_bytes(Bytes bytes) {
  constexpr std::array<std::string_view, 5> kUnits{"B", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 999.95 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, kUnits.at(unit));
}

std::string format_count(std::int64_t count) {
  std::string text = fmt::format("{}", count);
  const std::size_t first = count < 0 ? 1 : 0;
  for (std::size_t place = text.size(); place > first + 3;) text.insert(place -= 3, ",");
  return text;
}

std::string runs_text(std::size_t count) {
  return count == 1 ? "1 run" : fmt::format("{} runs", count);
}

std::string format_steps(std::optional<std::int64_t> steps, std::int64_t published) {
  if (!steps) return {};
  std::string made = format_count(*steps) + (*steps == 1 ? " step" : " steps");
  if (*steps >= published) return made;
  return fmt::format("{}; published models take {}", made, format_count(published));
}

std::string format_time(Timestamp at) {
  constexpr double kYear9999 = 253402300799.0;
  if (!(at >= 0 && at <= kYear9999)) return "?";
  return fmt::format("{:%Y-%m-%d %H:%M} UTC",
                     fmt::gmtime(std::time_t{nearest_whole(std::trunc(at))}));
}

std::string format_epochs(Epoch done, Epoch wanted) {
  const char* word = std::max(done, wanted) == 1 ? "epoch" : "epochs";
  if (done >= wanted) return fmt::format("{} {}", done, word);
  return fmt::format("{} of {} {}", done, wanted, word);
}

}  // namespace epochal
