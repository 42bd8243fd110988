#pragma once

#include <SQLiteCpp/Database.h>
#include <fmt/format.h>
#include <boost/crc.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/exchange/mlflow_database.h"
#include "db/exchange/protobuf.h"
#include "tests/support/temporary_folder.h"

namespace epochal::test {

/// The lowest `count` bytes of a number, lowest first.
inline std::string little_endian_bytes(std::uint64_t number, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += static_cast<char>((number >> (8 * i)) & 0xff);
  return bytes;
}

/// An event of TensorBoard's event file with its frame.
inline std::string framed_event(const std::string& event) {
  const auto checksum = [](const std::string& bytes) {
    boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
    crc.process_bytes(bytes.data(), bytes.size());
    const std::uint32_t sum = crc.checksum();
    return little_endian_bytes(((sum >> 15) | (sum << 17)) + 0xa282ead8U, 4);
  };
  const std::string length = little_endian_bytes(event.size(), 8);
  return length + checksum(length) + event + checksum(event);
}

/// When the logs of the tests begin, in seconds since 1970.
inline constexpr double kLogStart = 1800000000;

/// A record of TensorBoard's event file: a value with its time and step, with its frame.
inline std::string value_event(const std::string& value, std::int64_t step, double start) {
  std::string summary;
  protozero::pbf_writer(summary).add_message(1, value);
  std::string event;
  protozero::pbf_writer event_writer(event);
  event_writer.add_double(1, start + static_cast<double>(step));
  event_writer.add_int64(2, step);
  event_writer.add_message(5, summary);
  return framed_event(event);
}

inline std::string scalar_event(const std::string& tag, std::int64_t step, float number,
                                double start = kLogStart) {
  std::string value;
  protozero::pbf_writer value_writer(value);
  value_writer.add_string(1, tag);
  value_writer.add_float(2, number);
  return value_event(value, step, start);
}

/// A picture, whose bytes are none.
inline std::string picture_event(const std::string& tag, std::int64_t step) {
  std::string picture;
  protozero::pbf_writer(picture).add_bytes(4, "picture");
  std::string value;
  protozero::pbf_writer value_writer(value);
  value_writer.add_string(1, tag);
  value_writer.add_message(4, picture);
  return value_event(value, step, kLogStart);
}

/// Two folders of TensorBoard's logs, one and two, with two scalars each.
inline void write_tensorboard_logs(const std::filesystem::path& folder, double start = kLogStart) {
  for (const char* name : {"one", "two"}) {
    write_file(folder / name / "events.out.tfevents.1.host",
               scalar_event("loss", 0, 1, start) + scalar_event("loss", 1, 0.5, start));
  }
}

/// An item of W&B's configuration or history.
inline std::string wandb_item(const std::string& key, const std::string& json) {
  std::string item;
  protozero::pbf_writer writer(item);
  writer.add_string(1, key);
  writer.add_string(16, json);
  return item;
}

/// How a log of W&B begins.
inline std::string wandb_head() {
  return {":W&B\xe1\xbe\0", 7};
}

/// A piece of a record of W&B's log. Kind 1 is a whole record, 2 its beginning, 3 its middle, 4 its
/// end.
inline std::string wandb_piece(char kind, std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_byte(static_cast<unsigned char>(kind));
  crc.process_bytes(bytes.data(), bytes.size());
  return little_endian_bytes(crc.checksum(), 4) + little_endian_bytes(bytes.size(), 2) + kind +
         std::string(bytes);
}

/// A record of W&B's log with its frame; small enough to need one piece.
inline std::string framed_wandb_record(const std::string& record) {
  return wandb_piece(1, record);
}

/// Adds a record of any size to W&B's log, in pieces that end with its blocks.
inline void add_wandb_record(std::string& log, protozero::pbf_tag_type kind,
                             const std::string& message) {
  constexpr std::size_t kBlock = 32 << 10, kHead = 7;
  std::string record;
  protozero::pbf_writer(record).add_message(kind, message);
  std::string_view rest = record;
  for (bool is_first = true; is_first || !rest.empty(); is_first = false) {
    if (kBlock - log.size() % kBlock < kHead) log.resize((log.size() / kBlock + 1) * kBlock);
    const std::size_t room = kBlock - log.size() % kBlock - kHead;
    const bool is_last = rest.size() <= room;
    const int piece = is_first ? (is_last ? 1 : 2) : (is_last ? 4 : 3);
    log += wandb_piece(static_cast<char>(piece), rest.substr(0, room));
    rest.remove_prefix(std::min(room, rest.size()));
  }
}

/// What a log of W&B tells of a run.
struct WandbLog {
  std::string id;
  std::vector<std::pair<std::string, std::string>> configuration{{"lr", "0.1"}};  ///< as JSON
  std::int64_t start = 0;  ///< seconds since 1970; 0: it does not say
  std::vector<std::pair<std::int64_t, std::string>> losses{{0, "1"}, {1, "0.5"}};  ///< by step
  int exit_code = 0;
};

/// A configuration of W&B, which a run has at its beginning or adds later.
inline std::string wandb_configuration(
    const std::vector<std::pair<std::string, std::string>>& items) {
  std::string configuration;
  protozero::pbf_writer writer(configuration);
  for (const auto& [key, json] : items) writer.add_message(1, wandb_item(key, json));
  return configuration;
}

/// Adds values at a step to the log.
inline void add_wandb_history(std::string& log, std::int64_t step,
                              const std::vector<std::pair<std::string, std::string>>& items) {
  std::string number;
  protozero::pbf_writer(number).add_int64(1, step);
  std::string history;
  protozero::pbf_writer writer(history);
  for (const auto& [key, json] : items) writer.add_message(1, wandb_item(key, json));
  writer.add_message(2, number);
  add_wandb_record(log, 2, history);
}

inline std::string wandb_log(const WandbLog& told) {
  std::string run;
  protozero::pbf_writer run_writer(run);
  run_writer.add_string(1, told.id);
  run_writer.add_string(3, "project");
  run_writer.add_message(4, wandb_configuration(told.configuration));
  if (told.start > 0) {
    std::string time;
    protozero::pbf_writer(time).add_int64(1, told.start);
    run_writer.add_message(17, time);
  }
  std::string log = wandb_head();
  add_wandb_record(log, 17, run);
  for (const auto& [step, loss] : told.losses) add_wandb_history(log, step, {{"loss", loss}});
  std::string exit;
  protozero::pbf_writer(exit).add_int32(1, told.exit_code);
  add_wandb_record(log, 18, exit);
  return log;
}

/// Two offline runs of W&B, one and two.
inline void write_wandb_runs(const std::filesystem::path& folder) {
  for (const std::string name : {"one", "two"}) {
    write_file(folder / name / ("run-" + name + ".wandb"), wandb_log({name}));
  }
}

/// An Optuna database: a study to minimize loss, with two trials of two intermediate values.
inline void write_optuna_database(const std::filesystem::path& file) {
  std::filesystem::create_directories(file.parent_path());
  SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  database.exec(
      "create table studies (study_id, study_name);"
      "create table study_directions (study_id, objective, direction);"
      "create table study_user_attributes (study_id, key, value_json);"
      "create table study_system_attributes (study_id, key, value_json);"
      "create table trials (trial_id, number, study_id, state, datetime_start, datetime_complete);"
      "create table trial_params (trial_id, param_name, param_value, distribution_json);"
      "create table trial_values (trial_id, objective, value, value_type);"
      "create table trial_intermediate_values (trial_id, step, intermediate_value, "
      "intermediate_value_type);"
      "create table trial_user_attributes (trial_id, key, value_json);"
      "insert into studies values (1, 'search');"
      "insert into study_directions values (1, 0, 'MINIMIZE');");
  for (const int trial : {1, 2}) {
    database.exec(fmt::format(
        "insert into trials values ({0}, {0}, 1, 'COMPLETE', '2026-05-04 12:30:05.5', "
        "'2026-05-04 12:30:09.5');"
        "insert into trial_params values ({0}, 'lr', 0.1, '{{\"name\": \"FloatDistribution\"}}');"
        "insert into trial_intermediate_values values ({0}, 0, 1.0, 'FINITE'), ({0}, 1, 0.5, "
        "'FINITE');"
        "insert into trial_values values ({0}, 0, 0.5, 'FINITE');",
        trial));
  }
}

/// An MLflow database with two runs of a learning rate and two values of loss.
inline void write_mlflow_database(const std::filesystem::path& file) {
  std::filesystem::create_directories(file.parent_path());
  store::MlflowDatabase database(file);
  database.add_experiment("1", "tried", "", 1'800'000'000'000);
  for (const char digit : {'1', '2'}) {
    database.begin({std::string(32, digit), "1", "a run", "FINISHED", 1'800'000'000'000,
                    1'800'000'009'000, ""});
    database.add_parameter("lr", "0.1");
    database.add_metric("loss", 1'800'000'001'000, 0, 1);
    database.add_metric("loss", 1'800'000'002'000, 1, 0.5);
    database.end_run();
  }
  database.close();
}

}  // namespace epochal::test
