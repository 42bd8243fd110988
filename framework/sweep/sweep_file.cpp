// TOML text -> Sweep. Every table's keys are known; any other is refused with the nearest name.

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "framework/base/error.h"
#include "framework/sweep/sweep_tables.h"
#include "framework/sweep/toml_reading.h"

namespace epochal {
namespace {

using toml_reading::place;
using toml_reading::refuse_unknown_keys;
using toml_reading::table_at;

constexpr std::size_t kLargestFile = 1 << 20;
constexpr std::size_t kMostExtended = 8;

/// Every parameter has one place that sets it: a second one would silently win or lose.
void refuse_double_assignment(const Sweep& sweep) {
  const auto refuse = [](const Assignment& second) {
    throw Error(
        fmt::format("{} is set in two places of the sweep", second.name), second.where,
        "keep one of [params], [sweep.grid], [[sweep.zip]], [[sweep.list]], [sweep.random] and "
        "[sweep.search] for it");
  };
  const auto is_fixed = [&](const std::string& name) {
    return std::ranges::find(sweep.fixed, name, &Assignment::name) != sweep.fixed.end();
  };
  for (std::size_t i = 0; i < sweep.axes.size(); ++i) {
    for (const auto& point : sweep.axes[i].points) {
      for (const Assignment& assigned : point) {
        if (is_fixed(assigned.name)) refuse(assigned);
        for (std::size_t j = 0; j < i; ++j) {
          if (sweep.axes[j].assigns(assigned.name)) refuse(assigned);
        }
      }
      // Points of a grid or zip all assign the same names; only a list's differ.
      if (sweep.axes[i].kind != Axis::Kind::list) break;
    }
  }
  if (!sweep.search) return;
  for (const SearchedParameter& parameter : sweep.search->parameters) {
    const Assignment searched{parameter.name, {}, parameter.where, {}, {}};
    if (is_fixed(parameter.name)) refuse(searched);
    for (const Axis& axis : sweep.axes) {
      if (axis.assigns(parameter.name)) refuse(searched);
    }
  }
}

/// A key of [report] as it stands there: what it may hold, the experiment says.
ReportKey report_key(const toml::key& key, const toml::node& node, const std::string& file) {
  const std::string name(key.str());
  ReportKey read{
      name, toml_reading::place_of_key(key, file), place(node, file), node.is_array(), {}};
  const auto add = [&](const toml::node& value) {
    const std::string where = place(value, file);
    read.values.push_back({name,
                           value.is_string() ? toml_reading::text(value, name, where)
                                             : toml_reading::scalar(value, name, where),
                           where,
                           toml_reading::folder_of(file),
                           {}});
  };
  if (!read.is_list) {
    add(node);
    return read;
  }
  constexpr std::size_t kMost = 16;
  const toml::array& values = toml_reading::filled_array(node, name, read.value_where);
  if (values.size() > kMost) {
    throw Error(fmt::format("{} has more than {} values", name, kMost), read.value_where);
  }
  for (const toml::node& value : values) add(value);
  return read;
}

void read_report(const toml::table& report, const std::string& file, Sweep& sweep) {
  for (const toml::key* key : toml_reading::keys_in_file_order(report)) {
    const toml::node& node = *report.get(*key);
    if (key->str() == "compare_by") {
      sweep.compare_by_where = place(node, file);
      sweep.compare_by = toml_reading::text(node, "compare_by", sweep.compare_by_where);
      continue;
    }
    std::erase_if(sweep.report_keys,
                  [&](const ReportKey& earlier) { return earlier.name == key->str(); });
    sweep.report_keys.push_back(report_key(*key, node, file));
  }
}

/// toml++ descends once for each part of a dotted key: a thousand are too many for its stack.
void check_dotted_keys(std::string_view text, const std::string& file) {
  constexpr int kMostParts = 64;
  int line = 1;
  int parts = 0;
  bool is_comment = false;
  bool is_at_begin = true;
  for (const char c : text) {
    if (c == '\n') {
      ++line;
      is_at_begin = true;
      is_comment = false;
    } else if (is_at_begin && c != ' ' && c != '\t') {
      is_at_begin = false;
      is_comment = c == '#';
    }
    if (is_comment) continue;
    const bool is_of_key = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ||
                           c == '-' || c == '"' || c == '\'' || c == ' ' || c == '\t';
    if (c == '.') {
      ++parts;
    } else if (!is_of_key) {
      parts = 0;
    }
    if (parts <= kMostParts) continue;
    throw Error(fmt::format("a key of a sweep has at most {} parts", kMostParts),
                fmt::format("{}:{}", file, line), "shorten it");
  }
}

toml::table parse_toml(std::string_view text, const std::string& file) {
  check_dotted_keys(text, file);
  try {
    return toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    throw Error(fmt::format("the file is not valid TOML: {}", error.description()),
                fmt::format("{}:{}:{}", file, at.line, at.column), "correct it");
  }
}

std::string read_text(const std::filesystem::path& file) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::string text;
  if (in) {
    text.resize(kLargestFile + 1);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
  }
  if (!in.is_open() || in.bad() || std::filesystem::is_directory(file)) {
    throw Error(fmt::format("the sweep file cannot be read: {}",
                            errno == 0 ? "not a file" : std::strerror(errno)),
                file, "name a sweep such as experiments/sweeps/quick.toml");
  }
  return text;
}

/// Reads one file into a sweep that may hold what it extends: each key and each parameter of the
/// file replaces that of the sweep.
class Reader {
 public:
  Reader(Sweep& sweep, std::string file) : sweep_(sweep), file_(std::move(file)) {}

  void read(const toml::table& root) {
    refuse_unknown_keys(
        root,
        {"name", "experiment", "extends", "epochs", "steps", "images", "seeds", "keep_checkpoints",
         "fetch", "command", "params", "sweep", "stop", "slurm", "report", "claim"},
        "the sweep", file_);
    read_names(root);
    read_command(root);
    read_length(root);
    if (const toml::node* node = root.get("seeds")) {
      sweep_.seeds = toml_reading::seed_list(*node, place(*node, file_));
    }
    if (const toml::node* node = root.get("keep_checkpoints")) {
      const std::string where = place(*node, file_);
      sweep_.keep_checkpoints =
          keep_checkpoints(toml_reading::text(*node, "keep_checkpoints", where), where);
    }
    if (const toml::node* node = root.get("fetch")) sweep_.fetch = fetch_commands(*node);
    read_parameters(root);
    if (const toml::node* node = root.get("stop")) {
      sweep_.stop_where = place(*node, file_);
      sweep_.stop = read_stop_table(table_at(*node, "stop", file_), file_);
    }
    if (const toml::node* node = root.get("slurm")) {
      read_slurm_table(table_at(*node, "slurm", file_), file_, sweep_.slurm);
    }
    if (const toml::node* node = root.get("report")) {
      read_report(table_at(*node, "report", file_), file_, sweep_);
    }
    if (const toml::node* node = root.get("claim")) {
      sweep_.claims.clear();
      for (const toml::table* claim : toml_reading::tables_at(*node, "claim", file_)) {
        sweep_.claims.push_back(read_claim(*claim, file_));
      }
    }
  }

 private:
  void read_names(const toml::table& root) {
    if (const auto name = toml_reading::text_at(root, "name", file_)) sweep_.name = *name;
    if (const toml::node* node = root.get("experiment")) {
      sweep_.experiment_where = place(*node, file_);
      sweep_.experiments = experiment_names(*node);
    }
    for (const auto& [key, is_missing] : {std::pair("name", sweep_.name.empty()),
                                          std::pair("experiment", sweep_.experiments.empty())}) {
      if (!is_missing) continue;
      throw Error(fmt::format("the sweep has no {}", key), file_,
                  fmt::format("add {} = \"…\"", key));
    }
  }

  void read_length(const toml::table& root) {
    std::optional<Assignment> length;
    for (const char* key : {"epochs", "steps", "images"}) {
      const toml::node* node = root.get(key);
      if (node == nullptr) continue;
      if (length) {
        throw Error(fmt::format("{} and {} both say how long the runs are", length->name, key),
                    place(*node, file_), "keep one of them");
      }
      length = toml_reading::length(*node, key, place(*node, file_));
    }
    has_length_ = length.has_value();
    if (length) set_length(sweep_, std::move(*length));
  }

  std::vector<std::string> fetch_commands(const toml::node& node) const {
    constexpr std::size_t kMost = 8;
    std::vector<std::string> commands;
    const std::string where = place(node, file_);
    for (const toml::node& element : toml_reading::filled_array(node, "fetch", where)) {
      commands.push_back(toml_reading::text(element, "fetch", place(element, file_)));
    }
    if (commands.size() > kMost) {
      throw Error(fmt::format("fetch has more than {} commands", kMost), where, "remove some");
    }
    return commands;
  }

  /// One name, or an array of several.
  std::vector<std::string> experiment_names(const toml::node& node) const {
    constexpr std::size_t kMost = 8;
    if (!node.is_array()) return {toml_reading::text(node, "experiment", place(node, file_))};
    std::vector<std::string> names;
    for (const toml::node& element :
         toml_reading::filled_array(node, "experiment", place(node, file_))) {
      const std::string where = place(element, file_);
      names.push_back(toml_reading::text(element, "experiment", where));
      if (std::count(names.begin(), names.end(), names.back()) > 1) {
        throw Error(fmt::format("experiment names '{}' twice", names.back()), where, "remove one");
      }
      if (names.size() > kMost) {
        throw Error(fmt::format("experiment has more than {} names", kMost), where, "remove some");
      }
    }
    return names;
  }

  /// Whether this file or one that it extends has a search.
  bool has_search(const toml::table& root) const {
    const toml::node* node = root.get("sweep");
    return sweep_.search ||
           (node != nullptr && node->is_table() && node->as_table()->get("search") != nullptr);
  }

  /// A sweep of a program is recorded under the program's name.
  void read_command(const toml::table& root) {
    const auto named = std::ranges::find_if(sweep_.experiments, [](const std::string& name) {
      return name == "command" || is_command(name);
    });
    const bool is_wanted = named != sweep_.experiments.end();
    if (!is_wanted) sweep_.command.reset();
    if (const toml::node* node = root.get("command")) {
      if (!is_wanted) {
        throw Error(fmt::format("[command] is for experiment = \"command\", not '{}'",
                                fmt::join(sweep_.experiments, "', '")),
                    place(*node, file_), "change the experiment, or leave [command] out");
      }
      const toml::table& table = table_at(*node, "command", file_);
      const bool asks_itself = table.get("run") == nullptr && has_search(root);
      sweep_.command = asks_itself ? read_asked_program(table, sweep_.name, file_)
                                   : read_command_table(table, file_);
    }
    if (!is_wanted) return;
    if (!sweep_.command && has_search(root)) {
      sweep_.command = read_asked_program({}, sweep_.name, file_);
    }
    if (!sweep_.command) {
      throw Error("the sweep does not say which command it runs", sweep_.experiment_where,
                  "add [command] with run = […]");
    }
    *named = experiment_name(*sweep_.command);
  }

  void read_parameters(const toml::table& root) {
    Sweep own;
    if (const toml::node* node = root.get("params")) {
      own.fixed = toml_reading::assignments(table_at(*node, "params", file_), file_);
    }
    if (const toml::node* node = root.get("sweep")) {
      const toml::table& table = table_at(*node, "sweep", file_);
      own.axes = axes_of(table, file_);
      read_exclusions(table, file_, own);
      read_search(table, own);
    }
    refuse_double_assignment(own);

    for (const Assignment& assigned : own.fixed) remove_parameter(sweep_, assigned.name);
    for (const Axis& axis : own.axes) {
      for (const std::string& name : axis.names()) remove_parameter(sweep_, name);
    }
    if (has_length_) replace_lengths_in_axes(sweep_);  // those of the extended file
    if (own.search) search_instead(*own.search);
    append(own.fixed, sweep_.fixed);
    append(own.axes, sweep_.axes);
    append(own.excluded, sweep_.excluded);
    append(own.excluded_if, sweep_.excluded_if);
  }

  /// The search with the keys that this file has: those of the extended one stay.
  void read_search(const toml::table& sweep_table, Sweep& own) {
    const toml::node* node = sweep_table.get("search");
    if (node == nullptr) return;
    const toml::table& table = table_at(*node, "sweep.search", file_);
    const std::filesystem::path folder = toml_reading::folder_of(file_);
    read_search_table(table, file_, folder, own.search.emplace());
    if (!sweep_.search) sweep_.search.emplace();
    read_search_table(table, file_, folder, *sweep_.search);
  }

  /// What this file's search chooses is set nowhere else.
  void search_instead(const SearchRequest& own) {
    SearchRequest search = std::move(*sweep_.search);
    for (const SearchedParameter& parameter : own.parameters) {
      remove_parameter(sweep_, parameter.name);
    }
    sweep_.search = std::move(search);
  }

  template <typename T>
  static void append(std::vector<T>& from, std::vector<T>& to) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
  }

  Sweep& sweep_;
  std::string file_;
  bool has_length_ = false;  ///< for all runs, at the top of this file
};

toml::table checked_toml(std::string_view text, const std::string& file) {
  if (text.size() > kLargestFile) {
    throw Error("a sweep file may have at most 1 MiB", file, "check that it is the right file");
  }
  return parse_toml(text, file);
}

/// Reads `file` after what it extends. `extending` are the files that led here.
void load_into(Sweep& sweep, const std::filesystem::path& file,
               std::vector<std::filesystem::path> extending) {
  std::error_code missing;  // then reading it says so
  const std::filesystem::path canonical = std::filesystem::weakly_canonical(file, missing);
  if (std::find(extending.begin(), extending.end(), canonical) != extending.end()) {
    throw Error("the sweep extends itself", file, "remove one extends");
  }
  extending.push_back(canonical);
  // Reading a pipe without a writer would block; the file that the user names may be a pipe.
  const bool is_extended = extending.size() > 1;
  if (is_extended && std::filesystem::exists(file, missing) &&
      !std::filesystem::is_regular_file(file, missing)) {
    throw Error("extends does not name a file", file, "name a sweep file");
  }
  const std::string text = read_text(file);
  const toml::table root = checked_toml(text, file.string());
  if (const toml::node* node = root.get("extends")) {
    if (extending.size() > kMostExtended) {
      throw Error(fmt::format("more than {} sweeps extend each other", kMostExtended),
                  place(*node, file.string()));
    }
    const std::string base = toml_reading::text(*node, "extends", place(*node, file.string()));
    load_into(sweep, file.parent_path() / with_home(base), std::move(extending));
  }
  Reader(sweep, file.string()).read(root);
  // The record keeps everything that the sweep was made of, what is extended first.
  if (!sweep.text.empty()) sweep.text += fmt::format("\n# {}\n", file.filename().string());
  sweep.text += text;
}

}  // namespace

Sweep parse_sweep(std::string_view text, const std::string& file) {
  const toml::table root = checked_toml(text, file);
  if (const toml::node* node = root.get("extends")) {
    throw Error("only a file can extend a sweep", place(*node, file));
  }
  Sweep sweep;
  Reader(sweep, file).read(root);
  settle_search(sweep);
  declare_asked_program(sweep);
  sweep.text = text;
  return sweep;
}

Sweep load_sweep(const std::filesystem::path& file) {
  Sweep sweep;
  load_into(sweep, file, {});
  settle_search(sweep);
  declare_asked_program(sweep);
  return sweep;
}

}  // namespace epochal
