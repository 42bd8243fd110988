// The executor that does runs in this process.

#include "framework/executor/inline_executor.h"

#include <unistd.h>

#include <utility>

#include "db/query.h"

namespace epochal {
namespace {

class InlineExecutor : public Executor {
 public:
  InlineExecutor(store::Store& store, PluginRegistry& registry, const WorkOptions& options)
      : store_(store), query_(store.folder()), registry_(registry), options_(options) {}

  int room() const override { return ended_.empty() ? 1 : 0; }

  void submit(const store::RunRecord& run) override {
    const WorkEnd end = work(store_, query_, registry_, run.id, options_);
    const int code = end == WorkEnd::not_ours ? RunExit::kNotOurs : 0;
    ended_.push_back({run.id, code, 0, getpid()});
  }

  std::vector<RunExit> poll(std::chrono::milliseconds /*patience*/) override {
    return std::exchange(ended_, {});
  }

  // submit() returns when the run has ended, so there is never a run to stop.
  void ask_to_stop() override {}
  void kill() override {}

 private:
  store::Store& store_;
  store::Query query_;
  PluginRegistry& registry_;
  WorkOptions options_;
  std::vector<RunExit> ended_;
};

}  // namespace

std::unique_ptr<Executor> make_inline_executor(store::Store& store, PluginRegistry& registry,
                                               const WorkOptions& options) {
  return std::make_unique<InlineExecutor>(store, registry, options);
}

}  // namespace epochal
