// Trains nothing, exactly: a C++17 program with the client, as a user writes it.

#include <epochal/client.h>

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

int main(int argc, char** argv) {
  epochal::client::Run run({{"learning_rate", 0.1}, {"name", "none"}, {"sleep", 0.0}}, 3, 0,
                           argc > 1 ? argv[1] : "");
  std::ofstream("pid") << getpid() << '\n';
  double weight = static_cast<double>(run.seed()) + 1;
  if (run.restore_folder()) {
    std::ifstream in(*run.restore_folder() / "weight", std::ios::binary);
    in.read(reinterpret_cast<char*>(&weight), sizeof weight);
  }
  run.note("it is called \"" + run["name"].text() + "\"");
  while (const int epoch = run.next_epoch()) {
    weight -= run["learning_rate"].real() * (weight - 1.0 / 3) / epoch;
    std::this_thread::sleep_for(std::chrono::duration<double>(run["sleep"].real()));
    run.log("train.loss", weight * weight);
    run.log("nothing", std::nan(""));
    for (int step = 1; step <= 3; ++step) run.log(3 * (epoch - 1) + step, "train.batch", step);
    run.samples(32);
    run.save([&](const std::filesystem::path& folder) {
      std::ofstream(folder / "weight", std::ios::binary)
          .write(reinterpret_cast<const char*>(&weight), sizeof weight);
    });
  }
}
