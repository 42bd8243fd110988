// Reads the build id of a loaded object.

#include "framework/plugin/build_id.h"

#include <elf.h>
#include <fmt/ranges.h>
#include <link.h>

#include <cstdint>
#include <cstring>
#include <span>

#include "framework/base/sha256.h"

namespace epochal {
namespace {

constexpr std::size_t aligned(std::size_t size) {
  return (size + 3) & ~std::size_t{3};
}

/// The build id among the notes of one segment; empty if there is none.
std::string id_in(std::span<const unsigned char> notes) {
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes.data(), sizeof note);
    const std::size_t name = sizeof note;
    const std::size_t value = name + aligned(note.n_namesz);
    const std::size_t end = value + aligned(note.n_descsz);
    if (end > notes.size()) return {};
    const bool is_gnu = note.n_namesz == 4 && std::memcmp(&notes[name], "GNU", 4) == 0;
    if (is_gnu && note.n_type == NT_GNU_BUILD_ID) {
      return fmt::format("{:02x}", fmt::join(notes.subspan(value, note.n_descsz), ""));
    }
    notes = notes.subspan(end);
  }
  return {};
}

/// The address to find among the loaded objects, and the result.
struct Search {
  std::uintptr_t symbol = 0;
  std::string id;
};

int look_at(dl_phdr_info* object, std::size_t /*size*/, void* data) {
  auto& search = *static_cast<Search*>(data);
  const std::span headers(object->dlpi_phdr, object->dlpi_phnum);
  bool is_it = false;
  for (const auto& header : headers) {
    const std::uintptr_t begin = object->dlpi_addr + header.p_vaddr;
    is_it = is_it || (header.p_type == PT_LOAD && search.symbol >= begin &&
                      search.symbol < begin + header.p_memsz);
  }
  if (!is_it) return 0;
  for (const auto& header : headers) {
    if (header.p_type != PT_NOTE || !search.id.empty()) continue;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader gives addresses as numbers
    const auto* notes = reinterpret_cast<const unsigned char*>(object->dlpi_addr + header.p_vaddr);
    search.id = id_in({notes, header.p_memsz});
  }
  return 1;
}

}  // namespace

std::string build_id(const void* symbol, const std::filesystem::path& file) {
  Search search{reinterpret_cast<std::uintptr_t>(symbol), {}};
  dl_iterate_phdr(look_at, &search);
  return search.id.empty() ? sha256_of_file(file) : search.id;
}

}  // namespace epochal
