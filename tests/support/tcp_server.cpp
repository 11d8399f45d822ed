#include "tests/support/tcp_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace torugart::tests {

TcpServer::TcpServer() {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&at), size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) != 0)
    throw std::runtime_error("no port");
  port_ = ntohs(at.sin_port);
  thread_ = std::thread([this] { run(); });
}

TcpServer::~TcpServer() {
  stop_ = true;
  thread_.join();
  hang_up();
  ::close(listener_);
}

void TcpServer::run() {
  while (!stop_) {
    pollfd watched{listener_, POLLIN, 0};
    if (::poll(&watched, 1, 20) <= 0) continue;
    const int peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (peer < 0) continue;
    const int on = 1;
    ::setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::lock_guard lock(mutex_);
    if (peer_ >= 0) ::close(peer_);
    peer_ = peer;
    ++connections_;
  }
}

bool TcpServer::say(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  while (peer_ >= 0 && !bytes.empty()) {
    const auto sent = ::send(peer_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      ::close(peer_);
      peer_ = -1;
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return peer_ >= 0;
}

void TcpServer::hang_up() {
  const std::lock_guard lock(mutex_);
  if (peer_ >= 0) ::close(peer_);
  peer_ = -1;
}

bool TcpServer::connected() const {
  const std::lock_guard lock(mutex_);
  return peer_ >= 0;
}

}  // namespace torugart::tests
