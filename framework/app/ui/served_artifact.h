#pragma once

#include <httplib.h>

#include <string>

#include "db/query.h"

namespace epochal {

/// Answers with the bytes of the artifact of a run that has this id in the store. Only pictures and
/// sound get their type; text is plain text, and anything else a file to save. Nothing in it runs.
/// Throws NotFound.
void serve_artifact(const Query& query, const httplib::Request& request, const std::string& run,
                    std::int64_t id, httplib::Response& response);

}  // namespace epochal
