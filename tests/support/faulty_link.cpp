#include "tests/support/faulty_link.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace torugart::tests {
namespace {

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

sockaddr_in loopback(int port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  at.sin_port = htons(static_cast<std::uint16_t>(port));
  return at;
}

bool send_all(int to, const char* bytes, std::size_t count) {
  while (count > 0) {
    const auto sent = ::send(to, bytes, count, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes += sent;
    count -= static_cast<std::size_t>(sent);
  }
  return true;
}

}  // namespace

FaultyLink::FaultyLink(int peer_port) : peer_port_(peer_port) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto at = loopback(0);
  socklen_t size = sizeof at;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&at), size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) != 0)
    throw std::runtime_error("no port");
  port_ = ntohs(at.sin_port);
  thread_ = std::thread([this] { run(); });
}

FaultyLink::~FaultyLink() {
  stop_ = true;
  thread_.join();
  for (const auto& pair : pairs_) {
    ::close(pair.driver);
    ::close(pair.peer);
  }
  ::close(listener_);
}

void FaultyLink::run() {
  while (!stop_) {
    std::vector<pollfd> watched{{listener_, POLLIN, 0}};
    for (const auto& pair : pairs_) {
      watched.push_back({pair.driver, POLLIN, 0});
      watched.push_back({pair.peer, POLLIN, 0});
    }
    ::poll(watched.data(), watched.size(), 5);
    for (std::size_t i = pairs_.size(); i-- > 0;) {
      if (mode_ != Mode::cut && serve(pairs_[i], watched[1 + 2 * i].revents != 0, watched[2 + 2 * i].revents != 0))
        continue;
      ::close(pairs_[i].driver);
      ::close(pairs_[i].peer);
      pairs_.erase(pairs_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if ((watched[0].revents & POLLIN) != 0) accept_one();
  }
}

void FaultyLink::accept_one() {
  const int driver = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (driver < 0) return;
  ++connections_;
  const int peer = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(driver, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  auto at = loopback(peer_port_);
  if (mode_ == Mode::cut || ::connect(peer, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) {
    ::close(driver);
    ::close(peer);
    return;
  }
  pairs_.push_back({driver, peer, {}, 0});
}

bool FaultyLink::serve(Pair& pair, bool driver_ready, bool peer_ready) {
  if (driver_ready) {
    char bytes[4096];
    const auto got = ::recv(pair.driver, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got <= 0 || !send_all(pair.peer, bytes, static_cast<std::size_t>(got))) return false;
  }
  if (peer_ready && !from_peer(pair)) return false;
  return deliver(pair);
}

bool FaultyLink::from_peer(Pair& pair) {
  char bytes[4096];
  const auto got = ::recv(pair.peer, bytes, sizeof bytes, MSG_DONTWAIT);
  if (got <= 0) return false;
  std::string said(bytes, static_cast<std::size_t>(got));
  switch (mode_.load()) {
    case Mode::silent:
    case Mode::cut:
      return true;
    case Mode::half:
      said.resize(said.size() / 2);
      break;
    case Mode::garbage:
      for (auto& c : said)
        c = static_cast<char>(random_());
      break;
    case Mode::stranger:
      said[0] = static_cast<char>(said[0] ^ 0x55);
      break;
    case Mode::slow:
      pair.not_before_us = now_us() + 120'000;
      break;
    case Mode::pass:
    case Mode::drip:
    case Mode::flood:
      break;
  }
  pair.waiting += said;
  return true;
}

bool FaultyLink::deliver(Pair& pair) {
  if (mode_ == Mode::flood) {
    std::string noise(2048, '\0');
    for (auto& c : noise)
      c = static_cast<char>(random_());
    const auto sent = ::send(pair.driver, noise.data(), noise.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN) return false;
  }
  if (pair.waiting.empty() || now_us() < pair.not_before_us) return true;
  const bool drip = mode_ == Mode::drip;
  const auto count = drip ? std::size_t{1} : pair.waiting.size();
  if (!send_all(pair.driver, pair.waiting.data(), count)) return false;
  pair.waiting.erase(0, count);
  if (drip) pair.not_before_us = now_us() + 25'000;
  return true;
}

}  // namespace torugart::tests
