// `epochal ui` over a real store, asked by a client as a browser or a program asks.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <signal.h>
#include <sys/socket.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

using nlohmann::json;

const std::string kSweep =
    "name = 's'\nexperiment = 'noop'\nepochs = 4\nseeds = [0, 1]\n"
    "[sweep.grid]\nlearning_rate = [0.1, 0.5]\n"
    "[[claim]]\ntext = 'less is better'\nkind = 'increases'\nmetric = 'val.loss'\n"
    "over = 'learning_rate'\n";

class Ui : public ProgramTest {
 protected:
  Ui() { write_file(program_ / "s.toml", kSweep); }

  ~Ui() override { stop(); }

  void train(const std::vector<std::string>& words = {"run", "s.toml", "--jobs", "2"}) {
    const Finished finished = program_.run(words);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
  }

  /// Appends events from now on to `events`, until they have `last` in them or for 30 seconds.
  std::thread listen(std::string& events, const std::string& last) {
    const std::string cursor = answer("store")["cursor"].dump();
    return std::thread([this, &events, last, cursor] {
      httplib::Client listener("127.0.0.1", port_);
      listener.set_read_timeout(30, 0);
      listener.Get("/api/v1/events?cursor=" + cursor, [&](const char* data, std::size_t length) {
        events.append(data, length);
        return events.find(last) == std::string::npos;
      });
    });
  }

  /// Starts the server; its address is what it prints.
  void serve(const std::vector<std::string>& options = {}) {
    std::vector<std::string> words{"ui", "--port", "0"};
    words.insert(words.end(), options.begin(), options.end());
    std::filesystem::remove(program_ / "stdout");
    pid_ = program_.start(words);
    ASSERT_TRUE(wait_until([&] {
      address_ = read_file(program_ / "stdout");
      return address_.ends_with('\n');
    })) << program_.err();
    address_.pop_back();
    const std::size_t colon = address_.find(':', 6);
    port_ = std::stoi(address_.substr(colon + 1));
    client_ = std::make_unique<httplib::Client>("127.0.0.1", port_);
    client_->set_keep_alive(true);
    client_->set_read_timeout(30, 0);
  }

  void serve_trained(const std::vector<std::string>& options = {}) {
    train();
    serve(options);
  }

  /// Ends it as Ctrl-C does; its exit code.
  int stop() {
    if (pid_ == 0) return -1;
    client_.reset();
    kill(pid_, SIGINT);
    return exit_code_of(std::exchange(pid_, 0));
  }

  httplib::Result get(const std::string& path, const httplib::Headers& headers = {}) {
    httplib::Result result = client_->Get(path, headers);
    EXPECT_TRUE(result) << path << ": " << httplib::to_string(result.error());
    return result;
  }

  json answer(const std::string& path, int status = 200) {
    const httplib::Result result = get("/api/v1/" + path);
    if (!result) return {};
    EXPECT_EQ(result->status, status) << path << ": " << result->body;
    return json::parse(result->body, nullptr, false);
  }

  int change(const std::string& method, const std::string& what, const json& body,
             httplib::Headers headers = {{"X-Epochal", "1"}}) {
    const std::string path = "/api/v1/" + what;
    const httplib::Result result =
        method == "POST" ? client_->Post(path, headers, body.dump(), "application/json")
                         : client_->Delete(path, headers, body.dump(), "application/json");
    if (result) said_ = result->body;
    return result ? result->status : 0;
  }

  std::string run(std::size_t place) { return query().runs().at(place).short_identity(); }

  std::string said_;  ///< by the server, of the last change
  pid_t pid_ = 0;
  int port_ = 0;
  std::string address_;
  std::unique_ptr<httplib::Client> client_;
};

TEST_F(Ui, ServesItsPageUnderAPolicyAndEndsWithCtrlC) {
  serve_trained();
  const httplib::Result page = get("/");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 200);
  expect_in(page->get_header_value("Content-Security-Policy"), "default-src 'none'");
  expect_in(page->get_header_value("Content-Type"), "text/html");
  expect_in(page->body, "/page/dygraph.min.js");
  for (const char* file : {"/page/dygraph.min.js", "/page/main.js", "/page/page.css"}) {
    const httplib::Result part = get(file);
    ASSERT_TRUE(part);
    EXPECT_EQ(part->status, 200) << file;
    EXPECT_EQ(part->get_header_value("X-Content-Type-Options"), "nosniff");
  }
  EXPECT_EQ(get("/page/../../etc/passwd")->status, 404);
  EXPECT_EQ(get("/etc/passwd")->status, 404);
  EXPECT_EQ(stop(), 0) << program_.err();
}

TEST_F(Ui, ListsRunsAsLsDoes) {
  serve_trained();
  const json listed =
      json::parse(program_
                      .run({"ls", "--format", "json", "--columns", "run,seed,metrics.val.loss",
                            "--sort", "-metrics.val.loss", "--where", "learning_rate = 0.5"})
                      .out);
  // The output file of the server is the one of each command: it is running all the same.
  const json table = answer(
      "runs?columns=run,seed,metrics.val.loss&sort=-metrics.val.loss&"
      "where=learning_rate%20%3D%200.5");
  EXPECT_EQ(table["total"], 2);
  ASSERT_EQ(table["rows"].size(), listed.size());
  for (std::size_t i = 0; i < listed.size(); ++i) {
    EXPECT_EQ(table["rows"][i]["cells"][0], listed[i]["run"]);
    EXPECT_EQ(table["rows"][i]["cells"][2], listed[i]["metrics.val.loss"]);
  }
  EXPECT_EQ(table["columns"][2]["better"], "lower");
}

TEST_F(Ui, GroupsSeedsAndCutsPages) {
  serve_trained();
  const json first = answer("runs?limit=1");
  EXPECT_TRUE(std::any_of(first["columns"].begin(), first["columns"].end(), [](const json& column) {
    return column["field"] == "params.learning_rate";
  })) << "it differs between all runs, if not on this page";
  const json grouped = answer("runs?group=seeds&sparklines=val.loss&columns=run,metrics.val.loss");
  EXPECT_EQ(grouped["total"], 2);
  ASSERT_EQ(grouped["rows"].size(), 2);
  const json& row = grouped["rows"][0];
  ASSERT_EQ(row["seeds"].size(), 2);
  expect_in(row["texts"][1].get<std::string>(), "±");
  EXPECT_EQ(row["epochs_done"], 8);
  EXPECT_EQ(row["seeds"][0]["spark"].size(), 4);
  const json second = answer("runs?offset=3&limit=5");
  EXPECT_EQ(second["total"], 4);
  EXPECT_EQ(second["rows"].size(), 1);
}

TEST_F(Ui, SaysWhatIsWrongWithARequest) {
  serve_trained();
  const json filter = answer("runs?where=seed%20%3D%200%20and%20learning_rat%20%3E%201", 400);
  EXPECT_EQ(filter["column"], 14);
  expect_in(filter["advice"].get<std::string>(), "learning_rate");
  expect_in(answer("runs?limit=9999", 400)["error"].get<std::string>(), "1 to 500");
  expect_in(answer("runs?columns=nonsense", 400)["error"].get<std::string>(), "nonsense");
  expect_in(answer("curves?runs=" + run(0), 400)["error"].get<std::string>(), "metric");
  answer("curves?metric=val.loss", 400);
  answer("curves?metric=val.loss&runs=" + run(0) + "&axis=hour", 400);
  answer("curves?metric=val.loss&runs=" + run(0) + "&from=3&to=2", 400);
  answer("curves?metric=val.loss&runs=" + run(0) + "&from=nan", 400);
  answer("runs/0000000000", 404);
  answer("runs/abc", 404);
  answer("runs/@last", 404);
  answer("runs/" + run(0) + "/log?attempt=7", 400);
  answer("runs/" + run(0) + "/artifacts/999999", 404);
  answer("sweeps/none", 404);
  answer("nothing", 404);
  std::string many = run(0);
  for (int i = 0; i < 300; ++i) many += "," + run(0);
  answer("compare?runs=" + many, 400);
}

TEST_F(Ui, TellsEverythingOfARun) {
  serve_trained();
  const store::RunRecord record = query().runs().front();
  const json seen = answer("runs/" + record.identity.substr(0, 6));
  EXPECT_EQ(seen["identity"], record.identity);
  EXPECT_EQ(seen["status"], "finished");
  EXPECT_EQ(seen["params"]["learning_rate"], 0.1);
  EXPECT_EQ(seen["objective"], "val.loss");
  EXPECT_EQ(seen["epochs_table"].size(), 4);
  ASSERT_EQ(seen["attempts"].size(), 1);
  EXPECT_EQ(seen["attempts"][0]["end_reason"], "finished");
  ASSERT_EQ(seen["sweeps"].size(), 1);
  const json log = answer("runs/" + run(0) + "/log");
  expect_in(log["text"].get<std::string>(), "epoch 4 of 4 done");
  const json end = answer("runs/" + run(0) + "/log?from=-5");
  EXPECT_EQ(end["text"].get<std::string>().size(), 5);
  EXPECT_EQ(end["next"], log["bytes"]);
  EXPECT_TRUE(answer("runs/" + run(0) + "/utilisation")["points"].is_array());
}

TEST_F(Ui, ThinsLongCurvesAndKeepsTheirExtremes) {
  write_file(program_ / "s.toml",
             "name = 's'\nexperiment = 'noop'\nepochs = 200\nseeds = [0, 1]\n");
  serve_trained();
  const std::string runs = run(0) + "," + run(1);
  const json whole = answer("curves?metric=val.loss&points=200&runs=" + runs);
  const json thin = answer("curves?metric=val.loss&points=50&runs=" + runs);
  ASSERT_EQ(whole["curves"].size(), 2);
  ASSERT_EQ(thin["curves"].size(), 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const json& all = whole["curves"][i];
    const json& few = thin["curves"][i];
    EXPECT_FALSE(all["is_thinned"]);
    EXPECT_TRUE(few["is_thinned"]);
    EXPECT_EQ(all["y"].size(), 200);
    EXPECT_LE(few["y"].size(), 50);
    EXPECT_GE(few["y"].size(), 45);
    const auto extreme = [](const json& values, bool highest) {
      const auto numbers = values.get<std::vector<double>>();
      return highest ? *std::max_element(numbers.begin(), numbers.end())
                     : *std::min_element(numbers.begin(), numbers.end());
    };
    EXPECT_EQ(extreme(few["low"], false), extreme(all["y"], false));
    EXPECT_EQ(extreme(few["high"], true), extreme(all["y"], true));
  }
  EXPECT_EQ(thin["curves"][0]["x"][3], thin["curves"][1]["x"][3]) << "bins are shared";
  const json part = answer("curves?metric=val.loss&points=50&from=100&to=120&runs=" + run(0));
  EXPECT_EQ(part["curves"][0]["x"].front(), 100);
  EXPECT_EQ(part["curves"][0]["x"].size(), 21);
}

TEST_F(Ui, DrawsValuesByStepAndOtherAxes) {
  write_file(
      program_ / "t.py",
      "import json\nfor e in range(1, 4):\n"
      "    for s in range(1000):\n"
      "        print('epochal: ' + json.dumps({'step': (e-1)*1000+s+1, 'loss': s}))\n"
      "    print('epochal: ' + json.dumps({'epoch': e, 'val': 10 / e, 'loss': 1, 'samples': 50, "
      "'steps': 1000}))\n");
  write_file(program_ / "c.toml",
             "name = 'c'\nexperiment = 'command'\nepochs = 3\n[command]\n"
             "run = ['python3', 't.py']\n");
  train({"run", "c.toml"});
  serve();
  const json steps = answer("curves?metric=loss&axis=step&points=100&runs=" + run(0));
  ASSERT_EQ(steps["curves"].size(), 1);
  EXPECT_EQ(steps["curves"][0]["high"].get<std::vector<double>>().front() > 20, true);
  EXPECT_EQ(steps["curves"][0]["low"][0], 0);
  const json images = answer("curves?metric=loss&axis=images&runs=" + run(0));
  EXPECT_EQ(images["curves"][0]["x"].size(), 600) << "values by step have places between epochs";
  EXPECT_NEAR(images["curves"][0]["x"].front().get<double>(), 0.05, 0.15);
  EXPECT_NEAR(images["curves"][0]["x"].back().get<double>(), 150, 0.15);
  const json part = answer("curves?metric=loss&axis=images&from=50&to=50.5&runs=" + run(0));
  EXPECT_EQ(part["curves"][0]["y"], json({999, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9}))
      << "20 steps an image";
  const json time = answer("curves?metric=loss&axis=time&runs=" + run(0));
  EXPECT_EQ(time["curves"][0]["x"].size(), 600);
  const json val = answer("curves?metric=val&axis=images&runs=" + run(0));
  EXPECT_EQ(val["curves"][0]["x"], json({50, 100, 150}));
  EXPECT_EQ(val["curves"][0]["y"][0], 10);
}

TEST_F(Ui, JudgesTheClaimsOfASweep) {
  serve_trained();
  const json sweeps = answer("sweeps");
  ASSERT_EQ(sweeps["sweeps"].size(), 1);
  EXPECT_EQ(sweeps["sweeps"][0]["statuses"], json({{"finished", 4}}));
  EXPECT_EQ(sweeps["sweeps"][0]["runs"], 4);
  EXPECT_EQ(sweeps["sweeps"][0]["epochs_done"], sweeps["sweeps"][0]["epochs"]);
  const json sweep = answer("sweeps/" + sweeps["sweeps"][0]["sweep"].get<std::string>());
  ASSERT_EQ(sweep["claims"].size(), 1);
  EXPECT_EQ(sweep["claims"][0]["verdict"], "undecided") << "two seeds decide nothing";
  expect_in(sweep["text"].get<std::string>(), "noop");
  const json compared = answer("compare?runs=" + run(0) + "," + run(2));
  EXPECT_FALSE(compared["parameters"].empty());
  for (const json& parameter : compared["parameters"]) {
    EXPECT_EQ(parameter["differs"], parameter["name"] == "learning_rate") << parameter;
  }
}

TEST_F(Ui, RefusesOtherHostsAndOrigins) {
  serve_trained();
  const std::string own = "127.0.0.1:" + std::to_string(port_);
  EXPECT_EQ(get("/", {{"Host", own}})->status, 200);
  EXPECT_EQ(get("/", {{"Host", "localhost:" + std::to_string(port_)}})->status, 200);
  EXPECT_EQ(get("/", {{"Host", "evil.example"}})->status, 403);
  EXPECT_EQ(get("/api/v1/runs", {{"Host", "evil.example:80"}})->status, 403);
  EXPECT_EQ(get("/api/v1/runs", {{"Host", own}, {"Origin", "http://evil.example"}})->status, 403);
  EXPECT_EQ(get("/api/v1/runs", {{"Host", own}, {"Origin", "null"}})->status, 403);
  EXPECT_EQ(get("/api/v1/runs", {{"Host", own}, {"Origin", "http://" + own}})->status, 200);
}

TEST_F(Ui, WantsATokenWhereOneIsSet) {
  serve_trained({"--token", "sesame-and-more"});
  EXPECT_EQ(get("/")->status, 401);
  EXPECT_EQ(get("/api/v1/runs")->status, 401);
  EXPECT_EQ(get("/api/v1/runs?token=wrong")->status, 401);
  EXPECT_EQ(get("/api/v1/runs", {{"Authorization", "Bearer sesame-and-more"}})->status, 200);
  EXPECT_EQ(get("/api/v1/runs", {{"Authorization", "Bearer sesame-and-mor"}})->status, 401);
  const httplib::Result opened = get("/?token=sesame-and-more");
  EXPECT_EQ(opened->status, 200);
  const std::string cookie = opened->get_header_value("Set-Cookie");
  expect_in(cookie, "HttpOnly; SameSite=Strict");
  EXPECT_EQ(get("/api/v1/runs", {{"Cookie", cookie.substr(0, cookie.find(';'))}})->status, 200);
  EXPECT_EQ(get("/api/v1/runs", {{"Cookie", "a=b; epochal_token="}})->status, 401);
}

TEST_F(Ui, MakesATokenForOtherMachines) {
  serve_trained({"--host", "0.0.0.0"});
  expect_in(address_, "?token=");
  expect_in(program_.err(), "not encrypted");
  EXPECT_EQ(get("/api/v1/runs")->status, 401);
  const std::string token = address_.substr(address_.find("?token="));
  EXPECT_EQ(get("/api/v1/runs" + token)->status, 200);
}

TEST_F(Ui, ChangesLabelsAndTheTrashAlone) {
  serve_trained();
  const std::string name = run(0);
  EXPECT_EQ(change("POST", "tags", {{"runs", {name}}, {"name", "keep"}, {"value", "yes"}}), 200);
  EXPECT_EQ(query().tags(query().runs()[0].id).at("keep"), "yes");
  EXPECT_EQ(answer("runs?where=tags.keep%20%3D%20%27yes%27")["total"], 1);
  EXPECT_EQ(change("DELETE", "tags", {{"runs", {name}}, {"name", "keep"}}), 200);
  EXPECT_TRUE(query().tags(query().runs()[0].id).empty());
  EXPECT_EQ(change("POST", "notes", {{"runs", {name}}, {"text", "look here"}}), 200);
  EXPECT_EQ(answer("runs/" + name)["notes"][0]["text"], "look here");
  EXPECT_EQ(change("POST", "trash", {{"runs", {name}}}), 200);
  EXPECT_EQ(query().runs().size(), 3);
  EXPECT_EQ(change("DELETE", "trash", {{"runs", {name}}}), 200);
  EXPECT_EQ(query().runs().size(), 4);
}

TEST_F(Ui, RefusesChangesThatAreNotItsOwn) {
  serve_trained();
  const std::string name = run(0);
  const json body{{"runs", {name}}, {"name", "x"}, {"value", ""}};
  EXPECT_EQ(change("POST", "tags", body, {}), 403) << "a form cannot send the header";
  const httplib::Result form = client_->Post("/api/v1/tags", {{"X-Epochal", "1"}}, body.dump(),
                                             "application/x-www-form-urlencoded");
  EXPECT_EQ(form->status, 403);
  EXPECT_EQ(change("POST", "tags", {{"runs", {name}}, {"name", "a b"}, {"value", ""}}), 400);
  EXPECT_EQ(change("POST", "tags", {{"runs", {name, "ffffffffff"}}, {"name", "x"}, {"value", ""}}),
            404)
      << said_;
  EXPECT_EQ(change("POST", "tags", {{"runs", "all"}}), 400);
  EXPECT_EQ(change("POST", "notes", {{"runs", {name}}, {"text", std::string(30'000, 'x')}}), 400);
  EXPECT_TRUE(query().tags(query().runs()[0].id).empty()) << "nothing is changed in part";
  stop();
  serve({"--read-only"});
  EXPECT_EQ(change("POST", "tags", body), 403);
  EXPECT_EQ(answer("store")["can_write"], false);
}

TEST_F(Ui, PushesWhichRunsHaveNewEpochs) {
  serve_trained();
  std::string events;
  std::thread listening = listen(events, "\"epochs\":[\"");
  train({"run", "s.toml", "seed=7", "learning_rate=0.1"});
  listening.join();
  expect_in(events, "\"epochs\":[\"" + query().runs().back().identity.substr(0, 10));
}

TEST_F(Ui, PushesTheProgressOfARunWithoutCallingItChanged) {
  serve_trained();
  // Epochs of a second: heartbeats come between their ends.
  std::string events;
  const std::string progress = "\"runs\":[],\"epochs\":[],\"progress\":{\"";
  std::thread listening = listen(events, progress);
  train({"run", "s.toml", "seed=7", "learning_rate=0.1", "sleep=1", "epochs=4"});
  listening.join();
  expect_in(events, progress + query().runs().back().identity.substr(0, 10) + "\":{\"epoch\":");
}

TEST_F(Ui, PushesWhatChanges) {
  serve_trained();
  std::string events;
  std::thread listening = listen(events, "event: change");
  EXPECT_EQ(change("POST", "tags", {{"runs", {run(1)}}, {"name", "n"}, {"value", ""}}), 200);
  listening.join();
  expect_in(events, "\"" + run(1) + "\"");
  expect_in(events, "\"epochs\":[]");
  expect_not_in(events, "\"" + run(0) + "\"");
  std::string unknown;
  client_->Get("/api/v1/events?cursor=5", [&](const char* data, std::size_t length) {
    unknown.append(data, length);
    return unknown.find("data:") == std::string::npos;
  });
  expect_in(unknown, "\"all\":true");
}

TEST_F(Ui, ServesArtifactsSoThatNothingInThemRuns) {
  write_file(program_ / "t.py",
             "import json\nopen('a.html','w').write('<script>alert(1)</script>')\n"
             "open('a.bin','wb').write(bytes(range(256)))\n"
             "for f in ['a.html', 'a.bin']:\n"
             "    print('epochal: ' + json.dumps({'artifact': f, 'caption': f}))\n"
             "print('epochal: {\"epoch\": 1, \"loss\": 1}')\n");
  write_file(program_ / "c.toml",
             "name = 'c'\nexperiment = 'command'\nepochs = 1\n[command]\n"
             "run = ['python3', 't.py']\n");
  train({"run", "c.toml"});
  serve();
  int seen = 0;
  const std::string name = run(0);
  const json seen_run = answer("runs/" + name);
  for (const json& artifact : seen_run["artifacts"]) {
    const httplib::Result file =
        get("/api/v1/runs/" + name + "/artifacts/" + artifact["id"].dump());
    ASSERT_TRUE(file);
    ASSERT_EQ(file->status, 200) << artifact;
    EXPECT_EQ(file->get_header_value("X-Content-Type-Options"), "nosniff");
    expect_in(file->get_header_value("Content-Security-Policy"), "sandbox");
    const std::string type = file->get_header_value("Content-Type");
    expect_not_in(type, "html");
    if (artifact["kind"] != "sample") continue;
    ++seen;
    const bool is_text = artifact["type"] == "text";
    EXPECT_EQ(type, is_text ? "text/plain; charset=utf-8" : "application/octet-stream");
    EXPECT_EQ(file->has_header("Content-Disposition"), !is_text);
    EXPECT_EQ(file->body.size(), artifact["bytes"].get<std::size_t>());
  }
  EXPECT_EQ(seen, 2);
}

TEST_F(Ui, FollowsNoLinkOutOfTheStore) {
  serve_trained();
  const std::string name = run(0);
  const json artifacts = answer("runs/" + name)["artifacts"];
  ASSERT_FALSE(artifacts.empty());
  const json* log = nullptr;
  for (const json& artifact : artifacts) {
    if (artifact["kind"] == "log") log = &artifact;
  }
  ASSERT_NE(log, nullptr);
  const std::filesystem::path file = program_ / "epochal-store" / (*log)["path"].get<std::string>();
  write_file(program_ / "secret", "nobody's business");
  std::filesystem::remove(file);
  std::filesystem::create_symlink(program_ / "secret", file);
  answer("runs/" + name + "/artifacts/" + (*log)["id"].dump(), 404);
  answer("runs/" + name + "/log", 404);
}

/// A connection that says what it is told, and no more.
class SilentClient {
 public:
  SilentClient(int port, const std::string& words) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_open_ = connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
               ::send(socket_, words.data(), words.size(), MSG_NOSIGNAL) ==
                   static_cast<ssize_t>(words.size());
  }
  ~SilentClient() { close(socket_); }
  SilentClient(SilentClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), is_open_(other.is_open_) {}
  SilentClient(const SilentClient&) = delete;

  bool is_open() const { return is_open_; }

 private:
  int socket_;
  bool is_open_ = false;
};

TEST_F(Ui, AnswersWhileManyOthersAreSilentOrSlow) {
  serve_trained();
  std::vector<SilentClient> silent;
  for (int i = 0; i < 500; ++i) {
    silent.emplace_back(port_, i % 2 == 0 ? "" : "GET /api/v1/runs HTTP/1.1\r\nHost: 127.");
    ASSERT_TRUE(silent.back().is_open()) << i;
  }
  EXPECT_EQ(answer("runs")["total"], 4);
  const SilentClient huge(port_, "GET / HTTP/1.1\r\nX: " + std::string(60'000, 'x'));
  const SilentClient nonsense(port_, std::string(1000, '\xff') + "\r\n\r\n");
  const SilentClient body(port_,
                          "POST /api/v1/tags HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Epochal: 1\r\n"
                          "Content-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{");
  EXPECT_EQ(answer("runs")["total"], 4);
}

TEST_F(Ui, NamesOfStrangersAreValidJson) {
  write_file(program_ / "t.py",
             "import json\nprint('epochal: ' + json.dumps({'epoch': 1, "
             "'<img src=x onerror=alert(1)>': 1, 'a`b.c': float('nan')}))\n");
  write_file(program_ / "c.toml",
             "name = \"<b>&`x`\"\nexperiment = 'command'\nepochs = 1\n[command]\n"
             "run = ['python3', 't.py']\n");
  train({"run", "c.toml"});
  serve();
  for (const std::string& path : std::vector<std::string>{"store", "fields", "runs", "sweeps"}) {
    EXPECT_FALSE(answer(path).is_discarded()) << path;
  }
}

TEST_F(Ui, SaysWhatItCannotServe) {
  expect_refused({"ui"}, "there is no store here");
  serve_trained();
  expect_refused({"ui", "--port", std::to_string(port_)}, "cannot listen there");
}

}  // namespace
}  // namespace epochal::test
