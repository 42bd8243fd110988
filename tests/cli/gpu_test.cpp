// Training on a GPU, and from there on a CPU and back. Where LibTorch has no CUDA, a GPU is
// emulated (tests/support/emulated_gpu.cpp): the same commands, other kernels.

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

constexpr char kSweep[] = R"(name = "g"
experiment = "adain"
epochs = 4
[params]
image_size = 32
encoder = "random"
width_divisor = 8
dataset_size = 16
batch_size = 8
validation_size = 4
device = "cuda"
)";

class OnAGpu : public ProgramTest {
 protected:
  OnAGpu() {
    write_file(program_ / "g.toml", kSweep);
#ifdef EPOCHAL_EMULATED_GPU
    program_.environment["LD_PRELOAD"] = EPOCHAL_EMULATED_GPU;
    program_.environment["CUDA_VISIBLE_DEVICES"] = "";
#endif
  }
  void SetUp() override {
    if (run({"doctor"}).out.find("none: runs use the CPU") != std::string::npos) {
      GTEST_SKIP() << "there is no GPU";
    }
  }

  void give_the_gpu(int mebibytes) {
    program_.environment["EPOCHAL_EMULATED_GPU_MIB"] = std::to_string(mebibytes);
  }

  std::vector<store::EpochRecord> epochs(const std::string& store = "epochal-store") {
    return query(store).epochs(only_run(store).id);
  }
  std::string newest_weights(const std::string& store) {
    std::string hash;
    for (const store::ArtifactRecord& artifact : query(store).artifacts(only_run(store).id)) {
      if (artifact.path.ends_with("decoder.safetensors")) hash = artifact.sha256;
    }
    EXPECT_NE(hash, "");
    return hash;
  }
  void expect_near(const std::vector<store::EpochRecord>& found,
                   const std::vector<store::EpochRecord>& expected, double relative) {
    ASSERT_EQ(found.size(), expected.size());
    EXPECT_FALSE(found.empty());
    for (std::size_t i = 0; i < found.size(); ++i) {
      for (const auto& [name, value] : expected[i].metrics) {
        EXPECT_NEAR(found[i].metrics.at(name), value, relative * value)
            << name << " of epoch " << i + 1;
      }
    }
  }
};

/// A GPU of a size that the test chooses, which only the emulated one has.
class OnASmallGpu : public OnAGpu {
 protected:
  void SetUp() override {
#ifdef EPOCHAL_EMULATED_GPU
    OnAGpu::SetUp();
#else
    GTEST_SKIP() << "a real GPU has the memory that it has";
#endif
  }
};

TEST_F(OnAGpu, ARunRecordsWhatItTook) {
  const Finished forecast = succeed({"forecast", "g.toml"});
  expect_in(forecast.out, "GPU memory");
  succeed({"run", "g.toml"});
  const store::AttemptRecord attempt = query().attempts(only_run().id).at(0);
  EXPECT_EQ(attempt.device, "cuda:0 " + attempt.host.gpu);
  Bytes peak = 0;
  for (const store::EpochRecord& epoch : epochs()) {
    ASSERT_TRUE(epoch.peak_device_memory);
    EXPECT_TRUE(epoch.gpu_use);
    peak = std::max(peak, *epoch.peak_device_memory);
  }
  const auto foreseen = query().forecast(only_run().identity);
  ASSERT_TRUE(foreseen && foreseen->peak_device_bytes);
  EXPECT_NEAR(static_cast<double>(*foreseen->peak_device_bytes), static_cast<double>(peak),
              0.25 * static_cast<double>(peak));
  expect_in(run({"show", only_run().identity}).out, "of the GPU");
}

TEST_F(OnAGpu, AKilledRunEndsWithTheSameBits) {
  ASSERT_EQ(run({"run", "g.toml", "--store", "whole"}).exit_code, 0);
  const pid_t pid = program_.start({"run", "g.toml"});
  ASSERT_TRUE(wait_until([&] { return has_epochs(1); }));
  kill_workers();
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
  ASSERT_LT(only_run().epochs_done, 4);
  ASSERT_EQ(run({"run", "g.toml"}).exit_code, 0) << program_.err();
  const auto found = epochs();
  const auto expected = epochs("whole");
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i].metrics, expected[i].metrics);
  EXPECT_EQ(newest_weights("epochal-store"), newest_weights("whole"));
}

TEST_F(OnAGpu, ARunGoesOnOnACpuAndBack) {
  ASSERT_EQ(run({"run", "g.toml", "--store", "whole", "device=cpu"}).exit_code, 0);
  ASSERT_EQ(run({"run", "g.toml", "epochs=1"}).exit_code, 0);
  ASSERT_EQ(run({"run", "g.toml", "epochs=2", "device=cpu"}).exit_code, 0) << program_.err();
  ASSERT_EQ(run({"run", "g.toml"}).exit_code, 0) << program_.err();
  ASSERT_EQ(query().runs().size(), 1u);
  const auto attempts = query().attempts(only_run().id);
  ASSERT_EQ(attempts.size(), 3u);
  const std::string gpu = attempts[0].device;
  EXPECT_TRUE(gpu.starts_with("cuda:0")) << gpu;
  EXPECT_EQ(attempts[1].device, "cpu");
  EXPECT_EQ(attempts[2].device, gpu);
  EXPECT_EQ(attempts[1].first_epoch, 2);
  EXPECT_EQ(attempts[2].first_epoch, 3);
  expect_near(epochs(), epochs("whole"), 1e-2);  // other kernels, other rounding

  ASSERT_EQ(run({"report", "g.toml", "-o", "out"}).exit_code, 0);
  const std::string page = read_file(program_ / "out/report.md");
  expect_in(page, "resumed at epoch 2 on cpu of ");
  expect_in(page, "resumed at epoch 3 on " + gpu + " of ");
}

TEST_F(OnAGpu, AnInterruptedRunGoesOnWhereThereIsNone) {
  const pid_t pid = program_.start({"run", "g.toml", "device=auto"});
  ASSERT_TRUE(wait_until([&] { return has_epochs(1); }));
  kill(pid, SIGINT);
  waitpid(pid, nullptr, 0);
  ASSERT_EQ(only_run().status, store::RunStatus::interrupted);
  program_.environment.erase("LD_PRELOAD");
  program_.environment["CUDA_VISIBLE_DEVICES"] = "-1";
  ASSERT_EQ(run({"run", "g.toml", "device=auto"}).exit_code, 0) << program_.err();
  const auto attempts = query().attempts(only_run().id);
  ASSERT_EQ(attempts.size(), 2u);
  EXPECT_TRUE(attempts[0].device.starts_with("cuda:0"));
  EXPECT_EQ(attempts[1].device, "cpu");
}

TEST_F(OnAGpu, ARunIsReproducedThereAndToldApartElsewhere) {
  ASSERT_EQ(run({"run", "g.toml", "device=auto"}).exit_code, 0);
  const std::string id = only_run().short_identity();
  expect_in(run({"reproduce", id}).out, "bit-identical");
  program_.environment.erase("LD_PRELOAD");
  program_.environment["CUDA_VISIBLE_DEVICES"] = "-1";
  expect_in(run({"reproduce", id}).out, "differs: device: cuda:0");
}

TEST_F(OnASmallGpu, ABatchThatDoesNotFitIsCut) {
  ASSERT_EQ(run({"run", "g.toml", "batch_size=16", "--store", "whole"}).exit_code, 0);
  give_the_gpu(10);
  ASSERT_EQ(run({"run", "g.toml", "batch_size=16"}).exit_code, 0) << program_.err();
  expect_in(events(), "a batch is split into parts of");
  expect_not_in(events(), "out of memory");
  expect_near(epochs(), epochs("whole"), 1e-2);
}

TEST_F(OnASmallGpu, RunningOutOfMemoryHalvesTheBatchAndBeginsTheEpochAgain) {
  ASSERT_EQ(run({"run", "g.toml", "batch_size=16", "--store", "whole"}).exit_code, 0);
  give_the_gpu(10);
  ASSERT_EQ(run({"run", "g.toml", "batch_size=16", "micro_batch=16"}).exit_code, 0)
      << program_.err();
  expect_in(events(), "out of memory in epoch 1: the epoch starts again with 8 pairs at a time");
  expect_near(epochs(), epochs("whole"), 1e-2);
}

TEST_F(OnASmallGpu, WhereNotEvenOnePairFitsTheRunSaysSo) {
  give_the_gpu(2);
  const Finished failed = run({"run", "g.toml"});
  EXPECT_EQ(failed.exit_code, 1);
  expect_in(only_run().error, "one pair of 32 px needs more memory than");
  expect_in(only_run().error, "use a smaller image_size");
  EXPECT_EQ(only_run().error.find('\n'), std::string::npos) << only_run().error;
}

TEST_F(OnAGpu, TrainsInBfloat16) {
  ASSERT_EQ(run({"run", "g.toml", "--store", "wide"}).exit_code, 0);
  ASSERT_EQ(run({"run", "g.toml", "precision=bfloat16"}).exit_code, 0) << program_.err();
  EXPECT_NE(epochs().at(0).metrics, epochs("wide").at(0).metrics);
  expect_near(epochs(), epochs("wide"), 0.1);
}

TEST_F(OnAGpu, TrainsAnEncoder) {
  write_file(program_ / "e.toml",
             "name='e'\nexperiment='encoder'\nepochs=2\n[params]\nimage_size=32\ndataset_size=16\n"
             "validation_size=8\nbatch_size=8\nwidth_divisor=16\ndevice='cuda'\n");
  ASSERT_EQ(run({"run", "e.toml", "--store", "whole"}).exit_code, 0) << program_.err();
  ASSERT_EQ(run({"run", "e.toml", "epochs=1"}).exit_code, 0);
  ASSERT_EQ(run({"run", "e.toml"}).exit_code, 0);
  EXPECT_EQ(epochs().at(1).metrics, epochs("whole").at(1).metrics);
}

TEST_F(OnAGpu, StylizesPictures) {
  ASSERT_EQ(run({"run", "g.toml"}).exit_code, 0);
  std::filesystem::path picture;
  for (const store::ArtifactRecord& artifact : query().artifacts(only_run().id)) {
    if (artifact.kind == store::ArtifactRecord::Kind::sample) picture = artifact.path;
  }
  picture = program_ / "epochal-store" / picture;
  const Finished styled =
      run({"adain", "stylize", "--run", only_run().short_identity(), "--content", picture.string(),
           "--style", picture.string(), "--size", "64", "-o", "styled.png"});
  EXPECT_EQ(styled.exit_code, 0) << styled.err;
}

TEST_F(OnAGpu, IsTheOneThatCudaShows) {
  program_.environment["CUDA_VISIBLE_DEVICES"] = "-1";
  expect_in(run({"doctor"}).out, "none: runs use the CPU");
  program_.environment["CUDA_VISIBLE_DEVICES"] = "GPU-00000000-0000-0000-0000-000000000000";
  expect_in(run({"doctor"}).out, "none: runs use the CPU");
#ifdef EPOCHAL_EMULATED_GPU
  program_.environment["CUDA_VISIBLE_DEVICES"] = "GPU-e3a1";
  expect_in(run({"doctor"}).out, "Emulated GPU");
#endif
}

}  // namespace
}  // namespace epochal::test
