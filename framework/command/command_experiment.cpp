// A program as an experiment.

#include "framework/command/command_experiment.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>

#include "framework/command/command_inputs.h"
#include "framework/command/program_session.h"
#include "framework/system/descendants.h"

namespace epochal {
namespace {

class CommandExperiment : public Experiment {
 public:
  CommandExperiment(const CommandDeclaration& command, std::shared_ptr<FileHashes> files)
      : command_(command), files_(std::move(files)) {}

  /// Starts the program with the first epoch: only then is its start known.
  void prepare(const RunContext& context) override { context_ = context; }

  TrainingPass train(Epoch epoch, Progress& progress) override {
    if (!session_) {
      check_inputs("since the sweep was read");
      if (!context_.chosen.contains(kResumeKind)) context_.choose(kResumeKind, kRestarted);
      session_ = std::make_unique<ProgramSession>(command_, context_, epoch, restored_);
    }
    EpochReport report = session_->next_epoch(progress);
    // A program that saves only some epochs resumes from the last one it saved.
    if (report.said.saves && !saves_) context_.choose(kResumeKind, kExact);
    saves_ = saves_ || report.said.saves;
    ends_early_ = report.said.last;
    TrainingPass pass;
    pass.metrics = std::move(report.said.metrics);
    pass.samples = report.said.samples;
    pass.steps = report.said.steps;
    pass.learning_rate = report.said.learning_rate;
    return pass;
  }

  /// A program reports its measurements with the epoch.
  Metrics validate(Epoch /*epoch*/, Progress& /*progress*/) override { return {}; }

  void save(const std::filesystem::path& dir) const override { session_->save(dir); }

  void restore(const std::filesystem::path& dir) override { restored_ = dir; }

  std::vector<Sample> samples(Epoch /*epoch*/) override { return session_->take_samples(); }

  Bytes memory_to_come() const override { return use_of_descendants().peak_bytes; }

  std::string device() const override { return session_ ? session_->device() : "cpu"; }

  bool has_more(Progress& progress) override { return session_ && session_->has_more(progress); }

  bool ends_early() const override { return ends_early_; }

  void finish(Progress& progress) override {
    // The end of an earlier attempt may have failed: a program that resumes from its state does its
    // end again. A program without state would do everything again.
    if (!session_ && restored_.empty()) return;
    if (!session_) {
      check_inputs("since the sweep was read");
      session_ =
          std::make_unique<ProgramSession>(command_, context_, context_.epochs + 1, restored_);
    }
    session_->finish(progress);
    check_inputs("while the program ran");
  }

  void stop(std::string_view why) override {
    if (session_) session_->stop(why);
  }

 private:
  /// Numbers of another program or of other data must not be recorded under the run's identity.
  void check_inputs(std::string_view when) {
    if (command_.is_tracked || context_.inputs.data.empty()) return;
    const std::string now_found = fingerprint_of_inputs(command_, files_, context_.parameters);
    if (now_found == context_.inputs.data) return;
    throw Error(fmt::format("the inputs of the command have changed {}", when),
                fmt::format("{}", fmt::join(inputs_of(command_), ", ")),
                "run the sweep again to make a new run; or restore the inputs and use "
                "--restart-failed");
  }

  const CommandDeclaration command_;
  std::shared_ptr<FileHashes> files_;
  RunContext context_;
  std::filesystem::path restored_;
  std::unique_ptr<ProgramSession> session_;
  bool saves_ = false;
  bool ends_early_ = false;
};

}  // namespace

ExperimentInfo command_experiment(const CommandDeclaration& command) {
  ExperimentInfo info;
  info.name = experiment_name(command);
  info.summary = fmt::format("the program '{}'", command.name);
  try {
    info.schema = Schema(command.parameters);
  } catch (const std::logic_error& error) {  // from a record that was changed
    throw Error(fmt::format("the command's parameters are broken: {}", error.what()));
  }
  for (const CommandMetric& metric : command.metrics) info.metrics.push_back(metric.spec);
  info.objective = command.objective;
  info.has_open_length = command.is_tracked;
  info.length_is_identity = is_told_its_length(command);
  const auto files = std::make_shared<FileHashes>();
  info.create = [command, files] { return std::make_unique<CommandExperiment>(command, files); };
  info.create_inspector = [command, files] { return make_command_inspector(command, files); };
  return info;
}

}  // namespace epochal
