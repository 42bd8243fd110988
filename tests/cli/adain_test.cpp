// The real experiment through the program: training, resuming, stylizing, and wrong inputs.

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "framework/base/sha256.h"
#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

constexpr char kSweep[] = R"(name = "small"
experiment = "adain"
epochs = 3
[params]
image_size = 32
encoder = "random"
width_divisor = 16
validation_size = 4
batch_size = 4
[sweep.grid]
dataset_size = [4, 10]
)";

class AdainCli : public ProgramTest {
 protected:
  AdainCli() { write_file(program_ / "small.toml", kSweep); }

  std::string first_run() { return query().runs().at(0).short_identity(); }

  /// Real pictures to try things on: the samples of a run.
  std::filesystem::path picture(std::size_t run = 0) {
    for (const store::ArtifactRecord& artifact : query().artifacts(query().runs().at(run).id)) {
      if (artifact.kind == store::ArtifactRecord::Kind::sample) {
        return program_ / "epochal-store" / artifact.path;
      }
    }
    throw std::runtime_error("no sample");
  }
};

TEST_F(AdainCli, TrainsReportsAndStylizes) {
  succeed({"run", "small.toml"});
  for (const store::RunRecord& record : query().runs()) {
    const auto epochs = query().epochs(record.id);
    ASSERT_EQ(epochs.size(), 3u);
    EXPECT_EQ(epochs[0].metrics.size(), 6u);
    EXPECT_EQ(epochs[0].learning_rate, 5e-4);
  }

  succeed({"report", "small.toml", "-o", "out"});
  const std::string page = read_file(program_ / "out/index.html");
  for (const char* part :
       {"data:image/png;base64,", "val.total", "LibTorch", "weight of the style"}) {
    expect_in(page, part);
  }
  expect_in(page, "Earlier epochs");
  expect_in(read_file(program_ / "out/report.md"), "| micro_batch | auto (4) | images |");
  expect_in(run({"experiments", "show", "adain"}).out, "auto | 1 to 4096");
  EXPECT_EQ(run({"report", "small.toml", "-o", "brief", "--newest-pictures"}).exit_code, 0);
  expect_not_in(read_file(program_ / "brief/index.html"), "Earlier epochs");
  const auto count_of = [&](const char* folder) {
    return std::distance(std::filesystem::directory_iterator(program_ / folder), {});
  };
  EXPECT_EQ(count_of("brief/samples"), 2) << "one a run";
  EXPECT_GT(count_of("out/samples"), 2);
  ASSERT_EQ(run({"run", "small.toml", "dataset_size=4", "seed=1"}).exit_code, 0);
  const Finished seeds =
      run({"report", "--where", "dataset_size < 20", "--newest-pictures", "-o", "seeds"});
  EXPECT_EQ(seeds.exit_code, 0) << seeds.err;
  EXPECT_EQ(count_of("seeds/samples"), 2) << "one a setting";

  const std::string picture_file = picture().string();
  succeed({"adain", "stylize", "--run", first_run(), "--content", picture_file, "--style",
           picture_file, "--size", "64", "-o", "styled.png"});
  EXPECT_EQ(read_file(program_ / "styled.png").substr(1, 3), "PNG");

  const Finished loss = succeed({"adain", "loss", "--run", first_run(), "--content", picture_file,
                                 "--style", picture_file, "--size", "64", "--gamma", "2"});
  const auto values = nlohmann::json::parse(loss.out);
  EXPECT_NEAR(values["total"].get<double>(),
              values["content"].get<double>() + 2 * values["style"].get<double>(), 1e-4);
}

TEST_F(AdainCli, AReportDrawsThePairsThatTheSweepNames) {
  ASSERT_EQ(run({"run", "small.toml"}).exit_code, 0);
  std::filesystem::copy_file(picture(), program_ / "a.png");
  // Of the same picture AdaIN makes itself: alpha would change the rounding at most.
  std::filesystem::copy_file(picture(1), program_ / "b.png");
  const auto ask = [&](const std::string& report) {
    write_file(program_ / "small.toml", std::string(kSweep) + "[report]\n" + report);
    return run({"report", "small.toml", "-o", "out"});
  };
  const Finished drawn = ask("content=['a.png', 'a.png']\nstyle=['b.png']\nalpha=[0, 0.5, 1]\n");
  ASSERT_EQ(drawn.exit_code, 0) << drawn.err;
  const std::string page = read_file(program_ / "out/index.html");
  expect_in(page, "The same inputs in every run");
  const std::string samples = "out/samples/" + first_run() + "-pairs-alpha-";
  const std::string weak = read_file(program_ / (samples + "0.00.png"));
  EXPECT_EQ(weak.substr(1, 3), "PNG");
  EXPECT_NE(weak, read_file(program_ / (samples + "1.00.png"))) << "alpha changes the output";
  EXPECT_EQ(run({"run", "small.toml"}).err.find("to do, 0 finished"), std::string::npos)
      << "what a report draws does not change what a sweep computes";

  const std::vector<std::pair<std::string, std::string>> wrong{
      {"content=['none.png']\nstyle=['a.png']\n", "none.png"},
      {"content=['a.png']\n", "[report] names no style"},
      {"content=['a.png']\nstyle=['a.png']\nalpha=[2]\n", "must be from 0 to 1"},
      {"content='a.png'\n", "content must be an array"}};
  for (const auto& [report, message] : wrong) {
    expect_refusal(ask(report), message);
  }
}

TEST_F(AdainCli, AReportMeasuresItsPicturesBesideAReference) {
  ASSERT_EQ(run({"run", "small.toml"}).exit_code, 0);
  ASSERT_EQ(run({"adain", "export", "--run", first_run(), "-o", "decoder.safetensors"}).exit_code,
            0);
  const auto ask = [&](const std::string& report) {
    write_file(program_ / "small.toml", std::string(kSweep) +
                                            "[report]\ncontent=['generated:scenes:3']\n"
                                            "style=['generated:paintings:1', "
                                            "'generated:paintings:2']\n" +
                                            report);
    return run({"report", "small.toml", "-o", "out"});
  };
  const Finished plain = ask("");
  ASSERT_EQ(plain.exit_code, 0) << plain.err;
  const std::string without = read_file(program_ / "out/report.md");
  expect_in(without, "| run | steps | edges | colours | stripes | checkerboard |");
  expect_in(without, "9 steps; published models take 160,000");

  // The encoder of these runs is random, so no file fits their decoder: mini's has another width.
  expect_refusal(ask("reference='decoder.safetensors'\n"), "do not fit together");

  const Finished judged = ask("judge='mini'\n");
  ASSERT_EQ(judged.exit_code, 0) << judged.err;
  expect_in(read_file(program_ / "out/report.md"),
            "| run | steps | content | style | edges | colours | stripes | checkerboard |");
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"judge='none.pth'\n", "none.pth"}, {"reference='none.pth'\n", "none.pth"}};
  for (const auto& [report, message] : wrong) {
    expect_refusal(ask(report), message);
  }
}

TEST_F(AdainCli, TheJudgeAgreesWithTheLossesOfItsOwnEncoder) {
  // Trained until its pictures keep within what a picture can show: the judge sees them cut to it.
  write_file(program_ / "small.toml", std::string("name='s'\nexperiment='adain'\nepochs=4\n") +
                                          "[params]\nimage_size=32\nencoder='mini'\n"
                                          "validation_size=4\nbatch_size=4\ndataset_size=40\n");
  ASSERT_EQ(run({"run", "small.toml"}).exit_code, 0);
  write_file(program_ / "a.png", read_file(picture()));
  const std::vector<std::string> pair{"--run",   first_run(), "--content", "a.png",
                                      "--style", "a.png",     "--size",    "64"};
  const auto ask = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "adain");
    arguments.insert(arguments.end(), pair.begin(), pair.end());
    const Finished done = succeed(arguments);
    EXPECT_EQ(done.err, "") << "no progress where nobody looks";
    return done.out;
  };
  const auto loss = nlohmann::json::parse(ask({"loss"}));
  const auto judged = nlohmann::json::parse(
      ask({"judge", "--judge", "mini", "--json", "--gamma", "2", "--sheet", "sheet.png"}));
  const auto& mean = judged["mean"];
  EXPECT_NEAR(mean["content"].get<double>(), loss["content"].get<double>(),
              0.1 * loss["content"].get<double>());
  EXPECT_NEAR(mean["style"].get<double>(), loss["style"].get<double>(),
              0.1 * loss["style"].get<double>());
  EXPECT_NEAR(mean["total"].get<double>(),
              mean["content"].get<double>() + 2 * mean["style"].get<double>(), 1e-9);
  ASSERT_EQ(judged["pairs"].size(), 1u);
  EXPECT_EQ(judged["pairs"][0]["edges"], mean["edges"]);
  EXPECT_EQ(judged["model"]["run"].get<std::string>().substr(0, 10), first_run());
  EXPECT_EQ(read_file(program_ / "sheet.png").substr(1, 3), "PNG");

  const std::string table = ask({"judge"});
  expect_in(table, "higher is better");
  EXPECT_EQ(table.find("eq. 12"), std::string::npos) << "no network, no losses";
}

TEST_F(AdainCli, TheJudgeTakesFoldersAndGeneratedPictures) {
  ASSERT_EQ(run({"run", "small.toml"}).exit_code, 0);
  write_file(program_ / "photos/a.png", read_file(picture()));
  write_file(program_ / "photos/b.png", read_file(picture(1)));
  const auto judge = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"adain", "judge", "--size", "64", "--json"});
    return run(arguments);
  };
  const Finished judged = judge({"--run", first_run(), "--content", "photos", "--style",
                                 "generated:paintings:5", "photos/a.png"});
  ASSERT_EQ(judged.exit_code, 0) << judged.err;
  const auto values = nlohmann::json::parse(judged.out);
  ASSERT_EQ(values["pairs"].size(), 4u);
  EXPECT_EQ(values["pairs"][3]["content_picture"], "photos/b.png");
  EXPECT_EQ(values["pairs"][3]["style_picture"], "photos/a.png");
  double sum = 0;
  for (const auto& pair : values["pairs"]) sum += pair["edges"].get<double>();
  EXPECT_NEAR(values["mean"]["edges"].get<double>(), sum / 4, 1e-9);

  const std::string before = read_file(program_ / "photos/a.png");
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{"--run", first_run(), "--content", "photos", "--style", "photos", "--sheet",
        "photos/a.png"},
       "photos/a.png: this would overwrite an input image"},
      {{"--run", first_run(), "--style", "photos"}, "--content is missing"},
      {{"--run", first_run(), "--content", "photos", "--style", "nowhere.png"}, "nowhere.png"},
      {{"--run", first_run(), "--content", "photos", "--style", "generated:paintings"},
       "as in generated:paintings:3"},
      {{"--run", first_run(), "--decoder", "x", "--content", "photos", "--style", "photos"},
       "--decoder"}};
  for (const auto& [arguments, message] : wrong) {
    expect_refusal(judge(arguments), message);
  }
  EXPECT_EQ(read_file(program_ / "photos/a.png"), before);
}

TEST_F(AdainCli, AKilledRunEndsWithTheSameBits) {
  ASSERT_EQ(run({"run", "small.toml", "--store", "whole"}).exit_code, 0);

  const pid_t pid = program_.start({"run", "small.toml"});
  ASSERT_TRUE(wait_until([&] { return has_epochs(1); })) << "there is something to lose";
  kill_workers();
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
  ASSERT_EQ(run({"run", "small.toml", "--retry-failed"}).exit_code, 0) << program_.err();

  const auto whole = query("whole").runs();
  const auto parted = query().runs();
  ASSERT_EQ(whole.size(), parted.size());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_EQ(whole[i].identity, parted[i].identity);
    const auto expected = query("whole").epochs(whole[i].id);
    const auto found = query().epochs(parted[i].id);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t e = 0; e < found.size(); ++e) EXPECT_EQ(found[e].metrics, expected[e].metrics);
    const std::string weights =
        "artifacts/" + whole[i].identity.substr(0, 16) + "/checkpoint-0003/decoder.safetensors";
    EXPECT_EQ(sha256_of_file(program_ / "whole" / weights),
              sha256_of_file(program_ / "epochal-store" / weights));
  }
}

/// The machine that goes on may be good at another precision than the one that began.
TEST_F(AdainCli, ARunKeepsThePrecisionThatAutoCameTo) {
  const std::vector<std::string> sweep{"run", "small.toml", "dataset_size=[4]", "precision=auto"};
  ASSERT_EQ(run(sweep).exit_code, 0) << program_.err();
  const store::RunRecord begun = query().runs().at(0);
  const std::string chosen = query().choices(begun.id).at("precision");
  expect_in(run({"show", begun.short_identity()}).out, "auto (" + chosen + ")");

  const std::string other = chosen == "float32" ? "bfloat16" : "float32";
  change_store("update choice set value = '" + other + "'");
  std::vector<std::string> longer = sweep;
  longer.emplace_back("epochs=4");
  ASSERT_EQ(run(longer).exit_code, 0) << program_.err();
  expect_in(run({"log", begun.short_identity()}).out, " threads in " + other);
  EXPECT_EQ(query().choices(begun.id).at("precision"), other);
}

TEST_F(AdainCli, RefusesWrongInputsBeforeAnythingStarts) {
  const auto refused = [&](const std::string& override_text, const std::string& part) {
    expect_refused({"run", "small.toml", override_text}, part);
  };
  refused("content=/no/such/folder", "/no/such/folder: the folder cannot be read");
  std::filesystem::create_directory(program_ / "none");
  refused("content=none", "the folder has no images");
  write_file(program_ / "few/a.jpg", "x");
  refused("style=few", "there are 1 images, but 8 are needed");
  refused("image_size=16", "image_size = 16 is out of range");
  refused("encoder=vgg.pth", "vgg.pth: the file cannot be read: No such file or directory");
  write_file(program_ / "text.pth", "these are no weights");
  refused("encoder=text.pth", "neither a PyTorch nor a safetensors file");
  EXPECT_FALSE(std::filesystem::exists(program_ / "epochal-store"));
}

/// A BMP file of 64 x 64 pixels in one shade of grey.
std::string grey_bmp(int shade) {
  constexpr int kSide = 64;
  constexpr int kHeader = 54;
  std::string bytes(kHeader + 3 * kSide * kSide, static_cast<char>(shade));
  bytes.replace(0, kHeader, std::string(kHeader, '\0'));
  const auto put = [&](std::size_t at, int value) {
    for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
  };
  bytes.replace(0, 2, "BM");
  put(2, static_cast<int>(bytes.size()));
  put(10, kHeader);
  put(14, 40);  // BITMAPINFOHEADER
  put(18, kSide);
  put(22, kSide);
  put(26, 24 << 16 | 1);  // 24 bits, one plane
  return bytes;
}

TEST_F(AdainCli, ImagesThatDoNotDecodeAreLeftOutAndNamed) {
  for (int i = 0; i < 30; ++i) {
    write_file(program_ / "bad" / (std::to_string(10 + i) + ".bmp"), grey_bmp(i));
  }
  write_file(program_ / "bad/40.jpg", "this is no JPEG");
  write_file(program_ / "bad/41.jpg", "");
  // Not images: what macOS keeps beside them.
  write_file(program_ / "bad/._10.bmp", std::string("\0\5\x16\7\0\2\0\0Mac OS X", 16));
  write_file(program_ / "bad/__MACOSX/10.bmp", std::string("\0\5\x16\7\0\2\0\0Mac OS X", 16));
  Finished result = run(
      {"run", "small.toml", "content=bad", "dataset_size=28", "epochs=1", "most_unreadable=0.1"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const store::RunRecord record = query().runs().front();
  EXPECT_EQ(query().epochs(record.id).front().samples, 26);
  const std::string shown = run({"show", record.identity}).out;
  expect_in(shown, "left out: 2 images that cannot be read: ");
  expect_in(shown, "40.jpg: the image cannot be decoded");
  expect_in(shown, "41.jpg: the image is an empty file");

  result = run({"run", "small.toml", "content=bad", "dataset_size=28", "epochs=2",
                "most_unreadable=0.05", "--store", "strict"});
  EXPECT_EQ(result.exit_code, 1);
  expect_in(result.err, "2 of 32 images cannot be read, more than most_unreadable = 0.05");
}

TEST_F(AdainCli, GoesOnWithImagesThatHaveMoved) {
  for (int i = 0; i < 10; ++i) {
    write_file(program_ / "here" / (std::to_string(10 + i) + ".bmp"), grey_bmp(i));
  }
  const auto ask = [&](const std::string& content, const std::string& epochs) {
    return run({"run", "small.toml", "content=" + content, "dataset_size=4", "epochs=" + epochs});
  };
  ASSERT_EQ(ask("here", "1").exit_code, 0) << program_.err();
  std::filesystem::rename(program_ / "here", program_ / "there");
  ASSERT_EQ(ask("there", "2").exit_code, 0) << program_.err();
  ASSERT_EQ(query().runs().size(), 1u) << "the same images are the same run";
  EXPECT_EQ(query().attempts(query().runs()[0].id).size(), 2u);
}

TEST_F(AdainCli, VerbsExplainThemselvesAndTheirErrors) {
  expect_in(run({"adain", "--help"}).out, "stylize");
  expect_in(run({"adain", "stylize", "--help"}).out, "--alpha");
  for (const std::string verb : {"stylize", "loss", "judge", "export"}) {
    expect_in(run({"adain", verb, "--help"}).out, "usage: epochal adain " + verb + " ");
    expect_in(run({"help", "adain", verb}).out, "usage: epochal adain " + verb + " ");
  }
  EXPECT_EQ(run({"adain"}).exit_code, 2);
  expect_refused({"adain", "stilize"}, "did you mean 'stylize'?");
  expect_in(run({"adain", "loss"}).err, "--content is missing");
  expect_refused({"adain", "stylize", "--run", "ab", "--content", "no.png", "--style", "no.png",
                  "-o", "x.png"},
                 "no.png: the image cannot be read");
}

TEST_F(AdainCli, TheStudyAsPublishedSaysAllThatIsMissing) {
  const Finished dry =
      run({"run", EPOCHAL_SOURCE_FOLDER "/experiments/sweeps/study-paper.toml", "--dry-run"});
  EXPECT_EQ(dry.exit_code, 2);
  for (const char* part :
       {"/data/coco", "/data/wikiart", "/data/vgg19.pth", "scripts/fetch-data coco-train"}) {
    expect_in(dry.err, part);
  }
  const Finished ready =
      run({"run", EPOCHAL_SOURCE_FOLDER "/experiments/sweeps/study-paper.toml", "--dry-run",
           "content=generated:scenes", "style=generated:paintings", "encoder=mini"});
  EXPECT_EQ(ready.exit_code, 0) << ready.err;
  expect_in(ready.out, "3 runs; nothing was started");
}

TEST_F(AdainCli, TheShippedEncoderServes) {
  write_file(program_ / "mini.toml",
             "name='m'\nexperiment='adain'\nepochs=1\n[params]\n"
             "encoder='mini'\nimage_size=32\ndataset_size=2\nvalidation_size=2\n");
  EXPECT_EQ(run({"run", "mini.toml"}).exit_code, 0);
  EXPECT_EQ(query().runs().at(0).inputs.weights,
            sha256_of_file(EPOCHAL_SOURCE_FOLDER "/assets/encoder-mini.safetensors") +
                "; decoder begun as scaled");

  // And under the same name with a decoder from a file.
  ASSERT_EQ(run({"adain", "export", "--run", first_run(), "-o", "d.safetensors"}).exit_code, 0);
  const auto loss = [&](const std::string& content) {
    return run({"adain", "loss", "--decoder", "d.safetensors", "--encoder", "mini", "--content",
                content, "--style", picture().string(), "--size", "64"});
  };
  const Finished whole = loss(picture().string());
  EXPECT_EQ(whole.exit_code, 0) << whole.err;

  const std::string bytes = read_file(picture());
  write_file(program_ / "cut.png", bytes.substr(0, bytes.size() / 2));
  expect_refusal(loss("cut.png"), "cut.png: the image cannot be decoded: its data is cut short");
}

TEST_F(AdainCli, PaintsWithNoOtherEncoderThanTheOneItWasTrainedWith) {
  std::string weights = read_file(EPOCHAL_SOURCE_FOLDER "/assets/encoder-mini.safetensors");
  write_file(program_ / "e.safetensors", weights);
  write_file(program_ / "s.toml",
             "name='s'\nexperiment='adain'\nepochs=1\n[params]\nencoder='e.safetensors'\n"
             "image_size=32\ndataset_size=2\nvalidation_size=2\n[report]\n"
             "content=['generated:scenes:3']\nstyle=['generated:paintings:1']\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  ASSERT_EQ(run({"report", "s.toml", "-o", "before"}).exit_code, 0);
  expect_not_in(read_file(program_ / "before/report.md"), "is not the one");

  weights.back() ^= 1;
  write_file(program_ / "e.safetensors", weights);
  const std::string message = "this encoder is not the one that run " + first_run();
  expect_refusal(run({"adain", "stylize", "--run", first_run(), "--content", "generated:scenes:3",
                      "--style", "generated:paintings:1", "-o", "x.png"}),
                 message);
  succeed({"report", "s.toml", "-o", "after"});
  expect_in(read_file(program_ / "after/report.md"), message);
  expect_in(read_file(program_ / "after/index.html"), message);
}

TEST_F(AdainCli, ADecoderLeavesAsSafetensorsAndComesBack) {
  ASSERT_EQ(run({"run", "small.toml", "dataset_size=4"}).exit_code, 0);
  EXPECT_EQ(run({"adain", "export", "--run", first_run(), "-o", "decoder.safetensors"}).exit_code,
            0);
  const std::string picture_file = picture().string();
  const auto loss = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"adain", "loss"});
    arguments.insert(arguments.end(),
                     {"--content", picture_file, "--style", picture_file, "--size", "64"});
    const Finished result = succeed(arguments);
    return nlohmann::json::parse(result.out)["total"].get<double>();
  };
  const double of_run = loss({"--run", first_run()});
  EXPECT_GT(of_run, 0);
  expect_refused({"adain", "loss", "--decoder", "decoder.safetensors", "--encoder",
                  EPOCHAL_SOURCE_FOLDER "/assets/encoder-mini.safetensors", "--content",
                  picture_file, "--style", picture_file},
                 "encoder and decoder do not fit together");
}

TEST_F(AdainCli, TrainsOnTheSharedPhotographsAndPaintings) {
  const std::filesystem::path data = EPOCHAL_SOURCE_FOLDER "/../shared/data";
  if (!std::filesystem::is_directory(data / "coco100")) {
    GTEST_SKIP() << "the shared pictures are not here";
  }
  const Finished result =
      run({"run", "small.toml", "content=" + (data / "coco100").string(),
           "style=" + (data / "wikiart100").string(), "dataset_size=12", "epochs=1"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(query().runs().at(0).epochs_done, 1);
}

}  // namespace
}  // namespace epochal::test
