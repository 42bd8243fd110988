#include "framework/app/ui/access.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <nettle/memops.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace epochal::app {
namespace {

constexpr std::string_view kCookie = "epochal_token";

/// "[::1]:8731" -> "::1", "localhost:8731" -> "localhost".
std::string_view name_in(std::string_view host) {
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

/// The value of a cookie; empty if it is not there.
std::string_view cookie_value(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    const std::size_t end = cookies.find(';');
    std::string_view one = cookies.substr(0, end);
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (one.starts_with(name) && one.substr(name.size()).starts_with('=')) {
      return one.substr(name.size() + 1);
    }
    cookies = end == std::string_view::npos ? std::string_view() : cookies.substr(end + 1);
  }
  return {};
}

}  // namespace

Access::Access(std::string host, std::string token)
    : names_{"localhost", std::move(host)}, token_(std::move(token)) {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) == 0) names_.insert(name.data());
}

bool Access::is_own_host(std::string_view host) const {
  const std::string name(name_in(host));
  return names_.contains(name) || is_address(name);
}

bool Access::is_token(std::string_view given) const {
  return given.size() == token_.size() &&
         nettle_memeql_sec(given.data(), token_.data(), token_.size()) != 0;
}

Access::Answer Access::check(const RequestOrigin& request) const {
  if (!is_own_host(request.host)) return Answer::wrong_host;
  if (!request.origin.empty() && request.origin != "http://" + request.host) {
    return Answer::wrong_origin;
  }
  if (token_.empty()) return Answer::allowed;
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view authorization = request.authorization;
  const bool is_bearer =
      authorization.starts_with(kBearer) && is_token(authorization.substr(kBearer.size()));
  const bool is_known =
      is_bearer || is_token(cookie_value(request.cookie, kCookie)) || is_token(request.query_token);
  return is_known ? Answer::allowed : Answer::wrong_token;
}

std::optional<std::string> Access::cookie_for(const RequestOrigin& request) const {
  if (token_.empty() || !is_token(request.query_token)) return std::nullopt;
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict", kCookie, token_);
}

bool Access::is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::string Access::new_token() {
  std::array<unsigned char, 16> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  std::string token;
  for (const unsigned char byte : bytes) token += fmt::format("{:02x}", byte);
  return token;
}

}  // namespace epochal::app
