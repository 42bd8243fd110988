// Orders and answers between the local executor and its workers, one line each.

#include "framework/executor/worker_channel.h"

#include <fmt/format.h>

#include "framework/base/error.h"
#include "framework/base/parsed_number.h"

namespace epochal {
namespace {

/// A folder's name may contain a newline, which would end the line.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n') {
      result += "\\n";
    } else {
      result += c == '\\' ? "\\\\" : std::string(1, c);
    }
  }
  return result;
}

std::string unescaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '\\' && i + 1 < text.size();
    if (is_escape) ++i;
    result += is_escape && text[i] == 'n' ? '\n' : text[i];
  }
  return result;
}

}  // namespace

std::string to_line(const WorkerOrder& order) {
  return fmt::format("{} {}\n", order.run.value, escaped(order.log.string()));
}

WorkerOrder worker_order(const std::string& line) {
  const std::size_t space = line.find(' ');
  const auto run = parsed_number<std::int64_t>(std::string_view(line).substr(0, space));
  if (!run || space == std::string::npos) throw Error("this is not an order");
  return {store::RunId{*run}, unescaped(std::string_view(line).substr(space + 1))};
}

std::optional<int> take_answer(std::string& received) {
  constexpr int kInternalError = 70;
  const std::size_t end = received.find('\n');
  if (end == std::string::npos) return std::nullopt;
  const auto code = parsed_number<int>(std::string_view(received).substr(0, end));
  received.erase(0, end + 1);
  return code.value_or(kInternalError);
}

}  // namespace epochal
