#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace epochal::app {

/// What a request says about its origin.
struct RequestOrigin {
  std::string host;           ///< the header Host: "127.0.0.1:8731"
  std::string origin;         ///< the header Origin; empty without one
  std::string authorization;  ///< the header Authorization; empty without one
  std::string cookie;         ///< the header Cookie; empty without one
  std::string query_token;    ///< from the address; empty without one
};

/// Decides which requests `epochal ui` answers.
class Access {
 public:
  enum class Answer { allowed, wrong_host, wrong_origin, wrong_token };

  /// `host`: what the server listens on. `token`: empty if none is needed.
  Access(std::string host, std::string token);

  /// Only the server's own name, this machine's names and numeric addresses are allowed as Host: a
  /// page of another site that reaches this server (DNS rebinding) sends its own name.
  Answer check(const RequestOrigin& request) const;

  /// The header Set-Cookie for a request whose address has the right token; none otherwise.
  std::optional<std::string> cookie_for(const RequestOrigin& request) const;

  /// Whether only this machine can reach the host: "127.0.0.1", "::1", "localhost".
  static bool is_loopback(std::string_view host);

  /// 32 random hexadecimal digits.
  static std::string new_token();

 private:
  bool is_own_host(std::string_view host) const;
  bool is_token(std::string_view given) const;

  std::set<std::string, std::less<>> names_;
  std::string token_;
};

}  // namespace epochal::app
