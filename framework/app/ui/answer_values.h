#pragma once

#include <optional>
#include <string>
#include <vector>

#include "framework/app/ui/answers.h"

namespace epochal {

/// Null where there is none.
Answer number_json(const std::optional<double>& value);

Answer cell_json(const CellValue& value);

/// "params.gamma", with the name in backquotes where filters want them.
std::string field_name(std::string_view room, const std::string& name);

/// The run that an address names by at least four digits of its identity. Throws NotFound.
RunRecord named_run(const Query& query, const std::string& word);

/// The runs that the parameter `runs` names. Throws Error for none or too many, and NotFound.
std::vector<RunRecord> named_runs(const Query& query, const RequestParameters& parameters);

/// How many runs of which state.
Answer statuses_json(const std::vector<RunRecord>& runs);

/// "image/png" for a file that a browser may show or play; "text/plain; charset=utf-8" for what is
/// text; empty for anything else. Its ending and the recorded type decide.
std::string media_type_of(const ArtifactRecord& artifact);

}  // namespace epochal
