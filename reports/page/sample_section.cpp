// The samples of a report: pictures, texts, tables, sound, histograms, files.

#include "reports/page/sample_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "db/artifact_path.h"
#include "framework/base/content.h"
#include "framework/base/disk_full.h"
#include "framework/base/human_format.h"
#include "framework/base/printable.h"
#include "framework/base/sample.h"
#include "reports/page/sample_preview.h"
#include "reports/run_samples.h"
#include "reports/run_state.h"
#include "sample_html.h"

namespace epochal::report {
namespace fs = std::filesystem;
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::object;

/// Limit for samples inside the page, which should stay below ten megabytes with base64's third.
/// Further samples are only linked.
constexpr std::size_t kMostEmbedded = 6'000'000;
/// Limit for files next to the page, for all runs together. Further samples are only named.
constexpr std::uintmax_t kMostBeside = 256 << 20;
constexpr std::size_t kMostRuns = 12;
constexpr std::size_t kMostNewest = 24;  ///< of each run
constexpr std::size_t kMostEarlierRuns = 6;
/// Earlier samples of each run, spread evenly.
constexpr std::size_t kMostEarlierSamples = 40;

/// The bytes of a file in the store; none if it is too large for a sample or cannot be read.
std::optional<std::string> sample_bytes(const store::ReadableArtifact& source) {
  std::ifstream in(source.path(), std::ios::binary | std::ios::ate);
  const std::streamoff size = in ? static_cast<std::streamoff>(in.tellg()) : -1;
  if (size < 0 || size > static_cast<std::streamoff>(kLargestSample)) return std::nullopt;
  std::string bytes(static_cast<std::size_t>(size), '\0');
  in.seekg(0);
  in.read(bytes.data(), size);
  return in ? std::optional(std::move(bytes)) : std::nullopt;
}

class SampleSection {
 public:
  SampleSection(const ReportData& report, fs::path folder)
      : report_(report), folder_(std::move(folder)) {}

  /// The same inputs in every run, after the reference.
  list drawn() {
    list result;
    if (report_.reference) {
      for (const Sample& sample : report_.reference->drawn.samples) {
        result.push_back(data(describe(reference_label(), "reference", sample)));
      }
    }
    for (const ReportedRun& run : report_.runs) {
      for (const Sample& sample : run.drawn.samples) result.push_back(data(describe(run, sample)));
      if (!run.drawn.missing.empty()) result.push_back(data(missing(run)));
    }
    return result;
  }

  /// The measurements of all drawings, in the order of their first appearance.
  std::vector<Measurement> measurements() const {
    std::vector<Measurement> all;
    const auto add = [&](const Drawing& drawn) {
      for (const Measurement& measured : drawn.measurements) {
        const auto same = std::ranges::find(all, measured.name, &Measurement::name);
        if (same == all.end()) all.push_back(measured);
      }
    };
    if (report_.reference) add(report_.reference->drawn);
    for (const ReportedRun& run : report_.runs) add(run.drawn);
    return all;
  }

  /// A row of measurements for the reference and for each drawn run.
  list measurement_rows(const std::vector<Measurement>& columns) const {
    list rows;
    const auto add = [&](const std::string& label, const std::string& steps, const Drawing& drawn) {
      if (drawn.measurements.empty()) return;
      list cells;
      for (const Measurement& measured : columns) {
        const auto found = std::ranges::find(drawn.measurements, measured.name, &Measurement::name);
        cells.push_back(found == drawn.measurements.end() ? "" : format_number(found->value));
      }
      object row;
      row["label"] = label;
      row["steps"] = steps;
      row["values"] = data(cells);
      rows.push_back(data(row));
    };
    if (report_.reference) add(reference_label(), "", report_.reference->drawn);
    for (const ReportedRun& run : report_.runs) {
      const auto steps = store::steps_of(run.epochs);
      add(run.label, steps ? format_count(*steps) : "", run.drawn);
    }
    return rows;
  }

  list newest() {
    list result;
    for (const ReportedRun* run : with_samples(kMostRuns)) {
      const RunSamples samples = parted(run->samples);
      const std::size_t shown = std::min(samples.newest.size(), kMostNewest);
      for (std::size_t i = 0; i < shown; ++i) {
        result.push_back(data(describe(*run, *samples.newest[i])));
      }
    }
    return result;
  }

  list earlier() {
    list result;
    for (const ReportedRun* run : with_samples(kMostEarlierRuns)) {
      const RunSamples parts = parted(run->samples);
      if (parts.earlier.empty()) continue;
      list samples;
      const std::size_t earlier = parts.earlier.size();
      const std::size_t shown = std::min(earlier, kMostEarlierSamples);
      for (std::size_t i = 0; i < shown; ++i) {
        object entry = describe(*run, *parts.earlier[i * earlier / shown]);
        entry["has_several"] = data(parts.newest.size() > 1);
        samples.push_back(data(entry));
      }
      object entry;
      entry["label"] = shown == earlier
                           ? run->label
                           : fmt::format("{}: {} of {} samples", run->label, shown, earlier);
      entry["samples"] = data(samples);
      entry["is_first"] = data(result.empty());
      result.push_back(data(entry));
    }
    return result;
  }

  /// The number of pictures in the page so far.
  std::size_t pictures() const { return pictures_; }

  /// Says which newest samples are not shown; empty if all are.
  std::string left_out() const {
    std::vector<std::string> texts;
    const std::size_t all = with_samples(report_.runs.size()).size();
    if (all > kMostRuns) {
      texts.push_back(fmt::format("The first {} of {} runs are shown.", kMostRuns, all));
    }
    for (const ReportedRun* run : with_samples(kMostRuns)) {
      const std::size_t samples = parted(run->samples).newest.size();
      if (samples <= kMostNewest) continue;
      texts.push_back(fmt::format("{}: the first {} of {} samples are shown.", run->label,
                                  kMostNewest, samples));
    }
    return fmt::format("{}", fmt::join(texts, " "));
  }

 private:
  std::string reference_label() const { return "reference: " + printable(report_.reference->name); }

  /// The run, and "108 steps; published models take 160,000", if steps were counted.
  void put_run(const ReportedRun& run, Epoch last, object& entry) const {
    const std::string steps =
        format_steps(store::steps_of(run.epochs, last), report_.published_steps);
    entry["label"] = run.label;
    entry["state"] = state_of(run);
    entry["is_unfinished"] = data(is_unfinished(run));
    entry["steps"] = steps;
    entry["has_steps"] = data(!steps.empty());
  }

  /// A run that the experiment could not draw, with the reason.
  object missing(const ReportedRun& run) const {
    object result;
    put_run(run, run.run.epochs_done, result);
    result["is_missing"] = data(true);
    result["missing"] = printable(run.drawn.missing, 400);
    return result;
  }

  object describe(const ReportedRun& run, const Sample& sample) {
    object result = describe(run.label, run.run.short_identity(), sample);
    put_run(run, run.run.epochs_done, result);
    return result;
  }

  object describe(const std::string& label, const std::string& of, const Sample& sample) {
    object result;
    result["label"] = label;
    result["is_missing"] = data(false);
    result["is_unfinished"] = data(false);
    result["has_steps"] = data(false);
    result["caption"] = printable(sample.caption);
    result["alt"] = fmt::format("{}: {}", label, printable(sample.caption));
    result["name"] = printable(sample.name, 80);
    put_shown(text_of(sample.bytes), text_of(sample.preview), sample.ending, true,
              fmt::format("{}-{}", plain_file_stem(of), plain_file_stem(sample.name)), result);
    return result;
  }

  static std::string_view text_of(const std::vector<std::byte>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  /// If there are drawings, the runs' own pictures are only linked: the drawings show the same
  /// models for the same inputs, and all pictures together would make the page several times as
  /// large.
  bool has_drawings() const {
    return std::any_of(report_.runs.begin(), report_.runs.end(),
                       [](const ReportedRun& run) { return !run.drawn.samples.empty(); });
  }

  /// The preview of a sample, and its file next to the page. `smaller`, unless it is empty, is
  /// shown instead of the file. A picture that is not embedded is a link to its file.
  void put_shown(std::string_view bytes, std::string_view smaller, std::string_view ending,
                 bool embeds_pictures, const std::string& stem, object& entry) {
    const Content content = content_of(bytes, ending);
    const bool is_picture = content.type == ContentType::picture;
    const std::string_view shown = smaller.empty() ? bytes : smaller;
    const std::size_t room = is_picture && !embeds_pictures ? 0 : kMostEmbedded - embedded_;
    SamplePreview preview = preview_of(shown, content_of(shown, ending), room);
    embedded_ += preview.bytes;
    const bool is_embedded = preview.bytes > 0;
    if (is_picture && is_embedded) ++pictures_;
    entry.merge(preview.fields);

    const std::string file = stem + "." + content.ending;
    const bool is_beside = beside_ + bytes.size() <= kMostBeside;
    if (is_beside) write(file, bytes);
    entry["is_there"] = data(true);
    entry["is_picture"] = data(is_picture);
    entry["type"] = std::string(name_of(content.type));
    entry["size"] = format_bytes(static_cast<Bytes>(bytes.size()));
    entry["file"] = "samples/" + file;
    entry["is_linked"] = data(is_beside && !(is_picture && is_embedded && smaller.empty()));
    entry["is_beside"] = data(is_beside);
    entry["is_left"] = data(!is_beside);
  }

  void write(const std::string& name, std::string_view bytes) {
    std::error_code error;
    fs::create_directories(folder_ / "samples", error);
    if (error) throw_write_error(error, folder_ / "samples", "choose another folder with -o");
    write_file(folder_ / "samples" / name, bytes);
    beside_ += bytes.size();
  }

  std::vector<const ReportedRun*> with_samples(std::size_t most) const {
    std::vector<const ReportedRun*> runs;
    for (const ReportedRun& run : report_.runs) {
      if (!run.samples.empty() && runs.size() < most) runs.push_back(&run);
    }
    return runs;
  }

  object describe(const ReportedRun& run, const store::ArtifactRecord& sample) {
    const std::optional<store::ReadableArtifact> source =
        store::readable_artifact(report_.store, sample.path);
    const std::optional<std::string> bytes = source ? sample_bytes(*source) : std::nullopt;
    const int epoch = sample.epoch.value_or(0);
    object result;
    put_run(run, epoch, result);
    result["epoch"] = std::to_string(epoch);
    result["caption"] = printable(sample.caption);
    result["alt"] =
        fmt::format("{} after epoch {}: {}", run.label, epoch, printable(sample.caption));
    result["name"] = printable(sample.name, 80);
    if (!bytes) {
      result["is_there"] = data(false);
      result["missing"] = fmt::format("The file {} is {}.", printable(sample.path, 120),
                                      source ? "larger than 64 MiB or cannot be read" : "missing");
      return result;
    }
    put_shown(*bytes, {}, ending_of(sample.path), !has_drawings(),
              fmt::format("{}-{}-epoch-{:04}", plain_file_stem(run.run.short_identity()),
                          plain_file_stem(sample.name), epoch),
              result);
    return result;
  }

  const ReportData& report_;
  fs::path folder_;
  std::size_t embedded_ = 0;   ///< bytes within the page
  std::uintmax_t beside_ = 0;  ///< bytes of the files beside it
  std::size_t pictures_ = 0;
};

/// The table of measurements of the drawn pictures.
void add_measurements(const SampleSection& section, data& page) {
  const std::vector<Measurement> columns = section.measurements();
  list heads;
  list meanings;
  for (const Measurement& measured : columns) {
    heads.push_back(printable(measured.name));
    object meaning;
    meaning["name"] = printable(measured.name);
    meaning["meaning"] = printable(measured.meaning);
    meaning["better"] = measured.better == Better::lower ? "lower is better" : "higher is better";
    meanings.push_back(data(meaning));
  }
  page.set("has_measurements", !columns.empty());
  page.set("measurement_heads", heads);
  page.set("measurement_meanings", meanings);
  page.set("measurement_rows", section.measurement_rows(columns));
}

}  // namespace

void add_samples(const ReportData& report, const fs::path& folder, data& page) {
  SampleSection section(report, folder);
  page.set("sample_itself", std::string(embedded::sample_html));
  const list drawn = section.drawn();
  const list newest = section.newest();
  const std::size_t compared = section.pictures();
  const list earlier = section.earlier();
  page.set("has_samples", !newest.empty() || !drawn.empty());
  page.set("has_drawn", !drawn.empty());
  add_measurements(section, page);
  page.set("drawn", drawn);
  page.set("newest_samples", newest);
  page.set("can_compare_samples", compared > 1);
  page.set("has_earlier", !earlier.empty());
  page.set("earlier", earlier);
  page.set("samples_left_out", section.left_out());
}

}  // namespace epochal::report
