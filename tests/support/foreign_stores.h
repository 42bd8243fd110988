#pragma once

#include <SQLiteCpp/Database.h>
#include <fmt/format.h>
#include <boost/crc.hpp>

#include <cstdint>
#include <filesystem>
#include <string>

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

/// A record of TensorBoard's event file: a scalar at a step, with its frame.
inline std::string scalar_event(const std::string& tag, std::int64_t step, float number) {
  std::string value;
  protozero::pbf_writer value_writer(value);
  value_writer.add_string(1, tag);
  value_writer.add_float(2, number);
  std::string summary;
  protozero::pbf_writer(summary).add_message(1, value);
  std::string event;
  protozero::pbf_writer event_writer(event);
  event_writer.add_double(1, 1800000000 + static_cast<double>(step));
  event_writer.add_int64(2, step);
  event_writer.add_message(5, summary);
  return framed_event(event);
}

/// Two folders of TensorBoard's logs, one and two, with two scalars each.
inline void write_tensorboard_logs(const std::filesystem::path& folder) {
  for (const char* name : {"one", "two"}) {
    write_file(folder / name / "events.out.tfevents.1.host",
               scalar_event("loss", 0, 1) + scalar_event("loss", 1, 0.5));
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

/// A record of W&B's log with its frame; small enough to need one piece.
inline std::string framed_wandb_record(const std::string& record) {
  boost::crc_32_type crc;
  crc.process_byte(1);
  crc.process_bytes(record.data(), record.size());
  return little_endian_bytes(crc.checksum(), 4) + little_endian_bytes(record.size(), 2) + '\1' +
         record;
}

inline std::string wandb_record(protozero::pbf_tag_type kind, const std::string& message) {
  std::string record;
  protozero::pbf_writer(record).add_message(kind, message);
  return framed_wandb_record(record);
}

/// The log of a run of W&B with a learning rate, two values of loss, and exit code 0.
inline std::string wandb_log(const std::string& id) {
  std::string configuration;
  protozero::pbf_writer(configuration).add_message(1, wandb_item("lr", "0.1"));
  std::string run;
  protozero::pbf_writer run_writer(run);
  run_writer.add_string(1, id);
  run_writer.add_string(3, "project");
  run_writer.add_message(4, configuration);
  std::string log = wandb_head() + wandb_record(17, run);
  for (const int step : {0, 1}) {
    std::string number;
    protozero::pbf_writer(number).add_int64(1, step);
    std::string history;
    protozero::pbf_writer writer(history);
    writer.add_message(1, wandb_item("loss", step == 0 ? "1" : "0.5"));
    writer.add_message(2, number);
    log += wandb_record(2, history);
  }
  std::string exit;
  protozero::pbf_writer(exit).add_int32(1, 0);
  return log + wandb_record(18, exit);
}

/// Two offline runs of W&B, one and two.
inline void write_wandb_runs(const std::filesystem::path& folder) {
  for (const std::string name : {"one", "two"}) {
    write_file(folder / name / ("run-" + name + ".wandb"), wandb_log(name));
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
