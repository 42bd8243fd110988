#pragma once

#include <cstddef>
#include <kainjow/mustache.hpp>
#include <string_view>

#include "framework/base/content.h"

namespace epochal {

/// What a page shows of a sample itself.
struct SamplePreview {
  kainjow::mustache::object fields;  ///< of templates/sample.html.mustache
  std::size_t bytes = 0;             ///< that it takes of the page, about; 0 if it shows nothing
};

/// Shows a picture, plays sound, draws a histogram, and shows the first lines of a text and the
/// first rows of a table. What a browser cannot show, or what takes more than `room` bytes, is not
/// shown. Nothing of the sample becomes markup.
SamplePreview preview_of(std::string_view bytes, const Content& content, std::size_t room);

}  // namespace epochal
