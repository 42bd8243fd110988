// CPU time from getrusage, memory and other processes from /proc, the GPU from NVML. When there are
// too many points, neighbours are merged and the next ones are twice as long, so that an epoch of
// hours has no more rows than one of seconds.

#include "framework/system/utilisation.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>

#include "framework/system/descendants.h"
#include "framework/system/nvml.h"

namespace epochal {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::chrono::milliseconds kInterval{250};
constexpr std::size_t kMostPoints = 32;

/// CPU time of this process and all its descendants, including ended ones.
Seconds cpu_time() {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  Seconds time = use_of_descendants().cpu;
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    getrusage(who, &usage);
    time += Seconds(seconds(usage.ru_utime) + seconds(usage.ru_stime));
  }
  return time;
}

std::optional<std::int64_t> resident_bytes() {
  std::ifstream in("/proc/self/statm");
  std::int64_t all = 0;
  std::int64_t resident = 0;
  if (!(in >> all >> resident)) return std::nullopt;
  return resident * sysconf(_SC_PAGESIZE) + use_of_descendants().resident_bytes;
}

template <typename T>
std::optional<T> mean(const std::optional<T>& a, const std::optional<T>& b) {
  if (!a || !b) return a ? a : b;
  return *a / 2 + *b / 2;
}

}  // namespace

Utilisation mean_of(const Utilisation& a, const Utilisation& b) {
  return {(a.middle + b.middle) / 2, mean(a.cpu, b.cpu), mean(a.host_bytes, b.host_bytes),
          mean(a.gpu, b.gpu), mean(a.gpu_bytes, b.gpu_bytes)};
}

class UtilisationWatch::Watcher {
 public:
  Watcher(int cores, bool with_gpu) : cores_(std::max(1, cores)), gpu_(with_gpu) {
    thread_ = std::thread([this] { watch(); });
  }
  ~Watcher() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  void begin() {
    const std::lock_guard lock(mutex_);
    series_.clear();
    pending_.clear();
    peak_gpu_bytes_.reset();
    looks_a_point_ = 1;
    began_ = looked_ = Clock::now();
    cpu_began_ = cpu_looked_ = cpu_time();
  }

  Measurement end() {
    const std::lock_guard lock(mutex_);
    Measurement measurement;
    look();
    load_of_gpu();  // measured while the memory is still in use
    if (!pending_.empty()) close_point();
    measurement.series = series_;
    measurement.peak_gpu_bytes = peak_gpu_bytes_;
    const Seconds wall = Clock::now() - began_;
    measurement.mean.middle = wall / 2;
    measurement.mean.cpu = share((cpu_time() - cpu_began_), wall);
    double sum = 0;
    std::size_t count = 0;
    for (const Utilisation& point : series_) {
      measurement.mean.host_bytes = std::max(measurement.mean.host_bytes, point.host_bytes);
      if (!point.gpu) continue;
      sum += *point.gpu;
      ++count;
    }
    if (count > 0) measurement.mean.gpu = sum / static_cast<double>(count);
    return measurement;
  }

 private:
  std::optional<double> share(Seconds busy, Seconds wall) const {
    if (wall.count() <= 0) return std::nullopt;
    return busy / wall / cores_;
  }

  void watch() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, kInterval, [&] { return is_over_; })) {
      look();
      if (pending_.size() >= looks_a_point_) close_point();
    }
  }

  /// Under the lock.
  void look() {
    const Clock::time_point at = Clock::now();
    const Seconds cpu = cpu_time();
    const Seconds wall = at - looked_;
    if (wall < kInterval / 4) return;  // too short to say anything
    Utilisation point;
    point.middle = Seconds(looked_ - began_) + wall / 2;
    point.cpu = share(cpu - cpu_looked_, wall);
    point.host_bytes = resident_bytes();
    if (const auto load = load_of_gpu()) {
      point.gpu = load->busy;
      point.gpu_bytes = load->memory_bytes;
    }
    pending_.push_back(point);
    looked_ = at;
    cpu_looked_ = cpu;
  }

  /// Under the lock.
  std::optional<GpuLoad> load_of_gpu() {
    const auto load = gpu_.load();
    if (load) peak_gpu_bytes_ = std::max(peak_gpu_bytes_.value_or(0), load->memory_bytes);
    return load;
  }

  void close_point() {
    Utilisation point = pending_.front();
    for (std::size_t i = 1; i < pending_.size(); ++i) point = mean_of(point, pending_[i]);
    pending_.clear();
    series_.push_back(point);
    if (series_.size() <= kMostPoints) return;
    std::vector<Utilisation> halved;
    for (std::size_t i = 0; i + 1 < series_.size(); i += 2) {
      halved.push_back(mean_of(series_[i], series_[i + 1]));
    }
    if (series_.size() % 2 == 1) halved.push_back(series_.back());
    series_ = std::move(halved);
    looks_a_point_ *= 2;
  }

  const int cores_;
  const GpuLoadMeter gpu_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_over_ = false;
  Clock::time_point began_ = Clock::now();
  Clock::time_point looked_ = began_;
  Seconds cpu_began_ = cpu_time();
  Seconds cpu_looked_ = cpu_began_;
  std::size_t looks_a_point_ = 1;
  std::vector<Utilisation> pending_;
  std::vector<Utilisation> series_;
  std::optional<std::int64_t> peak_gpu_bytes_;
  std::thread thread_;
};

UtilisationWatch::UtilisationWatch(int cores, bool with_gpu)
    : watcher_(std::make_unique<Watcher>(cores, with_gpu)) {}

UtilisationWatch::~UtilisationWatch() = default;

void UtilisationWatch::begin() {
  watcher_->begin();
}

UtilisationWatch::Measurement UtilisationWatch::end() {
  return watcher_->end();
}

}  // namespace epochal
