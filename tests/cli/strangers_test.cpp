// Stores, repositories and names of strangers: nothing that they bring along is run.

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

class Strangers : public ProgramTest {
 protected:
  void shell(const std::string& script) {
    ASSERT_EQ(program_.shell(script).exit_code, 0) << script << "\n" << program_.err();
  }

  /// A repository with a committed sweep and a text that has changed since.
  void make_repository() {
    shell(
        "rm -rf repo pwned && git init -q repo && cd repo && "
        "printf 'name = \"s\"\\nexperiment = \"noop\"\\n' > s.toml && echo a > f.txt && "
        "git add -A && git -c user.name=a -c user.email=a@b commit -qm one && echo b > f.txt");
  }

  void expect_recorded_and_nothing_run(const std::string& store) {
    succeed({"run", "repo/s.toml", "--store", store});
    EXPECT_FALSE(std::filesystem::exists(program_ / "pwned")) << store;
    const store::Query query(program_ / store);
    const store::Provenance provenance = query.attempts(query.runs().at(0).id).at(0).provenance;
    EXPECT_EQ(provenance.git_commit.size(), 40u) << store;
    EXPECT_TRUE(provenance.git_is_dirty) << store;
  }
};

TEST_F(Strangers, NothingThatARepositoryConfiguresIsRun) {
  const std::string trap = "touch " + (program_ / "pwned").string();
  make_repository();
  shell("cd repo && echo '*.txt filter=evil' > .gitattributes && git config filter.evil.clean '" +
        trap + "; cat' && git config filter.evil.required true");
  expect_recorded_and_nothing_run("of-a-filter");

  make_repository();
  shell("cd repo && printf '#!/bin/sh\\n" + trap +
        "\\n' > .git/hooks/post-index-change && chmod +x .git/hooks/post-index-change && "
        "touch -d '1 hour ago' f.txt");
  expect_recorded_and_nothing_run("of-a-hook");

  make_repository();
  shell("cd repo && git config core.fsmonitor '" + trap + "; false'");
  expect_recorded_and_nothing_run("of-a-monitor");

  make_repository();
  shell("cd repo && git config diff.external '" + trap + "' && git config diff.evil.textconv '" +
        trap + "' && echo '*.txt diff=evil' > .gitattributes && git config core.pager '" + trap +
        "' && git config core.sshCommand '" + trap + "'");
  expect_recorded_and_nothing_run("of-a-diff");

  make_repository();
  shell(
      "cd repo && git init -q sub && cd sub && echo x > y && git add -A && "
      "git -c user.name=a -c user.email=a@b commit -qm x && cd .. && "
      "git -c user.name=a -c user.email=a@b add sub 2>/dev/null && "
      "git -c user.name=a -c user.email=a@b commit -qm sub && "
      "git -C sub config core.fsmonitor '" +
      trap + "; false'");
  expect_recorded_and_nothing_run("of-a-submodule");
}

TEST_F(Strangers, ARepositoryShowsNoFilesOfAnotherFolder) {
  make_repository();
  shell("mkdir home && echo secret > home/f.txt && git -C repo config core.worktree '" +
        (program_ / "home").string() + "'");
  ASSERT_EQ(program_.run({"run", "repo/s.toml"}).exit_code, 0);
  const store::Query query(program_ / "epochal-store");
  EXPECT_EQ(query.attempts(query.runs().at(0).id).at(0).provenance.git_commit, "");
  EXPECT_NE(std::system(("grep -rq secret " + (program_ / "epochal-store").string()).c_str()), 0);
}

TEST_F(Strangers, AFolderNamedLikeACommandIsOnlyAFolder) {
  write_file(program_ / "s.toml",
             "name = 's'\nexperiment = 'noop'\nepochs = 3\n[sweep.grid]\nword = [\"it''s\", 'b']\n"
             "[report]\ncompare_by = 'word'\n");
  ASSERT_EQ(program_.run({"run", "s.toml"}).exit_code, 0);
  const std::string folder = "x\nsystem \"touch pwned\"\n#";
  succeed({"report", "s.toml", "-o", folder});
  EXPECT_TRUE(std::filesystem::exists(program_ / folder / "figures"));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(program_.folder())) {
    EXPECT_NE(entry.path().filename(), "pwned");
  }
}

TEST_F(Strangers, FoldersThatAreGoneAreSaidInASentence) {
  write_file(program_ / "s.toml", "name = 's'\nexperiment = 'noop'\n");
  program_.environment["TMPDIR"] = "/nonexistent";
  succeed({"run", "s.toml"});
  program_.environment.clear();

  expect_refusal(
      program_.shell("mkdir gone && cd gone && rmdir ../gone && epochal run ../s.toml epochs=2"),
      "the store cannot be created: No such file");
}

TEST_F(Strangers, MetricsAtTheEndsOfDoublePrecisionMakeAReport) {
  for (const std::string values :
       {"5e-324,1e-322", "1.7e308,1.7e308", "1e308,-1e308", "0,5e-324", "-inf,inf", "nan,1e308"}) {
    const std::size_t comma = values.find(',');
    write_file(program_ / "x.csv", "run,epoch,metrics.val.loss\na,1," + values.substr(0, comma) +
                                       "\na,2," + values.substr(comma + 1) + "\n");
    std::filesystem::remove_all(program_ / "epochal-store");
    ASSERT_EQ(program_.run({"import", "--from", "csv", "x.csv"}).exit_code, 0) << values;
    const Finished reported =
        program_.run({"report", "--where", "run.experiment = 'imported'", "-o", "out"});
    EXPECT_EQ(reported.exit_code, 0) << values << ": " << reported.err;
  }
}

}  // namespace
}  // namespace epochal::test
