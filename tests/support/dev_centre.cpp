#include "tests/support/dev_centre.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

extern char** environ;

namespace torugart::central::testing {
namespace {

pid_t spawn(const std::vector<std::string>& arguments, const std::string& log_file) {
  std::vector<char*> argv;
  for (const auto& argument : arguments)
    argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, log_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t pid = -1;
  if (posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ) != 0) pid = -1;
  posix_spawn_file_actions_destroy(&actions);
  return pid;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "torugart-central-XXXXXX").string();
  path_ = mkdtemp(pattern.data());
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

int run_program(const std::vector<std::string>& arguments, std::string& output) {
  const Folder folder;
  const auto pid = spawn(arguments, folder / "out");
  int status = 0;
  if (pid < 0 || waitpid(pid, &status, 0) != pid) return -1;
  output = read_file(folder / "out");
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string DevCentre::program() {
  return TORUGART_BINARY_DIR "/bin/torugart-central-dev";
}

DevCentre::DevCentre(std::string folder, const std::vector<std::string>& lanes, std::vector<std::string> more)
    : folder_(std::move(folder)), more_(std::move(more)) {
  std::vector<std::string> arguments{program(), "--dir", folder_, "--make-ca"};
  for (const auto& lane : lanes)
    arguments.insert(arguments.end(), {"--lane", lane});
  std::string output;
  if (run_program(arguments, output) != 0) fmt::print(stderr, "{}\n", output);
}

DevCentre::~DevCentre() {
  kill();
}

std::string DevCentre::url() const {
  return fmt::format("https://127.0.0.1:{}", port_);
}

std::string DevCentre::log() const {
  return read_file(folder_ + "/log");
}

bool DevCentre::start(const std::string& record_file) {
  std::vector<std::string> arguments{program(), "--dir", folder_, "--listen", fmt::format("127.0.0.1:{}", port_)};
  const char* wanted = std::getenv("TORUGART_RECORD_EXCHANGES");
  const std::string record = !record_file.empty() ? record_file : wanted ? wanted : "";
  if (!record.empty()) arguments.insert(arguments.end(), {"--record", record});
  arguments.insert(arguments.end(), more_.begin(), more_.end());
  pid_ = spawn(arguments, folder_ + "/log");
  if (pid_ < 0) return false;
  for (int i = 0; i < 3000; ++i) {  // up to 30 s on a busy machine
    const auto text = log();
    if (const auto at = text.find("listening https://127.0.0.1:"); at != std::string::npos && text.back() == '\n') {
      port_ = std::atoi(text.c_str() + at + 28);
      return true;
    }
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

void DevCentre::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

}  // namespace torugart::central::testing
