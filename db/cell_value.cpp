// Values of tables in CSV and JSON.

#include "db/cell_value.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "db/in_quotes.h"
#include "framework/base/parsed_number.h"

namespace epochal::store {
namespace {

std::string number_text(double value) {
  return fmt::format("{}", value);  // the shortest text that reads back to the same bits
}

/// Whether a spreadsheet would run the text as a formula. After leading apostrophes the text has
/// been guarded before: another one keeps the two apart.
bool is_like_formula(const std::string& text) {
  const std::size_t first = text.find_first_not_of('\'');
  if (first == std::string::npos) return false;
  if (std::string_view("=+-@\t\r").find(text[first]) == std::string_view::npos) return false;
  return !parsed_number<double>(text);
}

}  // namespace

CellValue cell_of(const ParameterValue& value) {
  return std::visit([](const auto& plain) { return CellValue(plain); }, value);
}

CellValue tag_cell(const std::string& text) {
  return text.empty() ? CellValue(true) : CellValue(text);
}

std::string text_of_csv_field(const std::string& field) {
  return field.starts_with('\'') && is_like_formula(field) ? field.substr(1) : field;
}

std::string csv_field(const std::string& plain) {
  std::string text = is_like_formula(plain) ? "'" + plain : plain;
  // Readers, ours among them, drop blanks around a field without quotes.
  constexpr std::string_view kBlanks = " \t";
  const bool has_outer_blank = !text.empty() && (kBlanks.find(text.front()) != std::string::npos ||
                                                 kBlanks.find(text.back()) != std::string::npos);
  if (!has_outer_blank && text.find_first_of(",\"\r\n") == std::string::npos) return text;
  return in_quotes(text);
}

std::string csv_value(const CellValue& value) {
  if (std::holds_alternative<std::monostate>(value)) return "";
  if (const auto* text = std::get_if<std::string>(&value)) return csv_field(*text);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  return number_text(std::get<double>(value));
}

std::string json_value(const CellValue& value) {
  if (std::holds_alternative<std::monostate>(value)) return "null";
  if (const auto* text = std::get_if<std::string>(&value)) {
    return nlohmann::json(*text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  if (const auto* number = std::get_if<double>(&value); number && !std::isfinite(*number)) {
    return "\"" + number_text(*number) + "\"";
  }
  return csv_value(value);
}

}  // namespace epochal::store
