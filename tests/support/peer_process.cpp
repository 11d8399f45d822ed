#include "tests/support/peer_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <sstream>

extern char** environ;

namespace torugart::peers {

std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(std::string(path == nullptr ? "" : path) + ":/usr/bin:/usr/sbin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string file = folder + "/" + name;
    if (!folder.empty() && access(file.c_str(), X_OK) == 0) return file;
  }
  return "";
}

int free_port() {
  const int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof here;
  int port = 0;
  if (bind(s, reinterpret_cast<sockaddr*>(&here), size) == 0 &&
      getsockname(s, reinterpret_cast<sockaddr*>(&here), &size) == 0)
    port = ntohs(here.sin_port);
  close(s);
  return port;
}

bool PeerProcess::start(const std::vector<std::string>& arguments) {
  kill();
  std::signal(SIGPIPE, SIG_IGN);
  int in[2], out[2];
  if (pipe2(in, O_CLOEXEC) != 0) return false;
  if (pipe2(out, O_CLOEXEC) != 0) {
    close(in[0]);
    close(in[1]);
    return false;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_adddup2(&actions, out[1], 2);
  std::vector<char*> argv;
  for (const auto& a : arguments)
    argv.push_back(const_cast<char*>(a.c_str()));
  argv.push_back(nullptr);
  const int failed = posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(in[0]);
  close(out[1]);
  to_ = in[1];
  from_ = out[0];
  waiting_.clear();
  if (failed != 0) pid_ = -1;
  return failed == 0;
}

std::string PeerProcess::line(const std::string& part, std::chrono::seconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    for (auto end = waiting_.find('\n'); end != std::string::npos; end = waiting_.find('\n')) {
      std::string found = waiting_.substr(0, end);
      waiting_.erase(0, end + 1);
      if (found.find(part) != std::string::npos) return found;
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    pollfd p{from_, POLLIN, 0};
    if (left <= 0 || poll(&p, 1, static_cast<int>(left)) <= 0) return "";
    std::array<char, 4096> bytes{};
    const auto got = read(from_, bytes.data(), bytes.size());
    if (got <= 0) return "";
    waiting_.append(bytes.data(), static_cast<std::size_t>(got));
  }
}

void PeerProcess::tell(const std::string& words) {
  const std::string all = words + "\n";
  if (to_ >= 0 && write(to_, all.data(), all.size()) < 0) return;
}

void PeerProcess::stop() {
  if (pid_ > 0) ::kill(pid_, SIGSTOP);
}

void PeerProcess::go_on() {
  if (pid_ > 0) ::kill(pid_, SIGCONT);
}

void PeerProcess::kill() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    int status = 0;
    waitpid(pid_, &status, 0);
  }
  pid_ = -1;
  for (int* end : {&to_, &from_}) {
    if (*end >= 0) close(*end);
    *end = -1;
  }
}

}  // namespace torugart::peers
