// Edges, colours and spectra of pictures through OpenCV.

#include "experiments/adain/picture_measures.h"

#include <algorithm>
#include <array>
#include <boost/sort/spreadsort/float_sort.hpp>
#include <cassert>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace epochal::adain {
namespace {

/// Of the two axes, in degrees.
constexpr double kCone = 5;
/// Longest period in pixels that counts as detail.
constexpr double kLongestPeriod = 32;
/// The decoder doubles the size three times.
constexpr int kUpsampling = 8;

/// float [H,W] in [0,1].
cv::Mat luminance(const cv::Mat& rgb) {
  cv::Mat grey;
  cv::cvtColor(rgb, grey, cv::COLOR_RGB2GRAY);
  grey.convertTo(grey, CV_32F, 1.0 / 255);
  return grey;
}

cv::Mat gradient_magnitude(const cv::Mat& grey, double blur) {
  cv::Mat smooth;
  cv::GaussianBlur(grey, smooth, {}, blur);
  cv::Mat across;
  cv::Mat down;
  cv::Sobel(smooth, across, CV_32F, 1, 0);
  cv::Sobel(smooth, down, CV_32F, 0, 1);
  cv::Mat magnitude;
  cv::magnitude(across, down, magnitude);
  return magnitude;
}

double correlation(const cv::Mat& a, const cv::Mat& b) {
  const cv::Mat from_mean_a = a - cv::mean(a);
  const cv::Mat from_mean_b = b - cv::mean(b);
  const double scale = std::sqrt(from_mean_a.dot(from_mean_a) * from_mean_b.dot(from_mean_b));
  constexpr double kFlat = 1e-6;
  return scale > kFlat ? from_mean_a.dot(from_mean_b) / scale : 0;
}

/// Directions of three dimensions spread evenly over half a sphere (Fibonacci's lattice): the other
/// half gives the same distances.
std::vector<cv::Vec3f> directions() {
  constexpr int kDirections = 64;
  std::vector<cv::Vec3f> spread;
  for (int i = 0; i < kDirections; ++i) {
    const double height = (i + 0.5) / kDirections;
    const double turn = 2 * std::numbers::pi * i / std::numbers::phi;
    const double radius = std::sqrt(1 - height * height);
    spread.emplace_back(radius * std::cos(turn), radius * std::sin(turn), height);
  }
  return spread;
}

/// The pixels in CIE Lab, one a row: float [H*W,3].
cv::Mat lab_pixels(const cv::Mat& rgb) {
  cv::Mat lab;
  rgb.convertTo(lab, CV_32F, 1.0 / 255);
  cv::cvtColor(lab, lab, cv::COLOR_RGB2Lab);
  return lab.reshape(1, lab.rows * lab.cols);
}

/// Quantiles of the pixels' places along a direction.
std::vector<float> quantiles(const cv::Mat& pixels, const cv::Vec3f& direction) {
  std::vector<float> places(static_cast<std::size_t>(pixels.rows));
  for (int i = 0; i < pixels.rows; ++i) {
    places[static_cast<std::size_t>(i)] = pixels.at<cv::Vec3f>(i, 0).dot(direction);
  }
  boost::sort::spreadsort::float_sort(places.begin(), places.end());
  constexpr std::size_t kQuantiles = 256;
  std::vector<float> taken;
  for (std::size_t i = 0; i < kQuantiles; ++i) {
    taken.push_back(places[(2 * i + 1) * places.size() / (2 * kQuantiles)]);
  }
  return taken;
}

/// Energy of the luminance's gradient by frequency.
class DetailSpectrum {
 public:
  explicit DetailSpectrum(const cv::Mat& picture) {
    // Cut so that periods of 2, 4 and 8 pixels fall on lines of the spectrum.
    const cv::Mat grey = luminance(picture(cv::Rect(0, 0, picture.cols / kUpsampling * kUpsampling,
                                                    picture.rows / kUpsampling * kUpsampling)));
    cv::Mat window;
    cv::createHanningWindow(window, grey.size(), CV_32F);
    // The mean under the window, so that none of it leaks into low frequencies.
    const double mean = grey.dot(window) / cv::sum(window)[0];
    cv::Mat spectrum;
    cv::dft((grey - mean).mul(window), spectrum, cv::DFT_COMPLEX_OUTPUT);
    energy_.create(grey.size(), CV_64F);
    for (int y = 0; y < energy_.rows; ++y) {
      for (int x = 0; x < energy_.cols; ++x) {
        const auto value = spectrum.at<cv::Vec2f>(y, x);
        const double frequency = this->frequency(y, x);
        energy_.at<double>(y, x) =
            frequency < 1 / kLongestPeriod ? 0 : value.ddot(value) * frequency * frequency;
      }
    }
  }

  int rows() const { return energy_.rows; }
  int columns() const { return energy_.cols; }

  /// Rows and columns go round.
  double at(int y, int x) const {
    return energy_.at<double>((y + rows()) % rows(), (x + columns()) % columns());
  }

  double total() const { return cv::sum(energy_)[0]; }

  /// Cycles a pixel, downwards and to the right: from -1/2 to 1/2.
  double down(int y) const { return signed_share(y, rows()); }
  double across(int x) const { return signed_share(x, columns()); }
  double frequency(int y, int x) const { return std::hypot(down(y), across(x)); }

 private:
  static double signed_share(int index, int size) {
    return static_cast<double>(index > size / 2 ? index - size : index) / size;
  }

  cv::Mat energy_;  ///< double [H,W], 0 where the period is too long
};

bool is_in_cone(double down, double across) {
  const double low = std::min(std::abs(down), std::abs(across));
  const double high = std::max(std::abs(down), std::abs(across));
  return low <= high * std::tan(kCone * std::numbers::pi / 180);
}

class MeanOf {
 public:
  void add(double value) {
    sum_ += value;
    ++count_;
  }
  double mean() const { return count_ == 0 ? 0 : sum_ / count_; }

 private:
  double sum_ = 0;
  int count_ = 0;
};

constexpr int kLineReach = 1;
constexpr int kNearest = 4;
constexpr int kFarthest = 6;

/// By how much the mean of the energy where a pattern of 8 pixels has one of its lines is above
/// that around it. The window spreads a line over its neighbours; its surroundings begin behind
/// them.
double peak_at(const DetailSpectrum& spectrum, int y, int x) {
  MeanOf height;
  MeanOf around;
  for (int dy = -kFarthest; dy <= kFarthest; ++dy) {
    for (int dx = -kFarthest; dx <= kFarthest; ++dx) {
      const int distance = std::max(std::abs(dy), std::abs(dx));
      // On an axis are the edges of houses: only the same axis compares with it.
      const bool is_comparable =
          (y != 0 || std::abs(dy) <= kLineReach) && (x != 0 || std::abs(dx) <= kLineReach);
      if (distance <= kLineReach) height.add(spectrum.at(y + dy, x + dx));
      if (distance >= kNearest && is_comparable) around.add(spectrum.at(y + dy, x + dx));
    }
  }
  return height.mean() - around.mean();
}

}  // namespace

double edges_kept(const cv::Mat& content, const cv::Mat& output) {
  assert(content.size() == output.size());
  const cv::Mat before = luminance(content);
  const cv::Mat after = luminance(output);
  constexpr std::array<double, 2> kBlurs{1, 2};
  double sum = 0;
  for (const double blur : kBlurs) {
    sum += correlation(gradient_magnitude(before, blur), gradient_magnitude(after, blur));
  }
  return sum / kBlurs.size();
}

ColourQuantiles colour_quantiles(const cv::Mat& picture) {
  const cv::Mat pixels = lab_pixels(picture);
  ColourQuantiles found;
  for (const cv::Vec3f& direction : directions()) found.push_back(quantiles(pixels, direction));
  return found;
}

double colour_distance(const ColourQuantiles& style, const ColourQuantiles& output) {
  MeanOf distance;
  for (std::size_t direction = 0; direction < style.size(); ++direction) {
    for (std::size_t i = 0; i < style[direction].size(); ++i) {
      distance.add(std::abs(style[direction][i] - output[direction][i]));
    }
  }
  // A direction sees half of a distance, in the mean over all of them.
  return 2 * distance.mean();
}

double stripes(const cv::Mat& picture) {
  const DetailSpectrum spectrum(picture);
  const int size = std::max(spectrum.rows(), spectrum.columns());
  const auto ring_of = [&](int y, int x) {
    return static_cast<std::size_t>(std::lround(spectrum.frequency(y, x) * size));
  };
  std::vector<MeanOf> rings(static_cast<std::size_t>(size) + 1);
  for (int y = 0; y < spectrum.rows(); ++y) {
    for (int x = 0; x < spectrum.columns(); ++x) rings[ring_of(y, x)].add(spectrum.at(y, x));
  }
  double found = 0;
  double even = 0;
  constexpr double kShortestPeriod = 2;
  for (int y = 0; y < spectrum.rows(); ++y) {
    for (int x = 0; x < spectrum.columns(); ++x) {
      const double frequency = spectrum.frequency(y, x);
      if (frequency < 1 / kLongestPeriod || frequency > 1 / kShortestPeriod) continue;
      if (!is_in_cone(spectrum.down(y), spectrum.across(x))) continue;
      found += spectrum.at(y, x);
      even += rings[ring_of(y, x)].mean();
    }
  }
  constexpr double kFlat = 1e-9;
  return even > kFlat ? found / even : 1;
}

double checkerboard(const cv::Mat& picture) {
  const DetailSpectrum spectrum(picture);
  constexpr double kFlat = 1e-9;
  const double total = spectrum.total();
  if (total <= kFlat) return 0;
  constexpr int kBins = (2 * kLineReach + 1) * (2 * kLineReach + 1);
  double excess = 0;
  for (int i = 0; i < kUpsampling; ++i) {
    for (int j = 0; j < kUpsampling; ++j) {
      if (i == 0 && j == 0) continue;
      excess += kBins * peak_at(spectrum, i * spectrum.rows() / kUpsampling,
                                j * spectrum.columns() / kUpsampling);
    }
  }
  return std::clamp(excess / total, 0.0, 1.0);
}

}  // namespace epochal::adain
