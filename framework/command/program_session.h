#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/command/declaration.h"
#include "framework/command/epoch_collector.h"
#include "framework/command/kept_program.h"
#include "framework/plugin/experiment.h"

namespace epochal {

/// One start of a command's program for a run, from its first epoch here to its end. Speaks the
/// protocol of docs/protocol.md.
class ProgramSession {
 public:
  /// Starts it. `restore`: the folder that it saved before `first`; empty where it begins afresh.
  /// Throws Error.
  ProgramSession(const CommandDeclaration& command, const RunContext& context, Epoch first,
                 const std::filesystem::path& restore);

  /// Lets it go on after the last epoch, and waits until the next one has ended. Throws Error if
  /// it ends before.
  EpochReport next_epoch(Progress& progress);

  /// Has it write its state into a folder, if it said with its last epoch that it can. Throws
  /// StopRequested if the run shall stop and the grace is over before it has.
  void save(const std::filesystem::path& folder);

  /// Whether there is another epoch: waits until it has ended, or the program has.
  bool has_more(Progress& progress);

  /// After the last epoch: waits for its end. Throws Error unless that is a success.
  void finish(Progress& progress);

  /// Ends it early, kindly first: a client that waits for an answer is told why.
  void stop(std::string_view why);

  const std::string& device() const { return device_; }
  /// The artifacts that it has named since they were taken last.
  std::vector<Sample> take_samples();

 private:
  bool wait_for_epoch(Progress& progress);
  void go_on();
  /// Takes a line from the program; false if none came.
  bool listen(std::chrono::milliseconds patience);
  void take(const KeptProgram::Line& line);
  void take_printed(const KeptProgram::Line& line);
  /// Takes what a client printed before it ended its epoch; it waits for the answer.
  void take_what_was_printed();
  /// A client that waits for the answer to a line which was not taken would wait for ever.
  void fail_where_client_waits(const KeptProgram::Line& line, std::string_view why);
  void take_message(std::string_view text);
  void take_message(const HelloLine& line);
  void take_message(const EpochLine& line);
  void take_message(const StepLine& line);
  void take_message(const ArtifactLine& line);
  void take_message(const NoteLine& line);
  void take_message(const DeviceLine& line);
  void take_message(const ProgressLine& line);
  void take_message(const SavedLine& line);
  void refuse(std::string_view text, std::string_view why);
  void print(std::string_view text, KeptProgram::Line::Source source);
  void report_refused();
  void report_unkept_samples();
  void report_missing_metrics();
  void report_first_epoch();
  [[noreturn]] void stop_as_killed(const std::string& when);
  [[noreturn]] void fail_at_its_end(Epoch due);

  const CommandDeclaration& command_;
  const RunContext& context_;
  EpochCollector epochs_;
  std::unique_ptr<KeptProgram> program_;
  const Epoch first_;
  Epoch due_;
  std::optional<EpochReport> heard_;  ///< the epoch that is due, where it has ended
  bool is_client_ = false;
  bool awaits_answer_ = false;  ///< a client has ended an epoch
  bool can_save_ = false;       ///< it says so of that epoch
  bool has_saved_ = false;
  ProgressLine progress_;
  std::string device_ = "cpu";
  /// An artifact of the epoch, and the file that it was read from.
  struct NamedSample {
    std::filesystem::path file;
    Sample sample;
  };
  std::vector<NamedSample> samples_;
  std::int64_t printed_bytes_ = 0;
  std::int64_t notes_ = 0;
  std::int64_t refused_ = 0;
  std::string first_refused_;  ///< and why
  std::int64_t refused_steps_ = 0;
  std::int64_t cut_lines_ = 0;  ///< of its output
};

}  // namespace epochal
