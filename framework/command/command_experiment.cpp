// A program in the place of a plugin.

#include "framework/command/command_experiment.h"

#include <fmt/format.h>

#include <stdexcept>

#include "framework/command/command_inputs.h"
#include "framework/command/program_session.h"
#include "framework/system/descendants.h"

namespace epochal {
namespace {

class CommandExperiment : public Experiment {
 public:
  explicit CommandExperiment(const CommandDeclaration& command) : command_(command) {}

  /// The program is started with the first epoch: only then it is known where it begins.
  void prepare(const RunContext& context) override { context_ = context; }

  TrainingPass train(Epoch epoch, Progress& progress) override {
    if (!session_) {
      if (!context_.chosen.contains(kResumeKind)) context_.choose(kResumeKind, kRestarted);
      session_ = std::make_unique<ProgramSession>(command_, context_, epoch, restored_);
    }
    EpochReport report = session_->next_epoch(progress);
    // A program that saves only some epochs resumes from the last one it saved.
    if (report.said.saves && !saves_) context_.choose(kResumeKind, kExact);
    saves_ = saves_ || report.said.saves;
    TrainingPass pass;
    pass.metrics = std::move(report.said.metrics);
    pass.samples = report.said.samples;
    pass.steps = report.said.steps;
    pass.learning_rate = report.said.learning_rate;
    return pass;
  }

  /// What a program has measured it says with the epoch.
  Metrics validate(Epoch /*epoch*/, Progress& /*progress*/) override { return {}; }

  void save(const std::filesystem::path& dir) const override { session_->save(dir); }

  void restore(const std::filesystem::path& dir) override { restored_ = dir; }

  std::vector<Sample> samples(Epoch /*epoch*/) override { return session_->take_samples(); }

  Bytes memory_to_come() const override { return use_of_descendants().peak_bytes; }

  std::string device() const override { return session_ ? session_->device() : "cpu"; }

  bool has_more(Progress& progress) override { return session_ && session_->has_more(progress); }

  void finish(Progress& progress) override {
    if (!session_) return;
    session_->finish(progress);
  }

  void stop(std::string_view why) override {
    if (session_) session_->stop(why);
  }

 private:
  const CommandDeclaration command_;
  RunContext context_;
  std::filesystem::path restored_;
  std::unique_ptr<ProgramSession> session_;
  bool saves_ = false;
};

}  // namespace

ExperimentInfo command_experiment(const CommandDeclaration& command) {
  ExperimentInfo info;
  info.name = experiment_name(command);
  info.summary = fmt::format("the program '{}'", command.name);
  try {
    info.schema = Schema(command.parameters);
  } catch (const std::logic_error& error) {  // from a record that somebody changed
    throw Error(fmt::format("the command's parameters are broken: {}", error.what()));
  }
  for (const CommandMetric& metric : command.metrics) info.metrics.push_back(metric.spec);
  info.objective = command.objective;
  info.create = [command] { return std::make_unique<CommandExperiment>(command); };
  info.create_inspector = [command] { return make_command_inspector(command); };
  return info;
}

}  // namespace epochal
