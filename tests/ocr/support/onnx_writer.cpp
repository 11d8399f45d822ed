#include "tests/ocr/support/onnx_writer.h"

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

namespace torugart::ocr::test {
namespace {

// Protocol buffers, as far as needed: field numbers are those of onnx.proto.
class Message {
 public:
  Message& number(unsigned field, std::uint64_t value) {
    varint(static_cast<std::uint64_t>(field) << 3U);
    varint(value);
    return *this;
  }
  Message& bytes(unsigned field, const std::string& value) {
    varint(static_cast<std::uint64_t>(field) << 3U | 2U);
    varint(value.size());
    out_ += value;
    return *this;
  }
  Message& message(unsigned field, const Message& value) { return bytes(field, value.out_); }
  const std::string& str() const { return out_; }

 private:
  void varint(std::uint64_t value) {
    while (value >= 0x80U) {
      out_ += static_cast<char>(value | 0x80U);
      value >>= 7U;
    }
    out_ += static_cast<char>(value);
  }
  std::string out_;
};

constexpr std::uint64_t float_type = 1;

Message tensor(const std::string& name, const std::vector<std::uint64_t>& dims, const std::vector<float>& values) {
  Message out;
  for (const auto d : dims)
    out.number(1, d);
  out.number(2, float_type).bytes(8, name);
  std::string raw(values.size() * sizeof(float), '\0');
  std::memcpy(raw.data(), values.data(), raw.size());
  return out.bytes(9, raw);
}

Message value_info(const std::string& name, const std::vector<std::uint64_t>& dims) {
  Message shape;
  for (const auto d : dims)
    shape.message(1, Message().number(1, d));
  const Message type = Message().message(1, Message().number(1, float_type).message(2, shape));
  return Message().bytes(1, name).message(2, type);
}

Message ints(const std::string& name, const std::vector<std::uint64_t>& values) {
  Message out;
  out.bytes(1, name);
  for (const auto v : values)
    out.number(8, v);
  return out.number(20, 7);
}

}  // namespace

namespace {

// One convolution of kernel x kernel in steps of its own size.
std::string convolution(std::uint64_t channels, std::uint64_t width, std::uint64_t height, std::uint64_t kernel_width,
                        std::uint64_t kernel_height, const std::vector<float>& weights,
                        const std::vector<float>& biases) {
  const Message node = Message()
                           .bytes(1, "in")
                           .bytes(1, "weights")
                           .bytes(1, "biases")
                           .bytes(2, "out")
                           .bytes(3, "cells")
                           .bytes(4, "Conv")
                           .message(5, ints("kernel_shape", {kernel_height, kernel_width}))
                           .message(5, ints("strides", {kernel_height, kernel_width}))
                           .message(5, ints("pads", {0, 0, 0, 0}));
  const Message graph =
      Message()
          .message(1, node)
          .bytes(2, "cells")
          .message(5, tensor("weights", {channels, 1, kernel_height, kernel_width}, weights))
          .message(5, tensor("biases", {channels}, biases))
          .message(11, value_info("in", {1, 1, height, width}))
          .message(12, value_info("out", {1, channels, height / kernel_height, width / kernel_width}));
  return Message().number(1, 6).message(7, graph).message(8, Message().bytes(1, "").number(2, 11)).str();
}

}  // namespace

std::string cell_network(const std::vector<CellChannel>& channels, int width, int height) {
  constexpr std::uint64_t side = 4;
  std::vector<float> weights;
  std::vector<float> biases;
  for (const CellChannel& c : channels) {
    weights.insert(weights.end(), side * side, c.gain / static_cast<float>(side * side));
    biases.push_back(c.bias);
  }
  return convolution(channels.size(), static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height), side,
                     side, weights, biases);
}

std::string whole_network(const std::vector<WholeChannel>& channels, int width, int height) {
  std::vector<float> weights;
  std::vector<float> biases;
  for (const WholeChannel& c : channels) {
    weights.insert(weights.end(), c.weights.begin(), c.weights.end());
    biases.push_back(c.bias);
  }
  const auto w = static_cast<std::uint64_t>(width);
  const auto h = static_cast<std::uint64_t>(height);
  return convolution(channels.size(), w, h, w, h, weights, biases);
}

std::string bright_plates_dark_codes() {
  return cell_network({{6.0F, -6.0F}, {-6.0F, -6.0F}}, 640, 384);
}

void write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

void write_sums(const std::filesystem::path& folder, const std::vector<std::string>& names) {
  std::ofstream out(folder / "SHA256SUMS");
  for (const std::string& name : names) {
    std::ifstream in(folder / name, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
    for (unsigned i = 0; i < length; ++i)
      out << fmt::format("{:02x}", digest[i]);
    out << "  " << name << '\n';
  }
}

}  // namespace torugart::ocr::test
