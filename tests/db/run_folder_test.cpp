#include "db/run_folder.h"

#include <gtest/gtest.h>

#include "tests/support/expect_error.h"
#include "tests/support/with_store.h"

namespace epochal::store {
namespace {

Sample sample(const std::string& name, const std::string& text, const std::string& ending = {}) {
  Sample made{name, "what it shows", {}, ending};
  for (const char byte : text) made.bytes.push_back(static_cast<std::byte>(byte));
  return made;
}

class SampleFiles : public test::WithStore {
 protected:
  void save(const Sample& one) { run_folder_.save_sample(one, 3, AttemptId{1}, files_); }

  RunFolder run_folder_{folder_.path(), std::string(64, 'a')};
  UnpublishedFiles files_;
  RunId id_ = store_.record_sweep({}, {test::noop_run('a', 1)}).front();
};

TEST_F(SampleFiles, ComeBackFromTheStoreWithTheirTypes) {
  save(sample("grid", "\x89PNG\r\n\x1a\n."));
  save(sample("scores", "a,b\n1,2\n", "csv"));
  save(sample("scores", "all is well", "html"));
  save(sample("weights", R"({"histogram": {"edges": [0, 1], "counts": [3]}})", "json"));
  save(sample("../dump", "\x80\x81", "exe"));
  files_.publish();
  for (const ArtifactRecord& artifact : files_.artifacts) store_.add_artifact(id_, artifact);

  std::vector<std::string> found;
  for (const ArtifactRecord& artifact : query().artifacts(id_)) {
    ASSERT_TRUE(artifact.type);
    EXPECT_TRUE(std::filesystem::exists(folder_ / artifact.path)) << artifact.path;
    EXPECT_EQ(artifact.caption, "what it shows");
    found.push_back(std::string(name_of(*artifact.type)) + " " +
                    std::filesystem::path(artifact.path).filename().string());
  }
  EXPECT_EQ(found, (std::vector<std::string>{
                       "picture grid-epoch-0003.png", "table scores-epoch-0003.csv",
                       "text scores-epoch-0003.txt", "histogram weights-epoch-0003.json",
                       "file -.-dump-epoch-0003.bin"}));
}

TEST_F(SampleFiles, TwoOfOneNameAreRefused) {
  save(sample("a b", "one"));
  test::expect_error("the epoch has two samples 'a-b'", [&] { save(sample("a-b", "two")); });
}

TEST_F(SampleFiles, ALargeOneIsRefused) {
  Sample large = sample("large", "");
  large.bytes.resize(kLargestSample + 1);
  test::expect_error("the sample 'large' is larger than 64 MiB", [&] { save(large); });
}

}  // namespace
}  // namespace epochal::store
