// Reads a line of JSON from a program as a message, or says why it is not one.

#include "framework/command/program_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "framework/base/printable.h"

namespace epochal {
namespace {

using nlohmann::json;

constexpr std::size_t kMostMetrics = 256;
constexpr std::size_t kLongestName = 200;
constexpr std::size_t kLongestText = 4096;
constexpr int kDeepest = 3;

/// JSON has no NaN, but programs write it: NaN -> "nan".
std::string with_quoted_numbers(std::string_view line) {
  using Word = std::pair<std::string_view, std::string_view>;
  constexpr std::array kWords{Word("-Infinity", "\"-inf\""), Word("Infinity", "\"inf\""),
                              Word("-inf", "\"-inf\""),      Word("inf", "\"inf\""),
                              Word("-nan", "\"nan\""),       Word("NaN", "\"nan\""),
                              Word("nan", "\"nan\"")};
  std::string result;
  result.reserve(line.size() + 16);
  bool is_in_text = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (is_in_text && c == '\\') {
      result += line.substr(at, 2);
      ++at;
      continue;
    }
    if (c == '"') is_in_text = !is_in_text;
    bool is_word = false;
    for (const auto& [word, quoted] : kWords) {
      if (is_in_text || !line.substr(at).starts_with(word)) continue;
      result += quoted;
      at += word.size() - 1;
      is_word = true;
      break;
    }
    if (!is_word) result += c;
  }
  return result;
}

json parsed(std::string_view line) {
  const std::string text = with_quoted_numbers(line);
  bool is_too_deep = false;
  const json::parser_callback_t watch = [&](int depth, json::parse_event_t, json&) {
    is_too_deep = is_too_deep || depth > kDeepest;
    return depth <= kDeepest;
  };
  json message = json::parse(text, watch, false);
  if (message.is_discarded()) throw NoMessage("it is not JSON");
  if (is_too_deep) throw NoMessage("its JSON is nested too deeply");
  if (!message.is_object()) throw NoMessage("it is not a JSON object");
  return message;
}

std::optional<double> number_in(const json& value) {
  if (value.is_number()) return value.get<double>();
  if (!value.is_string()) return std::nullopt;
  const std::string& word = value.get_ref<const std::string&>();
  if (word == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (word == "inf") return std::numeric_limits<double>::infinity();
  if (word == "-inf") return -std::numeric_limits<double>::infinity();
  return std::nullopt;
}

/// A whole number from 0, also if it is written as 3.0.
std::int64_t count_in(const json& value, std::string_view name) {
  const std::optional<double> number = value.is_number() ? number_in(value) : std::nullopt;
  if (!number || !(*number >= 0) || std::trunc(*number) != *number) {
    throw NoMessage(fmt::format("its {} is not a whole number from 0", name));
  }
  // A double cannot tell 2^53 + 1 from 2^53.
  const bool is_too_large = value.is_number_unsigned()
                                ? value.get<std::uint64_t>() > std::uint64_t{kLargestCount}
                                : *number > static_cast<double>(kLargestCount);
  if (is_too_large) throw NoMessage(fmt::format("its {} is larger than 2^53", name));
  return static_cast<std::int64_t>(*number);
}

std::string text_in(const json& value, std::string_view name) {
  if (!value.is_string()) throw NoMessage(fmt::format("its {} is not a text", name));
  const std::string& text = value.get_ref<const std::string&>();
  if (text.size() > kLongestText) {
    throw NoMessage(fmt::format("its {} is longer than {} bytes", name, kLongestText));
  }
  if (text.find('\0') != std::string::npos) {
    throw NoMessage(fmt::format("its {} holds a zero byte", name));
  }
  return text;
}

bool is_metric_name(const std::string& name) {
  return !name.empty() && name.size() <= kLongestName &&
         std::ranges::none_of(name, is_control_character);
}

void add_metric(const std::string& name, const json& value, Metrics& metrics) {
  if (!is_metric_name(name))
    throw NoMessage("the name of a value is empty, too long or unreadable");
  const std::optional<double> number = number_in(value);
  if (!number)
    throw NoMessage(fmt::format("the value of '{}' is not a number", name.substr(0, 80)));
  if (metrics.size() >= kMostMetrics) {
    throw NoMessage(fmt::format("it has more than {} values", kMostMetrics));
  }
  metrics[name] = *number;
}

bool flag_in(const json& value, std::string_view name) {
  if (!value.is_boolean()) throw NoMessage(fmt::format("its {} is neither true nor false", name));
  return value.get<bool>();
}

EpochLine epoch_line(const json& message) {
  EpochLine line;
  for (const auto& [key, value] : message.items()) {
    if (key == "epoch") {
      line.epoch = count_in(value, "epoch");
    } else if (key == "samples") {
      line.samples = count_in(value, "samples");
    } else if (key == "steps") {
      line.steps = count_in(value, "steps");
    } else if (key == "learning_rate") {
      line.learning_rate = number_in(value);
      if (!line.learning_rate) throw NoMessage("its learning_rate is not a number");
    } else if (key == "saves") {
      line.saves = flag_in(value, "saves");
    } else if (key == "last") {
      line.last = flag_in(value, "last");
    } else {
      add_metric(key, value, line.metrics);
    }
  }
  return line;
}

StepLine step_line(const json& message) {
  StepLine line;
  for (const auto& [key, value] : message.items()) {
    if (key == "step") {
      line.step = count_in(value, "step");
    } else if (key != "epoch") {  // the epoch of the step, as logs write it: 3 or 3.25
      add_metric(key, value, line.metrics);
    }
  }
  return line;
}

ProgressLine progress_line(const json& value) {
  if (!value.is_array() || value.size() != 2) throw NoMessage("its progress is not [done, total]");
  ProgressLine line{count_in(value[0], "progress"), count_in(value[1], "progress")};
  if (line.done > line.total) throw NoMessage("its progress is greater than its total");
  return line;
}

std::vector<MetricSpec> directions_in(const json& value) {
  if (!value.is_object() || value.size() > kMostMetrics) {
    throw NoMessage(fmt::format("its better is not an object of up to {} metrics", kMostMetrics));
  }
  std::vector<MetricSpec> metrics;
  for (const auto& [name, better] : value.items()) {
    if (!is_metric_name(name)) throw NoMessage("the name of a metric is empty, too long or broken");
    if (better != json("lower") && better != json("higher")) {
      throw NoMessage("a value of its better is neither \"lower\" nor \"higher\"");
    }
    MetricSpec& metric = metrics.emplace_back();
    metric.name = name;
    metric.better = better == json("lower") ? Better::lower : Better::higher;
  }
  return metrics;
}

HelloLine checked_hello_line(const json& message) {
  HelloLine line;
  line.protocol = count_in(message["hello"], "hello");
  if (message.contains("seed")) {
    line.own.seed = static_cast<std::uint64_t>(count_in(message["seed"], "seed"));
  }
  if (message.contains("epochs")) {
    constexpr std::int64_t kMostOwnEpochs = 1'000'000'000;
    line.own.epochs =
        static_cast<Epoch>(std::min(count_in(message["epochs"], "epochs"), kMostOwnEpochs));
  }
  if (message.contains("better")) line.own.metrics = directions_in(message["better"]);
  if (message.contains("objective")) {
    line.own.objective = text_in(message["objective"], "objective");
    const auto is_it = [&](const MetricSpec& metric) { return metric.name == line.own.objective; };
    if (std::none_of(line.own.metrics.begin(), line.own.metrics.end(), is_it)) {
      throw NoMessage("its better does not say which values of the objective are better");
    }
  }
  return line;
}

/// A broken first line fails the run: the client would wait for answers that never come.
HelloLine hello_line(const json& message) {
  try {
    return checked_hello_line(message);
  } catch (const NoMessage& reason) {
    throw Error(fmt::format("the client's first line is invalid: {}", reason.fault()), {},
                "see better and objective of epochal.init, or docs/protocol.md");
  }
}

ArtifactLine artifact_line(const json& message) {
  ArtifactLine line{text_in(message["artifact"], "artifact"), {}};
  if (const auto caption = message.find("caption"); caption != message.end()) {
    line.caption = text_in(*caption, "caption");
  }
  return line;
}

}  // namespace

ProgramLine read_program_line(std::string_view line) {
  if (line.size() > kLongestLine) {
    throw NoMessage(fmt::format("it is longer than {} bytes", kLongestLine));
  }
  const json message = parsed(line);
  if (message.contains("step")) return step_line(message);
  if (message.contains("epoch")) return epoch_line(message);
  if (message.contains("hello")) return hello_line(message);
  if (message.contains("artifact")) return artifact_line(message);
  if (message.contains("note")) return NoteLine{text_in(message["note"], "note")};
  if (message.contains("device")) return DeviceLine{text_in(message["device"], "device")};
  if (message.contains("progress")) return progress_line(message["progress"]);
  if (message.contains("saved")) {
    if (message["saved"] != json(true)) throw NoMessage("its saved is not true");
    return SavedLine{};
  }
  throw NoMessage("it has none of the keys of a message");
}

}  // namespace epochal
