#include "framework/plugin/plugin_registry.h"

#include <gtest/gtest.h>

#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

using test::expect_error;

TEST(PluginRegistry, FindsAndLoadsNoop) {
  PluginRegistry registry({EPOCHAL_PLUGIN_FOLDER});
  EXPECT_TRUE(registry.contains("noop"));
  const ExperimentInfo& info = registry.experiment("noop");
  EXPECT_EQ(info.name, "noop");
  EXPECT_EQ(&info, &registry.experiment("noop"));
}

TEST(PluginRegistry, OffersTheNearestName) {
  PluginRegistry registry({EPOCHAL_PLUGIN_FOLDER});
  expect_error("there is no experiment 'nop'; did you mean 'noop'?",
               [&] { registry.experiment("nop"); });
}

TEST(PluginRegistry, SaysWhereItLookedWhenThereAreNone) {
  PluginRegistry registry({"/no/such/folder"});
  expect_error("no plugin was found in /no/such/folder", [&] { registry.experiment("noop"); });
}

TEST(PluginRegistry, RefusesAnotherAbiBeforeCallingIt) {
  PluginRegistry registry({EPOCHAL_TEST_PLUGIN_FOLDER});
  expect_error("built for plugin ABI 999999, but this epochal has",
               [&] { registry.experiment("wrong_abi"); });
}

TEST(PluginRegistry, RefusesWhatIsNoPlugin) {
  PluginRegistry registry({EPOCHAL_TEST_PLUGIN_FOLDER});
  expect_error("not an epochal plugin", [&] { registry.experiment("not_a_plugin"); });
}

TEST(PluginRegistry, RefusesABrokenFile) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "epochal-broken.so", "this is no shared object");
  PluginRegistry registry({folder.path()});
  expect_error("the plugin does not load", [&] { registry.experiment("broken"); });
}

}  // namespace
}  // namespace epochal
