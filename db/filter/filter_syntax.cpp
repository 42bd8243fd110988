// Recursive descent over
//   any  := all { OR all }             all  := one { AND one }
//   one  := NOT one | "(" any ")" | field test
//   test := comparator value | [NOT] LIKE|ILIKE value | [NOT] IN "(" value {"," value} ")"
//         | IS [NOT] NULL

#include "db/filter/filter_syntax.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "db/in_quotes.h"

namespace epochal::store {
namespace {

using Condition = FilterCondition;

constexpr std::size_t kLongest = 8192;
// Well within the limits of SQLite's parser: a stack of 100 and expressions 1,000 deep.
constexpr int kDeepest = 12;
constexpr int kMostComparisons = 200;
constexpr std::size_t kMostValues = 100;

struct Token {
  enum class Kind { word, name, number, text, symbol, end };

  Kind kind = Kind::end;
  std::string text;  ///< a word or symbol as written, a text without its quotes
  double number = 0;
  bool is_duration = false;
  std::size_t column = 1;
};

bool is_word_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '`';
}

bool is_word_part(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-' ||
         c == '/';
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {
    if (text.size() > kLongest) throw filter_error(1, "the filter is longer than 8 KiB");
  }

  Token next() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    Token token;
    token.column = column();
    if (at_ == text_.size()) return token;
    const char c = text_[at_];
    if (c == '\'' || c == '"') return text(token);
    if (is_word_start(c)) return word(token);
    if (std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '+') {
      return number(token);
    }
    return symbol(token);
  }

 private:
  /// In characters: continuation bytes of UTF-8 do not count.
  std::size_t column() const {
    const auto before = text_.substr(0, at_);
    return 1 + static_cast<std::size_t>(std::count_if(before.begin(), before.end(), [](char c) {
             return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
           }));
  }

  /// The text from the quote at the current position to the next one; a doubled quote is one quote.
  std::string quoted() {
    const std::size_t start = column();
    const char quote = text_[at_++];
    std::string result;
    while (at_ < text_.size()) {
      if (text_[at_] == quote) {
        ++at_;
        if (at_ == text_.size() || text_[at_] != quote) return result;
      }
      result += text_[at_++];
    }
    throw filter_error(start, fmt::format("the {} that opens here is never closed", quote));
  }

  Token text(Token token) {
    token.kind = Token::Kind::text;
    token.text = quoted();
    return token;
  }

  /// A keyword or a field; parts of a field may be quoted: metrics."val loss".
  Token word(Token token) {
    token.kind = Token::Kind::word;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const bool opens_part = token.text.empty() || token.text.back() == '.';
      if (c == '`' || (opens_part && (c == '"' || c == '\''))) {
        token.text += quoted();
        token.kind = Token::Kind::name;
      } else if (is_word_part(c)) {
        token.text += c;
        ++at_;
      } else {
        break;
      }
    }
    return token;
  }

  Token number(Token token) {
    static const std::map<std::string_view, double> kSeconds{
        {"s", 1}, {"m", 60}, {"min", 60}, {"h", 3600}, {"d", 86400}, {"w", 7 * 86400}};
    token.kind = Token::Kind::number;
    const char* begin = text_.data() + at_;
    const char* end = text_.data() + text_.size();
    const char* digits = *begin == '+' ? begin + 1 : begin;
    const auto [stop, error] = std::from_chars(digits, end, token.number);
    if (error != std::errc{}) {
      throw filter_error(token.column, fmt::format("'{}' is not the start of a number", *begin));
    }
    at_ += static_cast<std::size_t>(stop - begin);
    std::size_t length = 0;
    while (at_ + length < text_.size() && is_word_part(text_[at_ + length])) ++length;
    if (length == 0) return token;
    const std::string_view unit = text_.substr(at_, length);
    const auto seconds = kSeconds.find(unit);
    if (seconds == kSeconds.end()) {
      throw filter_error(column(), fmt::format("'{}' is not a unit", unit.substr(0, 40)),
                         "units are s, min, h, d and w; a text needs quotes");
    }
    at_ += length;
    token.number *= seconds->second;
    token.is_duration = true;
    return token;
  }

  Token symbol(Token token) {
    static constexpr std::array<std::string_view, 12> kSymbols{"<=", ">=", "!=", "<>", "==", "=",
                                                               "<",  ">",  "(",  ")",  ",",  ""};
    token.kind = Token::Kind::symbol;
    const std::string_view rest = text_.substr(at_);
    const auto found = std::ranges::find_if(
        kSymbols, [&](std::string_view known) { return rest.starts_with(known); });
    if (found->empty()) {
      const auto byte = static_cast<unsigned char>(rest.front());
      const bool is_plain = byte > 0x20 && byte < 0x7f;
      throw filter_error(token.column,
                         is_plain ? fmt::format("'{}' has no meaning here", rest.front())
                                  : fmt::format("byte 0x{:02x} has no meaning here", byte),
                         "put texts in quotes: '…'");
    }
    token.text = *found;
    at_ += found->size();
    return token;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

FilterField field_of(const Token& token) {
  static const std::map<std::string, FilterField::Namespace> kNamespaces{
      {"metrics", FilterField::Namespace::metrics},   {"metric", FilterField::Namespace::metrics},
      {"params", FilterField::Namespace::params},     {"param", FilterField::Namespace::params},
      {"parameters", FilterField::Namespace::params}, {"tags", FilterField::Namespace::tags},
      {"tag", FilterField::Namespace::tags},          {"run", FilterField::Namespace::run},
      {"attributes", FilterField::Namespace::run}};
  FilterField field;
  field.column = token.column;
  field.name = token.text;
  const std::size_t point = token.text.find('.');
  if (point == std::string::npos) return field;
  const auto found = kNamespaces.find(lower(token.text.substr(0, point)));
  if (found == kNamespaces.end()) return field;
  field.name_space = found->second;
  field.name = token.text.substr(point + 1);
  if (field.name.empty()) throw filter_error(token.column, "a name is missing after the dot");
  return field;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) { advance(); }

  Condition filter() {
    Condition condition = any();
    if (token_.kind != Token::Kind::end) {
      throw filter_error(token_.column, fmt::format("'{}' was not expected", shown()),
                         "join conditions with AND or OR");
    }
    return condition;
  }

  FilterField only_field() {
    const FilterField found = field();
    if (token_.kind == Token::Kind::end) return found;
    throw filter_error(token_.column, fmt::format("'{}' was not expected", shown()));
  }

 private:
  void advance() { token_ = lexer_.next(); }

  std::string shown() const { return token_.text.substr(0, 40); }

  bool is_keyword(std::string_view keyword) const {
    return token_.kind == Token::Kind::word && lower(token_.text) == keyword;
  }

  bool take_keyword(std::string_view keyword) {
    if (!is_keyword(keyword)) return false;
    advance();
    return true;
  }

  bool take_symbol(std::string_view symbol) {
    if (token_.kind != Token::Kind::symbol || token_.text != symbol) return false;
    advance();
    return true;
  }

  void expect_symbol(std::string_view symbol, const char* why) {
    if (take_symbol(symbol)) return;
    throw filter_error(token_.column, fmt::format("'{}' is expected here", symbol), why);
  }

  Condition joined(Condition::Kind kind, std::string_view keyword, Condition (Parser::*part)()) {
    Condition first = (this->*part)();
    if (!is_keyword(keyword)) return first;
    Condition condition;
    condition.kind = kind;
    condition.parts.push_back(std::move(first));
    while (take_keyword(keyword)) condition.parts.push_back((this->*part)());
    return condition;
  }

  Condition any() { return joined(Condition::Kind::any_of, "or", &Parser::all); }
  Condition all() { return joined(Condition::Kind::all_of, "and", &Parser::one); }

  Condition one() {
    if (++depth_ > kDeepest) {
      throw filter_error(token_.column,
                         fmt::format("conditions are nested more than {} deep", kDeepest));
    }
    Condition condition;
    if (take_keyword("not")) {
      condition = negated(one());
    } else if (take_symbol("(")) {
      condition = any();
      expect_symbol(")", "to close '('");
    } else {
      condition = comparison();
    }
    --depth_;
    return condition;
  }

  static Condition negated(Condition condition) {
    Condition negation;
    negation.kind = Condition::Kind::none_of;
    negation.parts.push_back(std::move(condition));
    return negation;
  }

  FilterField field() {
    const bool is_field = token_.kind == Token::Kind::word || token_.kind == Token::Kind::name;
    if (!is_field) {
      throw filter_error(token_.column,
                         token_.kind == Token::Kind::end ? "a condition is missing"
                                                         : "a condition starts with a field",
                         "such as metrics.val.total, params.batch_size, tags.NAME or run.status");
    }
    FilterField found = field_of(token_);
    advance();
    return found;
  }

  Condition comparison() {
    if (++comparisons_ > kMostComparisons) {
      throw filter_error(token_.column,
                         fmt::format("there are more than {} comparisons", kMostComparisons),
                         "use IN to compare with many values");
    }
    Condition condition;
    condition.field = field();
    if (take_keyword("is")) {
      const bool is_present = take_keyword("not");
      if (!take_keyword("null")) throw filter_error(token_.column, "NULL is expected after IS");
      condition.comparator = FilterOperator::is_absent;
      return is_present ? negated(std::move(condition)) : condition;
    }
    const bool is_negated = take_keyword("not");
    if (take_keyword("in")) {
      condition.comparator = FilterOperator::in;
      condition.values = list();
    } else {
      condition.comparator = comparator(is_negated);
      condition.values.push_back(value());
    }
    if (!is_negated) return condition;
    // A comparison with a missing value is false, also a negated one.
    Condition absent;
    absent.field = condition.field;
    absent.comparator = FilterOperator::is_absent;
    Condition both;
    both.kind = Condition::Kind::all_of;
    both.parts = {negated(std::move(condition)), negated(std::move(absent))};
    return both;
  }

  FilterOperator comparator(bool is_negated) {
    if (take_keyword("like")) return FilterOperator::like;
    if (take_keyword("ilike")) return FilterOperator::ilike;
    static const std::map<std::string, FilterOperator> kSymbols{
        {"=", FilterOperator::equal},      {"==", FilterOperator::equal},
        {"!=", FilterOperator::not_equal}, {"<>", FilterOperator::not_equal},
        {"<", FilterOperator::less},       {"<=", FilterOperator::at_most},
        {">", FilterOperator::greater},    {">=", FilterOperator::at_least}};
    const auto found = kSymbols.find(token_.text);
    if (is_negated || token_.kind != Token::Kind::symbol || found == kSymbols.end()) {
      throw filter_error(token_.column, "a comparison is expected here",
                         "one of = != < <= > >= LIKE ILIKE IN, IS NULL");
    }
    advance();
    return found->second;
  }

  std::vector<FilterValue> list() {
    expect_symbol("(", "to open the list of IN");
    std::vector<FilterValue> values{value()};
    while (take_symbol(",")) {
      values.push_back(value());
      if (values.size() > kMostValues) {
        throw filter_error(token_.column,
                           fmt::format("the list has more than {} values", kMostValues));
      }
    }
    expect_symbol(")", "to close the list of IN");
    return values;
  }

  FilterValue value() {
    FilterValue value;
    value.column = token_.column;
    if (token_.kind == Token::Kind::number) {
      value.kind = token_.is_duration ? FilterValue::Kind::duration : FilterValue::Kind::number;
      value.number = token_.number;
    } else if (token_.kind == Token::Kind::text) {
      value.kind = FilterValue::Kind::text;
      value.text = token_.text;
    } else if (const auto named = named_value()) {
      value.kind = named->first;
      value.number = named->second;
    } else {
      throw filter_error(token_.column,
                         token_.kind == Token::Kind::end
                             ? std::string("a value is missing")
                             : fmt::format("'{}' is not a value", shown()),
                         "a text needs quotes: 'finished'");
    }
    advance();
    return value;
  }

  std::optional<std::pair<FilterValue::Kind, double>> named_value() const {
    using Kind = FilterValue::Kind;
    if (is_keyword("true")) return std::pair(Kind::boolean, 1.0);
    if (is_keyword("false")) return std::pair(Kind::boolean, 0.0);
    if (is_keyword("nan")) return std::pair(Kind::number, std::numeric_limits<double>::quiet_NaN());
    if (is_keyword("inf")) return std::pair(Kind::number, std::numeric_limits<double>::infinity());
    return std::nullopt;
  }

  Lexer lexer_;
  Token token_;
  int depth_ = 0;
  int comparisons_ = 0;
};

}  // namespace

std::string quoted_field(std::string_view name_space, std::string_view name) {
  return fmt::format("{}.{}", name_space, in_quotes(name, '`'));
}

Error filter_error(std::size_t column, const std::string& what, const std::string& hint) {
  return Error(what, fmt::format("filter, column {}", column), hint);
}

FilterCondition parse_filter(std::string_view text) {
  return Parser(text).filter();
}

FilterField parse_field(std::string_view text) {
  try {
    return Parser(text).only_field();
  } catch (const Error& error) {
    throw Error(error.fault(), fmt::format("'{}'", text.substr(0, 80)), error.hint());
  }
}

}  // namespace epochal::store
