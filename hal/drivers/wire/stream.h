// A byte stream to a machine: TCP or serial. Thread-bound. Owns its file descriptor.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "hal/drivers/wire/address.h"

namespace torugart::hal::drivers::wire {

class Stream {
 public:
  using ms = std::chrono::milliseconds;

  Stream() = default;
  ~Stream() { close(); }
  Stream(Stream&& other) noexcept : fd_(other.fd_), where_(std::move(other.where_)) { other.fd_ = -1; }
  Stream& operator=(Stream&& other) noexcept;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // unreachable after at most `patience`, or when stop is asked for.
  static Result<Stream> open(const Address& address, ms patience, const std::stop_token& stop = {});

  // Waits at most `patience` (and not longer than 100 ms after stop was asked for); 0 bytes when nothing came.
  // unreachable when the other side has ended.
  Result<std::size_t> read(std::span<char> into, ms patience, const std::stop_token& stop = {});
  // All of it, or an error.
  Result<void> write(std::string_view bytes, ms patience);

  void close();
  bool is_open() const { return fd_ >= 0; }

 private:
  Stream(int fd, std::string where) : fd_(fd), where_(std::move(where)) {}
  static Result<Stream> open_tcp(const Address& address, ms patience, const std::stop_token& stop);
  static Result<Stream> open_serial(const Address& address);
  Error ended(const std::string& how) const;

  int fd_ = -1;
  std::string where_;
};

}  // namespace torugart::hal::drivers::wire
