// Final values over several parameters: a map of two, and parallel coordinates of all.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "framework/base/human_format.h"
#include "reports/figures/figure_kinds.h"
#include "reports/figures/settings_drawing.h"
#include "reports/statistics/importance.h"
#include "reports/statistics/settings.h"

namespace epochal::report {
namespace {

/// Orders numbers by size, and other values like ParameterValue.
bool comes_first(const ParameterValue& a, const ParameterValue& b) {
  const auto first = number_of(a);
  const auto second = number_of(b);
  return first && second ? *first < *second : a < b;
}

/// A parameter's values in order: numbers by size, texts alphabetically.
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

/// Whether two parameters rise or fall together, value by value, as in a zip. In a random search
/// each value also belongs to one run, but not in such an order.
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

/// Whether the first parameter determines all others: then a map or parallel coordinates would show
/// no more than the figure of final values.
bool move_together(const Runs& runs, const std::vector<std::string>& names) {
  return std::all_of(names.begin() + 1, names.end(), [&](const std::string& other) {
    return move_together(runs, names.front(), other);
  });
}

/// A parameter's values as the rows or columns of a map: one for each value, or a few bins for the
/// range of a random search.
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
      return static_cast<std::size_t>(std::ranges::find(values_, value) - values_.begin());
    }
    const auto edge = std::upper_bound(edges_.begin() + 1, edges_.end() - 1, *number_of(value));
    return static_cast<std::size_t>(edge - edges_.begin()) - 1;
  }

 private:
  std::vector<ParameterValue> values_;
  std::vector<double> edges_;
  std::vector<std::string> labels_;
};

/// The parameters that differ between runs, the most important first if that is known.
std::vector<std::string> parameters_to_draw(const ReportData& data, const Runs& runs) {
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

/// " at gamma 1", if a report has several sets of comparable runs.
std::string place_of(const ComparableSet& set) {
  return set.where.empty() ? "" : " at " + set.where;
}

}  // namespace

Figure heat_map(const ReportData& data, const ComparableSet& set, int number) {
  Figure figure;
  figure.section = FigureSection::size;
  const std::vector<std::string> names = parameters_to_draw(data, set.runs);
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

Figure parallel_coordinates(const ReportData& data, const ComparableSet& set, int number) {
  constexpr std::size_t kMostAxes = 6;
  Figure figure;
  figure.section = FigureSection::size;
  std::vector<std::string> names = parameters_to_draw(data, set.runs);
  if (names.size() < 2 || move_together(set.runs, names)) return figure;
  names.resize(std::min(names.size(), kMostAxes));
  std::vector<std::vector<ParameterValue>> values;
  for (const std::string& name : names) values.push_back(values_of(set.runs, name));

  const auto better = better_of(data, data.main_metric);
  auto ends = ordered_by_last(set.runs, data.main_metric, better.value_or(Better::lower));
  if (ends.size() < 3) return figure;
  // The best runs are drawn last, over the others.
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
      better ? fmt::format(" The fifth with the {} values is in colour.",
                           *better == Better::lower ? "lowest" : "highest")
             : "");
  return figure;
}

}  // namespace epochal::report
