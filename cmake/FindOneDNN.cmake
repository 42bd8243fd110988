# oneDNN 2.6 to 3.x, whose primitives the CPU's training step is made of; without it, LibTorch's operators
# are used. Another one than the system's: -DOneDNN_INCLUDE_DIR=DIR -DOneDNN_LIBRARY=FILE. It has to use
# GNU's OpenMP, as LibTorch does.
find_path(OneDNN_INCLUDE_DIR dnnl.hpp)
find_library(OneDNN_LIBRARY dnnl)
set(OneDNN_VERSION "")
if(EXISTS "${OneDNN_INCLUDE_DIR}/oneapi/dnnl/dnnl_version.h")
  file(STRINGS "${OneDNN_INCLUDE_DIR}/oneapi/dnnl/dnnl_version.h" version_lines
       REGEX "DNNL_VERSION_(MAJOR|MINOR) +[0-9]+")
  string(REGEX REPLACE "[^0-9]+" "." OneDNN_VERSION "${version_lines}")
  string(REGEX MATCH "[0-9]+\\.[0-9]+" OneDNN_VERSION "${OneDNN_VERSION}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OneDNN REQUIRED_VARS OneDNN_LIBRARY OneDNN_INCLUDE_DIR
                                  VERSION_VAR OneDNN_VERSION HANDLE_VERSION_RANGE)
if(OneDNN_FOUND AND NOT TARGET OneDNN::dnnl)
  add_library(OneDNN::dnnl UNKNOWN IMPORTED)
  set_target_properties(OneDNN::dnnl PROPERTIES
    IMPORTED_LOCATION "${OneDNN_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${OneDNN_INCLUDE_DIR}")
endif()
mark_as_advanced(OneDNN_INCLUDE_DIR OneDNN_LIBRARY)
