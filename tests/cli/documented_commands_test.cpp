// Every `epochal` command in the code blocks of the README and of docs/, typed into a shell as it
// stands there, in the order of the page. Only names that the pages leave open are put in.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <regex>

#include "tests/cli/program_test.h"
#include "tests/support/foreign_stores.h"

namespace epochal::test {
namespace {

namespace fs = std::filesystem;

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

/// Whether a command goes on in the next line: behind a backslash or within quotation marks.
bool is_unfinished(const std::string& command) {
  return command.ends_with('\\') || std::count(command.begin(), command.end(), '"') % 2 == 1;
}

/// The commands that begin with `epochal` in the page's blocks of shell.
std::vector<std::string> commands_of(const std::string& page) {
  std::istringstream lines(read_file(fs::path(EPOCHAL_SOURCE_FOLDER) / page));
  std::vector<std::string> commands;
  bool in_shell = false;
  bool goes_on = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) {
      in_shell = line == "```sh";
    } else if (in_shell && (goes_on || line.starts_with("epochal "))) {
      const std::string code = trimmed(line.substr(0, line.find("  #")));
      if (goes_on) {
        commands.back() += "\n" + code;
      } else {
        commands.push_back(code);
      }
      goes_on = is_unfinished(commands.back());
    }
  }
  return commands;
}

std::string replaced(const std::string& text, const std::string& what, const std::string& by) {
  return std::regex_replace(text, std::regex(what), by);
}

/// A picture that no other is like: a bitmap of 24 bits a pixel, without compression.
void write_picture(const fs::path& file, unsigned seed) {
  constexpr int kSide = 160;
  std::string bitmap("BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\xA0\0\0\0\xA0\0\0\0\1\0\x18\0", 30);
  bitmap.resize(54);
  std::mt19937 random(seed);
  for (int i = 0; i < 3 * kSide * kSide; ++i) bitmap += static_cast<char>(random());
  write_file(file, bitmap);
}

constexpr char kStudy[] = R"(name = "rates"
experiment = "adain"
epochs = 2
[params]
image_size = 32
validation_size = 4
batch_size = 20
[sweep.grid]
dataset_size = [20, 40]
gamma = [1, 2]
[report]
compare_by = "dataset_size"
)";

class DocumentedCommands : public ProgramTest {
 protected:
  /// Runs a command as the pages have it; what it said is in said().
  int shell(const std::string& command) {
    const std::string bin = fs::path(EPOCHAL_PROGRAM).parent_path().string();
    const std::string folder = program_.folder().string();
    write_file(program_ / "command.sh", "cd '" + folder + "'\nexport PATH='" + bin +
                                            "':$PATH HOME='" + folder +
                                            "/home' PYTHONPATH='" EPOCHAL_SOURCE_FOLDER
                                            "/clients/python'\nunset EPOCHAL_STORE\n" +
                                            command + "\n");
    const int status =
        std::system(("bash '" + folder + "/command.sh' >'" + folder + "/said' 2>&1").c_str());
    return WEXITSTATUS(status);
  }

  std::string said() const { return read_file(program_ / "said"); }

  void expect_success(const std::string& command) {
    EXPECT_EQ(shell(command), 0) << command << "\n" << said();
  }

  /// A sweep of the repository where the pages look for it, with smaller pictures and sets and
  /// fewer epochs.
  void shrink(const std::string& sweep) {
    std::string text = read_file(fs::path(EPOCHAL_SOURCE_FOLDER "/experiments/sweeps") / sweep);
    text = replaced(text, "image_size( *)= (64|96)", "image_size$1= 32");
    text = replaced(text, "= \\[40, 160, 640\\]", "= [10, 15, 20]");
    text = replaced(text, "epochs( *)= 20", "epochs$1= 4");
    text = replaced(text, "steps( *)= 4560", "steps$1= 8");
    text = replaced(text, "validation_size( *)= 256", "validation_size$1= 8");
    write_file(program_ / ("experiments/sweeps/" + sweep), text);
  }

  /// What the pages take for granted: runs, tags, pictures, another tool's files.
  void prepare() {
    for (const char* sweep : {"quick.toml", "study-mini.toml"}) shrink(sweep);
    prepare_programs();
    write_file(program_ / "study.toml", kStudy);
    write_file(program_ / "noop.toml", "name = 'n'\nexperiment = 'noop'\n");
    write_file(program_ / "old.csv",
               "run,epoch,params.rate,metrics.loss\na,1,0.5,2.5\na,2,0.5,1.5\n");
    expect_success("epochal run study.toml");
    expect_success("epochal run noop.toml");
    for (const char* tag : {"round=2", "good"}) {
      expect_success(std::string("epochal tag ") + tag + " --where \"run.sweep = 'rates'\"");
    }
    expect_success("epochal export --to mlflow ~/old/mlruns");
    test::write_tensorboard_logs(program_ / "home/old/logs");
    test::write_wandb_runs(program_ / "home/old/wandb");
    test::write_optuna_database(program_ / "study.db");

    const std::vector<store::RunRecord> runs = query().runs();
    ASSERT_EQ(runs.size(), 5u);
    first_ = runs.at(0).short_identity();
    second_ = runs.at(1).short_identity();

    for (unsigned i = 0; i < 130; ++i) {
      write_picture(program_ / ("home/photos/" + std::to_string(i) + ".bmp"), i);
      write_picture(program_ / ("home/paintings/" + std::to_string(i) + ".bmp"), 500 + i);
    }
  }

  /// The programs of "Run any program", each block of which begins with the name of its file; and
  /// the script that the sweep file takes for granted.
  void prepare_programs() {
    const std::string page = read_file(EPOCHAL_SOURCE_FOLDER "/README.md");
    for (const std::string name : {"rates.toml", "lines.sh", "client.py"}) {
      const std::size_t begin = page.find("\n# " + name + "\n");
      ASSERT_NE(begin, std::string::npos) << name;
      write_file(program_ / name, page.substr(begin + 1, page.find("\n```", begin) - begin));
    }
    write_file(program_ / "train.py",
               "import sys\nfor epoch in range(1, int(sys.argv[4]) + 1):\n"
               "    print(f'epoch {epoch} of {sys.argv[4]}: loss={float(sys.argv[2]) / epoch}')\n");
  }

  std::string with_names(std::string command) const {
    command = replaced(command, "RUN RUN", first_ + " " + second_);
    return replaced(command, "\\bRUN\\b", second_);
  }

  /// Types all of the page.
  void follow(const std::string& page) {
    const std::vector<std::string> commands = commands_of(page);
    EXPECT_FALSE(commands.empty()) << page;
    for (const std::string& command : commands) {
      if (command.find("--pdf") != std::string::npos && shell("command -v chromium") != 0) {
        EXPECT_EQ(shell(command), 2) << command;
        expect_in(said(), "chromium");
        continue;
      }
      expect_success(
          with_names(command.starts_with("epochal ui") ? until_asked(command) : command));
    }
  }

  /// A server ends when it is asked to.
  static std::string until_asked(const std::string& command) {
    return "timeout --preserve-status --signal=INT 2 " + command;
  }

  std::string first_;
  std::string second_;
};

TEST_F(DocumentedCommands, WorkAsTheyStandThere) {
  prepare();
  int epochs = 1;
  for (const char* page :
       {"README.md", "docs/durability.md", "docs/reports.md", "docs/asking.md", "docs/ui.md"}) {
    follow(page);
    // What the next page calls @last is a run of a plugin.
    expect_success("epochal run noop.toml epochs=" + std::to_string(++epochs));
  }
}

TEST_F(DocumentedCommands, AreKnownWhereTextNamesThem) {
  const std::regex named("`epochal ([a-z-]+)");
  int count = 0;
  for (const char* page :
       {"README.md", "docs/architecture.md", "docs/asking.md", "docs/durability.md",
        "docs/plugins.md", "docs/reports.md", "docs/sweeps.md", "docs/ui.md", "docs/api.md",
        "experiments/adain/README.md", "experiments/encoder/README.md", "assets/README.md"}) {
    const std::string text = read_file(fs::path(EPOCHAL_SOURCE_FOLDER) / page);
    for (std::sregex_iterator at(text.begin(), text.end(), named), end; at != end; ++at, ++count) {
      expect_success("epochal " + (*at)[1].str() + " --help");
    }
  }
  EXPECT_GT(count, 0);
}

}  // namespace
}  // namespace epochal::test
