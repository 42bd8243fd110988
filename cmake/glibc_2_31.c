/* What GCC 12's own libraries and epochal ask of glibc and version 2.31 lacks: scripts/portable links it into each program. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

/* glibc 2.32: whether the process has one thread alone. libstdc++ counts references without locks if so. */
char __libc_single_threaded = 0;

/* glibc 2.36: a random number for std::random_device. */
uint32_t arc4random(void) {
  uint32_t number;
  if (getentropy(&number, sizeof number) != 0) abort();
  return number;
}

struct search {
  uintptr_t address;
  struct dl_find_object* found;
};

static int look_into(struct dl_phdr_info* object, size_t size, void* data) {
  (void)size;
  struct search* search = data;
  int holds_address = 0;
  void* unwind_table = NULL;
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)* part = &object->dlpi_phdr[i];
    const uintptr_t start = object->dlpi_addr + part->p_vaddr;
    if (part->p_type == PT_GNU_EH_FRAME) unwind_table = (void*)start;
    if (part->p_type == PT_LOAD && search->address - start < part->p_memsz) holds_address = 1;
  }
  if (!holds_address || unwind_table == NULL) return 0;
  search->found->dlfo_eh_frame = unwind_table;
  return 1;
}

/* glibc 2.35: where the unwinder finds the table for a place in the code, when an exception is thrown. */
int _dl_find_object(void* address, struct dl_find_object* found) {
  struct search search = {(uintptr_t)address, found};
  return dl_iterate_phdr(look_into, &search) == 1 ? 0 : -1;
}

/* glibc 2.34: a started program shall not have the files from a number on. What another thread opens in the
   meantime is closed by its own flag O_CLOEXEC. */
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t* actions, int first) {
  DIR* open_files = opendir("/proc/self/fd");
  if (open_files == NULL) return errno;
  int error = 0;
  for (struct dirent* entry; error == 0 && (entry = readdir(open_files)) != NULL;) {
    const int file = atoi(entry->d_name);
    const int is_name = entry->d_name[0] == '.';
    if (!is_name && file >= first) error = posix_spawn_file_actions_addclose(actions, file);
  }
  closedir(open_files);
  return error;
}
