#pragma once

// Reports the epochs of a training program to epochal and resumes where it stopped.
//
//     #include <epochal/client.h>
//
//     epochal::client::Run run({{"learning_rate", 1e-3}}, 20);  // parameters and epochs
//     if (run.restore_folder()) load(*run.restore_folder() / "state");
//     while (const int epoch = run.next_epoch()) {
//       ...
//       run.log("train.loss", loss);
//       run.samples(n);
//       run.save([&](const std::filesystem::path& folder) { write(folder / "state"); });
//     }
//
// Under `epochal run` the sweep sets the parameters, each epoch is recorded, and what save() writes
// is durable before the epoch counts. Without epochal the program trains too: it uses the
// parameters given here and prints what is logged. With a store, as in Run run({…}, 20, 0,
// "epochal-store"), a program that is started by hand is recorded in it. Needs only C++17, the
// standard library and POSIX. The protocol is in docs/protocol.md.

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <locale>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace epochal::client {

constexpr int kProtocol = 1;

// Limits of a message.
constexpr std::size_t kMostValues = 256;
constexpr std::size_t kLongestName = 200;
constexpr std::size_t kLongestLine = 65536;

/// Until the first line of epochal is there: it is sent as soon as the program starts.
constexpr std::chrono::seconds kGreetingPatience{10};

namespace detail {

/// A number as C writes it, with a decimal point in every locale.
inline std::string digits(double value, int precision) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out.precision(precision);
  out << value;
  return out.str();
}

/// The length of the UTF-8 character at the beginning of a text; 0 if there is none.
inline std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (length == 0 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  // Longer than necessary, half of a pair, or beyond the last character.
  const unsigned second = byte(1);
  const bool is_wrong = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
                        (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
  return is_wrong ? 0 : length;
}

/// A text as JSON. Bytes that are not UTF-8 are replaced: epochal would refuse the line.
inline std::string quoted(std::string_view text) {
  std::string json = "\"";
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const char c = text.front();
    if (length == 0) {
      json += "\ufffd";
    } else if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      json += escape;
    } else {
      json += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return json + '"';
}

}  // namespace detail

/// The value of a parameter, with the type that the sweep file declares.
class Value {
 public:
  Value() = default;
  Value(const char* value) : value_(std::string(value)) {}  // NOLINT: as it is written
  Value(std::string value) : value_(std::move(value)) {}    // NOLINT
  /// A number of any type, or a boolean.
  template <typename T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
  Value(T value) {  // NOLINT
    if constexpr (std::is_same_v<T, bool>) {
      value_ = value;
    } else if constexpr (std::is_floating_point_v<T>) {
      value_ = static_cast<double>(value);
    } else if constexpr (std::is_signed_v<T>) {
      value_ = std::int64_t{value};
    } else if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      value_ = static_cast<std::int64_t>(value);
    } else {
      value_ = std::uint64_t{value};
    }
  }

  bool boolean() const { return as<bool>("a boolean"); }
  std::int64_t integer() const { return as<std::int64_t>("an integer"); }
  /// A whole number from 0 to 2^64 - 1.
  std::uint64_t natural() const {
    const auto* whole = std::get_if<std::int64_t>(&value_);
    if (whole != nullptr && *whole >= 0) return static_cast<std::uint64_t>(*whole);
    return as<std::uint64_t>("a whole number from 0");
  }
  /// A number, whole or not.
  double real() const {
    if (const auto* whole = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*whole);
    if (const auto* large = std::get_if<std::uint64_t>(&value_)) return static_cast<double>(*large);
    return as<double>("a number");
  }
  const std::string& text() const { return as<std::string>("a text"); }

  /// The value as JSON. NaN and the infinities, which JSON lacks, are texts.
  std::string json() const {
    if (const auto* text = std::get_if<std::string>(&value_)) return detail::quoted(*text);
    if (const auto* flag = std::get_if<bool>(&value_)) return *flag ? "true" : "false";
    if (const auto* whole = std::get_if<std::int64_t>(&value_)) return std::to_string(*whole);
    if (const auto* large = std::get_if<std::uint64_t>(&value_)) return std::to_string(*large);
    const std::string real = detail::digits(std::get<double>(value_), 17);
    if (!std::isfinite(std::get<double>(value_))) return detail::quoted(real);
    // A real number without a fraction stays a real number.
    return real.find_first_of(".en") != std::string::npos ? real : real + ".0";
  }

 private:
  template <typename T>
  const T& as(const char* name) const {
    if (const auto* value = std::get_if<T>(&value_)) return *value;
    throw std::runtime_error(std::string("epochal: a parameter is not ") + name);
  }

  std::variant<bool, std::int64_t, std::uint64_t, double, std::string> value_;
};

using Parameters = std::map<std::string, Value>;

/// Which values of a metric are better; for programs that are started by hand.
enum class Better { lower, higher };
struct Metric {
  std::string name;
  Better better = Better::lower;
  bool is_objective = false;  ///< runs are compared by it; one metric at most
};
using Metrics = std::vector<Metric>;

namespace detail {

/// A number that reads back exactly; NaN and the infinities, which JSON lacks, are words.
inline std::string number(double value) {
  if (std::isnan(value)) return "\"nan\"";
  if (std::isinf(value)) return value > 0 ? "\"inf\"" : "\"-inf\"";
#ifdef __cpp_lib_to_chars
  char text[32];
  return std::string(text, std::to_chars(text, text + sizeof text, value).ptr);
#else
  return digits(value, 17);
#endif
}

/// Throws std::invalid_argument for an invalid name of a value.
inline void check_name(const std::string& name) {
  if (name == "step" || name == "saves" || name == "last" || name == "epoch") {
    throw std::invalid_argument("epochal: '" + name + "' cannot be the name of a value");
  }
  if (name.empty() || name.size() > kLongestName) {
    throw std::invalid_argument("epochal: the name of a value has 1 to 200 bytes");
  }
  for (const char c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      throw std::invalid_argument("epochal: the name of a value holds a control character");
    }
  }
}

/// Throws std::invalid_argument for an invalid count.
inline std::int64_t checked_count(std::int64_t count, const char* name) {
  if (count >= 0 && count <= std::int64_t{1} << 53) return count;
  throw std::invalid_argument(std::string("epochal: ") + name + " must be a whole number from 0");
}

/// Reads the objects that epochal sends: values are plain, or objects. Skips other values, such as
/// a list or null, which a later epochal may send.
class Reader {
 public:
  explicit Reader(std::string_view json) : json_(json) {}

  /// The values by name; values of a nested object as "object.name".
  Parameters object() {
    Parameters values;
    read_object({}, values);
    return values;
  }

 private:
  void read_object(const std::string& prefix, Parameters& values) {
    expect('{');
    if (skip('}')) return;
    do {
      peek();
      const std::string key = prefix + text();
      expect(':');
      if (peek() == '{') {
        read_object(key + ".", values);
      } else if (peek() == '[') {
        pass_over_list();
      } else if (auto value = plain()) {
        values[key] = *value;
      }
    } while (skip(','));
    expect('}');
  }

  void pass_over_list() {
    expect('[');
    if (skip(']')) return;
    do {
      Parameters ignored;
      if (peek() == '{') {
        read_object({}, ignored);
      } else if (peek() == '[') {
        pass_over_list();
      } else {
        plain();
      }
    } while (skip(','));
    expect(']');
  }

  /// None for null.
  std::optional<Value> plain() {
    if (peek() == '"') return Value(text());
    const std::size_t end = std::min(json_.find_first_of(",}] \t\r\n", at_), json_.size());
    const std::string word(json_.substr(at_, end - at_));
    at_ = end;
    if (word == "null") return std::nullopt;
    if (word == "true" || word == "false") return Value(word == "true");
    const char* last = word.data() + word.size();
    std::int64_t whole = 0;
    if (const auto read = std::from_chars(word.data(), last, whole);
        read.ec == std::errc{} && read.ptr == last) {
      return Value(whole);
    }
    std::uint64_t large = 0;
    if (const auto read = std::from_chars(word.data(), last, large);
        read.ec == std::errc{} && read.ptr == last) {
      return Value(large);
    }
    std::istringstream in(word);
    in.imbue(std::locale::classic());
    double real = 0;
    if (!(in >> real) || in.peek() != std::istringstream::traits_type::eof()) fail();
    return Value(real);
  }

  std::string text() {
    if (at_ >= json_.size() || json_[at_] != '"') fail();
    ++at_;
    std::string result;
    while (at_ < json_.size() && json_[at_] != '"') {
      const char c = json_[at_++];
      if (c == '\\' && at_ < json_.size()) {
        add_escaped(result);
      } else {
        result += c;
      }
    }
    if (at_ >= json_.size()) fail();
    ++at_;
    return result;
  }

  /// The character after a backslash.
  void add_escaped(std::string& result) {
    const char c = json_[at_++];
    constexpr std::string_view kLetters = "ntrbf";
    constexpr std::string_view kMeant = "\n\t\r\b\f";
    if (c == 'u') {
      add_utf8(code_point(), result);
    } else if (const std::size_t place = kLetters.find(c); place != std::string_view::npos) {
      result += kMeant[place];
    } else {
      result += c;
    }
  }

  /// The character of \u0041, or of two such escapes for a character beyond the first 65536.
  std::uint32_t code_point() {
    constexpr std::uint32_t kReplacement = 0xfffd;
    const std::uint32_t first = four_digits();
    if (first < 0xd800 || first > 0xdfff) return first;
    if (first > 0xdbff || json_.substr(at_, 2) != "\\u") return kReplacement;
    const std::size_t before = at_;
    at_ += 2;
    const std::uint32_t second = four_digits();
    if (second >= 0xdc00 && second <= 0xdfff) {
      return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
    }
    at_ = before;
    return kReplacement;
  }

  std::uint32_t four_digits() {
    std::uint32_t code = 0;
    const std::string_view four = json_.substr(std::min(at_, json_.size()), 4);
    const auto read = std::from_chars(four.data(), four.data() + four.size(), code, 16);
    if (four.size() != 4 || read.ptr != four.data() + 4) fail();
    at_ += 4;
    return code;
  }

  static void add_utf8(std::uint32_t code, std::string& result) {
    if (code < 0x80) {
      result += static_cast<char>(code);
      return;
    }
    const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;  // bytes after the first
    constexpr std::array<unsigned, 4> kFirst{0, 0xc0, 0xe0, 0xf0};
    result += static_cast<char>(kFirst[static_cast<std::size_t>(more)] | (code >> (6 * more)));
    for (int i = more - 1; i >= 0; --i) {
      result += static_cast<char>(0x80 | ((code >> (6 * i)) & 0x3f));
    }
  }

  char peek() {
    while (at_ < json_.size() && std::string_view(" \t\r\n").find(json_[at_]) != kNowhere) ++at_;
    return at_ < json_.size() ? json_[at_] : '\0';
  }
  bool skip(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!skip(c)) fail();
  }
  [[noreturn]] static void fail() { throw std::runtime_error("epochal: this is not a message"); }

  static constexpr std::size_t kNowhere = std::string_view::npos;

  std::string_view json_;
  std::size_t at_ = 0;
};

/// The connection to epochal: JSON, one object per line. A socket; or, if the launcher has closed
/// it, lines on standard output, which epochal does not answer.
class Channel {
 public:
  /// The channel of this process; none if epochal has not started it. Throws std::runtime_error if
  /// another process of the run has it.
  static std::optional<Channel> inherited() {
    const char* name = std::getenv("EPOCHAL_FD");
    if (name == nullptr) return std::nullopt;
    const int handle = std::atoi(name);
    const bool is_there = is_channel(handle);
    // Child processes of the program are not this run.
    unsetenv("EPOCHAL_FD");
    if (!is_there) {
      return std::getenv("EPOCHAL_RUN") == nullptr ? std::nullopt : std::optional(Channel(-1));
    }
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    const bool is_taken =
        fcntl(handle, F_SETLK, &lock) != 0 && (errno == EAGAIN || errno == EACCES);
    if (!is_taken) leave_mark(handle);
    // Another process may have read the first line without such a lock.
    if (is_taken || !has_greeting(handle)) {
      throw std::runtime_error(
          "epochal: another process of this run has already connected to epochal: "
          "create the Run in only one process");
    }
    fcntl(handle, F_SETFD, FD_CLOEXEC);
    return Channel(handle);
  }

  /// Whether epochal answers.
  bool answers() const { return handle_ >= 0; }

  /// None if epochal is gone or sends something that is not a message.
  std::optional<Parameters> read() {
    while (!waiting_->is_mute()) {
      const std::size_t end = heard_.find('\n');
      if (end != std::string::npos) {
        const std::string line = heard_.substr(0, end);
        heard_.erase(0, end + 1);
        return Reader(line).object();
      }
      char part[4096];
      const ssize_t length = ::read(handle_, part, sizeof part);
      if (length < 0 && errno == EINTR) continue;
      if (length <= 0) break;
      heard_.append(part, static_cast<std::size_t>(length));
    }
    return std::nullopt;
  }

  void write(const std::string& message) {
    waiting_->add(message);
    waiting_->send_all();
  }

  /// Lets another thread send, unless too much is waiting.
  void write_soon(const std::string& message) {
    constexpr std::size_t kMostWaiting = 1 << 20;
    if (waiting_->add(message) > kMostWaiting || !answers()) waiting_->send_all();
    if (answers()) waiting_->send_from_now_on();
  }

 private:
  /// The lock of a process ends with it. A lock of the open socket stays on the second byte, so
  /// that a later process of the run sees at once that the first line is taken.
  static void leave_mark([[maybe_unused]] int handle) {
#ifdef F_OFD_SETLK
    struct flock mark {};
    mark.l_whence = SEEK_SET;
    mark.l_start = 1;
    mark.l_type = F_UNLCK;
    fcntl(handle, F_SETLK, &mark);
    mark.l_len = 1;
    mark.l_type = F_WRLCK;
    fcntl(handle, F_OFD_SETLK, &mark);
#endif
  }

  /// Waits for the first line, or for the end of epochal.
  static bool has_greeting(int handle) {
    const auto last = std::chrono::steady_clock::now() + kGreetingPatience;
    for (;;) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          last - std::chrono::steady_clock::now());
      pollfd wait{handle, POLLIN, 0};
      const int ready = poll(&wait, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
      if (ready >= 0 || errno != EINTR) return ready != 0;
    }
  }

  /// Whether this is the socket that epochal made, and not another file with the same number.
  static bool is_channel(int handle) {
    struct stat status {};
    if (handle < 0 || fstat(handle, &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
    const char* inode = std::getenv("EPOCHAL_SOCKET");
    return inode == nullptr || std::strtoull(inode, nullptr, 10) == status.st_ino;
  }

  /// Sends the waiting messages, from whichever thread comes first.
  class Waiting {
   public:
    explicit Waiting(int handle) : handle_(handle) {}
    ~Waiting() {
      if (getpid() != process_) {  // forked: the thread does not exist here
        if (sender_.joinable()) sender_.detach();
        return;
      }
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        is_over_ = true;
      }
      ended_.notify_all();
      if (sender_.joinable()) sender_.join();
      send_all();
    }

    /// Whether nothing is sent: this is a forked process, or epochal is gone.
    bool is_mute() const { return is_gone_ || getpid() != process_; }

    /// Returns the number of waiting bytes.
    std::size_t add(const std::string& message) {
      if (is_mute()) return 0;
      const std::lock_guard<std::mutex> lock(mutex_);
      lines_ += handle_ < 0 ? "epochal: " + message : message;
      lines_ += '\n';
      return lines_.size();
    }

    /// Other threads can add messages meanwhile.
    void send_all() {
      if (is_mute()) return;
      const std::lock_guard<std::mutex> one_at_a_time(sending_);
      std::string lines;
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        lines.swap(lines_);
      }
      if (handle_ < 0) {
        std::fwrite(lines.data(), 1, lines.size(), stdout);
        std::fflush(stdout);
        return;
      }
      for (std::size_t sent = 0; sent < lines.size();) {
        const ssize_t length =
            ::send(handle_, lines.data() + sent, lines.size() - sent, MSG_NOSIGNAL);
        if (length < 0 && errno == EINTR) continue;
        if (length <= 0) {  // the next read reports it
          if (!is_gone_.exchange(true)) std::fprintf(stderr, "epochal is gone\n");
          return;
        }
        sent += static_cast<std::size_t>(length);
      }
    }

    void send_from_now_on() {
      if (sender_.joinable() || is_mute()) return;
      sender_ = std::thread([this] {
        std::unique_lock<std::mutex> lock(mutex_);
        while (!is_over_) {
          ended_.wait_for(lock, std::chrono::milliseconds(100));
          lock.unlock();
          send_all();
          lock.lock();
        }
      });
    }

   private:
    int handle_;
    pid_t process_ = getpid();
    std::atomic<bool> is_gone_{false};
    std::mutex sending_;
    std::mutex mutex_;  ///< of what follows
    std::condition_variable ended_;
    std::string lines_;
    bool is_over_ = false;
    std::thread sender_;
  };

  explicit Channel(int handle) : handle_(handle), waiting_(std::make_unique<Waiting>(handle)) {}

  int handle_;
  std::string heard_;
  std::unique_ptr<Waiting> waiting_;
};

/// The first message of epochal, from the environment, for a process without the channel.
inline std::optional<Parameters> greeting_in_environment() {
  const char* protocol = std::getenv("EPOCHAL_PROTOCOL");
  const char* parameters = std::getenv("EPOCHAL_PARAMETERS");
  if (protocol == nullptr || parameters == nullptr) return std::nullopt;
  std::string json = "{\"epochal\": " + std::string(protocol) + ", \"first_epoch\": 1";
  for (const auto& [variable, name] :
       {std::pair("EPOCHAL_SEED", "seed"), std::pair("EPOCHAL_EPOCHS", "epochs")}) {
    if (const char* value = std::getenv(variable)) {
      json += ", " + quoted(name) + ": " + std::string(value);
    }
  }
  json += ", \"parameters\": " + std::string(parameters) + "}";
  return Reader(json).object();
}

/// Tells a program that was started again that its parameters are its own.
constexpr char kBegunAgain[] = "EPOCHAL_BEGUN_AGAIN";

/// The words that this process was started with; the program by its whole path.
inline std::vector<std::string> own_command() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::string> words;
  for (std::size_t at = 0; at < all.size(); at += words.back().size() + 1) {
    words.emplace_back(all.c_str() + at);
  }
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error && !words.empty()) words.front() = self.string();
  return words;
}

/// Parameters as a JSON object.
inline std::string as_json(const Parameters& parameters) {
  std::string json;
  for (const auto& [name, value] : parameters) {
    json += (json.empty() ? "{" : ", ") + detail::quoted(name) + ": " + value.json();
  }
  return json.empty() ? "{}" : json + "}";
}

/// Executes `epochal track`, which starts this program again. Returns if that is not possible.
inline void begin_again_under_epochal(const std::filesystem::path& store,
                                      const Parameters& parameters) {
  if (std::getenv("EPOCHAL_RUN") != nullptr) return;  // a process of a run is part of it
  std::vector<std::string> words{"epochal",
                                 "track",
                                 "--stdin",
                                 "--store=" + store.string(),
                                 "--parameters=" + as_json(parameters),
                                 "--"};
  for (std::string& word : own_command()) words.push_back(std::move(word));
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  std::fflush(nullptr);
  const char* named = std::getenv("EPOCHAL_PROGRAM");
  setenv(kBegunAgain, "1", 1);
  execvp(named == nullptr ? "epochal" : named, arguments.data());
  const int error = errno;
  unsetenv(kBegunAgain);
  std::fprintf(stderr, "epochal: this run is not recorded: %s (%s)\n",
               error == ENOENT ? "put `epochal` on the PATH, or name it in EPOCHAL_PROGRAM"
                               : "epochal cannot be started",
               std::strerror(error));
}

/// The part of a client's first message about the metrics.
inline std::string directions(const Metrics& metrics) {
  std::string better;
  std::string objective;
  for (const Metric& metric : metrics) {
    better += (better.empty() ? "" : ", ") + detail::quoted(metric.name) + ": ";
    better += metric.better == Better::lower ? "\"lower\"" : "\"higher\"";
    if (metric.is_objective) objective = ", \"objective\": " + detail::quoted(metric.name);
  }
  return better.empty() ? std::string() : ", \"better\": {" + better + "}" + objective;
}

}  // namespace detail

/// One training.
class Run {
 public:
  /// `parameters`, `epochs` and `seed` are defaults that epochal may replace. `store`: the folder
  /// of the store in which a program that was started by hand records itself; empty for no record.
  /// For this, the program is started again under `epochal track`, so create the run before any
  /// long work. `metrics`: the directions of metrics for such a program; a sweep file declares its
  /// own. Throws std::runtime_error if epochal uses another version of the protocol.
  explicit Run(Parameters parameters, int epochs = 1, std::uint64_t seed = 0,
               const std::filesystem::path& store = {}, const Metrics& metrics = {})
      : channel_(detail::Channel::inherited()),
        parameters_(std::move(parameters)),
        epochs_(epochs),
        seed_(seed) {
    const bool has_begun_again = std::getenv(detail::kBegunAgain) != nullptr;
    unsetenv(detail::kBegunAgain);
    if (!channel_ && !store.empty() && !has_begun_again) {
      detail::begin_again_under_epochal(store, parameters_);
    }
    if (!channel_) return;
    const std::optional<Parameters> greeting =
        channel_->answers() ? channel_->read() : detail::greeting_in_environment();
    if (!greeting || greeting->count("epochal") == 0 ||
        greeting->at("epochal").integer() != kProtocol) {
      throw std::runtime_error("epochal does not use version 1 of the protocol");
    }
    const std::string prefix = "parameters.";
    for (const auto& [name, value] : *greeting) {
      if (!has_begun_again && name.compare(0, prefix.size(), prefix) == 0) {
        parameters_[name.substr(prefix.size())] = value;
      }
    }
    // A tracked program chooses its own seed and length.
    if (greeting->count("seed") > 0) {
      seed_ = greeting->at("seed").natural();
    }
    if (greeting->count("epochs") > 0) {
      epochs_ = static_cast<int>(greeting->at("epochs").integer());
    }
    epoch_ = static_cast<int>(greeting->at("first_epoch").integer()) - 1;
    if (greeting->count("restore") > 0) restore_ = greeting->at("restore").text();
    if (const char* folder = std::getenv("EPOCHAL_RUN_FOLDER")) run_folder_ = folder;
    if (!channel_->answers()) return;
    // A sweep sets the seed, the length and the metrics.
    std::string hello = "{\"hello\": 1";
    constexpr std::uint64_t kMost = std::uint64_t{1} << 53;  // exact in JSON
    if (greeting->count("seed") == 0 && seed_ <= kMost) {
      hello += ", \"seed\": " + std::to_string(seed_);
    }
    if (greeting->count("epochs") == 0 && epochs_ > 0) {
      hello += ", \"epochs\": " + std::to_string(epochs_);
    }
    channel_->write(hello + detail::directions(metrics) + "}");
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  /// Throws std::out_of_range for a name that neither this program nor the sweep sets.
  const Value& operator[](const std::string& name) const { return parameters_.at(name); }
  std::uint64_t seed() const { return seed_; }
  int epochs() const { return epochs_; }

  /// A folder for the program's own files; none without epochal.
  const std::optional<std::filesystem::path>& run_folder() const { return run_folder_; }

  /// The folder that save() wrote after the epoch before the first; none at the start of a run.
  const std::optional<std::filesystem::path>& restore_folder() const { return restore_; }

  /// Records the current epoch and starts the next one. Returns 0 when all are done or the run is
  /// asked to stop, and in every later call.
  int next_epoch() {
    if (std::exchange(is_in_epoch_, false) && !end_epoch()) return 0;
    if (!stopped_.empty() || epoch_ >= epochs_) return 0;
    is_in_epoch_ = true;
    values_.clear();
    samples_ = steps_ = 0;
    learning_rate_.reset();
    save_ = nullptr;
    return ++epoch_;
  }

  /// Ends the run after the current epoch, which is recorded, before all epochs are done: for a
  /// program that stops by itself. next_epoch() then returns 0.
  void finish() {
    if (!std::exchange(is_in_epoch_, false)) return;
    is_last_ = true;
    end_epoch();
    if (stopped_.empty()) stopped_ = "finished";
  }

  /// Records a value of the epoch. Throws std::invalid_argument for a name that is empty, longer
  /// than 200 bytes or reserved, and for more than 256 values.
  void log(const std::string& name, double value) {
    detail::check_name(name);
    if (name == "samples" || name == "steps" || name == "learning_rate") {
      throw std::invalid_argument("epochal: '" + name + "' cannot be the name of a value: call " +
                                  name + "()");
    }
    values_[name] = value;
    if (values_.size() <= kMostValues) return;
    values_.erase(name);
    throw std::invalid_argument("epochal: an epoch has at most 256 values");
  }
  /// Records a value of a step, a number that grows through all epochs. Cheap enough for each step:
  /// another thread sends it. Throws std::invalid_argument like the other.
  void log(std::int64_t step, const std::string& name, double value) {
    detail::checked_count(step, "a step");
    detail::check_name(name);
    if (!channel_) {
      std::printf("step %lld: %s=%s\n", static_cast<long long>(step), name.c_str(),
                  detail::digits(value, 6).c_str());
      return;
    }
    std::string json = "{\"step\": " + std::to_string(step);
    json += ", " + detail::quoted(name) + ": " + detail::number(value) + "}";
    channel_->write_soon(json);
  }
  /// The number of samples that the epoch trained on; several calls add up.
  void samples(std::int64_t count) { samples_ += detail::checked_count(count, "samples"); }
  /// The number of weight updates; several calls add up.
  void steps(std::int64_t count) { steps_ += detail::checked_count(count, "steps"); }
  void learning_rate(double value) { learning_rate_ = value; }

  /// Saves the state after this epoch: `write` is called at its end with an empty folder, and must
  /// write everything that an exact resume needs into plain files.
  void save(std::function<void(const std::filesystem::path& folder)> write) {
    save_ = std::move(write);
  }

  /// Records a line of text with the run.
  void note(const std::string& text) { tell("note", text); }
  /// Reports the device: "cpu", "cuda:0".
  void device(const std::string& name) { tell("device", name); }
  /// Records a file of the epoch, at most 64 MiB: a picture, a text, a table, sound, a histogram, a
  /// model, anything. The report shows it if a browser can.
  void artifact(const std::filesystem::path& file, const std::string& caption = {}) {
    if (!channel_) return;
    channel_->write("{\"artifact\": " + detail::quoted(std::filesystem::absolute(file).string()) +
                    ", \"caption\": " + detail::quoted(caption) + "}");
  }
  /// Reports the progress of the epoch, in any unit.
  void progress(std::int64_t done, std::int64_t total) {
    if (!channel_) return;
    channel_->write("{\"progress\": [" + std::to_string(done) + ", " + std::to_string(total) +
                    "]}");
  }

  /// Why the run ends early: "budget", "rule", "interrupted", "finished" (by the program itself);
  /// empty if it does not.
  const std::string& stopped() const { return stopped_; }

 private:
  void tell(const char* key, const std::string& text) {
    if (channel_) {
      channel_->write("{\"" + std::string(key) + "\": " + detail::quoted(text) + "}");
    } else {
      std::printf("%s: %s\n", key, text.c_str());
    }
  }

  /// Returns whether the run goes on.
  bool end_epoch() {
    if (!channel_) {
      std::printf("epoch %d of %d:", epoch_, epochs_);
      for (const auto& [name, value] : values_) {
        std::printf(" %s=%s", name.c_str(), detail::digits(value, 6).c_str());
      }
      std::printf("\n");
      std::fflush(stdout);
      return true;
    }
    const std::string message = epoch_message();
    if (message.size() > kLongestLine) {
      throw std::invalid_argument("epochal: the values of an epoch take more than 64 KiB");
    }
    channel_->write(message);
    if (!channel_->answers()) return true;
    for (;;) {
      const std::optional<Parameters> answer = channel_->read();
      if (!answer) {
        stopped_ = "epochal is gone";  // recorded epochs stay
      } else if (answer->count("save") > 0) {
        save_(answer->at("save").text());
        channel_->write("{\"saved\": true}");
        continue;
      } else if (answer->count("stop") > 0) {
        stopped_ = answer->at("stop").text();
      }
      return stopped_.empty();
    }
  }

  std::string epoch_message() const {
    std::string json = "{\"epoch\": " + std::to_string(epoch_);
    for (const auto& [name, value] : values_) {
      json += ", " + detail::quoted(name) + ": " + detail::number(value);
    }
    if (samples_ > 0) json += ", \"samples\": " + std::to_string(samples_);
    if (steps_ > 0) json += ", \"steps\": " + std::to_string(steps_);
    if (learning_rate_) json += ", \"learning_rate\": " + detail::number(*learning_rate_);
    if (save_ && channel_->answers()) json += ", \"saves\": true";
    if (is_last_ && epoch_ < epochs_) json += ", \"last\": true";
    return json + "}";
  }

  std::optional<detail::Channel> channel_;
  Parameters parameters_;
  int epochs_;
  std::uint64_t seed_;
  int epoch_ = 0;
  bool is_in_epoch_ = false;
  bool is_last_ = false;  ///< the program ends after the current epoch
  std::optional<std::filesystem::path> restore_;
  std::optional<std::filesystem::path> run_folder_;
  std::string stopped_;
  std::map<std::string, double> values_;
  std::int64_t samples_ = 0;
  std::int64_t steps_ = 0;
  std::optional<double> learning_rate_;
  std::function<void(const std::filesystem::path&)> save_;
};

}  // namespace epochal::client
