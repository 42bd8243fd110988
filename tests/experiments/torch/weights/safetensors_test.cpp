#include "experiments/torch/weights/safetensors.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

using test::expect_error;

std::string with_length(const std::string& header, const std::string& data = {}) {
  std::string file;
  for (int i = 0; i < 8; ++i) file += static_cast<char>(header.size() >> (8 * i) & 0xff);
  return file + header + data;
}

TEST(Safetensors, ReadsWhatItWrote) {
  const test::TemporaryFolder folder;
  const NamedTensors tensors{{"a.weight", torch::randn({2, 3, 4})},
                             {"b", torch::tensor({1, -5}, torch::kInt64)},
                             {"empty", torch::empty({0, 4})},
                             {"turned", torch::randn({3, 5}).t()}};
  write_safetensors(folder / "x", tensors);
  const NamedTensors found = read_safetensors(folder / "x");
  ASSERT_EQ(found.size(), tensors.size());
  for (const auto& [name, tensor] : tensors) EXPECT_TRUE(torch::equal(tensor, found.at(name)));
}

TEST(Safetensors, RefusesEveryDamage) {
  const test::TemporaryFolder folder;
  const auto refused = [&](const std::string& reason, const std::string& bytes) {
    test::write_file(folder / "x", bytes);
    expect_error(reason, [&] { read_safetensors(folder / "x"); });
  };
  const std::string entry = R"("dtype":"F32","shape":[2],"data_offsets":)";
  refused("shorter than 8 bytes", "abc");
  refused("header is too long", std::string(8, '\xff') + "{}");
  refused("not JSON", with_length("{broken"));
  refused("not a table", with_length("[1, 2]"));
  refused("is incomplete", with_length(R"({"a":{"dtype":"F32"}})"));
  refused("unknown type", with_length(R"({"a":{"dtype":"F99","shape":[],"data_offsets":[0,4]}})"));
  refused("does not fit", with_length("{\"a\":{" + entry + "[0,4]}}", "1234"));
  refused("does not fit", with_length("{\"a\":{" + entry + "[4,12]}}", "12345678"));
  refused("does not fit", with_length("{\"a\":{" + entry + "[8,0]}}", "12345678"));
  refused("malformed", with_length("{\"a\":{" + entry + "[-8,0]}}", "12345678"));
  refused(
      "too large",
      with_length(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})"));
  refused("malformed",
          with_length(R"({"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}})"));
  refused("", with_length("{\"a\":" + std::string(100'000, '[')));
}

TEST(Safetensors, AWriteThatFailsLeavesWhatWasThere) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "x", "old");
  // A folder has the name that the new file would be given last.
  std::filesystem::create_directory(folder / "y");
  expect_error("y: ", [&] { write_safetensors(folder / "y", {{"a", torch::ones({3})}}); });
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 2)
      << "nothing is left beside them";
}

TEST(Safetensors, HasItsPlacesOutsideOfStores) {
  const test::TemporaryFolder folder;
  check_weights_place(folder / "x.safetensors");
  expect_error("end it in .safetensors", [&] { check_weights_place(folder / "photo.jpg"); });
  test::write_file(folder / "store/epochal.db", "");
  test::write_file(folder / "store/artifacts/a/decoder.safetensors", "");
  for (const char* name : {"store/x.safetensors", "store/artifacts/a/decoder.safetensors"}) {
    expect_error("within a store", [&] { check_weights_place(folder / name); });
  }
}

/// In seconds, not in minutes: a parser that looks at all entries for each would be seen here.
TEST(Safetensors, ReadsVeryManyTensors) {
  const test::TemporaryFolder folder;
  constexpr int kCount = 99'000;
  std::string header = "{";
  for (int i = 0; i < kCount; ++i) {
    header += fmt::format(R"({}"t{}":{{"dtype":"U8","shape":[1],"data_offsets":[{},{}]}})",
                          i == 0 ? "" : ",", i, i, i + 1);
  }
  test::write_file(folder / "x", with_length(header + "}", std::string(kCount, 'x')));
  EXPECT_EQ(read_safetensors(folder / "x").size(), static_cast<std::size_t>(kCount));
}

TEST(Safetensors, RefusesDeepHeaders) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "x", with_length(std::string(8 << 20, '[')));
  expect_error("not a table", [&] { read_safetensors(folder / "x"); });
  test::write_file(folder / "x", with_length(R"({"\"":[[[[[[[[[1]]]]]]]]]})"));
  expect_error("not a table", [&] { read_safetensors(folder / "x"); });
}

TEST(Safetensors, RefusesTensorsThatShareBytes) {
  const test::TemporaryFolder folder;
  const std::string entry = R"("dtype":"F32","shape":[4],"data_offsets":[0,16])";
  test::write_file(folder / "x", with_length("{\"a\":{" + entry + "},\"b\":{" + entry + "}}",
                                             std::string(16, 'x')));
  expect_error("its tensors overlap", [&] { read_safetensors(folder / "x"); });
}

}  // namespace
}  // namespace epochal
