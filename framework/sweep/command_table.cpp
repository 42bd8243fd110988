// [command] -> CommandDeclaration.

#include "framework/sweep/sweep_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "framework/base/error.h"
#include "framework/base/nearest_name.h"
#include "framework/base/printable.h"
#include "framework/command/command_name.h"
#include "framework/command/line_pattern.h"
#include "framework/command/placeholders.h"
#include "framework/command/program_words.h"
#include "framework/sweep/toml_reading.h"

namespace epochal {
namespace {

using toml_reading::place;
using toml_reading::text_at;
using toml_reading::whole_number_at;

constexpr std::size_t kMostWords = 1000;
constexpr std::size_t kLongestWord = 4096;
constexpr std::size_t kMostInputs = 1000;
constexpr std::size_t kMostDeclaredMetrics = 256;
constexpr std::size_t kMostParameters = 256;
constexpr std::int64_t kLongestGrace = 3600;

bool flag_at(const toml::table& table, std::string_view key, const std::string& file) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return false;
  if (node->is_boolean()) return *node->value<bool>();
  throw Error(fmt::format("{} must be true or false", key), place(*node, file));
}

using TextReader = std::string (*)(const toml::node&, std::string_view, const std::string&);

std::vector<std::string> texts_in(const toml::node& node, std::string_view key, std::size_t most,
                                  const std::string& file,
                                  const TextReader& read = toml_reading::text) {
  std::vector<std::string> texts;
  const toml::array& values = toml_reading::filled_array(node, key, place(node, file));
  if (values.size() > most) {
    throw Error(fmt::format("{} has more than {} values", key, most), place(node, file));
  }
  for (const toml::node& value : values) texts.push_back(read(value, key, place(value, file)));
  return texts;
}

/// A word of a command. Throws Error for a control character or a very long word.
std::string command_word(const toml::node& node, std::string_view key, const std::string& where) {
  const auto* value = node.as_string();
  if (value == nullptr) throw Error(fmt::format("{} must be a text", key), where);
  const std::string& word = value->get();
  if (word.size() > kLongestWord) {
    throw Error(fmt::format("a word of {} is longer than {} bytes", key, kLongestWord), where,
                "put it into a file");
  }
  const bool has_control = std::ranges::any_of(
      word, [](char c) { return is_control_character(c) && c != '\t' && c != '\n'; });
  if (!has_control) return word;
  throw Error(fmt::format("a word of {} holds a control character", key), where,
              "use no control characters except tabs and line breaks");
}

ParameterType declared_type(const toml::table& table, const ParameterValue& fallback,
                            const std::string& file) {
  const auto text = text_at(table, "type", file);
  if (!text) return static_cast<ParameterType>(fallback.index());
  std::vector<std::string> names;
  for (const ParameterType type : {ParameterType::boolean, ParameterType::integer,
                                   ParameterType::real, ParameterType::text, ParameterType::path}) {
    if (name_of(type) == *text) return type;
    names.emplace_back(name_of(type));
  }
  throw Error(fmt::format("'{}' is not a parameter type", text->substr(0, 80)),
              place(*table.get("type"), file), name_hint(*text, names));
}

ParameterRole role_of(const toml::table& table, ParameterType type, const std::string& file) {
  const auto text = text_at(table, "role", file);
  if (!text) return type == ParameterType::path ? ParameterRole::location : ParameterRole::result;
  if (*text == "result") return ParameterRole::result;
  if (*text == "location" && type == ParameterType::path) return ParameterRole::location;
  if (*text == "resource") return ParameterRole::resource;
  throw Error(fmt::format("'{}' is not a role of this parameter", text->substr(0, 80)),
              place(*table.get("role"), file),
              "use result, resource (changes no result) or location (a path)");
}

std::optional<double> bound_at(const toml::table& table, std::string_view key,
                               const std::string& file) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return std::nullopt;
  return toml_reading::finite_number(*node, key, file);
}

ParameterSpec read_parameter(const toml::key& key, const toml::node& node,
                             const std::string& file) {
  const std::string name(key.str());
  const std::string where = place(node, file);
  if (!is_command_name(name)) {
    throw Error(fmt::format("'{}' is not a name for a parameter", name.substr(0, 80)), where,
                "use letters, digits, - and _");
  }
  if (words_of_every_run().contains(name)) {
    throw Error(fmt::format("every run has its own {}, so it cannot be a parameter", name), where,
                "give the parameter another name");
  }
  const std::string context = fmt::format("command.parameters.{}", name);
  const toml::table& table = toml_reading::table_at(node, context, file);
  toml_reading::refuse_unknown_keys(
      table,
      {"type", "default", "min", "max", "choices", "unit", "doc", "role", "part_of_objective"},
      "[" + context + "]", file);
  const toml::node* fallback = table.get("default");
  if (fallback == nullptr) {
    throw Error(fmt::format("the parameter {} has no default", name), where, "add default = …");
  }
  ParameterSpec spec;
  spec.name = name;
  spec.fallback = toml_reading::scalar(*fallback, "default", place(*fallback, file));
  spec.type = declared_type(table, spec.fallback, file);
  spec.role = role_of(table, spec.type, file);
  spec.min = bound_at(table, "min", file);
  spec.max = bound_at(table, "max", file);
  if (spec.min && spec.max && *spec.min > *spec.max) {
    throw Error(fmt::format("the min of {} is greater than its max", name),
                place(*table.get("min"), file), "exchange them");
  }
  if (const toml::node* choices = table.get("choices")) {
    if (spec.type != ParameterType::text) {
      throw Error("only a text has choices", place(*choices, file), "use min and max for a number");
    }
    spec.choices = texts_in(*choices, "choices", kMostDeclaredMetrics, file);
  }
  spec.unit = text_at(table, "unit", file).value_or("");
  spec.doc = text_at(table, "doc", file).value_or("");
  spec.is_part_of_objective = flag_at(table, "part_of_objective", file);

  try {
    spec.fallback = Schema({spec}).checked(name, spec.fallback, "default");
  } catch (const std::logic_error& error) {  // in a plugin this is a mistake of the programmer
    throw Error(error.what(), place(*fallback, file));
  }
  return spec;
}

/// Names that never are values in a program's lines.
bool is_word_of_lines(std::string_view name) {
  return name == "epoch" || name == "step" || name == "saves" || name == "last";
}

CommandMetric read_metric(const toml::table& table, const std::string& file, bool& is_objective) {
  toml_reading::refuse_unknown_keys(table,
                                    {"name", "pattern", "better", "objective", "unit", "doc"},
                                    "a metric of [command]", file);
  CommandMetric metric;
  metric.spec.name = text_at(table, "name", file).value_or("");
  if (metric.spec.name.empty()) {
    throw Error("a metric of the command has no name", place(table, file), "add name = \"…\"");
  }
  if (is_word_of_lines(metric.spec.name)) {
    throw Error(fmt::format("'{}' cannot be the name of a metric", metric.spec.name),
                place(*table.get("name"), file), "it has a meaning in the lines of a program");
  }
  if (const auto pattern = text_at(table, "pattern", file)) {
    try {
      LinePattern{*pattern};
    } catch (const Error& error) {
      throw Error(error.fault(), place(*table.get("pattern"), file), error.hint());
    }
    metric.pattern = *pattern;
  }
  metric.spec.unit = text_at(table, "unit", file).value_or("");
  metric.spec.doc = text_at(table, "doc", file).value_or("");
  is_objective = flag_at(table, "objective", file);
  if (const toml::node* better = table.get("better")) {
    const bool is_lower = toml_reading::is_first(*better, "better", "lower", "higher", file);
    metric.spec.better = is_lower ? Better::lower : Better::higher;
  } else if (is_objective) {
    throw Error(fmt::format("the objective {} does not say whether lower or higher is better",
                            metric.spec.name),
                place(table, file), "add better = \"lower\" or better = \"higher\"");
  }
  return metric;
}

void read_metrics(const toml::node& node, const std::string& file, CommandDeclaration& command) {
  const toml::array& metrics = toml_reading::filled_array(node, "metrics", place(node, file));
  if (metrics.size() > kMostDeclaredMetrics) {
    throw Error(fmt::format("the command has more than {} metrics", kMostDeclaredMetrics),
                place(node, file));
  }
  std::set<std::string> names;
  for (const toml::node& each : metrics) {
    bool is_objective = false;
    const toml::table& table = toml_reading::table_at(each, "metrics", file);
    CommandMetric metric = read_metric(table, file, is_objective);
    if (!names.insert(metric.spec.name).second) {
      throw Error(fmt::format("the metric {} is declared twice", metric.spec.name),
                  place(each, file), "declare it once");
    }
    if (is_objective && !command.objective.empty()) {
      throw Error(fmt::format("{} is already the objective", command.objective), place(each, file),
                  "set objective = true for one metric only");
    }
    if (is_objective) command.objective = metric.spec.name;
    command.metrics.push_back(std::move(metric));
  }
}

/// A value is inserted with its own quotes, which would end quotes around it.
void refuse_unsafe_placeholders(const std::string& line) {
  const std::vector<std::string> unsafe = unsafe_placeholders_of(line);
  if (unsafe.empty()) return;
  throw Error(fmt::format("{{{}}} is inside quotes, a comment or a here-document of the shell",
                          unsafe.front().substr(0, 80)),
              {}, "write it outside: epochal quotes its value");
}

void check_placeholders(const toml::node& node, const CommandDeclaration& command,
                        const std::string& file) {
  const std::set<std::string>& words = words_of_every_run();
  std::vector<std::string> known(words.begin(), words.end());
  for (const ParameterSpec& spec : command.parameters) known.push_back(spec.name);
  for (std::size_t i = 0; i < command.run.size(); ++i) {
    const toml::node& word = node.is_array() ? *node.as_array()->get(i) : node;
    try {
      for (const std::string& name : placeholders_of(command.run[i])) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        throw Error(fmt::format("{{{}}} is not a parameter of the command", name.substr(0, 80)), {},
                    name_hint(name, known) + "; declare it under [command.parameters]");
      }
      if (command.shell) refuse_unsafe_placeholders(command.run[i]);
    } catch (const Error& error) {
      throw Error(error.fault(), place(word, file), error.hint());
    }
  }
}

/// The default name of the command: its first word that is an input, or else its program.
std::string usual_name(const CommandDeclaration& command) {
  std::string word = command.run.front();
  if (command.shell) word = word.substr(0, word.find(' '));
  const std::vector<std::string> inputs = inputs_of(command);
  const auto input = std::ranges::find_first_of(command.run, inputs);
  return command_name_for(input == command.run.end() ? word : *input);
}

void read_run(const toml::table& table, const std::string& file, CommandDeclaration& command) {
  const toml::node* run = table.get("run");
  if (run == nullptr) {
    throw Error("[command] does not say what to run", place(table, file),
                R"(add run = ["python3", "train.py", …])");
  }
  command.shell = flag_at(table, "shell", file);
  if (command.shell) {
    command.run = {command_word(*run, "run", place(*run, file))};
  } else if (run->is_string()) {
    throw Error("run must be a list of words, since no shell splits it", place(*run, file),
                R"(write ["python3", "train.py"], or add shell = true)");
  } else {
    command.run = texts_in(*run, "run", kMostWords, file, command_word);
  }
  if (command.run.front().empty()) throw Error("run names no program", place(*run, file));
}

/// What a declaration has besides the program and its name.
void read_rest(const toml::table& table, const std::string& file, CommandDeclaration& command) {
  if (const toml::node* inputs = table.get("inputs")) {
    const bool is_none = inputs->is_array() && inputs->as_array()->empty();
    command.inputs =
        is_none ? std::vector<std::string>() : texts_in(*inputs, "inputs", kMostInputs, file);
  }
  if (const toml::node* node = table.get("parameters")) {
    const toml::table& parameters = toml_reading::table_at(*node, "command.parameters", file);
    for (const toml::key* key : toml_reading::keys_in_file_order(parameters)) {
      command.parameters.push_back(read_parameter(*key, *parameters.get(key->str()), file));
    }
    if (command.parameters.size() > kMostParameters) {
      throw Error(fmt::format("the command has more than {} parameters", kMostParameters),
                  place(*node, file));
    }
  }
  if (const toml::node* metrics = table.get("metrics")) read_metrics(*metrics, file, command);
}

void read_name(const toml::table& table, const std::string& file, const std::string& usual,
               CommandDeclaration& command) {
  command.name = text_at(table, "name", file).value_or(usual);
  if (is_command_name(command.name)) return;
  throw Error(fmt::format("'{}' is not a name for a command", command.name.substr(0, 80)),
              place(*table.get("name"), file), "use letters, digits, - and _");
}

}  // namespace

CommandDeclaration read_command_table(const toml::table& table, const std::string& file) {
  toml_reading::refuse_unknown_keys(
      table, {"name", "run", "shell", "inputs", "metrics", "parameters", "first_epoch", "grace"},
      "[command]", file);
  CommandDeclaration command;
  command.folder = toml_reading::folder_of(file);
  read_run(table, file, command);
  read_rest(table, file, command);
  check_placeholders(*table.get("run"), command, file);
  command.first_epoch = static_cast<Epoch>(whole_number_at(table, "first_epoch", 0, 1, 1, file));
  command.grace = std::chrono::seconds(whole_number_at(table, "grace", 0, kLongestGrace, 10, file));
  read_name(table, file, usual_name(command), command);
  return command;
}

CommandDeclaration read_asked_program(const toml::table& table, const std::string& sweep,
                                      const std::string& file) {
  toml_reading::refuse_unknown_keys(table, {"name", "inputs", "metrics", "parameters"},
                                    "[command] without run", file);
  CommandDeclaration command;
  command.folder = toml_reading::folder_of(file);
  command.inputs.emplace();
  read_rest(table, file, command);
  read_name(table, file, command_name_for(sweep), command);
  return command;
}

}  // namespace epochal
