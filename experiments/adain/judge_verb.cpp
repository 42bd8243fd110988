// `epochal adain judge`: a model judged by the pictures that it makes.

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "experiments/adain/chosen_networks.h"
#include "experiments/adain/judge.h"
#include "experiments/adain/output_names.h"
#include "experiments/adain/picture_options.h"
#include "experiments/adain/picture_sheet.h"
#include "experiments/adain/settings.h"
#include "experiments/adain/status_line.h"
#include "experiments/adain/verbs.h"
#include "experiments/torch/images/image_tensor.h"
#include "experiments/torch/images/named_pictures.h"
#include "experiments/torch/images/picture_file.h"
#include "experiments/torch/weights/encoder_file.h"
#include "framework/base/error.h"

namespace epochal::adain {
namespace {

namespace po = boost::program_options;
using nlohmann::ordered_json;

constexpr SideLimits kJudgeSides{64, 4096};
constexpr int kLargestJudgedSize = 2048;

/// Sides are cut to multiples of 8, which the networks give back unchanged.
cv::Mat loaded(const std::string& name, int side) {
  const cv::Mat picture = read_scaled(name, side, kJudgeSides);
  return picture(cv::Rect(0, 0, picture.cols / 8 * 8, picture.rows / 8 * 8)).clone();
}

/// All that was judged: one judgement a pair, content by content.
struct Judged {
  std::vector<std::string> contents;
  std::vector<std::string> styles;
  std::vector<Judgement> judgements;
};

/// Judges all pairs; places their pictures on the sheet if there is one.
void judge_pairs(ChosenNetworks& model, Judge& judge, int side, Judged& judged,
                 PictureSheet* sheet) {
  const auto place = [&](const cv::Mat& picture, std::size_t row, std::size_t column) {
    if (sheet != nullptr) sheet->place(picture, {row, column});
  };
  std::vector<Judge::Exhibit> styles;
  for (const std::string& name : judged.styles) {
    styles.push_back(judge.exhibit(loaded(name, side)));
    place(styles.back().picture, 0, styles.size());
  }
  const StatusLine status("judging pair", judged.contents.size() * styles.size());
  for (std::size_t row = 1; row <= judged.contents.size(); ++row) {
    const Judge::Exhibit content = judge.exhibit(loaded(judged.contents[row - 1], side));
    place(content.picture, row, 0);
    const torch::Tensor content_image = to_tensor(content.picture).to(model.device);
    for (std::size_t column = 1; column <= styles.size(); ++column) {
      const Judge::Exhibit& style = styles[column - 1];
      status.show(judged.judgements.size() + 1);
      const cv::Mat output =
          to_finite_image(stylize(model.encoder, model.decoder, content_image,
                                  to_tensor(style.picture).to(model.device), /*alpha=*/1));
      judged.judgements.push_back(judge.judge(content, style, output));
      place(output, row, column);
    }
  }
}

/// The values of one judgement or of a mean, absent where they were not measured.
template <typename Value>
ordered_json json_values(double gamma, const Value& value) {
  ordered_json values = ordered_json::object();
  for (const Measure& measure : measures()) {
    if (const std::optional<double> found = value(measure)) values[measure.name] = *found;
  }
  if (values.contains("content")) {
    values["total"] = values["content"].get<double>() + gamma * values["style"].get<double>();
  }
  return values;
}

/// Content by content, style by style: calls visit(content, style, judgement).
template <typename Visit>
void for_each_pair(const Judged& judged, const Visit& visit) {
  std::size_t pair = 0;
  for (const std::string& content : judged.contents) {
    for (const std::string& style : judged.styles) visit(content, style, judged.judgements[pair++]);
  }
}

void print_json(ordered_json head, const Judged& judged, double gamma) {
  head["mean"] = json_values(
      gamma, [&](const Measure& measure) { return mean_of(measure, judged.judgements); });
  ordered_json pairs = ordered_json::array();
  for_each_pair(judged, [&](const auto& content, const auto& style, const Judgement& judgement) {
    ordered_json pair{{"content_picture", content}, {"style_picture", style}};
    pair.update(json_values(gamma, [&](const Measure& measure) { return measure.of(judgement); }));
    pairs.push_back(std::move(pair));
  });
  head["pairs"] = std::move(pairs);
  // A name need not be UTF-8, but JSON must.
  std::cout << head.dump(2, ' ', /*ensure_ascii=*/false, ordered_json::error_handler_t::replace)
            << '\n';
}

std::string short_name(const std::string& picture) {
  if (is_generated_picture(picture)) return picture.substr(picture.find(':') + 1);
  constexpr std::size_t kWidest = 24;
  return shortened(std::filesystem::path(picture).stem().string(), kWidest);
}

void print_row(const std::string& content, const std::string& style,
               const std::vector<std::string>& cells) {
  std::cout << fmt::format("{:<24}  {:<24}", content, style);
  for (const std::string& cell : cells) std::cout << fmt::format("  {:>12}", cell);
  std::cout << '\n';
}

void print_table(const Judged& judged, double gamma) {
  std::vector<Measure> shown;
  for (const Measure& measure : measures()) {
    if (mean_of(measure, judged.judgements)) shown.push_back(measure);
  }
  const auto cells = [&](const auto& cell) {
    std::vector<std::string> texts;
    for (const Measure& measure : shown) texts.push_back(cell(measure));
    return texts;
  };
  const auto number = [](const std::optional<double>& value) {
    return fmt::format("{:.4g}", *value);
  };
  print_row("content picture", "style picture", cells([](const Measure& m) { return m.name; }));
  for_each_pair(judged, [&](const auto& content, const auto& style, const Judgement& judgement) {
    print_row(short_name(content), short_name(style),
              cells([&](const Measure& measure) { return number(measure.of(judgement)); }));
  });
  print_row("mean", "", cells([&](const Measure& measure) {
              return number(mean_of(measure, judged.judgements));
            }));
  const ordered_json means = json_values(
      gamma, [&](const Measure& measure) { return mean_of(measure, judged.judgements); });
  if (means.contains("total")) {
    std::cout << fmt::format("total {:.4g} = content + {:.4g} * style\n",
                             means["total"].get<double>(), gamma);
  }
  std::cout << '\n';
  for (const Measure& measure : shown) {
    std::cout << fmt::format("{:<12}  {}; {} is better\n", measure.name, measure.meaning,
                             measure.better == Better::lower ? "lower" : "higher");
  }
}

std::vector<std::string> pictures_of(const VerbOptions& options, const char* name) {
  if (!options.has(name)) {
    throw Error(fmt::format("--{} is missing", name), {}, "usage: epochal " + options.usage());
  }
  std::vector<std::string> pictures;
  for (const std::string& word : options.texts(name)) {
    for (std::string& picture : pictures_named(word)) pictures.push_back(std::move(picture));
  }
  return pictures;
}

/// What was judged: a run's decoder or files.
ordered_json name_of(const ChosenNetworks& model, const VerbOptions& options) {
  ordered_json name = ordered_json::object();
  if (model.run) {
    name["run"] = model.run->identity;
    name["epoch"] = model.run->epoch;
  } else {
    name["decoder"] = options.has("decoder") ? options.text("decoder") : "mini";
  }
  if (options.has("encoder")) name["encoder"] = options.text("encoder");
  return name;
}

int side_of(const VerbOptions& options) {
  const int side = options.integer("size");
  if (side >= kJudgeSides.smallest && side <= kLargestJudgedSize) return side;
  throw Error(fmt::format("--size {} is out of range", side), {},
              fmt::format("give {} to {}", kJudgeSides.smallest, kLargestJudgedSize));
}

/// An empty sheet for --sheet, once it is sure that it can be written.
std::optional<PictureSheet> sheet_for(const VerbOptions& options, const Judged& judged) {
  if (!options.has("sheet")) return std::nullopt;
  const std::filesystem::path file = options.text("sheet");
  check_picture_place(file);
  std::vector<std::filesystem::path> inputs(judged.contents.begin(), judged.contents.end());
  inputs.insert(inputs.end(), judged.styles.begin(), judged.styles.end());
  check_not_overwritten(inputs, {file});
  const std::size_t rows = judged.contents.size();
  const std::size_t columns = judged.styles.size();
  check_sheet_size(rows, columns);
  return PictureSheet(rows, columns, handy_cell(rows, columns));
}

int judge_model(const VerbOptions& options, const Verb::FindRun& find_run) {
  const int side = side_of(options);
  const double gamma = options.number("gamma", 0, 1e6);
  Judged judged;
  judged.contents = pictures_of(options, "content");
  judged.styles = pictures_of(options, "style");
  std::optional<PictureSheet> sheet = sheet_for(options, judged);

  ChosenNetworks model = load_networks(options, find_run);
  Judge judge;
  ordered_json head{{"model", name_of(model, options)}};
  if (options.has("judge")) {
    judge = Judge(load_encoder(options.text("judge")), model.device);
    head["judge"] = options.text("judge");
  }
  head["size"] = side;
  head["gamma"] = gamma;
  judge_pairs(model, judge, side, judged, sheet ? &*sheet : nullptr);
  if (options.has("json")) {
    print_json(std::move(head), judged, gamma);
  } else {
    print_table(judged, gamma);
  }
  if (sheet) write_picture(options.text("sheet"), sheet->rgb());
  return 0;
}

}  // namespace

int judge_verb(const std::vector<std::string>& arguments, const Verb::FindRun& find_run) {
  VerbOptions options(
      "adain judge --content PICTURES --style PICTURES [--judge FILE] [--run RUN | --decoder FILE "
      "--encoder FILE]",
      "Paints every content in every style and measures how good the pictures are.\n");
  const auto pictures = [] {
    return po::value<std::vector<std::string>>()->multitoken()->composing()->value_name("PICTURES");
  };
  options.add()("content", pictures(), "content pictures: files, folders, generated:scenes:NUMBER")(
      "style", pictures(), "style pictures: files, folders, generated:paintings:NUMBER")(
      "judge", po::value<std::string>()->value_name("FILE"),
      "weights of the judging encoder, or mini: not the one that the model was trained with "
      "(default: only simple measures)")("size",
                                         po::value<int>()->default_value(256)->value_name("N"),
                                         "shorter side of all pictures in pixels")(
      "gamma", po::value<double>()->default_value(1)->value_name("X"),
      "total = content + gamma * style")("json",
                                         "print means and the values of every pair as JSON")(
      "sheet", po::value<std::string>()->value_name("FILE"),
      "also write a sheet with all pictures: a row for each content, a column for each style");
  add_network_options(options);
  if (!options.parse(arguments)) return 0;
  return naming_size([&] { return judge_model(options, find_run); });
}

}  // namespace epochal::adain
