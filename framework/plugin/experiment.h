#pragma once

// The interface between the framework and an experiment: everything that a plugin sees.

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
#include "framework/base/validation_samples.h"
#include "framework/plugin/parameter.h"

namespace epochal {

/// Thrown by Progress::advance when the run should stop. An experiment must not catch it: the
/// runner catches it, drops the unfinished epoch and leaves the run resumable.
struct StopRequested {};

/// Thrown for a value by step that cannot be kept.
class StepRefused : public Error {
 public:
  using Error::Error;
};

/// An experiment reports its progress here. Call advance() after every step.
class Progress {
 public:
  virtual ~Progress() = default;

  /// `done` of the `total` samples of this pass are done. Throws StopRequested.
  virtual void advance(std::int64_t done, std::int64_t total) = 0;
};

/// The result of one pass over the training data.
struct TrainingPass {
  Metrics metrics;
  std::int64_t samples = 0;
  Seconds waiting_for_data{0};
  std::optional<double> learning_rate;      ///< at the first step of the pass
  std::optional<std::int64_t> steps;        ///< number of weight updates
  std::optional<Bytes> peak_device_memory;  ///< of an accelerator, if the driver does not report it
};

/// A number that was measured on drawn pictures, for a table in the report.
struct Measurement {
  std::string name;     ///< a word: "edges"
  std::string meaning;  ///< one line: what it measures, its range
  Better better = Better::lower;
  double value = 0;
};

/// What a model draws from a report's inputs.
struct Drawing {
  std::vector<Sample> samples;
  std::vector<Measurement> measurements;  ///< means over all drawn pictures; may be empty
  std::string missing;  ///< why there are no samples, if the model cannot draw any
};

/// What a reference model, which is not a run, draws from a report's inputs.
struct ReferenceDrawing {
  std::string name;  ///< as in the sweep: "mini"
  Drawing drawn;
};

/// Memory of an accelerator.
struct DeviceMemory {
  Bytes taken = 0;  ///< by all processes that use it
  Bytes total = 0;
};

/// What a program that was started by hand reports about its run.
struct OwnDescription {
  std::optional<std::uint64_t> seed;
  std::optional<Epoch> epochs;  ///< the number of epochs that it plans
  std::vector<MetricSpec> metrics;
  std::string objective;  ///< one of `metrics`; empty if there is none
};

/// The settings of a run, given to Experiment::prepare.
struct RunContext {
  std::string identity;          ///< of the run; empty if none is recorded
  std::filesystem::path folder;  ///< for the run's own files, apart from its record; may be missing
  Parameters parameters;
  InputFingerprints inputs;  ///< the inputs of the run; empty if none are recorded
  std::uint64_t seed = 0;
  Epoch epochs = 0;  ///< wanted epochs; may grow when the run is continued
  /// The steps after which the run ends, in the middle of its last epoch, which is then short; none
  /// if all its epochs are whole. Only for an experiment that declares `epoch_size`.
  std::optional<std::int64_t> steps;
  int threads = 1;   ///< CPU threads that this run may keep busy
  Bytes memory = 0;  ///< of the host that this run may use; 0 if unknown
  /// The most host memory that `action` takes in addition to what the process already has; none if
  /// it cannot be measured.
  std::function<std::optional<Bytes>(const std::function<void()>& action)> peak_memory_of =
      [](const auto&) { return std::nullopt; };
  /// The current memory use of the run's GPU; none without a GPU or if its driver does not report
  /// it.
  std::function<std::optional<DeviceMemory>()> device_memory = [] { return std::nullopt; };
  /// The values that `auto` was set to at the start of the run, by parameter: a resumed run keeps
  /// them.
  std::map<std::string, std::string> chosen;
  /// Records the value that a parameter's `auto` is set to, for later attempts of the run.
  std::function<void(std::string_view parameter, std::string_view value)> choose = [](auto, auto) {
  };
  /// Records values of a step, such as "train.loss" -> 0.4. Step numbers grow through all epochs.
  /// Cheap enough for every step. Throws StepRefused for a step that is not greater than the last.
  std::function<void(std::int64_t step, const Metrics& values)> log_step = [](auto, const auto&) {};
  /// Receives what a program reports about its own run; ignored if a sweep decides it.
  std::function<void(const OwnDescription& own)> describe = [](const auto&) {};
  /// Whether the run should stop: for code that waits without a Progress.
  std::function<bool()> is_stopping = [] { return false; };
  std::function<void(std::string_view)> log = [](std::string_view) {};
  /// Receives a line that a program of the run has printed.
  std::function<void(std::string_view)> output = [](std::string_view) {};
  /// The same for its standard error if that is separate, as in `epochal track`.
  std::function<void(std::string_view)> errors = [](std::string_view) {};
  /// Records a notable event of the run: a kind of one or two words, and a text.
  std::function<void(std::string_view, std::string_view)> event = [](auto, auto) {};
};

/// Code that trains something. One object is used for one attempt at one run. All calls come from
/// one thread, in this order: prepare, perhaps restore, then train, validate, save and samples for
/// each epoch, then finish or stop. Any call except stop may throw Error for faults of the user.
class Experiment {
 public:
  virtual ~Experiment() = default;

  /// Builds the model and opens the data.
  virtual void prepare(const RunContext& context) = 0;

  /// One pass over the training data.
  virtual TrainingPass train(Epoch epoch, Progress& progress) = 0;

  /// Measures on data that is not trained on. `progress` stops it like train(); the progress of
  /// validation is not shown yet.
  virtual Metrics validate(Epoch epoch, Progress& progress) = 0;

  /// Called after validate(): the values of its metrics for each sample of the validation set, from
  /// which reports give intervals and compare runs on the same samples. Empty if it gives none.
  virtual ValidationSamples validation_samples() const;

  /// Writes everything that an exact resume needs into the existing, empty folder `dir`. A run
  /// cannot resume from an epoch for which this writes nothing.
  virtual void save(const std::filesystem::path& dir) const = 0;

  /// Restores the state that save() wrote. Must not trust the files: throw Error if save() would
  /// not write them.
  virtual void restore(const std::filesystem::path& dir) = 0;

  /// The samples to keep of this epoch besides its numbers: any number, of any type.
  virtual std::vector<Sample> samples(Epoch epoch);

  /// Called when all wanted epochs are recorded: whether there is another one. For runs of unknown
  /// length.
  virtual bool has_more(Progress& progress);

  /// Called when an epoch before the last is recorded: whether the experiment ends the run after
  /// it.
  virtual bool ends_early() const;

  /// Called after the last epoch is recorded: does the work at the end of the run.
  virtual void finish(Progress& progress);

  /// Called when the run ends before all its epochs are done. `why`: "interrupted", "rule".
  virtual void stop(std::string_view why);

  /// The host memory that it will still take in addition, as it sees more of its data: for example
  /// the rest of a cache.
  virtual Bytes memory_to_come() const;

  /// The device, as LibTorch names it: "cpu", "cuda:0". Called after prepare() and each epoch.
  virtual std::string device() const;
};

/// Checks the inputs of runs before any is started. One inspector serves all runs of a command, so
/// it may cache folders that it has read.
class InputInspector {
 public:
  virtual ~InputInspector() = default;

  /// Throws Error if the run could not start with these parameters: a missing folder, too few
  /// images, parameters that do not go together.
  virtual InputFingerprints inspect(const Parameters& parameters) = 0;
};

/// A trained run from the store, for a verb.
struct TrainedRun {
  std::string identity;
  Epoch epoch = 0;
  std::uint64_t seed = 0;
  Parameters parameters;
  InputFingerprints inputs;          ///< the inputs of its training
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
  std::string text;              ///< as written
  std::filesystem::path folder;  ///< of the sweep file: relative paths start there
  double number = 0;             ///< of a real

  /// The text as a file.
  std::string path() const { return (folder / with_home(text)).lexically_normal().string(); }
};

/// The inputs of a report for an experiment: the values of its keys. Keys that the sweep does not
/// set are absent.
using ReportInputs = std::map<std::string, std::vector<ReportInput>>;

/// A command of the experiment: `epochal adain stylize …`.
struct Verb {
  std::string name;
  std::string summary;
  /// Looks up the newest checkpoint of a run by its identity or a prefix. Throws Error.
  using FindRun = std::function<TrainedRun(std::string_view run)>;
  /// Returns the exit code. `arguments`: those after the verb. Data goes to stdout.
  std::function<int(const std::vector<std::string>& arguments, const FindRun& find_run)> run;
};

/// The size of a whole epoch.
struct EpochSize {
  std::int64_t samples = 1;
  std::int64_t batch_size = 1;  ///< samples of a step; the last step of an epoch may have fewer
};

/// Everything that the framework knows about an experiment.
struct ExperimentInfo {
  std::string name;     ///< lower case, digits, '-', '_'
  int version = 1;      ///< part of every run's identity: raise it when results change
  std::string summary;  ///< one line
  std::string sample_word = "samples";  ///< the plural of what it trains with: "412 images/s"
  Schema schema;
  std::vector<MetricSpec> metrics;  ///< the metrics of its runs
  /// The metric by which runs and epochs are compared, one of `metrics` that has a direction; empty
  /// if there is none.
  std::string objective;
  std::function<std::unique_ptr<Experiment>()> create;
  std::function<std::unique_ptr<InputInspector>()> create_inspector;  ///< may be empty
  std::map<std::string, std::string> libraries;  ///< name to version, kept with every attempt
  std::vector<Verb> verbs;
  /// The keys of [report] that `draw` takes.
  std::vector<ReportInputSpec> report_inputs;
  /// Draws what a trained run makes of a report's inputs; may be empty if none are declared. Throws
  /// Error for inputs that it cannot use.
  std::function<Drawing(const TrainedRun& run, const ReportInputs& inputs)> draw;
  /// The same for a reference model that the inputs name, to compare the runs with. Returns none if
  /// they name none; may be empty.
  std::function<std::optional<ReferenceDrawing>(const ReportInputs& inputs)> draw_reference;
  /// The number of weight updates of published models of this kind; 0 if unknown. Shows readers how
  /// short a run was.
  std::int64_t published_steps = 0;
  /// Whether another number of epochs makes another run: an epoch depends on the total number.
  bool length_is_identity = false;
  /// The size of an epoch with these parameters, so that sweeps may ask for steps or images; such
  /// an experiment ends at RunContext::steps. Empty if it does not know.
  std::function<EpochSize(const Parameters&)> epoch_size;
  /// Whether the number of epochs of its runs is unknown before.
  bool has_open_length = false;
};

/// The declaration of a metric; none if it is not declared.
const MetricSpec* find_metric(const ExperimentInfo& info, std::string_view name);

/// Increased whenever an interface in framework/plugin changes; a plugin that was built for another
/// number is refused.
constexpr std::uint32_t kPluginAbi = 12;

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
