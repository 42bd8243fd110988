#pragma once

#include <map>
#include <string>

namespace epochal {

/// What `sbatch --parsable` answers, "JOB" or "JOB;CLUSTER", as the job's number. Throws Error with
/// what it said instead.
std::string job_id_in(const std::string& answer);

/// What `squeue --format="%F_%K %T"` answers, a task a line: states in small letters by
/// "JOB_TASK". Other lines, such as a wrapper's warnings, are passed over.
std::map<std::string, std::string> task_states_in(const std::string& answer);

}  // namespace epochal
