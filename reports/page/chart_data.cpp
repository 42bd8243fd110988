#include "reports/page/chart_data.h"

#include <fmt/format.h>
#include <cmath>
#include <nlohmann/json.hpp>

#include "framework/base/parsed_number.h"

namespace epochal::report {
namespace {

using Json = nlohmann::ordered_json;

/// Enough digits for the pixels of a chart; more would make the page larger.
Json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  constexpr int kDigits = 7;
  return parsed_number<double>(fmt::format("{:.{}g}", value, kDigits)).value_or(value);
}

Json curve_of(const Curve& curve) {
  Json json{{"label", curve.label},
            {"colour", curve.colour},
            {"stroke", name_of(curve.stroke)},
            {"x", Json::array()},
            {"y", Json::array()}};
  for (const auto& [x, y] : curve.points) {
    json["x"].push_back(number(x));
    json["y"].push_back(number(y));
  }
  return json;
}

Json band_of(const Band& band) {
  Json json{{"colour", band.colour},
            {"x", Json::array()},
            {"low", Json::array()},
            {"high", Json::array()}};
  for (const Band::Point& point : band.points) {
    json["x"].push_back(number(point.x));
    json["low"].push_back(number(point.low));
    json["high"].push_back(number(point.high));
  }
  return json;
}

}  // namespace

std::string chart_data(const Plot& plot) {
  if (plot.cells.any() || !plot.x_ticks.empty() || !plot.y_ticks.empty()) return {};
  Json json{{"title", plot.title},
            {"x_label", plot.x_label},
            {"y_label", plot.y_label},
            {"log_x", plot.x_axis == AxisScale::logarithmic},
            {"log_y", plot.y_axis == AxisScale::logarithmic},
            {"from_zero", plot.y_from_zero},
            {"curves", Json::array()},
            {"bands", Json::array()}};
  for (const Curve& curve : plot.curves) json["curves"].push_back(curve_of(curve));
  for (const Band& band : plot.bands) json["bands"].push_back(band_of(band));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace epochal::report
