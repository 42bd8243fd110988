// A stack machine for the pickles that hold a state_dict, and for no others.
//
// All values live in one list and refer to each other by number, so that a pickle that contains
// itself neither leaks nor recurses without end.

#include "experiments/torch/weights/pickle_reader.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

#include "framework/base/error.h"

namespace epochal {
namespace {

constexpr std::size_t kMostValues = 1'000'000;
constexpr std::size_t kMostDimensions = 8;
constexpr std::size_t kLongestText = 65'536;
constexpr int kDeepestNesting = 8;

enum class Kind {
  none,
  boolean,
  integer,
  real,
  text,
  tuple,
  list,
  dictionary,
  global,
  storage,
  tensor
};

struct Value {
  Kind kind = Kind::none;
  std::int64_t integer = 0;
  std::string text{};  ///< of a text; "module name" of a global; digits of a long integer
  /// Of a tuple or list; keys and values of a dictionary in turn.
  std::vector<std::size_t> items{};
  PickledStorage storage{};
  PickledTensor tensor{};
};

struct StorageClass {
  std::string_view global;
  c10::ScalarType type;
};
constexpr std::array<StorageClass, 9> kStorageClasses{{
    {"torch FloatStorage", c10::ScalarType::Float},
    {"torch HalfStorage", c10::ScalarType::Half},
    {"torch BFloat16Storage", c10::ScalarType::BFloat16},
    {"torch DoubleStorage", c10::ScalarType::Double},
    {"torch LongStorage", c10::ScalarType::Long},
    {"torch IntStorage", c10::ScalarType::Int},
    {"torch ShortStorage", c10::ScalarType::Short},
    {"torch ByteStorage", c10::ScalarType::Byte},
    {"torch BoolStorage", c10::ScalarType::Byte},
}};

constexpr std::string_view kOrderedDict = "collections OrderedDict";
constexpr std::string_view kRebuildTensor = "torch._utils _rebuild_tensor_v2";
constexpr std::string_view kRebuildParameter = "torch._utils _rebuild_parameter";

std::optional<c10::ScalarType> storage_type(std::string_view global) {
  for (const StorageClass& known : kStorageClasses) {
    if (known.global == global) return known.type;
  }
  return std::nullopt;
}

bool is_known_global(std::string_view global) {
  return global == kOrderedDict || global == kRebuildTensor || global == kRebuildParameter ||
         storage_type(global).has_value();
}

}  // namespace

class PickleReader::Machine {
 public:
  Machine(std::span<const std::byte> bytes, std::string name)
      : bytes_(bytes), name_(std::move(name)) {}

  std::size_t position() const { return position_; }
  const Value& at(std::size_t value) const { return values_.at(value); }

  [[noreturn]] void refuse(const std::string& why) const {
    throw Error("the weights file cannot be read: " + why, name_,
                "save a plain state_dict with torch.save, or as safetensors");
  }

  /// The tensors of a dictionary and of the dictionaries in it, by dotted names.
  std::map<std::string, PickledTensor> tensors_of(std::size_t dictionary) const {
    std::map<std::string, PickledTensor> tensors;
    std::size_t visits = 0;
    collect(dictionary, "", 0, visits, tensors);
    return tensors;
  }

  /// Runs one pickle to its STOP and returns its value.
  std::size_t run() {
    values_.clear();
    stack_.clear();
    marks_.clear();
    memo_.clear();
    constexpr std::uint8_t kStop = '.';
    for (std::uint8_t opcode = byte(); opcode != kStop; opcode = byte()) step(opcode);
    if (stack_.size() != 1) refuse("its pickle does not end with one value");
    return stack_.back();
  }

 private:
  /// A pickle may put one dictionary into another many times over: `visits` bounds the walk.
  void collect(std::size_t dictionary, const std::string& prefix, int depth, std::size_t& visits,
               std::map<std::string, PickledTensor>& tensors) const {
    if (depth > kDeepestNesting) refuse("its dictionaries are nested too deeply");
    const std::vector<std::size_t>& items = values_[dictionary].items;
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
      if (++visits > kMostValues) refuse("it has too many tensors");
      const Value& key = values_[items[i]];
      const Value& value = values_[items[i + 1]];
      if (key.kind != Kind::text) continue;
      if (value.kind == Kind::tensor) tensors.insert_or_assign(prefix + key.text, value.tensor);
      if (value.kind == Kind::dictionary) {
        collect(items[i + 1], prefix + key.text + ".", depth + 1, visits, tensors);
      }
    }
  }

  // --- bytes ---

  std::uint8_t byte() {
    if (position_ >= bytes_.size()) refuse("its pickle is cut short");
    return std::to_integer<std::uint8_t>(bytes_[position_++]);
  }

  std::uint64_t little_endian(std::size_t count) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < count; ++i) number |= std::uint64_t{byte()} << (8 * i);
    return number;
  }

  std::string characters(std::uint64_t count) {
    if (count > kLongestText || count > bytes_.size() - position_) refuse("a text is too long");
    const auto* begin = reinterpret_cast<const char*>(bytes_.data()) + position_;
    position_ += static_cast<std::size_t>(count);
    return {begin, static_cast<std::size_t>(count)};
  }

  std::string line() {
    std::string text;
    for (char c = static_cast<char>(byte()); c != '\n'; c = static_cast<char>(byte())) {
      if (text.size() >= kLongestText) refuse("a line is too long");
      text += c;
    }
    return text;
  }

  // --- values ---

  void push(Value value) {
    if (values_.size() >= kMostValues) refuse("its pickle has too many values");
    stack_.push_back(values_.size());
    values_.push_back(std::move(value));
  }

  void push(Kind kind, std::int64_t integer = 0) { push({.kind = kind, .integer = integer}); }

  void push_text(std::string text) { push({.kind = Kind::text, .text = std::move(text)}); }

  void push_global(const std::string& module, const std::string& name) {
    Value value{.kind = Kind::global, .text = module + " " + name};
    if (!is_known_global(value.text)) {
      refuse(fmt::format("it names '{}.{}', which no state_dict needs", module.substr(0, 80),
                         name.substr(0, 80)));
    }
    push(std::move(value));
  }

  /// Values below the last mark cannot be taken while it stands.
  std::size_t pop() {
    const std::size_t floor = marks_.empty() ? 0 : marks_.back();
    if (stack_.size() <= floor) refuse("its pickle uses a missing value");
    const std::size_t value = stack_.back();
    stack_.pop_back();
    return value;
  }

  std::vector<std::size_t> pop_to_mark() {
    if (marks_.empty()) refuse("its pickle lacks a mark");
    const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<std::size_t> items(begin, stack_.end());
    stack_.erase(begin, stack_.end());
    marks_.pop_back();
    return items;
  }

  Value& top_of_kind(Kind kind) {
    const std::size_t value = pop();
    stack_.push_back(value);
    if (values_[value].kind != kind) refuse("its pickle fills something that is not a container");
    return values_[value];
  }

  void push_tuple(std::vector<std::size_t> items) {
    push({.kind = Kind::tuple, .items = std::move(items)});
  }

  void push_tuple_of(std::size_t count) {
    std::vector<std::size_t> items(count);
    for (std::size_t i = count; i-- > 0;) items[i] = pop();
    push_tuple(std::move(items));
  }

  void append(const std::vector<std::size_t>& items) {
    std::vector<std::size_t>& list = top_of_kind(Kind::list).items;
    list.insert(list.end(), items.begin(), items.end());
  }

  void set_items(const std::vector<std::size_t>& items) {
    if (items.size() % 2 != 0) refuse("its pickle has a key without a value");
    std::vector<std::size_t>& pairs = top_of_kind(Kind::dictionary).items;
    pairs.insert(pairs.end(), items.begin(), items.end());
  }

  // --- memo ---

  void put(std::uint64_t key) {
    const std::size_t value = pop();
    stack_.push_back(value);
    memo_[key] = value;
  }

  void get(std::uint64_t key) {
    const auto found = memo_.find(key);
    if (found == memo_.end()) refuse("its pickle uses a value that it never stored");
    if (stack_.size() >= kMostValues) refuse("its pickle has too many values");
    stack_.push_back(found->second);
  }

  // --- what PyTorch builds ---

  const Value& item(const Value& tuple, std::size_t index, Kind kind) const {
    if (index >= tuple.items.size() || values_[tuple.items[index]].kind != kind) {
      refuse("it describes a tensor in an unknown way");
    }
    return values_[tuple.items[index]];
  }

  /// ('storage', torch.FloatStorage, key, location, elements[, view of another storage])
  void push_storage(const Value& identity) {
    if (identity.kind != Kind::tuple) refuse("it names a storage in an unknown way");
    const bool is_view = identity.items.size() > 5 && values_[identity.items[5]].kind != Kind::none;
    if (item(identity, 0, Kind::text).text != "storage" || is_view) {
      refuse("it names a storage in an unknown way");
    }
    const auto type = storage_type(item(identity, 1, Kind::global).text);
    PickledStorage storage;
    storage.key = item(identity, 2, Kind::text).text;
    storage.elements = item(identity, 4, Kind::integer).integer;
    if (!type || storage.elements < 0) refuse("it names a storage in an unknown way");
    storage.type = *type;
    push({.kind = Kind::storage, .storage = std::move(storage)});
  }

  std::vector<std::int64_t> extents(const Value& tuple) const {
    if (tuple.items.size() > kMostDimensions) refuse("a tensor has too many dimensions");
    std::vector<std::int64_t> numbers;
    for (std::size_t i = 0; i < tuple.items.size(); ++i) {
      numbers.push_back(item(tuple, i, Kind::integer).integer);
      if (numbers.back() < 0) refuse("a tensor has a negative extent");
    }
    return numbers;
  }

  /// _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks, …)
  void push_tensor(const Value& arguments) {
    PickledTensor tensor;
    tensor.storage = item(arguments, 0, Kind::storage).storage;
    tensor.offset = item(arguments, 1, Kind::integer).integer;
    tensor.shape = extents(item(arguments, 2, Kind::tuple));
    tensor.strides = extents(item(arguments, 3, Kind::tuple));
    if (tensor.offset < 0 || tensor.shape.size() != tensor.strides.size()) {
      refuse("it describes a tensor in an unknown way");
    }
    check_view(tensor);
    push({.kind = Kind::tensor, .tensor = std::move(tensor)});
  }

  /// The last element that the view reaches must be one of its storage's, and the view may not hold
  /// more elements than the storage, which a stride of 0 would let it.
  void check_view(const PickledTensor& tensor) const {
    std::int64_t last = tensor.offset;
    std::int64_t count = 1;
    bool overflows = false;
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
      std::int64_t reach = 0;
      overflows |= __builtin_mul_overflow(count, tensor.shape[i], &count);
      overflows |= __builtin_mul_overflow(std::max<std::int64_t>(tensor.shape[i] - 1, 0),
                                          tensor.strides[i], &reach);
      overflows |= __builtin_add_overflow(last, reach, &last);
    }
    if (overflows || count > tensor.storage.elements ||
        (count > 0 && last >= tensor.storage.elements)) {
      refuse("a tensor reaches beyond its storage");
    }
  }

  void reduce() {
    const Value arguments = values_[pop()];
    const Value callable = values_[pop()];
    if (callable.kind != Kind::global || arguments.kind != Kind::tuple) {
      refuse("its pickle calls something that is not a function");
    }
    if (callable.text == kOrderedDict && arguments.items.empty()) {
      push(Kind::dictionary);
    } else if (callable.text == kRebuildTensor) {
      push_tensor(arguments);
    } else if (callable.text == kRebuildParameter) {
      push(item(arguments, 0, Kind::tensor));
    } else {
      refuse("its pickle builds something other than tensors");
    }
  }

  /// An object's attributes, such as a state_dict's _metadata: nothing that we need.
  void build() {
    pop();
    const std::size_t object = pop();
    stack_.push_back(object);
    const Kind kind = values_[object].kind;
    if (kind != Kind::dictionary && kind != Kind::tensor) {
      refuse("its pickle sets attributes of something other than a dictionary");
    }
  }

  void push_long() {
    const std::uint8_t length = byte();
    std::array<std::uint8_t, 255> digits{};
    for (std::size_t i = 0; i < length; ++i) digits.at(i) = byte();
    Value value;
    value.kind = Kind::integer;
    for (std::size_t i = length; i-- > 0;) value.text += fmt::format("{:02x}", digits.at(i));
    if (length > 8) {
      value.kind = Kind::text;  // too long for arithmetic: kept as its digits
    } else {
      std::uint64_t number = length > 0 && digits.at(length - 1) >= 0x80 ? ~std::uint64_t{0} : 0;
      for (std::size_t i = length; i-- > 0;) number = number << 8 | digits.at(i);
      value.integer = static_cast<std::int64_t>(number);
    }
    push(std::move(value));
  }

  void skip_bytes(std::size_t count) {
    if (count > bytes_.size() - position_) refuse("its pickle is cut short");
    position_ += count;
  }

  /// One opcode but STOP.
  void step(std::uint8_t opcode) {
    switch (opcode) {
      case 0x80:  // PROTO
        if (byte() > 5) refuse("its pickle is of an unknown protocol");
        return;
      case 0x95:  // FRAME
        return skip_bytes(8);
      case '(':
        if (marks_.size() >= kMostValues) refuse("its pickle has too many values");
        return marks_.push_back(stack_.size());
      case 'N':
        return push(Kind::none);
      case 0x88:
      case 0x89:
        return push(Kind::boolean, opcode == 0x88 ? 1 : 0);
      case 'K':
        return push(Kind::integer, byte());
      case 'M':
        return push(Kind::integer, static_cast<std::int64_t>(little_endian(2)));
      case 'J':
        return push(Kind::integer, static_cast<std::int32_t>(little_endian(4)));
      case 0x8a:
        return push_long();
      case 'G':
        skip_bytes(8);
        return push(Kind::real);
      case 'X':
      case 'T':
        return push_text(characters(little_endian(4)));
      case 0x8c:
      case 'U':
        return push_text(characters(byte()));
      case '}':
        return push(Kind::dictionary);
      case ']':
        return push(Kind::list);
      case ')':
        return push_tuple({});
      case 't':
        return push_tuple(pop_to_mark());
      case 0x85:
      case 0x86:
      case 0x87:
        return push_tuple_of(opcode - 0x84U);
      case 'a':
        return append({pop()});
      case 'e':
        return append(pop_to_mark());
      case 's': {
        const std::size_t value = pop();
        const std::size_t key = pop();
        return set_items({key, value});
      }
      case 'u':
        return set_items(pop_to_mark());
      case 'q':
        return put(byte());
      case 'r':
        return put(little_endian(4));
      case 0x94:
        return put(memo_.size());
      case 'h':
        return get(byte());
      case 'j':
        return get(little_endian(4));
      case 'c': {
        const std::string module = line();
        return push_global(module, line());
      }
      case 0x93: {
        const Value name = values_[pop()];
        return push_global(values_[pop()].text, name.text);
      }
      case 'Q':
        return push_storage(Value(values_[pop()]));
      case 'R':
        return reduce();
      case 'b':
        return build();
      default:
        refuse(
            fmt::format("its pickle has the opcode 0x{:02x}, which no state_dict needs", opcode));
    }
  }

  std::span<const std::byte> bytes_;
  std::string name_;
  std::size_t position_ = 0;
  std::vector<Value> values_;
  std::vector<std::size_t> stack_;
  std::vector<std::size_t> marks_;
  std::map<std::uint64_t, std::size_t> memo_;
};

PickleReader::PickleReader(std::span<const std::byte> bytes, std::string name)
    : machine_(std::make_unique<Machine>(bytes, std::move(name))) {}

PickleReader::~PickleReader() = default;

void PickleReader::skip() {
  machine_->run();
}

std::string PickleReader::read_hex_integer() {
  const Value& value = machine_->at(machine_->run());
  const std::size_t digits = value.text.find_first_not_of('0');
  return digits == std::string::npos ? "0" : value.text.substr(digits);
}

std::vector<std::string> PickleReader::read_text_list() {
  const Value& list = machine_->at(machine_->run());
  if (list.kind != Kind::list) machine_->refuse("a list of storages was expected");
  std::vector<std::string> texts;
  for (const std::size_t item : list.items) {
    if (machine_->at(item).kind != Kind::text) machine_->refuse("a storage's key was expected");
    texts.push_back(machine_->at(item).text);
  }
  return texts;
}

std::map<std::string, PickledTensor> PickleReader::read_state_dict() {
  const std::size_t root = machine_->run();
  if (machine_->at(root).kind != Kind::dictionary) {
    machine_->refuse("it does not contain a state_dict");
  }
  return machine_->tensors_of(root);
}

std::size_t PickleReader::position() const {
  return machine_->position();
}

}  // namespace epochal
