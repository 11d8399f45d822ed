#include "hal/api/device.h"

namespace torugart::hal {

const char* to_string(DeviceKind kind) {
  switch (kind) {
    case DeviceKind::camera:
      return "camera";
    case DeviceKind::xray_scanner:
      return "xray_scanner";
    case DeviceKind::safety_chain:
      return "safety_chain";
    case DeviceKind::portal_monitor:
      return "portal_monitor";
    case DeviceKind::weighbridge:
      return "weighbridge";
    case DeviceKind::lane_signals:
      return "lane_signals";
    case DeviceKind::code_reader:
      return "code_reader";
    case DeviceKind::beam_request:
      return "beam_request";
    case DeviceKind::ups:
      return "ups";
  }
  return "unknown";
}

const char* to_string(DeviceState state) {
  switch (state) {
    case DeviceState::closed:
      return "closed";
    case DeviceState::opening:
      return "opening";
    case DeviceState::ready:
      return "ready";
    case DeviceState::busy:
      return "busy";
    case DeviceState::faulted:
      return "faulted";
    case DeviceState::recovering:
      return "recovering";
  }
  return "unknown";
}

const char* to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_open:
      return "not_open";
    case ErrorCode::unreachable:
      return "unreachable";
    case ErrorCode::refused:
      return "refused";
    case ErrorCode::bad_setting:
      return "bad_setting";
    case ErrorCode::bad_data:
      return "bad_data";
    case ErrorCode::timeout:
      return "timeout";
    case ErrorCode::unsupported:
      return "unsupported";
    case ErrorCode::internal:
      return "internal";
  }
  return "unknown";
}

}  // namespace torugart::hal
