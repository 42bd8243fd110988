#pragma once

#include <string>

namespace epochal {

/// What a sweep asks a Slurm cluster for: the [slurm] table. Texts are empty where the cluster's
/// default shall do, and go to sbatch as they are.
struct SlurmRequest {
  std::string partition;
  std::string time;  ///< of a task: "02:00:00"
  std::string mem;   ///< of a task: "8G"
  std::string gres;  ///< "gpu:1"
  std::string account;
  std::string qos;
  std::string constraint;
  int cpus = 1;         ///< of a task
  int tasks = 0;        ///< at most as many; 0: one a run, up to 1,000
  int array_limit = 0;  ///< tasks at a time; 0: as many as the cluster runs
  int signal = 90;      ///< seconds before the end of its time at which a task is told
  int requeues = 10;    ///< of a task that runs out of time
};

}  // namespace epochal
