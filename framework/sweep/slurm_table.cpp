// [slurm] -> SlurmRequest.

#include "framework/sweep/sweep_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "framework/base/error.h"
#include "framework/sweep/toml_reading.h"

namespace epochal {
namespace {

using toml_reading::place;

struct TextKey {
  const char* name;
  std::string SlurmRequest::*field;
};
constexpr std::array<TextKey, 7> kTexts{{{"partition", &SlurmRequest::partition},
                                         {"time", &SlurmRequest::time},
                                         {"mem", &SlurmRequest::mem},
                                         {"gres", &SlurmRequest::gres},
                                         {"account", &SlurmRequest::account},
                                         {"qos", &SlurmRequest::qos},
                                         {"constraint", &SlurmRequest::constraint}}};

struct NumberKey {
  const char* name;
  int SlurmRequest::*field;
  int low;
  int high;
};
constexpr std::array<NumberKey, 5> kNumbers{{{"cpus", &SlurmRequest::cpus, 1, 4096},
                                             {"tasks", &SlurmRequest::tasks, 1, 1000},
                                             {"array_limit", &SlurmRequest::array_limit, 1, 1000},
                                             {"signal", &SlurmRequest::signal, 5, 3600},
                                             {"requeues", &SlurmRequest::requeues, 0, 1000}}};

bool is_plain(const std::string& text) {
  return !text.empty() && text.size() <= 200 && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 ||
                  std::string_view("_.,:=+/@-&|*[]").find(static_cast<char>(c)) !=
                      std::string_view::npos;
         });
}

/// TOML reads 60 as a number and 02:00:00 as a time of day; sbatch takes both as a duration.
std::string duration_or_text(const toml::node& node, std::string_view name,
                             const std::string& where) {
  if (const auto whole = node.value_exact<std::int64_t>()) return std::to_string(*whole);
  if (const auto time = node.value_exact<toml::time>()) {
    return fmt::format("{:02}:{:02}:{:02}", time->hour, time->minute, time->second);
  }
  return toml_reading::text(node, name, where);
}

void read(const toml::key& key, const toml::node& node, const std::string& file,
          SlurmRequest& request) {
  const std::string where = place(node, file);
  for (const TextKey& known : kTexts) {
    if (key != known.name) continue;
    request.*known.field = duration_or_text(node, known.name, where);
    if (!is_plain(request.*known.field)) {
      throw Error(fmt::format("{} is not a value that sbatch takes", known.name), where);
    }
  }
  for (const NumberKey& known : kNumbers) {
    if (key != known.name) continue;
    request.*known.field =
        static_cast<int>(toml_reading::whole_number(node, known.name, known.low, known.high, file));
  }
}

}  // namespace

void read_slurm_table(const toml::table& table, const std::string& file, SlurmRequest& request) {
  std::vector<std::string> known;
  for (const TextKey& key : kTexts) known.emplace_back(key.name);
  for (const NumberKey& key : kNumbers) known.emplace_back(key.name);
  toml_reading::refuse_unknown_keys(table, known, "[slurm]", file);
  for (const auto& [key, node] : table) read(key, node, file, request);
}

}  // namespace epochal
