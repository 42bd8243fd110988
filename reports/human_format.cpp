// Numbers, times and texts as people read them.

#include "reports/human_format.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <ctime>

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
  const auto whole = std::llround(seconds);
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

std::string format_time(Timestamp at) {
  constexpr double kYear9999 = 253402300799.0;
  if (!(at >= 0 && at <= kYear9999)) return "?";
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(static_cast<std::time_t>(at)));
}

std::string format_epochs(const RunRecord& run) {
  if (run.epochs_done >= run.epochs) return fmt::format("{} epochs", run.epochs_done);
  return fmt::format("{} of {} epochs", run.epochs_done, run.epochs);
}

std::string printable(std::string_view text, std::size_t most) {
  std::string result;
  for (const char c : text.substr(0, most)) {
    const auto byte = static_cast<unsigned char>(c);
    result += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  if (text.size() <= most) return result;
  while (!result.empty() && (static_cast<unsigned char>(result.back()) & 0xc0) == 0x80) {
    result.pop_back();
  }
  if (!result.empty() && static_cast<unsigned char>(result.back()) >= 0xc0) result.pop_back();
  return result + "…";
}

}  // namespace epochal
