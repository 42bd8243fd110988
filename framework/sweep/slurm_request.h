#pragma once

#include <string>

namespace epochal {

/// What a sweep requests from a Slurm cluster: the [slurm] table. An empty text means the cluster's
/// default; others go to sbatch unchanged.
struct SlurmRequest {
  std::string partition;
  std::string time;  ///< of a task: "02:00:00"
  std::string mem;   ///< of a task: "8G"
  std::string gres;  ///< "gpu:1"
  std::string account;
  std::string qos;
  std::string constraint;
  int cpus = 1;         ///< of a task
  int tasks = 0;        ///< at most so many tasks; 0: one for each run, up to 1,000
  int array_limit = 0;  ///< tasks at a time; 0: no limit
  int signal = 90;      ///< seconds before the end of its time at which a task gets a signal
  int requeues = 10;    ///< of a task that runs out of time
};

}  // namespace epochal
