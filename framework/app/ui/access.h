#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace epochal {

/// What a request says of where it comes from.
struct RequestOrigin {
  std::string host;           ///< the header Host: "127.0.0.1:8731"
  std::string origin;         ///< the header Origin; empty without one
  std::string authorization;  ///< the header Authorization; empty without one
  std::string cookie;         ///< the header Cookie; empty without one
  std::string query_token;    ///< of the address; empty without one
};

/// Who may ask `epochal ui` for something.
class Access {
 public:
  enum class Answer { allowed, wrong_host, wrong_origin, wrong_token };

  /// `host` is what the server listens on, `token` empty where none is wanted.
  Access(std::string host, std::string token);

  /// A page of another site may know this server's address (DNS rebinding), but then Host is the
  /// other site's name: only the server's own name, this machine's names and numbers pass.
  Answer check(const RequestOrigin& request) const;

  /// The header Set-Cookie for a request whose address has the right token; none otherwise.
  std::optional<std::string> cookie_for(const RequestOrigin& request) const;

  bool wants_token() const { return !token_.empty(); }

  /// Whether only this machine can reach it: "127.0.0.1", "::1", "localhost".
  static bool is_loopback(std::string_view host);

  /// 32 hexadecimal digits that nobody can guess.
  static std::string new_token();

 private:
  bool is_own_host(std::string_view host) const;
  bool is_token(std::string_view given) const;

  std::set<std::string, std::less<>> names_;
  std::string token_;
};

}  // namespace epochal
