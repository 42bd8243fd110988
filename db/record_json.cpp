#include "db/record_json.h"

#include <cmath>

#include "db/cell_value.h"

namespace epochal::store {

RecordJson number_json(double value) {
  if (std::isfinite(value)) return value;
  return csv_value(value);
}

RecordJson parameter_json(const ParameterValue& value) {
  return std::visit(
      [](const auto& plain) -> RecordJson {
        if constexpr (std::is_same_v<std::decay_t<decltype(plain)>, double>) {
          return number_json(plain);
        } else {
          return plain;
        }
      },
      value);
}

RecordJson parameters_json(const Parameters& parameters) {
  RecordJson object = RecordJson::object();
  for (const auto& [name, value] : parameters.all()) object[name] = parameter_json(value);
  return object;
}

RecordJson attempt_json(const AttemptRecord& attempt) {
  RecordJson object{{"host", attempt.host.name},
                    {"cpu", attempt.host.cpu},
                    {"cores", attempt.host.cores},
                    {"memory_bytes", attempt.host.memory_bytes},
                    {"gpu", attempt.host.gpu},
                    {"os", attempt.host.os},
                    {"device", attempt.device},
                    {"threads", attempt.threads},
                    {"libraries", attempt.libraries},
                    {"command", attempt.provenance.command},
                    {"directory", attempt.provenance.directory},
                    {"git_commit", attempt.provenance.git_commit},
                    {"git_is_dirty", attempt.provenance.git_is_dirty},
                    {"environment", attempt.provenance.environment},
                    {"started", attempt.started_at}};
  put_known(object, "ended", attempt.ended_at);
  object["end_reason"] = attempt.end_reason;
  return object;
}

RecordJson epoch_json(const EpochRecord& epoch) {
  RecordJson object{{"epoch", epoch.number},
                    {"started", epoch.started_at},
                    {"seconds", number_json(epoch.seconds.count())},
                    {"train_seconds", number_json(epoch.train_seconds.count())},
                    {"data_wait_seconds", number_json(epoch.data_wait_seconds.count())},
                    {"samples", epoch.samples}};
  put_known(object, "steps", epoch.steps);
  put_known(object, "learning_rate", epoch.learning_rate);
  put_known(object, "peak_host_bytes", epoch.peak_host_memory);
  put_known(object, "peak_device_bytes", epoch.peak_device_memory);
  put_known(object, "cpu_use", epoch.cpu_use);
  put_known(object, "gpu_use", epoch.gpu_use);
  return object;
}

RecordJson utilisation_json(const Utilisation& point) {
  RecordJson object{{"seconds", number_json(point.middle.count())}};
  put_known(object, "cpu", point.cpu);
  put_known(object, "host_bytes", point.host_bytes);
  put_known(object, "gpu", point.gpu);
  put_known(object, "gpu_bytes", point.gpu_bytes);
  return object;
}

}  // namespace epochal::store
