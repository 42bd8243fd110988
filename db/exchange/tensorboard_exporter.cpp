// TensorBoard's event files: records of protocol buffers (tensorflow/core/util/event.proto and
// tensorboard/plugins/hparams), each framed with its length and checksums (TFRecord).

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "db/artifact_path.h"
#include "db/exchange/protobuf.h"
#include "db/exchange/run_exporter.h"
#include "framework/base/sample.h"
#include "framework/base/whole_number.h"
#include "framework/system/whole_file.h"

namespace epochal::store {
namespace {

namespace fs = std::filesystem;

// The writer of a nested message writes its length when it goes out of scope, which must happen
// before the text is used.
using Writer = ProtobufWriter;

// Field numbers of the published messages.
namespace event {
constexpr protozero::pbf_tag_type kWallTime = 1, kStep = 2, kFileVersion = 3, kSummary = 5;
}
namespace value {
constexpr protozero::pbf_tag_type kTag = 1, kSimple = 2, kImage = 4, kAudio = 6, kTensor = 8,
                                  kMetadata = 9;
}
namespace image {
constexpr protozero::pbf_tag_type kHeight = 1, kWidth = 2, kColorspace = 3, kEncoded = 4;
}
namespace audio {
constexpr protozero::pbf_tag_type kHertz = 1, kChannels = 2, kFrames = 3, kEncoded = 4,
                                  kMediaType = 5;
}
namespace hparams {
constexpr protozero::pbf_tag_type kExperiment = 2, kSessionStart = 3, kSessionEnd = 4;
}

template <typename Integer>
std::string little_endian(Integer number) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof(Integer); ++i) {
    bytes += static_cast<char>(static_cast<unsigned char>(number >> (8 * i)));
  }
  return bytes;
}

/// An event file that is written piece by piece.
class EventFile {
 public:
  EventFile(const fs::path& folder, Timestamp at)
      : file_(folder /
              fmt::format("events.out.tfevents.{:010}.epochal", nearest_whole(std::trunc(at)))) {
    std::string data;
    Writer writer(data);
    writer.add_double(event::kWallTime, at);
    writer.add_string(event::kFileVersion, "brain.Event:2");
    frame(data);
  }

  /// `summary_value`: an encoded Summary.Value.
  void add(Timestamp at, std::int64_t step, const std::string& summary_value) {
    std::string data;
    Writer writer(data);
    writer.add_double(event::kWallTime, at);
    writer.add_int64(event::kStep, step);
    Writer(writer, event::kSummary).add_message(1, summary_value);
    frame(data);
  }

  void close() { file_.close(); }

 private:
  void frame(const std::string& data) {
    const std::string length = little_endian(static_cast<std::uint64_t>(data.size()));
    file_.add(length + little_endian(masked_crc(length)) + data + little_endian(masked_crc(data)));
  }

  ExportFile file_;
};

std::string scalar(const std::string& tag, double number) {
  std::string data;
  Writer writer(data);
  writer.add_string(value::kTag, tag);
  writer.add_float(value::kSimple, static_cast<float>(number));
  return data;
}

/// A summary for the hparams plugin: its message is in the metadata, next to an empty tensor.
std::string hparams_value(const std::string& tag, protozero::pbf_tag_type kind,
                          const std::string& message) {
  std::string content;
  Writer(content).add_message(kind, message);
  std::string data;
  Writer writer(data);
  writer.add_string(value::kTag, tag);
  {
    Writer tensor(writer, value::kTensor);
    tensor.add_enum(1, 1);  // DT_FLOAT
    std::string dimension;
    Writer(dimension).add_int64(1, 1);
    Writer(tensor, 2).add_message(2, dimension);
    const std::array<float, 1> zero{0};
    tensor.add_packed_float(5, zero.begin(), zero.end());
  }
  {
    Writer metadata(writer, value::kMetadata);
    Writer plugin(metadata, 1);
    plugin.add_string(1, "hparams");
    plugin.add_bytes(2, content);
  }
  return data;
}

/// google.protobuf.Value
std::string plain_value(const ParameterValue& parameter) {
  std::string data;
  Writer writer(data);
  if (const auto* flag = std::get_if<bool>(&parameter)) {
    writer.add_bool(4, *flag);
  } else if (const auto* text = std::get_if<std::string>(&parameter)) {
    writer.add_string(3, *text);
  } else if (const auto* whole = std::get_if<std::int64_t>(&parameter)) {
    writer.add_double(2, static_cast<double>(*whole));
  } else {
    writer.add_double(2, std::get<double>(parameter));
  }
  return data;
}

int tensorboard_status(RunStatus status) {
  switch (status) {
    case RunStatus::finished:
    case RunStatus::stopped:
      return 1;  // success
    case RunStatus::failed:
      return 2;
    case RunStatus::running:
      return 3;
    default:
      return 0;
  }
}

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

/// An image with its width and height, which are at fixed positions in a PNG. Empty if it is not a
/// PNG.
std::string image_value(const std::string& tag, const std::string& png) {
  if (png.size() < 26 || !png.starts_with("\x89PNG")) return {};
  std::string data;
  Writer writer(data);
  writer.add_string(value::kTag, tag);
  {
    Writer picture(writer, value::kImage);
    picture.add_int32(image::kHeight, static_cast<std::int32_t>(big_endian({&png[20], 4})));
    picture.add_int32(image::kWidth, static_cast<std::int32_t>(big_endian({&png[16], 4})));
    picture.add_int32(image::kColorspace, 3);
    picture.add_bytes(image::kEncoded, png);
  }
  return data;
}

/// The format of a WAV file.
struct WaveHeader {
  std::uint32_t channels = 0;
  std::uint32_t hertz = 0;
  std::uint32_t bytes_a_frame = 0;
  std::uint32_t bytes = 0;  ///< of all frames
};

/// Reads the chunks of a WAV file. None if it is not a WAV file or lacks a chunk.
std::optional<WaveHeader> wave_header(std::string_view wave) {
  if (!wave.starts_with("RIFF") || wave.size() < 12 || wave.substr(8, 4) != "WAVE") return {};
  WaveHeader header;
  for (std::size_t at = 12; at + 8 <= wave.size();) {
    const std::string_view name = wave.substr(at, 4);
    const std::size_t length = little_endian_number(wave.substr(at + 4, 4));
    const std::string_view chunk = wave.substr(at + 8, length);
    if (name == "fmt " && chunk.size() >= 14) {
      header.channels = static_cast<std::uint32_t>(little_endian_number(chunk.substr(2, 2)));
      header.hertz = static_cast<std::uint32_t>(little_endian_number(chunk.substr(4, 4)));
      header.bytes_a_frame = static_cast<std::uint32_t>(little_endian_number(chunk.substr(12, 2)));
    }
    if (name == "data") header.bytes = static_cast<std::uint32_t>(chunk.size());
    at += 8 + length + length % 2;
  }
  if (header.hertz == 0 || header.bytes_a_frame == 0) return std::nullopt;
  return header;
}

/// Empty if it is not a WAV file: the headers of other formats do not contain the length.
std::string audio_value(const std::string& tag, const std::string& wave) {
  const std::optional<WaveHeader> header = wave_header(wave);
  if (!header) return {};
  std::string data;
  Writer writer(data);
  writer.add_string(value::kTag, tag);
  {
    Writer sound(writer, value::kAudio);
    sound.add_float(audio::kHertz, static_cast<float>(header->hertz));
    sound.add_int64(audio::kChannels, header->channels);
    sound.add_int64(audio::kFrames, header->bytes / header->bytes_a_frame);
    sound.add_bytes(audio::kEncoded, wave);
    sound.add_string(audio::kMediaType, "audio/wav");
  }
  return data;
}

/// A sample that TensorBoard can show; empty for other samples and missing files.
std::string sample_value(const std::string& tag, const std::optional<ReadableArtifact>& source) {
  std::error_code error;
  if (!source || fs::file_size(source->path(), error) > kLargestSample || error) return {};
  const std::string bytes = whole_file(source->path());
  const std::string picture = image_value(tag, bytes);
  return picture.empty() ? audio_value(tag, bytes) : picture;
}

class TensorboardExporter : public RunExporter {
 public:
  explicit TensorboardExporter(const ExportTarget& target)
      : target_(target), query_(target.store) {}

  void add(const WholeRun& whole) override {
    const RunRecord& run = whole.run;
    EventFile file(target_.folder / run.short_identity(), run.started_at.value_or(run.created_at));
    add_session(file, run);
    for (const EpochRecord& epoch : whole.epochs) {
      const Timestamp at = epoch.started_at + epoch.seconds.count();
      for (const auto& [name, number] : epoch.metrics) {
        file.add(at, epoch.number, scalar(name, number));
        metrics_.insert(name);
      }
      const auto add_own = [&](const std::string& name, double number) {
        if (!epoch.metrics.contains(name)) file.add(at, epoch.number, scalar(name, number));
      };
      add_own("time/seconds", epoch.seconds.count());
      if (epoch.learning_rate) add_own("learning_rate", *epoch.learning_rate);
    }
    query_.each_step_chunk(run.id, "",
                           [&](const StepChunk& chunk) { add_steps(file, whole, chunk); });
    for (const ArtifactRecord& artifact : whole.artifacts) {
      if (artifact.kind != ArtifactRecord::Kind::sample) continue;
      const std::string sample =
          sample_value(artifact.name, readable_artifact(target_.store, artifact.path));
      if (!sample.empty()) {
        file.add(run.ended_at.value_or(run.created_at), artifact.epoch.value_or(0), sample);
      }
    }
    file.close();
  }

  void finish() override {
    Timestamp first = now();
    for (const RunRecord& run : target_.runs) first = std::min(first, run.created_at);
    EventFile file(target_.folder, first);
    file.add(first, 0, hparams_value("_hparams_/experiment", hparams::kExperiment, experiment()));
    file.close();
  }

 private:
  /// Values by step, apart from values by epoch, since their x axes differ. The time of a value is
  /// unknown: the end of its epoch is used.
  static void add_steps(EventFile& file, const WholeRun& whole, const StepChunk& chunk) {
    Timestamp at = whole.run.started_at.value_or(whole.run.created_at);
    for (const EpochRecord& epoch : whole.epochs) {
      if (epoch.number == chunk.epoch) at = epoch.started_at + epoch.seconds.count();
    }
    for (std::size_t i = 0; i < chunk.steps.size(); ++i) {
      file.add(at, chunk.steps[i], scalar("steps/" + chunk.metric, chunk.values[i]));
    }
  }

  static void add_session(EventFile& file, const RunRecord& run) {
    std::string start;
    Writer writer(start);
    for (const auto& [name, parameter] : run.parameters.all()) {
      Writer entry(writer, 1);
      entry.add_string(1, name);
      entry.add_message(2, plain_value(parameter));
    }
    writer.add_string(4, run.group_identity.substr(0, 10));
    writer.add_double(5, run.started_at.value_or(run.created_at));
    const Timestamp at = run.started_at.value_or(run.created_at);
    file.add(at, 0, hparams_value("_hparams_/session_start_info", hparams::kSessionStart, start));
    std::string end;
    Writer ending(end);
    ending.add_enum(1, tensorboard_status(run.status));
    ending.add_double(2, run.ended_at.value_or(0));
    file.add(run.ended_at.value_or(at), 0,
             hparams_value("_hparams_/session_end_info", hparams::kSessionEnd, end));
  }

  /// The parameters and metrics. Without a domain, TensorBoard cannot sort by a parameter.
  std::string experiment() const {
    std::map<std::string, std::vector<ParameterValue>> parameters;
    for (const RunRecord& run : target_.runs) {
      for (const auto& [name, parameter] : run.parameters.all()) {
        parameters[name].push_back(parameter);
      }
    }
    std::string data;
    Writer writer(data);
    writer.add_string(6, "epochal");
    for (const auto& [name, values] : parameters) {
      Writer info(writer, 4);
      info.add_string(1, name);
      add_domain(info, values);
    }
    for (const std::string& name : metrics_) {
      Writer info(writer, 5);
      std::string metric;
      Writer(metric).add_string(2, name);
      info.add_message(1, metric);
    }
    return data;
  }

  static void add_domain(Writer& info, const std::vector<ParameterValue>& values) {
    if (std::holds_alternative<bool>(values.front())) {
      info.add_enum(4, 2);  // DATA_TYPE_BOOL
      return;
    }
    if (std::holds_alternative<std::string>(values.front())) {
      info.add_enum(4, 1);  // DATA_TYPE_STRING
      Writer list(info, 5);
      const std::set<ParameterValue> distinct(values.begin(), values.end());
      for (const ParameterValue& each : distinct) list.add_message(1, plain_value(each));
      return;
    }
    info.add_enum(4, 3);  // DATA_TYPE_FLOAT64
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const ParameterValue& each : values) {
      const auto* whole = std::get_if<std::int64_t>(&each);
      const auto* real = std::get_if<double>(&each);
      if (whole == nullptr && real == nullptr) continue;
      const double number = whole != nullptr ? static_cast<double>(*whole) : *real;
      low = std::min(low, number);
      high = std::max(high, number);
    }
    Writer interval(info, 6);
    interval.add_double(1, low);
    interval.add_double(2, high);
  }

  const ExportTarget target_;
  Query query_;
  std::set<std::string> metrics_;
};

}  // namespace

std::unique_ptr<RunExporter> make_tensorboard_exporter(const ExportTarget& target) {
  return std::make_unique<TensorboardExporter>(target);
}

}  // namespace epochal::store
