// Asking the past: lists, comparisons, tags, the trash, SQL.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "framework/system/program_output.h"
#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

using nlohmann::json;

const std::string kTwoRates =
    "name = 's'\nexperiment = 'noop'\nepochs = 4\nseeds = [0, 1, 2]\n"
    "[sweep.grid]\nlearning_rate = [0.1, 0.5]\n";

class Asking : public ProgramTest {
 protected:
  Asking() {
    write_file(program_ / "s.toml", kTwoRates);
    EXPECT_EQ(program_.run({"run", "s.toml", "--jobs", "2"}).exit_code, 0);
  }

  /// What a command that must succeed prints.
  std::string ask(const std::vector<std::string>& words) { return succeed(words).out; }

  std::string id(std::size_t run) const { return query().runs().at(run).short_identity(); }
};

std::int64_t lines(const std::string& text) {
  return std::count(text.begin(), text.end(), '\n');
}

TEST_F(Asking, ListsFilteredSortedAndGrouped) {
  const std::string all = ask({"ls"});
  EXPECT_EQ(lines(all), 3) << "seeds share a line: " << all;
  expect_in(all, "3 seeds");
  expect_in(all, "±");
  expect_in(all, "12/12");
  EXPECT_EQ(lines(ask({"ls", "--each"})), 7);
  EXPECT_EQ(lines(ask({"ls", "--each", "--where", "params.learning_rate = 0.5 and seed < 2"})), 3);
  EXPECT_EQ(lines(ask({"ls", "--each", "--limit", "4"})), 5);
  const std::string best = ask({"ls", "--each", "--sort", "metrics.val.loss", "--columns",
                                "params.learning_rate,metrics.val.loss.min,run.seed"});
  expect_in(best.substr(0, best.find('\n')), "learning_rate  val.loss.min  seed");
  EXPECT_LT(best.find("0.5"), best.find("0.1 "));
  EXPECT_EQ(lines(ask({"ls", "--where", "status = 'failed'"})), 1) << "only headings";
}

TEST_F(Asking, ListsForPrograms) {
  const std::string csv = ask({"ls", "--format", "csv", "--columns", "run,metrics.val.loss"});
  EXPECT_EQ(csv.substr(0, csv.find('\n')), "run,metrics.val.loss");
  EXPECT_EQ(lines(csv), 7);
  const json runs = json::parse(ask({"ls", "--format", "json"}));
  ASSERT_EQ(runs.size(), 6u);
  const store::RunId first = query().runs().front().id;
  EXPECT_EQ(runs[0]["metrics.val.loss"].get<double>(),
            query().metric_summaries({first})[first]["val.loss"].last)
      << "every digit";
  EXPECT_EQ(runs[0]["params.dataset_size"], 100);
  std::istringstream ndjson(ask({"ls", "--format", "ndjson", "--columns", "seed"}));
  std::string line;
  std::getline(ndjson, line);
  EXPECT_EQ(json::parse(line), (json{{"seed", 0}}));
}

TEST_F(Asking, AFullDiskBehindTheOutputIsTold) {
  EXPECT_EQ(program_.shell("epochal ls > /dev/full 2> said").exit_code, 3);
  EXPECT_EQ(
      read_file(program_ / "said"),
      "epochal: the output: the disk is full; free some space and run the same command again\n");
}

TEST_F(Asking, RefusesWordsThatNobodyReads) {
  for (const char* command : {"ls", "best", "doctor", "du", "gc"}) {
    expect_refused({command, "extra"},
                   "'extra' is not expected here; usage: epochal " + std::string(command));
  }
}

TEST_F(Asking, HelpTakesACommand) {
  const Finished helped = succeed({"help", "ls"});
  EXPECT_EQ(helped.out, program_.run({"ls", "--help"}).out);
}

TEST_F(Asking, ANarrowListKeepsSweptParametersAndTheObjective) {
  program_.environment["COLUMNS"] = "40";
  const Finished narrow = program_.run({"ls"});
  for (const char* heading : {"run", "learning_rate", "val.loss"}) expect_in(narrow.out, heading);
  expect_not_in(narrow.out, "status");
}

TEST_F(Asking, LeavesOutColumnsOfANarrowTerminal) {
  program_.environment["COLUMNS"] = "50";
  const Finished narrow = program_.run({"ls"});
  EXPECT_NE(narrow.out, "");
  std::istringstream text(narrow.out);
  for (std::string line; std::getline(text, line);) EXPECT_LE(line.size(), 54u) << line;
  expect_in(narrow.err, "no space for");
}

TEST_F(Asking, PointsAtWhatIsWrongInAFilter) {
  expect_refused({"ls", "--where", "metrics.val.los < 1"},
                 "filter, column 1: no run has metrics.val.los; did you mean 'val.loss'?");
  expect_refused({"ls", "--where", "x'; drop table run; --"}, "column 2: the ' that opens here");
  expect_refused({"ls", "--columns", "params.gama"}, "no listed run has 'params.gama'");
  expect_refused({"ls", "--sort", "run.sed"}, "did you mean 'seed'?");
  expect_refused({"ls", "--format", "xml"}, "unknown format 'xml'");
}

TEST_F(Asking, ComparesWhatDiffers) {
  const std::string two = ask({"compare", id(0), id(3)});
  expect_in(two, "learning_rate");
  expect_in(two, "val.loss");
  expect_not_in(two, "dataset_size");
  expect_not_in(two, "seed");
  expect_in(two, "sources, environment, hardware and data are the same");
  const std::string all = ask({"compare", "--where", "seed in (0, 1)"});
  expect_in(all, "seed");
  expect_refused({"compare", id(0)}, "only one run to compare");
  expect_refused({"compare"}, "no run was named");
}

TEST_F(Asking, TellsTwoRunsApart) {
  const std::string text = ask({"diff", id(0), id(3)});
  expect_in(text, "- learning_rate           0.1\n+ learning_rate           0.5\n");
  expect_in(text, "0 of 4 common epochs are bit-identical");
  expect_in(text, "first difference in epoch 1");
  expect_in(ask({"diff", id(0), id(0)}), "4 of 4 common epochs");
}

TEST_F(Asking, FindsTheBestOfEachValue) {
  const std::string best = ask({"best", "--metric", "val.loss", "--by", "learning_rate"});
  EXPECT_EQ(lines(best), 3);
  expect_in(best, "mean");
  expect_refused({"best", "--metric", "val.los"}, "did you mean 'val.loss'?");
  expect_refused({"best", "--by", "gama"}, "--by: no listed run has");
}

TEST_F(Asking, OneAsAWholeNumberAndAsARealOneIsOneValue) {
  write_file(program_ / "x.csv",
             "run,epoch,seed,status,params.n,metrics.val.loss\na,1,0,finished,1,3\n"
             "b,1,1,finished,1.0,2\nc,1,0,finished,2,1\nd,1,1,finished,2,1.5\n");
  ask({"import", "--from", "csv", "x.csv", "--store", "n"});
  EXPECT_EQ(lines(ask({"best", "--lowest", "--by", "n", "--store", "n"})), 3);
  expect_in(ask({"ls", "--store", "n"}), " n ");
  ask({"report", "--compare-by", "n", "--store", "n", "-o", "out", "--where", "seed >= 0"});
  expect_in(read_file(program_ / "out/report.md"), "compared by n");
}

TEST_F(Asking, LimitsWhatIsShownAfterSeedsAreGrouped) {
  const std::string one = ask({"ls", "--limit", "1"});
  EXPECT_EQ(lines(one), 2);
  expect_in(one, "3 seeds");
  const std::string whole = ask({"best", "--metric", "val.loss"});
  EXPECT_EQ(ask({"best", "--metric", "val.loss", "--limit", "1"}), whole)
      << "a limit does not hide the best";
  for (const char* direction : {"", "--highest"}) {
    std::vector<std::string> words{"best", "--metric", "val.loss", "--limit", "1"};
    if (*direction != '\0') words.emplace_back(direction);
    const std::string of_all = ask(words);
    words.insert(words.end(), {"--by", "learning_rate"});
    const std::string best = ask(words);
    EXPECT_EQ(lines(best), 2);
    expect_in(best, of_all.substr(of_all.find('\n') + 1, 10));
  }
}

TEST_F(Asking, FindsARunByTheDigitsThatNameIt) {
  const auto named = [&](const std::string& where) {
    return ask({"ls", "--each", "--columns", "run", "--format", "csv", "--where", where});
  };
  const std::string whole = query().runs().front().identity;
  const std::string run = query().runs().front().short_identity();
  for (const std::string& digits : {run, whole, whole.substr(0, 6)}) {
    EXPECT_EQ(named("run = '" + digits + "'"), "run\n" + run + "\n") << digits;
  }
  EXPECT_EQ(lines(named("run != '" + run + "'")), 6);
  EXPECT_EQ(lines(named("run in ('" + run + "', '" + query().runs().back().identity + "')")), 3);
  EXPECT_EQ(named("run like '" + run.substr(0, 9) + "%'"), "run\n" + run + "\n");
  EXPECT_EQ(lines(named("run = 'x'")), 1);
  expect_refused({"ls", "--where", "run = ''"},
                 "a run is compared with a text; such as run = '3f9c2a'");
  expect_refused({"ls", "--where", "run = 12"}, "a run is compared with a text");
  ask({"ls", "--sort", "-run"});
}

TEST_F(Asking, SaysWhichRunsHaveNoBest) {
  write_file(program_ / "d.toml", "name='d'\nexperiment='noop'\n[params]\ndiverge_at=1\n");
  EXPECT_EQ(program_.run({"run", "d.toml"}).exit_code, 0);
  const Finished finished = succeed({"best", "--metric", "val.loss"});
  expect_in(finished.err, "1 run has no finite val.loss and is left out");
}

TEST_F(Asking, InfinitiesHaveNoMean) {
  write_file(program_ / "x.csv",
             "run,epoch,seed,status,metrics.val.loss\na,1,0,finished,3\na,2,0,finished,inf\n"
             "b,1,1,finished,2\nb,2,1,finished,2.5\nc,1,2,finished,inf\nc,2,2,finished,inf\n");
  ask({"import", "--from", "csv", "x.csv", "--store", "n"});
  const Finished best = succeed({"best", "--highest", "--store", "n"});
  expect_in(best.out, "2.75 ± 0.35");
  expect_in(best.err, "1 run has no finite val.loss and is left out");
  const std::string listed = ask({"ls", "--store", "n"});
  EXPECT_EQ(listed.find("nan ±"), std::string::npos) << listed;
  expect_in(listed, "2.5 (1 of 3, epoch 2)");
}

TEST_F(Asking, ShowsCurvesAndWhereARunComesFrom) {
  const std::string shown = ask({"show", id(0)});
  expect_in(shown, "█");
  expect_in(shown, "run s.toml --jobs 2");
  expect_in(shown, "sweeps        s");
  expect_in(ask({"log", id(0)}), "epoch 4 of 4 done");
  expect_refused({"log", id(0), "--attempt", "2"}, "--attempt must be");
  EXPECT_EQ(ask({"open", id(0)}),
            (program_ / "epochal-store/artifacts" / query().runs().front().identity.substr(0, 16))
                    .string() +
                "\n");
}

TEST_F(Asking, KeepsTagsAndNotes) {
  EXPECT_EQ(program_.run({"tag", "good=very", id(0), id(1)}).exit_code, 0);
  EXPECT_EQ(program_.run({"tag", "seen", "--where", "seed = 0"}).exit_code, 0);
  EXPECT_EQ(lines(ask({"ls", "--each", "--where", "tags.good = 'very'"})), 3);
  EXPECT_EQ(program_.run({"tag", "good", id(1), "--remove"}).exit_code, 0);
  EXPECT_EQ(lines(ask({"ls", "--each", "--where", "tags.good is not null"})), 2);
  EXPECT_EQ(program_.run({"note", id(0), "looks", "odd\x1b[31m"}).exit_code, 0);
  expect_in(ask({"show", id(0)}), "looks odd\\x1b[31m");
  expect_in(ask({"show", id(0)}), "good=very, seen");
  expect_in(ask({"note", id(0)}), "looks odd");
  expect_refused({"tag", "a b", id(0)}, "is not a tag");
  expect_refused({"tag"}, "NAME is missing");
}

TEST_F(Asking, ATagWithoutATextIsSeen) {
  ask({"tag", "seen", id(0)});
  ask({"tag", "round=2", id(0)});
  const std::string table = ask({"ls", "--each"});
  expect_in(table.substr(0, table.find('\n')), "round  seen");
  expect_in(table, "2      true");
  expect_in(ask({"ls", "--format", "csv", "--columns", "run,tags.seen"}), id(0) + ",true\n");
  expect_in(ask({"ls", "--format", "csv", "--columns", "run,tags.seen"}), id(1) + ",\n");
  const json runs = json::parse(ask({"ls", "--format", "json"}));
  EXPECT_EQ(runs[0]["tags.seen"], true);
  EXPECT_EQ(runs[0]["tags.round"], "2");
  EXPECT_TRUE(runs[1]["tags.seen"].is_null());
  expect_in(ask({"show", id(0)}), "round=2, seen");
  ask({"export", "--to", "csv", "csv"});
  expect_in(read_file(program_ / "csv/runs.csv"), ",2,true");
  ask({"export", "--to", "json", "json"});
  expect_in(read_file(program_ / "json/runs.json"), R"("seen":true)");
  ask({"import", "--from", "csv", "csv", "--store", "again"});
  expect_in(ask({"ls", "--store", "again", "--each", "--where", "tags.seen = ''"}), "true");
}

TEST_F(Asking, NamesAloneDoInFilters) {
  EXPECT_EQ(ask({"ls", "--each", "--where", "val.loss < 100 and learning_rate = 0.5", "--sort",
                 "val.loss", "--columns", "run,val.loss,learning_rate"}),
            ask({"ls", "--each", "--where", "metrics.val.loss < 100 and params.learning_rate = 0.5",
                 "--sort", "metrics.val.loss", "--columns",
                 "run,metrics.val.loss,params.learning_rate"}));
  expect_in(ask({"ls", "--format", "csv", "--columns", "run,val.loss.min"}), "run,val.loss.min\n");
  expect_refused({"ls", "--columns", "val.los"},
                 "'val.los': no run has a field 'val.los'; did you "
                 "mean 'val.loss'?");
  ask({"tag", "learning_rate", id(0)});
  for (const char* option : {"--columns", "--sort"}) {
    expect_refused({"ls", option, "learning_rate"},
                   "'learning_rate' is ambiguous; write params.learning_rate or "
                   "tags.learning_rate");
  }
}

TEST_F(Asking, MovesToTheTrashAndBack) {
  const std::string folder = "epochal-store/artifacts/";
  const auto files = [&](std::size_t run) {
    return std::filesystem::exists(
        program_ / (folder + query().trashed_runs().at(run).identity.substr(0, 16)));
  };
  EXPECT_EQ(program_.run({"rm", "--where", "params.learning_rate = 0.5"}).exit_code, 0);
  EXPECT_EQ(lines(ask({"ls", "--each"})), 4);
  EXPECT_TRUE(files(0));
  EXPECT_EQ(
      program_.run({"rm", "--restore", query().trashed_runs().front().short_identity()}).exit_code,
      0);
  EXPECT_EQ(lines(ask({"ls", "--each"})), 5);

  const std::string gone = query().trashed_runs().front().identity.substr(0, 16);
  const std::string would = ask({"gc", "--dry-run"});
  expect_in(would, "in the trash");
  expect_in(would, "delete 2 runs");
  EXPECT_TRUE(files(0)) << "a dry run removes nothing";
  expect_in(ask({"du"}), "what gc would free");
  EXPECT_EQ(program_.run({"gc"}).exit_code, 0);
  EXPECT_TRUE(query().trashed_runs().empty());
  EXPECT_FALSE(std::filesystem::exists(program_ / (folder + gone)));
  EXPECT_TRUE(query().health().is_sound());
  expect_in(program_.run({"run", "s.toml"}).err, "2 to do");  // what is gone is run again
  expect_in(ask({"gc", "--dry-run"}), "would free 0 B");
}

TEST_F(Asking, ASweepTakesItsRunsOutOfTheTrash) {
  EXPECT_EQ(program_.run({"rm", id(0)}).exit_code, 0);
  expect_in(program_.run({"run", "s.toml"}).err, "0 to do, 6 finished before");
  EXPECT_EQ(lines(ask({"ls", "--each"})), 7);
}

TEST_F(Asking, CollectsOnlyGarbage) {
  const std::string stray = "epochal-store/artifacts/0123456789abcdef";
  write_file(program_ / (stray + "/x"), "stray");
  write_file(program_ / "epochal-store/scratch-999999999/x", "left");
  const store::RunRecord run = query().runs().front();
  const std::string folder = "epochal-store/artifacts/" + run.identity.substr(0, 16);
  write_file(program_ / (folder + "/checkpoint-0009.tmp/state"), "half");
  const std::size_t artifacts = query().artifacts(run.id).size();
  EXPECT_EQ(program_.run({"gc"}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(program_ / stray)) << "its record may be about to come";
  for (const std::string& old : {stray, stray + "/x", folder + "/checkpoint-0009.tmp",
                                 folder + "/checkpoint-0009.tmp/state"}) {
    const auto two_hours_ago =
        std::filesystem::file_time_type::clock::now() - std::chrono::hours(2);
    std::filesystem::last_write_time(program_ / old, two_hours_ago);
  }
  EXPECT_EQ(program_.run({"gc"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(program_ / stray));
  EXPECT_FALSE(std::filesystem::exists(program_ / "epochal-store/scratch-999999999"));
  EXPECT_FALSE(std::filesystem::exists(program_ / (folder + "/checkpoint-0009.tmp")));
  for (const store::ArtifactRecord& artifact : query().artifacts(run.id)) {
    EXPECT_TRUE(std::filesystem::exists(program_ / "epochal-store" / artifact.path));
  }
  EXPECT_EQ(query().artifacts(run.id).size(), artifacts);
}

TEST_F(Asking, AnswersSqlAndChangesNothing) {
  expect_in(ask({"sql", "select count(*) as n from runs"}), "6");
  EXPECT_EQ(ask({"sql",
                 "select params ->> 'learning_rate' as rate, metrics ->> '$.\"val.loss\"' > 0 as "
                 "positive from runs where seed = 0 order by 1",
                 "--format", "csv"}),
            "rate,positive\n0.1,1\n0.5,1\n");
  EXPECT_EQ(lines(ask({"sql", "select run, epoch, value from curves where metric = 'val.loss'",
                       "--format", "ndjson"})),
            24);
  expect_in(ask({"sql", "select * from best_epochs where epoch = 4"}), "val.loss");
  expect_refused({"sql", "delete from run"}, "the SQL may only read");
  expect_refused({"sql", "pragma user_version = 7"}, "the SQL may only read");
  expect_refused({"sql", "attach 'x.db' as x"}, "the SQL may only read");
  expect_refused({"sql", "select 1; delete from run"}, "more than one statement");
  expect_refused({"sql", "select colour from runs"}, "SQL, byte 8: no such column: colour");
  expect_refused({"sql",
                  "with recursive n(i) as (select 1 union all select i + 1 from n) select "
                  "count(*) from n",
                  "--timeout", "0.2s"},
                 "took too long");
  expect_refused({"sql", " "}, "there is no SQL");
  EXPECT_FALSE(std::filesystem::exists(program_ / "x.db"));
  EXPECT_EQ(query().runs().size(), 6u);
}

TEST_F(Asking, KeepsChangesToTheSources) {
  ASSERT_EQ(program_
                .shell("echo x > net.py && git init -q . && git add net.py && "
                       "git -c user.name=a -c user.email=a@b commit -qm x")
                .exit_code,
            0);
  write_file(program_ / "net.py", "x = '\xe9'\n");
  EXPECT_EQ(program_.run({"run", "s.toml", "epochs=5"}).exit_code, 0);
  const store::RunRecord run = query().runs().front();
  const store::AttemptRecord attempt = query().attempts(run.id).back();
  EXPECT_EQ(attempt.provenance.git_commit.size(), 40u);
  EXPECT_TRUE(attempt.provenance.git_is_dirty);
  EXPECT_EQ(attempt.provenance.directory, program_.folder().string());
  const auto artifacts = query().artifacts(run.id);
  const auto diff = std::find_if(artifacts.begin(), artifacts.end(), [](const auto& artifact) {
    return artifact.kind == store::ArtifactRecord::Kind::diff;
  });
  ASSERT_NE(diff, artifacts.end());
  expect_in(read_file(program_ / "epochal-store" / diff->path), "+x = '\xe9'\n");
  expect_in(ask({"show", run.identity}), "with changes: see the artifact");
}

TEST_F(Asking, NamesOfStrangersCannotDriveATerminal) {
  store::Store store(program_ / "epochal-store");
  store.connection().database().exec(
      "update parameter set type = 'text', value = char(27) || '[2J' || char(10) || 'x' "
      "where name = 'word' and run_id = 1");
  const std::string text = ask({"ls", "--each", "--columns", "run,params.word"});
  expect_in(text, "\\x1b[2J\\nx");
  expect_not_in(text, "\x1b");
}

TEST_F(Asking, CompletesAndExplainsItself) {
  const std::string bash = ask({"completion", "bash"});
  write_file(program_ / "check.sh",
             bash +
                 "COMP_WORDS=(epochal com); COMP_CWORD=1; _epochal; echo ${COMPREPLY[@]}\n"
                 "COMP_WORDS=(epochal ls --wh); COMP_CWORD=2; _epochal; echo "
                 "${COMPREPLY[@]}\nCOMP_WORDS=(epochal run ''); COMP_CWORD=2; _epochal; "
                 "echo ${COMPREPLY[@]}\n");
  EXPECT_EQ(output_of({"bash", "-c", "cd " + program_.folder().string() + " && bash check.sh"}),
            "compare completion\n--where\ns.toml epochal-store\n");
  const auto completed = [&](const std::string& words) {
    write_file(program_ / "check.sh",
               "epochal() { '" + program_.executable + "' \"$@\"; }\n" + bash +
                   "COMP_WORDS=(epochal " + words +
                   "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _epochal; echo ${COMPREPLY[@]}\n");
    return output_of({"bash", "-c", "cd " + program_.folder().string() + " && bash check.sh"});
  };
  ask({"tag", "good=very", id(0)});
  store::Store(program_ / "epochal-store")
      .set_tags(query().runs().at(0).id, {{"bad$(touch pwned)", ""}});
  EXPECT_EQ(completed("run s.toml lea"), "learning_rate=\n");
  EXPECT_EQ(completed("run s.toml se"), "seeds= seed=\n");
  EXPECT_EQ(completed("ls --sort seed,val"), "seed,val.loss\n");
  EXPECT_EQ(completed("ls --where data"), "dataset_size\n");
  EXPECT_EQ(completed("best --metric v"), "val.loss\n");
  EXPECT_EQ(completed("best --by d"), "dataset_size diverge_at\n");
  EXPECT_EQ(completed("tag go"), "good\n");
  EXPECT_EQ(completed("tag ba"), "\n");
  EXPECT_FALSE(std::filesystem::exists(program_ / "pwned"));
  EXPECT_EQ(completed("tag good " + id(0).substr(0, 7)), id(0) + "\n");
  EXPECT_EQ(completed("ls --sweep ''"), "s\n");
  EXPECT_EQ(completed("watch s"), "s.toml s\n");
  EXPECT_EQ(completed("noo"), "noop\n");
  EXPECT_EQ(completed("import --from ''"), "csv mlflow tensorboard wandb optuna\n");
  EXPECT_EQ(completed("export --to t"), "tensorboard\n");
  EXPECT_EQ(completed("ls --format ''"), "table csv json ndjson\n");
  EXPECT_EQ(completed("sql --format ''"), "table csv ndjson\n");
  expect_in(ask({"completion", "zsh"}), "'compare:how runs differ in");
  expect_refused({"completion", "fish"}, "no completion for 'fish'");
  const std::string manual = ask({"man"});
  expect_in(manual, ".TH EPOCHAL 1");
  expect_in(manual, "\\-\\-where");
  for (const char* command : {"run", "ls", "show", "sql", "gc", "export"}) {
    expect_in(manual, std::string(".SS \"epochal ") + command);
  }
}

TEST_F(Asking, ListsNamesWithBackquotesInThem) {
  write_file(program_ / "t.py",
             "import json\nprint('epochal: ' + json.dumps({'epoch': 1, 'a`b.c': 2}))\n");
  write_file(program_ / "c.toml",
             "name = 'c'\nexperiment = 'command'\nepochs = 1\n[command]\n"
             "run = ['python3', 't.py']\n");
  ask({"run", "c.toml"});
  expect_in(ask({"ls", "--sweep", "c"}), "a`b.c");
  expect_in(ask({"ls", "--where", "metrics.`a``b.c` = 2", "--format", "json"}), "a`b.c");
  ask({"report", "c", "-o", "r"});
}

}  // namespace
}  // namespace epochal::test
