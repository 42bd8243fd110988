// Reads tables only as far as they are shown, with libcsv and nlohmann's SAX parser.

#include "reports/page/table_preview.h"

#include <csv.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "framework/base/printable.h"

namespace epochal::report {
namespace {

using nlohmann::json;

/// The most bytes that are read: a hundred times what is shown.
constexpr std::size_t kMostLookedAt = std::size_t{1} << 18;

std::string preview_cell(std::string_view text) {
  return printable(text, TablePreview::kLongestCell);
}

/// Collects rows from libcsv.
struct CsvRows {
  TablePreview preview;
  std::vector<std::string> row;
  bool has_heads = false;

  bool is_full() const { return preview.rows.size() > TablePreview::kMostRows; }

  void add_cell(std::string_view text) {
    if (row.size() < TablePreview::kMostColumns) {
      row.push_back(preview_cell(text));
    } else {
      preview.is_cut = true;
    }
  }

  void end_row() {
    if (!has_heads) {
      preview.heads = std::move(row);
    } else if (!is_full()) {
      preview.rows.push_back(std::move(row));
    }
    has_heads = true;
    row.clear();
  }
};

void on_csv_cell(void* text, std::size_t length, void* rows) {
  static_cast<CsvRows*>(rows)->add_cell({static_cast<const char*>(text), length});
}

void on_csv_row(int /*end*/, void* rows) {
  static_cast<CsvRows*>(rows)->end_row();
}

void drop_what_is_too_much(TablePreview& preview) {
  if (preview.rows.size() <= TablePreview::kMostRows) return;
  preview.rows.resize(TablePreview::kMostRows);
  preview.is_cut = true;
}

/// Receives a list of objects or of lists from a parser; stops it when it has enough or when the
/// text is other JSON.
class JsonRows : public nlohmann::json_sax<json> {
 public:
  /// None if the text was not a list of rows.
  std::optional<TablePreview> taken() {
    if (is_other_ || preview_.rows.empty()) return std::nullopt;
    for (auto& row : preview_.rows) row.resize(preview_.heads.size());
    drop_what_is_too_much(preview_);
    return std::move(preview_);
  }

  bool null() override { return scalar(""); }
  bool boolean(bool value) override { return scalar(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return scalar(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return scalar(std::to_string(value)); }
  bool number_float(number_float_t /*value*/, const string_t& text) override {
    return scalar(text);
  }
  bool string(string_t& text) override { return scalar(text); }
  bool binary(binary_t& /*bytes*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return begin(Row::of_object); }
  bool end_object() override { return end(); }
  bool start_array(std::size_t /*size*/) override { return begin(Row::of_list); }
  bool end_array() override { return end(); }
  bool key(string_t& name) override {
    if (depth_ == 2) column_ = column_named(preview_cell(name));
    return true;
  }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return false;  // the text was cut here
  }

 private:
  enum class Row { of_object, of_list };

  bool begin(Row kind) {
    ++depth_;
    if (depth_ == 1) return is_known(kind == Row::of_list);
    if (depth_ > 2) return depth_ > 3 || put("…");
    if (preview_.rows.size() > TablePreview::kMostRows) return false;
    is_list_ = kind == Row::of_list;
    column_ = 0;
    preview_.rows.emplace_back();
    return true;
  }

  bool end() {
    --depth_;
    return true;
  }

  bool scalar(const std::string& text) {
    if (depth_ < 2) return is_known(false);
    return depth_ > 2 || put(preview_cell(text));
  }

  bool is_known(bool is_row) {
    is_other_ = is_other_ || !is_row;
    return is_row;
  }

  bool put(std::string text) {
    if (is_list_ && column_ == preview_.heads.size()) column_named(std::to_string(column_ + 1));
    if (column_ >= preview_.heads.size()) return true;  // more columns than shown
    auto& row = preview_.rows.back();
    if (row.size() <= column_) row.resize(column_ + 1);
    row[column_] = std::move(text);
    if (is_list_) ++column_;
    return true;
  }

  std::size_t column_named(const std::string& name) {
    auto& heads = preview_.heads;
    const auto found = std::find(heads.begin(), heads.end(), name);
    if (found != heads.end()) return static_cast<std::size_t>(found - heads.begin());
    if (heads.size() == TablePreview::kMostColumns) {
      preview_.is_cut = true;
      return heads.size();
    }
    heads.push_back(name);
    return heads.size() - 1;
  }

  TablePreview preview_;
  std::size_t depth_ = 0;
  std::size_t column_ = 0;
  bool is_list_ = false;
  bool is_other_ = false;
};

}  // namespace

TablePreview csv_preview(std::string_view text, char delimiter) {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  const bool is_whole = text.size() <= kMostLookedAt;
  text = text.substr(0, kMostLookedAt);

  CsvRows rows;
  csv_parser parser{};
  if (csv_init(&parser, 0) != 0) throw std::bad_alloc();
  csv_set_delim(&parser, static_cast<unsigned char>(delimiter));
  constexpr std::size_t kPiece = 4096;
  for (; !text.empty() && !rows.is_full(); text.remove_prefix(std::min(kPiece, text.size()))) {
    const std::string_view piece = text.substr(0, kPiece);
    csv_parse(&parser, piece.data(), piece.size(), on_csv_cell, on_csv_row, &rows);
  }
  // A last row that was cut is not shown.
  if (is_whole && !rows.is_full()) csv_fini(&parser, on_csv_cell, on_csv_row, &rows);
  csv_free(&parser);
  rows.preview.is_cut = rows.preview.is_cut || !is_whole;
  drop_what_is_too_much(rows.preview);
  return std::move(rows.preview);
}

std::optional<TablePreview> json_preview(std::string_view text) {
  JsonRows rows;
  const bool is_whole = text.size() <= kMostLookedAt;
  json::sax_parse(text.substr(0, kMostLookedAt), &rows);
  std::optional<TablePreview> preview = rows.taken();
  if (preview && !is_whole) preview->is_cut = true;
  return preview;
}

}  // namespace epochal::report
