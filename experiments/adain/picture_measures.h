#pragma once

// What a person sees in a stylised picture, as numbers. Pictures are 8-bit RGB [H,W,3] with sides
// of at least 64 pixels. None of these is trained on; no network is asked.

#include <opencv2/core/mat.hpp>
#include <vector>

namespace epochal::adain {

/// How much of the content's edges are still there: the correlation (Pearson's) of the gradient
/// magnitudes of luminance of the two pictures, blurred by a Gaussian of 1 and of 2 pixels; the
/// mean of the two. 1 where they are the same but for contrast and brightness, about 0 where they
/// have nothing to do with each other or one of them is flat; the range is -1 to 1, higher is
/// better. Both of one size.
double edges_kept(const cv::Mat& content, const cv::Mat& output);

/// The colours of a picture, wherever in it they are: 256 quantiles of its pixels in CIE Lab along
/// each of 64 directions.
using ColourQuantiles = std::vector<std::vector<float>>;
ColourQuantiles colour_quantiles(const cv::Mat& picture);

/// How far the colours are from those of the style, wherever in the picture they are: the sliced
/// Wasserstein-1 distance of the pixels in CIE Lab (Rabin et al. 2011) over 64 directions, each
/// distance taken between 256 quantiles, times two, so that two plain pictures have the distance of
/// their colours (CIE 1976). 0 where the colours are the same, about 2 is just seen, black and
/// white are 100 apart; lower is better. The sizes may differ.
double colour_distance(const ColourQuantiles& style, const ColourQuantiles& output);

/// How much of the detail lies in horizontal and vertical stripes: the energy of the luminance's
/// gradient (power spectrum under a Hann window, times frequency squared) at periods of 2 to 32
/// pixels within 5 degrees of the two axes, over what it would be if each ring of one period had
/// its energy spread evenly over all directions. 1 for a picture without direction, and for a flat
/// one; 9 and more for one of nothing but stripes; pictures of houses have 2 to 4.
double stripes(const cv::Mat& picture);

/// How much of the detail repeats every 2, 4 or 8 pixels, as the upsampling of a decoder leaves it:
/// the share of the energy of the luminance's gradient (as in stripes(), periods up to 32 pixels)
/// that stands out of its surroundings in the spectrum where both frequencies are multiples of one
/// in eight pixels. 0 for none, 1 for a picture of nothing else.
double checkerboard(const cv::Mat& picture);

}  // namespace epochal::adain
