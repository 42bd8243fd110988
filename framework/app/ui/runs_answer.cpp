// The table of runs, and the fields that it can show.

#include <fmt/format.h>

#include <algorithm>

#include "framework/app/run_table.h"
#include "framework/app/selection_options.h"
#include "framework/app/ui/answer_values.h"
#include "framework/base/error.h"
#include "reports/statistics/settings.h"

namespace epochal::app {
namespace {

using Namespace = store::FilterField::Namespace;

constexpr std::size_t kMostAskedColumns = 60;
constexpr std::size_t kSparkPoints = 40;

/// One page of a list, and the length of the whole list.
struct Page {
  std::size_t offset = 0;
  std::size_t limit = 0;

  template <typename Entry>
  std::vector<Entry> of(const std::vector<Entry>& all) const {
    const std::size_t begin = std::min(offset, all.size());
    const std::size_t end = std::min(begin + limit, all.size());
    return {all.begin() + static_cast<std::ptrdiff_t>(begin),
            all.begin() + static_cast<std::ptrdiff_t>(end)};
  }
};

Page page_of(const RequestParameters& parameters) {
  return {static_cast<std::size_t>(parameters.whole("offset", 0, 0, 1'000'000'000)),
          static_cast<std::size_t>(parameters.whole("limit", 100, 1, 500))};
}

store::RunSelection selection_of(const store::Query& query, const RequestParameters& parameters) {
  store::RunSelection selection;
  selection.sweep = parameters.text("sweep");
  selection.where = parameters.text("where");
  selection.sort = parameters.list("sort", 8);
  selection.lost = lost_runs(query);
  return selection;
}

std::string_view name_of(Namespace name_space) {
  switch (name_space) {
    case Namespace::metrics:
      return "metrics";
    case Namespace::params:
      return "params";
    case Namespace::tags:
      return "tags";
    case Namespace::run:
    case Namespace::any:
      return "run";
  }
  return "run";
}

/// A column without a value on this page stays, empty: other pages have values.
report::ListedColumn column_of(const store::Query& query, const report::RunListing& listing,
                               const std::string& name) {
  try {
    return listing.column(name);
  } catch (const Error&) {
    const store::FilterField field = query.field(name);
    return {field.name, field, ""};
  }
}

/// A parameter counts as text if one of the runs has a text there.
bool holds_words(const report::RunListing& listing, const report::ListedColumn& column) {
  if (column.field.name_space != Namespace::params) return is_text(column);
  for (std::size_t run = 0; run < listing.runs().size(); ++run) {
    if (std::holds_alternative<std::string>(listing.value(column, run))) return true;
  }
  return false;
}

Answer column_json(const report::RunListing& listing, const report::ListedColumn& column) {
  Answer json{{"field", field_name(name_of(column.field.name_space), column.field.name)},
              {"heading", heading_of(column)},
              {"type", holds_words(listing, column) ? "text" : "number"}};
  if (column.field.name_space == Namespace::metrics && !listing.runs().empty()) {
    if (const auto better = listing.better(column.field.name, 0)) {
      json["better"] = epochal::name_of(*better);
    }
  }
  return json;
}

std::vector<double> thinned(const store::Series& series) {
  std::vector<double> values;
  const std::size_t count = std::min(series.size(), kSparkPoints);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t place = count < 2 ? 0 : i * (series.size() - 1) / (count - 1);
    values.push_back(series[place].value);
  }
  return values;
}

/// The rows of one page of the table.
class Rows {
 public:
  Rows(const store::Query& query, const report::RunListing& listing,
       std::vector<report::ListedColumn> columns, std::set<store::RunId> lost, std::string spark)
      : query_(query),
        listing_(listing),
        columns_(std::move(columns)),
        lost_(lost),
        status_(std::move(lost), {}),
        spark_(std::move(spark)) {}

  Answer of(const std::vector<std::size_t>& group) const {
    Answer row = head_of(group);
    row["cells"] = Answer::array();
    row["texts"] = Answer::array();
    for (const report::ListedColumn& column : columns_) {
      const bool is_one = group.size() == 1;
      row["cells"].push_back(is_one ? cell_json(listing_.value(column, group.front())) : Answer());
      row["texts"].push_back(group_cell(listing_, column, group, status_));
    }
    if (!spark_.empty()) row["spark"] = spark_of(listing_.runs()[group.front()].id);
    if (group.size() > 1) {
      for (const std::size_t run : group) row["seeds"].push_back(of({run}));
    }
    return row;
  }

 private:
  Answer head_of(const std::vector<std::size_t>& group) const {
    const store::RunRecord& first = listing_.runs()[group.front()];
    Answer row{{"run", first.short_identity()},
               {"identity", first.identity},
               {"setting", first.group_identity.substr(0, 10)},
               {"status", store::name_of(first.status)},
               {"is_lost", lost_.contains(first.id)},
               {"experiment", first.experiment},
               {"seed", first.seed}};
    Epoch done = 0;
    Epoch wanted = 0;
    for (const std::size_t run : group) {
      done += listing_.runs()[run].epochs_done;
      wanted += listing_.runs()[run].epochs;
    }
    row["epochs_done"] = done;
    row["epochs"] = wanted;
    return row;
  }

  Answer spark_of(store::RunId run) const {
    Answer values = Answer::array();
    for (const double value : thinned(query_.series(run, spark_))) {
      values.push_back(number_json(value));
    }
    return values;
  }

  const store::Query& query_;
  const report::RunListing& listing_;
  std::vector<report::ListedColumn> columns_;
  std::set<store::RunId> lost_;
  StatusText status_;
  std::string spark_;
};

/// The runs of a page, and how they share its rows.
struct Listed {
  std::size_t total = 0;
  std::vector<store::RunId> runs;
  std::vector<std::vector<std::size_t>> rows;  ///< indices into `runs`
};

Listed each_alone(const std::vector<store::RunId>& selected, const Page& page) {
  Listed listed{selected.size(), page.of(selected), {}};
  for (std::size_t i = 0; i < listed.runs.size(); ++i) listed.rows.push_back({i});
  return listed;
}

Listed by_setting(const store::Query& query, const std::vector<store::RunId>& selected,
                  const Page& page) {
  const std::vector<store::RunRecord> records = query.bare_runs_by_id(selected);
  const auto settings = report::runs_by_setting(records);
  Listed listed;
  listed.total = settings.size();
  for (const std::vector<std::size_t>& setting : page.of(settings)) {
    listed.rows.emplace_back();
    for (const std::size_t run : setting) {
      listed.rows.back().push_back(listed.runs.size());
      listed.runs.push_back(records[run].id);
    }
  }
  return listed;
}

void add_parameters(Answer& fields, const store::Query& query,
                    const std::vector<store::RunId>& runs) {
  const std::vector<std::string> varying = query.varying_parameters();
  const std::vector<store::RunId> sample = Page{0, 200}.of(runs);
  for (const std::string& name : query.parameter_names()) {
    const auto values = query.parameter(sample, name);
    const bool is_text = std::any_of(values.begin(), values.end(), [](const auto& entry) {
      return std::holds_alternative<std::string>(entry.second) ||
             std::holds_alternative<bool>(entry.second);
    });
    fields.push_back(
        {{"name", field_name("params", name)},
         {"room", "params"},
         {"type", is_text ? "text" : "number"},
         {"varies", std::find(varying.begin(), varying.end(), name) != varying.end()}});
  }
}

void add_metrics(Answer& fields, const store::Query& query, const std::vector<store::RunId>& runs) {
  const std::vector<store::Declaration> declarations = query.declarations().all();
  for (const std::string& name : query.metric_names(runs)) {
    Answer field{{"name", field_name("metrics", name)}, {"room", "metrics"}, {"type", "number"}};
    for (const store::Declaration& declaration : declarations) {
      for (const MetricSpec& metric : declaration.metrics) {
        if (metric.name == name && metric.better) {
          field["better"] = epochal::name_of(*metric.better);
        }
      }
      if (declaration.objective == name) field["objective"] = true;
    }
    fields.push_back(std::move(field));
  }
}

/// The columns of `epochal ls` for all selected runs, also those on other pages. Of very many, it
/// looks at some, evenly spaced.
std::vector<std::string> columns_for(const store::Query& query,
                                     const std::vector<store::RunId>& selected,
                                     const report::RunListing& page) {
  constexpr std::size_t kMostSeen = 300;
  std::vector<store::RunId> seen;
  const std::size_t count = std::min(selected.size(), kMostSeen);
  for (std::size_t i = 0; i < count; ++i) seen.push_back(selected[i * selected.size() / count]);
  std::vector<std::string> names;
  const bool is_whole = page.runs().size() == selected.size();
  const auto columns = sensible_columns(is_whole ? page : report::RunListing(query, seen));
  for (const auto& [name, rank] : columns) names.push_back(name);
  return names;
}

}  // namespace

Answer store_answer(const store::Query& query) {
  std::set<std::string> experiments;
  std::map<std::string, std::int64_t> statuses;
  std::int64_t runs = 0;
  for (const auto& [kind, count] : query.run_counts()) {
    experiments.insert(kind.first);
    statuses[kind.second] += count;
    runs += count;
  }
  const std::filesystem::path folder = std::filesystem::absolute(query.folder()).lexically_normal();
  const std::filesystem::path name =
      folder.has_filename() ? folder.filename() : folder.parent_path().filename();
  return {{"name", name.string()},
          {"path", folder.string()},
          {"runs", runs},
          {"statuses", statuses},
          {"experiments", experiments},
          {"trashed", query.trashed_runs().size()}};
}

Answer fields_answer(const store::Query& query) {
  const std::vector<store::RunId> runs = query.select({});
  Answer fields = Answer::array();
  for (const store::RunField& field : store::run_fields()) {
    const bool is_text = field.type == store::RunField::Type::text;
    fields.push_back({{"name", fmt::format("run.{}", field.name)},
                      {"room", "run"},
                      {"type", is_text ? "text" : "number"},
                      {"meaning", field.meaning}});
  }
  add_parameters(fields, query, runs);
  add_metrics(fields, query, runs);
  for (const std::string& name : query.tag_names()) {
    fields.push_back({{"name", field_name("tags", name)}, {"room", "tags"}, {"type", "text"}});
  }
  return {{"fields", fields}};
}

Answer runs_answer(const store::Query& query, const RequestParameters& parameters) {
  const std::string group = parameters.text("group");
  if (!group.empty() && group != "seeds") {
    throw Error("runs can be grouped only by seeds", "group", "use group=seeds, or leave it out");
  }
  const store::RunSelection selection = selection_of(query, parameters);
  const std::vector<store::RunId> selected = query.select(selection);
  const Page page = page_of(parameters);
  const Listed listed =
      group.empty() ? each_alone(selected, page) : by_setting(query, selected, page);
  const report::RunListing listing(query, listed.runs);

  std::vector<std::string> names = parameters.list("columns", kMostAskedColumns);
  if (names.empty()) names = columns_for(query, selected, listing);
  std::vector<report::ListedColumn> columns;
  Answer described = Answer::array();
  for (const std::string& name : names) {
    columns.push_back(column_of(query, listing, name));
    described.push_back(column_json(listing, columns.back()));
  }
  const Rows rows(query, listing, std::move(columns), selection.lost,
                  parameters.text("sparklines"));
  Answer answer{{"total", listed.total}, {"offset", page.offset}, {"columns", described}};
  answer["rows"] = Answer::array();
  for (const std::vector<std::size_t>& row : listed.rows) answer["rows"].push_back(rows.of(row));
  return answer;
}

}  // namespace epochal::app
