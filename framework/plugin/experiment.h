#pragma once

// The contract between the framework and an experiment: all that a plugin sees.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/error.h"
#include "framework/base/input_fingerprints.h"
#include "framework/base/metric.h"
#include "framework/base/quantities.h"
#include "framework/base/sample.h"
#include "framework/plugin/parameter.h"

namespace epochal {

/// Thrown by Progress::advance when the run shall stop. An experiment lets it pass: the runner
/// catches it, drops the unfinished epoch and leaves the run resumable.
struct StopRequested {};

/// A value by step that cannot be kept.
class StepRefused : public Error {
 public:
  using Error::Error;
};

/// How an experiment says how far it is. Call advance() after every step.
class Progress {
 public:
  virtual ~Progress() = default;

  /// `done` of `total` samples of this pass are through. Throws StopRequested.
  virtual void advance(std::int64_t done, std::int64_t total) = 0;
};

/// What one pass over the training data gave.
struct TrainingPass {
  Metrics metrics;
  std::int64_t samples = 0;
  Seconds waiting_for_data{0};
  std::optional<double> learning_rate;      ///< in force at the first step of the pass
  std::optional<std::int64_t> steps;        ///< updates of the weights that it made
  std::optional<Bytes> peak_device_memory;  ///< of an accelerator, where the driver does not say
};

/// A number that was measured of drawn pictures, for the table beside them.
struct Measurement {
  std::string name;     ///< a word: "edges"
  std::string meaning;  ///< one line: what it measures, its range
  Better better = Better::lower;
  double value = 0;
};

/// What a model makes of a report's inputs.
struct Drawing {
  std::vector<Sample> samples;
  std::vector<Measurement> measurements;  ///< means over all that was drawn; may be empty
  std::string missing;  ///< why there are no samples, where the model cannot draw any
};

/// What a model that is no run makes of a report's inputs.
struct ReferenceDrawing {
  std::string name;  ///< as the sweep has it: "mini"
  Drawing drawn;
};

/// Memory of an accelerator.
struct DeviceMemory {
  Bytes taken = 0;  ///< by all processes that use it
  Bytes total = 0;
};

/// What a program that was started by hand knows of its run.
struct OwnDescription {
  std::optional<std::uint64_t> seed;
  std::optional<Epoch> epochs;  ///< that it means to do
  std::vector<MetricSpec> metrics;
  std::string objective;  ///< one of `metrics`; empty if there is none
};

/// What a run is made of, given to Experiment::prepare.
struct RunContext {
  std::string identity;          ///< of the run; empty where none is recorded
  std::filesystem::path folder;  ///< of the run's own files besides its record; may be missing
  Parameters parameters;
  InputFingerprints inputs;  ///< what the run was made for; empty where none is recorded
  std::uint64_t seed = 0;
  Epoch epochs = 0;  ///< how many the run shall have; may grow when it is continued
  int threads = 1;   ///< CPU threads that this run may keep busy
  Bytes memory = 0;  ///< of the host that this run may use; 0 where that is not known
  /// The most memory of the host that `action` takes beyond what the process holds before it; none
  /// where that cannot be measured.
  std::function<std::optional<Bytes>(const std::function<void()>& action)> peak_memory_of =
      [](const auto&) { return std::nullopt; };
  /// How the memory of the run's GPU is taken up at this moment; none where there is no GPU, or its
  /// driver does not say.
  std::function<std::optional<DeviceMemory>()> device_memory = [] { return std::nullopt; };
  /// What `auto` came to when the run was begun, by parameter: a run that goes on keeps it.
  std::map<std::string, std::string> chosen;
  /// Records what a parameter's `auto` comes to, for the run's later attempts.
  std::function<void(std::string_view parameter, std::string_view value)> choose = [](auto, auto) {
  };
  /// Keeps values of a step, a number that grows through all epochs: "train.loss" -> 0.4. Cheap
  /// enough for every step. Throws StepRefused for a step that is not greater than the last one.
  std::function<void(std::int64_t step, const Metrics& values)> log_step = [](auto, const auto&) {};
  /// Takes what a program knows of its own run; means nothing where the sweep decides.
  std::function<void(const OwnDescription& own)> describe = [](const auto&) {};
  /// Whether the run shall stop: for what waits where there is no Progress.
  std::function<bool()> is_stopping = [] { return false; };
  std::function<void(std::string_view)> log = [](std::string_view) {};
  /// Takes a line that a program of the run has printed.
  std::function<void(std::string_view)> output = [](std::string_view) {};
  /// The same for its standard error, where the two are kept apart: under `epochal track`.
  std::function<void(std::string_view)> errors = [](std::string_view) {};
  /// Keeps something worth remembering with the run's record: a kind in a word or two, and a text.
  std::function<void(std::string_view, std::string_view)> event = [](auto, auto) {};
};

/// Code that trains something. One object lives for one attempt at one run; all calls come from
/// one thread, in this order: prepare, perhaps restore, then train, validate, save, samples for
/// each epoch, then finish or stop. Any call but stop may throw Error for what the user can mend.
class Experiment {
 public:
  virtual ~Experiment() = default;

  /// Builds the model and opens the data.
  virtual void prepare(const RunContext& context) = 0;

  /// One pass over the training data.
  virtual TrainingPass train(Epoch epoch, Progress& progress) = 0;

  /// Measures on data that is not trained on. `progress` stops it as it stops train(); what it says
  /// of how far validation is is shown nowhere yet.
  virtual Metrics validate(Epoch epoch, Progress& progress) = 0;

  /// Writes everything that an exact resume needs into the existing, empty folder `dir`. From an
  /// epoch for which it writes nothing a run cannot go on.
  virtual void save(const std::filesystem::path& dir) const = 0;

  /// Takes up the state that save() wrote. Must not trust the files: throw Error if they are not
  /// what save() writes.
  virtual void restore(const std::filesystem::path& dir) = 0;

  /// What is worth keeping of this epoch besides its numbers: none, one or several, of any kind.
  virtual std::vector<Sample> samples(Epoch epoch);

  /// Asked when all epochs are recorded that the run shall have: whether there is another one. For
  /// runs whose length nobody knows before.
  virtual bool has_more(Progress& progress);

  /// Asked when an epoch is recorded that is not the last: whether it was to be, since the
  /// experiment itself has had enough.
  virtual bool ends_early() const;

  /// The last epoch is recorded: does what is to be done once at the end.
  virtual void finish(Progress& progress);

  /// The run ends before all its epochs are done. `why`, in a word or two: "interrupted", "rule".
  virtual void stop(std::string_view why);

  /// Memory of the host that it will yet take, beyond what it holds now, as it sees more of its
  /// data: what a cache has still to fill, for example.
  virtual Bytes memory_to_come() const;

  /// Where it computes, as LibTorch names it: "cpu", "cuda:0". Asked after prepare() and each
  /// epoch.
  virtual std::string device() const;
};

/// Looks at the inputs of runs before any is started. One inspector serves all runs of a command,
/// so it may remember folders that it has read.
class InputInspector {
 public:
  virtual ~InputInspector() = default;

  /// Throws Error if the run could not start with these parameters: a missing folder, too few
  /// images, parameters that do not go together.
  virtual InputFingerprints inspect(const Parameters& parameters) = 0;
};

/// A trained run, as a verb finds it in the store.
struct TrainedRun {
  std::string identity;
  Epoch epoch = 0;
  std::uint64_t seed = 0;
  Parameters parameters;
  InputFingerprints inputs;          ///< what it was trained with
  std::filesystem::path checkpoint;  ///< folder that Experiment::save wrote
};

/// A key of a sweep's [report] table that an experiment declares, for its reports to draw.
struct ReportInputSpec {
  enum class Kind { path, paths, real, reals };

  std::string name;
  Kind kind = Kind::path;
  std::string doc;  ///< one line
};

std::string_view name_of(ReportInputSpec::Kind kind);

/// A value of such a key.
struct ReportInput {
  std::string text;              ///< as it was written
  std::filesystem::path folder;  ///< of the sweep file: relative paths are meant from there
  double number = 0;             ///< of a real

  /// The text as a file.
  std::string path() const { return (folder / with_home(text)).lexically_normal().string(); }
};

/// What a report asks an experiment to draw: the values of its keys; those that the sweep does not
/// give are not there.
using ReportInputs = std::map<std::string, std::vector<ReportInput>>;

/// A command of the experiment's own: `epochal adain stylize …`.
struct Verb {
  std::string name;
  std::string summary;
  /// Looks up the newest checkpoint of a run by its identity or a prefix. Throws Error.
  using FindRun = std::function<TrainedRun(std::string_view run)>;
  /// Returns the exit code. `arguments` are those after the verb; data goes to stdout.
  std::function<int(const std::vector<std::string>& arguments, const FindRun& find_run)> run;
};

/// Everything that the framework knows of an experiment.
struct ExperimentInfo {
  std::string name;     ///< lower case, digits, '-', '_'
  int version = 1;      ///< part of every run's identity: raise it when results change
  std::string summary;  ///< one line
  std::string sample_word = "samples";  ///< what it trains with, in the plural: "412 images/s"
  Schema schema;
  std::vector<MetricSpec> metrics;  ///< that its runs report
  /// The metric by which runs and epochs are compared, one of `metrics` that has a direction; empty
  /// if there is none.
  std::string objective;
  std::function<std::unique_ptr<Experiment>()> create;
  std::function<std::unique_ptr<InputInspector>()> create_inspector;  ///< may be empty
  std::map<std::string, std::string> libraries;  ///< name to version, kept with every attempt
  std::vector<Verb> verbs;
  /// The keys of [report] that `draw` takes.
  std::vector<ReportInputSpec> report_inputs;
  /// Draws what a trained run makes of a report's inputs; may be empty where none are declared.
  /// Throws Error for inputs that it cannot use.
  std::function<Drawing(const TrainedRun& run, const ReportInputs& inputs)> draw;
  /// The same by a model that the inputs name and no run trained: what the runs are to be seen
  /// beside. None where they name none; may be empty.
  std::function<std::optional<ReferenceDrawing>(const ReportInputs& inputs)> draw_reference;
  /// Updates of the weights that published models of this kind were trained with; 0 if nobody can
  /// say. Beside it a reader sees how short a run was.
  std::int64_t published_steps = 0;
  /// Another number of epochs is another run: what an epoch does depends on how many there will be.
  bool length_is_identity = false;
  /// Its runs have the epochs that come: nobody knows how many before.
  bool has_open_length = false;
};

/// The declaration of a metric; none if it is not declared.
const MetricSpec* find_metric(const ExperimentInfo& info, std::string_view name);

/// Raised whenever anything in framework/plugin changes shape; a plugin built for another one is
/// refused.
constexpr std::uint32_t kPluginAbi = 11;

}  // namespace epochal

/// Makes a shared object a plugin. `make_info` is a function that returns ExperimentInfo; it is
/// called once, on first use.
#define EPOCHAL_EXPERIMENT(make_info)                                                        \
  extern "C" __attribute__((visibility("default"))) const std::uint32_t epochal_plugin_abi = \
      ::epochal::kPluginAbi;                                                                 \
  extern "C" __attribute__((visibility("default"))) const ::epochal::ExperimentInfo*         \
  epochal_plugin_info() {                                                                    \
    static const ::epochal::ExperimentInfo info = make_info();                               \
    return &info;                                                                            \
  }
