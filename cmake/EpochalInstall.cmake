# What `cmake --install` puts where, and of which package each file is a part: `tracker` is the
# program, `adain` the experiments that need LibTorch, `dev` what builds plugins and clients.
include(CMakePackageConfigHelpers)

install(TARGETS epochal EXPORT epochalTargets
        LIBRARY DESTINATION "${EPOCHAL_INSTALL_LIBRARYDIR}" COMPONENT tracker
        ARCHIVE DESTINATION "${EPOCHAL_INSTALL_LIBRARYDIR}" COMPONENT dev)
install(TARGETS epochal_program RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT tracker)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/docs/" DESTINATION share/doc/epochal COMPONENT tracker
        FILES_MATCHING PATTERN "*.md" PATTERN "study" EXCLUDE PATTERN "images" EXCLUDE)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/examples" DESTINATION share/doc/epochal COMPONENT tracker)
install(FILES "${PROJECT_SOURCE_DIR}/README.md" "${PROJECT_SOURCE_DIR}/CHANGELOG.md" DESTINATION share/doc/epochal COMPONENT tracker)

install(DIRECTORY "${PROJECT_SOURCE_DIR}/framework/base" "${PROJECT_SOURCE_DIR}/framework/plugin"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/framework" COMPONENT dev
        FILES_MATCHING PATTERN "*.h")

set(config_folder "${CMAKE_INSTALL_LIBDIR}/cmake/epochal")
install(EXPORT epochalTargets NAMESPACE epochal:: DESTINATION "${config_folder}" COMPONENT dev)
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/epochalConfig.cmake.in"
                              "${PROJECT_BINARY_DIR}/epochalConfig.cmake"
                              INSTALL_DESTINATION "${config_folder}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/epochalConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/epochalConfig.cmake"
              "${PROJECT_BINARY_DIR}/epochalConfigVersion.cmake"
        DESTINATION "${config_folder}" COMPONENT dev)

# The LibTorch parts for plugins, with what finds the libraries that they need.
if(EPOCHAL_WITH_TORCH)
  install(FILES "${PROJECT_SOURCE_DIR}/assets/encoder-mini.safetensors"
                "${PROJECT_SOURCE_DIR}/assets/decoder-mini.safetensors"
                "${PROJECT_SOURCE_DIR}/assets/decoder-start.safetensors"
          DESTINATION share/epochal/assets COMPONENT adain)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/experiments/sweeps" DESTINATION share/epochal
          COMPONENT adain)
  set_target_properties(epochal_torch PROPERTIES EXPORT_NAME torch)
  set_target_properties(epochal_images PROPERTIES EXPORT_NAME images)
  install(TARGETS epochal_torch epochal_images EXPORT epochalTorchTargets
          ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT dev)
  install(EXPORT epochalTorchTargets NAMESPACE epochal:: DESTINATION "${config_folder}"
          COMPONENT dev)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/experiments/torch"
          DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/experiments" COMPONENT dev
          FILES_MATCHING PATTERN "*.h")
  install(FILES "${PROJECT_SOURCE_DIR}/cmake/FindTorch.cmake"
                "${PROJECT_SOURCE_DIR}/cmake/FindOneDNN.cmake"
          DESTINATION "${config_folder}" COMPONENT dev)
endif()

include(EpochalPackages)
