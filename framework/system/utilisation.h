#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace epochal {

/// What was busy over a stretch of time. What the machine does not tell is absent.
struct Utilisation {
  std::chrono::duration<double> middle{0};  ///< since the measurement began
  std::optional<double> cpu;               ///< 1 where all the cores were busy with these processes
  std::optional<std::int64_t> host_bytes;  ///< resident memory of these processes
  std::optional<double> gpu;               ///< 1 where the GPU always computed, for whomever
  std::optional<std::int64_t> gpu_bytes;   ///< of the GPU's memory, of whomever
};

/// Neighbours made into one, by the means of what both have.
Utilisation mean_of(const Utilisation& a, const Utilisation& b);

/// Watches this process, those that it has started, and its GPU from a thread of its own, a few
/// times a second.
class UtilisationWatch {
 public:
  /// `cores`: how many this process may keep busy. `with_gpu`: whether it uses one.
  UtilisationWatch(int cores, bool with_gpu);
  ~UtilisationWatch();
  UtilisationWatch(const UtilisationWatch&) = delete;
  UtilisationWatch& operator=(const UtilisationWatch&) = delete;

  /// Begins a measurement; what was measured before is forgotten.
  void begin();

  struct Measurement {
    Utilisation mean;                            ///< over the whole of it
    std::optional<std::int64_t> peak_gpu_bytes;  ///< most that was seen taken, by whomever
    std::vector<Utilisation> series;  ///< at most 32 points, of equal length but for the last
  };
  /// What was measured since begin().
  Measurement end();

 private:
  class Watcher;
  std::unique_ptr<Watcher> watcher_;
};

}  // namespace epochal
