# The packages: `cpack -G DEB` makes epochal, epochal-adain and libepochal-dev; `cpack -G TXZ` makes
# a tarball, which scripts/portable uses.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME epochal)
set(CPACK_PACKAGE_CONTACT "the epochal authors <epochal@example.org>" CACHE STRING
    "Who answers for a package: Name <address>")
set(CPACK_PACKAGE_HOMEPAGE_URL "" CACHE STRING "Address of the project's page, for the packages")
set(CPACK_STRIP_FILES ON)
set(CPACK_SYSTEM_NAME "linux-${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)

# The portable programs have no shared library that a plugin could be built with.
set(components tracker)
if(NOT EPOCHAL_PORTABLE)
  list(APPEND components dev)
endif()
if(EPOCHAL_WITH_TORCH)
  list(APPEND components adain)
endif()
set(CPACK_COMPONENTS_ALL ${components})

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${CMAKE_LIBRARY_OUTPUT_DIRECTORY}")

set(CPACK_DEBIAN_TRACKER_PACKAGE_NAME epochal)
set(CPACK_DEBIAN_TRACKER_PACKAGE_SECTION science)
set(CPACK_DEBIAN_TRACKER_DESCRIPTION
"runs sweeps of training experiments and keeps every epoch
epochal runs any program as a set of experiments with chosen parameters,
keeps every epoch in SQLite, resumes what was stopped, and writes reports
as one page. It also shows the runs in a browser.")
set(CPACK_DEBIAN_TRACKER_PACKAGE_DEPENDS "gnuplot-nox, fonts-dejavu-core")
set(CPACK_DEBIAN_TRACKER_PACKAGE_SUGGESTS "epochal-adain, python3")

set(CPACK_DEBIAN_ADAIN_PACKAGE_NAME epochal-adain)
set(CPACK_DEBIAN_ADAIN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_ADAIN_DESCRIPTION
"neural style transfer as an experiment of epochal
The experiments adain, which paints a photograph in the style of a painting,
and encoder, which trains the network that adain sees with. They use LibTorch
and come with small trained networks.")
# The version of epochal itself, whose library the plugins were built with.
# LibTorch takes any BLAS. The tests run with OpenBLAS, which scripts/setup installs.
set(CPACK_DEBIAN_ADAIN_PACKAGE_DEPENDS "epochal (= ${PROJECT_VERSION}), libopenblas0-pthread")

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libepochal-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_DESCRIPTION
"headers and CMake package of epochal
What builds an experiment as a plugin of epochal outside of its source tree,
and the header with which a program in C++ tells epochal about its epochs.")
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "epochal (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS
    "cmake, libtorch-dev, libopencv-dev, libzip-dev, libtiff-dev, libdnnl-dev, nlohmann-json3-dev")

# Debian's policy wants a copyright file and a changelog of its own form in each package.
set(package_documents "${PROJECT_BINARY_DIR}/package-documents")
configure_file("${PROJECT_SOURCE_DIR}/LICENSE" "${package_documents}/copyright" COPYONLY)
string(TIMESTAMP package_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE "${package_documents}/changelog"
"epochal (${PROJECT_VERSION}) unstable; urgency=medium

  * What has changed is in /usr/share/doc/epochal/CHANGELOG.md.

 -- ${CPACK_PACKAGE_CONTACT}  ${package_date}
")
execute_process(COMMAND gzip -9nf "${package_documents}/changelog" COMMAND_ERROR_IS_FATAL ANY)
foreach(component ${components})
  string(TOUPPER "${component}" name)
  install(FILES "${package_documents}/copyright" "${package_documents}/changelog.gz"
          DESTINATION "share/doc/${CPACK_DEBIAN_${name}_PACKAGE_NAME}" COMPONENT ${component})
endforeach()

# Licences of the libraries that are part of portable programs; scripts/portable collects them.
set(EPOCHAL_NOTICES "" CACHE PATH "Folder of licences to install with the programs")
if(EPOCHAL_NOTICES)
  install(DIRECTORY "${EPOCHAL_NOTICES}/" DESTINATION share/doc/epochal/licences COMPONENT tracker)
endif()

include(CPack)
