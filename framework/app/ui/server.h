#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace epochal::app {

/// The settings of `epochal ui`.
struct UiOptions {
  std::filesystem::path store;
  std::string host = "127.0.0.1";
  int port = 0;       ///< 0 for any free port
  std::string token;  ///< empty if none is needed
  bool can_write = true;
};

/// The server of `epochal ui`: the page, and the API of docs/api.md. It serves until it is
/// destroyed.
class UiServer {
 public:
  /// Throws Error if the store cannot be read, or the port is taken.
  explicit UiServer(UiOptions options);
  ~UiServer();
  UiServer(const UiServer&) = delete;
  UiServer& operator=(const UiServer&) = delete;

  int port() const;
  /// "http://127.0.0.1:8731/", with the token if one is needed.
  std::string address() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace epochal::app
