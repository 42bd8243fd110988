// From options to a list of pictures with their files, before anything costs time.

#include "experiments/adain/stylize_request.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <numeric>

#include "experiments/adain/output_names.h"
#include "experiments/adain/picture_options.h"
#include "experiments/adain/picture_sheet.h"
#include "experiments/torch/images/image_folder.h"
#include "experiments/torch/images/named_pictures.h"
#include "experiments/torch/images/picture_file.h"
#include "framework/base/error.h"

namespace epochal::adain {
namespace fs = std::filesystem;
namespace po = boost::program_options;
namespace {

/// Numbers with commas between them, as "0,0.5,1".
std::vector<double> numbers_of(const char* option, const std::string& text, const char* example) {
  std::vector<double> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    double number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    const bool is_number = error == std::errc{} && (next == end || *next == ',');
    if (!is_number) {
      throw Error(
          fmt::format("--{} {} is not a list of numbers", option, text.substr(0, 80)), {},
          fmt::format("give one or more, separated by commas, as in --{} {}", option, example));
    }
    numbers.push_back(number);
    if (next == end) return numbers;
    at = next + 1;
  }
}

/// "1 style", "2 styles".
std::string counted(std::size_t count, const char* word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

std::vector<double> alphas_of(const VerbOptions& options) {
  std::vector<double> alphas = numbers_of("alpha", options.text("alpha"), "0.5 or --alpha 0,0.5,1");
  for (const double alpha : alphas) {
    if (alpha >= 0 && alpha <= 1) continue;
    throw Error(fmt::format("--alpha {} is out of range", alpha), {},
                "give values from 0 (the content as the networks redraw it) to 1 (the full style)");
  }
  return alphas;
}

void check_exists(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (!fs::exists(status))
    throw Error("the image cannot be read: " + error.message(), file, "check the path");
}

/// Files and generated pictures as they are, folders as the images in them. `output` holds what was
/// made before.
std::vector<fs::path> images_of(const std::vector<std::string>& names, const fs::path& output) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const std::string& name : names) {
    if (is_generated_picture(name)) {
      check_generated_picture(name);
      files.emplace_back(name);
      continue;
    }
    if (!fs::is_directory(name, error)) {
      check_exists(name);
      files.emplace_back(name);
      continue;
    }
    const std::size_t before = files.size();
    const fs::path folder = name;
    if (!output.empty() && fs::equivalent(folder, output, error)) {
      throw Error("images are read from this folder, so pictures cannot go there", output,
                  "choose another folder with -o");
    }
    for (const fs::path& file : image_files(folder)) {
      bool is_output = false;
      for (fs::path below = file.parent_path(); !below.empty(); below = below.parent_path()) {
        is_output = is_output || (!output.empty() && fs::equivalent(folder / below, output, error));
      }
      if (!is_output) files.push_back(folder / file);
    }
    if (files.size() == before) {
      throw Error("the folder has no images", name, "name a folder with JPEG or PNG files");
    }
  }
  return files;
}

/// Each style alone, or all of them with each list of weights, or all with masks.
std::vector<Look> looks_of(const StylizeRequest& request,
                           const std::vector<std::string>& weight_lists) {
  const std::vector<std::string> labels = labels_of(request.styles);
  std::vector<std::size_t> all(labels.size());
  std::iota(all.begin(), all.end(), 0);
  std::vector<Look> looks;
  if (!request.masks.empty()) {
    return {{fmt::format("{}", fmt::join(labels, "+")), all, {}}};
  }
  if (weight_lists.empty()) {
    for (const std::size_t style : all) looks.push_back({labels[style], {style}, {1.0}});
    return looks;
  }
  for (const std::string& list : weight_lists) {
    Look look{{}, all, numbers_of("weights", list, "1,2")};
    if (look.weights.size() != labels.size()) {
      throw Error(
          fmt::format("--weights {} has {} for {}", list, counted(look.weights.size(), "weight"),
                      counted(labels.size(), "style")),
          {}, "give one weight for each --style, in their order");
    }
    double sum = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const double weight = look.weights[i];
      if (!(weight >= 0 && std::isfinite(weight))) {
        throw Error(fmt::format("--weights {} has a weight below 0", list), {},
                    "give weights of 0 or more");
      }
      sum += weight;
      look.label += fmt::format("{}{}-{}", i > 0 ? "+" : "", labels[i], weight);
    }
    if (!(sum > 0 && std::isfinite(sum))) {
      throw Error(fmt::format("--weights {} do not add up to a number above 0", list), {},
                  "give at least one style a weight");
    }
    for (double& weight : look.weights) weight /= sum;
    looks.push_back(look);
  }
  return looks;
}

void check_masks(const StylizeRequest& request, bool has_weights) {
  if (request.masks.empty()) return;
  if (has_weights) {
    throw Error("--mask and --weights cannot be used together", {}, "leave one of them out");
  }
  if (request.masks.size() + 1 == request.styles.size()) return;
  throw Error(
      fmt::format("there {} {} for {}", request.masks.size() == 1 ? "is" : "are",
                  counted(request.masks.size(), "mask"), counted(request.styles.size(), "style")),
      {}, "give one --mask for two styles, and one more for each further style");
}

/// Throws Error if what is written would replace an image that is read.
void check_inputs_stay(const StylizeRequest& request) {
  std::vector<fs::path> inputs;
  for (const auto* files : {&request.contents, &request.styles, &request.masks}) {
    inputs.insert(inputs.end(), files->begin(), files->end());
  }
  std::vector<fs::path> outputs;
  for (const PictureToMake& picture : request.pictures) outputs.push_back(picture.file);
  if (request.sheet) outputs.push_back(*request.sheet);
  check_not_overwritten(inputs, outputs);
}

std::string extension_for_folders(const VerbOptions& options) {
  if (!options.has("format")) return ".png";
  std::string extension = options.text("format");
  if (!extension.starts_with('.')) extension.insert(0, 1, '.');
  if (has_picture_extension("x" + extension)) return extension;
  throw Error(fmt::format("--format {} is not known", options.text("format").substr(0, 80)), {},
              "give png, jpg, webp or tif");
}

void check_is_folder(const fs::path& output, std::size_t pictures) {
  std::error_code error;
  const bool is_there = fs::exists(output, error);
  if (is_there && fs::is_directory(output, error)) return;
  if (is_there || has_picture_extension(output)) {
    throw Error(fmt::format("there are {} pictures to write, but -o names one file", pictures),
                output, "name a folder");
  }
}

void give_names(StylizeRequest& request, const fs::path& folder, const std::string& extension) {
  const std::vector<std::string> contents = labels_of(request.contents);
  std::vector<std::string> names;
  for (const PictureToMake& picture : request.pictures) {
    names.push_back(contents[picture.content] + "--" + request.looks[picture.look].label);
    if (request.alphas.size() > 1) {
      names.back() += fmt::format("-alpha-{}", request.alphas[picture.alpha]);
    }
  }
  names = distinct_names(names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    request.pictures[i].file = folder / (names[i] + extension);
  }
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error && access(folder.c_str(), W_OK | X_OK) != 0) {
    error = std::error_code(errno, std::generic_category());
  }
  if (!error) return;
  throw Error("pictures cannot be written there: " + error.message(), folder,
              "choose another folder with -o");
}

/// Fills in the files of the pictures.
void choose_files(const VerbOptions& options, StylizeRequest& request) {
  const fs::path output = options.text("output");
  if (output.empty()) throw Error("-o is empty", {}, "name a file or folder");
  const std::string extension = extension_for_folders(options);
  std::error_code error;
  const bool is_folder =
      request.pictures.size() > 1 || !output.has_filename() || fs::is_directory(output, error);
  if (!is_folder) {
    check_picture_place(output);
    if (options.has("format") && !are_same_format(output, "x" + extension)) {
      throw Error("--format contradicts the name's extension", output, "leave --format out");
    }
    request.pictures.front().file = output;
    check_inputs_stay(request);
    return;
  }
  check_is_folder(output, request.pictures.size());
  give_names(request, output, extension);
  check_inputs_stay(request);
  make_folder(output);
}

}  // namespace

void add_request_options(VerbOptions& options) {
  const auto several = [](const char* value_name) {
    return po::value<std::vector<std::string>>()->multitoken()->composing()->value_name(value_name);
  };
  options.begin_group("Pictures");
  options.add()("content", several("PICTURES"),
                "photographs: files, folders, generated:scenes:NUMBER")(
      "style", several("PICTURES"), "paintings: files, folders, generated:paintings:NUMBER")(
      "output,o", po::value<std::string>()->value_name("PATH"),
      "the picture to write (.png, .jpg, .webp, .tif); a folder for several")(
      "format", po::value<std::string>()->value_name("FORMAT"),
      "format of pictures in a folder: png (default), jpg, webp or tif")(
      "sheet", po::value<std::string>()->value_name("FILE"),
      "also write a sheet with all pictures: a row for each content, a column for each style");
  add_size_option(options);
  options.begin_group("Style");
  options.add()("alpha", po::value<std::string>()->default_value("1")->value_name("LIST"),
                "strength from 0 to 1; a list such as 0,0.5,1 makes one picture for each")(
      "weights", several("LIST"),
      "weights for blending the styles in their order, such as 1,2; several lists make several "
      "pictures")(
      "mask", several("FILE"),
      "an image: the first style where it is white, the second where it is black. With three "
      "styles, a second mask divides the black part between the second and the third")(
      "preserve-color", "keep the colours of the content");
}

StylizeRequest stylize_request(const VerbOptions& options) {
  StylizeRequest request;
  request.size = size_of(options);
  request.alphas = alphas_of(options);
  request.preserves_color = options.has("preserve-color");
  for (const char* name : {"content", "style"}) {
    if (!options.has(name)) options.text(name);  // says that it is missing
  }
  if (!options.has("output") && !options.has("sheet")) options.text("output");
  const fs::path output = options.has("output") ? options.text("output") : std::string();
  request.contents = images_of(options.texts("content"), output);
  request.styles = images_of(options.texts("style"), output);
  for (const std::string& mask : options.texts("mask")) {
    check_exists(mask);
    request.masks.emplace_back(mask);
  }
  check_masks(request, options.has("weights"));
  request.looks = looks_of(request, options.texts("weights"));

  for (std::size_t content = 0; content < request.contents.size(); ++content) {
    for (std::size_t look = 0; look < request.looks.size(); ++look) {
      for (std::size_t alpha = 0; alpha < request.alphas.size(); ++alpha) {
        request.pictures.push_back({content, look, alpha, {}});
      }
    }
  }
  if (options.has("sheet")) {
    check_sheet_size(request.contents.size(), request.looks.size() * request.alphas.size());
    request.sheet = options.text("sheet");
  }
  if (options.has("output")) {
    choose_files(options, request);
  } else {
    check_inputs_stay(request);
  }
  // Behind choose_files, which makes the folder that the sheet may lie in.
  if (request.sheet) check_picture_place(*request.sheet);
  for (const PictureToMake& picture : request.pictures) {
    if (!request.sheet || picture.file.empty() || !are_same_file(picture.file, *request.sheet)) {
      continue;
    }
    throw Error("-o and --sheet name the same file", picture.file,
                "choose another for one of them");
  }
  return request;
}

}  // namespace epochal::adain
