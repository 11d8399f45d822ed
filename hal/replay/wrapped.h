// Devices that pass everything on and show every message to a recorder first. Private to hal/replay.
#pragma once

#include <memory>
#include <utility>

#include "hal/registry/registry.h"

namespace torugart::hal::replay {

// `Sink` has on(const Message&) for the device's message.
template <class Base, class Sink>
class Wrapped : public Base {
 public:
  Wrapped(std::unique_ptr<Base> inner, Sink& sink) : inner_(std::move(inner)), sink_(sink) {}

  DeviceInfo info() const override { return inner_->info(); }
  Health health() const override { return inner_->health(); }
  void close() override { inner_->close(); }
  Result<void> open(typename Base::Handler handler, HealthHandler on_health) override {
    return inner_->open(
        [this, handler = std::move(handler)](const typename Base::Message& message) {
          sink_.on(message);
          if (handler) handler(message);
        },
        std::move(on_health));
  }

 protected:
  std::unique_ptr<Base> inner_;
  Sink& sink_;
};

template <class Sink>
class WrappedCamera final : public Wrapped<Camera, Sink> {
 public:
  using Wrapped<Camera, Sink>::Wrapped;
  Result<void> trigger_still() override { return this->inner_->trigger_still(); }
};

template <class Sink>
class WrappedScanner final : public Wrapped<XrayScanner, Sink> {
 public:
  using Wrapped<XrayScanner, Sink>::Wrapped;
  ScannerGeometry geometry() const override { return this->inner_->geometry(); }
  Result<void> request_beam(const ScanRequest& request) override { return this->inner_->request_beam(request); }
  Result<void> renew_lease() override { return this->inner_->renew_lease(); }
  void withdraw(const std::string& reason) override { this->inner_->withdraw(reason); }
};

template <class Sink>
class WrappedSignals final : public Wrapped<LaneSignals, Sink> {
 public:
  using Wrapped<LaneSignals, Sink>::Wrapped;
  Result<void> set_barrier(Barrier barrier, bool up) override { return this->inner_->set_barrier(barrier, up); }
  Result<void> set_light(Barrier at, Light light) override { return this->inner_->set_light(at, light); }
};

}  // namespace torugart::hal::replay
