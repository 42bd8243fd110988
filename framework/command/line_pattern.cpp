// Patterns (RE2) for lines of output.

#include "framework/command/line_pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <vector>

#include "framework/base/error.h"
#include "framework/base/parsed_number.h"
#include "framework/base/printable.h"
#include "framework/command/program_line.h"

namespace epochal {
namespace {

constexpr std::size_t kLongestPattern = 4096;
constexpr std::int64_t kMemory = 8 << 20;

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

std::string_view view(const re2::StringPiece& text) {
  return {text.data(), text.size()};
}

}  // namespace

std::optional<double> printed_number(std::string_view text) {
  if (text.ends_with('%')) text.remove_suffix(1);
  // Characters that may follow a number in a sentence or a list.
  while (text.ends_with(',') || text.ends_with(';') || text.ends_with('.')) text.remove_suffix(1);
  if (text.starts_with('+')) text.remove_prefix(1);
  return parsed_number<double>(text);
}

std::string without_escapes(std::string_view line) {
  static const RE2 kEscape("\\x1b(\\[[0-?]*[ -/]*[@-~]|[@-Z\\\\^_])");
  std::string text(line);
  if (line.find('\x1b') != std::string_view::npos) RE2::GlobalReplace(&text, kEscape, "");
  return text;
}

LinePattern::LinePattern(const std::string& pattern) {
  if (pattern.size() > kLongestPattern) {
    throw Error(fmt::format("the pattern is longer than {} bytes", kLongestPattern));
  }
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(kMemory);
  expression_ = std::make_unique<RE2>(pattern, options);
  if (!expression_->ok()) {
    throw Error(fmt::format("the pattern is not a valid regular expression of RE2: {}",
                            expression_->error()),
                {}, "see https://github.com/google/re2/wiki/Syntax");
  }
  const auto& groups = expression_->NamedCapturingGroups();
  const auto number_of = [&](const char* name) {
    const auto found = groups.find(name);
    return found == groups.end() ? 0 : found->second;
  };
  value_ = number_of("value");
  epoch_ = number_of("epoch");
  if (value_ == 0) {
    throw Error("the pattern has no group named value", {},
                R"(write loss=(?P<value>\S+), and (?P<epoch>\d+) where the line says the epoch)");
  }
}

LinePattern::~LinePattern() = default;
LinePattern::LinePattern(LinePattern&&) noexcept = default;
LinePattern& LinePattern::operator=(LinePattern&&) noexcept = default;

std::optional<LinePattern::Found> LinePattern::find(std::string_view line) const {
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(std::max(value_, epoch_)) + 1);
  const bool matches = expression_->Match(piece(line), 0, line.size(), RE2::UNANCHORED,
                                          groups.data(), static_cast<int>(groups.size()));
  if (!matches) return std::nullopt;
  const std::string_view value = view(groups[static_cast<std::size_t>(value_)]);
  Found found{printed_number(value), std::string(value), {}};
  if (epoch_ == 0) return found;
  const std::string_view epoch = view(groups[static_cast<std::size_t>(epoch_)]);
  found.epoch = parsed_number<std::int64_t>(epoch);
  if (found.epoch) return found;
  throw NoMessage(fmt::format("its epoch '{}' is not a number", printable(epoch, 80)));
}

}  // namespace epochal
