#pragma once

// Tells epochal what a training program does, epoch by epoch, and goes on where it left off.
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
// Under `epochal run` the parameters are those of the sweep, each epoch is recorded, and what
// save() writes is durable before the epoch counts. Without epochal the program trains all the
// same: the parameters are the ones given here, and what is logged is printed. With a store, as in
// Run run({…}, 20, 0, "epochal-store"), a program that is started by hand is recorded in it. C++17,
// the standard library and POSIX alone. The protocol is in docs/protocol.md.

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

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
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace epochal::client {

constexpr int kProtocol = 1;

/// What a parameter is: what the sweep file declares. A text stands for itself.
class Value {
 public:
  Value() = default;
  Value(bool value) : value_(value) {}                      // NOLINT: as it is written
  Value(int value) : value_(std::int64_t{value}) {}         // NOLINT
  Value(std::int64_t value) : value_(value) {}              // NOLINT
  Value(double value) : value_(value) {}                    // NOLINT
  Value(const char* value) : value_(std::string(value)) {}  // NOLINT
  Value(std::string value) : value_(std::move(value)) {}    // NOLINT

  bool boolean() const { return as<bool>("a boolean"); }
  std::int64_t integer() const { return as<std::int64_t>("an integer"); }
  /// A number, whole or not.
  double real() const {
    if (const auto* whole = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*whole);
    return as<double>("a number");
  }
  const std::string& text() const { return as<std::string>("a text"); }

  /// As a word of a command line.
  std::string word() const {
    if (const auto* text = std::get_if<std::string>(&value_)) return *text;
    if (const auto* flag = std::get_if<bool>(&value_)) return *flag ? "true" : "false";
    if (const auto* whole = std::get_if<std::int64_t>(&value_)) return std::to_string(*whole);
    char real[40];
    std::snprintf(real, sizeof real, "%.17g", std::get<double>(value_));
    // A whole number behind a point stays a real one.
    return std::strpbrk(real, ".en") != nullptr ? real : std::string(real) + ".0";
  }

 private:
  template <typename T>
  const T& as(const char* name) const {
    if (const auto* value = std::get_if<T>(&value_)) return *value;
    throw std::runtime_error(std::string("epochal: a parameter is not ") + name);
  }

  std::variant<bool, std::int64_t, double, std::string> value_;
};

using Parameters = std::map<std::string, Value>;

namespace detail {

/// A text as JSON has it.
inline std::string quoted(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      json += escape;
    } else {
      json += c;
    }
  }
  return json + '"';
}

/// A number that reads back as the same; NaN and the infinities, which JSON lacks, are words.
inline std::string number(double value) {
  if (std::isnan(value)) return "\"nan\"";
  if (std::isinf(value)) return value > 0 ? "\"inf\"" : "\"-inf\"";
  char text[32];
#ifdef __cpp_lib_to_chars
  return std::string(text, std::to_chars(text, text + sizeof text, value).ptr);
#else
  std::snprintf(text, sizeof text, "%.17g", value);
  return text;
#endif
}

/// Reads the objects that epochal sends: values are plain, or one more object of plain values.
class Reader {
 public:
  explicit Reader(std::string_view json) : json_(json) {}

  /// The values by name; those of an object within as "object.name".
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
      const std::string key = prefix + text();
      expect(':');
      if (peek() == '{') {
        read_object(key + ".", values);
      } else {
        values[key] = plain();
      }
    } while (skip(','));
    expect('}');
  }

  Value plain() {
    if (peek() == '"') return Value(text());
    const std::size_t end = json_.find_first_of(",}", at_);
    const std::string word(json_.substr(at_, end - at_));
    at_ += word.size();
    if (word == "true" || word == "false") return Value(word == "true");
    char* rest = nullptr;
    if (word.find_first_of(".eE") == std::string::npos) {
      const long long whole = std::strtoll(word.c_str(), &rest, 10);
      if (!word.empty() && *rest == '\0') return Value(std::int64_t{whole});
    }
    const double real = std::strtod(word.c_str(), &rest);
    if (word.empty() || *rest != '\0') fail();
    return Value(real);
  }

  std::string text() {
    expect('"');
    std::string result;
    while (at_ < json_.size() && json_[at_] != '"') {
      char c = json_[at_++];
      if (c == '\\' && at_ < json_.size()) c = escaped(result);
      if (c != '\0') result += c;
    }
    expect('"');
    return result;
  }

  /// The character behind a backslash; a \u one is added in UTF-8, and none returned.
  char escaped(std::string& result) {
    const char c = json_[at_++];
    if (c == 'n') return '\n';
    if (c == 't') return '\t';
    if (c == 'r') return '\r';
    if (c == 'b') return '\b';
    if (c == 'f') return '\f';
    if (c != 'u') return c;
    const unsigned long code = std::strtoul(std::string(json_.substr(at_, 4)).c_str(), nullptr, 16);
    at_ += 4;
    if (code < 0x80) return static_cast<char>(code);
    if (code >= 0x800) {
      result += static_cast<char>(0xe0 | (code >> 12));
      result += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    } else {
      result += static_cast<char>(0xc0 | (code >> 6));
    }
    return static_cast<char>(0x80 | (code & 0x3f));
  }

  char peek() {
    while (at_ < json_.size() && json_[at_] == ' ') ++at_;
    return at_ < json_.size() ? json_[at_] : '\0';
  }
  bool skip(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!skip(c)) fail();
    peek();
  }
  [[noreturn]] static void fail() { throw std::runtime_error("epochal: this is no message"); }

  std::string_view json_;
  std::size_t at_ = 0;
};

/// The socket to epochal: JSON, one object a line.
class Channel {
 public:
  /// The channel of this process; none where epochal has not started it.
  static std::optional<Channel> inherited() {
    const char* name = std::getenv("EPOCHAL_FD");
    struct stat status {};
    const int handle = name == nullptr ? -1 : std::atoi(name);
    if (handle < 0 || fstat(handle, &status) != 0 || !S_ISSOCK(status.st_mode)) return std::nullopt;
    // What the program starts is not this run.
    fcntl(handle, F_SETFD, FD_CLOEXEC);
    unsetenv("EPOCHAL_FD");
    return Channel(handle);
  }

  /// None where epochal is gone.
  std::optional<Parameters> read() {
    for (;;) {
      const std::size_t end = heard_.find('\n');
      if (end != std::string::npos) {
        const std::string line = heard_.substr(0, end);
        heard_.erase(0, end + 1);
        return Reader(line).object();
      }
      char part[4096];
      const ssize_t length = ::read(handle_, part, sizeof part);
      if (length < 0 && errno == EINTR) continue;
      if (length <= 0) return std::nullopt;
      heard_.append(part, static_cast<std::size_t>(length));
    }
  }

  void write(const std::string& message) {
    const std::lock_guard<std::mutex> lock(waiting_->mutex);
    waiting_->lines += message + '\n';
    waiting_->send_all(handle_);
  }

  /// Leaves the sending to another thread, unless too much is waiting.
  void write_soon(const std::string& message) {
    constexpr std::size_t kMostWaiting = 1 << 20;
    const std::lock_guard<std::mutex> lock(waiting_->mutex);
    waiting_->lines += message;
    waiting_->lines += '\n';
    if (waiting_->lines.size() > kMostWaiting) waiting_->send_all(handle_);
    if (!waiting_->sender.joinable()) {
      waiting_->sender = std::thread(
          [waiting = waiting_.get(), handle = handle_] { waiting->send_often(handle); });
    }
  }

 private:
  /// What is to be sent, by whichever thread comes first.
  struct Waiting {
    ~Waiting() {
      {
        const std::lock_guard<std::mutex> lock(mutex);
        is_over = true;
      }
      ended.notify_all();
      if (sender.joinable()) sender.join();
    }

    void send_all(int handle) {
      std::size_t sent = 0;
      while (sent < lines.size()) {
        const ssize_t length =
            ::send(handle, lines.data() + sent, lines.size() - sent, MSG_NOSIGNAL);
        if (length < 0 && errno == EINTR) continue;
        if (length <= 0) break;  // epochal is gone; the next read says so
        sent += static_cast<std::size_t>(length);
      }
      lines.clear();
    }

    void send_often(int handle) {
      std::unique_lock<std::mutex> lock(mutex);
      while (!is_over) {
        ended.wait_for(lock, std::chrono::milliseconds(100));
        send_all(handle);
      }
    }

    std::mutex mutex;
    std::condition_variable ended;
    std::string lines;
    bool is_over = false;
    std::thread sender;
  };

  explicit Channel(int handle) : handle_(handle), waiting_(std::make_unique<Waiting>()) {}

  int handle_;
  std::string heard_;
  std::unique_ptr<Waiting> waiting_;
};

/// Says to a program which began again that the parameters are those that it gives itself.
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

/// A name that `epochal track` takes for that of a parameter.
inline bool is_name(const std::string& text) {
  return !text.empty() && text.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"
                              "WXYZ0123456789_-") == std::string::npos;
}

/// Becomes `epochal track`, which starts this program anew; returns where that cannot be.
inline void begin_again_under_epochal(const std::filesystem::path& store,
                                      const Parameters& parameters) {
  if (std::getenv("EPOCHAL_RUN") != nullptr) return;  // what a run has started is part of it
  std::vector<std::string> words{"epochal", "track", "--store", store.string()};
  for (const auto& [name, value] : parameters) {
    if (is_name(name)) words.push_back(name + "=" + value.word());
  }
  words.push_back("--");
  for (std::string& word : own_command()) words.push_back(std::move(word));
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  std::fflush(nullptr);
  const char* named = std::getenv("EPOCHAL_PROGRAM");
  setenv(kBegunAgain, "1", 1);
  execvp(named == nullptr ? "epochal" : named, arguments.data());
  unsetenv(kBegunAgain);
  std::fprintf(stderr,
               "epochal: this run is not recorded: put `epochal` on the PATH, or name it in "
               "EPOCHAL_PROGRAM (%s)\n",
               std::strerror(errno));
}

}  // namespace detail

/// One training.
class Run {
 public:
  /// `parameters`, `epochs` and `seed` hold where epochal does not say otherwise. `store`: the
  /// folder of a store that a program which was started by hand records itself in; empty if it does
  /// not. For that it begins again under `epochal track`, so make the run before anything that
  /// takes long. Throws std::runtime_error if epochal speaks another version of the protocol.
  explicit Run(Parameters parameters, int epochs = 1, std::uint64_t seed = 0,
               const std::filesystem::path& store = {})
      : channel_(detail::Channel::inherited()),
        parameters_(std::move(parameters)),
        epochs_(epochs),
        seed_(seed) {
    if (!channel_ && !store.empty()) detail::begin_again_under_epochal(store, parameters_);
    if (!channel_) return;
    const bool has_begun_again = std::getenv(detail::kBegunAgain) != nullptr;
    unsetenv(detail::kBegunAgain);
    const std::optional<Parameters> greeting = channel_->read();
    if (!greeting || greeting->count("epochal") == 0 ||
        greeting->at("epochal").integer() != kProtocol) {
      throw std::runtime_error("epochal does not speak version 1 of the protocol");
    }
    const std::string prefix = "parameters.";
    for (const auto& [name, value] : *greeting) {
      if (!has_begun_again && name.compare(0, prefix.size(), prefix) == 0) {
        parameters_[name.substr(prefix.size())] = value;
      }
    }
    // A program that is merely tracked has a seed and a length of its own.
    if (greeting->count("seed") > 0) {
      seed_ = static_cast<std::uint64_t>(greeting->at("seed").integer());
    }
    if (greeting->count("epochs") > 0) {
      epochs_ = static_cast<int>(greeting->at("epochs").integer());
    }
    epoch_ = static_cast<int>(greeting->at("first_epoch").integer()) - 1;
    if (greeting->count("restore") > 0) restore_ = greeting->at("restore").text();
    channel_->write("{\"hello\": 1}");
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  /// Throws std::out_of_range for a name that is neither given here nor in the sweep.
  const Value& operator[](const std::string& name) const { return parameters_.at(name); }
  std::uint64_t seed() const { return seed_; }
  int epochs() const { return epochs_; }

  /// What save() wrote behind the epoch before the first; none where the run begins.
  const std::optional<std::filesystem::path>& restore_folder() const { return restore_; }

  /// Records the epoch that was begun last, and begins the next; 0 when all are done, or the run
  /// shall stop.
  int next_epoch() {
    if (is_in_epoch_ && !end_epoch()) return 0;
    is_in_epoch_ = epoch_ < epochs_;
    if (!is_in_epoch_) return 0;
    values_.clear();
    samples_ = steps_ = 0;
    learning_rate_.reset();
    save_ = nullptr;
    return ++epoch_;
  }

  /// A value of the epoch.
  void log(const std::string& name, double value) { values_[name] = value; }
  /// A value of a step, a number that grows through all epochs. Cheap enough for each step: another
  /// thread sends it.
  void log(std::int64_t step, const std::string& name, double value) {
    if (!channel_) {
      std::printf("step %lld: %s=%g\n", static_cast<long long>(step), name.c_str(), value);
      return;
    }
    std::string json = "{\"step\": " + std::to_string(step);
    json += ", " + detail::quoted(name) + ": " + detail::number(value) + "}";
    channel_->write_soon(json);
  }
  /// On how many samples the epoch was trained; several calls add up.
  void samples(std::int64_t count) { samples_ += count; }
  /// Updates of the weights; several calls add up.
  void steps(std::int64_t count) { steps_ += count; }
  void learning_rate(double value) { learning_rate_ = value; }

  /// Keeps the state behind this epoch: `write` is called when it is over, with an empty folder,
  /// and writes all that an exact resume needs into plain files.
  void save(std::function<void(const std::filesystem::path& folder)> write) {
    save_ = std::move(write);
  }

  /// Keeps a line of text with the run.
  void note(const std::string& text) { tell("note", text); }
  /// Says where the program computes: "cpu", "cuda:0".
  void device(const std::string& name) { tell("device", name); }
  /// Keeps a file with the epoch, at most 64 MiB: a picture, a text, a table, sound, a histogram, a
  /// model, anything. The report shows what a browser can.
  void artifact(const std::filesystem::path& file, const std::string& caption = {}) {
    if (!channel_) return;
    channel_->write("{\"artifact\": " + detail::quoted(std::filesystem::absolute(file).string()) +
                    ", \"caption\": " + detail::quoted(caption) + "}");
  }
  /// Says how far the epoch is, in whatever is counted.
  void progress(std::int64_t done, std::int64_t total) {
    if (!channel_) return;
    channel_->write("{\"progress\": [" + std::to_string(done) + ", " + std::to_string(total) +
                    "]}");
  }

  /// Why the run ends early: "budget", "rule", "interrupted"; empty if it does not.
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
      for (const auto& [name, value] : values_) std::printf(" %s=%g", name.c_str(), value);
      std::printf("\n");
      std::fflush(stdout);
      return true;
    }
    channel_->write(epoch_message());
    for (;;) {
      const std::optional<Parameters> answer = channel_->read();
      if (!answer) {
        stopped_ = "epochal is gone";  // what is recorded stays
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
    if (save_) json += ", \"saves\": true";
    return json + "}";
  }

  std::optional<detail::Channel> channel_;
  Parameters parameters_;
  int epochs_;
  std::uint64_t seed_;
  int epoch_ = 0;
  bool is_in_epoch_ = false;
  std::optional<std::filesystem::path> restore_;
  std::string stopped_;
  std::map<std::string, double> values_;
  std::int64_t samples_ = 0;
  std::int64_t steps_ = 0;
  std::optional<double> learning_rate_;
  std::function<void(const std::filesystem::path&)> save_;
};

}  // namespace epochal::client
