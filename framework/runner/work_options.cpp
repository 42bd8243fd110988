// WorkOptions as one text, for the command lines of workers and Slurm tasks.

#include "framework/runner/work_options.h"

#include <fmt/format.h>

#include <map>

#include "framework/base/error.h"
#include "framework/base/parsed_number.h"

namespace epochal {
namespace {

using Fields = std::map<std::string, std::string>;

constexpr char kEscape = '\\';
constexpr char kEnd = ';';

[[noreturn]] void refuse() {
  throw Error("these are not options of a worker", {}, "only `epochal run` writes them");
}

/// "name=value;" of each. Values may have any byte: a path has.
std::string joined(const Fields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    text += name + '=';
    for (const char c : value) {
      if (c == kEscape || c == kEnd) text += kEscape;
      text += c;
    }
    text += kEnd;
  }
  return text;
}

Fields split(std::string_view text) {
  Fields fields;
  std::string field;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == kEnd) {
      const std::size_t equals = field.find('=');
      if (equals == std::string::npos) refuse();
      fields[field.substr(0, equals)] = field.substr(equals + 1);
      field.clear();
      continue;
    }
    if (text[i] == kEscape) ++i;
    if (i == text.size()) refuse();
    field += text[i];
  }
  if (!field.empty()) refuse();
  return fields;
}

template <typename Number>
Number number_in(const std::string& text) {
  const auto number = parsed_number<Number>(text);
  if (!number) refuse();
  return *number;
}

}  // namespace

std::string to_text(const WorkOptions& options) {
  Fields fields{{"threads", std::to_string(options.threads)},
                {"memory", std::to_string(options.memory)},
                {"keep_checkpoints", std::string(name_of(options.keep_checkpoints))},
                {"provenance", options.provenance.string()},
                {"command", options.command.string()}};
  if (options.deadline) {
    const std::chrono::nanoseconds at(options.deadline->time_since_epoch());
    fields["deadline"] = std::to_string(at.count());
  }
  if (options.stopping) {
    fields["stop"] = to_text(options.stopping->rules);
    fields["sweep"] = std::to_string(options.stopping->sweep);
  }
  return joined(fields);
}

WorkOptions work_options(std::string_view text) {
  WorkOptions options;
  const Fields fields = split(text);
  for (const auto& [name, value] : fields) {
    if (name == "threads") {
      options.threads = number_in<int>(value);
    } else if (name == "memory") {
      options.memory = number_in<Bytes>(value);
    } else if (name == "keep_checkpoints") {
      options.keep_checkpoints = keep_checkpoints(value, name);
    } else if (name == "provenance") {
      options.provenance = value;
    } else if (name == "command") {
      options.command = value;
    } else if (name == "deadline") {
      options.deadline = Deadline(std::chrono::nanoseconds(number_in<std::int64_t>(value)));
    } else if (name == "stop" && fields.contains("sweep")) {
      options.stopping = Stopping{stop_rules(value), number_in<std::int64_t>(fields.at("sweep"))};
    } else if (name != "sweep") {
      refuse();
    }
  }
  if (options.threads < 1) refuse();
  return options;
}

}  // namespace epochal
