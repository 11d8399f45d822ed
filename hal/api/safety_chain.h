// The radiation-safety chain (IEC 62523): doors, light barriers, emergency stops, key. We only read it. The chain
// itself is hardware; beam is impossible while a contact is open whatever this program does or fails to do.
//
// A reading arrives at least every 200 ms while the device is ready, and at once when a contact changes. A reading
// older than 500 ms is stale, and stale, unknown and an empty list of contacts all count as open.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hal/api/device.h"

namespace torugart::hal {

enum class ContactKind { door, light_barrier, emergency_stop, key, person_detector, beam_permit };
enum class ContactState { closed, open, unknown };

struct Contact {
  std::string name;  // as on the lane's plan: "Interlock 3", "E-stop cabin"
  ContactKind kind = ContactKind::door;
  ContactState state = ContactState::unknown;  // closed = safe, whatever the wiring's polarity
};

struct ChainReading {
  TimeStamp at;
  std::vector<Contact> contacts;
  // Dose rate at the operator's place above background, µSv/h; empty when no meter is fitted.
  std::optional<double> dose_rate_usv_h;

  static constexpr std::int64_t kFreshUs = 500'000;

  bool fresh(std::int64_t now_mono_us) const {
    const auto age = now_mono_us - at.mono_us;
    return age >= 0 && age <= kFreshUs;
  }
  // The only question that matters: every configured contact closed, and known, and the reading fresh.
  bool closed(std::int64_t now_mono_us) const {
    return fresh(now_mono_us) && !contacts.empty() &&
           std::all_of(contacts.begin(), contacts.end(),
                       [](const Contact& c) { return c.state == ContactState::closed; });
  }
};

class SafetyChain : public DeviceOf<ChainReading> {};

const char* to_string(ContactKind kind);
const char* to_string(ContactState state);

}  // namespace torugart::hal
