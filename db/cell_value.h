#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "framework/base/parameters.h"

namespace epochal::store {

/// A value of a table for programs; monostate if there is none.
using CellValue = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

template <typename T>
CellValue cell_of(const std::optional<T>& value) {
  return value ? CellValue(*value) : CellValue();
}

CellValue cell_of(const ParameterValue& value);

/// A tag as a cell: its text, or true for a tag without a text.
CellValue tag_cell(const std::string& text);

/// A value for CSV: all digits of a number, "nan" and "inf", texts quoted if needed (RFC 4180);
/// empty if there is none.
std::string csv_value(const CellValue& value);

/// A value for JSON; NaN and infinities are texts, since JSON has no such numbers.
std::string json_value(const CellValue& value);

/// A text as a field of CSV. A text that a spreadsheet would run as a formula gets a leading
/// apostrophe, as OWASP recommends against "CSV injection".
std::string csv_field(const std::string& plain);

/// The text of a field that csv_field() wrote, without its quotes.
std::string text_of_csv_field(const std::string& field);

}  // namespace epochal::store
