// The kernels between convolutions, of every width that this processor has, against LibTorch.

#include "experiments/torch/convolution/plane_kernels.h"

#include <gtest/gtest.h>

#include "experiments/torch/torch_headers.h"

namespace epochal {
namespace {

namespace F = torch::nn::functional;

struct Case {
  int lanes;
  Precision precision;
  Resampling resampling;
  Extent extent;
  int beside;  ///< planes that lie among this one's pixels, channels being last
};

class PlaneKernelsTest : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    const int has_it = GetParam().lanes == 16 ? __builtin_cpu_supports("avx512dq")
                                              : __builtin_cpu_supports("avx2");
    if (has_it == 0) GTEST_SKIP() << "this processor has no such vectors";
    kernels_ = GetParam().lanes == 16 ? avx512_plane_kernels(GetParam().precision)
                                      : avx2_plane_kernels(GetParam().precision);
    torch::manual_seed(1);
  }

  bool is_narrow() const { return GetParam().precision == Precision::bfloat16; }
  double tolerance() const { return is_narrow() ? 0.02 : 1e-5; }
  torch::Dtype type() const { return is_narrow() ? torch::kBFloat16 : torch::kFloat32; }

  int stride() const { return GetParam().lanes * (1 + GetParam().beside); }

  /// [1,lanes,H,W] as a plane and back: the last of those that lie among each other.
  torch::Tensor to_plane(const torch::Tensor& values) const {
    torch::Tensor plane = empty_plane(values.size(2), values.size(3));
    plane.copy_(values[0].permute({1, 2, 0}));
    return plane;
  }
  static torch::Tensor from_plane(const torch::Tensor& plane) {
    return plane.to(torch::kFloat32).permute({2, 0, 1}).unsqueeze(0).contiguous();
  }

  torch::Tensor empty_plane(std::int64_t height, std::int64_t width) const {
    all_.push_back(torch::full({height, width, stride()}, kOthers, type()));
    return all_.back().narrow(2, stride() - GetParam().lanes, GetParam().lanes);
  }

  void TearDown() override {
    for (const torch::Tensor& all : all_) {
      const torch::Tensor others = all.narrow(2, 0, stride() - GetParam().lanes);
      EXPECT_TRUE(others.eq(kOthers).all().item<bool>()) << "other planes stay as they are";
    }
  }

  PlaneView view_of(const torch::Tensor& plane) const {
    return {plane.data_ptr(), GetParam().extent, stride(), 1, true};
  }

  /// What a convolution gives, as far as the precision has it.
  torch::Tensor convolved() const {
    const auto [height, width] = GetParam().extent;
    return torch::randn({1, GetParam().lanes, height, width}).to(type()).to(torch::kFloat32);
  }

  torch::Tensor resampled_and_padded(const torch::Tensor& values) const {
    torch::Tensor inner = values;
    if (GetParam().resampling == Resampling::halve) {
      inner = F::max_pool2d(values, F::MaxPool2dFuncOptions(2).stride(2).ceil_mode(true));
    } else if (GetParam().resampling == Resampling::twice) {
      inner = F::interpolate(values, F::InterpolateFuncOptions()
                                         .scale_factor(std::vector<double>{2, 2})
                                         .mode(torch::kNearest));
    }
    return F::pad(inner, F::PadFuncOptions({1, 1, 1, 1}).mode(torch::kReflect));
  }

  static constexpr double kOthers = 7;

  PlaneKernels kernels_{};
  mutable std::vector<torch::Tensor> all_;  ///< planes with those beside them
};

TEST_P(PlaneKernelsTest, PadAsLibTorchDoes) {
  const torch::Tensor values = convolved();
  const torch::Tensor expected = resampled_and_padded(values.relu());
  const torch::Tensor plane = to_plane(values);
  torch::Tensor padded = empty_plane(expected.size(2), expected.size(3));
  kernels_.pad(view_of(plane), GetParam().resampling, padded.data_ptr());
  EXPECT_TRUE(torch::equal(from_plane(padded), expected));
}

TEST_P(PlaneKernelsTest, UnpadIsItsDerivative) {
  const torch::Tensor before = convolved().set_requires_grad(true);
  const torch::Tensor values = before.relu();
  const torch::Tensor padded = resampled_and_padded(values);
  const torch::Tensor gradient = torch::randn_like(padded).to(type()).to(torch::kFloat32);
  const torch::Tensor offset = torch::randn({GetParam().lanes});
  const torch::Tensor factor = torch::randn({GetParam().lanes});
  const auto by_channel = [](const torch::Tensor& of) { return of.view({1, -1, 1, 1}); };
  const torch::Tensor loss = (padded * gradient).sum() + (by_channel(offset) * values).sum() +
                             (by_channel(factor) * values * values / 2).sum();
  loss.backward();

  torch::Tensor padded_gradient = to_plane(gradient);
  const torch::Tensor plane = to_plane(before.detach());
  torch::Tensor found = empty_plane(GetParam().extent.height, GetParam().extent.width);
  kernels_.unpad(padded_gradient.data_ptr(), GetParam().resampling, view_of(plane),
                 {offset.data_ptr<float>(), factor.data_ptr<float>()}, found.data_ptr());
  EXPECT_TRUE(torch::allclose(from_plane(found), before.grad(), tolerance(), tolerance()))
      << (from_plane(found) - before.grad()).abs().max();
}

TEST_P(PlaneKernelsTest, MomentsDoNotCancel) {
  // A deviation a thousand times smaller than the mean.
  const torch::Tensor values = is_narrow() ? convolved().relu() : convolved() * 1e-3 + 1;
  const auto [variance, mean] =
      torch::var_mean(values.to(torch::kFloat64).flatten(2), /*dim=*/2, /*unbiased=*/false);
  const torch::Tensor plane = to_plane(values);
  std::vector<double> means(static_cast<std::size_t>(GetParam().lanes));
  std::vector<double> squares(means.size());
  kernels_.moments(view_of(plane), means.data(), squares.data());
  const double pixels = static_cast<double>(values.size(2) * values.size(3));
  for (int lane = 0; lane < GetParam().lanes; ++lane) {
    const auto at = static_cast<std::size_t>(lane);
    EXPECT_NEAR(means[at], mean[0][lane].item<double>(), 1e-6);
    const double expected = variance[0][lane].item<double>() * pixels;
    EXPECT_NEAR(squares[at], expected, 1e-4 * expected + 1e-9);
  }
}

TEST_P(PlaneKernelsTest, DistancesAndTheirGradient) {
  const torch::Tensor before = convolved();
  const torch::Tensor a = before.relu();
  const torch::Tensor b = convolved();
  const torch::Tensor plane_a = to_plane(before);
  const torch::Tensor plane_b = to_plane(b);
  const double expected = (a - b).square().sum().item<double>();
  EXPECT_NEAR(kernels_.squared_distance(view_of(plane_a), plane_b.data_ptr()), expected,
              1e-4 * expected);

  torch::Tensor found = empty_plane(a.size(2), a.size(3));
  kernels_.distance_gradient(view_of(plane_a), plane_b.data_ptr(), 0.5F, {}, found.data_ptr());
  EXPECT_TRUE(
      torch::allclose(from_plane(found), 0.5 * (a - b) * (a > 0), tolerance(), tolerance()));
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const int lanes : {8, 16}) {
    for (const Precision precision : {Precision::float32, Precision::bfloat16}) {
      all.push_back({lanes, precision, Resampling::none, {7, 6}, 0});
      all.push_back({lanes, precision, Resampling::halve, {9, 13}, 0});
      all.push_back({lanes, precision, Resampling::twice, {4, 5}, 0});
      all.push_back({lanes, precision, Resampling::none, {7, 6}, 2});
      all.push_back({lanes, precision, Resampling::halve, {9, 13}, 2});
      all.push_back({lanes, precision, Resampling::twice, {4, 5}, 2});
    }
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, PlaneKernelsTest, testing::ValuesIn(cases()));

TEST(PlaneKernels, PlanesSideBySideAreWorkedOnAsEachAlone) {
  if (__builtin_cpu_supports("avx2") == 0) GTEST_SKIP() << "this processor has no such vectors";
  constexpr int kLanes = 8;
  constexpr int kPlanes = 3;
  constexpr int kStride = kLanes * kPlanes;
  constexpr Extent kExtent{5, 6};
  const PlaneKernels kernels = avx2_plane_kernels(Precision::bfloat16);
  const auto random = [](std::int64_t height, std::int64_t width) {
    return torch::randn({height, width, kStride}).to(torch::kBFloat16);
  };
  const auto bits_of = [](const torch::Tensor& values) { return values.view(torch::kInt16); };
  torch::manual_seed(2);
  const torch::Tensor values = random(5, 6);
  const torch::Tensor target = random(5, 6);
  const torch::Tensor padded_gradient = random(5, 5);
  const torch::Tensor offset = torch::randn({kStride});
  const torch::Tensor factor = torch::randn({kStride});

  struct Results {
    torch::Tensor padded = torch::zeros({5, 5, kStride}, torch::kBFloat16);
    torch::Tensor unpadded = torch::zeros({5, 6, kStride}, torch::kBFloat16);
    torch::Tensor scaled = torch::zeros({5, 6, kStride}, torch::kBFloat16);
    torch::Tensor distance_gradient = torch::zeros({5, 6, kStride}, torch::kBFloat16);
    std::vector<double> mean = std::vector<double>(kStride);
    std::vector<double> squares = std::vector<double>(kStride);
    double distance = 0;
  };
  const auto work = [&](int first, int planes, Results& results) {
    const std::int64_t channel = std::int64_t{first} * kLanes;
    const auto at = [&](const torch::Tensor& tensor) {
      return static_cast<std::uint16_t*>(tensor.data_ptr()) + channel;
    };
    const PlaneView view{at(values), kExtent, kStride, planes, true};
    const PlaneTerms terms{offset.data_ptr<float>() + channel, factor.data_ptr<float>() + channel};
    torch::Tensor used_up = padded_gradient.clone();
    kernels.pad(view, Resampling::halve, at(results.padded));
    kernels.unpad(at(used_up), Resampling::halve, view, terms, at(results.unpadded));
    kernels.scale(view, terms, at(results.scaled));
    kernels.distance_gradient(view, at(target), 0.5F, terms, at(results.distance_gradient));
    kernels.moments(view, &results.mean[static_cast<std::size_t>(channel)],
                    &results.squares[static_cast<std::size_t>(channel)]);
    results.distance += kernels.squared_distance(view, at(target));
  };
  Results together;
  work(0, kPlanes, together);
  Results alone;
  for (int plane = 0; plane < kPlanes; ++plane) work(plane, 1, alone);
  EXPECT_TRUE(torch::equal(bits_of(together.padded), bits_of(alone.padded)));
  EXPECT_TRUE(torch::equal(bits_of(together.unpadded), bits_of(alone.unpadded)));
  EXPECT_TRUE(torch::equal(bits_of(together.scaled), bits_of(alone.scaled)));
  EXPECT_TRUE(torch::equal(bits_of(together.distance_gradient), bits_of(alone.distance_gradient)));
  EXPECT_EQ(together.mean, alone.mean);
  EXPECT_EQ(together.squares, alone.squares);
  EXPECT_NEAR(together.distance, alone.distance, 1e-12 * alone.distance);
}

TEST(PlaneKernels, PoolingKeepsWhatIsNoNumber) {
  if (__builtin_cpu_supports("avx2") == 0) GTEST_SKIP() << "this processor has no such vectors";
  for (const Precision precision : {Precision::float32, Precision::bfloat16}) {
    for (const auto& [row, column] : {std::pair{0, 0}, std::pair{0, 1}, std::pair{1, 1}}) {
      torch::Tensor plane = torch::ones(
          {4, 4, 8}, precision == Precision::float32 ? torch::kFloat32 : torch::kBFloat16);
      plane[row][column][3] = std::nanf("");
      torch::Tensor out = torch::zeros({4, 4, 8}, plane.options());
      avx2_plane_kernels(precision).pad({plane.data_ptr(), {4, 4}, 8, 1, true}, Resampling::halve,
                                        out.data_ptr());
      EXPECT_TRUE(out[1][1][3].isnan().item<bool>()) << row << ", " << column;
      EXPECT_FALSE(out[1][1][2].isnan().item<bool>());
    }
  }
}

}  // namespace
}  // namespace epochal
