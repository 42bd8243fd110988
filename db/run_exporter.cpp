// What all exporters share.

#include "db/run_exporter.h"

#include <algorithm>
#include <cctype>
#include <fstream>

#include "framework/plugin/error.h"

namespace epochal {

void write_export(const std::filesystem::path& file, std::string_view text) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  std::ofstream out(file, std::ios::binary);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) throw Error("the export cannot be written", file, "check the folder and its disk");
}

std::string file_name_for(const std::string& name) {
  constexpr std::size_t kLongest = 200;
  std::string result = name.substr(0, kLongest);
  std::replace_if(
      result.begin(), result.end(),
      [](unsigned char c) {
        return std::isalnum(c) == 0 && c != '_' && c != '-' && c != '.' && c != ' ';
      },
      '_');
  const bool is_dots = result.find_first_not_of('.') == std::string::npos;
  return is_dots ? "_" + result : result;
}

}  // namespace epochal
