// A device's counterpart as a process of its own: started, told things line by line, killed, stopped, started again.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace torugart::peers {

// Where the program lies (PATH, then /usr/sbin); empty when it is not installed.
std::string find_program(const std::string& name);
// A TCP port of 127.0.0.1 that was free a moment ago.
int free_port();

// Real time passes until `done()`; false when the patience ran out.
template <class Done>
bool wait_until(Done done, std::chrono::seconds patience = std::chrono::seconds(20)) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!done()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

class PeerProcess {
 public:
  PeerProcess() = default;
  ~PeerProcess() { kill(); }
  PeerProcess(const PeerProcess&) = delete;
  PeerProcess& operator=(const PeerProcess&) = delete;

  // arguments[0] is the program. What it prints (both streams) is read by line().
  bool start(const std::vector<std::string>& arguments);
  // The next line that contains `part`; empty when the time is up or the process ended.
  std::string line(const std::string& part, std::chrono::seconds patience = std::chrono::seconds(20));
  void tell(const std::string& words);  // one line to its standard input
  void stop();                          // SIGSTOP: alive, and silent
  void go_on();                         // SIGCONT
  void kill();                          // SIGKILL; idempotent
  bool running() const { return pid_ > 0; }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int to_ = -1, from_ = -1;
  std::string waiting_;
};

}  // namespace torugart::peers
