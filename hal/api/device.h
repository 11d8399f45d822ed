// What every device at the lane has in common: who it is, how it feels, how it fails, how it is opened and closed.
//
// Life cycle            open()            first sign of life
//              closed ----------> opening ------------------> ready <--> busy
//                 ^                  |                          |
//                 |  close()         | cannot reach it          | lost, or reports a fault
//                 +---- any          v                          v
//                                 faulted <---------------- recovering (the driver tries again by itself, forever,
//                                    +------------------------>  with growing pauses of at most 10 s)
//
// Threads: a device owns the threads it needs. Every public member function is thread-safe. Handlers are called on a
// thread of the device, one at a time per device, and must return within a millisecond: they copy and post, nothing
// else. close() returns only after the last handler has returned; no handler is called after it. A handler must not
// call back into its own device.
//
// Ownership: messages are values. Bulk data inside them (pixels, counts) is immutable and shared.
//
// Errors: an operation returns Result; a failure that happens later arrives as a Health change. Nothing throws.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "hal/api/clock.h"

namespace torugart::hal {

// Changes when a driver would have to change; README.md has the dated table of what to do.
inline constexpr int kApiVersion = 2;

enum class DeviceKind {
  camera,
  xray_scanner,
  safety_chain,
  portal_monitor,
  weighbridge,
  lane_signals,
  code_reader,
  beam_request,
  ups,
};

enum class DeviceState { closed, opening, ready, busy, faulted, recovering };

enum class ErrorCode {
  not_open,     // open() was not called or close() was
  unreachable,  // no answer: cable, power, address
  refused,      // the device answered and said no (login, interlock, lease)
  bad_setting,  // a setting that cannot be meant
  bad_data,     // what arrived makes no sense: torn frame, wrong checksum
  timeout,      // answered, but too late
  unsupported,  // this model cannot do that
  internal,     // a library failed underneath
};

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string what;    // what happened, for the inspector: "camera front: no frame for 3 s"
  std::string where;   // device id, file:line of a setting, address
  std::string remedy;  // what the person at the lane can do: "check the cable, then press Test"
};

template <class T>
using Result = tl::expected<T, Error>;

// A device's own word about itself, for the health screen, the log and the journal.
struct Health {
  DeviceState state = DeviceState::closed;
  TimeStamp since;      // when this state began
  std::string summary;  // one short English sentence; also a key of the translations when it is a known one
  std::string remedy;   // empty when nothing is to be done
  // Figures worth seeing: "frames" -> "1042", "lost" -> "3". Order is the order on the screen.
  std::vector<std::pair<std::string, std::string>> figures;
};

struct DeviceInfo {
  std::string id;  // name in the lane's configuration: "front", "rear", "xray"
  DeviceKind kind = DeviceKind::camera;
  std::string driver;      // name in the registry: "sim", "replay", "gst_camera"
  std::string model;       // what the device says that it is
  std::string serial;      // empty when it does not say
  bool simulated = false;  // true for sim and replay: the screen and every record say so
};

using HealthHandler = std::function<void(const Health&)>;

class Device {
 public:
  virtual ~Device() = default;
  Device() = default;
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  virtual DeviceInfo info() const = 0;
  virtual Health health() const = 0;

  // Idempotent. Also called by the destructor of every implementation.
  virtual void close() = 0;
};

// A device that delivers messages of one type. open() returns at once: the state goes to opening and later to ready
// or faulted through on_health. A second open() without close() is an error (refused).
template <class MessageT>
class DeviceOf : public Device {
 public:
  using Message = MessageT;
  using Handler = std::function<void(const MessageT&)>;

  virtual Result<void> open(Handler on_message, HealthHandler on_health) = 0;
};

const char* to_string(DeviceKind kind);
const char* to_string(DeviceState state);
const char* to_string(ErrorCode code);

}  // namespace torugart::hal
