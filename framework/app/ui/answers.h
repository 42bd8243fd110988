#pragma once

// The answers of `epochal ui` under /api/v1 (docs/api.md), from a store that is open for reading.
// Each throws Error for wrong parameters, and NotFound for what the store does not have.

#include <stdexcept>
#include <string>

#include "db/query.h"
#include "db/record_json.h"
#include "framework/app/ui/request_parameters.h"

namespace epochal::app {

/// Something that a request names does not exist.
class NotFound : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Answer = store::RecordJson;

/// GET store, without the cursor.
Answer store_answer(const store::Query& query);

/// GET fields.
Answer fields_answer(const store::Query& query);

/// GET runs.
Answer runs_answer(const store::Query& query, const RequestParameters& parameters);

/// GET runs/RUN.
Answer run_answer(const store::Query& query, const std::string& run);

/// GET runs/RUN/log.
Answer log_answer(const store::Query& query, const std::string& run,
                  const RequestParameters& parameters);

/// GET runs/RUN/utilisation.
Answer utilisation_answer(const store::Query& query, const std::string& run);

/// GET curves.
Answer curves_answer(const store::Query& query, const RequestParameters& parameters);

/// GET compare.
Answer compare_answer(const store::Query& query, const RequestParameters& parameters);

/// GET pictures.
Answer pictures_answer(const store::Query& query, const RequestParameters& parameters);

/// GET sweeps.
Answer sweeps_answer(const store::Query& query);

/// GET sweeps/SWEEP.
Answer sweep_answer(const store::Query& query, const std::string& sweep);

}  // namespace epochal::app
