// The framework's side of the protocol, in the order of events.

#include "framework/command/program_session.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "framework/base/bounded_json.h"
#include "framework/base/content.h"
#include "framework/base/printable.h"
#include "framework/command/command_experiment.h"
#include "framework/command/program_words.h"
#include "framework/system/stop_signal.h"

namespace epochal {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPatience{100};
constexpr std::string_view kLinePrefix = "epochal: ";
constexpr std::int64_t kMostPrinted = 64 << 20;
constexpr std::int64_t kMostRefusedPrinted = 100;
/// More than the capacity of a pipe. The limit is needed because a thread of the program may print
/// without end.
constexpr std::size_t kMostPrintedBeforeAnswer = 4 << 20;
constexpr std::int64_t kMostNotes = 1000;
constexpr std::size_t kMostArtifacts = 64;
constexpr std::size_t kMostArtifactBytes = std::size_t{256} << 20;

std::string message(const char* key, std::string_view value) {
  json object = json::object();
  object[key] = value;
  return json_text(object);
}

json as_json(const Parameters& parameters) {
  json object = json::object();
  for (const auto& [name, value] : parameters.all()) {
    std::visit([&, key = name](const auto& plain) { object[key] = plain; }, value);
  }
  return object;
}

KeptProgramStart start_of(const CommandDeclaration& command, const RunContext& context) {
  KeptProgramStart start;
  start.command = program_words(command, context);
  start.directory = command.folder;
  start.grace = command.grace;
  start.has_input = command.has_input;
  start.has_own_errors = command.is_tracked;
  start.environment = {{"EPOCHAL_PROTOCOL", std::to_string(kProtocol)},
                       {"EPOCHAL_FD", std::to_string(ChildProcess::kChannel)},
                       {"EPOCHAL_RUN", context.identity},
                       {"EPOCHAL_RUN_FOLDER", context.folder.string()},
                       {"EPOCHAL_PARAMETERS",
                        json_text(as_json(parameters_for_program(command, context.parameters)))}};
  if (command.is_tracked) {
    start.removed_variables = {"EPOCHAL_SEED",
                               "EPOCHAL_EPOCHS"};  // of a run that contains this one
  } else {
    start.environment["EPOCHAL_SEED"] = std::to_string(context.seed);
    start.environment["EPOCHAL_EPOCHS"] = std::to_string(context.epochs);
  }
  // Parallel runs share the cores, unless the user has set the variable.
  if (std::getenv("OMP_NUM_THREADS") == nullptr) {
    start.environment["OMP_NUM_THREADS"] = std::to_string(context.threads);
  }
  // Python buffers lines that go into a pipe; epochal needs them at once.
  if (std::getenv("PYTHONUNBUFFERED") == nullptr) start.environment["PYTHONUNBUFFERED"] = "1";
  return start;
}

/// The file as a sample. Throws NoMessage.
Sample sample_of(const fs::path& file, const std::string& caption) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) throw NoMessage("there is no such file");
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  const auto size = in ? static_cast<std::streamoff>(in.tellg()) : -1;
  if (size < 0) throw NoMessage("its artifact cannot be read");
  if (size > static_cast<std::streamoff>(kLargestSample)) {
    throw NoMessage(fmt::format("its artifact is larger than {} MiB", kLargestSample >> 20));
  }
  Sample sample{plain_file_stem(file.stem().string()), caption, {}, ending_of(file.string())};
  sample.bytes.resize(static_cast<std::size_t>(size));
  in.seekg(0);
  in.read(reinterpret_cast<char*>(sample.bytes.data()), size);
  if (!in) throw NoMessage("its artifact cannot be read");
  const std::string_view content(reinterpret_cast<const char*>(sample.bytes.data()),
                                 sample.bytes.size());
  sample.ending = content_of(content, sample.ending).ending;
  return sample;
}

std::string counted_lines(std::int64_t count) {
  return count == 1 ? "1 line" : fmt::format("{} lines", count);
}

std::string description(const ProcessEnd& end) {
  if (end.signal != 0) {
    return fmt::format("was killed by signal {} ({})", end.signal, strsignal(end.signal));
  }
  if (end.exit_code == 127) return "could not be started or ended with exit code 127";
  return fmt::format("ended with exit code {}", end.exit_code);
}

/// Checks what a program saved: the folder must still exist and hold only plain files.
void check_saved(const fs::path& folder) {
  constexpr char kHint[] = "let the program only write plain files into the folder";
  std::error_code error;
  const fs::file_status status = fs::symlink_status(folder, error);
  if (status.type() != fs::file_type::directory) {
    throw Error("the program removed or replaced the folder for its state", {}, kHint);
  }
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string name = printable(entry->path().filename().string(), 80);
    if (!entry->is_regular_file(error) || entry->is_symlink(error)) {
      throw Error(fmt::format("the program saved '{}', which is not a plain file", name), {},
                  "let it save only files, no folders and no links");
    }
    if (access(entry->path().c_str(), R_OK) != 0) {
      throw Error(fmt::format("the program saved '{}', which cannot be read", name), {}, kHint);
    }
  }
  const bool is_writable = access(folder.c_str(), R_OK | W_OK | X_OK) == 0;
  if (!error && is_writable) return;
  throw Error("the folder that the program saved into cannot be read", {}, kHint);
}

/// Whether a second signal asks to stop at once, without the grace.
bool must_end_at_once() {
  return stop_signal::count() > 1;
}

/// A path as JSON. Throws Error if it is not UTF-8.
std::string path_for_message(const fs::path& path) {
  const std::string text = fs::absolute(path).string();
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t length = utf8_length(rest);
    if (length == 0) {
      throw Error("the store's path is not UTF-8, so that a program cannot get it in a message",
                  printable(text), "choose another one with --store");
    }
    rest.remove_prefix(length);
  }
  return text;
}

}  // namespace

ProgramSession::ProgramSession(const CommandDeclaration& command, const RunContext& context,
                               Epoch first, const fs::path& restore)
    : command_(command),
      context_(context),
      epochs_(command, first, context.epochs),
      first_(first),
      due_(first) {
  if (!context.folder.empty()) fs::create_directories(context.folder);
  program_ = std::make_unique<KeptProgram>(start_of(command, context));
  json greeting{{"epochal", kProtocol},
                {"run", context.identity},
                {"first_epoch", first},
                {"parameters", as_json(parameters_for_program(command, context.parameters))}};
  // A tracked program chooses its own seed and length.
  if (!command.is_tracked) {
    greeting["seed"] = context.seed;
    greeting["epochs"] = context.epochs;
  }
  if (!restore.empty()) greeting["restore"] = path_for_message(restore);
  program_->tell(json_text(greeting));
}

EpochReport ProgramSession::next_epoch(Progress& progress) {
  if (!wait_for_epoch(progress)) {
    // A program that reports no epochs counts as one epoch. A client would have reported it.
    const bool is_one_epoch = due_ == 1 && context_.epochs == 1 &&
                              (!is_client_ || (command_.is_tracked && !lacks_planned_epochs()));
    if (!is_one_epoch) fail_at_its_end(due_);
    report_missing_metrics();
    heard_ = EpochReport{1, {}};
  }
  if (due_ == 1) report_first_epoch();
  can_save_ = awaits_answer_ && heard_->said.saves;
  progress_ = {};
  ++due_;
  return *std::exchange(heard_, std::nullopt);
}

bool ProgramSession::has_more(Progress& progress) {
  if (!command_.is_tracked) return false;
  if (wait_for_epoch(progress)) return true;
  if (lacks_planned_epochs()) fail_at_its_end(due_);
  return false;
}

bool ProgramSession::lacks_planned_epochs() const {
  if (!planned_ || ends_early_) return false;
  // A client that goes on from its own checkpoint begins with a later epoch.
  const std::int64_t last = due_ == 1 ? 0 : due_ - 2 + epochs_.first_said();
  return std::max<std::int64_t>(due_ - 1, last) < *planned_;
}

/// False if the program has ended successfully without another epoch.
bool ProgramSession::wait_for_epoch(Progress& progress) {
  if (heard_) return true;
  go_on();
  // The rest of an interrupted epoch is all that is left to do.
  const std::int64_t done_before = progress_.done;
  for (;;) {
    heard_ = epochs_.next();
    if (heard_) return true;
    const bool is_over = !listen(kPatience) && program_->end();
    if (is_over && !program_->end()->is_success()) fail_at_its_end(due_);
    if (is_over) {
      epochs_.end_of_program();
      heard_ = epochs_.next();
      return heard_.has_value();
    }
    progress.advance(progress_.done - std::min(done_before, progress_.done), progress_.total);
  }
}

void ProgramSession::go_on() {
  if (!awaits_answer_) return;
  program_->tell(R"({"go_on": true})");
  awaits_answer_ = false;
  can_save_ = false;
}

void ProgramSession::save(const fs::path& folder) {
  if (!can_save_) return;
  has_saved_ = false;
  program_->tell(message("save", path_for_message(folder)));
  std::optional<Clock::time_point> last;
  while (!has_saved_) {
    if (!listen(kPatience) && program_->end()) fail_at_its_end(due_ - 1);
    if (!last && context_.is_stopping()) last = Clock::now() + command_.grace;
    if (!last || (Clock::now() < *last && !must_end_at_once())) continue;
    context_.event(
        "stopped while saving",
        fmt::format("the program did not save epoch {} within {} s: the epoch is dropped", due_ - 1,
                    command_.grace.count()));
    awaits_answer_ = false;  // it does not read
    throw StopRequested{};
  }
  check_saved(folder);
}

void ProgramSession::finish(Progress& progress) {
  go_on();
  while (!program_->end()) {
    listen(kPatience);
    progress.advance(0, 0);
  }
  report_refused();
  report_unkept_samples();
  if (is_from_outside(program_->end()->signal)) stop_as_killed("after its last epoch");
  if (!program_->end()->is_success()) {
    throw Error(fmt::format("the program {} after its last epoch", description(*program_->end())),
                {}, "see its output with `epochal log`");
  }
  if (due_ > first_) report_missing_metrics();  // otherwise it was started only for its end
}

void ProgramSession::stop(std::string_view why) {
  if (awaits_answer_) {
    program_->tell(message("stop", why));
    const auto last = Clock::now() + command_.grace;
    while (!program_->end() && Clock::now() < last && !must_end_at_once()) listen(kPatience);
  }
  if (!program_->end()) program_->ask_to_end();
  bool is_killed = false;
  while (!program_->end()) {
    if (!is_killed && must_end_at_once()) {
      program_->kill();
      is_killed = true;
    }
    listen(kPatience);
  }
  report_refused();
}

bool ProgramSession::listen(std::chrono::milliseconds patience) {
  const auto line = program_->next(patience);
  if (line) take(*line);
  return line.has_value();
}

void ProgramSession::take(const KeptProgram::Line& line) {
  try {
    const bool is_sent = line.source == KeptProgram::Line::Source::channel;
    const bool is_message = is_sent || (line.source == KeptProgram::Line::Source::output &&
                                        line.text.starts_with(std::string(kLinePrefix) + "{"));
    if (is_message && line.is_cut) {
      throw NoMessage(fmt::format("it is longer than {} bytes", kLongestLine));
    }
    if (is_message) {
      take_message(std::string_view(line.text).substr(is_sent ? 0 : kLinePrefix.size()));
    } else {
      take_printed(line);
    }
  } catch (const NoMessage& reason) {
    refuse(line.text, reason.fault());
    fail_where_client_waits(line, reason.fault());
  }
}

void ProgramSession::take_printed(const KeptProgram::Line& line) {
  if (line.is_cut) ++cut_lines_;
  print(line.text, line.source);
  epochs_.take_output(line.text);
}

void ProgramSession::take_what_was_printed() {
  for (std::size_t bytes = 0; bytes < kMostPrintedBeforeAnswer;) {
    const auto line = program_->next_printed();
    if (!line) return;
    bytes += line->text.size() + 1;
    take(*line);
  }
}

void ProgramSession::fail_where_client_waits(const KeptProgram::Line& line, std::string_view why) {
  if (!is_client_ || line.source != KeptProgram::Line::Source::channel) return;
  const bool may_end_epoch = line.text.find("\"epoch\"") != std::string::npos &&
                             line.text.find("\"step\"") == std::string::npos;
  if (!may_end_epoch && !line.is_cut) return;
  report_refused();
  throw Error(fmt::format("the program ended epoch {} with an invalid line: {}", due_, why), {},
              "see the limits in docs/protocol.md");
}

void ProgramSession::take_message(std::string_view text) {
  std::visit([&](const auto& line) { take_message(line); }, read_program_line(text));
}

void ProgramSession::take_message(const HelloLine& line) {
  if (line.protocol != kProtocol) {
    throw Error(
        fmt::format("the program uses version {} of the protocol, but this epochal uses version {}",
                    line.protocol, kProtocol),
        {}, "install the client that came with this epochal");
  }
  if (is_client_) {
    throw Error("two clients report this run", {},
                "call epochal in only one process of the program");
  }
  is_client_ = true;
  epochs_.listen_to_client();
  if (command_.is_tracked) planned_ = line.own.epochs;
  context_.describe(line.own);
}

void ProgramSession::take_message(const EpochLine& line) {
  // A tracked client counts its epochs by itself and may start anywhere.
  if (is_client_ && !command_.is_tracked && line.epoch != due_) {
    throw Error(fmt::format("the program ended epoch {} instead of epoch {}", line.epoch, due_), {},
                "let it start with first_epoch of the first message");
  }
  if (is_client_) take_what_was_printed();
  epochs_.take(line);
  ends_early_ = ends_early_ || line.last;
  awaits_answer_ = is_client_;
}

void ProgramSession::take_message(const StepLine& line) {
  try {
    context_.log_step(line.step, line.metrics);
  } catch (const StepRefused& refused) {
    // A program whose steps restart in each epoch would cause thousands of these.
    if (++refused_steps_ == 1) throw NoMessage(refused.fault());
    ++refused_;
  }
}

void ProgramSession::take_message(const ArtifactLine& line) {
  if (samples_.size() >= kMostArtifacts) {
    throw NoMessage(fmt::format("the epoch already has {} artifacts", kMostArtifacts));
  }
  std::error_code error;
  fs::path file = command_.folder / line.file;
  if (!fs::exists(file, error) && !context_.folder.empty()) file = context_.folder / line.file;
  file = file.lexically_normal();
  Sample sample = sample_of(file, line.caption);
  std::size_t bytes = sample.bytes.size();
  for (const NamedSample& other : samples_) {
    bytes += other.file == file ? 0 : other.sample.bytes.size();
  }
  if (bytes > kMostArtifactBytes) {
    throw NoMessage(fmt::format("the artifacts of the epoch are larger than {} MiB in total",
                                kMostArtifactBytes >> 20));
  }
  // The same file replaces the earlier one. Other files may have the same name: train/cm.csv and
  // val/cm.csv.
  const auto before = std::ranges::find(samples_, file, &NamedSample::file);
  if (before != samples_.end()) {
    sample.name = before->sample.name;
    before->sample = std::move(sample);
    return;
  }
  const auto is_taken = [&](const std::string& name) {
    return std::ranges::any_of(samples_, [&](const NamedSample& other) {
      return other.sample.name == name && other.sample.ending == sample.ending;
    });
  };
  const std::string name = sample.name;
  for (int number = 2; is_taken(sample.name); ++number) {
    sample.name = fmt::format("{}-{}", name, number);
  }
  samples_.push_back({std::move(file), std::move(sample)});
}

std::vector<Sample> ProgramSession::take_samples() {
  std::vector<Sample> samples;
  for (NamedSample& named : samples_) samples.push_back(std::move(named.sample));
  samples_.clear();
  return samples;
}

void ProgramSession::take_message(const NoteLine& line) {
  if (++notes_ > kMostNotes)
    throw NoMessage(fmt::format("the run already has {} notes", kMostNotes));
  context_.event("note", line.text);
}

void ProgramSession::take_message(const DeviceLine& line) {
  device_ = line.name;
}

void ProgramSession::take_message(const ProgressLine& line) {
  progress_ = line;
}

void ProgramSession::take_message(const SavedLine& /*line*/) {
  if (!awaits_answer_) throw NoMessage("the program was not asked to save");
  has_saved_ = true;
}

void ProgramSession::refuse(std::string_view text, std::string_view why) {
  if (++refused_ == 1) {
    first_refused_ = fmt::format("'{}': {}", printable(text, 200), why);
  }
  if (refused_ <= kMostRefusedPrinted) {
    print(fmt::format("epochal ignores the line '{}': {}", printable(text, 1000), why),
          KeptProgram::Line::Source::errors);
  }
}

void ProgramSession::print(std::string_view text, KeptProgram::Line::Source source) {
  // `epochal track` shows the output and limits what it keeps.
  if (command_.is_tracked) {
    (source == KeptProgram::Line::Source::errors ? context_.errors : context_.output)(text);
    return;
  }
  if (printed_bytes_ > kMostPrinted) return;
  printed_bytes_ += static_cast<std::int64_t>(text.size()) + 1;
  if (printed_bytes_ > kMostPrinted) {
    context_.output(fmt::format("epochal: the program has printed {} MiB; the rest is not kept",
                                kMostPrinted >> 20));
    return;
  }
  context_.output(text);
}

void ProgramSession::report_refused() {
  if (cut_lines_ > 0) {
    context_.event(kLinesEvent, fmt::format("{} of its output longer than {} KiB {} cut",
                                            counted_lines(cut_lines_), kLongestLine >> 10,
                                            cut_lines_ == 1 ? "was" : "were"));
    cut_lines_ = 0;
  }
  if (refused_ == 1) {
    context_.event(kLinesEvent, fmt::format("1 line was refused: {}", first_refused_));
  } else if (refused_ > 1) {
    context_.event(kLinesEvent,
                   fmt::format("{} lines were refused; the first: {}", refused_, first_refused_));
  }
  if (refused_steps_ > 1) {
    print(fmt::format("epochal ignored {} lines with values by step; the first one is "
                      "shown above",
                      refused_steps_),
          KeptProgram::Line::Source::errors);
  }
  refused_ = 0;
  refused_steps_ = 0;
}

/// The last epoch is already recorded, with its artifacts.
void ProgramSession::report_unkept_samples() {
  if (samples_.empty()) return;
  context_.event(
      "artifacts",
      fmt::format(
          "{} reported after the last epoch {} not kept, the first one '{}': report "
          "an artifact before the line that ends its epoch",
          samples_.size() == 1 ? "1 artifact" : fmt::format("{} artifacts", samples_.size()),
          samples_.size() == 1 ? "is" : "are", printable(samples_.front().file.string(), 200)));
  samples_.clear();
}

void ProgramSession::report_missing_metrics() {
  for (const std::string& metric : epochs_.missing()) {
    const std::string what =
        fmt::format("{} {}",
                    epochs_.has_matched(metric) ? "no number was found by the pattern of"
                                                : "no line matched the pattern of",
                    printable(metric, 80));
    if (metric == command_.objective) {
      report_refused();
      throw Error(fmt::format("{}, which is the objective", what), {},
                  "see its output with `epochal log`, and correct the pattern");
    }
    context_.event(kMetricsEvent, what);
  }
}

/// The record calls the first epoch of a tracked program epoch 1.
void ProgramSession::report_first_epoch() {
  if (!command_.is_tracked || !epochs_.has_heard() || epochs_.first_said() == 1) return;
  context_.event(
      "epochs", fmt::format("the program's epoch {} is recorded as epoch 1", epochs_.first_said()));
}

void ProgramSession::stop_as_killed(const std::string& when) {
  const ProcessEnd& end = *program_->end();
  context_.event("killed",
                 fmt::format("the program {} {}{}", description(end), when,
                             end.signal == SIGKILL ? ", perhaps because memory ran out" : ""));
  throw StopRequested{};
}

/// The number of epochs of a tracked program is unknown, unless its client has said it.
std::string ProgramSession::when_it_ended(Epoch due) const {
  if (command_.is_tracked && !planned_) return fmt::format("in epoch {}", due);
  const Epoch all = planned_.value_or(context_.epochs);
  return due > all ? "after its last epoch" : fmt::format("in epoch {} of {}", due, all);
}

void ProgramSession::fail_at_its_end(Epoch due) {
  report_refused();
  const ProcessEnd& end = *program_->end();
  if (is_from_outside(end.signal)) stop_as_killed(fmt::format("in epoch {}", due));
  if (!end.is_success()) {
    throw Error(fmt::format("the program {} {}", description(end), when_it_ended(due)), {},
                "see its output with `epochal log`");
  }
  if (!epochs_.has_heard() && !is_client_) {
    throw Error(
        fmt::format("the program ended and reported none of its {} epochs", context_.epochs), {},
        "let it report them, add a pattern, or set epochs = 1");
  }
  throw Error(fmt::format("the program ended before epoch {} of {}", due,
                          planned_.value_or(context_.epochs)),
              {},
              is_client_ ? "to end early on purpose, the program must call finish() first"
                         : "let it do the number of epochs in EPOCHAL_EPOCHS or {epochs}");
}

}  // namespace epochal
