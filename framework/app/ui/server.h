#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace epochal {

/// What `epochal ui` was asked for.
struct UiOptions {
  std::filesystem::path store;
  std::string host = "127.0.0.1";
  int port = 0;       ///< 0 for any that is free
  std::string token;  ///< empty where none is wanted
  bool can_write = true;
};

/// The server of `epochal ui`: the page, and the API of docs/api.md. It serves from the constructor
/// on until it is destroyed.
class UiServer {
 public:
  /// Throws Error if the store cannot be read, or the port is taken.
  explicit UiServer(UiOptions options);
  ~UiServer();
  UiServer(const UiServer&) = delete;
  UiServer& operator=(const UiServer&) = delete;

  int port() const;
  /// "http://127.0.0.1:8731/", with the token where one is wanted.
  std::string address() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace epochal
