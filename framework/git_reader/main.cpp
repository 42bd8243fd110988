// Prints the state of the git repository around a folder. The repository may come from a stranger:
// libgit2 runs no hook, filter or monitor that is configured in it. This is a separate program, so
// that a crash does no harm and no other program loads its libraries.
//
//   epochal-git FOLDER DIFF [BYTES]
//
// prints "COMMIT clean" or "COMMIT changed", and writes the changes to tracked files since that
// commit to the file DIFF. If the changes are larger than BYTES (64 MiB), it writes the first lines
// that fit and prints "COMMIT cut". Prints nothing if there is no commit.

#include <git2.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

namespace {

namespace fs = std::filesystem;

template <typename Object, void (*kFree)(Object*)>
struct Freed {
  void operator()(Object* object) const { kFree(object); }
};
using Repository = std::unique_ptr<git_repository, Freed<git_repository, git_repository_free>>;
using Commit = std::unique_ptr<git_commit, Freed<git_commit, git_commit_free>>;
using Tree = std::unique_ptr<git_tree, Freed<git_tree, git_tree_free>>;
using Diff = std::unique_ptr<git_diff, Freed<git_diff, git_diff_free>>;

struct Library {
  Library() { git_libgit2_init(); }
  ~Library() { git_libgit2_shutdown(); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

/// The repository that contains the folder; none if it is configured with files elsewhere, which
/// could expose any file of the user.
Repository repository_around(const fs::path& folder) {
  git_repository* opened = nullptr;
  if (git_repository_open_ext(&opened, folder.c_str(), 0, nullptr) != 0) return nullptr;
  Repository repository(opened);
  const char* files = git_repository_workdir(opened);
  if (files == nullptr) return nullptr;
  std::error_code error;
  const fs::path root = fs::canonical(files, error);
  for (fs::path around = fs::canonical(folder, error); !error; around = around.parent_path()) {
    if (around == root) return repository;
    if (!around.has_relative_path()) break;
  }
  return nullptr;
}

Commit head_of(git_repository* repository) {
  git_oid id;
  git_commit* commit = nullptr;
  const bool is_found = git_reference_name_to_id(&id, repository, "HEAD") == 0 &&
                        git_commit_lookup(&commit, repository, &id) == 0;
  return Commit(is_found ? commit : nullptr);
}

Diff changes_since(git_repository* repository, git_commit* commit) {
  git_tree* found = nullptr;
  if (git_commit_tree(&found, commit) != 0) return nullptr;
  const Tree tree(found);
  git_diff_options options = GIT_DIFF_OPTIONS_INIT;
  options.flags = GIT_DIFF_SHOW_BINARY;
  options.ignore_submodules = GIT_SUBMODULE_IGNORE_ALL;
  git_diff* diff = nullptr;
  if (git_diff_tree_to_workdir_with_index(&diff, repository, tree.get(), &options) != 0) {
    return nullptr;
  }
  return Diff(diff);
}

/// Collects the output of git_diff_print, up to a limit.
struct Written {
  std::ofstream out;
  std::size_t left;
  bool is_cut = false;
};

int write_line(const git_diff_delta*, const git_diff_hunk*, const git_diff_line* line,
               void* payload) {
  Written& written = *static_cast<Written*>(payload);
  const bool has_mark = line->origin == GIT_DIFF_LINE_CONTEXT ||
                        line->origin == GIT_DIFF_LINE_ADDITION ||
                        line->origin == GIT_DIFF_LINE_DELETION;
  const std::size_t length = line->content_len + (has_mark ? 1 : 0);
  if (length > written.left) {
    written.is_cut = true;
    return 1;  // stops
  }
  written.left -= length;
  if (has_mark) written.out.put(line->origin);
  written.out.write(line->content, static_cast<std::streamsize>(line->content_len));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  constexpr std::size_t kMostBytes = 64 << 20;
  if (argc != 3 && argc != 4) return EXIT_FAILURE;
  const std::size_t most = argc == 4 ? std::strtoull(argv[3], nullptr, 10) : kMostBytes;
  const Library library;
  const Repository repository = repository_around(argv[1]);
  const Commit commit = repository ? head_of(repository.get()) : nullptr;
  if (!commit) return EXIT_SUCCESS;
  const Diff diff = changes_since(repository.get(), commit.get());
  const bool has_changed = diff && git_diff_num_deltas(diff.get()) > 0;
  const char* state = "clean";
  if (has_changed) {
    Written written{std::ofstream(argv[2], std::ios::binary), most};
    git_diff_print(diff.get(), GIT_DIFF_FORMAT_PATCH, write_line, &written);
    written.out.close();
    if (!written.out) return EXIT_FAILURE;
    state = written.is_cut ? "cut" : "changed";
  }
  char id[GIT_OID_HEXSZ + 1];
  git_oid_tostr(id, sizeof id, git_commit_id(commit.get()));
  std::printf("%s %s\n", id, state);
  return EXIT_SUCCESS;
}
