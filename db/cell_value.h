#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace epochal {

/// A value of a table as a machine takes it; monostate where there is none.
using CellValue = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

/// A tag as a cell: its text, or true for a tag without one, which would look like none.
CellValue tag_cell(const std::string& text);

/// A value as CSV has it: every digit of a number, "nan" and "inf", texts quoted where needed
/// (RFC 4180); empty if there is none.
std::string csv_value(const CellValue& value);

/// A value as JSON has it; NaN and infinities are texts, since JSON has no such numbers.
std::string json_value(const CellValue& value);

/// A text as a field of CSV. One that a spreadsheet would run as a formula gets an apostrophe in
/// front, as OWASP's "CSV injection" has it.
std::string csv_field(const std::string& plain);

/// The text of a field as csv_field() wrote it, its quotes already taken away.
std::string text_of_csv_field(const std::string& field);

}  // namespace epochal
