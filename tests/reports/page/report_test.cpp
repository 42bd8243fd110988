#include "reports/page/report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "reports/figures/figures.h"
#include "tests/reports/written_report.h"
#include "tests/support/expect_error.h"
#include "tests/support/expect_in.h"
#include "tests/support/temporary_folder.h"

namespace epochal::report {
namespace {

using test::expect_in;
using test::expect_not_in;

/// The page without its own scripts, which are the same in every report.
std::string without_scripts(std::string page) {
  for (std::size_t begin = page.find("<script>"); begin != std::string::npos;
       begin = page.find("<script>")) {
    page.erase(begin, page.find("</script>", begin) + 9 - begin);
  }
  return page;
}

ReportedRun reported(std::int64_t size, Epoch done, Epoch wanted) {
  ReportedRun run;
  run.run.identity = std::string(64, "0123456789abcdef"[size % 16]);
  run.run.epochs = wanted;
  run.run.epochs_done = done;
  run.run.status = done == wanted ? store::RunStatus::finished : store::RunStatus::interrupted;
  run.run.parameters.set("dataset_size", size);
  run.label = "dataset_size " + std::to_string(size);
  for (Epoch number = 1; number <= done; ++number) {
    store::EpochRecord epoch;
    epoch.number = number;
    epoch.samples = size;
    epoch.seconds = Seconds(2);
    epoch.train_seconds = Seconds(1);
    run.metrics["train.total"].push_back({number, 10.0 / number});
    run.metrics["val.total"].push_back({number, 12.0 / number});
    run.epochs.push_back(epoch);
  }
  return run;
}

ReportData report_of(std::vector<ReportedRun> runs, const std::filesystem::path& store = {}) {
  ReportData data;
  data.store = store;
  data.title = "the study";
  data.experiment = "adain";
  data.command = "epochal report study.toml -o out";
  data.runs = std::move(runs);
  data.varying = {"dataset_size"};
  data.compare_by = "dataset_size";
  data.metrics = {"train.total", "val.total"};
  data.main_metric = "val.total";
  data.claimed_metric = "val.total";
  return data;
}

std::vector<std::string> names_of(const std::vector<Figure>& figures) {
  std::vector<std::string> names;
  for (const Figure& figure : figures) names.push_back(figure.plot.name);
  return names;
}

TEST(Report, FiguresOfStepsWhoseNamesFoldToTheSameHaveFilesOfTheirOwn) {
  ReportedRun run = reported(100, 2, 2);
  for (const char* metric : {"A", "B", "train.x", "train/x"}) {
    run.steps[metric] = {{1, 1, 1, 1, 1, 1}, {2, 2, 1, 2, 2, 2}};
  }
  ReportData data = report_of({run});
  data.has_more_step_metrics = true;
  std::vector<std::string> of_steps;
  for (const Figure& figure : figures_of(data)) {
    if (!figure.plot.name.starts_with("steps-")) continue;
    of_steps.push_back(figure.plot.name);
    expect_in(figure.caption, "Only the first 12 metrics by step");
  }
  EXPECT_EQ(of_steps,
            (std::vector<std::string>{"steps--", "steps---2", "steps-train-x", "steps-train-x-2"}));
}

TEST(Report, ShowsEveryNumberOfTheRecords) {
  const WrittenReport report(report_of({reported(100, 4, 4), reported(1000, 4, 4)}));
  for (const std::string part : {"the study", "dataset_size 1000", "2.5", "all finished"}) {
    expect_in(report.page, part);
    expect_in(report.text, part);
  }
  expect_in(report.page, "data:image/svg+xml;base64,");
  expect_not_in(report.page, "src=\"figures");  // nothing outside the page
  expect_not_in(without_scripts(report.page), "://");
  EXPECT_TRUE(std::filesystem::exists(report.folder() / "figures/final-by-dataset-size.svg"));
}

Sample picture(const std::string& name) {
  Sample sample;
  sample.name = name;
  sample.caption = "rows are contents";
  for (const char byte : std::string("\x89PNG\r\n\x1a\n")) {
    sample.bytes.push_back(static_cast<std::byte>(byte));
  }
  return sample;
}

TEST(Report, ShowsWhatWasDrawnBesideTheReferenceWithItsMeasurements) {
  ReportedRun drawn = reported(100, 4, 4);
  for (store::EpochRecord& epoch : drawn.epochs) epoch.steps = 27;
  drawn.drawn.samples = {picture("pairs")};
  drawn.drawn.measurements = {{"edges", "how many are kept", Better::higher, 0.25},
                              {"stripes", "how many there are", Better::lower, 3.5}};
  ReportData data = report_of({drawn, reported(1000, 4, 4)});
  data.published_steps = 160'000;
  data.reference = ReferenceDrawing{
      "mini", {{picture("pairs")}, {{"edges", "how many are kept", Better::higher, 0.75}}, {}}};
  const WrittenReport report(data);

  EXPECT_TRUE(std::filesystem::exists(report.folder() / "samples/reference-pairs.png"));
  for (const std::string part : {"reference: mini", "108 steps; published models take 160,000",
                                 "how many are kept", "higher is better"}) {
    expect_in(report.page, part);
    expect_in(report.text, part);
  }
  expect_in(report.text,
            "| run | steps | edges | stripes |\n|---|---:|---:|---:|\n"
            "| reference: mini |  | 0.75 |  |\n"
            "| dataset_size 100 | 108 | 0.25 | 3.5 |\n\n");
}

TEST(Report, SaysNothingOfStepsThatWereNotCounted) {
  ReportedRun drawn = reported(100, 4, 4);
  for (store::EpochRecord& epoch : drawn.epochs) epoch.steps = 27;
  drawn.epochs[1].steps.reset();
  drawn.drawn.samples = {picture("pairs")};
  ReportData data = report_of({drawn});
  data.published_steps = 160'000;
  const WrittenReport report(data);
  expect_in(report.text, "rows are contents");
  expect_not_in(report.text, " steps");
  expect_not_in(report.text, "is measured of these pictures");
}

TEST(Report, ShowsUnfinishedRunsAsUnfinished) {
  const WrittenReport report(report_of({reported(100, 20, 20), reported(10000, 3, 20)}));
  expect_in(report.page, "interrupted, 3 of 20 epochs");
  expect_in(report.page, "1 unfinished");
  expect_in(report.page, "1 unfinished run is left out");
}

TEST(Report, AlsoDescribesRunsThatNeverStarted) {
  ReportedRun waiting = reported(100, 0, 20);
  waiting.run.status = store::RunStatus::queued;
  ReportData data = report_of({waiting});
  data.metrics.clear();
  data.main_metric.clear();
  const WrittenReport report(data);
  expect_in(report.page, "not started, 0 of 20 epochs");
  expect_not_in(report.page, "id=\"curves\"");
}

TEST(Report, SaysThatARunWentOnElsewhere) {
  ReportedRun run = reported(100, 4, 4);
  store::AttemptRecord first;
  first.host.name = "alpha";
  first.device = "cuda:0 NVIDIA GeForce GTX 1080";
  first.first_epoch = 1;
  first.last_epoch = 2;
  store::AttemptRecord empty = first;
  empty.host.name = "beta";
  empty.first_epoch.reset();
  store::AttemptRecord last = first;
  last.device = "cpu";
  last.first_epoch = 3;
  run.attempts = {first, empty, last};
  const WrittenReport report(report_of({run, reported(200, 4, 4)}));
  const std::string said =
      "dataset_size 100 resumed at epoch 3 on cpu of alpha; earlier epochs ran on "
      "cuda:0 NVIDIA GeForce GTX 1080 of alpha";
  expect_in(report.page, said);
  expect_in(report.text, "resumed at epoch 3 on cpu");
  expect_not_in(report.page, "beta of");
}

TEST(Report, CurvesAreThereForScriptsToo) {
  ReportData data = report_of({reported(100, 4, 4), reported(1000, 4, 4)});
  data.runs[0].label = "\"><b>&";
  const WrittenReport report(data);
  const std::size_t begin = report.page.find("data-chart=\"") + 12;
  ASSERT_NE(begin, std::string::npos + 12);
  const std::string chart = report.page.substr(begin, report.page.find('"', begin) - begin);
  expect_in(chart, "&quot;curves&quot;");
  EXPECT_EQ(chart.find('<'), std::string::npos) << chart;
  const std::string script = report.page.substr(report.page.find("<script>") + 8);
  expect_in(report.page, "script-src 'sha256-");
  expect_in(script, "Dygraph");
}

TEST(Report, EscapesWhatAStrangeStoreSays) {
  ReportedRun run = reported(100, 2, 2);
  run.label = "<script>alert(1)</script>";
  run.run.error = "<img src=x onerror=alert(1)> | broken | table";
  ReportData data = report_of({run});
  data.title = "\"><script>alert(2)</script>";
  const WrittenReport report(data);
  expect_not_in(report.page, "alert(1)</script>");
  expect_not_in(report.page, "alert(2)</script>");
  const std::string page = without_scripts(report.page);
  expect_not_in(page, "<script");
  expect_not_in(page, "<img src=x");
  expect_not_in(report.text, " | broken");
}

/// A sample of the run in a store in `folder`, whose file has these bytes.
store::ArtifactRecord stored(const std::filesystem::path& folder, const std::string& name,
                             Epoch epoch, const std::string& bytes) {
  store::ArtifactRecord sample;
  sample.kind = store::ArtifactRecord::Kind::sample;
  sample.name = name.substr(0, name.rfind('.'));
  sample.caption = "of " + name;
  sample.path = "artifacts/" + std::to_string(epoch) + name;
  sample.epoch = epoch;
  test::write_file(folder / sample.path, bytes);
  return sample;
}

TEST(Report, SaysWhereASampleIsMissing) {
  const test::TemporaryFolder folder;
  ReportedRun run = reported(100, 2, 2);
  run.samples = {stored(folder.path(), "evil.png", 1, "x"),
                 stored(folder.path(), "huge.png", 1, "x")};
  std::filesystem::remove(folder / run.samples[0].path);
  std::filesystem::resize_file(folder / run.samples[1].path, kLargestSample + 1);
  const WrittenReport report(report_of({run}, folder.path()));
  expect_in(report.page, "The file artifacts/1evil.png is missing.");
  expect_in(report.page, "The file artifacts/1huge.png is larger than 64 MiB");
  EXPECT_FALSE(std::filesystem::exists(report.folder() / "samples"));
}

TEST(Report, EmbedsTheSmallerFormOfADrawingAndLinksTheRunsOwnPictures) {
  const test::TemporaryFolder folder;
  ReportedRun run = reported(100, 2, 2);
  const std::string png("\x89PNG\r\n\x1a\nof the training", 23);
  run.samples = {stored(folder.path(), "grid.png", 2, png)};
  Sample drawing = picture("pairs");
  for (const char byte : std::string("\xff\xd8\xff\xe0small")) {
    drawing.preview.push_back(static_cast<std::byte>(byte));
  }
  run.drawn.samples = {drawing};
  const WrittenReport report(report_of({run}, folder.path()));
  expect_in(report.page, "src=\"data:image/jpeg;base64,");
  expect_not_in(without_scripts(report.page), "src=\"data:image/png");
  int whole = 0;
  for (const auto& entry : std::filesystem::directory_iterator(report.folder() / "samples")) {
    const std::string name = entry.path().filename().string();
    EXPECT_NE(report.page.find("href=\"samples/" + name + "\""), std::string::npos) << name;
    EXPECT_EQ(test::read_file(entry.path()).substr(0, 4), "\x89PNG") << name;
    ++whole;
  }
  EXPECT_EQ(whole, 2);
}

TEST(Report, ShowsSamplesOfEveryKindAndTheNewestOfEachName) {
  const test::TemporaryFolder folder;
  ReportedRun run = reported(100, 2, 2);
  const std::string wave("RIFF\x10\0\0\0WAVEfmt \0", 17);
  run.samples = {stored(folder.path(), "sound.wav", 1, wave),
                 stored(folder.path(), "words.txt", 1, "before"),
                 stored(folder.path(), "grid.png", 2, "\x89PNG\r\n\x1a\n."),
                 stored(folder.path(), "words.txt", 2, "<script>alert(1)</script>\n\x1b[2J\n"),
                 stored(folder.path(), "scores.csv", 2,
                        "name,value\n<img src=x onerror=alert(2)>,{{title}}\n"),
                 stored(folder.path(), "rows.json", 2, R"([{"a": "</td><script>"}])"),
                 stored(folder.path(), "bins.json", 2,
                        R"({"histogram": {"edges": [0, 1, 2], "counts": [3, 7]}})"),
                 stored(folder.path(), "x\"><script>.html", 2, std::string("\0\1", 2))};
  const WrittenReport report(report_of({run}, folder.path()));
  for (const std::string part :
       {"<audio controls", "src=\"data:audio/wav;base64,UklGR", "src=\"data:image/png;base64,",
        "<pre>&lt;script&gt;alert(1)&lt;/script&gt;\n\\x1b[2J\n</pre>",
        "<td>&lt;img src=x onerror=alert(2)&gt;</td><td>{{title}}</td>",
        "<td>&lt;/td&gt;&lt;script&gt;</td>", "<svg class=\"histogram\"", ">10 values in 2 bins<",
        "table, 50 B", "media-src data:", "before"}) {
    expect_in(report.page, part);
  }
  expect_not_in(report.page, "<script>alert");
  expect_not_in(report.page, "<img src=x");
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(report.folder() / "samples")) {
    files.insert(entry.path().filename().string().substr(11));
  }
  EXPECT_EQ(files, (std::set<std::string>{"sound-epoch-0001.wav", "words-epoch-0001.txt",
                                          "grid-epoch-0002.png", "words-epoch-0002.txt",
                                          "scores-epoch-0002.csv", "rows-epoch-0002.json",
                                          "bins-epoch-0002.json", "x---script--epoch-0002.bin"}));
  const std::size_t earlier = report.page.find("<h3>Earlier epochs");
  ASSERT_NE(earlier, std::string::npos);
  EXPECT_GT(report.page.find("<pre>before"), earlier);
  EXPECT_LT(report.page.find("<audio"), earlier)
      << "the newest of its name, though of the first epoch";
  expect_in(report.text, "[table, 50 B](samples/");
}

TEST(Report, OfManySamplesSaysHowManyAreShown) {
  const test::TemporaryFolder folder;
  ReportedRun run = reported(100, 2, 2);
  for (int i = 0; i < 30; ++i) {
    run.samples.push_back(stored(folder.path(), "n" + std::to_string(i) + ".txt", 1, "x"));
  }
  const WrittenReport report(report_of({run}, folder.path()));
  expect_in(report.page, "first 24 of 30 samples are shown");
}

TEST(Report, NeedsRuns) {
  const test::TemporaryFolder folder;
  test::expect_error("there are no runs of", [&] { write_report(report_of({}), folder / "r"); });
}

TEST(Figures, LeaveOutWhatCannotBeDrawn) {
  ReportedRun diverged = reported(100, 2, 2);
  diverged.metrics = {{"train.total", {{1, NAN}, {2, NAN}}},
                      {"val.total", {{1, INFINITY}, {2, INFINITY}}}};
  const auto figures = figures_of(report_of({diverged}));
  EXPECT_FALSE(figures.empty());
  for (const Figure& figure : figures) {
    EXPECT_EQ(figure.section, FigureSection::cost) << figure.plot.name;
  }
}

TEST(Figures, AreNamedForFiles) {
  ReportData data = report_of({reported(100, 2, 2)});
  data.compare_by = "data/../set size";
  for (const std::string& name : names_of(figures_of(data))) {
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos)
        << name;
  }
}

TEST(Figures, LeaveUnfinishedRunsOutOfFinalValues) {
  const auto figures = figures_of(report_of({reported(100, 4, 4), reported(1000, 1, 4)}));
  int drawn = 0;
  for (const Figure& figure : figures) {
    if (figure.section != FigureSection::size) continue;
    ++drawn;
    for (const Curve& curve : figure.plot.curves) EXPECT_EQ(curve.points.size(), 1u);
  }
  EXPECT_GT(drawn, 0);
}

/// Runs of two parameters, each with one epoch.
ReportData searched(const std::vector<std::pair<double, double>>& points) {
  std::vector<ReportedRun> runs;
  for (std::size_t i = 0; i < points.size(); ++i) {
    ReportedRun run = reported(10, 1, 1);
    run.run.group_identity = std::to_string(i);
    run.run.parameters.set("rate", points[i].first);
    run.run.parameters.set("gamma", points[i].second);
    run.metrics["val.total"] = {{1, points[i].first + points[i].second}};
    runs.push_back(run);
  }
  ReportData data = report_of(runs);
  data.varying = {"gamma", "rate"};
  data.compare_by.clear();
  return data;
}

TEST(Figures, ARandomSearchHasAMapInBinsAndParallelLines) {
  std::vector<std::pair<double, double>> points;
  for (int i = 0; i < 30; ++i) points.emplace_back(1e-4 * std::pow(1.3, i), (i * 7) % 30);
  const std::vector<Figure> figures = figures_of(searched(points));
  const auto named = [&](const std::string& name) {
    const auto found = std::find_if(figures.begin(), figures.end(),
                                    [&](const Figure& figure) { return figure.plot.name == name; });
    EXPECT_NE(found, figures.end()) << name;
    return found->plot;
  };
  const Plot map = named("map");
  EXPECT_EQ(map.x_ticks.size(), 8u);
  EXPECT_EQ(map.cells.rows.size(), 8u);
  int filled = 0;
  for (const auto& row : map.cells.rows) {
    for (const double cell : row) filled += std::isnan(cell) ? 0 : 1;
  }
  EXPECT_GT(filled, 15);
  EXPECT_FALSE(named("parallel").curves.empty());
}

TEST(Figures, AZipHasNoMap) {
  const std::vector<std::string> names =
      names_of(figures_of(searched({{1, 20}, {2, 32}, {3, 44}, {4, 50}})));
  EXPECT_EQ(std::find(names.begin(), names.end(), "map"), names.end());
  EXPECT_EQ(std::find(names.begin(), names.end(), "parallel"), names.end());
}

TEST(ReportData, NamesTheMainMetric) {
  const auto chosen = [](const std::vector<std::string>& metrics) {
    return main_metric(metrics, {}, {});
  };
  EXPECT_EQ(chosen({"train.total", "val.content", "val.total"}), "val.total");
  EXPECT_EQ(chosen({"train.loss", "val.accuracy"}), "val.accuracy");
  EXPECT_EQ(chosen({"x"}), "x");
  EXPECT_EQ(chosen({}), "");
  store::RunRecord run;
  run.experiment = "e";
  const store::Declarations declared({{"e", 0, {{"score", Better::higher, "", ""}}, "score", {}}});
  EXPECT_EQ(main_metric({"score", "val.total"}, {run}, declared), "score");
  EXPECT_EQ(main_metric({"val.total"}, {run}, declared), "val.total") << "it was not measured";
  EXPECT_EQ(main_metric({"train.content", "train.total"}, {}, {}), "train.total");
  const store::Declarations rarely(
      {{"e", 0, {{"val.cost", Better::lower, "", ""}}, "val.cost", {}}});
  EXPECT_EQ(main_metric({"train.a", "train.cost"}, {run}, rarely), "train.cost")
      << "before the first validation";
  store::RunRecord other;
  other.experiment = "f";
  EXPECT_EQ(main_metric({"score", "val.total"}, {run, other}, declared), "val.total");
}

TEST(ReportData, BestIgnoresWhatIsNotFinite) {
  ReportedRun run = reported(100, 3, 3);
  run.metrics["val.total"][2].value = -INFINITY;
  const auto declared = [&](std::optional<Better> better) {
    return store::Declarations({{run.run.experiment,
                                 run.run.experiment_version,
                                 {{"val.total", better, "", ""}},
                                 "",
                                 {}}});
  };
  EXPECT_EQ(best_epoch(run, "val.total", declared(Better::lower))->epoch, 2);
  EXPECT_EQ(best_epoch(run, "val.total", declared(Better::higher))->epoch, 1);
  EXPECT_FALSE(best_epoch(run, "val.total", declared(std::nullopt)));
  EXPECT_FALSE(best_epoch(run, "val.total", {}));
  EXPECT_EQ(last_value(run, "val.total"), -INFINITY);
  EXPECT_EQ(last_value(run, "none"), std::nullopt);
}

}  // namespace
}  // namespace epochal::report
