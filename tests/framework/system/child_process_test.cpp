#include "framework/system/child_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

class ChildProcessTest : public testing::Test {
 protected:
  ProcessStart shell(const std::string& script) {
    ProcessStart start;
    start.command = {"sh", "-c", script};
    start.output = folder_ / "out";
    start.group = SignalGroup::own;
    return start;
  }

  std::string output() { return test::read_file(folder_ / "out"); }

  test::TemporaryFolder folder_;
};

TEST_F(ChildProcessTest, TellsHowItEnded) {
  const ProcessEnd good = ChildProcess(shell("echo one; echo two >&2")).wait();
  EXPECT_TRUE(good.is_success());
  EXPECT_EQ(output(), "one\ntwo\n");
  EXPECT_EQ(ChildProcess(shell("exit 3")).wait().exit_code, 3);
  EXPECT_EQ(ChildProcess(shell("kill -9 $$")).wait().signal, SIGKILL);
  ProcessStart missing;
  missing.command = {"no-such-program"};
  missing.output = folder_ / "out";
  test::expect_error("no-such-program cannot be started: No such file",
                     [&] { ChildProcess{missing}; });
}

TEST_F(ChildProcessTest, KeepsOutputAndErrorsApartWhereAsked) {
  ProcessStart start = shell("echo answer; echo warning >&2; pwd");
  start.errors = folder_ / "errors";
  start.directory = "/";
  EXPECT_TRUE(ChildProcess(start).wait().is_success());
  EXPECT_EQ(output(), "answer\n/\n");
  EXPECT_EQ(test::read_file(folder_ / "errors"), "warning\n");
}

TEST_F(ChildProcessTest, WaitsThroughSignals) {
  struct sigaction ignoring {};
  ignoring.sa_handler = [](int) {};
  sigaction(SIGUSR2, &ignoring, nullptr);  // without SA_RESTART
  ChildProcess child(shell("sleep 0.5; exit 7"));
  const pthread_t waiting = pthread_self();
  std::thread disturbing([&] {
    for (int i = 0; i < 20; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(15));
      pthread_kill(waiting, SIGUSR2);
    }
  });
  EXPECT_EQ(child.wait().exit_code, 7);
  disturbing.join();
}

TEST_F(ChildProcessTest, IsKilledWithItsGroupWhenItTakesTooLong) {
  const auto start = std::chrono::steady_clock::now();
  ChildProcess child(shell("sleep 60 & sleep 60"));
  EXPECT_FALSE(child.poll());
  EXPECT_EQ(child.wait_or_kill(std::chrono::milliseconds(200)).signal, SIGKILL);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
  EXPECT_EQ(child.wait().signal, SIGKILL) << "it can be asked again";
}

TEST_F(ChildProcessTest, GetsNothingButItsChannel) {
  const int secret = open("/etc/passwd", O_RDONLY);  // without O_CLOEXEC
  ASSERT_GE(secret, 0);
  ProcessStart start = shell("ls /proc/self/fd; echo answer >&3");
  start.has_channel = true;
  ChildProcess child(start);
  char heard[16]{};
  EXPECT_EQ(recv(child.channel(), heard, sizeof heard, MSG_WAITALL), 7);
  EXPECT_STREQ(heard, "answer\n");
  EXPECT_TRUE(child.wait().is_success());
  // ls opens one more, the folder that it lists.
  EXPECT_EQ(output(), "0\n1\n2\n3\n4\n");
  close(secret);
}

TEST_F(ChildProcessTest, ThatIsLeftAloneIsKilled) {
  pid_t pid = 0;
  {
    const ChildProcess child(shell("sleep 60"));
    pid = child.pid();
  }
  EXPECT_EQ(kill(pid, 0), -1);
}

}  // namespace
}  // namespace epochal
