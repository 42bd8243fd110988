#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "framework/command/declaration.h"
#include "framework/command/epoch_collector.h"
#include "framework/command/kept_program.h"
#include "framework/plugin/experiment.h"

namespace epochal {

/// One start of a command's program for a run, from the first epoch to the program's end. Uses the
/// protocol of docs/protocol.md.
class ProgramSession {
 public:
  /// Starts the program. `restore`: the folder that it saved before `first`; empty for a new start.
  /// Throws Error.
  ProgramSession(const CommandDeclaration& command, const RunContext& context, Epoch first,
                 const std::filesystem::path& restore);

  /// Lets it continue after the last epoch, and waits until the next one has ended. Throws Error if
  /// the program ends before.
  EpochReport next_epoch(Progress& progress);

  /// Lets it write its state into a folder, if its last epoch said that it can. Throws
  /// StopRequested if the run is asked to stop and the grace ends first.
  void save(const std::filesystem::path& folder);

  /// Whether there is another epoch: waits until that epoch or the program has ended.
  bool has_more(Progress& progress);

  /// After the last epoch: waits for the program's end. Throws Error unless that is a success.
  void finish(Progress& progress);

  /// Ends the program early. A client that waits for an answer is told why; the program is killed
  /// only after the grace.
  void stop(std::string_view why);

  const std::string& device() const { return device_; }
  /// The artifacts that it has named since the last call.
  std::vector<Sample> take_samples();

 private:
  bool wait_for_epoch(Progress& progress);
  /// Whether a tracked client has left its loop without finish().
  bool lacks_planned_epochs() const;
  void go_on();
  /// Handles a line from the program; false if none came.
  bool listen(std::chrono::milliseconds patience);
  void take(const KeptProgram::Line& line);
  void take_printed(const KeptProgram::Line& line);
  /// Handles what a client printed before it ended its epoch. The client waits for the answer.
  void take_what_was_printed();
  /// Throws Error if the refused line ends an epoch: the client would wait for its answer forever.
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
  std::string when_it_ended(Epoch due) const;
  [[noreturn]] void stop_as_killed(const std::string& when);
  [[noreturn]] void fail_at_its_end(Epoch due);

  const CommandDeclaration& command_;
  const RunContext& context_;
  EpochCollector epochs_;
  std::unique_ptr<KeptProgram> program_;
  const Epoch first_;
  Epoch due_;
  std::optional<EpochReport> heard_;  ///< the current epoch, if it has ended
  bool is_client_ = false;
  std::optional<Epoch> planned_;  ///< the epochs that a tracked client has said it will do
  bool ends_early_ = false;       ///< it has said that it ends by itself
  bool awaits_answer_ = false;    ///< a client has ended an epoch and waits
  bool can_save_ = false;         ///< it said so with that epoch
  bool has_saved_ = false;
  ProgressLine progress_;
  std::string device_ = "cpu";
  /// An artifact of the epoch and the file that it was read from.
  struct NamedSample {
    std::filesystem::path file;
    Sample sample;
  };
  std::vector<NamedSample> samples_;
  std::int64_t printed_bytes_ = 0;
  std::int64_t notes_ = 0;
  std::int64_t refused_ = 0;
  std::string first_refused_;  ///< the line and the reason
  std::int64_t refused_steps_ = 0;
  std::int64_t cut_lines_ = 0;  ///< of its output
};

}  // namespace epochal
