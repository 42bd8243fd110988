// Which files of a folder are images.

#include "experiments/torch/images/image_folder.h"

#include <sys/stat.h>

#include <algorithm>
#include <deque>
#include <set>
#include <utility>

#include "experiments/torch/images/picture_file.h"
#include "framework/base/content.h"
#include "framework/base/error.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

bool is_image_name(const std::string& name) {
  return has_picture_extension(name) || ending_of(name) == "bmp";
}

/// What systems keep for themselves beside pictures: "._x.jpg" is no JPEG.
bool is_left_aside(const std::string& name) {
  return name.starts_with('.') || name == "__MACOSX";
}

bool by_bytes(const fs::path& a, const fs::path& b) {
  return a.native() < b.native();
}

bool is_dangling(const fs::directory_entry& entry) {
  std::error_code gone;
  return entry.is_symlink(gone) && !entry.exists(gone);
}

class Walk {
 public:
  explicit Walk(const fs::path& top) : top_(top) {}

  /// Folders before links to folders: so a link changes nothing about what can be had without it.
  std::vector<fs::path> files() {
    enter("");
    for (; !links_.empty(); links_.pop_front()) {
      const fs::path link = links_.front();
      enter(link);
    }
    std::sort(files_.begin(), files_.end(), by_bytes);
    return std::move(files_);
  }

 private:
  void enter(const fs::path& folder) {
    const fs::path place = folder.empty() ? top_ : top_ / folder;
    if (!is_new(place)) return;
    std::vector<fs::path> folders;
    std::vector<fs::path> links;
    std::error_code error;
    for (fs::directory_iterator entry(place, error), end; !error && entry != end;
         entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      if (is_left_aside(name)) continue;
      std::error_code gone;  // an entry may be a link to nothing, or vanish meanwhile
      if (entry->is_directory(gone)) {
        (entry->is_symlink(gone) ? links : folders).push_back(folder / name);
      } else if (is_image_name(name) && (entry->is_regular_file(gone) || is_dangling(*entry))) {
        files_.push_back(folder / name);
      }
    }
    if (error)
      throw Error("the folder cannot be read: " + error.message(), place, "check its path");
    std::sort(links.begin(), links.end(), by_bytes);
    links_.insert(links_.end(), links.begin(), links.end());
    std::sort(folders.begin(), folders.end(), by_bytes);
    for (const fs::path& inner : folders) enter(inner);
  }

  /// Whether this folder has not been seen under another name.
  bool is_new(const fs::path& place) {
    struct stat status {};
    if (stat(place.c_str(), &status) != 0) return true;  // said when it is read
    return seen_.emplace(status.st_dev, status.st_ino).second;
  }

  fs::path top_;
  std::set<std::pair<dev_t, ino_t>> seen_;
  std::deque<fs::path> links_;
  std::vector<fs::path> files_;
};

}  // namespace

std::vector<fs::path> image_files(const fs::path& folder) {
  return Walk(folder).files();
}

}  // namespace epochal
