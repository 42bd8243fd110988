# Writes HEADER with the program's version and git commit, "-dirty" if files have changed since.
execute_process(COMMAND git -C "${SOURCE_DIR}" describe --always --dirty --abbrev=12 --exclude=*
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
  set(commit "unknown")
endif()
set(text "#define EPOCHAL_VERSION \"${VERSION}\"
#define EPOCHAL_COMMIT \"${commit}\"
")
if(EXISTS "${HEADER}")
  file(READ "${HEADER}" old)
endif()
if(NOT "${old}" STREQUAL "${text}")
  file(WRITE "${HEADER}" "${text}")
endif()
