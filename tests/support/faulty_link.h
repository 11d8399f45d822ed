// A cable between a driver and its TCP peer that a test can cut, fill with garbage, slow down or tear. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace torugart::tests {

class FaultyLink {
 public:
  enum class Mode {
    pass,
    silent,    // what the peer says is swallowed
    cut,       // connections end, new ones are accepted and closed at once
    half,      // of each of the peer's answers only the first half comes
    garbage,   // the peer's bytes come as other bytes, as many
    stranger,  // the first byte of each answer is another: somebody else's answer
    drip,      // the peer's bytes come one by one, 25 ms apart
    slow,      // the peer's bytes come 120 ms late
    flood,     // beside the peer's bytes, garbage without end
  };

  explicit FaultyLink(int peer_port);
  ~FaultyLink();
  FaultyLink(const FaultyLink&) = delete;
  FaultyLink& operator=(const FaultyLink&) = delete;

  int port() const { return port_; }
  void set(Mode mode) { mode_ = mode; }
  void set_peer(int port) { peer_port_ = port; }
  // How often somebody connected.
  int connections() const { return connections_; }

 private:
  struct Pair {
    int driver = -1, peer = -1;
    std::string waiting;  // for the driver
    std::int64_t not_before_us = 0;
  };
  void run();
  void accept_one();
  bool serve(Pair& pair, bool driver_ready, bool peer_ready);
  bool from_peer(Pair& pair);
  bool deliver(Pair& pair);

  std::atomic<int> peer_port_;
  int port_ = 0, listener_ = -1;
  std::atomic<Mode> mode_{Mode::pass};
  std::atomic<int> connections_{0};
  std::atomic<bool> stop_{false};
  std::mt19937 random_{5};
  std::vector<Pair> pairs_;
  std::thread thread_;
};

}  // namespace torugart::tests
