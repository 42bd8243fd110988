// `epochal adain judge`: a model judged by the pictures that it makes.

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "experiments/adain/chosen_networks.h"
#include "experiments/adain/judge.h"
#include "experiments/adain/picture_options.h"
#include "experiments/adain/sample_grid.h"
#include "experiments/adain/settings.h"
#include "experiments/adain/verbs.h"
#include "experiments/torch/cached_images.h"
#include "experiments/torch/encoder_file.h"
#include "experiments/torch/image_tensor.h"
#include "experiments/torch/named_pictures.h"
#include "experiments/torch/picture_file.h"
#include "framework/plugin/error.h"

namespace epochal::adain {
namespace {

namespace po = boost::program_options;
using nlohmann::ordered_json;

constexpr SideLimits kSides{64, 4096};
constexpr int kLargestSize = 2048;

/// Sides are cut to multiples of 8, which the networks give back unchanged.
cv::Mat loaded(const std::string& name, int side) {
  const cv::Mat picture =
      is_generated_picture(name) ? load_picture(name, side) : read_scaled(name, side, kSides);
  return picture(cv::Rect(0, 0, picture.cols / 8 * 8, picture.rows / 8 * 8)).clone();
}

/// A line that is written over, where anybody looks.
class ProgressLine {
 public:
  explicit ProgressLine(std::size_t total) : total_(total) {}
  ~ProgressLine() {
    if (is_seen_) std::cerr << "\r\x1b[K" << std::flush;
  }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(std::size_t done) const {
    if (is_seen_)
      std::cerr << fmt::format("\rjudging pair {} of {}", done + 1, total_) << std::flush;
  }

 private:
  std::size_t total_;
  bool is_seen_ = isatty(STDERR_FILENO) == 1;
};

/// All that was judged: one judgement and one picture a pair, content by content.
struct Judged {
  std::vector<std::string> contents;
  std::vector<std::string> styles;
  std::vector<Judgement> judgements;
  std::vector<cv::Mat> content_pictures;
  std::vector<cv::Mat> style_pictures;
  std::vector<cv::Mat> outputs;
};

Judged judge_pairs(ChosenNetworks& model, Judge& judge, Judged judged, int side) {
  std::vector<Judge::Exhibit> styles;
  for (const std::string& style : judged.styles)
    styles.push_back(judge.exhibit(loaded(style, side)));
  const ProgressLine progress(judged.contents.size() * styles.size());
  for (const std::string& name : judged.contents) {
    const Judge::Exhibit content = judge.exhibit(loaded(name, side));
    const torch::Tensor content_image = to_tensor(content.picture).to(model.device);
    for (const Judge::Exhibit& style : styles) {
      progress.show(judged.judgements.size());
      const cv::Mat output =
          to_image(stylize(model.encoder, model.decoder, content_image,
                           to_tensor(style.picture).to(model.device), /*alpha=*/1));
      judged.judgements.push_back(judge.judge(content, style, output));
      judged.outputs.push_back(output);
    }
    judged.content_pictures.push_back(content.picture);
  }
  for (const Judge::Exhibit& style : styles) judged.style_pictures.push_back(style.picture);
  return judged;
}

void write_sheet(const std::string& file, const Judged& judged) {
  const auto squares = [](const std::vector<cv::Mat>& pictures) {
    std::vector<cv::Mat> cut;
    for (const cv::Mat& picture : pictures) {
      cut.push_back(centre_crop(picture, std::min(picture.rows, picture.cols)));
    }
    return cut;
  };
  write_picture(file, sample_grid(squares(judged.content_pictures), squares(judged.style_pictures),
                                  squares(judged.outputs)));
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
  std::string name = std::filesystem::path(picture).stem().string();
  if (name.size() <= kWidest) return name;
  // Before a character of UTF-8, not within it.
  std::size_t end = kWidest;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  name.resize(end);
  return name;
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
  if (side >= kSides.smallest && side <= kLargestSize) return side;
  throw Error(fmt::format("--size {} is out of range", side), {},
              fmt::format("give {} to {}", kSides.smallest, kLargestSize));
}

int judge_model(const VerbOptions& options, const Verb::FindRun& find_run) {
  const int side = side_of(options);
  const double gamma = options.number("gamma", 0, 1e6);
  if (options.has("sheet")) check_picture_place(options.text("sheet"));
  Judged judged;
  judged.contents = pictures_of(options, "content");
  judged.styles = pictures_of(options, "style");

  ChosenNetworks model = load_networks(options, find_run);
  Judge judge;
  ordered_json head{{"model", name_of(model, options)}};
  if (options.has("judge")) {
    Encoder network = load_encoder(options.text("judge"));
    network->to(model.device);
    judge = Judge(network, model.device);
    head["judge"] = options.text("judge");
  }
  head["size"] = side;
  head["gamma"] = gamma;
  judged = judge_pairs(model, judge, std::move(judged), side);
  if (options.has("json")) {
    print_json(std::move(head), judged, gamma);
  } else {
    print_table(judged, gamma);
  }
  if (options.has("sheet")) write_sheet(options.text("sheet"), judged);
  return 0;
}

}  // namespace

int judge_verb(const std::vector<std::string>& arguments, const Verb::FindRun& find_run) {
  VerbOptions options(
      "adain judge --content PICTURES --style PICTURES [--judge FILE] [--run RUN | --decoder FILE "
      "--encoder FILE]",
      "Paints every content in every style and says how good the pictures are.\n");
  const auto pictures = [] { return po::value<std::vector<std::string>>()->multitoken(); };
  options.add()("content", pictures(), "content pictures: files, folders, generated:scenes:NUMBER")(
      "style", pictures(), "style pictures: files, folders, generated:paintings:NUMBER")(
      "judge", po::value<std::string>(),
      "weights of the encoder that judges, or mini: not the one that the model was trained with "
      "(default: simple measures alone)")("size", po::value<int>()->default_value(256),
                                          "shorter side of all pictures in pixels")(
      "gamma", po::value<double>()->default_value(1), "total = content + gamma * style")(
      "json", "means and every pair's values as JSON")(
      "sheet", po::value<std::string>(), "also one picture of all, cut to squares: a PNG or JPEG");
  add_network_options(options);
  if (!options.parse(arguments)) return 0;
  return naming_size([&] { return judge_model(options, find_run); });
}

}  // namespace epochal::adain
