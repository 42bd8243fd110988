// The only file that a new commit recompiles.

#include "framework/app/code_version.h"

#include "code_version_text.h"

namespace epochal::app {

const char* const kProgramVersion = EPOCHAL_VERSION;
const char* const kCodeVersion = EPOCHAL_VERSION " (" EPOCHAL_COMMIT ")";

}  // namespace epochal::app
