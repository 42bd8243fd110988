// What importers have in common: damaged runs, files, and how runs get into a store.

#include "db/exchange/imported_runs.h"

#include <SQLiteCpp/Exception.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "db/query.h"
#include "db/run_folder.h"
#include "framework/base/content.h"
#include "framework/base/error.h"
#include "framework/base/printable.h"
#include "framework/base/sample.h"
#include "framework/system/open_beneath.h"

namespace epochal::store {
namespace {

namespace fs = std::filesystem;

/// The bytes of the file; none if it is missing, behind a link, not a plain file or too large.
std::optional<std::vector<std::byte>> bytes_of_file(const ImportedFile& file) {
  const Handle handle = open_beneath(file.folder, file.within, O_RDONLY | O_NONBLOCK);
  std::error_code error;
  if (!handle.is_open() || !fs::is_regular_file(handle.path(), error)) return std::nullopt;
  const std::uintmax_t size = fs::file_size(handle.path(), error);
  if (error || file.offset > size) return std::nullopt;
  const std::uint64_t length =
      std::min<std::uint64_t>(file.bytes.value_or(size), size - file.offset);
  if (length > kLargestSample) return std::nullopt;
  std::vector<std::byte> bytes(length);
  std::ifstream in(handle.path(), std::ios::binary);
  in.seekg(static_cast<std::streamoff>(file.offset));
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(length));
  if (!in && length > 0) return std::nullopt;
  return bytes;
}

/// A name that no other sample of the epoch has: the store's names have fewer characters.
std::string free_sample_name(const std::string& name, Epoch epoch,
                             std::set<std::pair<Epoch, std::string>>& taken) {
  const std::string ending = ending_of(name);
  const std::string stem = ending.empty() ? name : name.substr(0, name.size() - ending.size() - 1);
  const std::string plain = plain_file_stem(stem).substr(0, 70);
  std::string free = plain;
  for (int number = 2; !taken.emplace(epoch, free).second; ++number) {
    free = fmt::format("{}-{}", plain, number);
  }
  return free;
}

void record_files(const fs::path& store, ImportedRun& run, std::vector<std::string>& left_out) {
  if (run.files.empty()) return;
  const RunFolder folder(store, run.whole.run.identity);
  const Epoch last = std::max(1, run.whole.epochs.empty() ? 1 : run.whole.epochs.back().number);
  std::set<std::pair<Epoch, std::string>> taken;
  UnpublishedFiles files;
  for (const ImportedFile& file : run.files) {
    std::optional<std::vector<std::byte>> bytes = bytes_of_file(file);
    if (!bytes) {
      left_out.push_back(fmt::format("{}: the file cannot be read and was left out",
                                     printable((file.folder / file.within).string())));
      continue;
    }
    const Epoch epoch = file.epoch > 0 ? file.epoch : last;
    Sample sample;
    sample.name = free_sample_name(file.name, epoch, taken);
    sample.caption = imported_text(file.caption, 1000);
    sample.bytes = std::move(*bytes);
    sample.ending = ending_of(file.name);
    folder.save_sample(sample, epoch, AttemptId{1}, files);
  }
  files.publish();
  run.whole.artifacts = std::move(files.artifacts);
}

/// Without a time of its own, a run that is imported again would seem to have changed.
void keep_time(const Query& known, WholeRun& run) {
  if (run.run.started_at) return;
  const std::optional<RunRecord> before = known.run_by_identity(run.run.identity);
  if (!before) return;
  run.run.created_at = before->created_at;
  for (AttemptRecord& attempt : run.attempts) {
    attempt.started_at = attempt.heartbeat_at = before->created_at;
    attempt.ended_at = run.run.ended_at.value_or(before->created_at);
  }
}

/// Of runs that the store cannot tell apart the last one stays.
void drop_repeated(ImportedRuns& found) {
  std::set<std::string> known;
  std::vector<ImportedRun> kept;
  for (auto run = found.runs.rbegin(); run != found.runs.rend(); ++run) {
    if (known.insert(run->whole.run.identity).second) {
      kept.push_back(std::move(*run));
      continue;
    }
    found.left_out.push_back(fmt::format("the run '{}' is there twice: only the last is imported",
                                         printable(run->whole.tags["imported_name"], 80)));
  }
  std::reverse(kept.begin(), kept.end());
  found.runs = std::move(kept);
}

}  // namespace

void ImportedRuns::attempt(const std::string& where, const std::function<void()>& read) {
  try {
    read();
  } catch (const Error& error) {
    damaged.push_back(error.where().empty() ? where + ": " + error.what() : error.what());
  } catch (const SQLite::Exception& exception) {
    damaged.push_back(fmt::format("{}: {}", where, exception.what()));
  }
}

void ImportedRuns::add(const std::string& where, const std::function<ImportedRun()>& read) {
  attempt(where, [&] { runs.push_back(read()); });
}

void add_files(const fs::path& folder, ImportedRun& run, std::vector<std::string>& left_out) {
  std::vector<fs::path> found;
  std::error_code error;
  bool is_too_many = false;
  for (auto entry = fs::recursive_directory_iterator(folder, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (entry->is_symlink() || !entry->is_regular_file()) continue;
    if (found.size() == kMostImportedFiles) {
      is_too_many = true;
      break;
    }
    found.push_back(entry->path());
  }
  if (is_too_many) {
    left_out.push_back(fmt::format("{}: only {} files of the run are imported",
                                   printable(folder.string()), kMostImportedFiles));
  }
  std::sort(found.begin(), found.end());
  for (const fs::path& file : found) {
    if (fs::file_size(file, error) > kLargestSample || error) {
      left_out.push_back(fmt::format("{}: the file is larger than {} MiB and was left out",
                                     printable(file.string()), kLargestSample >> 20));
      continue;
    }
    ImportedFile imported;
    imported.folder = folder;
    imported.within = file.lexically_relative(folder);
    imported.name = imported.within.string();
    run.files.push_back(std::move(imported));
  }
}

std::string imported_text(std::string_view text, std::size_t most) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const std::string_view next = length == 0 ? "\ufffd" : text.substr(0, length);
    if (result.size() + next.size() > most) break;
    result += next;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

void import_into(Store& store, ImportedRuns& found) {
  drop_repeated(found);
  std::vector<WholeRun> runs;
  std::map<std::string, const std::vector<StepChunk>*> steps;
  const Query known(store.folder());
  for (ImportedRun& run : found.runs) {
    record_files(store.folder(), run, found.left_out);
    keep_time(known, run.whole);
    steps[run.whole.run.identity] = &run.steps;
    runs.push_back(std::move(run.whole));
  }
  store.import(runs, {}, found.declarations, [&](const RunRecord& run, const Store::PutSteps& put) {
    for (const StepChunk& chunk : *steps.at(run.identity)) put(chunk);
  });
}

}  // namespace epochal::store
