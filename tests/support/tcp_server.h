// A TCP server that says what a test tells it to say, to whoever is connected last. Thread-safe.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace torugart::tests {

class TcpServer {
 public:
  TcpServer();
  ~TcpServer();
  TcpServer(const TcpServer&) = delete;
  TcpServer& operator=(const TcpServer&) = delete;

  int port() const { return port_; }
  // False when nobody is connected.
  bool say(std::string_view bytes);
  void hang_up();
  bool connected() const;
  int connections() const { return connections_; }

 private:
  void run();
  int listener_ = -1, port_ = 0;
  mutable std::mutex mutex_;
  int peer_ = -1;
  std::atomic<int> connections_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace torugart::tests
