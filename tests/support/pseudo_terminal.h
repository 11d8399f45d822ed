// A serial line on the table: the driver opens path(), the test writes and reads the other end. unplug() is a cable
// that is pulled; plug_in() makes a new line at the same path.
#pragma once

#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>

namespace torugart::peers {

class PseudoTerminal {
 public:
  PseudoTerminal() {
    static int count = 0;
    path_ = (std::filesystem::temp_directory_path() /
             ("torugart_tty_" + std::to_string(getpid()) + "_" + std::to_string(++count)))
                .string();
    plug_in();
  }
  ~PseudoTerminal() { unplug(); }
  PseudoTerminal(const PseudoTerminal&) = delete;
  PseudoTerminal& operator=(const PseudoTerminal&) = delete;

  const std::string& path() const { return path_; }
  void plug_in() {
    unplug();
    end_ = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (end_ < 0 || grantpt(end_) != 0 || unlockpt(end_) != 0) return;
    // Nothing is echoed before the driver has set its line.
    termios line{};
    if (tcgetattr(end_, &line) == 0) {
      cfmakeraw(&line);
      tcsetattr(end_, TCSANOW, &line);
    }
    std::filesystem::create_symlink(ptsname(end_), path_);
  }
  void unplug() {
    if (end_ >= 0) ::close(end_);
    end_ = -1;
    std::remove(path_.c_str());
  }
  void send(const std::string& bytes) const {
    for (std::size_t sent = 0; sent < bytes.size();) {
      const auto n = ::write(end_, bytes.data() + sent, bytes.size() - sent);
      if (n <= 0) return;
      sent += static_cast<std::size_t>(n);
    }
  }

 private:
  std::string path_;
  int end_ = -1;
};

}  // namespace torugart::peers
