#include "hal/drivers/wire/stream.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace torugart::hal::drivers::wire {
namespace {

using Clock = std::chrono::steady_clock;

// True when the descriptor is ready; in slices, so that a stop is noticed.
bool wait_for(int fd, short events, Stream::ms patience, const std::stop_token& stop) {
  const auto until = Clock::now() + patience;
  while (true) {
    const auto left = std::chrono::duration_cast<Stream::ms>(until - Clock::now());
    pollfd watched{fd, events, 0};
    const int ready = ::poll(&watched, 1, static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 100)));
    if (ready > 0) return true;
    if (stop.stop_requested() || left.count() <= 0) return false;
  }
}

speed_t speed_of(int baud) {
  switch (baud) {
    case 1200:
      return B1200;
    case 2400:
      return B2400;
    case 4800:
      return B4800;
    case 19200:
      return B19200;
    case 38400:
      return B38400;
    case 57600:
      return B57600;
    case 115200:
      return B115200;
    default:
      return B9600;
  }
}

Error cannot_reach(const std::string& where, const std::string& why) {
  return {ErrorCode::unreachable, fmt::format("cannot be reached at {}: {}", where, why), where,
          "check its power and cable, then press Test"};
}

}  // namespace

Stream& Stream::operator=(Stream&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = other.fd_;
    where_ = std::move(other.where_);
    other.fd_ = -1;
  }
  return *this;
}

void Stream::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Result<Stream> Stream::open(const Address& address, ms patience, const std::stop_token& stop) {
  return address.serial.empty() ? open_tcp(address, patience, stop) : open_serial(address);
}

Result<Stream> Stream::open_tcp(const Address& address, ms patience, const std::stop_token& stop) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int failed = ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (failed != 0) return tl::unexpected(cannot_reach(address.text(), ::gai_strerror(failed)));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> list(found, ::freeaddrinfo);
  std::string why = "no address";
  for (const auto* at = list.get(); at != nullptr; at = at->ai_next) {
    Stream stream(::socket(at->ai_family, at->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, at->ai_protocol),
                  address.text());
    if (!stream.is_open()) continue;
    int error = 0;
    if (::connect(stream.fd_, at->ai_addr, at->ai_addrlen) != 0) {
      error = errno;
      if (error == EINPROGRESS) {
        socklen_t size = sizeof error;
        if (!wait_for(stream.fd_, POLLOUT, patience, stop)) {
          error = ETIMEDOUT;
        } else if (::getsockopt(stream.fd_, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
          error = errno;
        }
      }
    }
    if (error == 0) {
      const int on = 1;
      ::setsockopt(stream.fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      ::setsockopt(stream.fd_, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
      return stream;
    }
    why = std::strerror(error);
  }
  return tl::unexpected(cannot_reach(address.text(), why));
}

Result<Stream> Stream::open_serial(const Address& address) {
  Stream stream(::open(address.serial.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC), address.text());
  if (!stream.is_open()) return tl::unexpected(cannot_reach(address.text(), std::strerror(errno)));
  termios line{};
  if (::tcgetattr(stream.fd_, &line) != 0)
    return tl::unexpected(cannot_reach(address.text(), "it is no serial line"));
  ::cfmakeraw(&line);
  line.c_cflag &= ~static_cast<tcflag_t>(CSIZE | PARENB | PARODD | CSTOPB | CRTSCTS);
  line.c_cflag |= static_cast<tcflag_t>(CLOCAL | CREAD | (address.data_bits == 7 ? CS7 : CS8));
  if (address.parity != 'N') line.c_cflag |= PARENB;
  if (address.parity == 'O') line.c_cflag |= PARODD;
  if (address.stop_bits == 2) line.c_cflag |= CSTOPB;
  ::cfsetispeed(&line, speed_of(address.baud));
  ::cfsetospeed(&line, speed_of(address.baud));
  if (::tcsetattr(stream.fd_, TCSANOW, &line) != 0)
    return tl::unexpected(cannot_reach(address.text(), std::strerror(errno)));
  if (::ioctl(stream.fd_, TIOCEXCL) != 0) return tl::unexpected(cannot_reach(address.text(), std::strerror(errno)));
  ::tcflush(stream.fd_, TCIOFLUSH);
  return stream;
}

Error Stream::ended(const std::string& how) const {
  return {ErrorCode::unreachable, fmt::format("the line to {} was lost: {}", where_, how), where_,
          "check its power and cable, then press Test"};
}

Result<std::size_t> Stream::read(std::span<char> into, ms patience, const std::stop_token& stop) {
  if (!is_open()) return tl::unexpected(ended("it is not open"));
  if (!wait_for(fd_, POLLIN, patience, stop)) return std::size_t{0};
  const auto got = ::read(fd_, into.data(), into.size());
  if (got > 0) return static_cast<std::size_t>(got);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return std::size_t{0};
  return tl::unexpected(ended(got == 0 ? "the other side has ended it" : std::strerror(errno)));
}

Result<void> Stream::write(std::string_view bytes, ms patience) {
  const auto until = Clock::now() + patience;
  while (!bytes.empty()) {
    auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == ENOTSOCK) sent = ::write(fd_, bytes.data(), bytes.size());
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno != EAGAIN && errno != EINTR) {
      return tl::unexpected(ended(std::strerror(errno)));
    } else if (!wait_for(fd_, POLLOUT, std::chrono::duration_cast<ms>(until - Clock::now()), {})) {
      return tl::unexpected(ended("it takes nothing more"));
    }
  }
  return {};
}

}  // namespace torugart::hal::drivers::wire
