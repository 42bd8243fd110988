#include "framework/base/content.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace epochal {
namespace {

using namespace std::string_literals;

struct Case {
  std::string bytes;
  std::string ending;
  ContentType type;
  std::string kept;  ///< ending
};

std::string safetensors(const std::string& header, std::uint64_t length) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(length >> (8 * i) & 0xff);
  return bytes + header + "weights\0"s;
}

/// One frame of 128 kbit/s at 44.1 kHz.
std::string mp3_frame() {
  return "\xff\xfb\x90\x00"s + std::string(413, '\x55');
}

/// A ModelProto: ir_version 8, a producer, a graph of three bytes.
std::string onnx() {
  return "\x08\x08\x12\x01x\x3a\x03\x0a\x01\x80"s;
}

TEST(Content, IsFoundFromTheBytes) {
  using enum ContentType;
  const std::vector<Case> cases{
      {"\x89PNG\r\n\x1a\nrest", "txt", picture, "png"},
      {"\xff\xd8\xff\xe0 JFIF", "", picture, "jpg"},
      {"GIF89a.", "html", picture, "gif"},
      {"RIFF\x10\0\0\0WEBPVP8 "s, "", picture, "webp"},
      {"RIFF\x10\0\0\0WAVEfmt "s, "png", audio, "wav"},
      {"OggS\0\2"s, "", audio, "ogg"},
      {"fLaC\0\0\0\x22"s, "", audio, "flac"},
      {"ID3\4\0\0\0\0\0\0\0x"s, "", audio, "mp3"},
      {mp3_frame() + mp3_frame(), "", audio, "mp3"},
      {mp3_frame(), "", audio, "mp3"},
      {safetensors("{}", 2), "", model, "safetensors"},
      {safetensors(R"({"a": {"shape": [1]}}  )", 23), "bin", model, "safetensors"},
      {onnx(), "", model, "onnx"},
      {"PK\x03\x04"s + std::string(26, '\0') + "archive/data.pkl", "zip", model, "pt"},
      {"PK\x03\x04"s + std::string(70'000, '\0') + "model/data.pkl", "", model, "pt"},
      {"hello\tworld\r\n\x1b[1m", "", text, "txt"},
      {"", "", text, "txt"},
      {"# naïve", "md", text, "md"},
      {"<script>alert(1)</script>", "html", text, "txt"},
      {"<svg onload='alert(1)'/>", "svg", text, "txt"},
      {"a,b\n1,2\n", "csv", table, "csv"},
      {"a,b\n1,2\n", "", text, "txt"},
      {"a\tb\n", "tsv", table, "tsv"},
      {R"([{"a": 1}])", "", table, "json"},
      {R"({"a": 1})", "html", table, "json"},
      {R"({"histogram": {"edges": [0, 1], "counts": [3]}})", "txt", histogram, "json"},
      {R"({"histogram": {"edges": [0, 1], "counts": [3, 4]}})", "json", table, "json"},
      {"\x93NUMPY\1\0"s, "npy", file, "npy"},
      {"MZ\x90\0"s, "exe", file, "bin"},
  };
  for (const Case& one : cases) {
    const Content found = content_of(one.bytes, one.ending);
    EXPECT_EQ(name_of(found.type), name_of(one.type)) << one.bytes.substr(0, 40);
    EXPECT_EQ(found.ending, one.kept) << one.bytes.substr(0, 40);
    const bool plays = one.type == picture || one.type == audio;
    EXPECT_EQ(found.media_type.empty(), !plays) << one.bytes.substr(0, 40);
    const Content again = content_of(one.bytes, found.ending);
    EXPECT_EQ(again.ending, found.ending) << "what was kept is found to be the same";
  }
}

TEST(Content, WhatIsCutShortOrPretendsIsAFile) {
  const std::vector<std::string> files{
      "\x89PNG\r\n\x1a"s,
      "\xff\xd8"s,
      "RIFF\xff\xff\xff\xffWAV"s,
      "RIFF\x10\0\0\0AVI LIST"s,
      "ID3\xff"s,
      "\xff\xfb\x90\0 a frame that no other follows \0"s,
      "\xff\xfb\xf0\0"s,
      safetensors("{}", 3),
      safetensors("{}", ~std::uint64_t{0}),
      safetensors("{\"a\": ", 6),
      "\2\0\0\0\0\0\0"s,
      onnx().substr(0, onnx().size() - 1),
      "\x08\x08\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s,
      "\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\0"s,
      "\x08\x08\x12\x01x"s,
      "PK\x03\x04\0data"s,
      "text\0and more"s,
      "\xc3"s,
      "\xed\xa0\x80"s,
  };
  for (const std::string& bytes : files) {
    for (std::size_t length = 1; length < bytes.size(); ++length) {
      content_of(bytes.substr(0, length), "csv");  // whatever it is, it reads no byte too many
    }
    EXPECT_EQ(name_of(content_of(bytes, "").type), "file") << bytes;
  }
}

TEST(Content, DeepJsonTakesNoMemory) {
  // As values of a parser these would take gigabytes.
  const std::size_t depth = 8'000'000;
  EXPECT_EQ(content_of(std::string(depth, '['), "json").type, ContentType::text);
  EXPECT_EQ(content_of(std::string(depth, '[') + std::string(depth, ']'), "").type,
            ContentType::table);
  const std::string within =
      R"({"histogram": )" + std::string(400'000, '[') + std::string(400'000, ']') + "}";
  EXPECT_EQ(content_of(within, "").type, ContentType::table);
}

TEST(Content, NamesOfTypesAreReadBack) {
  using enum ContentType;
  for (const ContentType type : {picture, text, table, audio, histogram, model, file}) {
    EXPECT_EQ(content_type_named(name_of(type)), type);
  }
  EXPECT_EQ(content_type_named("<b>"), file);
}

TEST(Content, NamesBecomePlain) {
  EXPECT_EQ(plain_file_stem("grid-2_a.b"), "grid-2_a.b");
  EXPECT_EQ(plain_file_stem("../x\"><é"), "-.-x-----");
  EXPECT_EQ(plain_file_stem(""), "sample");
  EXPECT_EQ(plain_file_stem(std::string(1000, 'a')).size(), 80u);
  EXPECT_EQ(ending_of("a/b.CSV"), "csv");
  EXPECT_EQ(ending_of("a.b/c"), "");
  EXPECT_EQ(ending_of("none"), "");
}

}  // namespace
}  // namespace epochal
