// Numbers, times and texts as people read them.

#include "reports/human_format.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <utility>

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

std::string format_count(std::int64_t count) {
  std::string text = fmt::format("{}", count);
  const std::size_t first = count < 0 ? 1 : 0;
  for (std::size_t place = text.size(); place > first + 3;) text.insert(place -= 3, ",");
  return text;
}

std::string format_steps(std::optional<std::int64_t> steps, std::int64_t published) {
  if (!steps) return {};
  const std::string made = format_count(*steps) + (*steps == 1 ? " step" : " steps");
  if (*steps >= published) return made;
  return fmt::format("{}; published models take {}", made, format_count(published));
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

namespace {

/// The character that `text` begins with and its length in bytes; length 0 where it is no UTF-8.
std::pair<std::uint32_t, std::size_t> first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || length > text.size()) return {0, 0};
  std::uint32_t code = lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {0, 0};
    code = code << 6 | (byte(i) & 0x3f);
  }
  constexpr std::array<std::uint32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = code >= 0xd800 && code < 0xe000;
  if (code < kLeast.at(length) || code > 0x10ffff || is_surrogate) return {0, 0};
  return {code, length};
}

bool is_dangerous(std::uint32_t code) {
  const bool is_control = code < 0x20 || (code >= 0x7f && code < 0xa0);
  const bool turns_direction = code == 0x200e || code == 0x200f || code == 0x061c ||
                               (code >= 0x202a && code <= 0x202e) ||
                               (code >= 0x2066 && code <= 0x2069);
  return is_control || turns_direction || code == 0x2028 || code == 0x2029;
}

std::string escaped(std::uint32_t code) {
  if (code == '\n') return "\\n";
  if (code == '\t') return "\\t";
  if (code == '\r') return "\\r";
  return code < 0x100 ? fmt::format("\\x{:02x}", code) : fmt::format("\\u{:04x}", code);
}

}  // namespace

std::string printable(std::string_view text, std::size_t most) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto [code, length] = first_character(text.substr(at));
    if (at + std::max<std::size_t>(1, length) > most) return result + "…";
    if (length == 0) {
      result += escaped(static_cast<unsigned char>(text[at++]));
      continue;
    }
    result += is_dangerous(code) ? escaped(code) : std::string(text.substr(at, length));
    at += length;
  }
  return result;
}

}  // namespace epochal
