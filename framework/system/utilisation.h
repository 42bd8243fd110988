#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace epochal {

/// The mean utilisation over an interval. Values that the machine does not report are absent.
struct Utilisation {
  std::chrono::duration<double> middle{
      0};                     ///< middle of the interval, since the start of the measurement
  std::optional<double> cpu;  ///< 1 if all cores were busy with these processes
  std::optional<std::int64_t> host_bytes;  ///< resident memory of these processes
  std::optional<double> gpu;               ///< 1 if the GPU always computed, for any process
  std::optional<std::int64_t> gpu_bytes;   ///< of the GPU's memory, by all processes
};

/// Merges two neighbours: the mean of the values that both have.
Utilisation mean_of(const Utilisation& a, const Utilisation& b);

/// Watches this process, its child processes and its GPU from another thread, a few times a second.
class UtilisationWatch {
 public:
  /// `cores`: how many this process may keep busy. `with_gpu`: whether it uses one.
  UtilisationWatch(int cores, bool with_gpu);
  ~UtilisationWatch();
  UtilisationWatch(const UtilisationWatch&) = delete;
  UtilisationWatch& operator=(const UtilisationWatch&) = delete;

  /// Starts a new measurement and discards the old one.
  void begin();

  struct Measurement {
    Utilisation mean;                            ///< over the whole measurement
    std::optional<std::int64_t> peak_gpu_bytes;  ///< the most that was in use, by all processes
    std::vector<Utilisation> series;  ///< at most 32 points, all except the last of equal length
  };
  /// The measurement since begin().
  Measurement end();

 private:
  class Watcher;
  std::unique_ptr<Watcher> watcher_;
};

}  // namespace epochal
