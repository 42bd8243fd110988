// scripts/fetch-weights and scripts/fetch-data against a real web server on this machine.

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "framework/base/sha256.h"
#include "tests/cli/program.h"
#include "tests/support/expect_in.h"
#include "tests/support/wait_until.h"

namespace epochal::test {
namespace {

sockaddr_in on_this_machine(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

/// A port that was free a moment ago.
int free_port() {
  const int handle = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = on_this_machine(0);
  socklen_t size = sizeof address;
  bind(handle, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(handle, reinterpret_cast<sockaddr*>(&address), &size);
  close(handle);
  return ntohs(address.sin_port);
}

bool answers(int port) {
  const int handle = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = on_this_machine(port);
  const bool connected =
      connect(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(handle);
  return connected;
}

class Fetch : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(shell_ / "served");
    write_file(shell_ / "lighttpd.conf",
               fmt::format("server.document-root = \"{}\"\nserver.port = {}\n"
                           "server.bind = \"127.0.0.1\"\nserver.modules = (\"mod_accesslog\")\n"
                           "accesslog.filename = \"{}\"\naccesslog.format = \"%r %s %O\"\n",
                           (shell_ / "served").string(), port_, (shell_ / "access").string()));
    server_.executable = "/usr/sbin/lighttpd";
    server_pid_ = server_.start({"-D", "-f", (shell_ / "lighttpd.conf").string()});
    ASSERT_TRUE(wait_until([&] { return answers(port_); })) << server_.err();
  }

  void TearDown() override {
    kill(server_pid_, SIGKILL);
    waitpid(server_pid_, nullptr, 0);
  }

  /// Runs a script of scripts/ in the test's folder.
  Finished run(const std::string& script, const std::vector<std::string>& arguments) {
    shell_.executable = EPOCHAL_SOURCE_FOLDER "/scripts/" + script;
    return shell_.run(arguments);
  }

  std::string url(const std::string& name) const {
    return fmt::format("http://127.0.0.1:{}/{}", port_, name);
  }

  /// Serves a megabyte; returns --checksum's value for it.
  std::string serve_megabyte(const std::string& name) {
    std::string bytes;
    for (int i = 0; bytes.size() < 1'000'000; ++i) bytes += fmt::format("line {}\n", i);
    write_file(shell_ / "served" / name, bytes);
    return "sha256:" + sha256_of_file(shell_ / "served" / name);
  }

  bool exists(const std::string& name) const { return std::filesystem::exists(shell_ / name); }

  Program shell_;
  Program server_;
  int port_ = free_port();
  pid_t server_pid_ = 0;
};

TEST_F(Fetch, FetchesAFileAndShowsItsSizeFirst) {
  const std::string checksum = serve_megabyte("x.bin");
  const Finished result = run("fetch-verified", {url("x.bin"), "to/x.bin", "--checksum", checksum});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  expect_in(result.out, "to/x.bin, 1.1MB");
  EXPECT_EQ(read_file(shell_ / "to/x.bin"), read_file(shell_ / "served/x.bin"));
  EXPECT_FALSE(exists("to/x.bin.part"));

  const Finished again = run("fetch-verified", {url("x.bin"), "to/x.bin", "--checksum", checksum});
  EXPECT_EQ(again.exit_code, 0);
  expect_in(again.out, "exists and its checksum is right");
}

TEST_F(Fetch, GoesOnWhereItStopped) {
  const std::string checksum = serve_megabyte("x.bin");
  const std::string whole = read_file(shell_ / "served/x.bin");
  write_file(shell_ / "x.bin.part", whole.substr(0, 700'000));
  const Finished result = run("fetch-verified", {url("x.bin"), "x.bin", "--checksum", checksum});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  expect_in(result.out, "resuming after 700.0");
  EXPECT_EQ(read_file(shell_ / "x.bin"), whole);

  kill(server_pid_, SIGTERM);  // so that it writes its log
  waitpid(server_pid_, nullptr, 0);
  expect_in(read_file(shell_ / "access"), "GET /x.bin HTTP/1.1 206");
}

TEST_F(Fetch, KeepsNothingUnderItsNameThatIsNotRight) {
  serve_megabyte("x.bin");
  Finished result = run("fetch-weights", {"--from", url("x.bin"), "--to", "vgg.pth"});
  EXPECT_EQ(result.exit_code, 1);
  expect_in(result.err, "size or checksum differ");
  EXPECT_FALSE(exists("vgg.pth"));
  EXPECT_TRUE(exists("vgg.pth.wrong"));

  result = run("fetch-data", {"coco-val", "--from", url("x.bin"), "--to", "coco"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_FALSE(exists("coco/coco-val"));
  result = run("fetch-weights", {"--from", url("none.pth"), "--to", "vgg.pth"});
  EXPECT_EQ(result.exit_code, 1);
  expect_in(result.err, "the download stopped");
}

TEST_F(Fetch, UnpacksAnImageSet) {
  write_file(shell_ / "made/art/a.jpg", "x");
  write_file(shell_ / "made/art/deep/b.jpg", "y");
  const std::string tar = "tar -C " + (shell_ / "made").string() + " -cf " +
                          (shell_ / "served/art.tar").string() + " art";
  ASSERT_EQ(std::system(tar.c_str()), 0);
  for (const std::string& from : {url("art.tar"), (shell_ / "served/art.tar").string()}) {
    const Finished result = run("fetch-data", {"artbench", "--from", from, "--to", "data"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    expect_in(result.out, "2 images in data/artbench");
    expect_in(result.out, "no checksum is published for this file");
    EXPECT_EQ(read_file(shell_ / "data/artbench/art/deep/b.jpg"), "y");
    EXPECT_FALSE(exists("data/artbench-10-imagefolder-split.tar"));
  }
}

TEST_F(Fetch, ExplainsItself) {
  EXPECT_EQ(run("fetch-data", {"--help"}).exit_code, 0);
  EXPECT_EQ(run("fetch-weights", {"--help"}).exit_code, 0);
  EXPECT_EQ(run("fetch-data", {}).exit_code, 2);
  const Finished unknown = run("fetch-data", {"cocoa"});
  EXPECT_EQ(unknown.exit_code, 2);
  expect_in(unknown.err, "there is no image set 'cocoa'");
}

}  // namespace
}  // namespace epochal::test
