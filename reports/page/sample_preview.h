#pragma once

#include <cstddef>
#include <kainjow/mustache.hpp>
#include <string_view>

#include "framework/base/content.h"

namespace epochal::report {

/// The preview of a sample in a page.
struct SamplePreview {
  kainjow::mustache::object fields;  ///< of templates/sample.html.mustache
  std::size_t bytes = 0;             ///< approximate size in the page; 0 if nothing is shown
};

/// Shows a picture, plays sound, draws a histogram, and shows the first lines of a text and the
/// first rows of a table. Shows nothing if a browser cannot show it or it takes more than `room`
/// bytes. Nothing in the sample becomes markup.
SamplePreview preview_of(std::string_view bytes, const Content& content, std::size_t room);

}  // namespace epochal::report
