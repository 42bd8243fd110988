# The files of the page of `epochal ui`, and dygraphs, which draws its curves, as texts in the program.
file(GLOB page_sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/ui/page/*.*")
# One script in place of over forty saves a browser as many requests. Without esbuild the modules are served as they are.
find_program(EPOCHAL_ESBUILD esbuild DOC "esbuild, which makes one script of the modules of the page of `epochal ui`")
if(EPOCHAL_ESBUILD)
  set(page_modules "${page_sources}")
  list(FILTER page_modules INCLUDE REGEX "\\.js$")
  list(FILTER page_sources EXCLUDE REGEX "\\.js$")
  set(page_script "${CMAKE_CURRENT_BINARY_DIR}/main.js")
  add_custom_command(
    OUTPUT "${page_script}"
    COMMAND "${EPOCHAL_ESBUILD}" "${CMAKE_CURRENT_SOURCE_DIR}/ui/page/main.js" --bundle --format=esm --minify
            --target=es2022 --charset=utf8 --log-level=warning "--outfile=${page_script}"
    DEPENDS ${page_modules}
    VERBATIM)
  list(APPEND page_sources "${page_script}")
else()
  message(STATUS "esbuild is missing: the page of `epochal ui` is served as many small files, and opens later")
endif()
list(APPEND page_sources "${EPOCHAL_DYGRAPHS_DIR}/dygraph.min.js" "${EPOCHAL_DYGRAPHS_DIR}/dygraph.min.css")

set(page_media_html "text/html; charset=utf-8")
set(page_media_css "text/css; charset=utf-8")
set(page_media_js "text/javascript; charset=utf-8")
set(page_includes "")
set(page_entries "")
foreach(file IN LISTS page_sources)
  get_filename_component(name "${file}" NAME)
  get_filename_component(ending "${file}" LAST_EXT)
  string(SUBSTRING "${ending}" 1 -1 ending)
  string(MAKE_C_IDENTIFIER "page_${name}" identifier)
  epochal_embed_text(epochal_app ${identifier} "${file}")
  list(APPEND page_headers "${CMAKE_CURRENT_BINARY_DIR}/embedded/${identifier}.h")
  string(APPEND page_includes "#include \"${identifier}.h\"\n")
  string(APPEND page_entries "      {\"${name}\", \"${page_media_${ending}}\", embedded::${identifier}},\n")
endforeach()
configure_file(ui/page_files.cpp.in page_files.cpp @ONLY)
target_sources(epochal_app PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/page_files.cpp")
# Alone, so that a change to the page compiles nothing else again.
set_source_files_properties("${CMAKE_CURRENT_BINARY_DIR}/page_files.cpp" PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
add_custom_target(page_headers DEPENDS ${page_headers})
add_dependencies(generated_headers page_headers)
