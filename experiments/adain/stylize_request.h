#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "experiments/torch/verb_options.h"

namespace epochal::adain {

/// One style, or several together.
struct Look {
  std::string label;
  std::vector<std::size_t> styles;  ///< indices into StylizeRequest::styles
  std::vector<double> weights;      ///< one a style, which add up to 1; empty with masks
};

/// A picture to be made: indices into the parts of a StylizeRequest.
struct PictureToMake {
  std::size_t content;
  std::size_t look;
  std::size_t alpha;
  std::filesystem::path file;  ///< empty where only the sheet is wanted
};

/// What `epochal adain stylize` was asked for, checked as far as that goes without reading images.
struct StylizeRequest {
  std::vector<std::filesystem::path> contents;
  std::vector<std::filesystem::path> styles;
  std::vector<Look> looks;
  std::vector<std::filesystem::path> masks;  ///< one fewer than styles, or none
  std::vector<double> alphas;
  bool preserves_color = false;
  int size = 0;                         ///< shorter side in pixels; 0: as they are
  std::vector<PictureToMake> pictures;  ///< by content, then look, then alpha
  std::optional<std::filesystem::path> sheet;
};

/// Declares the options of a request.
void add_request_options(VerbOptions& options);

/// Reads them; makes the folder of several pictures. Throws Error.
StylizeRequest stylize_request(const VerbOptions& options);

}  // namespace epochal::adain
