# Writes HEADER, in which the text of TEXT_FILE is epochal::embedded::NAME.
file(READ "${TEXT_FILE}" text)
file(WRITE "${HEADER}" "#pragma once

#include <string_view>

namespace epochal::embedded {
inline constexpr std::string_view ${NAME} = R\"__EMBEDDED__(${text})__EMBEDDED__\";
}
")
