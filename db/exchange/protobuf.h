#pragma once

#include <protozero/exception.hpp>

/// A field of another type than the reader expects is damage that a stranger's file may have. The
/// library would abort in a debug build, and read on in a release.
#define protozero_assert(condition) \
  ((condition) ? static_cast<void>(0) : throw protozero::exception())

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

namespace epochal::store {

using ProtobufReader = protozero::pbf_reader;
using ProtobufWriter = protozero::pbf_writer;

}  // namespace epochal::store
