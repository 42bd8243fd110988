// What is built outside of the tree: docs/plugins.md, followed to the letter (install epochal,
// build the page's experiment, run its sweep, get a report), and the examples that need LibTorch.

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

/// The first fenced block of a language in a text.
std::string block(const std::string& text, const std::string& language) {
  const std::string fence = "```" + language + "\n";
  const std::size_t begin = text.find(fence) + fence.size();
  return text.substr(begin, text.find("```", begin) - begin);
}

/// The command's output goes to the test's own, where a failure shows it.
bool succeeds(const std::string& command) {
  return std::system(command.c_str()) == 0;
}

class Outside : public ProgramTest {
 protected:
  /// Installs epochal, and builds what lies in the folder against it.
  void build(const std::string& options = {}) {
    const std::string folder = program_.folder().string();
    const std::string prefix = folder + "/prefix";
    ASSERT_TRUE(
        succeeds("cmake --install '" EPOCHAL_BUILD_FOLDER "' --prefix " + prefix + " >/dev/null"));
    ASSERT_TRUE(succeeds("cmake -S " + folder + " -B " + folder + "/build " + options +
                         " -DCMAKE_PREFIX_PATH=" + prefix));
    ASSERT_TRUE(succeeds("cmake --build " + folder + "/build"));
    program_.executable = prefix + "/bin/epochal";
  }
};
class OutsideProgram : public Outside {};

class OutsidePlugin : public Outside {
 protected:
  /// Builds the experiment that a part of the page shows, and leaves its sweep file beside it.
  void build_experiment(const std::string& part, const std::string& name) {
    write_file(program_ / (name + ".cpp"), block(part, "cpp"));
    write_file(program_ / "CMakeLists.txt", block(part, "cmake"));
    write_file(program_ / (name + ".toml"), block(part, "toml"));
    build();
    program_.environment["EPOCHAL_PLUGIN_PATH"] = (program_ / "build").string();
  }
};

const std::string kPage = read_file(EPOCHAL_SOURCE_FOLDER "/docs/plugins.md");
const std::size_t kLibTorchPart = kPage.find("## With LibTorch");

TEST_F(OutsidePlugin, ThePageWorksAsWritten) {
  ASSERT_NO_FATAL_FAILURE(build_experiment(kPage, "sine"));
  expect_in(run({"experiments", "show", "sine"}).out, "hidden units");
  succeed({"run", "sine.toml"});
  const store::Query query(program_ / "epochal-store");
  ASSERT_EQ(query.runs().size(), 6u);
  for (const store::RunRecord& record : query.runs()) {
    const auto epochs = query.epochs(record.id);
    EXPECT_LT(epochs.back().metrics.at("val.loss"), epochs.front().metrics.at("val.loss"));
  }
  EXPECT_EQ(run({"report", "sine.toml", "-o", "report"}).exit_code, 0);
  expect_in(read_file(program_ / "report/index.html"), "units 32, seed 1");
}

TEST_F(OutsidePlugin, ItsLibTorchExampleLearnsAndGoesOnExactly) {
  ASSERT_NE(kLibTorchPart, std::string::npos);
  ASSERT_NO_FATAL_FAILURE(build_experiment(kPage.substr(kLibTorchPart), "kinds"));
  succeed({"run", "kinds.toml"});
  ASSERT_EQ(run({"run", "kinds.toml", "epochs=5", "--store", "sittings"}).exit_code, 0);
  ASSERT_EQ(run({"run", "kinds.toml", "--store", "sittings"}).exit_code, 0);
  const store::Query whole(program_ / "epochal-store");
  const store::Query sittings(program_ / "sittings");
  ASSERT_EQ(whole.runs().size(), 2u);
  for (const store::RunRecord& record : whole.runs()) {
    const auto epochs = whole.epochs(record.id);
    ASSERT_EQ(epochs.size(), 12u);
    EXPECT_GT(epochs.back().metrics.at("val.accuracy"), 0.65);
    const auto other = sittings.epochs(sittings.run_by_identity(record.identity)->id);
    ASSERT_EQ(other.size(), 12u);
    EXPECT_EQ(other.back().metrics, epochs.back().metrics);
  }
}

TEST_F(OutsideProgram, LibTorchsLoopWithTheClientLearnsAndGoesOnExactly) {
  for (const char* file : {"mnist.cpp", "mnist.toml", "CMakeLists.txt"}) {
    std::filesystem::copy_file(std::string(EPOCHAL_SOURCE_FOLDER "/examples/mnist/") + file,
                               program_ / file);
  }
  ASSERT_NO_FATAL_FAILURE(build("-DCMAKE_BUILD_TYPE=Release"));
  const std::string one = "momentum=[0.9]";
  succeed({"run", "mnist.toml", one});
  ASSERT_EQ(run({"run", "mnist.toml", one, "epochs=2", "--store", "parts"}).exit_code, 0);
  ASSERT_EQ(run({"run", "mnist.toml", one, "--store", "parts"}).exit_code, 0);
  const store::Query query(program_ / "epochal-store");
  const store::Query parts(program_ / "parts");
  const auto epochs = query.epochs(query.runs().at(0).id);
  const auto in_parts = parts.epochs(parts.runs().at(0).id);
  ASSERT_EQ(epochs.size(), 5u);
  ASSERT_EQ(in_parts.size(), 5u);
  EXPECT_GT(epochs.back().metrics.at("val.accuracy"), 0.7);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(in_parts[i].metrics, epochs[i].metrics) << i;
}

TEST_F(OutsideProgram, NeedsNothingButTheClient) {
  write_file(program_ / "CMakeLists.txt",
             "cmake_minimum_required(VERSION 3.16)\nproject(own CXX)\n"
             "set(CMAKE_CXX_STANDARD 17)\nfind_package(epochal REQUIRED)\n"
             "add_executable(own own.cpp)\ntarget_link_libraries(own PRIVATE epochal::client)\n");
  write_file(program_ / "own.cpp",
             "#include <epochal/client.h>\nint main() {\n"
             "  epochal::client::Run run({{\"rate\", 0.5}}, 3);\n"
             "  while (const int epoch = run.next_epoch()) {\n"
             "    run.log(\"loss\", 1.0 / epoch);\n    if (epoch == 2) run.finish();\n  }\n}\n");
  ASSERT_NO_FATAL_FAILURE(build());
  write_file(program_ / "own.toml",
             "name='own'\nexperiment='command'\nepochs=3\n[command]\nrun=['build/own']\n");
  succeed({"run", "own.toml"});
  const store::Query query(program_ / "epochal-store");
  EXPECT_EQ(query.runs().at(0).status, store::RunStatus::stopped);
  EXPECT_EQ(query.runs().at(0).epochs_done, 2);
}

TEST_F(OutsideProgram, StyleTransferByThePluginAndByAScriptIsOneSweep) {
  if (!succeeds("/usr/bin/python3 -c 'import torch, PIL' 2>/dev/null")) {
    GTEST_SKIP() << "there is no PyTorch for Python: scripts/setup --for-tests installs it";
  }
  put_on_path("/usr/bin");
  for (const char* file :
       {"examples/style/pictures.py", "examples/style/both.toml", "tests/bench/plain_adain.py",
        "assets/encoder-mini.safetensors", "assets/decoder-mini.safetensors"}) {
    const std::filesystem::path from = std::filesystem::path(EPOCHAL_SOURCE_FOLDER) / file;
    std::filesystem::copy_file(from, program_ / from.filename().string());
  }
  ASSERT_EQ(program_.shell("python3 pictures.py pictures 48").exit_code, 0) << program_.err();
  succeed({"run", "both.toml", "epochs=2", "steps=40"});
  EXPECT_EQ(run({"run", "both.toml", "epochs=2", "steps=40"}).exit_code, 0);
  succeed({"report", "both.toml", "epochs=2", "steps=40", "-o", "report"});
  const std::string page = read_file(program_ / "report/report.md");
  expect_in(page, "| command:plain_adain |");
  expect_in(page, "| adain |");

  // Both begin from the same decoder: neither's losses are of another kind than the other's.
  const store::Query query(program_ / "epochal-store");
  ASSERT_EQ(query.runs().size(), 2u);
  for (const char* metric : {"train.content", "train.style"}) {
    const double first = query.epochs(query.runs()[0].id)[0].metrics.at(metric);
    const double second = query.epochs(query.runs()[1].id)[0].metrics.at(metric);
    EXPECT_LT(first, 3 * second) << metric;
    EXPECT_LT(second, 3 * first) << metric;
  }
}

}  // namespace
}  // namespace epochal::test
