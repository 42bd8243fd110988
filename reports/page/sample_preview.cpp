// Makes the preview of a sample from its bytes.

#include "reports/page/sample_preview.h"

#include <algorithm>
#include <string>

#include "framework/base/histogram.h"
#include "framework/base/printable.h"
#include "framework/base/text_lines.h"
#include "reports/figures/histogram_drawing.h"
#include "reports/page/data_uri.h"
#include "reports/page/table_preview.h"

namespace epochal::report {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::object;

constexpr std::size_t kMostPreviewLines = 20;
constexpr std::size_t kLongestTextLine = 200;

/// The first lines, each printable; a tab is a blank.
std::string first_lines(std::string_view text, bool& is_cut) {
  std::string lines;
  for (std::size_t count = 0; !text.empty(); ++count) {
    is_cut = count == kMostPreviewLines;
    if (is_cut) break;
    const std::string_view line = first_line(text);
    std::string shown(line.substr(0, kLongestTextLine + 4));
    if (shown.ends_with('\r')) shown.pop_back();
    std::replace(shown.begin(), shown.end(), '\t', ' ');
    lines += printable(shown, kLongestTextLine) + "\n";
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return lines;
}

list cells_of(const std::vector<std::string>& texts, std::size_t& bytes) {
  list cells;
  for (const std::string& text : texts) {
    cells.push_back(data(text));
    bytes += text.size() + 10;
  }
  return cells;
}

SamplePreview table_shown(const TablePreview& table) {
  SamplePreview preview;
  list rows;
  for (const auto& row : table.rows) {
    object entry;
    entry["cells"] = data(cells_of(row, preview.bytes));
    rows.push_back(data(entry));
  }
  preview.fields["shows_table"] = data(true);
  preview.fields["heads"] = data(cells_of(table.heads, preview.bytes));
  preview.fields["rows"] = data(rows);
  preview.fields["is_cut"] = data(table.is_cut);
  return preview;
}

SamplePreview text_shown(std::string_view text) {
  SamplePreview preview;
  bool is_cut = false;
  const std::string lines = first_lines(text, is_cut);
  preview.bytes = lines.size();
  preview.fields["shows_text"] = data(true);
  preview.fields["text"] = lines;
  preview.fields["is_cut"] = data(is_cut);
  return preview;
}

SamplePreview table_or_text_shown(std::string_view text, const Content& content) {
  if (content.ending != "json") {
    return table_shown(csv_preview(text, content.ending == "tsv" ? '\t' : ','));
  }
  const std::optional<TablePreview> table = json_preview(text);
  return table ? table_shown(*table) : text_shown(text);
}

SamplePreview whole_shown(std::string_view bytes, const Content& content, const char* as) {
  SamplePreview preview;
  preview.bytes = bytes.size();
  preview.fields[as] = data(true);
  preview.fields["uri"] = data_uri({reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()},
                                   content.media_type);
  return preview;
}

SamplePreview shown_of(std::string_view bytes, const Content& content, std::size_t room) {
  switch (content.type) {
    case ContentType::picture:
      if (bytes.size() <= room) return whole_shown(bytes, content, "shows_picture");
      break;
    case ContentType::audio:
      if (bytes.size() <= room) return whole_shown(bytes, content, "shows_audio");
      break;
    case ContentType::text:
      return text_shown(bytes);
    case ContentType::table:
      return table_or_text_shown(bytes, content);
    case ContentType::histogram:
      if (const auto histogram = read_histogram(bytes)) {
        SamplePreview preview;
        const std::string svg = histogram_svg(*histogram);
        preview.bytes = svg.size();
        preview.fields["shows_histogram"] = data(true);
        preview.fields["svg"] = svg;
        return preview;
      }
      break;
    case ContentType::model:
    case ContentType::file:
      break;
  }
  return {};
}

}  // namespace

SamplePreview preview_of(std::string_view bytes, const Content& content, std::size_t room) {
  SamplePreview preview = shown_of(bytes, content, room);
  if (preview.bytes > room) preview = {};
  for (const char* field :
       {"shows_picture", "shows_audio", "shows_text", "shows_table", "shows_histogram", "is_cut"}) {
    preview.fields.try_emplace(field, data(false));
  }
  return preview;
}

}  // namespace epochal::report
