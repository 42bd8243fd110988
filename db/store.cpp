// Opens a store for writing, and writes artifacts, events and forecasts. Other jobs have their own
// files: store_sweeps, store_attempts, store_epochs, …

#include "db/store.h"

#include "db/store_statements.h"

namespace epochal::store {

Store::Store(const std::filesystem::path& folder)
    : connection_(Connection::open_for_writing(folder)), statements_(connection_.database()) {}

bool Store::is_out_of_room(const SQLite::Exception& exception) {
  return is_want_of_room(exception, connection_.database());
}

void Store::add_artifact(RunId run, const ArtifactRecord& artifact) {
  insert_artifact(statements_, run, artifact);
}

void Store::add_event(RunId run, const std::string& kind, const std::string& text) {
  insert_event(statements_, run, {now(), kind, text});
}

void Store::add_forecast(const ForecastRecord& forecast) {
  statements_.execute(
      "insert into forecast (identity, made_at, host, device, threads, epochs, "
      "seconds, peak_bytes, peak_device_bytes) values (:identity, :at, :host, "
      ":device, :threads, :epochs, :seconds, :peak, :device_peak)",
      {{":identity", forecast.identity},
       {":at", forecast.made_at},
       {":host", forecast.host},
       {":device", forecast.device},
       {":threads", forecast.threads},
       {":epochs", forecast.epochs},
       {":seconds", forecast.seconds.count()},
       {":peak", forecast.peak_bytes},
       {":device_peak", forecast.peak_device_bytes}});
}

}  // namespace epochal::store
