// --on-finish and --on-failure: programs that are told when a sweep is over.

#include "framework/app/finish_hooks.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cctype>
#include <chrono>
#include <exception>
#include <map>
#include <nlohmann/json.hpp>

#include "db/query.h"
#include "framework/app/failure.h"
#include "framework/base/error.h"
#include "framework/base/human_format.h"
#include "framework/base/message.h"
#include "framework/base/printable.h"
#include "framework/base/quantities.h"
#include "framework/base/shell_words.h"
#include "framework/system/child_process.h"
#include "framework/system/installed_program.h"

namespace epochal::app {
namespace {

namespace fs = std::filesystem;

constexpr char kOnFinish[] = "on-finish";
constexpr char kOnFailure[] = "on-failure";
constexpr std::chrono::seconds kLongestHook{60};
constexpr std::size_t kMostNamedRuns = 20;
constexpr std::size_t kLongestError = 1000;

/// The program and its arguments. Quotes and backslashes mean what they mean to a shell, and
/// nothing else does.
std::vector<std::string> hook_words(const Options& options, const char* option) {
  if (!options.has(option)) return {};
  const auto words = shell_words(options.text(option));
  if (!words) {
    throw Error(fmt::format("the command of --{} ends within quotes or after a backslash", option));
  }
  if (words->empty() || words->front().empty()) {
    throw Error(fmt::format("--{} names no program", option));
  }
  return *words;
}

/// Said before hours of training, not after them.
void warn_of_missing_program(const char* option, const std::vector<std::string>& words) {
  if (words.empty()) return;
  const std::string& program = words.front();
  const bool is_there = program.find('/') == std::string::npos ? is_in_path(program)
                                                               : access(program.c_str(), X_OK) == 0;
  if (is_there) return;
  print_message("epochal: --{}: there is no program '{}'; the sweep goes on without it\n", option,
                printable(program));
}

struct Hook {
  const char* option;
  const char* event;
  std::vector<std::string> words;
};

bool is_failure(const SweepEnd& end) {
  return end.result.failed > 0 || !end.error.empty();
}

std::string_view status_word(const SweepEnd& end) {
  if (is_failure(end)) return "failed";
  return end.result.left > 0 ? "left" : "finished";
}

/// The sentence that a person reads on a phone.
std::string hook_message(const SweepEnd& end, Seconds took) {
  const SweepResult& result = end.result;
  std::string text = fmt::format("{}: {} finished", end.sweep, result.finished);
  if (result.stopped > 0) text += fmt::format(", {} stopped early", result.stopped);
  if (result.failed > 0) text += fmt::format(", {} failed", result.failed);
  if (result.left > 0) text += fmt::format(", {} left", result.left);
  text += fmt::format(", after {}", format_duration(took));
  if (!end.error.empty()) text += ": " + end.error;
  return text;
}

nlohmann::json failed_runs(const SweepEnd& end) {
  auto failed = nlohmann::json::array();
  if (end.result.failed == 0) return failed;
  for (const store::RunRecord& run : store::Query(end.store).runs_by_id(end.runs)) {
    if (run.status != store::RunStatus::failed || failed.size() == kMostNamedRuns) continue;
    failed.push_back(
        {{"run", run.short_identity()}, {"error", printable(run.error, kLongestError)}});
  }
  return failed;
}

nlohmann::json hook_facts(const SweepEnd& end, const char* event, Seconds took) {
  const SweepResult& result = end.result;
  return {{"event", event},
          {"sweep", end.sweep},
          {"file", end.file.string()},
          {"store", end.store.string()},
          {"status", status_word(end)},
          {"exit_code", end.exit_code},
          {"runs", end.runs.size()},
          {"finished", result.finished},
          {"stopped", result.stopped},
          {"failed", result.failed},
          {"left", result.left},
          {"removed", result.removed},
          {"seconds", took.count()},
          {"error", end.error},
          {"failed_runs", failed_runs(end)},
          {"message", hook_message(end, took)}};
}

/// EPOCHAL_FAILED and the like: the facts that are one value.
std::map<std::string, std::string> hook_variables(const nlohmann::json& facts) {
  std::map<std::string, std::string> variables;
  for (const auto& [name, value] : facts.items()) {
    if (value.is_structured()) continue;
    std::string variable = "EPOCHAL_";
    for (const char letter : name) {
      variable += static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    }
    variables[variable] = value.is_string() ? value.get<std::string>() : value.dump();
  }
  return variables;
}

/// A file in memory with a text, open for reading from its start.
class TextInput {
 public:
  explicit TextInput(const std::string& text) : handle_(memfd_create("facts", MFD_CLOEXEC)) {
    std::size_t written = 0;
    while (handle_ >= 0 && written < text.size()) {
      const ssize_t count = write(handle_, text.data() + written, text.size() - written);
      if (count <= 0) break;
      written += static_cast<std::size_t>(count);
    }
    if (handle_ >= 0) lseek(handle_, 0, SEEK_SET);
  }
  ~TextInput() {
    if (handle_ >= 0) close(handle_);
  }
  TextInput(const TextInput&) = delete;
  TextInput& operator=(const TextInput&) = delete;

  int handle() const { return handle_; }

 private:
  int handle_;
};

/// Empty if the program succeeded.
std::string fault_of(const ProcessEnd& end, bool is_late) {
  if (is_late) return fmt::format("took more than {} s and was killed", kLongestHook.count());
  if (end.signal != 0) return fmt::format("was killed by signal {}", end.signal);
  return end.exit_code == 0 ? "" : fmt::format("ended with exit code {}", end.exit_code);
}

void run_hook(const Hook& hook, const SweepEnd& end, Seconds took) {
  const nlohmann::json facts = hook_facts(end, hook.event, took);
  const TextInput input(facts.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) +
                        '\n');
  ProcessStart start;
  start.command = hook.words;
  start.input_handle = input.handle();
  start.output_handle = STDERR_FILENO;
  start.group = SignalGroup::own;
  start.environment = hook_variables(facts);
  std::string fault;
  try {
    const auto begun = std::chrono::steady_clock::now();
    const ProcessEnd hook_end = ChildProcess(start).wait_or_kill(kLongestHook);
    fault = fault_of(hook_end, std::chrono::steady_clock::now() - begun >= kLongestHook);
  } catch (const Error& error) {
    fault = error.what();
  }
  if (fault.empty()) return;
  print_message("epochal: --{}: {}: {}\n", hook.option, printable(hook.words.front()),
                printable(fault));
}

/// A hook that cannot be told is a line, whatever the reason is.
void tell(const Hook& hook, const SweepEnd& end, Seconds took) {
  if (hook.words.empty()) return;
  try {
    run_hook(hook, end, took);
  } catch (const std::exception& error) {
    print_message("epochal: --{}: {}\n", hook.option, printable(error.what()));
  }
}

}  // namespace

void add_finish_hooks(Options& options) {
  options
      .value(kOnFinish, "COMMAND",
             "run this program at the end; it gets the results as JSON on standard input and as "
             "variables EPOCHAL_*")
      .value(kOnFailure, "COMMAND",
             "run this program first if a run failed or an error ended the command");
}

int with_finish_hooks(const Options& options, const std::function<int(SweepEnd&)>& action) {
  const Hook on_failure{kOnFailure, "failure", hook_words(options, kOnFailure)};
  const Hook on_finish{kOnFinish, "finish", hook_words(options, kOnFinish)};
  warn_of_missing_program(kOnFailure, on_failure.words);
  warn_of_missing_program(kOnFinish, on_finish.words);
  const auto begun = std::chrono::steady_clock::now();
  SweepEnd end;
  std::exception_ptr thrown;
  try {
    end.exit_code = action(end);
  } catch (const std::exception& error) {
    thrown = std::current_exception();
    const Failure failure = failure_of(error);
    end.exit_code = failure.exit_code;
    end.error = printable(failure.message, kLongestError);
  }
  if (!end.sweep.empty()) {
    const Seconds took = std::chrono::steady_clock::now() - begun;
    if (is_failure(end)) tell(on_failure, end, took);
    tell(on_finish, end, took);
  }
  if (thrown) std::rethrow_exception(thrown);
  return end.exit_code;
}

}  // namespace epochal::app
