// The pictures of a report.

#include "reports/page/sample_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "db/artifact_path.h"
#include "framework/base/disk_full.h"
#include "framework/base/human_format.h"
#include "framework/base/printable.h"
#include "reports/page/data_uri.h"
#include "reports/run_state.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::object;

/// The page shall stay below ten megabytes, of which base64 adds a third: what goes beyond this is
/// only linked.
constexpr std::uintmax_t kMostBytes = 6'000'000;
constexpr std::size_t kMostRuns = 12;
constexpr std::size_t kMostEarlierRuns = 6;
/// Of each of them, spread evenly.
constexpr std::size_t kMostEarlierSamples = 40;

bool is_png(const fs::path& file) {
  constexpr std::array<char, 8> kSignature{'\x89', 'P', 'N', 'G', '\r', '\n', '\x1a', '\n'};
  std::array<char, 8> begin{};
  std::ifstream in(file, std::ios::binary);
  in.read(begin.data(), begin.size());
  return in && begin == kSignature;
}

class SampleSection {
 public:
  SampleSection(const ReportData& report, fs::path folder)
      : report_(report), folder_(std::move(folder)) {}

  /// The same inputs through every run, the reference before all.
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

  /// Every measurement of any drawing, in the order in which they first come.
  std::vector<Measurement> measurements() const {
    std::vector<Measurement> all;
    const auto add = [&](const Drawing& drawn) {
      for (const Measurement& measured : drawn.measurements) {
        const auto same = [&](const Measurement& other) { return other.name == measured.name; };
        if (std::none_of(all.begin(), all.end(), same)) all.push_back(measured);
      }
    };
    if (report_.reference) add(report_.reference->drawn);
    for (const ReportedRun& run : report_.runs) add(run.drawn);
    return all;
  }

  /// A row of measurements for the reference and for each run that was drawn.
  list measurement_rows(const std::vector<Measurement>& columns) const {
    list rows;
    const auto add = [&](const std::string& label, const std::string& steps, const Drawing& drawn) {
      if (drawn.measurements.empty()) return;
      list cells;
      for (const Measurement& measured : columns) {
        const auto found =
            std::find_if(drawn.measurements.begin(), drawn.measurements.end(),
                         [&](const Measurement& other) { return other.name == measured.name; });
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
      const auto steps = steps_of(run.epochs);
      add(run.label, steps ? format_count(*steps) : "", run.drawn);
    }
    return rows;
  }

  list newest() {
    list result;
    for (const ReportedRun* run : with_samples(kMostRuns)) {
      result.push_back(data(describe(*run, run->samples.back())));
    }
    return result;
  }

  list earlier() {
    list result;
    for (const ReportedRun* run : with_samples(kMostEarlierRuns)) {
      if (run->samples.size() < 2) continue;
      list samples;
      const std::size_t earlier = run->samples.size() - 1;
      const std::size_t shown = std::min(earlier, kMostEarlierSamples);
      for (std::size_t i = 0; i < shown; ++i) {
        samples.push_back(data(describe(*run, run->samples[i * earlier / shown])));
      }
      object entry;
      entry["label"] = shown == earlier
                           ? run->label
                           : fmt::format("{}: {} of {} pictures", run->label, shown, earlier);
      entry["samples"] = data(samples);
      entry["is_first"] = data(result.empty());
      result.push_back(data(entry));
    }
    return result;
  }

  /// "12 of 40 runs are shown"; empty where all are.
  std::string left_out() const {
    const std::size_t all = with_samples(report_.runs.size()).size();
    if (all <= kMostRuns) return {};
    return fmt::format("The first {} of {} runs are shown.", kMostRuns, all);
  }

 private:
  std::string reference_label() const { return "reference: " + printable(report_.reference->name); }

  /// "108 steps; published models take 160,000", where they were counted.
  void put_steps(const ReportedRun& run, Epoch last, object& entry) const {
    const std::string text = format_steps(steps_of(run.epochs, last), report_.published_steps);
    entry["steps"] = text;
    entry["has_steps"] = data(!text.empty());
  }

  /// A run that the experiment could not draw, and why.
  object missing(const ReportedRun& run) const {
    object result;
    result["label"] = run.label;
    result["state"] = state_of(run);
    result["is_unfinished"] = data(is_unfinished(run));
    result["is_missing"] = data(true);
    result["missing"] = printable(run.drawn.missing, 400);
    put_steps(run, run.run.epochs_done, result);
    return result;
  }

  object describe(const ReportedRun& run, const Sample& sample) {
    object result = describe(run.label, run.run.short_identity(), sample);
    result["state"] = state_of(run);
    result["is_unfinished"] = data(is_unfinished(run));
    put_steps(run, run.run.epochs_done, result);
    return result;
  }

  object describe(const std::string& label, const std::string& file, const Sample& sample) {
    const std::string name = fmt::format("{}-{}.png", file, sample.name);
    write(name, sample.png);
    object result;
    result["label"] = label;
    result["is_missing"] = data(false);
    result["is_unfinished"] = data(false);
    result["has_steps"] = data(false);
    result["caption"] = printable(sample.caption);
    result["alt"] = fmt::format("{}: {}", label, printable(sample.caption));
    result["is_there"] = data(true);
    result["file"] = "samples/" + name;
    if (embed(sample.png.size(), result)) result["png"] = data_uri(sample.png, "image/png");
    return result;
  }

  /// Whether a picture still fits into the page; says so for the templates.
  bool embed(std::uintmax_t bytes, object& entry) {
    const bool fits = embedded_ + bytes <= kMostBytes;
    entry["is_embedded"] = data(fits);
    entry["is_linked"] = data(!fits);
    if (fits) embedded_ += bytes;
    return fits;
  }

  void make_folder() const {
    std::error_code error;
    fs::create_directories(folder_ / "samples", error);
    if (error) throw_write_error(error, folder_ / "samples", "choose another folder with -o");
  }

  void write(const std::string& name, const std::vector<std::byte>& png) const {
    make_folder();
    write_file(folder_ / "samples" / name, {reinterpret_cast<const char*>(png.data()), png.size()});
  }

  std::vector<const ReportedRun*> with_samples(std::size_t most) const {
    std::vector<const ReportedRun*> runs;
    for (const ReportedRun& run : report_.runs) {
      if (!run.samples.empty() && runs.size() < most) runs.push_back(&run);
    }
    return runs;
  }

  object describe(const ReportedRun& run, const ArtifactRecord& sample) {
    const std::optional<ReadableArtifact> source = readable_artifact(report_.store, sample.path);
    const int epoch = sample.epoch.value_or(0);
    object result;
    result["label"] = run.label;
    result["state"] = state_of(run);
    result["is_unfinished"] = data(is_unfinished(run));
    result["epoch"] = std::to_string(epoch);
    put_steps(run, epoch, result);
    result["caption"] = printable(sample.caption);
    result["alt"] =
        fmt::format("{} after epoch {}: {}", run.label, epoch, printable(sample.caption));
    const bool is_there = source && is_png(source->path());
    result["is_there"] = data(is_there);
    if (!is_there) {
      result["missing"] =
          fmt::format("The picture {} is missing or no PNG.", printable(sample.path, 120));
      return result;
    }
    const std::string name =
        fmt::format("{}-{}", run.run.short_identity(), fs::path(sample.path).filename().string());
    make_folder();
    std::error_code error;
    fs::copy_file(source->path(), folder_ / "samples" / name, fs::copy_options::overwrite_existing,
                  error);
    if (error)
      throw_write_error(error, folder_ / "samples" / name, "choose another folder with -o");
    result["file"] = "samples/" + name;
    if (embed(fs::file_size(source->path()), result))
      result["png"] = data_uri(source->path(), "image/png");
    return result;
  }

  const ReportData& report_;
  fs::path folder_;
  std::uintmax_t embedded_ = 0;
};

/// The table of what was measured of the drawn pictures.
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
  const list drawn = section.drawn();
  const list newest = section.newest();
  const list earlier = section.earlier();
  page.set("has_samples", !newest.empty() || !drawn.empty());
  page.set("has_drawn", !drawn.empty());
  add_measurements(section, page);
  page.set("drawn", drawn);
  page.set("newest_samples", newest);
  page.set("can_compare_samples", newest.size() + drawn.size() > 1);
  page.set("has_earlier", !earlier.empty());
  page.set("earlier", earlier);
  page.set("samples_left_out", section.left_out());
}

}  // namespace epochal
