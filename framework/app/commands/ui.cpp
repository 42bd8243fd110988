// `epochal ui`: the store as a page in a browser.

#include <fmt/format.h>

#include <cstdlib>
#include <iostream>
#include <thread>

#include "framework/app/commands/command.h"
#include "framework/app/desktop.h"
#include "framework/app/ui/access.h"
#include "framework/app/ui/server.h"
#include "framework/base/message.h"
#include "framework/system/stop_signal.h"

namespace epochal::app {
namespace {

constexpr int kUsualPort = 8731;

int serve(const Options& options) {
  UiOptions asked;
  asked.store = options.store_folder();
  asked.host = options.text("host", asked.host);
  constexpr int kLastPort = 65535;
  asked.port = options.integer("port", kUsualPort, 0, kLastPort);
  asked.can_write = !options.has("read-only");
  asked.token = options.text("token");
  const bool is_loopback = Access::is_loopback(asked.host);
  if (asked.token.empty() && (!is_loopback || options.has("token"))) {
    asked.token = Access::new_token();
  }
  stop_signal::install();
  const UiServer server(asked);
  if (!is_loopback) {
    print_message(
        "the connection is not encrypted: anyone who can read the network can read the token\n");
  }
  std::cout << server.address() << '\n' << std::flush;
  print_message("serving {}; Ctrl-C stops it\n", asked.store.string());
  if (options.has("open")) show_on_desktop(server.address());
  constexpr std::chrono::milliseconds kPause{100};
  while (stop_signal::count() == 0) std::this_thread::sleep_for(kPause);
  // A connection that is silent ends only seconds later, and nothing of it is worth waiting for:
  // every change is one transaction.
  std::_Exit(kAllGood);
}

}  // namespace

Command ui_command() {
  Options options("ui",
                  "Serves the store as a web page, and as JSON for programs (docs/api.md),\n"
                  "until Ctrl-C. Prints the address of the page. Runs may go on meanwhile. The\n"
                  "page can change only tags, notes and the trash.");
  options.store();
  options.value("port", "N", "the port (default: 8731; 0: any free port)")
      .value("host", "HOST",
             "the address to listen on (default: 127.0.0.1, which only this machine can reach)")
      .value("token", "TOKEN",
             "the token that requests must send (default: a random one if other machines can reach "
             "--host)")
      .flag("read-only", "do not let the page change tags, notes or the trash")
      .flag("open", "open the page in the browser");
  return {"show the store as a page in a browser", std::move(options), serve};
}

}  // namespace epochal::app
