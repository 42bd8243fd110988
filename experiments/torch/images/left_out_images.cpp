// Images that cannot be read: said, counted, and borne up to a share.

#include "experiments/torch/images/left_out_images.h"

#include <fmt/format.h>

#include "framework/base/error.h"

namespace epochal {
namespace {

constexpr std::size_t kListed = 10;

template <typename Reasons>
std::string list_of(const Reasons& reasons) {
  std::vector<std::string> first;
  for (const std::string& reason : reasons) {
    if (first.size() == kListed) break;
    first.push_back(reason);
  }
  const std::size_t more = reasons.size() - first.size();
  return fmt::format("{}{}", fmt::join(first, "; "),
                     more > 0 ? fmt::format("; and {} more", more) : "");
}

}  // namespace

void LeftOutImages::check(const RunContext& context) {
  std::int64_t images = 0;
  for (const CachedImages* part : parts_) {
    images += part->size();
    for (const auto& [position, reason] : part->failures()) {
      if (!known_.insert(reason).second) continue;
      context.log("left out: " + reason);
      unrecorded_.push_back(reason);
    }
  }
  if (static_cast<double>(known_.size()) <= most_ * static_cast<double>(images)) return;
  throw Error(
      fmt::format("{} of {} images cannot be read, more than most_unreadable = {} allows: {}",
                  known_.size(), images, most_, list_of(known_)),
      {}, "replace them, or raise most_unreadable");
}

void LeftOutImages::record(const RunContext& context) {
  if (unrecorded_.empty()) return;
  context.event("left out", fmt::format("{} images that cannot be read: {}", unrecorded_.size(),
                                        list_of(unrecorded_)));
  unrecorded_.clear();
}

}  // namespace epochal
