// Opens a store for writing, and writes artifacts, events and forecasts. Other jobs have their own
// files: store_sweeps, store_attempts, store_epochs, …

#include "db/store.h"

#include <SQLiteCpp/Statement.h>

#include "db/store_statements.h"

namespace epochal::store {

using SQLite::Statement;

Store::Store(const std::filesystem::path& folder)
    : connection_(Connection::open_for_writing(folder)), statements_(connection_.database()) {}

bool Store::is_out_of_room(const SQLite::Exception& exception) {
  return is_want_of_room(exception, connection_.database());
}

void Store::add_artifact(RunId run, const ArtifactRecord& artifact) {
  insert_artifact(statements_, run, artifact);
}

void Store::add_event(RunId run, const std::string& kind, const std::string& text) {
  Statement insert(connection_.database(),
                   "insert into event (run_id, at, kind, text) values (:run, :at, :kind, :text)");
  insert.bind(":run", run.value);
  insert.bind(":at", now());
  insert.bind(":kind", kind);
  insert.bind(":text", text);
  insert.exec();
}

void Store::add_forecast(const ForecastRecord& forecast) {
  Statement insert(connection_.database(),
                   "insert into forecast (identity, made_at, host, device, threads, epochs, "
                   "seconds, peak_bytes, peak_device_bytes) values (:identity, :at, :host, "
                   ":device, :threads, :epochs, :seconds, :peak, :device_peak)");
  insert.bind(":identity", forecast.identity);
  insert.bind(":at", forecast.made_at);
  insert.bind(":host", forecast.host);
  insert.bind(":device", forecast.device);
  insert.bind(":threads", forecast.threads);
  insert.bind(":epochs", forecast.epochs);
  insert.bind(":seconds", forecast.seconds.count());
  insert.bind(":peak", forecast.peak_bytes);
  bind_optional(insert, ":device_peak", forecast.peak_device_bytes);
  insert.exec();
}

}  // namespace epochal::store
