#pragma once

#include <httplib.h>

#include <string>

#include "db/query.h"

namespace epochal::app {

/// Answers with the bytes of a run's artifact, named by its id in the store. Pictures and sound get
/// their media type, text is sent as plain text, and anything else as a file to save, so that no
/// content runs. Throws NotFound.
void serve_artifact(const store::Query& query, const httplib::Request& request,
                    const std::string& run, std::int64_t id, httplib::Response& response);

}  // namespace epochal::app
