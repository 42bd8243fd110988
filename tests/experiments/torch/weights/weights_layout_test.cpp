// Weights files as PyTorch and others write them (make_weights.py), in every format and layout.

#include "experiments/torch/weights/weights_layout.h"
#include "experiments/torch/weights/encoder_file.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <cstdlib>
#include <memory>

#include "experiments/adain/losses.h"
#include "experiments/adain/settings.h"
#include "experiments/torch/training/training_state.h"
#include "experiments/torch/weights/weights_file.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal::adain {
namespace {

using test::expect_error;

class WeightsFiles : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<test::TemporaryFolder>();
    const std::string command = "/usr/bin/python3 " EPOCHAL_SOURCE_FOLDER
                                "/tests/experiments/adain/make_weights.py " +
                                folder_->path().string();
    made_ = std::system(command.c_str()) == 0;
  }
  static void TearDownTestSuite() { folder_.reset(); }

  void SetUp() override {
    ASSERT_TRUE(made_) << "python3-torch is needed: scripts/setup --for-tests";
  }

  static std::string file(const std::string& name) { return *folder_ / name; }

  /// Activations at the four layers must agree to 1e-5 of their size.
  static void expect_activations(const std::string& weights) {
    Encoder encoder = load_encoder(file(weights));
    EXPECT_EQ(encoder->width_divisor(), 16);
    const torch::NoGradGuard no_grad;
    const Features found =
        encoder->forward(read_safetensors(file("image.safetensors")).at("image"));
    const std::string stem = weights.substr(0, weights.rfind('.'));
    const NamedTensors expected = read_safetensors(file(stem + ".expected.safetensors"));
    for (std::size_t i = 0; i < found.size(); ++i) {
      const torch::Tensor& wanted = expected.at("relu" + std::to_string(i + 1) + "_1");
      ASSERT_EQ(found.at(i).sizes(), wanted.sizes());
      const double error = (found.at(i) - wanted).abs().max().item<double>();
      EXPECT_LT(error, 1e-5 * wanted.abs().max().item<double>()) << weights << ", layer " << i;
    }
  }

  static std::unique_ptr<test::TemporaryFolder> folder_;
  static bool made_;
};

std::unique_ptr<test::TemporaryFolder> WeightsFiles::folder_;
bool WeightsFiles::made_ = false;

TEST_F(WeightsFiles, EveryFormatAndLayoutGivesTheSameActivations) {
  for (const char* name :
       {"zip.pth", "legacy.pth", "zip_half.pth", "legacy_bfloat.pth", "zip_double.pth",
        "zip_strided.pth", "legacy_strided.pth", "prefix.pth", "extra_layers.pth", "nested.pth",
        "parameters.pth", "torchvision.pth", "torchvision_legacy.pth", "safe_plain.safetensors",
        "safe_half.safetensors", "safe_bfloat.safetensors"}) {
    SCOPED_TRACE(name);
    EXPECT_NO_THROW(expect_activations(name));
  }
}

TEST_F(WeightsFiles, NothingInAFileIsExecuted) {
  for (const char* name : {"refused_command.pth", "refused_command_legacy.pth"}) {
    expect_error("system', which no state_dict needs", [&] { read_weights(file(name)); });
  }
  EXPECT_FALSE(std::filesystem::exists(file("executed")));
  expect_error("which no state_dict needs", [&] { read_weights(file("refused_module.pth")); });
  expect_error("does not contain a state_dict", [&] { read_weights(file("refused_list.pth")); });
}

TEST_F(WeightsFiles, ViewsOfOneStorageTakeNoMoreThanAFewTimesTheFile) {
  for (const char* name : {"refused_views.pth", "refused_views_legacy.pth"}) {
    expect_error("more than 4 times the file", [&] { load_encoder(file(name)); });
  }
}

TEST_F(WeightsFiles, CutShortAnywhereIsRefusedNotRead) {
  for (const char* name : {"zip.pth", "legacy.pth", "safe_plain.safetensors"}) {
    const std::string whole = test::read_file(file(name));
    for (std::size_t length = 0; length < whole.size(); length += 1 + whole.size() / 97) {
      test::write_file(file("cut"), whole.substr(0, length));
      EXPECT_THROW(read_weights(file("cut")), Error) << name << " cut to " << length;
    }
  }
}

TEST_F(WeightsFiles, ChangedBytesNeverCrash) {
  for (const char* name : {"zip.pth", "legacy.pth", "safe_half.safetensors"}) {
    const std::string whole = test::read_file(file(name));
    for (std::size_t i = 0; i < 400; ++i) {
      std::string changed = whole;
      changed[(i * 37) % std::min<std::size_t>(whole.size(), 6000)] ^=
          static_cast<char>(1 + i % 255);
      test::write_file(file("changed"), changed);
      try {
        read_weights(file("changed"));
      } catch (const Error&) {  // refusing is right, and so is reading numbers that changed
      }
    }
  }
}

TEST_F(WeightsFiles, WhatIsMissingOrMisshapenIsNamed) {
  NamedTensors tensors = read_weights(file("zip.pth"));
  tensors.erase("9.weight");
  tensors["12.bias"] = torch::zeros({5});
  tensors["16.bias"] = torch::full({16}, INFINITY);
  const std::string message = test::error_of([&] { find_encoder(tensors, "x.pth"); });
  EXPECT_NE(message.find("9.weight is missing"), std::string::npos) << message;
  EXPECT_NE(message.find("12.bias is [5] instead of [8]"), std::string::npos) << message;
  EXPECT_NE(message.find("16.bias has values that are not finite"), std::string::npos) << message;
  expect_error("x.pth: its tensors do not contain a VGG encoder",
               [] { find_encoder({}, "x.pth"); });
  expect_error("do not contain an AdaIN decoder", [&] { find_decoder(tensors, "x.pth"); });
}

NamedTensors behind(const std::string& prefix, const NamedTensors& tensors) {
  NamedTensors renamed;
  for (const auto& [name, tensor] : tensors) renamed[prefix + name] = tensor;
  return renamed;
}

NamedTensors decoder_weights(std::uint64_t seed) {
  Decoder decoder(16);
  initialise(*decoder, seed);
  return weights_of(*decoder);
}

TEST(SeveralNetworks, AreRefusedByNameWhereTheyDiffer) {
  NamedTensors checkpoint = behind("model.", decoder_weights(1));
  checkpoint.merge(behind("ema.", decoder_weights(2)));
  const std::string message = test::error_of([&] { find_decoder(checkpoint, "x.pth"); });
  EXPECT_NE(message.find("x.pth: there are 2 decoders among its tensors, and they differ: 'ema.', "
                         "'model.'; save a state_dict"),
            std::string::npos)
      << message;
  checkpoint.merge(decoder_weights(3));
  expect_error("there are 3 decoders among its tensors, and they differ: those without a prefix, ",
               [&] { find_decoder(checkpoint, "x.pth"); });

  const NamedTensors encoder =
      read_safetensors(EPOCHAL_SOURCE_FOLDER "/assets/encoder-mini.safetensors");
  NamedTensors other = encoder;
  other["2.bias"] = other["2.bias"] + 1;
  NamedTensors both = behind("encoder.", encoder);
  both.merge(behind("judge.", other));
  expect_error("there are 2 encoders among its tensors, and they differ: 'encoder.', 'judge.'",
               [&] { find_encoder(both, "x.pth"); });
}

TEST(SeveralNetworks, AreOneIfTheyAreTheSame) {
  NamedTensors checkpoint = behind("model.", decoder_weights(1));
  checkpoint.merge(behind("loss.model.", decoder_weights(1)));
  EXPECT_EQ(find_decoder(checkpoint, "x.pth").width_divisor, 16);
}

TEST(SeveralNetworks, AreOneIfOthersDoNotFit) {
  NamedTensors checkpoint = behind(
      "encoder.", read_safetensors(EPOCHAL_SOURCE_FOLDER "/assets/encoder-mini.safetensors"));
  checkpoint.merge(behind("decoder.", decoder_weights(1)));
  NamedTensors cut = behind("a_rest.", decoder_weights(2));
  cut.erase("a_rest.5.weight");
  checkpoint.merge(cut);
  EXPECT_EQ(find_encoder(checkpoint, "x.pth").width_divisor, 2);
  EXPECT_TRUE(torch::equal(find_decoder(checkpoint, "x.pth").tensors.at("5.weight"),
                           decoder_weights(1).at("5.weight")));
}

TEST_F(WeightsFiles, DecodersReadBackAsTheyWereWritten) {
  Decoder decoder(8);
  initialise(*decoder, 4);
  write_safetensors(file("decoder.safetensors"), weights_of(*decoder));
  const Decoder found = load_decoder(file("decoder.safetensors"));
  const auto expected = decoder->named_parameters();
  for (const auto& parameter : found->named_parameters()) {
    EXPECT_TRUE(torch::equal(parameter.value(), expected[parameter.key()]));
  }
}

TEST_F(WeightsFiles, PyTorchLoadsADecoderAndPaintsTheSame) {
  Decoder decoder(8);
  initialise(*decoder, 4);
  const torch::Tensor features = torch::rand({2, 64, 5, 6});
  write_safetensors(file("exported.safetensors"), weights_of(*decoder));
  write_safetensors(file("features.safetensors"), {{"features", features}});
  const std::string command = "/usr/bin/python3 " EPOCHAL_SOURCE_FOLDER
                              "/tests/experiments/adain/run_decoder.py " +
                              file("exported.safetensors") + " " + file("features.safetensors") +
                              " " + file("picture.safetensors");
  ASSERT_EQ(std::system(command.c_str()), 0);
  const torch::NoGradGuard no_grad;
  const torch::Tensor expected = decoder->forward(features);
  const torch::Tensor found = read_safetensors(file("picture.safetensors")).at("picture");
  ASSERT_EQ(found.sizes(), expected.sizes());
  EXPECT_LT((found - expected).abs().max().item<double>(),
            1e-5 * expected.abs().max().item<double>());
}

TEST(ShippedEncoder, IsSoundAndNormalised) {
  Encoder encoder = load_encoder(EPOCHAL_SOURCE_FOLDER "/assets/encoder-mini.safetensors");
  EXPECT_EQ(encoder->width_divisor(), 2);
  const Features features = encoder->forward(torch::rand({2, 3, 64, 64}));
  for (const torch::Tensor& feature : features) {
    EXPECT_TRUE(feature.isfinite().all().item<bool>());
    EXPECT_GT(feature.mean().item<double>(), 0.1);
    EXPECT_LT(feature.mean().item<double>(), 10);
  }
}

TEST(ShippedEncoder, IsNamedMiniWhereverAnEncoderIs) {
  const Encoder by_name = load_encoder("mini");
  const Encoder by_file = load_encoder(EPOCHAL_SOURCE_FOLDER "/assets/encoder-mini.safetensors");
  const auto expected = by_file->named_parameters();
  ASSERT_EQ(by_name->named_parameters().size(), expected.size());
  for (const auto& parameter : by_name->named_parameters()) {
    EXPECT_TRUE(torch::equal(parameter.value(), expected[parameter.key()])) << parameter.key();
  }
}

TEST(SharedWeights, TheRealEncoderAndDecoderReadInBothFormats) {
  const std::string folder = EPOCHAL_SOURCE_FOLDER "/../shared/data/weights/";
  if (!std::filesystem::exists(folder + "encoder.pth")) {
    GTEST_SKIP() << "the shared weights are not here";
  }
  const Encoder zip = load_encoder(folder + "encoder.pth");
  const Encoder legacy = load_encoder(folder + "encoder-legacy.pth");
  EXPECT_EQ(zip->width_divisor(), 1);
  const auto expected = zip->named_parameters();
  for (const auto& parameter : legacy->named_parameters()) {
    EXPECT_TRUE(torch::equal(parameter.value(), expected[parameter.key()])) << parameter.key();
  }
  EXPECT_NO_THROW(load_decoder(folder + "decoder.pth"));
}

}  // namespace
}  // namespace epochal::adain
