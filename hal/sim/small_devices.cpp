// Weighbridge, code reader, safety chain, lane signals, portal monitor.
#include <algorithm>
#include <cmath>
#include <set>

#include "hal/sim/device_base.h"
#include "hal/sim/factories.h"
#include "hal/sim/random.h"

namespace torugart::hal::sim {
namespace {

class SimWeighbridge final : public SimDevice<Weighbridge> {
 public:
  SimWeighbridge(const DeviceConfig& c, const Clock& clock, std::shared_ptr<World> w)
      : SimDevice(c, clock, std::move(w), "Simulated weighbridge"),
        random_(Random::of(world_->scenario().seed, 0x3E16)) {}
  ~SimWeighbridge() override { close(); }

 private:
  void tick() override {
    const auto now = clock_.now();
    if (now.mono_us - last_us_ < 125'000) return;
    WeightReading r;
    r.at = now;
    {
      const auto lock = lock_world();
      if (model().active(FaultKind::late_weight)) return;
      const double kg = model().bridge_kg();
      if (model().bridge_moving()) {
        r.status = WeightStatus::motion;
        r.gross_kg = std::max(0.0, kg * (1 + 0.015 * static_cast<double>(random_.gauss())));
      } else {
        r.status = WeightStatus::stable;
        r.gross_kg = kg;
      }
    }
    r.gross_kg = std::round(r.gross_kg / 20) * 20;  // the indicator's division
    last_us_ = now.mono_us;
    emit(r);
  }

  Random random_;
  std::int64_t last_us_ = -1'000'000;
};

class SimCodeReader final : public SimDevice<CodeReader> {
 public:
  SimCodeReader(const DeviceConfig& c, const Clock& clock, std::shared_ptr<World> w)
      : SimDevice(c, clock, std::move(w), "Simulated hand scanner") {}
  ~SimCodeReader() override { close(); }

 private:
  void tick() override {
    std::vector<CodeRead> due;
    {
      const auto lock = lock_world();
      for (const auto& v : model().vehicles()) {
        if (v.arrived_us < 0) continue;
        for (std::size_t i = 0; i < v.truck.documents.size(); ++i) {
          const auto& d = v.truck.documents[i];
          const auto after = static_cast<std::int64_t>(d.scan_after_s * 1e6);
          if (d.symbology.empty() || model().now_us() < v.arrived_us + after) continue;
          if (done_.emplace(v.index, i).second) due.push_back({clock_.now(), d.symbology, d.number});
        }
      }
    }
    for (const auto& read : due)
      emit(read);
  }

  std::set<std::pair<int, std::size_t>> done_;
};

std::vector<Contact> usual_contacts() {
  using K = ContactKind;
  const auto closed = ContactState::closed;
  return {{"Door 1", K::door, closed},
          {"Door 2", K::door, closed},
          {"Light barrier entry", K::light_barrier, closed},
          {"Light barrier exit", K::light_barrier, closed},
          {"E-stop cabin", K::emergency_stop, closed},
          {"E-stop lane", K::emergency_stop, closed},
          {"Key", K::key, closed},
          {"Person detector", K::person_detector, closed}};
}

class SimSafetyChain final : public SimDevice<SafetyChain> {
 public:
  SimSafetyChain(const DeviceConfig& c, const Clock& clock, std::shared_ptr<World> w, std::vector<Contact> contacts)
      : SimDevice(c, clock, std::move(w), "Simulated safety chain"),
        contacts_(std::move(contacts)),
        random_(Random::of(world_->scenario().seed, 0x5AFE)) {}
  ~SimSafetyChain() override { close(); }

 private:
  void tick() override {
    ChainReading r;
    r.at = clock_.now();
    r.contacts = contacts_;
    double dose = 0.03;
    {
      const auto lock = lock_world();
      bool first_door = true, first_stop = true;
      for (auto& c : r.contacts) {
        bool open = false;
        if (c.kind == ContactKind::door || c.kind == ContactKind::light_barrier) {
          open = named(FaultKind::interlock_open, c.name, c.kind == ContactKind::door && first_door);
          if (c.kind == ContactKind::door) first_door = false;
        } else if (c.kind == ContactKind::emergency_stop) {
          open =
              named(FaultKind::emergency_stop, c.name, first_stop) || named(FaultKind::interlock_open, c.name, false);
          first_stop = false;
        } else if (c.kind == ContactKind::person_detector) {
          open = model().active(FaultKind::person_seen) || named(FaultKind::interlock_open, c.name, false);
        } else {
          open = named(FaultKind::interlock_open, c.name, false);
        }
        if (open) c.state = ContactState::open;
      }
      if (model().beam_state() == Beam::on) dose += 0.22;
    }
    const bool changed = !std::equal(r.contacts.begin(), r.contacts.end(), last_.begin(), last_.end(),
                                     [](const Contact& a, const Contact& b) { return a.state == b.state; });
    if (!changed && r.at.mono_us - last_us_ < 100'000) return;
    r.dose_rate_usv_h = std::max(0.0, dose + 0.01 * static_cast<double>(random_.gauss()));
    last_us_ = r.at.mono_us;
    last_ = r.contacts;
    emit(r);
  }

  // A fault with a target opens that contact, one without opens the first of its kind.
  bool named(FaultKind kind, const std::string& name, bool first) {
    return model().active_exactly(kind, name) || (first && model().active_exactly(kind, ""));
  }

  std::vector<Contact> contacts_, last_;
  Random random_;
  std::int64_t last_us_ = -1'000'000;
};

class SimSignals final : public SimDevice<LaneSignals> {
 public:
  SimSignals(const DeviceConfig& c, const Clock& clock, std::shared_ptr<World> w)
      : SimDevice(c, clock, std::move(w), "Simulated lane signals") {
    const auto lock = lock_world();
    model().set_barrier_time(setting("moving_ms", 1500) * 1000LL);
  }
  ~SimSignals() override { close(); }

  Result<void> set_barrier(Barrier barrier, bool up) override {
    if (state() != DeviceState::ready) return tl::unexpected(not_ready());
    const auto lock = lock_world();
    if (model().lost(config_.id, config_.kind)) return tl::unexpected(not_ready());
    const auto place = barrier == Barrier::entry ? LoopPlace::arrival : LoopPlace::departure;
    if (!up && model().loop(place) != LoopState::free) {
      return tl::unexpected(Error{
          ErrorCode::refused,
          fmt::format("the {} barrier stays up: a vehicle is on the {} loop", to_string(barrier), to_string(place)),
          config_.id, "wait until the vehicle has moved on"});
    }
    model().set_barrier(barrier, up);
    return {};
  }

  Result<void> set_light(Barrier at, Light light) override {
    if (state() != DeviceState::ready) return tl::unexpected(not_ready());
    const auto lock = lock_world();
    model().set_light(at, light);
    return {};
  }

 private:
  void was_lost() override { known_ = false; }
  Result<void> started_up() override {
    known_ = false;
    return {};
  }

  void tick() override {
    std::vector<SignalMessage> due;
    {
      const auto lock = lock_world();
      const auto now = clock_.now();
      for (std::size_t i = 0; i < loops_.size(); ++i) {
        const auto place = static_cast<LoopPlace>(i);
        const auto s = model().loop(place);
        if (known_ && s == loops_[i]) continue;
        loops_[i] = s;
        due.emplace_back(LoopChange{place, s, now});
      }
      for (std::size_t i = 0; i < barriers_.size(); ++i) {
        const auto which = static_cast<Barrier>(i);
        const auto s = model().barrier(which);
        if (known_ && s == barriers_[i]) continue;
        barriers_[i] = s;
        due.emplace_back(BarrierChange{which, s, now});
      }
      known_ = true;
    }
    for (const auto& m : due)
      emit(m);
  }

  bool known_ = false;
  std::array<LoopState, 4> loops_{};
  std::array<BarrierState, 2> barriers_{};
};

class SimPortal final : public SimDevice<PortalMonitor> {
 public:
  SimPortal(const DeviceConfig& c, const Clock& clock, std::shared_ptr<World> w)
      : SimDevice(c, clock, std::move(w), "Simulated portal monitor"),
        random_(Random::of(world_->scenario().seed, 0x907A)) {
    auto hardware = Random::of(world_->scenario().seed, 0x907B);
    for (auto& b : background_)
      b = hardware.uniform(330, 430);
  }
  ~SimPortal() override { close(); }

 private:
  static constexpr double kNeutronBackground = 1.6;  // counts per second and detector

  void line(const std::string& raw) { due_.push_back(parse_portal_line(raw, clock_.now())); }

  void counts(const char* code, const std::array<double, 4>& mean) {
    for (std::size_t i = 0; i < 4; ++i)
      last_[i] = static_cast<int>(random_.poisson(mean[i]));
    line(fmt::format("{},{:06},{:06},{:06},{:06}", code, last_[0], last_[1], last_[2], last_[3]));
  }
  int total() const { return last_[0] + last_[1] + last_[2] + last_[3]; }

  void tick() override {
    {
      const auto lock = lock_world();
      const auto now = model().now_us();
      const bool tamper = model().active(FaultKind::portal_tamper);
      if (tamper != tamper_) line(tamper ? "TT,000000,000000,000000,000000" : "TC,000000,000000,000000,000000");
      tamper_ = tamper;
      const Vehicle* at = nullptr;
      for (const auto& v : model().vehicles())
        if (v.over(kPortalAt, kPortalAt + 1)) at = &v;
      if (at != nullptr) {
        occupied(*at, now);
      } else {
        if (occupied_) end_of_occupancy();
        free(now);
      }
    }
    for (const auto& l : due_)
      emit(l);
    due_.clear();
  }

  void free(std::int64_t now) {
    if (now - last_background_us_ < 5'000'000) return;
    last_background_us_ = now;
    if (model().active(FaultKind::portal_fault)) {
      line(fmt::format("GH,{:06},{:06},{:06},{:06}", 9000, 9100, 8800, 9050));
      return;
    }
    counts("GB", background_);
    background_sum_ = total();
    counts("NB", {kNeutronBackground, kNeutronBackground, kNeutronBackground, kNeutronBackground});
  }

  void occupied(const Vehicle& v, std::int64_t now) {
    if (!occupied_) {
      occupied_ = true;
      window_.clear();
      next_gamma_us_ = now;
      next_neutron_us_ = now + 1'000'000;
      speed_us_ = 0;
      if (background_sum_ == 0) {
        counts("GB", background_);
        background_sum_ = total();
      }
    }
    if (v.speed_mm_s > 0) {
      speed_us_ += kStepUs;
      speed_sum_ = v.speed_mm_s;
    }
    const double along = v.front_mm - kPortalAt;
    const double near = 1 / (1 + std::pow((along - v.truck.radiation.at_mm) / 1600, 2));
    if (now >= next_gamma_us_) {
      next_gamma_us_ += 200'000;
      // A load shades the ground's own radiation; a source is nearer to the lower or upper detectors.
      std::array<double, 4> mean{};
      for (std::size_t i = 0; i < 4; ++i)
        mean[i] = 0.2 * (background_[i] * 0.91 + v.truck.radiation.gamma * near * (i % 2 == 0 ? 1.0 : 0.6));
      alarm_line("GS", "GA", mean);
    }
    if (now >= next_neutron_us_) {
      next_neutron_us_ += 1'000'000;
      const double m = kNeutronBackground + v.truck.radiation.neutron * near;
      const std::array<double, 4> mean{m, m, m, m};
      for (std::size_t i = 0; i < 4; ++i)
        last_[i] = static_cast<int>(random_.poisson(mean[i]));
      const bool alarm = total() > 4 * kNeutronBackground + 5 * std::sqrt(4 * kNeutronBackground);
      line(fmt::format("{},{:06},{:06},{:06},{:06}", alarm ? "NA" : "NS", last_[0], last_[1], last_[2], last_[3]));
    }
  }

  // The monitor's rule: alarm when the last five lines together exceed B + nσ·√B, n = 6.
  void alarm_line(const char* quiet, const char* alarm, const std::array<double, 4>& mean) {
    for (std::size_t i = 0; i < 4; ++i)
      last_[i] = static_cast<int>(random_.poisson(mean[i]));
    window_.push_back(total());
    if (window_.size() > 5) window_.erase(window_.begin());
    double sum = 0;
    for (const int w : window_)
      sum += w;
    const double b = background_sum_;
    const bool over = window_.size() == 5 && sum > b + 6 * std::sqrt(b);
    line(fmt::format("{},{:06},{:06},{:06},{:06}", over ? alarm : quiet, last_[0], last_[1], last_[2], last_[3]));
  }

  void end_of_occupancy() {
    occupied_ = false;
    const double km_h = speed_sum_ * 0.0036;
    line(fmt::format("SP,{:06.4f},{:06.3f},{:06.3f},000000", static_cast<double>(speed_us_) * 1e-6 / 60,
                     km_h * 0.621371, km_h));
    line(fmt::format("GX,{:06},{:06},000000,000000", ++occupancy_, background_sum_));
    last_background_us_ = model().now_us() - 2'500'000;
  }

  Random random_;
  std::array<double, 4> background_{};
  std::array<int, 4> last_{};
  std::vector<int> window_;
  std::vector<PortalLine> due_;
  int background_sum_ = 0, occupancy_ = 0;
  bool occupied_ = false, tamper_ = false;
  double speed_sum_ = 0;
  std::int64_t speed_us_ = 0, next_gamma_us_ = 0, next_neutron_us_ = 0, last_background_us_ = -4'500'000;
};

}  // namespace

Result<std::unique_ptr<Weighbridge>> make_weighbridge(const DeviceConfig& c, const Clock& clock,
                                                      const std::shared_ptr<World>& w) {
  return std::make_unique<SimWeighbridge>(c, clock, w);
}

Result<std::unique_ptr<CodeReader>> make_code_reader(const DeviceConfig& c, const Clock& clock,
                                                     const std::shared_ptr<World>& w) {
  return std::make_unique<SimCodeReader>(c, clock, w);
}

Result<std::unique_ptr<SafetyChain>> make_safety_chain(const DeviceConfig& c, const Clock& clock,
                                                       const std::shared_ptr<World>& w) {
  auto contacts = usual_contacts();
  if (const auto found = c.settings.find("contacts"); found != c.settings.end()) {
    auto parsed = parse_contacts(found->second);
    if (!parsed) {
      Error e = parsed.error();
      e.where = c.where;
      return tl::unexpected(e);
    }
    contacts = std::move(*parsed);
  }
  return std::make_unique<SimSafetyChain>(c, clock, w, std::move(contacts));
}

Result<std::unique_ptr<LaneSignals>> make_signals(const DeviceConfig& c, const Clock& clock,
                                                  const std::shared_ptr<World>& w) {
  return std::make_unique<SimSignals>(c, clock, w);
}

Result<std::unique_ptr<PortalMonitor>> make_portal(const DeviceConfig& c, const Clock& clock,
                                                   const std::shared_ptr<World>& w) {
  return std::make_unique<SimPortal>(c, clock, w);
}

}  // namespace torugart::hal::sim
