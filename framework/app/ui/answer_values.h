#pragma once

#include <optional>
#include <string>
#include <vector>

#include "framework/app/ui/answers.h"

namespace epochal::app {

using store::number_json;

/// Null if there is none.
Answer number_json(const std::optional<double>& value);

Answer cell_json(const store::CellValue& value);

/// How far a run is in its current epoch.
Answer live_json(const store::LiveProgress& live);

/// "params.gamma", with the name in backquotes if filters need them.
std::string field_name(std::string_view room, const std::string& name);

/// The run with this identity, of which at least four digits are given. Throws NotFound.
store::RunRecord named_run(const store::Query& query, const std::string& word);

/// The runs that the parameter `runs` names. Throws Error for none or too many, and NotFound.
std::vector<store::RunRecord> named_runs(const store::Query& query,
                                         const RequestParameters& parameters);

/// "image/png" and the like for a file that a browser may show or play; "text/plain; charset=utf-8"
/// for text; empty for anything else. The file's extension and its recorded type decide.
std::string media_type_of(const store::ArtifactRecord& artifact);

}  // namespace epochal::app
