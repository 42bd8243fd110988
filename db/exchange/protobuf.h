#pragma once

#include <boost/crc.hpp>
#include <cstdint>
#include <protozero/exception.hpp>
#include <string_view>

/// A field of another type than the reader expects is damage that a stranger's file may have. The
/// library would abort in a debug build, and read on in a release.
#define protozero_assert(condition) \
  ((condition) ? static_cast<void>(0) : throw protozero::exception())

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

namespace epochal::store {

/// CRC-32C with the mask of TFRecords, the frames of TensorBoard's messages. The mask avoids
/// problems with the CRC of data that contains CRCs.
inline std::uint32_t masked_crc(std::string_view data) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(data.data(), data.size());
  const std::uint32_t sum = crc.checksum();
  return ((sum >> 15) | (sum << 17)) + 0xa282ead8U;
}

/// The number in these bytes, at most eight, of which the first is the lowest.
inline std::uint64_t little_endian_number(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    number |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  return number;
}

using ProtobufReader = protozero::pbf_reader;
using ProtobufWriter = protozero::pbf_writer;

}  // namespace epochal::store
