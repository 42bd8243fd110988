# What `cmake --install` and CPack put where.
include(CMakePackageConfigHelpers)

install(TARGETS epochal EXPORT epochalTargets LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(TARGETS epochal_program RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/framework/base" "${PROJECT_SOURCE_DIR}/framework/plugin"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/framework" FILES_MATCHING PATTERN "*.h")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/experiments/sweeps" DESTINATION share/epochal)
if(EPOCHAL_WITH_TORCH)
  install(FILES "${PROJECT_SOURCE_DIR}/assets/encoder-mini.safetensors"
                "${PROJECT_SOURCE_DIR}/assets/decoder-mini.safetensors"
                "${PROJECT_SOURCE_DIR}/assets/decoder-start.safetensors"
          DESTINATION share/epochal/assets)
endif()

set(config_folder "${CMAKE_INSTALL_LIBDIR}/cmake/epochal")
install(EXPORT epochalTargets NAMESPACE epochal:: DESTINATION "${config_folder}")
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/epochalConfig.cmake.in"
                              "${PROJECT_BINARY_DIR}/epochalConfig.cmake"
                              INSTALL_DESTINATION "${config_folder}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/epochalConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/epochalConfig.cmake"
              "${PROJECT_BINARY_DIR}/epochalConfigVersion.cmake"
        DESTINATION "${config_folder}")

# The LibTorch parts for plugins, with what finds the libraries that they need.
if(EPOCHAL_WITH_TORCH)
  set_target_properties(epochal_torch PROPERTIES EXPORT_NAME torch)
  set_target_properties(epochal_images PROPERTIES EXPORT_NAME images)
  install(TARGETS epochal_torch epochal_images EXPORT epochalTorchTargets
          ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  install(EXPORT epochalTorchTargets NAMESPACE epochal:: DESTINATION "${config_folder}")
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/experiments/torch"
          DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/experiments" FILES_MATCHING PATTERN "*.h")
  install(FILES "${PROJECT_SOURCE_DIR}/cmake/FindTorch.cmake"
                "${PROJECT_SOURCE_DIR}/cmake/FindOneDNN.cmake" DESTINATION "${config_folder}")
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME epochal)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Runs sweeps of training experiments and keeps every epoch")
set(CPACK_PACKAGE_CONTACT "the epochal developers")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${CMAKE_LIBRARY_OUTPUT_DIRECTORY}")
set(CPACK_DEBIAN_PACKAGE_DEPENDS "gnuplot-nox, fonts-dejavu-core")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libopenblas0-pthread")
set(CPACK_STRIP_FILES ON)
include(CPack)
