// Compiles filters to SQL. Each comparison becomes "run.id in (select …)" over an index, which is
// true or false and never unknown, so that NOT works as expected. The SQL consists only of
// constants of this file; every name and value of the filter is bound.

#include "db/filter/run_selection.h"

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include <map>
#include <variant>

#include "db/filter/filter_sql.h"
#include "db/filter/filter_syntax.h"
#include "db/filter/run_fields.h"
#include "db/query_columns.h"
#include "framework/base/nearest_name.h"
#include "framework/base/parsed_number.h"
#include "framework/base/printable.h"

namespace epochal::store {
namespace {

using Condition = FilterCondition;
using Operator = FilterOperator;
/// SQL over a row of metric_summary: the direction of the metric that the experiment declares.
constexpr std::string_view kDirection =
    "(select better from declared_metric join run as owner on owner.id = metric_summary.run_id "
    "where declared_metric.experiment = owner.experiment and "
    "declared_metric.version = owner.experiment_version and declared_metric.name = "
    "(select name from metric_name where metric_name.id = metric_summary.name_id))";

std::string best_epoch() {
  return fmt::format(
      "(case {} when 'higher' then highest_epoch when 'lower' then lowest_epoch end)", kDirection);
}

/// SQL over a row of metric_summary: what the epochs up to that of the best value come to.
std::string up_to_best(std::string_view sum) {
  return fmt::format(
      "(select {} from epoch where epoch.run_id = metric_summary.run_id and number <= {})", sum,
      best_epoch());
}

/// The ends of a metric's name, as columns of metric_summary.
const std::map<std::string, std::string>& statistics() {
  static const std::map<std::string, std::string> kStatistics{
      {"last", "last"},
      {"min", "lowest"},
      {"max", "highest"},
      {"mean", "(total / count)"},
      {"best", fmt::format("(case {} when 'higher' then highest when 'lower' then lowest end)",
                           kDirection)},
      {"best_epoch", best_epoch()},
      {"best_step", up_to_best("iif(count(steps) = count(*), sum(steps), null)")},
      {"best_images", up_to_best("iif(min(samples) > 0, sum(samples), null)")}};
  return kStatistics;
}

/// A metric's name with one of its values.
struct MetricColumn {
  std::int64_t name_id = 0;
  std::string expression;
  WhereNull null = WhereNull::nan;
};

class Compiler {
 public:
  Compiler(SQLite::Database& database, const RunSelection& selection)
      : database_(database), at_(selection.at > 0 ? selection.at : now()) {
    for (const RunId run : selection.lost)
      lost_ += (lost_.empty() ? "" : ", ") + std::to_string(run.value);
  }

  Sql condition(const Condition& condition) {
    const auto part = [&](const Condition& inner) { return this->condition(inner); };
    switch (condition.kind) {
      case Condition::Kind::comparison:
        return comparison(condition);
      case Condition::Kind::all_of:
        return joined(condition.parts, " and ", part);
      case Condition::Kind::any_of:
        return joined(condition.parts, " or ", part);
      case Condition::Kind::none_of:
        return negated(this->condition(condition.parts.front()));
    }
    return {};
  }

  /// An expression to sort runs by.
  Sql order(const FilterField& given) {
    const FilterField field = resolved(given);
    switch (field.name_space) {
      case FilterField::Namespace::metrics: {
        const MetricColumn metric = metric_column(field);
        return sql("(select ")
            .add(metric.expression)
            .add(" from metric_summary where run_id = run.id and name_id = ")
            .bind(metric.name_id)
            .add(")");
      }
      case FilterField::Namespace::params:
        check_parameter(field);
        return sql("(select value from parameter where run_id = run.id and name = ")
            .bind(field.name)
            .add(")");
      case FilterField::Namespace::tags:
        check_tag(field);
        return sql("(select value from tag where run_id = run.id and name = ")
            .bind(field.name)
            .add(")");
      case FilterField::Namespace::run:
      case FilterField::Namespace::any:
        break;
    }
    const RunField& known = run_field(field);
    return known.order.empty() ? expression(known) : sql(known.order);
  }

  /// See resolved_field().
  FilterField resolved(FilterField field) {
    using Namespace = FilterField::Namespace;
    if (field.name_space != Namespace::any) return field;
    if (find_run_field(field.name) != nullptr) {
      field.name_space = Namespace::run;
      return field;
    }
    std::vector<Namespace> namespaces;
    std::vector<std::string> names;
    const auto add_if = [&](bool is_there, Namespace name_space, const char* prefix) {
      if (!is_there) return;
      namespaces.push_back(name_space);
      names.push_back(prefix + field.name);
    };
    add_if(has_metric(field.name), Namespace::metrics, "metrics.");
    add_if(is_there("select 1 from parameter where name = ? limit 1", field.name),
           Namespace::params, "params.");
    add_if(is_there("select 1 from tag where name = ? limit 1", field.name), Namespace::tags,
           "tags.");
    if (namespaces.size() > 1) {
      throw filter_error(field.column, fmt::format("'{}' is ambiguous", field.name.substr(0, 80)),
                         fmt::format("write {}", fmt::join(names, " or ")));
    }
    if (namespaces.empty()) throw unknown_name(field);
    field.name_space = namespaces.front();
    return field;
  }

 private:
  Sql comparison(Condition condition) {
    condition.field = resolved(condition.field);
    switch (condition.field.name_space) {
      case FilterField::Namespace::metrics:
        return metric_condition(condition);
      case FilterField::Namespace::params:
        return parameter_condition(condition);
      case FilterField::Namespace::tags:
        return tag_condition(condition);
      case FilterField::Namespace::run:
      case FilterField::Namespace::any:
        return run_condition(condition);
    }
    return {};
  }

  Sql metric_condition(const Condition& condition) {
    const MetricColumn metric = metric_column(condition.field);
    Sql among =
        sql("run.id in (select run_id from metric_summary where name_id = ").bind(metric.name_id);
    if (condition.comparator == Operator::is_absent) return negated(among.add(")"));
    return among.add(" and ")
        .add(number_condition(
            condition, metric.expression, metric.null,
            [&](const FilterValue& value) { return plain_number(condition, value); }))
        .add(")");
  }

  Sql parameter_condition(const Condition& condition) {
    check_parameter(condition.field);
    Sql among =
        sql("run.id in (select run_id from parameter where name = ").bind(condition.field.name);
    if (condition.comparator == Operator::is_absent) return negated(among.add(")"));
    return among.add(" and ")
        .add(joined(condition.values, " or ",
                    [&](const FilterValue& value) { return parameter_value(condition, value); }))
        .add(")");
  }

  /// A parameter is compared by its type: a number is not smaller than a text.
  static Sql parameter_value(const Condition& condition, const FilterValue& value) {
    if (condition.comparator == Operator::not_equal) {
      Condition equal = condition;
      equal.comparator = Operator::equal;
      return negated(parameter_value(equal, value));
    }
    const std::string_view symbol = symbol_of(condition.comparator);
    const auto as_number = [&](double number) {
      return sql("(value").add(symbol).bind(number).add(" and type in ('integer', 'real'))");
    };
    if (value.kind == FilterValue::Kind::boolean) {
      if (is_pattern(condition.comparator)) refuse_patterns(condition);
      return sql("(type = 'boolean' and value").add(symbol).bind(value.number).add(")");
    }
    if (value.kind != FilterValue::Kind::text) {
      refuse_patterns(condition);
      return as_number(plain_number(condition, value));
    }
    Condition as_text = condition;
    as_text.values = {value};
    Sql result = sql("(type = 'text' and ").add(text_condition(as_text, "value")).add(")");
    // Other tools store parameters as texts, so users put numbers in quotes.
    if (const auto number = parsed_number<double>(value.text);
        number && !is_pattern(condition.comparator)) {
      result = sql("(").add(result).add(" or ").add(as_number(*number)).add(")");
    }
    return result;
  }

  Sql tag_condition(const Condition& condition) {
    check_tag(condition.field);
    Sql among = sql("run.id in (select run_id from tag where name = ").bind(condition.field.name);
    if (condition.comparator == Operator::is_absent) return negated(among.add(")"));
    return among.add(" and ")
        .add(joined(condition.values, " or ",
                    [&](const FilterValue& value) {
                      if (value.kind == FilterValue::Kind::number) {
                        refuse_patterns(condition);
                        // A tag is a text. SQLite reads it as a number only if the whole text is a
                        // number.
                        return sql("(cast(value as numeric) = value and cast(value as real)")
                            .add(symbol_of(condition.comparator))
                            .bind(value.number)
                            .add(")");
                      }
                      Condition alone = condition;
                      alone.values = {value};
                      return text_condition(alone, "value");
                    }))
        .add(")");
  }

  Sql run_condition(const Condition& condition) {
    const std::string& name = condition.field.name;
    if (name == "run" && is_equality(condition.comparator)) return named_run(condition);
    const RunField& field = run_field(condition.field);
    if (field.relation.empty()) {
      return sql("coalesce(").add(column_condition(condition, field)).add(", 0)");
    }
    Sql among = sql("run.id in (select run_id from ").add(field.relation);
    const Sql any = sql(among.text).add("true)");
    if (condition.comparator == Operator::is_absent) return negated(any);
    Condition plain = condition;
    const bool is_negative = condition.comparator == Operator::not_equal;
    if (is_negative) plain.comparator = Operator::equal;
    among.add(text_condition(plain, field.expression)).add(")");
    if (!is_negative) return among;
    return sql("(").add(any).add(" and ").add(negated(among)).add(")");
  }

  static bool is_equality(Operator comparator) {
    return comparator == Operator::equal || comparator == Operator::not_equal ||
           comparator == Operator::in;
  }

  /// A run is named by any number of its first digits, as in every command.
  static Sql named_run(const Condition& condition) {
    const auto begins_with = [&](const FilterValue& value) {
      if (value.kind != FilterValue::Kind::text || value.text.empty()) {
        throw filter_error(value.column, "a run is compared with a text",
                           "such as run = '3f9c2a', as `epochal ls` shows it");
      }
      return sql("substr(run.identity, 1, ")
          .bind(static_cast<std::int64_t>(value.text.size()))
          .add(") = ")
          .bind(value.text);
    };
    const Sql found = joined(condition.values, " or ", begins_with);
    return condition.comparator == Operator::not_equal ? negated(found) : found;
  }

  Sql column_condition(const Condition& condition, const RunField& column) {
    const Sql value = expression(column);
    if (condition.comparator == Operator::is_absent) return sql(value.text).add(" is null");
    switch (column.type) {
      case RunField::Type::text:
        return text_condition(condition, value.text);
      case RunField::Type::number:
      case RunField::Type::metric:
        return number_condition(
            condition, value.text, WhereNull::missing,
            [&](const FilterValue& given) { return plain_number(condition, given); });
      case RunField::Type::duration:
        return number_condition(
            condition, value.text, WhereNull::missing, [&](const FilterValue& given) {
              return given.kind == FilterValue::Kind::duration ? given.number
                                                               : plain_number(condition, given);
            });
      case RunField::Type::time:
        return number_condition(condition, value.text, WhereNull::missing,
                                [&](const FilterValue& given) { return time_value(given, at_); });
    }
    return {};
  }

  Sql expression(const RunField& field) const {
    if (field.name != "status" || lost_.empty()) return sql(field.value());
    return sql("(case when run.id in (" + lost_ + ") then 'interrupted' else run.status end)");
  }

  std::optional<std::int64_t> metric_id(const std::string& name) {
    SQLite::Statement find(database_, "select id from metric_name where name = ?");
    find.bind(1, name);
    if (!find.executeStep()) return std::nullopt;
    return find.getColumn(0).getInt64();
  }

  bool has_metric(const std::string& name) {
    return metric_id(name) || metric_id(split_statistic(name).first);
  }

  /// A metric may itself be called "x.min": an existing name has precedence.
  MetricColumn metric_column(const FilterField& field) {
    if (const auto id = metric_id(field.name)) return {*id, "last", WhereNull::nan};
    const auto [stem, statistic] = split_statistic(field.name);
    if (const auto id = metric_id(stem); id && !statistic.empty()) {
      const bool has_direction = statistic.starts_with("best");
      return {*id, statistics().at(statistic), has_direction ? WhereNull::missing : WhereNull::nan};
    }
    throw unknown(field, "metrics", stem, "select name from metric_name");
  }

  void check_parameter(const FilterField& field) {
    check_there(field, "select 1 from parameter where name = ? limit 1", "params",
                "select distinct name from parameter");
  }

  void check_tag(const FilterField& field) {
    check_there(field, "select 1 from tag where name = ? limit 1", "tags",
                "select distinct name from tag");
  }

  void check_there(const FilterField& field, const char* find, const char* name_space,
                   const char* list) {
    if (!is_there(find, field.name)) throw unknown(field, name_space, field.name, list);
  }

  bool is_there(const char* find, const std::string& name) {
    SQLite::Statement row(database_, find);
    row.bind(1, name);
    return row.executeStep();
  }

  Error unknown(const FilterField& field, std::string_view name_space, const std::string& name,
                const char* list) {
    const std::vector<std::string> names = texts_of(database_, list);
    return filter_error(field.column,
                        fmt::format("no run has {}.{}", name_space, field.name.substr(0, 80)),
                        names.empty() ? "" : name_hint(name, names));
  }

  /// The error for a name without a namespace, or with a mistyped one.
  Error unknown_name(const FilterField& field) {
    const std::string prefix = field.name.substr(0, field.name.find('.'));
    const std::vector<std::string> namespaces{"metrics", "params", "tags", "run"};
    if (prefix != field.name && nearest_name(prefix, namespaces)) {
      return filter_error(field.column,
                          fmt::format("there are no fields '{}.…'", prefix.substr(0, 40)),
                          name_hint(prefix, namespaces));
    }
    std::vector<std::string> names = run_field_names();
    for (const char* list : {"select name from metric_name", "select distinct name from parameter",
                             "select distinct name from tag"}) {
      const std::vector<std::string> more = texts_of(database_, list);
      names.insert(names.end(), more.begin(), more.end());
    }
    const std::string what = fmt::format("no run has a field '{}'", field.name.substr(0, 80));
    const bool is_near = nearest_name(field.name, names).has_value();
    return filter_error(field.column, what,
                        is_near
                            ? name_hint(field.name, names)
                            : "a field is a metric, a parameter, a tag, or a field of the run such "
                              "as status; a text needs quotes");
  }

  static const RunField& run_field(const FilterField& field) {
    if (const RunField* known = find_run_field(field.name)) return *known;
    throw filter_error(field.column,
                       fmt::format("there is no field 'run.{}'", field.name.substr(0, 80)),
                       name_hint(field.name, run_field_names()) +
                           "; write metrics.… for a metric, params.… for a parameter");
  }

  SQLite::Database& database_;
  Timestamp at_;
  std::string lost_;
};

void bind_all(SQLite::Statement& statement, const std::vector<Bound>& values) {
  int index = 0;
  for (const Bound& value : values) {
    ++index;
    std::visit([&](const auto& plain) { statement.bind(index, plain); }, value);
  }
}

}  // namespace

std::pair<std::string, std::string> split_statistic(const std::string& name) {
  const std::size_t point = name.rfind('.');
  const std::string end = point == std::string::npos ? "" : name.substr(point + 1);
  if (!statistics().contains(end)) return {name, ""};
  return {name.substr(0, point), end};
}

FilterField resolved_field(SQLite::Database& database, FilterField field) {
  return Compiler(database, {}).resolved(std::move(field));
}

std::int64_t find_sweep(SQLite::Database& database, const std::string& word) {
  static constexpr const char* kNewest =
      "select id from sweep where name = :name and substr(content_hash, 1, length(:hash)) = :hash "
      "order by recorded_at desc, id desc limit 1";
  const std::size_t at = word.rfind('@');
  const auto found = [&](const std::string& name, const std::string& hash) {
    SQLite::Statement row(database, kNewest);
    bind_values(row, {{":name", name}, {":hash", hash}});
    return row.executeStep() ? std::optional(row.getColumn(0).getInt64()) : std::nullopt;
  };
  if (const auto id = found(word, "")) return *id;
  if (at != std::string::npos && at + 1 < word.size()) {
    if (const auto id = found(word.substr(0, at), word.substr(at + 1))) return *id;
  }
  const std::vector<std::string> names = texts_of(database, "select distinct name from sweep");
  throw Error(fmt::format("there is no sweep '{}' in this store", printable(word, 80)), "--sweep",
              names.empty() ? "" : name_hint(word.substr(0, at), names));
}

std::vector<RunId> select_runs(SQLite::Database& database, const RunSelection& selection) {
  Compiler compiler(database, selection);
  Sql query = sql("select run.id from run where run.trashed_at is null");
  if (selection.where.find_first_not_of(" \t\r\n") != std::string::npos) {
    query.add(" and ").add(compiler.condition(parse_filter(selection.where)));
  }
  std::optional<std::int64_t> sweep;
  if (!selection.sweep.empty()) sweep = find_sweep(database, selection.sweep);
  if (sweep) {
    query.add(" and run.id in (select run_id from sweep_run where sweep_id = ")
        .bind(*sweep)
        .add(")");
  }
  query.add(" order by ");
  for (const std::string& key : selection.sort) {
    const bool descends = key.starts_with('-');
    const Sql order = compiler.order(parse_field(descends ? key.substr(1) : key));
    // Runs without the value come last in both directions.
    query.add(order).add(descends ? " desc nulls last, " : " asc nulls last, ");
  }
  if (sweep) {
    query.add("(select position from sweep_run where run_id = run.id and sweep_id = ")
        .bind(*sweep)
        .add("), ");
  }
  query.add("run.id");
  if (selection.limit) query.add(" limit ").bind(*selection.limit);

  SQLite::Statement row(database, query.text);
  bind_all(row, query.values);
  return read_all(row, [](const auto& one) { return RunId{one.getColumn(0).getInt64()}; });
}

}  // namespace epochal::store
