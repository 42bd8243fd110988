# Writes HEADER, in which the text of TEXT_FILE is epochal::embedded::NAME.
file(READ "${TEXT_FILE}" text)
file(WRITE "${HEADER}" "#pragma once

#include <string_view>

// Compilers need not take so long a text; GCC and clang do.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored \"-Woverlength-strings\"
namespace epochal::embedded {
inline constexpr std::string_view ${NAME} = R\"__EMBEDDED__(${text})__EMBEDDED__\";
}
#pragma GCC diagnostic pop
")
