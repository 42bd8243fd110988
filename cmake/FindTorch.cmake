# LibTorch: Debian's, or one in a folder (EPOCHAL_TORCH_DIR) that holds include/ and lib/, such as
# an unpacked LibTorch of pytorch.org or the `torch` folder of a pip installation.
#
# LibTorch's own TorchConfig.cmake asks for CUDA's compiler and for libraries' links that wheels
# lack; this project compiles no CUDA code and needs neither. A folder's include/ also holds headers
# of fmt and oneDNN whose code is not exported; the ones of the system must not be hidden by them, so
# that only LibTorch's own folders are seen.
#
# Makes Torch::torch and sets Torch_FOUND, Torch_VERSION, TORCH_HAS_CUDA and TORCH_ONEDNN_MAJOR: the
# version of the shared oneDNN that it is linked with, empty where it hides one of its own.
set(EPOCHAL_TORCH_DIR "" CACHE PATH "Folder of LibTorch with include/ and lib/; empty: the system's")

unset(Torch_ROOT_INCLUDE CACHE)
unset(Torch_LIBRARY_FOLDER CACHE)
if(EPOCHAL_TORCH_DIR)
  find_path(Torch_ROOT_INCLUDE torch/script.h PATHS "${EPOCHAL_TORCH_DIR}/include" NO_DEFAULT_PATH)
  find_path(Torch_LIBRARY_FOLDER libtorch_cpu.so PATHS "${EPOCHAL_TORCH_DIR}/lib" NO_DEFAULT_PATH)
else()
  find_path(Torch_ROOT_INCLUDE torch/script.h)
  find_library(Torch_CPU_LIBRARY torch_cpu)
  if(Torch_CPU_LIBRARY)
    cmake_path(GET Torch_CPU_LIBRARY PARENT_PATH Torch_LIBRARY_FOLDER)
  endif()
endif()

set(Torch_VERSION "")
foreach(header torch/headeronly/version.h torch/csrc/api/include/torch/version.h)
  if(NOT Torch_VERSION AND EXISTS "${Torch_ROOT_INCLUDE}/${header}")
    file(STRINGS "${Torch_ROOT_INCLUDE}/${header}" version_lines
         REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) +[0-9]+")
    string(REGEX MATCHALL "[0-9]+" version_numbers "${version_lines}")
    list(JOIN version_numbers "." Torch_VERSION)
  endif()
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Torch
  REQUIRED_VARS Torch_LIBRARY_FOLDER Torch_ROOT_INCLUDE VERSION_VAR Torch_VERSION)

if(Torch_FOUND AND NOT TARGET Torch::torch)
  if(EPOCHAL_TORCH_DIR)
    set(folder "${CMAKE_BINARY_DIR}/torch-include")
    file(MAKE_DIRECTORY "${folder}")
    foreach(name ATen c10 caffe2 torch)
      if(EXISTS "${Torch_ROOT_INCLUDE}/${name}")
        file(REMOVE "${folder}/${name}")
        file(CREATE_LINK "${Torch_ROOT_INCLUDE}/${name}" "${folder}/${name}" SYMBOLIC)
      endif()
    endforeach()
  else()
    set(folder "${Torch_ROOT_INCLUDE}")
  endif()

  add_library(Torch::torch INTERFACE IMPORTED)
  target_include_directories(Torch::torch SYSTEM INTERFACE
    "${folder}" "${folder}/torch/csrc/api/include")
  foreach(name c10 torch_cpu c10_cuda torch_cuda torch)
    if(NOT EXISTS "${Torch_LIBRARY_FOLDER}/lib${name}.so")
      continue()
    endif()
    add_library(Torch::${name}_library SHARED IMPORTED)
    set_target_properties(Torch::${name}_library PROPERTIES
      IMPORTED_LOCATION "${Torch_LIBRARY_FOLDER}/lib${name}.so")
    target_link_libraries(Torch::torch INTERFACE Torch::${name}_library)
  endforeach()
  # What registers the CUDA kernels is named by nobody: it must be loaded all the same. CUDA's own
  # libraries are found by LibTorch's run paths when it is loaded.
  target_link_options(Torch::torch INTERFACE
    "LINKER:--no-as-needed" "LINKER:--allow-shlib-undefined")
endif()
set(TORCH_HAS_CUDA OFF)
if(TARGET Torch::torch_cuda_library)
  set(TORCH_HAS_CUDA ON)
endif()
set(TORCH_ONEDNN_MAJOR "")
if(Torch_FOUND AND CMAKE_READELF)
  execute_process(COMMAND "${CMAKE_READELF}" -d "${Torch_LIBRARY_FOLDER}/libtorch_cpu.so"
                  OUTPUT_VARIABLE torch_needs ERROR_QUIET)
  if(torch_needs MATCHES "libdnnl\\.so\\.([0-9]+)")
    set(TORCH_ONEDNN_MAJOR "${CMAKE_MATCH_1}")
  endif()
endif()
mark_as_advanced(Torch_ROOT_INCLUDE Torch_LIBRARY_FOLDER Torch_CPU_LIBRARY)
