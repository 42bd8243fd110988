#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "framework/command/line_splitter.h"
#include "framework/command/program_line.h"
#include "framework/system/child_process.h"
#include "framework/system/open_beneath.h"

namespace epochal {

/// How to start a kept program.
struct KeptProgramStart {
  std::vector<std::string> command;
  std::filesystem::path directory;
  std::map<std::string, std::string> environment;  ///< besides that of this process
  std::chrono::milliseconds grace{0};              ///< between asking it to end and killing it
  bool has_own_errors = false;                     ///< its standard error is not part of its output
  std::set<std::string> removed_variables;         ///< from the environment of this process
  bool has_input = false;  ///< its standard input is that of this process; otherwise it is empty
};

/// A program whose lines this process reads: those that it prints, and those that it writes into
/// its channel, a socket that it finds open as ChildProcess::kChannel. `epochal-keeper` runs the
/// program, so that it does not outlive this object or this process, whatever ends them. Nor do the
/// processes that it started outlive the program.
class KeptProgram {
 public:
  /// Throws Error if it cannot be started.
  explicit KeptProgram(const KeptProgramStart& start);
  /// Kills it.
  ~KeptProgram();
  KeptProgram(const KeptProgram&) = delete;
  KeptProgram& operator=(const KeptProgram&) = delete;

  struct Line {
    enum class Source { channel, output, errors };

    Source source = Source::output;
    std::string text;
    bool is_cut = false;  ///< the line was longer than kLongestLine
  };

  /// The next line, waiting up to `patience`. None if none came, or no more will come.
  std::optional<Line> next(std::chrono::milliseconds patience);

  /// The next line that the program has printed already; does not wait.
  std::optional<Line> next_printed();

  /// How it ended, after it has ended and all its lines are taken.
  const std::optional<ProcessEnd>& end() const { return end_; }

  /// Writes a line into the channel as soon as there is space. Does not block if the program does
  /// not read.
  void tell(std::string_view line);

  /// Asks it to end (SIGTERM), and kills it after the grace.
  void ask_to_end();

  /// Kills it at once.
  void kill();

 private:
  struct Stream {
    int handle = -1;  ///< -1 when it is over
    LineSplitter lines{kLongestLine};
  };

  std::optional<Line> waiting_line();
  std::optional<Line> waiting_line(Stream& stream, Line::Source source);
  void read(Stream& stream);
  void tell_what_waits();
  void look_after_keeper();
  bool are_streams_over() const {
    return channel_.handle < 0 && output_.handle < 0 && errors_.handle < 0;
  }
  void wait_for_streams(std::chrono::milliseconds patience);

  Handle output_handle_;
  Handle errors_handle_;
  std::chrono::milliseconds grace_;
  std::optional<ChildProcess> keeper_;
  Stream channel_;
  Stream output_;
  Stream errors_;
  std::string untold_;      ///< what did not fit into the channel yet
  std::set<pid_t> others_;  ///< children of this process from before
  std::optional<ProcessEnd> end_;
};

}  // namespace epochal
