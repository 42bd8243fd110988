// Curves of a metric over epochs, steps, samples or time, reduced to what a chart can show.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "framework/app/ui/answer_values.h"
#include "framework/base/error.h"
#include "framework/base/printable.h"

namespace epochal::app {
namespace {

enum class Axis { epoch, step, images, time };

/// In the order of Axis.
constexpr std::array<std::string_view, 4> kAxes{"epoch", "step", "images", "time"};

Axis axis_named(const std::string& name) {
  if (name.empty()) return Axis::epoch;
  const auto found = std::find(kAxes.begin(), kAxes.end(), name);
  if (found != kAxes.end()) return static_cast<Axis>(found - kAxes.begin());
  throw Error(fmt::format("unknown axis '{}'", printable(name, 40)), "axis",
              "epoch, step, images or time");
}

std::string_view name_of(Axis axis) {
  return kAxes.at(static_cast<std::size_t>(axis));
}

struct Point {
  double x = 0;
  double y = 0;
};

/// The position on an axis at which each epoch of a run ends; none if the epoch does not say.
std::map<Epoch, double> ends_of_epochs(const store::Query& query, store::RunId run, Axis axis) {
  std::map<Epoch, double> ends;
  double sum = 0;
  for (const store::EpochRecord& epoch : query.bare_epochs(run)) {
    switch (axis) {
      case Axis::epoch:
        sum = epoch.number;
        break;
      case Axis::step:
        if (!epoch.steps) return ends;
        sum += static_cast<double>(*epoch.steps);
        break;
      case Axis::images:
        sum += static_cast<double>(epoch.samples);
        break;
      case Axis::time:
        sum += epoch.train_seconds.count();
        break;
    }
    ends[epoch.number] = sum;
  }
  return ends;
}

/// The requested part of an axis.
struct Range {
  double from = -std::numeric_limits<double>::infinity();
  double to = std::numeric_limits<double>::infinity();

  bool contains(double x) const { return x >= from && x <= to; }
};

std::vector<Point> by_epoch(const store::Query& query, store::RunId run, const std::string& metric,
                            Axis axis, const Range& range) {
  const std::map<Epoch, double> ends = ends_of_epochs(query, run, axis);
  std::vector<Point> points;
  for (const store::SeriesPoint& point : query.series(run, metric)) {
    const auto end = ends.find(point.epoch);
    if (end == ends.end() || !range.contains(end->second)) continue;
    points.push_back({end->second, point.value});
  }
  return points;
}

/// Where steps lie on an axis: what the epochs say of it, linear between their ends, and at the
/// pace of the last epoch after it.
class PlaceOfSteps {
 public:
  /// Steps as they are.
  PlaceOfSteps() = default;

  /// None if the epochs do not say.
  static std::optional<PlaceOfSteps> on(const store::Query& query, store::RunId run, Axis axis) {
    if (axis == Axis::step) return PlaceOfSteps();
    const std::map<Epoch, double> places = ends_of_epochs(query, run, axis);
    PlaceOfSteps found;
    found.knots_.push_back({0, 0});
    for (const auto& [epoch, step] : ends_of_epochs(query, run, Axis::step)) {
      const auto place = places.find(epoch);
      if (place != places.end() && step > found.knots_.back().x)
        found.knots_.push_back({step, place->second});
    }
    if (found.knots_.size() < 2) return std::nullopt;
    return found;
  }

  double of(std::int64_t step) const {
    const auto x = static_cast<double>(step);
    if (knots_.empty()) return x;
    auto next = std::lower_bound(knots_.begin() + 1, knots_.end(), x,
                                 [](const Point& knot, double at) { return knot.x < at; });
    if (next == knots_.end()) --next;
    const Point& last = *std::prev(next);
    return last.y + (x - last.x) * (next->y - last.y) / (next->x - last.x);
  }

 private:
  std::vector<Point> knots_;  ///< steps and their places; empty: each is its own
};

/// One curve before its reduction: its points, or the first and last step of values by step.
struct Curve {
  store::RunRecord run;
  std::vector<Point> points;
  std::optional<store::StepMetric> steps;
  PlaceOfSteps place;

  std::size_t count() const {
    return steps ? static_cast<std::size_t>(steps->count) : points.size();
  }
};

std::optional<store::StepMetric> step_metric(const store::Query& query, store::RunId run,
                                             const std::string& metric) {
  for (store::StepMetric& found : query.step_metrics(run)) {
    if (found.name == metric) return std::move(found);
  }
  return std::nullopt;
}

struct Bin {
  double sum = 0;
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  std::int64_t count = 0;

  void add(double value) {
    if (!std::isfinite(value)) return;
    sum += value;
    low = std::min(low, value);
    high = std::max(high, value);
    ++count;
  }
};

/// Bins of equal width, the same for all curves of an answer.
class Bins {
 public:
  Bins(const Range& range, std::size_t count)
      : from_(range.from),
        width_(std::max((range.to - range.from) / static_cast<double>(count),
                        std::numeric_limits<double>::min())),
        bins_(count) {}

  void add(const Point& point) {
    const double place = std::floor((point.x - from_) / width_);
    const auto last = static_cast<double>(bins_.size() - 1);
    bins_[static_cast<std::size_t>(std::clamp(place, 0.0, last))].add(point.y);
  }

  void put_into(Answer& curve) const {
    for (std::size_t i = 0; i < bins_.size(); ++i) {
      const Bin& bin = bins_[i];
      if (bin.count == 0) continue;
      curve["x"].push_back(from_ + (static_cast<double>(i) + 0.5) * width_);
      curve["y"].push_back(number_json(bin.sum / static_cast<double>(bin.count)));
      curve["low"].push_back(number_json(bin.low));
      curve["high"].push_back(number_json(bin.high));
    }
  }

 private:
  double from_;
  double width_;
  std::vector<Bin> bins_;
};

class CurveReader {
 public:
  CurveReader(const store::Query& query, const RequestParameters& parameters)
      : query_(query),
        metric_(parameters.text("metric")),
        axis_(axis_named(parameters.text("axis"))),
        most_(static_cast<std::size_t>(parameters.whole("points", 600, 20, 4000))),
        asked_{parameters.number("from").value_or(Range().from),
               parameters.number("to").value_or(Range().to)} {
    if (metric_.empty()) throw Error("no metric is named", "metric", "metric=val.total");
    if (asked_.from > asked_.to) throw Error("it is greater than `to`", "from");
  }

  Answer answer(const std::vector<store::RunRecord>& runs) const {
    std::vector<Curve> curves;
    for (const store::RunRecord& run : runs) curves.push_back(curve_of(run));
    Answer json{{"metric", metric_}, {"axis", name_of(axis_)}};
    describe(json, runs);
    json["curves"] = Answer::array();
    const bool is_thinned = std::any_of(curves.begin(), curves.end(),
                                        [&](const Curve& curve) { return curve.count() > most_; });
    const Range range = is_thinned ? extent_of(curves) : Range();
    for (const Curve& curve : curves) {
      if (curve.count() == 0) continue;
      json["curves"].push_back(is_thinned ? thinned(curve, range) : whole(curve));
    }
    return json;
  }

 private:
  Curve curve_of(const store::RunRecord& run) const {
    Curve curve{run, {}, std::nullopt, {}};
    if (axis_ != Axis::epoch) curve.steps = step_metric(query_, run.id, metric_);
    if (curve.steps) {
      const auto place = PlaceOfSteps::on(query_, run.id, axis_);
      if (place) {
        curve.place = *place;
      } else {
        curve.steps.reset();
      }
    }
    if (!curve.steps) curve.points = by_epoch(query_, run.id, metric_, axis_, asked_);
    return curve;
  }

  void describe(Answer& json, const std::vector<store::RunRecord>& runs) const {
    const store::Declarations declarations = query_.declarations();
    for (const store::RunRecord& run : runs) {
      const MetricSpec* spec = declarations.metric(run, metric_);
      if (spec == nullptr) continue;
      if (spec->better) json["better"] = epochal::name_of(*spec->better);
      json["unit"] = spec->unit;
      return;
    }
  }

  /// The requested range, limited to the points that exist.
  Range extent_of(const std::vector<Curve>& curves) const {
    Range extent{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    const auto take = [&](double x) {
      extent.from = std::min(extent.from, x);
      extent.to = std::max(extent.to, x);
    };
    for (const Curve& curve : curves) {
      for (const Point& point : curve.points) take(point.x);
      if (!curve.steps) continue;
      take(curve.place.of(curve.steps->first_step));
      take(curve.place.of(curve.steps->last_step));
    }
    return {std::max(extent.from, asked_.from), std::min(extent.to, asked_.to)};
  }

  template <typename Sink>
  void each_point(const Curve& curve, const Sink& sink) const {
    for (const Point& point : curve.points) sink(point);
    if (!curve.steps) return;
    query_.each_step_chunk(curve.run.id, metric_, [&](const store::StepChunk& chunk) {
      for (std::size_t i = 0; i < chunk.steps.size(); ++i) {
        const Point point{curve.place.of(chunk.steps[i]), chunk.values[i]};
        if (asked_.contains(point.x)) sink(point);
      }
    });
  }

  static Answer head_of(const Curve& curve, bool is_thinned) {
    return {{"run", curve.run.short_identity()},
            {"setting", curve.run.group_identity.substr(0, 10)},
            {"seed", curve.run.seed},
            {"is_thinned", is_thinned},
            {"x", Answer::array()},
            {"y", Answer::array()}};
  }

  Answer whole(const Curve& curve) const {
    Answer json = head_of(curve, false);
    each_point(curve, [&](const Point& point) {
      json["x"].push_back(point.x);
      json["y"].push_back(number_json(point.y));
    });
    return json;
  }

  Answer thinned(const Curve& curve, const Range& range) const {
    Answer json = head_of(curve, true);
    json["low"] = Answer::array();
    json["high"] = Answer::array();
    Bins bins(range, most_);
    each_point(curve, [&](const Point& point) { bins.add(point); });
    bins.put_into(json);
    return json;
  }

  const store::Query& query_;
  std::string metric_;
  Axis axis_;
  std::size_t most_;
  Range asked_;
};

}  // namespace

Answer curves_answer(const store::Query& query, const RequestParameters& parameters) {
  const CurveReader reader(query, parameters);
  return reader.answer(named_runs(query, parameters));
}

}  // namespace epochal::app
