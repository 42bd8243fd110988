#pragma once

#include <vector>

#include "framework/plugin/experiment.h"

namespace epochal::adain {

/// The commands of the experiment. Each returns the exit code and throws Error. `arguments` are
/// those after the verb.
int stylize_verb(const std::vector<std::string>& arguments, const Verb::FindRun& find_run);
int loss_verb(const std::vector<std::string>& arguments, const Verb::FindRun& find_run);
int judge_verb(const std::vector<std::string>& arguments, const Verb::FindRun& find_run);
int export_verb(const std::vector<std::string>& arguments, const Verb::FindRun& find_run);

}  // namespace epochal::adain
