# How epochal's own targets are compiled, and texts embedded.

# epochal_compile_options(TARGET): warnings and sanitizers of this project's own code.
function(epochal_compile_options target)
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                           -Wnon-virtual-dtor)
  # GCC 12 sees overlapping and endless copies in its own std::string where there are none (GCC bug
  # 105651).
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(${target} PRIVATE -Wno-restrict -Wno-stringop-overflow
                                             -Wno-stringop-overread -Wno-array-bounds)
  # Newer ones see copies past the ends of a std::vector where there are none, and take a reference
  # that a function gives back for one to its temporary argument.
  elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-stringop-overflow
                                             -Wno-dangling-reference)
  endif()
  # Files that are compiled together see each other's names. Builds of single files look for shadowing.
  if(CMAKE_UNITY_BUILD)
    target_compile_options(${target} PRIVATE -Wno-shadow)
  endif()
  if(EPOCHAL_WARNINGS_AS_ERRORS)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(EPOCHAL_SANITIZE STREQUAL "address")
    target_compile_options(${target} PRIVATE -fsanitize=address,undefined
                                             -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=address,undefined)
    # GCC also guards the millions of records that the other sanitizer keeps of places in the source. Each program
    # would write them at its start, which takes longer than most tests of a command. The fuzzers guard all globals.
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      target_compile_options(${target} PRIVATE --param asan-globals=0)
    endif()
  elseif(EPOCHAL_SANITIZE STREQUAL "thread")
    target_compile_options(${target} PRIVATE -fsanitize=thread -O1 -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=thread)
  endif()
  if(EPOCHAL_COVERAGE)
    target_compile_options(${target} PRIVATE --coverage -fprofile-update=atomic)
    target_link_options(${target} PRIVATE --coverage)
  endif()
  # Of a tree for fuzzing all our own code is compiled with coverage. Lines are all that a report of
  # a fault needs, and full debug information makes such a tree twice as slow to build.
  if(EPOCHAL_WITH_FUZZERS)
    target_compile_options(${target} PRIVATE
      -O1 -gline-tables-only -fno-omit-frame-pointer -fno-sanitize-recover=undefined
      -fsanitize=fuzzer-no-link,address,undefined)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer-no-link,address,undefined)
  endif()
endfunction()

# epochal_optimise(TARGET): TARGET computes pictures or tensors.
function(epochal_optimise target)
  target_compile_options(${target} PRIVATE "$<$<CONFIG:Release>:-O3>")
endfunction()

# epochal_reuse_precompiled(TARGET FROM): TARGET takes the precompiled header of the library FROM. It
# was made with -fPIC, which a program's -fPIE does not match.
function(epochal_reuse_precompiled target from)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL EXECUTABLE)
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(${target} PRIVATE -fPIC)
  endif()
  target_precompile_headers(${target} REUSE_FROM ${from})
endfunction()

# epochal_embed_text(TARGET NAME FILE): makes FILE's text `epochal::embedded::NAME`, declared in
# NAME.h. The file is read again whenever it changes.
function(epochal_embed_text target name file)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/embedded")
  set(header "${folder}/${name}.h")
  add_custom_command(
    OUTPUT "${header}"
    COMMAND "${CMAKE_COMMAND}" "-DNAME=${name}" "-DTEXT_FILE=${file}" "-DHEADER=${header}"
            -P "${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake"
    DEPENDS "${file}" "${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake"
    VERBATIM)
  target_sources(${target} PRIVATE "${header}")
  set_property(GLOBAL APPEND PROPERTY epochal_generated_headers "${header}")
  target_include_directories(${target} PRIVATE "${folder}")
endfunction()
