// Which plots a report has, made from its data alone.

#include "reports/figures/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <span>

#include "framework/base/human_format.h"
#include "reports/figures/down_sampling.h"
#include "reports/statistics/comparable_runs.h"
#include "reports/statistics/importance.h"
#include "reports/statistics/power_law.h"
#include "reports/statistics/replicates.h"
#include "reports/statistics/series.h"

namespace epochal {
namespace {

constexpr double kLogWorthwhile = 8;  // less than about a decade reads better on a linear axis

/// More settings than this cannot be told apart by colour.
constexpr std::size_t kMostSettings = 7;
constexpr std::size_t kColouredOfCrowd = 5;
constexpr int kGrey = -1;
/// Of a crowd so many are drawn in grey: more cannot be told apart and make the page heavy.
constexpr std::size_t kMostGrey = 200;
/// More runs than this have no figure of their own.
constexpr std::size_t kMostRunFigures = 12;

using Points = std::vector<std::pair<double, double>>;
using Runs = std::vector<const ReportedRun*>;

enum class Abscissa { epochs, samples, seconds };

std::string_view label_of(Abscissa abscissa) {
  switch (abscissa) {
    case Abscissa::epochs:
      return "epoch";
    case Abscissa::samples:
      return "training images seen";
    case Abscissa::seconds:
      return "training time (s)";
  }
  return {};
}

Points series(const ReportedRun& run, const std::string& metric, Abscissa abscissa) {
  Points points;
  double samples = 0;
  double seconds = 0;
  auto epoch = run.epochs.begin();
  for (const SeriesPoint& point : series_of(run, metric)) {
    for (; epoch != run.epochs.end() && epoch->number <= point.epoch; ++epoch) {
      samples += static_cast<double>(epoch->samples);
      seconds += epoch->seconds.count();
    }
    const double x = abscissa == Abscissa::epochs    ? point.epoch
                     : abscissa == Abscissa::samples ? samples
                                                     : seconds;
    points.emplace_back(x, point.value);
  }
  return points;
}

/// "val.total" as a file name: letters, digits and dashes only.
std::string file_name(std::string_view text) {
  std::string name;
  for (const char c : text.substr(0, 60)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    name += plain ? c : '-';
  }
  return name;
}

/// Whether runs of a crowd can be called the best: all that are finished compare, and it is known
/// what is better.
bool has_best(const ReportData& data) {
  return better_of(data, data.main_metric) &&
         comparable_runs(data, data.main_metric).sets.size() == 1;
}

/// Runs with a finite last value, the best first.
std::vector<std::pair<double, const ReportedRun*>> ordered_by_last(
    const std::vector<const ReportedRun*>& runs, const std::string& metric, Better better) {
  std::vector<std::pair<double, const ReportedRun*>> ends;
  for (const ReportedRun* run : runs) {
    const auto last = last_value(*run, metric);
    if (last && std::isfinite(*last)) ends.emplace_back(*last, run);
  }
  std::stable_sort(ends.begin(), ends.end(), [&](const auto& a, const auto& b) {
    return is_better(a.first, b.first, better);
  });
  return ends;
}

/// Of very many runs those that end best in the main metric, the best first.
Runs best_of_crowd(const ReportData& data) {
  Runs best;
  if (!has_best(data)) return best;
  const ComparableRuns comparable = comparable_runs(data, data.main_metric);
  for (const auto& [end, run] : ordered_by_last(comparable.sets.front().runs, data.main_metric,
                                                *better_of(data, data.main_metric))) {
    if (best.size() < kColouredOfCrowd) best.push_back(run);
  }
  return best;
}

/// The best of a crowd, each with its label.
void add_best(const ReportData& data, Plot& plot,
              const std::function<Points(const ReportedRun&)>& points_of) {
  int colour = 0;
  for (const ReportedRun* run : best_of_crowd(data)) {
    plot.curves.push_back({run->label, colour++, Curve::Stroke::solid, points_of(*run)});
  }
}

/// Every so many-th of a crowd.
bool is_drawn_in_crowd(std::size_t index, std::size_t count) {
  return index % ((count + kMostGrey - 1) / kMostGrey) == 0;
}

/// Whether seeds of one setting share their places on the x axis, so that they have a mean.
enum class Places { shared, own };

/// From the lowest value to the highest. One that is not finite would upset their order.
Band::Point band_point(double x, std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.empty()) return {x, std::nan(""), std::nan("")};
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {x, *low, *high};
}

/// Each setting: its runs' curves, and where it has several at shared places, their mean and the
/// room between the lowest and the highest.
void add_settings(const ReportData& data, Plot& plot,
                  const std::function<Points(const ReportedRun&)>& points_of,
                  Places places = Places::shared) {
  std::map<int, std::vector<const ReportedRun*>> settings;
  for (const ReportedRun& run : data.runs) settings[run.colour].push_back(&run);
  const bool is_crowd = settings.size() > kMostSettings;
  std::size_t seen = 0;
  std::vector<Curve> means;
  for (const auto& [colour, runs] : settings) {
    const bool has_mean = runs.size() > 1 && !is_crowd && places == Places::shared;
    std::map<double, std::vector<double>> by_x;
    std::size_t begun = 0;
    for (const ReportedRun* run : runs) {
      if (is_crowd && !is_drawn_in_crowd(seen++, data.runs.size())) continue;
      Points points = points_of(*run);
      begun += points.empty() ? 0 : 1;
      if (has_mean) {
        for (const auto& [x, y] : points) by_x[x].push_back(y);
      }
      const bool is_strong = !is_crowd && (runs.size() == 1 || places == Places::own);
      const bool is_named = is_strong && run == runs.front();
      plot.curves.push_back({is_named ? run->setting : "", is_crowd ? kGrey : colour,
                             is_strong ? Curve::Stroke::solid : Curve::Stroke::faint,
                             std::move(points)});
    }
    if (!has_mean) continue;
    Band band{colour, {}};
    Curve mean{runs.front()->setting + " (mean)", colour, Curve::Stroke::solid, {}};
    for (const auto& [x, values] : by_x) {
      if (values.size() < begun) continue;  // a mean over fewer would jump
      mean.points.emplace_back(x, spread_of(values)->mean);
      band.points.push_back(band_point(x, values));
    }
    means.push_back(std::move(mean));
    plot.bands.push_back(std::move(band));
  }
  std::move(means.begin(), means.end(), std::back_inserter(plot.curves));
  if (is_crowd) add_best(data, plot, points_of);
}

/// What add_settings() drew, in words.
std::string drawing_of(const ReportData& data, Places places = Places::shared) {
  std::map<int, int> settings;
  for (const ReportedRun& run : data.runs) ++settings[run.colour];
  if (settings.size() > kMostSettings) {
    const std::size_t best = best_of_crowd(data).size();
    const std::string coloured =
        best == 0 ? ""
                  : fmt::format("; of the finished ones the {} in colour",
                                best == 1 ? "one that ends best is"
                                          : fmt::format("{} that end best are", best));
    return fmt::format(
        " of {} runs{}{}", data.runs.size(), coloured,
        data.runs.size() > kMostGrey ? "; some of the others are drawn in grey" : "");
  }
  const bool has_seeds = std::any_of(settings.begin(), settings.end(),
                                     [](const auto& setting) { return setting.second > 1; });
  if (!has_seeds || places == Places::own) {
    return fmt::format(" of {} runs{}", data.runs.size(),
                       has_seeds ? "; seeds of one setting share a colour" : "");
  }
  return fmt::format(
      " of {} runs; strong lines are means over seeds as far as all of them go, bands reach from "
      "the "
      "lowest seed to the highest, thin lines are single runs",
      data.runs.size());
}

/// Curves that stand beside each other and yet do not compare.
std::string warning_of_meaning(const ReportData& data, const std::string& metric) {
  const std::set<std::string> parameters = comparable_runs(data, metric).parameters;
  if (parameters.empty()) return {};
  return fmt::format(" Curves that differ in {0} do not compare: {1} what {2} means.",
                     fmt::join(parameters, " or "),
                     parameters.size() == 1 ? "it changes" : "they change", metric);
}

Figure comparison(const ReportData& data, const std::string& metric, Abscissa abscissa,
                  int number) {
  Figure figure;
  figure.section = FigureSection::comparison;
  Plot& plot = figure.plot;
  plot.name = fmt::format("compare-{:02}-{}", number, file_name(metric));
  plot.title = fmt::format("{} by {}", metric, label_of(abscissa));
  plot.x_label = label_of(abscissa);
  plot.y_label = metric;
  const Places places = abscissa == Abscissa::seconds ? Places::own : Places::shared;
  add_settings(
      data, plot, [&](const ReportedRun& run) { return series(run, metric, abscissa); }, places);
  plot.y_axis = helpful_scale(plot.curves, Direction::y, kLogWorthwhile);
  if (abscissa != Abscissa::epochs) {
    plot.x_axis = helpful_scale(plot.curves, Direction::x, kLogWorthwhile);
  }
  figure.caption =
      fmt::format("{} by {}{}{}.{}", metric, label_of(abscissa), drawing_of(data, places),
                  plot.y_axis == AxisScale::logarithmic ? "; logarithmic axis" : "",
                  warning_of_meaning(data, metric));
  return figure;
}

/// A number that each epoch has or has not.
using OfEpoch = std::optional<double> (*)(const EpochRecord& epoch);

Figure by_epoch(const ReportData& data, std::string name, std::string title, std::string unit,
                OfEpoch number) {
  Figure figure;
  figure.section = FigureSection::cost;
  Plot& plot = figure.plot;
  plot.name = std::move(name);
  plot.title = title;
  plot.x_label = "epoch";
  plot.y_label = std::move(unit);
  add_settings(data, plot, [&](const ReportedRun& run) {
    Points points;
    for (const EpochRecord& epoch : run.epochs) {
      if (const auto value = number(epoch)) points.emplace_back(epoch.number, *value);
    }
    return points;
  });
  plot.y_axis = helpful_scale(plot.curves, Direction::y, kLogWorthwhile);
  plot.y_from_zero = true;
  figure.caption = fmt::format("{}{}.", title, drawing_of(data));
  return figure;
}

void add_cost_figures(const ReportData& data, const std::function<void(Figure)>& add) {
  constexpr double kMega = 1e6;
  add(by_epoch(
      data, "cost-seconds", "Time of each epoch", "s",
      [](const EpochRecord& epoch) -> std::optional<double> { return epoch.seconds.count(); }));
  add(by_epoch(data, "cost-rate", "Training images a second", "images/s",
               [](const EpochRecord& epoch) -> std::optional<double> {
                 if (epoch.train_seconds.count() <= 0) return std::nullopt;
                 return static_cast<double>(epoch.samples) / epoch.train_seconds.count();
               }));
  add(by_epoch(data, "cost-memory", "Peak memory of each epoch", "MB",
               [](const EpochRecord& epoch) -> std::optional<double> {
                 if (!epoch.peak_host_memory) return std::nullopt;
                 return static_cast<double>(*epoch.peak_host_memory) / kMega;
               }));
  add(by_epoch(data, "cost-processor", "Use of the threads that a run has", "share",
               [](const EpochRecord& epoch) { return epoch.cpu_use; }));
  add(by_epoch(data, "cost-gpu", "Use of the GPU", "share",
               [](const EpochRecord& epoch) { return epoch.gpu_use; }));
}

/// How far validation lies above training, epoch by epoch.
Figure gap(const ReportData& data) {
  const std::string training = training_twin(data.main_metric);
  Figure figure;
  figure.section = FigureSection::comparison;
  Plot& plot = figure.plot;
  plot.name = "gap-" + file_name(data.main_metric);
  plot.title = fmt::format("{} over {}", data.main_metric, training);
  plot.x_label = "epoch";
  plot.y_label = "ratio";
  add_settings(data, plot, [&](const ReportedRun& run) {
    Points points;
    for (const PointPair& pair :
         joined(series_of(run, data.main_metric), series_of(run, training))) {
      if (pair.second > 0) points.emplace_back(pair.epoch, pair.first / pair.second);
    }
    return points;
  });
  plot.y_from_zero = true;
  const auto better = better_of(data, data.main_metric);
  figure.caption =
      fmt::format("{} divided by {}{}.{}", data.main_metric, training, drawing_of(data),
                  !better ? std::string()
                          : fmt::format(" A ratio that {} is the mark of overfitting.",
                                        *better == Better::lower ? "grows" : "falls"));
  return figure;
}

/// Mean of the finite values a point; one line a metric through the means of the seeds.
Curve mean_curve(const Curve& points) {
  std::map<double, std::vector<double>> by_x;
  for (const auto& [x, y] : points.points) {
    if (std::isfinite(y)) by_x[x].push_back(y);
  }
  Curve mean = points;
  mean.stroke = Curve::Stroke::solid;
  mean.points.clear();
  for (const auto& [x, values] : by_x) mean.points.emplace_back(x, spread_of(values)->mean);
  return mean;
}

/// A dashed line through the points of one metric, and words about it.
void add_power_law(const std::string& metric, const Curve& points, Figure& figure) {
  const auto law = fit_power_law(points.points);
  if (!law) return;
  const auto [first, last] = std::minmax_element(points.points.begin(), points.points.end());
  Curve line{"", points.colour, Curve::Stroke::fit, {}};
  constexpr int kSteps = 24;
  for (int i = 0; i <= kSteps; ++i) {
    const double x =
        first->first * std::pow(last->first / first->first, static_cast<double>(i) / kSteps);
    line.points.emplace_back(x, (*law)(x));
  }
  figure.plot.curves.push_back(std::move(line));
  figure.caption += fmt::format(
      " Dashed: {} = {} n^({:.3f}), with a standard error of {:.2g} of the "
      "exponent (least squares of the logarithms).",
      metric, format_number(law->factor), law->exponent, law->error);
}

/// The metrics whose final values are drawn: the main one and its training twin, or, where the
/// compared parameter changes what these mean, those of validation that it leaves alone.
std::vector<std::string> final_metrics(const ReportData& data) {
  constexpr std::size_t kMost = 3;
  const auto compares = [&](const std::string& metric) {
    return !comparable_runs(data, metric).parameters.contains(data.compare_by);
  };
  if (compares(data.main_metric)) return {data.main_metric, training_twin(data.main_metric)};
  std::vector<std::string> metrics;
  for (const std::string& metric : data.metrics) {
    const bool is_other = metric.starts_with("val.") && compares(metric);
    if (is_other && metrics.size() < kMost) metrics.push_back(metric);
  }
  return metrics;
}

/// Parameters that vary among runs besides one, and do not follow from it.
std::vector<std::string> other_parameters(const ReportData& data, const Runs& runs,
                                          const std::string& than) {
  std::vector<std::string> others;
  for (const std::string& name : data.varying) {
    std::map<std::string, std::set<std::string>> values;
    for (const ReportedRun* run : runs) {
      const ParameterValue* at = run->run.parameters.find(than);
      const ParameterValue* value = run->run.parameters.find(name);
      if (at != nullptr && value != nullptr) values[to_text(*at)].insert(to_text(*value));
    }
    const bool is_other = std::any_of(values.begin(), values.end(),
                                      [](const auto& known) { return known.second.size() > 1; });
    if (name != than && is_other) others.push_back(name);
  }
  return others;
}

Figure final_values(const ReportData& data) {
  Figure figure;
  figure.section = FigureSection::size;
  Plot& plot = figure.plot;
  plot.name = fmt::format("final-by-{}", file_name(data.compare_by));
  plot.title = fmt::format("Final values by {}", data.compare_by);
  plot.x_label = data.compare_by;
  plot.y_label = "value of the last epoch";
  const std::vector<std::string> metrics = final_metrics(data);
  int colour = 0;
  std::string remarks;
  std::vector<std::string> drawn;
  std::set<std::string> others;
  for (const std::string& metric : metrics) {
    const ComparableRuns comparable = comparable_runs(data, metric);
    if (remarks.empty()) remarks = comparable.remarks(metric) + sets_left_out(comparable);
    for (const ComparableSet& set : std::span(comparable.sets).first(shown_sets(comparable))) {
      Curve points{"", colour, Curve::Stroke::points, {}};
      for (const ReportedRun* run : set.runs) {
        const auto x = number_of(*run, data.compare_by);
        const auto y = last_value(*run, metric);
        if (x && y) points.points.emplace_back(*x, *y);
      }
      if (points.points.empty()) continue;
      if (drawn.empty() || drawn.back() != metric) drawn.push_back(metric);
      const std::string name = set.where.empty() ? metric : metric + " at " + set.where;
      const std::vector<std::string> mixed = other_parameters(data, set.runs, data.compare_by);
      others.insert(mixed.begin(), mixed.end());
      // Settings are no seeds: the law's error would be too small.
      if (mixed.empty()) add_power_law(name, points, figure);
      plot.curves.push_back(mean_curve(points));
      plot.curves.back().label = name;
      plot.curves.push_back(std::move(points));
      ++colour;
    }
  }
  plot.x_axis = helpful_scale(plot.curves, Direction::x, 5);
  plot.y_axis = helpful_scale(plot.curves, Direction::y, kLogWorthwhile);
  std::string caption =
      fmt::format("Last value of {} against {}; lines join the means over seeds{}.",
                  fmt::join(drawn, " and "), data.compare_by,
                  others.empty() ? "" : fmt::format(" and over {}", fmt::join(others, " and ")));
  if (metrics.empty() || metrics.front() != data.main_metric) {
    caption += fmt::format(" {} is not drawn, since {} changes what it means.", data.main_metric,
                           data.compare_by);
  }
  figure.caption = caption + figure.caption + remarks;
  return figure;
}

/// What follows the first dot: "total" of "val.total". Training and validation share a colour.
std::string term_of(const std::string& metric) {
  const std::size_t dot = metric.find('.');
  return dot == std::string::npos ? metric : metric.substr(dot + 1);
}

Figure curves_of_run(const ReportData& data, std::size_t index) {
  const ReportedRun& run = data.runs[index];
  Figure figure;
  figure.section = FigureSection::run;
  Plot& plot = figure.plot;
  plot.name = fmt::format("run-{:03}-{}", index + 1, run.run.short_identity());
  plot.title =
      fmt::format("{} ({})", run.label, format_epochs(run.run.epochs_done, run.run.epochs));
  plot.x_label = "epoch";
  plot.y_label = "loss";
  std::map<std::string, int> colours;
  for (const std::string& metric : data.metrics) {
    const int colour = colours.try_emplace(term_of(metric), colours.size()).first->second;
    const auto stroke = metric.starts_with("val.") ? Curve::Stroke::dashed : Curve::Stroke::solid;
    plot.curves.push_back({metric, colour, stroke, series(run, metric, Abscissa::epochs)});
  }
  plot.y_axis = helpful_scale(plot.curves, Direction::y, kLogWorthwhile);
  figure.caption = fmt::format("All metrics of {} by epoch; validation is dashed{}.", run.label,
                               plot.y_axis == AxisScale::logarithmic ? ", logarithmic axis" : "");
  return figure;
}

/// Numbers by size, whole or not; all else as ParameterValue has it.
bool comes_first(const ParameterValue& a, const ParameterValue& b) {
  const auto first = number_of(a);
  const auto second = number_of(b);
  return first && second ? *first < *second : a < b;
}

/// A parameter's values in order: numbers by size, texts by the alphabet.
std::vector<ParameterValue> values_of(const Runs& runs, const std::string& name) {
  std::vector<ParameterValue> values;
  for (const ReportedRun* run : runs) {
    const ParameterValue* value = run->run.parameters.find(name);
    if (value != nullptr && std::find(values.begin(), values.end(), *value) == values.end()) {
      values.push_back(*value);
    }
  }
  std::sort(values.begin(), values.end(), comes_first);
  return values;
}

/// Whether two parameters rise or fall with each other, value by value, as in a zip. The values of
/// a random search belong to one run each, too, but in no such order.
bool move_together(const Runs& runs, const std::string& first, const std::string& second) {
  std::map<ParameterValue, std::set<ParameterValue>, decltype(&comes_first)> partners(comes_first);
  std::set<ParameterValue> seconds;
  for (const ReportedRun* run : runs) {
    const ParameterValue* a = run->run.parameters.find(first);
    const ParameterValue* b = run->run.parameters.find(second);
    if (a == nullptr || b == nullptr) return false;
    partners[*a].insert(*b);
    seconds.insert(*b);
  }
  if (partners.size() != seconds.size()) return false;
  std::vector<ParameterValue> order;
  for (const auto& [value, others] : partners) {
    if (others.size() > 1) return false;
    order.push_back(*others.begin());
  }
  const bool are_words = std::holds_alternative<std::string>(order.front()) ||
                         std::holds_alternative<std::string>(partners.begin()->first);
  return are_words || std::is_sorted(order.begin(), order.end(), comes_first) ||
         std::is_sorted(order.rbegin(), order.rend(), comes_first);
}

/// Whether the first parameter tells all others: there is then nothing to see in a map or in
/// parallel lines that is not in the final values.
bool move_together(const Runs& runs, const std::vector<std::string>& names) {
  return std::all_of(names.begin() + 1, names.end(), [&](const std::string& other) {
    return move_together(runs, names.front(), other);
  });
}

/// A parameter's values as the rows or columns of a map: each its own, or, of a range that was
/// searched at random, a few bins.
class Levels {
 public:
  Levels(const Runs& runs, const std::string& name) : values_(values_of(runs, name)) {
    constexpr std::size_t kMostOwn = 12;
    constexpr std::size_t kBins = 8;
    std::vector<double> numbers;
    for (const ParameterValue& value : values_) {
      const auto number = number_of(value);
      if (number && std::isfinite(*number)) numbers.push_back(*number);
    }
    if (values_.size() <= kMostOwn || numbers.size() < values_.size()) {
      for (const ParameterValue& value : values_) labels_.push_back(to_text(value));
      return;
    }
    const double low = numbers.front();
    const double high = numbers.back();
    const bool is_log = low > 0 && high > kLogWorthwhile * low;
    for (std::size_t i = 0; i <= kBins; ++i) {
      const double share = static_cast<double>(i) / kBins;
      edges_.push_back(is_log ? low * std::pow(high / low, share) : low + share * (high - low));
    }
    for (std::size_t i = 0; i < kBins; ++i) {
      labels_.push_back(fmt::format("{:.3g} to {:.3g}", edges_[i], edges_[i + 1]));
    }
  }

  const std::vector<std::string>& labels() const { return labels_; }

  std::size_t of(const ParameterValue& value) const {
    if (edges_.empty()) {
      return static_cast<std::size_t>(std::find(values_.begin(), values_.end(), value) -
                                      values_.begin());
    }
    const auto edge = std::upper_bound(edges_.begin() + 1, edges_.end() - 1, *number_of(value));
    return static_cast<std::size_t>(edge - edges_.begin()) - 1;
  }

 private:
  std::vector<ParameterValue> values_;
  std::vector<double> edges_;
  std::vector<std::string> labels_;
};

/// The parameters that differ between runs, those that explain most first, where that is known.
std::vector<std::string> telling_parameters(const ReportData& data, const Runs& runs) {
  std::vector<std::string> names;
  for (const Importance& importance : importance_of(data, runs)) {
    names.push_back(importance.parameter);
  }
  for (const std::string& name : data.varying) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  std::erase_if(names, [&](const std::string& name) { return values_of(runs, name).size() < 2; });
  return names;
}

/// " at gamma 1", where a report has several sets of runs that compare.
std::string place_of(const ComparableSet& set) {
  return set.where.empty() ? "" : " at " + set.where;
}

/// The mean last value of the main metric over the values of two parameters. `number` tells the
/// figures of several sets apart.
Figure heat_map(const ReportData& data, const ComparableSet& set, int number) {
  Figure figure;
  figure.section = FigureSection::size;
  const std::vector<std::string> names = telling_parameters(data, set.runs);
  if (names.size() < 2 || move_together(set.runs, {names[0], names[1]})) return figure;
  const Levels columns(set.runs, names[0]);
  const Levels rows(set.runs, names[1]);
  const std::size_t width = columns.labels().size();
  const std::size_t height = rows.labels().size();
  constexpr std::size_t kMostCells = 24;
  if (width > kMostCells || height > kMostCells) return figure;

  Plot& plot = figure.plot;
  plot.name = number == 1 ? "map" : fmt::format("map-{}", number);
  plot.title =
      fmt::format("Last {} by {} and {}{}", data.main_metric, names[0], names[1], place_of(set));
  plot.x_label = names[0];
  plot.y_label = names[1];
  plot.cells.label = data.main_metric;
  std::vector<std::vector<double>> at(width * height);
  for (const ReportedRun* run : set.runs) {
    const ParameterValue* at_x = run->run.parameters.find(names[0]);
    const ParameterValue* at_y = run->run.parameters.find(names[1]);
    const auto last = last_value(*run, data.main_metric);
    if (at_x && at_y && last) {
      at[rows.of(*at_y) * width + columns.of(*at_x)].push_back(*last);
    }
  }
  for (std::size_t y = 0; y < height; ++y) {
    plot.y_ticks.emplace_back(y, rows.labels()[y]);
    plot.cells.rows.emplace_back();
    for (std::size_t x = 0; x < width; ++x) {
      const auto spread = spread_of(at[y * width + x]);
      plot.cells.rows.back().push_back(spread ? spread->mean : std::nan(""));
    }
  }
  for (std::size_t x = 0; x < width; ++x) plot.x_ticks.emplace_back(x, columns.labels()[x]);
  figure.caption = fmt::format(
      "Mean of the last {} of all finished runs at each pair of {} and {}{}; dark is low.",
      data.main_metric, names[0], names[1], place_of(set));
  return figure;
}

/// A line a run through its parameters to the main metric, each from its smallest to its largest.
Figure parallel_coordinates(const ReportData& data, const ComparableSet& set, int number) {
  constexpr std::size_t kMostAxes = 6;
  Figure figure;
  figure.section = FigureSection::size;
  std::vector<std::string> names = telling_parameters(data, set.runs);
  if (names.size() < 2 || move_together(set.runs, names)) return figure;
  names.resize(std::min(names.size(), kMostAxes));
  std::vector<std::vector<ParameterValue>> values;
  for (const std::string& name : names) values.push_back(values_of(set.runs, name));

  const auto better = better_of(data, data.main_metric);
  auto ends = ordered_by_last(set.runs, data.main_metric, better.value_or(Better::lower));
  if (ends.size() < 3) return figure;
  // The best are drawn last, over the others.
  std::reverse(ends.begin(), ends.end());
  const auto [low, high] = std::minmax(ends.front().first, ends.back().first);
  const std::size_t others =
      better ? ends.size() - std::max<std::size_t>(1, ends.size() / 5) : ends.size();

  Plot& plot = figure.plot;
  plot.name = number == 1 ? "parallel" : fmt::format("parallel-{}", number);
  plot.title = fmt::format("Parameters and last {}{}", data.main_metric, place_of(set));
  plot.y_ticks = {{0, "smallest"}, {1, "largest"}};
  std::vector<std::string> ranges;
  for (std::size_t axis = 0; axis < names.size(); ++axis) {
    plot.x_ticks.emplace_back(axis, names[axis]);
    ranges.push_back(fmt::format("{} from {} to {}", names[axis], to_text(values[axis].front()),
                                 to_text(values[axis].back())));
  }
  plot.x_ticks.emplace_back(names.size(), data.main_metric);
  ranges.push_back(
      fmt::format("{} from {} to {}", data.main_metric, format_number(low), format_number(high)));
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const bool is_best = i >= others;
    if (!is_best && !is_drawn_in_crowd(i, others)) continue;
    Curve curve{"", is_best ? 0 : kGrey, is_best ? Curve::Stroke::fit : Curve::Stroke::faint, {}};
    for (std::size_t axis = 0; axis < names.size(); ++axis) {
      const ParameterValue* value = ends[i].second->run.parameters.find(names[axis]);
      if (value == nullptr || values[axis].size() < 2) continue;
      const auto place = std::find(values[axis].begin(), values[axis].end(), *value);
      curve.points.emplace_back(axis, static_cast<double>(place - values[axis].begin()) /
                                          static_cast<double>(values[axis].size() - 1));
    }
    const double height = high > low ? (ends[i].first - low) / (high - low) : 0.5;
    curve.points.emplace_back(names.size(), height);
    if (i == others) curve.label = "best fifth";
    plot.curves.push_back(std::move(curve));
  }
  figure.caption = fmt::format(
      "Each line is a finished run{}, from its parameters, in steps of equal size, to its last {}: "
      "{}.{}",
      place_of(set), data.main_metric, fmt::join(ranges, ", "),
      better ? fmt::format(" The fifth of them that ends {} is in colour.",
                           *better == Better::lower ? "lowest" : "highest")
             : "");
  return figure;
}

}  // namespace

std::vector<Figure> figures_of(const ReportData& data) {
  std::vector<Figure> figures;
  const auto add = [&](Figure figure) {
    if (!figure.plot.has_points()) return;
    if (down_sample(figure.plot)) {
      figure.caption +=
          " Long curves are drawn through the lowest and the highest of each stretch.";
    }
    figures.push_back(std::move(figure));
  };
  int number = 0;
  const auto add_comparison = [&](const std::string& metric, Abscissa abscissa) {
    add(comparison(data, metric, abscissa, ++number));
  };
  if (!data.main_metric.empty()) {
    add_comparison(data.main_metric, Abscissa::epochs);
    add_comparison(data.main_metric, Abscissa::samples);
    add_comparison(data.main_metric, Abscissa::seconds);
    if (!data.compare_by.empty()) add(final_values(data));
  }
  for (const std::string& metric : data.metrics) {
    if (metric != data.main_metric) add_comparison(metric, Abscissa::epochs);
  }
  if (!training_twin(data.main_metric).empty()) add(gap(data));
  if (!data.main_metric.empty()) {
    int set_number = 0;
    const ComparableRuns comparable = comparable_runs(data, data.main_metric);
    for (const ComparableSet& set : std::span(comparable.sets).first(shown_sets(comparable))) {
      ++set_number;
      add(heat_map(data, set, set_number));
      add(parallel_coordinates(data, set, set_number));
    }
  }
  add_cost_figures(data, add);
  const std::size_t shown = data.runs.size() > kMostRunFigures ? 0 : data.runs.size();
  for (std::size_t i = 0; i < shown; ++i) add(curves_of_run(data, i));
  return figures;
}

}  // namespace epochal
