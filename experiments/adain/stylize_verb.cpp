// `epochal adain stylize`: each content in each look, with one load of the networks. What cannot be
// read is named and left out.

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include "experiments/adain/chosen_networks.h"
#include "experiments/adain/picture_options.h"
#include "experiments/adain/picture_sheet.h"
#include "experiments/adain/spatial_masks.h"
#include "experiments/adain/status_line.h"
#include "experiments/adain/stylize_request.h"
#include "experiments/adain/tiled_networks.h"
#include "experiments/adain/verbs.h"
#include "experiments/torch/images/picture_file.h"
#include "framework/base/error.h"
#include "framework/base/message.h"

namespace epochal::adain {
namespace {

constexpr SideLimits kStylizeSides{8, 16000};

/// Makes the pictures of a request, one after the other.
class Stylizer {
 public:
  Stylizer(StylizeRequest request, const ChosenNetworks& networks)
      : request_(std::move(request)),
        networks_(networks.encoder, networks.decoder, networks.device),
        status_("painting", request_.pictures.size()) {
    if (!request_.sheet) return;
    const std::size_t columns = request_.looks.size() * request_.alphas.size();
    const int cell = handy_cell(request_.contents.size(), columns);
    sheet_.emplace(request_.contents.size(), columns, cell);
  }

  /// The exit code.
  int run() {
    for (std::size_t content = 0; content < request_.contents.size(); ++content) {
      leaving_out([&] { paint_content(content); });
    }
    status_.clear();
    if (sheet_ && made_ > 0) {
      write_picture(*request_.sheet, sheet_->rgb());
      std::cout << request_.sheet->string() << '\n';
    }
    const std::size_t missing = request_.pictures.size() - made_;
    if (missing == 0) return 0;
    print_message("epochal: {} of {} pictures were not made\n", missing, request_.pictures.size());
    return 1;
  }

 private:
  /// A content image while its pictures are made.
  struct Content {
    cv::Size size;
    ColourStatistics colours;
    torch::Tensor features;
    ChannelStats stats;
    std::map<std::size_t, ChannelStats> recoloured;  ///< of styles in this image's colours
  };

  /// Says what is wrong with an image and goes on, unless nothing else was asked for.
  template <typename Work>
  void leaving_out(const Work& work) {
    try {
      work();
    } catch (const Error& error) {
      status_.clear();
      if (request_.pictures.size() == 1 || !is_about_input(error)) throw;
      if (said_.insert(error.what()).second) {
        print_message("epochal: left out: {}\n", error.what());
      }
    }
  }

  bool is_about_input(const Error& error) const {
    const auto is_named = [&](const std::vector<std::filesystem::path>& files) {
      return std::find(files.begin(), files.end(), error.where()) != files.end();
    };
    return is_named(request_.contents) || is_named(request_.styles);
  }

  void paint_content(std::size_t number) {
    const std::size_t pictures = request_.looks.size() * request_.alphas.size();
    status_.show(number * pictures + 1);
    const cv::Mat rgb = read_scaled(request_.contents[number], request_.size, kStylizeSides);
    if (sheet_) sheet_->place(rgb, {number + 1, 0});
    Content content;
    content.size = rgb.size();
    if (request_.preserves_color) content.colours = colour_statistics(rgb);
    content.features = networks_.encode(padded_for_networks(rgb));
    content.stats = channel_stats(content.features);
    for (std::size_t look = 0; look < request_.looks.size(); ++look) {
      leaving_out([&] { paint_look(number, content, look); });
    }
  }

  void paint_look(std::size_t number, Content& content, std::size_t look) {
    const FeatureMaps maps = maps_of(content, request_.looks[look]);
    const std::size_t alphas = request_.alphas.size();
    for (std::size_t alpha = 0; alpha < alphas; ++alpha) {
      const std::size_t column = look * alphas + alpha;
      const std::size_t index = number * request_.looks.size() * alphas + column;
      const PictureToMake& picture = request_.pictures[index];
      status_.show(index + 1);
      const cv::Mat whole =
          networks_.decode(content.features, with_strength(maps, request_.alphas[alpha]));
      const cv::Mat rgb = whole(cv::Rect(cv::Point(0, 0), content.size));
      if (sheet_) sheet_->place(rgb, {number + 1, column + 1});
      if (!picture.file.empty()) {
        write_picture(picture.file, rgb);
        status_.clear();
        std::cout << picture.file.string() << std::endl;
      }
      ++made_;
    }
  }

  FeatureMaps maps_of(Content& content, const Look& look) {
    std::vector<ChannelStats> styles;
    for (const std::size_t style : look.styles) styles.push_back(stats_of(content, style));
    if (request_.masks.empty()) return blended(content.stats, styles, look.weights);
    return masked(content.features, content.stats, styles,
                  mask_shares(request_.masks, content.size, content.features.device()));
  }

  const ChannelStats& stats_of(Content& content, std::size_t style) {
    auto& known = request_.preserves_color ? content.recoloured : stats_;
    const auto found = known.find(style);
    if (found != known.end()) return found->second;
    return known[style] = encode_style(style, content);
  }

  /// Statistics of a style, in the colours of the content image if they are preserved.
  ChannelStats encode_style(std::size_t style, const Content& content) {
    const cv::Mat rgb = read_scaled(request_.styles[style], request_.size, kStylizeSides);
    place_style(style, rgb);
    std::optional<ColourMap> colours;
    if (request_.preserves_color) {
      colours = colour_match(colour_statistics(rgb), content.colours);
    }
    return channel_stats(networks_.encode(padded_for_networks(rgb), colours));
  }

  /// Heads the columns of the looks that the style is part of.
  void place_style(std::size_t style, const cv::Mat& rgb) {
    if (!sheet_) return;
    const std::size_t alphas = request_.alphas.size();
    for (std::size_t look = 0; look < request_.looks.size(); ++look) {
      const std::vector<std::size_t>& styles = request_.looks[look].styles;
      const auto found = std::find(styles.begin(), styles.end(), style);
      if (found == styles.end()) continue;
      const auto part = static_cast<std::size_t>(found - styles.begin());
      for (std::size_t alpha = 0; alpha < alphas; ++alpha) {
        sheet_->place(rgb, {0, look * alphas + alpha + 1, part, styles.size()});
      }
    }
  }

  StylizeRequest request_;
  TiledNetworks networks_;
  StatusLine status_;
  std::map<std::size_t, ChannelStats> stats_;  ///< of styles in their own colours
  std::optional<PictureSheet> sheet_;
  std::set<std::string> said_;
  std::size_t made_ = 0;
};

constexpr char kUsage[] = "adain stylize --content PHOTO --style PAINTING -o OUT [options]";

constexpr char kAbout[] = R"(
Paints photographs in the style of paintings. Right after set-up, with nothing
trained or fetched:

  epochal adain stylize --content photo.jpg --style painting.jpg -o out.png

With a run of your own, or a folder of each and a sheet of all pairs:

  epochal adain stylize --run f817ab --content photo.jpg --style painting.jpg -o out.png
  epochal adain stylize --content photos --style paintings -o made --sheet all.jpg

Several strengths, a blend of two styles, and each style in its part:

  epochal adain stylize --content a.jpg --style b.jpg --alpha 0.3,0.6,1 -o made
  epochal adain stylize --content a.jpg --style b.jpg --style c.jpg --weights 1,2 -o out.png
  epochal adain stylize --content a.jpg --style b.jpg --style c.jpg --mask m.png -o out.png

Images that cannot be read are named and left out; the exit code is then 1.
)";

}  // namespace

int stylize_verb(const std::vector<std::string>& arguments, const Verb::FindRun& find_run) {
  VerbOptions options(kUsage, kAbout);
  add_request_options(options);
  add_network_options(options);
  if (!options.parse(arguments)) return 0;
  return naming_size([&] {
    StylizeRequest request = stylize_request(options);
    return Stylizer(std::move(request), load_networks(options, find_run)).run();
  });
}

}  // namespace epochal::adain
