// From the recorded trials of a search to its next one.

#include "framework/executor/sweep_search.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <set>
#include <string_view>

#include "framework/sweep/expansion.h"
#include "framework/sweep/search_points.h"

namespace epochal {
namespace {

using State = search::Trial::State;

/// "0-29,31" for numbers in ascending order.
std::string ranges_text(const std::vector<std::int64_t>& numbers) {
  std::string text;
  for (std::size_t first = 0; first < numbers.size();) {
    std::size_t last = first;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    text += fmt::format("{}{}", text.empty() ? "" : ",", numbers[first]);
    if (last > first) text += fmt::format("-{}", numbers[last]);
    first = last + 1;
  }
  return text;
}

/// None for a trial that is left out: it failed, or its run is gone.
std::optional<State> state_of(const store::TrialResult& result) {
  if (result.is_trashed) return std::nullopt;
  switch (result.status) {
    case store::RunStatus::finished:
      return State::finished;
    case store::RunStatus::stopped:
      return result.has_ended_itself ? State::finished : State::pruned;
    case store::RunStatus::failed:
      return std::nullopt;
    case store::RunStatus::queued:
    case store::RunStatus::running:
    case store::RunStatus::interrupted:
      return State::running;
  }
  return std::nullopt;
}

}  // namespace

bool finds_nothing_new(const std::vector<KnownTrial>& trials) {
  std::set<std::string_view> points;
  std::size_t repeats = 0;
  for (const auto& [trial, result] : trials) {
    repeats = points.insert(trial.point).second ? 0 : repeats + 1;
  }
  return repeats >= kMostRepeats;
}

SweepSearch::SweepSearch(store::Store& store, const Sweep& sweep, const ExperimentInfo& experiment,
                         std::int64_t id, MakeRun make_run)
    : store_(store),
      query_(store.folder()),
      request_(resolved_search(sweep, experiment)),
      id_(id),
      make_run_(std::move(make_run)) {}

std::vector<KnownTrial> SweepSearch::trials() const {
  return query_.search_trials(id_, request_.metric);
}

std::optional<store::SearchTrial> SweepSearch::ask() {
  return store_.add_trial([this] { return next_trial(); });
}

std::optional<store::SearchTrial> SweepSearch::next_trial() const {
  const std::vector<KnownTrial> known = trials();
  const std::int64_t number = known.empty() ? 0 : known.back().first.number + 1;
  if (number >= request_.trials || finds_nothing_new(known)) return std::nullopt;
  std::vector<PastTrial> history;
  std::vector<std::int64_t> ended;
  std::vector<std::int64_t> running;
  for (const auto& [trial, result] : known) {
    // A trial without a run has only just been asked for.
    const auto state = result ? state_of(*result) : State::running;
    if (!state) continue;
    PastTrial past{trial.point, *state, 0, 0};
    if (result && state != State::running) {
      past.value =
          state == State::pruned && result->last_epoch > 0 ? result->last : value_of(*result);
      past.last_step = result->last_epoch;
    }
    (state == State::running ? running : ended).push_back(trial.number);
    history.push_back(std::move(past));
  }
  const AskedPoint asked =
      next_point(request_, history, request_.lower_is_better, static_cast<std::uint64_t>(number));
  store::SearchTrial trial;
  trial.sweep = id_;
  trial.number = number;
  trial.asked_at = now();
  trial.point = asked.point;
  trial.is_model = asked.is_model;
  trial.ended = ranges_text(ended);
  trial.running = ranges_text(running);
  return trial;
}

store::RunId SweepSearch::queue(const store::SearchTrial& trial) {
  return store_.record_trials(id_, {{trial.number, make_run_(trial.point)}}).front();
}

double SweepSearch::value_of(const store::TrialResult& result) const {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  if (result.last_epoch == 0) return kNone;
  if (request_.value == SearchRequest::Value::last) return result.last;
  return (request_.lower_is_better ? result.lowest : result.highest).value_or(kNone);
}

std::optional<store::SearchTrial> SweepSearch::best() const {
  std::optional<store::SearchTrial> best;
  double best_value = 0;
  for (const auto& [trial, result] : trials()) {
    if (!result || state_of(*result) != State::finished) continue;
    const double value = value_of(*result);
    if (std::isnan(value)) continue;
    const bool is_better = request_.lower_is_better ? value < best_value : value > best_value;
    if (best && !is_better) continue;
    best = trial;
    best_value = value;
  }
  return best;
}

}  // namespace epochal
