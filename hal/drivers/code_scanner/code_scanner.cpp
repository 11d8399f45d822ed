#include "hal/drivers/code_scanner/code_scanner.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/input.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "hal/drivers/code_scanner/code_assembler.h"
#include "hal/drivers/common/driver_device.h"
#include "hal/drivers/common/settings.h"

namespace torugart::hal::code_scanner {
namespace {

using std::chrono::milliseconds;

struct ScannerSettings {
  std::string port;
  bool keyboard = false;
  int baud = 9600;
  std::string format;
  int quiet_ms = 0;
};

constexpr std::pair<int, speed_t> kSpeeds[] = {{1200, B1200},   {2400, B2400},   {4800, B4800},   {9600, B9600},
                                               {19200, B19200}, {38400, B38400}, {57600, B57600}, {115200, B115200}};

Result<ScannerSettings> read_settings(const DeviceConfig& config) {
  drivers::Settings s(config);
  ScannerSettings out;
  out.port = s.needed("port", "write port = \"/dev/serial/by-id/…\" or \"/dev/input/by-id/…-event-kbd\"");
  out.keyboard = s.one_of("type", "serial", {"serial", "keyboard"}) == "keyboard";
  if (!out.keyboard) {
    out.baud = s.number("baud", 9600, 1200, 115'200);
    if (std::none_of(std::begin(kSpeeds), std::end(kSpeeds), [&](const auto& k) { return k.first == out.baud; }))
      s.wrong(fmt::format("baud = \"{}\"", out.baud), "write 1200, 2400, 4800, 9600, 19200, 38400, 57600 or 115200");
    out.format = s.one_of("format", "8N1", {"8N1", "7E1", "7O1"});
    out.quiet_ms = s.number("quiet_ms", 0, 0, 2000);
  }
  if (auto checked = s.finish(); !checked) return tl::unexpected(checked.error());
  return out;
}

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

class CodeScanner final : public drivers::DriverDevice<CodeReader> {
 public:
  CodeScanner(const DeviceConfig& config, const Clock& clock, ScannerSettings settings)
      : DriverDevice(config, clock, settings.keyboard ? "Code scanner (keyboard)" : "Code scanner (serial)"),
        settings_(std::move(settings)) {}
  ~CodeScanner() override { close(); }

 private:
  Figures figures() const override {
    return {{"codes", std::to_string(codes_.load())}, {"discarded", std::to_string(discarded_.load())}};
  }

  Error fault(ErrorCode code, const char* what, const char* remedy) const {
    return {code, what, fmt::format("{}: {}", config_.id, settings_.port), remedy};
  }
  Error gone() const {
    return fault(ErrorCode::unreachable, "the code scanner was unplugged", "plug the code scanner in");
  }

  Error session(const std::stop_token& stop) override {
    const File port(::open(settings_.port.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    if (port.fd() < 0) {
      if (errno == EACCES)
        return fault(ErrorCode::refused, "the code scanner's port may not be opened",
                     "add the service's user to the groups dialout and input");
      if (errno == EBUSY)
        return fault(ErrorCode::refused, "the code scanner's port is used by another program",
                     "end the other program");
      return fault(ErrorCode::unreachable, "the code scanner is not plugged in", "plug the code scanner in");
    }
    if (auto set = settings_.keyboard ? grab(port.fd()) : set_line(port.fd()); !set) return set.error();
    came_alive();
    return settings_.keyboard ? read_keys(port.fd(), stop) : read_line(port.fd(), stop);
  }

  // Alone: what it types must not reach another program. A recorded stream of events (a pipe) is read as it is.
  Result<void> grab(int fd) {
    struct stat about {};
    if (fstat(fd, &about) == 0 && S_ISFIFO(about.st_mode)) return {};
    int version = 0;
    if (ioctl(fd, EVIOCGVERSION, &version) != 0)
      return tl::unexpected(
          fault(ErrorCode::unsupported, "the code scanner's port is no keyboard", "write type = \"serial\""));
    std::array<char, 256> name{};
    if (ioctl(fd, EVIOCGNAME(name.size() - 1), name.data()) > 0) identify(name.data(), "");
    if (ioctl(fd, EVIOCGRAB, 1) != 0)
      return tl::unexpected(
          fault(ErrorCode::refused, "the code scanner's port is used by another program", "end the other program"));
    return {};
  }

  Result<void> set_line(int fd) {
    termios line{};
    if (tcgetattr(fd, &line) != 0)
      return tl::unexpected(
          fault(ErrorCode::unsupported, "the code scanner's port is no serial line", "write type = \"keyboard\""));
    cfmakeraw(&line);
    line.c_cflag |= CLOCAL | CREAD;
    if (settings_.format != "8N1") {
      line.c_cflag = (line.c_cflag & ~static_cast<tcflag_t>(CSIZE)) | CS7 | PARENB;
      if (settings_.format == "7O1") line.c_cflag |= PARODD;
      line.c_iflag |= INPCK | ISTRIP;
    }
    for (const auto& [baud, speed] : kSpeeds) {
      if (baud == settings_.baud) cfsetspeed(&line, speed);
    }
    if (tcsetattr(fd, TCSANOW, &line) != 0)
      return tl::unexpected(
          fault(ErrorCode::refused, "the code scanner's port refuses its settings", "check baud and format"));
    return {};
  }

  // Bytes, or nothing after the wait; false when the device is gone.
  template <class Use, class Quiet>
  bool wait_and_read(int fd, int wait_ms, Use use, Quiet quiet) {
    pollfd p{fd, POLLIN, 0};
    const int ready = poll(&p, 1, wait_ms);
    if (ready == 0 || (ready < 0 && errno == EINTR)) {
      quiet();
      return true;
    }
    std::array<std::uint8_t, 4096> bytes{};
    const auto got = ::read(fd, bytes.data(), bytes.size());
    if (got > 0) use(bytes.data(), static_cast<std::size_t>(got));
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR) && (p.revents & POLLHUP) == 0);
  }

  Error read_line(int fd, const std::stop_token& stop) {
    SerialAssembler assembler;
    const int wait = settings_.quiet_ms > 0 ? settings_.quiet_ms : 100;
    while (!stop.stop_requested()) {
      const bool there = wait_and_read(
          fd, wait,
          [&](const std::uint8_t* bytes, std::size_t size) {
            for (const auto& code : assembler.take(bytes, size))
              deliver(code);
          },
          [&] {
            if (settings_.quiet_ms == 0) return;
            if (const auto code = assembler.pause()) deliver(*code);
          });
      discarded_ = assembler.discarded();
      if (!there) return gone();
    }
    return {};
  }

  Error read_keys(int fd, const std::stop_token& stop) {
    KeyAssembler assembler;
    std::vector<std::uint8_t> waiting;
    while (!stop.stop_requested()) {
      const bool there = wait_and_read(
          fd, 100,
          [&](const std::uint8_t* bytes, std::size_t size) {
            waiting.insert(waiting.end(), bytes, bytes + size);
            std::size_t at = 0;
            for (; at + sizeof(input_event) <= waiting.size(); at += sizeof(input_event)) {
              input_event event{};
              std::copy_n(waiting.data() + at, sizeof event, reinterpret_cast<std::uint8_t*>(&event));
              if (const auto code = assembler.take(event.type, event.code, event.value)) deliver(*code);
            }
            waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(at));
          },
          [] {});
      discarded_ = assembler.unknown_keys();
      if (!there) return gone();
    }
    return {};
  }

  void deliver(const Code& code) {
    ++codes_;
    emit({clock_.now(), code.symbology, code.text});
  }

  const ScannerSettings settings_;
  std::atomic<std::uint64_t> codes_{0}, discarded_{0};
};

}  // namespace

void register_driver(Registry& registry) {
  registry.add("code_scanner", Factory<CodeReader>([](const DeviceConfig& c,
                                                      const Clock& clock) -> Result<std::unique_ptr<CodeReader>> {
                 auto settings = read_settings(c);
                 if (!settings) return tl::unexpected(settings.error());
                 return std::make_unique<CodeScanner>(c, clock, std::move(*settings));
               }));
}

}  // namespace torugart::hal::code_scanner
