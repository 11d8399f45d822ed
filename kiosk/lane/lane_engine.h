// The flow engine: devices in, events out. One thread owns the state; everything else posts to its queue.
//
//   devices --handlers--> queue --> engine thread --> journal::Appender (own thread, durable)
//   screens --post()----> queue         |         --> central::Client   (own thread)
//   readers, imaging workers --> queue  |         --> LaneView snapshot (atomic shared_ptr)
//
// The engine never waits for a disk or a line; it renews the beam lease every 100 ms only after it has read the whole
// chain. After a restart it folds the journal and stands where it stood.
//
// Every public function is thread-safe and returns at once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "kiosk/inspection/command.h"
#include "kiosk/lane/lane_view.h"

namespace torugart::lane {

struct SecondPerson {
  std::string account;
  std::string pin;  // wiped after the check
};

// What the screens use of the engine; tests of screens implement it with a fake.
class Lane {
 public:
  virtual ~Lane() = default;

  virtual std::shared_ptr<const LaneView> view() const = 0;

  // Called (on any thread) after a new view was published: the window wakes up. One listener.
  virtual void on_change(std::function<void()> listener) = 0;

  virtual void sign_in(const std::string& account, const std::string& pin) = 0;
  virtual void sign_out() = 0;

  // Acts on `crossing` (empty for OpenCrossing) as the signed-in person. The answer appears in view().outcomes under
  // the returned ticket; `second` authenticates at that moment.
  virtual std::uint64_t post(const std::string& crossing, inspection::Command command,
                             std::optional<SecondPerson> second = std::nullopt) = 0;

  // Records. The answers appear in view().search and view().record; looking is itself recorded.
  virtual void search(const std::string& query) = 0;
  virtual void open_record(const std::string& crossing) = 0;
  virtual void close_record() = 0;

  // Makes the pictures of a crossing available in view().images (decoded from the archive when need be).
  virtual void want_images(const std::string& crossing) = 0;

  // Makes a picture of the library (view().library) available for comparison with that crossing's: it appears in
  // view().images with `earlier_of` and `reference`, in the place of the one before.
  virtual void want_reference(const std::string& crossing, const std::string& name) {
    (void)crossing;
    (void)name;
  }

  // Asks a device to prove itself (camera: a still; others: a fresh health report).
  virtual void test_device(const std::string& device) = 0;

  virtual void verify_journal() = 0;

  // Somebody touched the screen. Idle sign-out, where the lane is configured for it, counts from the last one; a
  // screen calls it at most once a second.
  virtual void still_here() {}
};

// An account of this lane, for the sign-in screen: no secrets.
struct AccountName {
  std::string account, name;
  inspection::Role role = inspection::Role::inspector;
  std::string language;
};

}  // namespace torugart::lane
