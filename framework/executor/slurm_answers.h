#pragma once

#include <map>
#include <string>

namespace epochal {

/// The job's number from the answer of `sbatch --parsable`, "JOB" or "JOB;CLUSTER". Throws Error
/// with any other answer.
std::string job_id_in(const std::string& answer);

/// The states in lower case by "JOB_TASK", from the answer of `squeue --format="%F_%K %T"`, which
/// has one task per line. Skips other lines, such as a wrapper's warnings.
std::map<std::string, std::string> task_states_in(const std::string& answer);

}  // namespace epochal
