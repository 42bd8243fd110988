// Zip archives through libzip.

#include "experiments/torch/weights/zip_archive.h"

#include <fmt/format.h>
#include <zip.h>

#include "framework/base/error.h"

namespace epochal {
namespace {

[[noreturn]] void refuse_archive(const std::filesystem::path& file, const std::string& why) {
  throw Error("the zip archive cannot be read: " + why, file, "check where it comes from");
}

}  // namespace

ZipArchive::ZipArchive(std::span<const std::byte> bytes, std::filesystem::path file)
    : file_(std::move(file)), size_(bytes.size()), archive_(nullptr, zip_discard) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source != nullptr) {
    archive_.reset(zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error));
  }
  zip_error_fini(&error);
  if (archive_) return;
  if (source != nullptr) zip_source_free(source);  // an opened archive would own it
  refuse_archive(file_, "its directory is damaged");
}

std::string ZipArchive::find(std::string_view name) const {
  const zip_int64_t count = zip_get_num_entries(archive_.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* entry = zip_get_name(archive_.get(), static_cast<zip_uint64_t>(i), 0);
    const std::string_view text = entry == nullptr ? "" : entry;
    if (!text.ends_with(name)) continue;
    const std::size_t folder = text.size() - name.size();
    if (folder == 0 || text[folder - 1] == '/') return std::string(text);
  }
  return {};
}

std::vector<std::byte> ZipArchive::read(const std::string& name) const {
  const std::string shown = name.substr(0, 80);
  zip_stat_t status;
  const bool found = zip_stat(archive_.get(), name.c_str(), 0, &status) == 0 &&
                     (status.valid & (ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD)) ==
                         (ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD);
  if (!found) refuse_archive(file_, fmt::format("it has no '{}'", shown));
  if (status.comp_method != ZIP_CM_STORE || status.size > size_) {
    refuse_archive(file_, fmt::format("the entry '{}' is compressed or too large", shown));
  }
  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> entry(
      zip_fopen(archive_.get(), name.c_str(), 0), zip_fclose);
  std::vector<std::byte> bytes(status.size);
  const bool complete = entry && zip_fread(entry.get(), bytes.data(), status.size) ==
                                     static_cast<zip_int64_t>(status.size);
  if (!complete) refuse_archive(file_, fmt::format("the entry '{}' is damaged", shown));
  // libzip compares the checksum when it is asked to read past the end. PyTorch can leave it out.
  const bool has_checksum = (status.valid & ZIP_STAT_CRC) != 0 && status.crc != 0;
  char none = 0;
  if (has_checksum && zip_fread(entry.get(), &none, 1) != 0) {
    refuse_archive(file_, fmt::format("the entry '{}' is damaged", shown));
  }
  return bytes;
}

}  // namespace epochal
