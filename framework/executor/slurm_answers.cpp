// Reads Slurm's answers: clusters wrap its commands, and wrappers may print other lines.

#include "framework/executor/slurm_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <sstream>

#include "framework/base/error.h"

namespace epochal {

std::string job_id_in(const std::string& answer) {
  const std::string id = answer.substr(0, answer.find_first_of(";\n"));
  const bool is_number =
      !id.empty() && id.find_first_not_of("0123456789") == std::string::npos && id.size() < 20;
  if (is_number) return id;
  throw Error(fmt::format("sbatch printed no job number, but: {}", answer.substr(0, 200)), {},
              "check the job with `squeue --me`");
}

std::map<std::string, std::string> task_states_in(const std::string& answer) {
  std::map<std::string, std::string> states;
  std::istringstream lines(answer);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string task;
    std::string state;
    std::string more;
    const bool is_task = words >> task >> state && task.find('_') != std::string::npos;
    if (!is_task || words >> more) continue;
    std::transform(state.begin(), state.end(), state.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    states[task] = state;
  }
  return states;
}

}  // namespace epochal
