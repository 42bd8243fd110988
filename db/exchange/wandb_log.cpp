// Reads the logs of W&B's offline runs: protocol buffers in the format of LevelDB's log, blocks of
// 32 KiB with checksummed pieces of records.

#include "db/exchange/wandb_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <utility>

#include "framework/base/error.h"

namespace epochal::store {
namespace {

namespace fs = std::filesystem;
using protozero::data_view;

constexpr std::uint64_t kBlock = 32 << 10, kPieceHead = 7, kFileHead = 7;
constexpr std::size_t kLargestLogRecord = std::size_t{64} << 20;

/// Calls `sink` for each record of the log, while it returns true. Returns false if the last one is
/// cut off.
bool each_log_record(const fs::path& file, const std::function<bool(const std::string&)>& sink) {
  constexpr char kWhole = 1, kFirst = 2, kLast = 4;  // 3: in the middle
  std::ifstream in(file, std::ios::binary);
  std::string head(kFileHead, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (!in || head != std::string(":W&B\xe1\xbe\0", kFileHead)) {
    throw Error("the file is not a log of W&B", file, "name a file that ends with .wandb");
  }
  std::uint64_t at = kFileHead;
  const auto damage = [&] {
    return Error(fmt::format("the record at byte {} is damaged", at), file,
                 "copy the file again, or leave it out");
  };
  std::string record;
  std::string piece;
  while (true) {
    const std::uint64_t left = kBlock - at % kBlock;
    if (left < kPieceHead) {
      in.ignore(static_cast<std::streamsize>(left));
      at += left;
    }
    std::string piece_head(kPieceHead, '\0');
    in.read(piece_head.data(), static_cast<std::streamsize>(kPieceHead));
    if (in.gcount() == 0) return record.empty();
    if (!in) return false;
    // The checksum in four bytes, the length in two, and the kind.
    const std::string_view numbers(piece_head);
    const std::size_t length = little_endian_number(numbers.substr(4, 2));
    piece.resize(length);
    in.read(piece.data(), static_cast<std::streamsize>(length));
    if (!in) return false;
    boost::crc_32_type crc;
    const char kind = piece_head[6];
    crc.process_byte(static_cast<unsigned char>(kind));
    crc.process_bytes(piece.data(), piece.size());
    const bool is_sound = crc.checksum() == little_endian_number(numbers.substr(0, 4));
    if (!is_sound || kind < kWhole || kind > kLast) throw damage();
    if (kind == kWhole || kind == kFirst) record.clear();
    if (record.size() + length > kLargestLogRecord) throw damage();
    record += piece;
    at += kPieceHead + length;
    if (kind == kWhole || kind == kLast) {
      if (!sink(record)) return true;
      record.clear();
    }
  }
}

/// Seconds since 1970; 0 if they make no sense.
Timestamp time_of_wandb(ProtobufReader time) {
  double seconds = 0;
  while (time.next()) {
    const auto number = static_cast<double>(time.get_int64());
    if (time.tag() == 1) seconds += number;
    if (time.tag() == 2) seconds += number / 1e9;
  }
  return seconds > 0 && seconds < 1e11 ? seconds : 0;
}

WandbLog log_at(const fs::path& file) {
  WandbLog log{fs::absolute(file).parent_path(), file.filename(), {}, {}, 0};
  each_wandb_message(file, [&](WandbRecord kind, const data_view& data) {
    if (kind != WandbRecord::run) return true;
    ProtobufReader reader(data);
    while (reader.next()) {
      if (reader.tag() == 1) {
        log.id = imported_text(reader.get_string(), kLongestWandbText);
      } else if (reader.tag() == 3) {
        log.project = imported_text(reader.get_string(), 200);
      } else if (reader.tag() == 17) {
        log.start = time_of_wandb(reader.get_message());
      } else {
        reader.skip();
      }
    }
    return false;
  });
  if (log.id.empty()) throw Error("the log has no run", file.string());
  return log;
}

/// The logs at this path: a log, a run's folder, or a folder of runs, such as "wandb".
std::vector<fs::path> logs_of_wandb(const fs::path& path) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) return {path};
  std::vector<fs::path> logs;
  auto entry = fs::recursive_directory_iterator(path, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    constexpr int kDeepest = 3;
    if (entry->is_symlink() || entry.depth() >= kDeepest) entry.disable_recursion_pending();
    if (entry->is_symlink() || !entry->is_regular_file()) continue;
    if (entry->path().extension() == ".wandb") logs.push_back(entry->path());
  }
  std::sort(logs.begin(), logs.end());
  return logs;
}

}  // namespace

bool each_wandb_message(const fs::path& file,
                        const std::function<bool(WandbRecord, const data_view&)>& sink) {
  const auto take = [&](const std::string& record) {
    ProtobufReader reader(record);
    while (reader.next()) {
      if (reader.wire_type() != protozero::pbf_wire_type::length_delimited) {
        reader.skip();
        continue;
      }
      const auto kind = static_cast<WandbRecord>(reader.tag());  // get_view() forgets it
      if (!sink(kind, reader.get_view())) return false;
    }
    return true;
  };
  try {
    return each_log_record(file, take);
  } catch (const protozero::exception&) {
    throw Error("a record is damaged", file.string(), "copy the file again");
  }
}

std::vector<std::vector<WandbLog>> wandb_logs_by_run(const fs::path& path, ImportedRuns& found) {
  const std::vector<fs::path> files = logs_of_wandb(path);
  if (files.empty()) {
    throw Error("there is no log of W&B here", path,
                "name a file *.wandb, or the folder wandb that holds the runs");
  }
  std::vector<std::vector<WandbLog>> runs;
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  for (const fs::path& file : files) {
    found.attempt(file.string(), [&] {
      WandbLog log = log_at(file);
      const auto [place, is_new] = places.try_emplace({log.project, log.id}, runs.size());
      if (is_new) runs.emplace_back();
      runs[place->second].push_back(std::move(log));
    });
  }
  for (std::vector<WandbLog>& logs : runs) std::ranges::stable_sort(logs, {}, &WandbLog::start);
  return runs;
}

}  // namespace epochal::store
