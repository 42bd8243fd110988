#include "framework/app/ui/server.h"

#include <fmt/format.h>
#include <httplib.h>
#include <sys/socket.h>

#include <thread>
#include <type_traits>

#include "framework/app/code_version.h"
#include "framework/app/ui/access.h"
#include "framework/app/ui/answer_values.h"
#include "framework/app/ui/answers.h"
#include "framework/app/ui/change_feed.h"
#include "framework/app/ui/connection_threads.h"
#include "framework/app/ui/page_files.h"
#include "framework/app/ui/served_artifact.h"
#include "framework/app/ui/store_changes.h"
#include "framework/base/error.h"
#include "framework/base/parsed_number.h"

namespace epochal::app {
namespace {

using httplib::Request;
using httplib::Response;
using std::chrono::milliseconds;

constexpr int kOk = 200;
constexpr int kBadRequest = 400;
constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;
constexpr int kInternal = 500;
constexpr std::size_t kLongestBody = 256 * std::size_t{1024};

/// Sends a body of known length. httplib compresses others, which takes longer than sending them.
void send(Response& response, int status, std::string text, const char* media_type) {
  response.status = status;
  const auto body = std::make_shared<const std::string>(std::move(text));
  if (body->empty()) return;
  response.set_content_provider(
      body->size(), media_type,
      [body](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
        return sink.write(body->data() + offset, length);
      });
}

void send_json(Response& response, int status, const Answer& answer) {
  // A store may hold bytes that are not UTF-8.
  send(response, status, answer.dump(-1, ' ', false, Answer::error_handler_t::replace),
       "application/json");
}

void send_fault(Response& response, int status, const std::string& fault,
                const std::string& advice = {}) {
  Answer answer{{"error", fault}};
  if (!advice.empty()) answer["advice"] = advice;
  send_json(response, status, answer);
}

/// The error of a request, with the column if a filter has one.
void send_error(Response& response, const Error& error) {
  constexpr std::string_view kColumn = "filter, column ";
  Answer answer{{"error", error.fault()}};
  if (!error.hint().empty()) answer["advice"] = error.hint();
  std::string_view where = error.where();
  if (where.starts_with(kColumn)) {
    where.remove_prefix(kColumn.size());
    if (const auto column = parsed_number<std::int64_t>(where)) answer["column"] = *column;
  } else if (!where.empty()) {
    answer["error"] = fmt::format("{}: {}", where, error.fault());
  }
  send_json(response, kBadRequest, answer);
}

RequestOrigin origin_of(const Request& request) {
  return {request.get_header_value("Host"), request.get_header_value("Origin"),
          request.get_header_value("Authorization"), request.get_header_value("Cookie"),
          request.get_param_value("token")};
}

RequestParameters parameters_of(const Request& request) {
  return RequestParameters({request.params.begin(), request.params.end()});
}

Answer short_names(const std::vector<std::string>& identities) {
  Answer names = Answer::array();
  for (const std::string& identity : identities) names.push_back(identity.substr(0, 10));
  return names;
}

/// Null for a run whose program does not say how far it is.
Answer progress_json(const StoreChange& change) {
  Answer progress = Answer::object();
  for (const auto& [identity, live] : change.working) {
    Answer& run = progress[identity.substr(0, 10)];
    if (live) run = live_json(*live);
  }
  return progress;
}

std::string event_of(const StoreChange& change) {
  Answer data{{"cursor", change.cursor}};
  if (change.is_all) {
    data["all"] = true;
  } else {
    data["runs"] = short_names(change.runs);
    data["epochs"] = short_names(change.epochs);
    data["progress"] = progress_json(change);
    data["removed"] = short_names(change.removed);
  }
  data["sweeps"] = change.has_sweeps;
  return fmt::format("id: {}\nevent: change\ndata: {}\n\n", change.cursor, data.dump());
}

}  // namespace

struct UiServer::Inside {
  explicit Inside(UiOptions given)
      : options(std::move(given)), access(options.host, options.token), changes(options.store) {}

  /// Refuses a request that comes from another page or host, or whose token is wrong.
  bool is_refused(const Request& request, Response& response) const;
  bool is_refused_change(const Request& request, Response& response) const;
  void add_routes();
  void add_page();
  void add_reading();
  void add_changing();
  void send_events(const Request& request, Response& response);

  /// Serves what `answer` makes of the store and, as far as it takes them, of the name in the
  /// address and the parameters of the request.
  template <typename AnswerOf>
  void get(const std::string& pattern, const AnswerOf& answer) {
    server.Get(pattern, [this, answer](const Request& request, Response& response) {
      respond(response, [&] {
        const store::Query query(options.store);
        if constexpr (std::is_invocable_v<AnswerOf, const store::Query&>) {
          return answer(query);
        } else if constexpr (std::is_invocable_v<AnswerOf, const store::Query&, std::string>) {
          return answer(query, request.matches[1]);
        } else if constexpr (std::is_invocable_v<AnswerOf, const store::Query&,
                                                 RequestParameters>) {
          return answer(query, parameters_of(request));
        } else {
          return answer(query, request.matches[1], parameters_of(request));
        }
      });
    });
  }

  template <typename Make>
  static void respond(Response& response, const Make& make) {
    try {
      send_json(response, kOk, make());
    } catch (const NotFound& fault) {
      send_fault(response, kNotFound, fault.what());
    } catch (const Error& error) {
      send_error(response, error);
    } catch (const SQLite::Exception& exception) {
      send_fault(response, kInternal, store::explain(exception).what());
    }
  }

  UiOptions options;
  Access access;
  ChangeFeed changes;
  httplib::Server server;
  int port = 0;
  std::thread listening;
};

bool UiServer::Inside::is_refused(const Request& request, Response& response) const {
  response.set_header("X-Content-Type-Options", "nosniff");
  response.set_header("Referrer-Policy", "no-referrer");
  response.set_header("Cross-Origin-Resource-Policy", "same-origin");
  response.set_header("Cache-Control", "no-cache");
  const RequestOrigin origin = origin_of(request);
  switch (access.check(origin)) {
    case Access::Answer::allowed:
      if (const auto cookie = access.cookie_for(origin)) response.set_header("Set-Cookie", *cookie);
      return false;
    case Access::Answer::wrong_host:
      send_fault(response, kForbidden, "the request names another host",
                 "open the address that `epochal ui` printed");
      return true;
    case Access::Answer::wrong_origin:
      send_fault(response, kForbidden, "the request comes from another page");
      return true;
    case Access::Answer::wrong_token:
      send_fault(response, kUnauthorized, "the token is missing or wrong",
                 "open the address that `epochal ui` printed, with its ?token=…");
      return true;
  }
  return true;
}

bool UiServer::Inside::is_refused_change(const Request& request, Response& response) const {
  if (is_refused(request, response)) return true;
  if (!options.can_write) {
    send_fault(response, kForbidden, "this page is read-only",
               "start `epochal ui` without --read-only");
    return true;
  }
  const bool is_own = request.has_header("X-Epochal") &&
                      request.get_header_value("Content-Type").starts_with("application/json");
  if (is_own) return false;
  send_fault(response, kForbidden,
             "a change needs the header X-Epochal and a body of type application/json");
  return true;
}

void UiServer::Inside::add_page() {
  for (const PageFile& file : page_files()) {
    const auto serve = [&file](const Request&, Response& response) {
      response.set_header("Content-Security-Policy", kPagePolicy);
      send(response, kOk, std::string(file.text), std::string(file.media_type).c_str());
    };
    if (file.name == "index.html") server.Get("/", serve);
    server.Get(fmt::format("/page/{}", file.name), serve);
  }
}

void UiServer::Inside::add_reading() {
  const std::string root = "/api/v1/";
  server.Get(root + "store", [this](const Request&, Response& response) {
    respond(response, [this] {
      // Reads the cursor first: changes in between are sent again.
      const std::int64_t cursor = changes.cursor();
      Answer answer = store_answer(store::Query(options.store));
      answer["version"] = kProgramVersion;
      answer["cursor"] = cursor;
      answer["can_write"] = options.can_write;
      return answer;
    });
  });
  get(root + "fields", fields_answer);
  get(root + "runs", runs_answer);
  get(root + "curves", curves_answer);
  get(root + "compare", compare_answer);
  get(root + "pictures", pictures_answer);
  get(root + "sweeps", sweeps_answer);
  get(root + "sweeps/(.+)", sweep_answer);
  get(root + "runs/([^/]+)", run_answer);
  get(root + "runs/([^/]+)/log", log_answer);
  get(root + "runs/([^/]+)/utilisation", utilisation_answer);
  server.Get(root + "runs/([^/]+)/artifacts/([0-9]{1,18})",
             [this](const Request& request, Response& response) {
               try {
                 const auto id = parsed_number<std::int64_t>(request.matches[2].str());
                 serve_artifact(store::Query(options.store), request, request.matches[1],
                                id.value_or(0), response);
               } catch (const NotFound& fault) {
                 send_fault(response, kNotFound, fault.what());
               }
             });
  server.Get(root + "events", [this](const Request& request, Response& response) {
    send_events(request, response);
  });
}

void UiServer::Inside::send_events(const Request& request, Response& response) {
  const std::string last = request.has_header("Last-Event-ID")
                               ? request.get_header_value("Last-Event-ID")
                               : request.get_param_value("cursor");
  auto cursor =
      std::make_shared<std::int64_t>(parsed_number<std::int64_t>(last).value_or(changes.cursor()));
  response.set_chunked_content_provider(
      "text/event-stream", [this, cursor](std::size_t offset, httplib::DataSink& sink) {
        // Sends something at once, so that the page knows that it is connected.
        constexpr std::string_view kAlive = ": epochal\n\n";
        if (offset == 0) return sink.write(kAlive.data(), kAlive.size());
        constexpr milliseconds kSilence{15'000};
        const auto change = changes.wait(*cursor, kSilence);
        if (changes.has_stopped()) return false;
        if (!change) return sink.write(kAlive.data(), kAlive.size());
        *cursor = change->cursor;
        const std::string event = event_of(*change);
        return sink.write(event.data(), event.size());
      });
}

void UiServer::Inside::add_changing() {
  const auto change = [this](const Request& request, Response& response) {
    if (is_refused_change(request, response)) return;
    respond(response, [&] {
      return change_store(options.store, request.method, request.matches[1], request.body);
    });
  };
  const std::string pattern = "/api/v1/(tags|notes|trash)";
  server.Post(pattern, change);
  server.Delete(pattern, change);
}

void UiServer::Inside::add_routes() {
  server.set_pre_routing_handler([this](const Request& request, Response& response) {
    // A change is checked after its body has been read: a rest of the body would be taken for the
    // next request of the connection.
    const bool is_reading = request.method == "GET" || request.method == "HEAD";
    return is_reading && is_refused(request, response)
               ? httplib::Server::HandlerResponse::Handled
               : httplib::Server::HandlerResponse::Unhandled;
  });
  server.set_exception_handler(
      [](const Request&, Response& response, const std::exception_ptr& thrown) {
        try {
          std::rethrow_exception(thrown);
        } catch (const std::exception& fault) {
          send_fault(response, kInternal, fmt::format("internal error: {}", fault.what()));
        }
      });
  server.set_error_handler([](const Request&, Response& response) {
    if (response.status != kNotFound || !response.body.empty()) return;
    if (response.has_header("Content-Type")) return;  // the answer already says what is missing
    send_fault(response, kNotFound, "there is no such address", "docs/api.md lists them");
  });
  add_page();
  add_reading();
  add_changing();
}

UiServer::UiServer(UiOptions options) : inside_(std::make_unique<Inside>(std::move(options))) {
  httplib::Server& server = inside_->server;
  server.new_task_queue = [] { return new ConnectionThreads; };
  socket_t listener = -1;
  server.set_socket_options([&listener](socket_t socket) {
    // httplib's default options let a second server listen there and take a share of the requests.
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    listener = socket;
  });
  server.set_payload_max_length(kLongestBody);
  server.set_keep_alive_max_count(1000);
  server.set_read_timeout(std::chrono::seconds(10));
  server.set_write_timeout(std::chrono::seconds(10));
  server.set_tcp_nodelay(true);
  inside_->add_routes();
  const UiOptions& given = inside_->options;
  const bool is_bound = given.port > 0 && server.bind_to_port(given.host, given.port);
  inside_->port = is_bound          ? given.port
                  : given.port == 0 ? server.bind_to_any_port(given.host)
                                    : -1;
  if (inside_->port <= 0) {
    throw Error("the server cannot listen there", fmt::format("{}:{}", given.host, given.port),
                "another program may use the port; --port 0 takes a free one");
  }
  // httplib's backlog is five connections: with more at once, some would be delayed by a second.
  constexpr int kWaiting = 512;
  ::listen(listener, kWaiting);
  inside_->listening = std::thread([this] { inside_->server.listen_after_bind(); });
}

UiServer::~UiServer() {
  inside_->changes.stop();
  inside_->server.stop();
  if (inside_->listening.joinable()) inside_->listening.join();
}

int UiServer::port() const {
  return inside_->port;
}

std::string UiServer::address() const {
  const UiOptions& options = inside_->options;
  const bool is_ipv6 = options.host.find(':') != std::string::npos;
  const std::string host = is_ipv6 ? fmt::format("[{}]", options.host) : options.host;
  const std::string query = options.token.empty() ? "" : "?token=" + options.token;
  return fmt::format("http://{}:{}/{}", host, inside_->port, query);
}

}  // namespace epochal::app
