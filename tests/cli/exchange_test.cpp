// Runs for other tools and from them, read back by readers that are not ours.

#include <SQLiteCpp/Database.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <set>

#include "db/cell_value.h"
#include "framework/system/program_output.h"
#include "tests/cli/program_test.h"
#include "tests/support/foreign_stores.h"

namespace epochal::test {
namespace {

using nlohmann::json;

/// Two runs of a word that CSV has to quote, one of which diverges.
class Exchange : public ProgramTest {
 protected:
  Exchange() {
    write_file(program_ / "s.toml",
               "name = 's'\nexperiment = 'noop'\nepochs = 3\n[params]\nword = \"a,\\\"b\\\"\\n"
               "c\"\n[sweep.grid]\nlearning_rate = [0.1, 0.2]\ndiverge_at = [-1, 3]\n");
    EXPECT_EQ(program_.run({"run", "s.toml"}).exit_code, 0);
  }

  json read(const std::string& reader, const std::string& folder) const {
    const std::string script = std::string(EPOCHAL_SOURCE_FOLDER) + "/tests/readers/" + reader;
    return json::parse(output_of({"/usr/bin/python3", script, (program_ / folder).string()}));
  }

  void export_to(const std::string& format, const std::string& where = "") {
    std::vector<std::string> words{"export", "--to", format, format};
    if (!where.empty()) words.insert(words.end(), {"--where", where});
    EXPECT_EQ(succeed(words).out, format + "\n");
  }

  /// Imports two runs of another tool twice, and lists them.
  void expect_import(const std::string& tool, const std::string& path) {
    for (int time = 0; time < 2; ++time) {
      const Finished finished =
          succeed({"import", "--from", tool, path, "--store", "from-" + tool});
      expect_in(finished.err, "imported 2 runs from " + tool);
    }
    EXPECT_EQ(
        run({"sql", "--format", "csv", "--store", "from-" + tool, "select count(*) as n from runs"})
            .out,
        "n\n2\n");
  }

  /// Whether an export lies in the folder that has not ended.
  bool has_unfinished() const {
    for (const auto& entry : std::filesystem::directory_iterator(program_.folder())) {
      if (entry.path().string().find("unfinished") != std::string::npos) return true;
    }
    return false;
  }
};

TEST_F(Exchange, PandasReadsTheCsv) {
  export_to("csv");
  const json read = this->read("read_csv.py", "csv");
  EXPECT_EQ(read["runs"], 4);
  EXPECT_EQ(read["epochs"], 12);
  EXPECT_EQ(read["words"][0], "a,\"b\"\nc");
  EXPECT_EQ(read["nan"], 2);
  double lowest = 1e9;
  for (const store::RunRecord& run : query().runs()) {
    if (run.parameters.real("learning_rate") != 0.2) continue;
    lowest = std::min(lowest, *query().metric_summaries({run.id})[run.id]["val.loss"].lowest);
  }
  EXPECT_EQ(read["lowest"]["0.2"].get<double>(), lowest) << "every digit comes through";
}

TEST_F(Exchange, TensorBoardsFilesHoldScalarsAndParameters) {
  export_to("tensorboard", "params.diverge_at = -1");
  const json read = this->read("read_tensorboard.py", "tensorboard");
  ASSERT_EQ(read.size(), 3u) << "two runs and the experiment";
  EXPECT_EQ(read["."]["experiment"]["metrics"], (json{"train.loss", "val.loss"}));
  EXPECT_EQ(read["."]["experiment"]["hparams"].size(), 8u);
  const store::RunRecord run = query().runs().front();
  const json one = read[run.short_identity()];
  EXPECT_EQ(one["hparams"]["learning_rate"], 0.1);
  EXPECT_EQ(one["hparams"]["word"], "a,\"b\"\nc");
  EXPECT_EQ(one["status"], 1);
  EXPECT_EQ(one["scalars"]["val.loss"].size(), 3u);
  const auto value = static_cast<float>(query().epochs(run.id).at(2).metrics.at("val.loss"));
  EXPECT_EQ(std::stof(one["scalars"]["val.loss"][2][1].get<std::string>()), value);
  EXPECT_EQ(one["scalars"]["val.loss"][2][0], 3);
}

TEST_F(Exchange, TensorBoardsFilesHoldPicturesAndSound) {
  // The head of a PNG of 300 x 200 is all that an event file needs to know of it.
  const std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x2c\0\0\0\xc8\x08\x02\0\0\0", 29);
  // Two channels of 16 bits, 8,000 a second, two frames.
  const std::string wave(
      "RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\1\0\2\0\x40\x1f\0\0\0\x7d\0\0\4\0\x10\0"
      "data\x08\0\0\0........",
      52);
  const store::RunRecord run = query().runs().front();
  const auto keep = [&](const std::string& name, const std::string& file,
                        const std::string& bytes) {
    store::ArtifactRecord sample;
    sample.kind = store::ArtifactRecord::Kind::sample;
    sample.name = name;
    sample.path = "artifacts/" + run.identity.substr(0, 16) + "/" + file;
    sample.sha256 = std::string(64, '0');
    sample.epoch = 2;
    write_file(program_ / "epochal-store" / sample.path, bytes);
    store::Store(program_ / "epochal-store").add_artifact(run.id, sample);
  };
  keep("grid", "grid-epoch-0002.png", png);
  keep("tone", "tone-epoch-0002.wav", wave);
  keep("cut", "cut-epoch-0002.wav", wave.substr(0, 30));
  keep("words", "words-epoch-0002.txt", "a text");
  export_to("tensorboard");
  const json read = this->read("read_tensorboard.py", "tensorboard")[run.short_identity()];
  EXPECT_EQ(read["images"], json::parse(R"([["grid", 2, 300, 200]])"));
  EXPECT_EQ(read["audio"], json::parse(R"([["tone", 2, 8000.0, 2, 2]])"));
}

TEST_F(Exchange, MlflowsStoreHoldsParametersMetricsTagsAndFiles) {
  ASSERT_EQ(program_.run({"tag", "best=yes", "--where", "params.learning_rate = 0.2"}).exit_code,
            0);
  export_to("mlflow");
  const json read = this->read("read_mlflow.py", "mlflow");
  EXPECT_TRUE(read.contains("Default"));
  ASSERT_EQ(read["noop"].size(), 4u);
  const store::RunRecord run = query().runs().back();
  const json one = read["noop"][run.short_identity()];
  EXPECT_EQ(one["status"], 3);
  EXPECT_EQ(one["params"]["learning_rate"], "0.2");
  EXPECT_EQ(one["tags"]["best"], "yes");
  EXPECT_EQ(one["metrics"]["val.loss"][2], (json{3, "nan"})) << "it diverged";
  EXPECT_EQ(one["metrics"]["val.loss"][0][0], 1);
  EXPECT_NE(one["artifacts"].dump().find("checkpoints/epoch-0003/state.json"), std::string::npos)
      << one["artifacts"];
}

TEST_F(Exchange, JsonHoldsEverything) {
  export_to("json");
  const json read = json::parse(read_file(program_ / "json/runs.json"));
  ASSERT_EQ(read.size(), 4u);
  EXPECT_EQ(read[1]["epochs"][2]["metrics"]["val.loss"], "nan");
  EXPECT_EQ(read[0]["params"]["word"], "a,\"b\"\nc");
  EXPECT_TRUE(read[0]["attempts"][0]["command"].get<std::string>().find("run s.toml") !=
              std::string::npos);
}

TEST_F(Exchange, WhatIsExportedComesBack) {
  const auto curves = [](const store::Query& store) {
    std::multiset<std::string> found;
    for (const store::RunRecord& run : store.runs()) {
      std::string text =
          to_text(*run.parameters.find("learning_rate")) + run.parameters.text("word");
      for (const store::EpochRecord& epoch : store.epochs(run.id)) {
        for (const auto& [name, value] : epoch.metrics) {
          if (name.starts_with("val")) text += name + store::csv_value(value);
        }
      }
      found.insert(text);
    }
    return found;
  };
  for (const std::string format : {"csv", "mlflow"}) {
    export_to(format);
    const std::vector<std::string> words{"import", "--from",  format,
                                         format,   "--store", "from-" + format};
    EXPECT_EQ(program_.run(words).exit_code, 0);
    succeed(words);
    const store::Query imported = query("from-" + format);
    EXPECT_EQ(curves(imported), curves(query())) << format;
    EXPECT_EQ(imported.tags(imported.runs().front().id).at("imported_from"), format);
    const Finished listed = program_.run({"ls", "--store", "from-" + format, "--where",
                                          "metrics.val.loss = nan and params.learning_rate = 0.2"});
    expect_in(listed.out, "nan");
  }
}

TEST_F(Exchange, ImportsLogsOfTensorBoardAndSaysWhichRunIsDamaged) {
  write_tensorboard_logs(program_ / "logs");
  expect_import("tensorboard", "logs");

  write_file(program_ / "logs/two/events.out.tfevents.1.host", std::string(100, 'x'));
  const Finished finished =
      program_.run({"import", "--from", "tensorboard", "logs", "--store", "damaged"});
  EXPECT_EQ(finished.exit_code, 1);
  expect_in(finished.err, "the record at byte 0 is damaged");
  expect_in(finished.err, "imported 1 runs from tensorboard");
}

TEST_F(Exchange, ImportsOfflineRunsOfWandb) {
  write_wandb_runs(program_ / "wandb");
  expect_import("wandb", "wandb");
}

TEST_F(Exchange, ImportsTrialsOfOptuna) {
  write_optuna_database(program_ / "optuna.db");
  expect_import("optuna", "optuna.db");
}

TEST_F(Exchange, ImportsTheDatabaseOfMlflow) {
  write_mlflow_database(program_ / "mlflow.db");
  expect_import("mlflow", "mlflow.db");
}

TEST_F(Exchange, NamesThatOtherToolsFoldStayApart) {
  write_file(program_ / "x.csv",
             "run,epoch,started,params.x,metrics.a/b,metrics.a_b,metrics.a:b,"
             "metrics.learning_rate,learning_rate\nr,1,1800000000,1,1,2,3,4,5\n");
  ASSERT_EQ(program_.run({"import", "--from", "csv", "x.csv", "--store", "n"}).exit_code, 0);
  for (const std::string format : {"mlflow", "tensorboard"}) {
    ASSERT_EQ(program_.run({"export", "--to", format, format, "--store", "n"}).exit_code, 0);
  }
  const json one = *read("read_mlflow.py", "mlflow")["imported"].begin();
  EXPECT_EQ(one["metrics"]["a_b"].dump(), R"([[1,"2.0"]])");
  EXPECT_EQ(one["metrics"]["a_b_2"].dump(), R"([[1,"1.0"]])");
  EXPECT_EQ(one["metrics"]["a_b_3"].dump(), R"([[1,"3.0"]])");
  EXPECT_EQ(one["tags"]["epochal.metric.a_b_2"], "a/b");
  EXPECT_EQ(one["metrics"]["learning_rate"].dump(), R"([[1,"4.0"]])");
  json scalars;
  const json written = read("read_tensorboard.py", "tensorboard");
  for (const auto& [folder, files] : written.items()) {
    if (folder != ".") scalars = files["scalars"];
  }
  for (const char* name : {"a/b", "a_b", "a:b", "learning_rate"}) {
    EXPECT_EQ(scalars[name].size(), 1u) << name << scalars;
  }
}

TEST_F(Exchange, MlflowBringsBackNamesValuesSecondsAndStates) {
  const std::string long_name(230, 'n');
  write_file(program_ / "x.csv",
             "run,status,epoch,started,seconds,learning_rate,params.a/b,params.a_b,tags.x/y,"
             "metrics.a/b,metrics.a_b,metrics.epoch_seconds,metrics.learning_rate,metrics." +
                 long_name +
                 "/\n"
                 "one,stopped,1,1800000000,2.5,0.5,1,2,t,1.25,2,3,4,5\n"
                 "one,stopped,2,1800000010,3.5,0.25,1,2,t,nan,inf,-7,8,9\n"
                 "two,failed,1,1800000000,1.5,,1,3,t,1,,,,\n"
                 "three,finished,3,1800000000,0,0.5,1,4,t,,,,,\n"
                 "four,interrupted,1,1800000000,1.5,0.1,1,5,t,1,,,,\n");
  ASSERT_EQ(program_.run({"import", "--from", "csv", "x.csv", "--store", "n"}).exit_code, 0);
  ASSERT_EQ(program_.run({"export", "--to", "mlflow", "m", "--store", "n"}).exit_code, 0);
  succeed({"import", "--from", "mlflow", "m", "--store", "again"});

  const auto told = [](const store::Query& store) {
    std::map<std::string, std::string> runs;
    for (const store::RunRecord& run : store.runs()) {
      auto tags = store.tags(run.id);
      std::string& text = runs[tags.at("imported_name")];
      text = std::string(name_of(run.status)) + '\n';
      for (const auto& [name, value] : run.parameters.all()) text += name + to_text(value) + '\n';
      std::erase_if(tags, [](const auto& tag) {
        return tag.first == "imported_from" || tag.first == "epochal.identity" ||
               tag.first == "epochal.group";
      });
      for (const auto& [name, value] : tags) text += name + "=" + value + '\n';
      for (const store::EpochRecord& epoch : store.epochs(run.id)) {
        text += fmt::format("{} {:.3f} {} {}\n", epoch.number, epoch.started_at,
                            epoch.seconds.count(), epoch.learning_rate.value_or(-1));
        for (const auto& [name, value] : epoch.metrics)
          text += name + store::csv_value(value) + '\n';
      }
    }
    return runs;
  };
  EXPECT_EQ(told(query("again")), told(query("n")));
  EXPECT_EQ(told(query("again")).size(), 4u);
}

TEST_F(Exchange, StatesThatMlflowDoesNotHaveAreRefused) {
  write_file(program_ / "m/meta.yaml", "run_id: r\nstatus: dancing\n");
  const Finished refused = program_.run({"import", "--from", "mlflow", "m", "--store", "n"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(
      refused.err.find("m/meta.yaml: 'dancing' is not a status of a run; MLflow has 1 running"),
      std::string::npos)
      << refused.err;
}

TEST_F(Exchange, AStoppedExportLeavesNothingAndSaysSo) {
  bool was_stopped = false;
  for (int i = 0; i < 40 && !was_stopped; ++i) {
    const pid_t pid = program_.start({"export", "--to", "mlflow", "out"});
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    while (!has_unfinished() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    kill(pid, i % 2 == 0 ? SIGINT : SIGTERM);
    const int exit_code = exit_code_of(pid);
    was_stopped = exit_code == 3;
    if (was_stopped) {
      expect_in(program_.err(), "stopped: nothing was exported");
      EXPECT_FALSE(std::filesystem::exists(program_ / "out"));
    }
    EXPECT_FALSE(exit_code >= 0 && has_unfinished());
    std::filesystem::remove_all(program_ / "out");
  }
  EXPECT_TRUE(was_stopped);
}

TEST_F(Exchange, FormulasOfStrangersAreTextInASpreadsheet) {
  ASSERT_EQ(program_.run({"tag", "word==HYPERLINK(1)", "--where", "run.seed = 0"}).exit_code, 0);
  export_to("csv");
  expect_in(read_file(program_ / "csv/runs.csv"), ",'=HYPERLINK(1)");
  ASSERT_EQ(program_.run({"import", "--from", "csv", "csv", "--store", "n"}).exit_code, 0);
  const store::Query imported = query("n");
  EXPECT_EQ(imported.tags(imported.runs().front().id).at("word"), "=HYPERLINK(1)");
}

TEST_F(Exchange, RunsHaveTheLastAndTheBestOfEachMetric) {
  export_to("csv");
  const store::Query here = query("epochal-store");
  const store::RunRecord run = here.runs().front();
  const store::MetricSummary loss = here.metric_summaries({run.id})[run.id]["val.loss"];
  const std::string text = read_file(program_ / "csv/runs.csv");
  const std::string header = text.substr(0, text.find('\n'));
  expect_in(header, ",last.train.loss,best.train.loss,last.val.loss,best.val.loss");
  expect_in(text, fmt::format(",{},{}\n", loss.last, *loss.lowest));
  ASSERT_EQ(program_.run({"import", "--from", "csv", "csv", "--store", "n"}).exit_code, 0);
  EXPECT_EQ(query("n").metric_names({query("n").runs().front().id}).size(), 2u)
      << "they follow from the epochs";
}

TEST_F(Exchange, SpreadsheetsMarksAndLargeSeedsAreRead) {
  write_file(program_ / "x.csv",
             "\xef\xbb\xbfrun,epoch,seed,metrics.l\r\na,1,9007199254740993,1\r\n");
  ASSERT_EQ(program_.run({"import", "--from", "csv", "x.csv", "--store", "n"}).exit_code, 0);
  EXPECT_EQ(query("n").runs().front().seed, 9007199254740993U);
}

TEST_F(Exchange, AKilledExportLeavesNothingUnderItsName) {
  for (int milliseconds = 0; milliseconds < 30; milliseconds += 2) {
    const pid_t pid = program_.start({"export", "--to", "mlflow", "out"});
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    if (!std::filesystem::exists(program_ / "out")) continue;
    EXPECT_EQ(read("read_mlflow.py", "out")["noop"].size(), 4u);
    std::filesystem::remove_all(program_ / "out");
  }
  succeed({"export", "--to", "mlflow", "out"});
  EXPECT_FALSE(has_unfinished());
}

TEST_F(Exchange, AnEmptyFolderThatIsThereIsFilled) {
  std::filesystem::create_directory(program_ / "csv");
  export_to("csv");
  EXPECT_TRUE(std::filesystem::exists(program_ / "csv/runs.csv"));
  EXPECT_FALSE(has_unfinished());
}

TEST_F(Exchange, RowsThatBreakARuleOfTheStoreAreRefusedInASentence) {
  ASSERT_EQ(program_.run({"run", "s.toml", "--store", "other"}).exit_code, 0);
  SQLite::Database(program_ / "other/epochal.db", SQLite::OPEN_READWRITE)
      .exec(
          "pragma foreign_keys = off; pragma ignore_check_constraints = on; "
          "update epoch set number = -number; update metric set epoch = -epoch; "
          "update utilisation set epoch = -epoch");
  expect_refused({"merge", "other", "--store", "new"},
                 "violate a rule of the store: CHECK constraint failed: number > 0");
  EXPECT_TRUE(query("new").runs().empty());
}

TEST_F(Exchange, RefusesWhatItCannotRead) {
  const auto refused = [&](const std::string& text, const std::string& part) {
    write_file(program_ / "x.csv", text);
    expect_refused({"import", "--from", "csv", "x.csv", "--store", "new"}, part);
  };
  refused("", "x.csv: the file is empty");
  refused("run,lr\na,1\n", "x.csv:1: column 'lr' is unknown; rename it to params.lr, metrics.lr");
  refused("epoch,metrics.x\n1,1\n", "x.csv:1: there is no column 'run'");
  refused("run,epoch,metrics.x\na,1,1\na,2,zwei\n", "x.csv:3: 'zwei' in column metrics.x");
  refused("run,epoch,metrics.x\na,0,1\n", "x.csv:2: '0' is not an epoch number");
  refused("run,epoch\na\n", "x.csv:2: the row has 1 fields, but the header has 2");
  refused("run,epoch\n\"a,1\n",
          "x.csv:2: a quote that opens in this row is never closed; quote a field");
  refused("run,epoch\n\na\"b\"c,1\n",
          "x.csv:3: there is a quote where none is allowed; quote a field that has a comma");
  refused("run,epoch,tags.t\na,1,\"x\ny\"\na,2,\"x\ny\"\na,zwei,t\n",
          "x.csv:6: 'zwei' is not an epoch number");
  refused("run,epoch\ra,1\ra,zwei\r", "x.csv:3: 'zwei'");
  refused("run,epoch,metrics.x\na,1,1\nb,1,1\na,1,2\n",
          "x.csv:4: epoch 1 of run a is given twice, first at x.csv:2; keep one");
  refused("run,epoch,params.lr\na,1,0.1\na,2,0.2\n",
          "x.csv:3: run a has '0.2' in column params.lr here and '0.1' at x.csv:2; make them");
  refused("run,epoch,seed\na,1,1\na,2,2\n", "x.csv:3: run a has '2' in column seed here");
  refused(
      "run,status\na,fine\n",
      "x.csv:2: 'fine' in column status is not a status of a run; write finished, failed, stopped, "
      "interrupted");
  refused("run,metrics.x\na,1\n",
          "x.csv:2: column metrics.x has a value, but the row has no epoch");
  refused("run,epoch,samples\na,1,1.5\n", "'1.5' in column samples is not a whole number from 0");
  refused("run,epoch,steps\na,1,1e300\n", "'1e300' in column steps is not a whole number from 0");
  for (const char* column : {"seconds", "samples", "steps", "learning_rate", "started"}) {
    refused(fmt::format("run,epoch,{}\na,1,nan\n", column),
            fmt::format("nan in column {} is not a finite number", column));
  }
  for (const char* seed : {"inf", "1.5", "-1", "99999999999999999999"}) {
    refused(fmt::format("run,seed\na,{}\n", seed), fmt::format("'{}' is not a seed", seed));
  }
  refused("run,epoch,seconds\na,1,-1\n", "x.csv:2: seconds are negative");
  refused("run,metrics.l,metrics.l\na,1,2\n", "there are two columns 'metrics.l'");
  EXPECT_FALSE(std::filesystem::exists(program_ / "new")) << "nothing is left";

  expect_in(program_.run({"import", "--from", "mlflow", "."}).err, "no run of MLflow");
  write_file(program_ / "m/1/meta.yaml", "name: [\n");
  expect_in(program_.run({"import", "--from", "mlflow", "m"}).err, "not YAML");
  expect_in(program_.run({"export", "--to", "parquet", "x"}).err, "unknown format 'parquet'");
  expect_in(program_.run({"export", "--to", "csv", "."}).err, "not empty");
  std::filesystem::create_symlink("nowhere", program_ / "dangling");
  expect_in(program_.run({"export", "--to", "csv", "dangling"}).err,
            "dangling: this is a symbolic link to nothing");
  expect_in(program_.run({"export", "--to", "csv", "/dev/null"}).err,
            "/dev/null: this is not a folder; name a new folder");
}

}  // namespace
}  // namespace epochal::test
