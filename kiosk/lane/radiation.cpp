// The portal monitor: one occupancy after the other, each ascribed to the first vehicle that has not been measured.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "kiosk/lane/core.h"

namespace torugart::lane {
namespace {

constexpr std::size_t kRecent = 300;
constexpr std::size_t kMostCsv = 4 << 20;
constexpr std::int64_t kUnclaimedUs = 60'000'000;

bool counts_of_occupancy(hal::PortalCode code) {
  return code == hal::PortalCode::gamma_scan || code == hal::PortalCode::gamma_alarm ||
         code == hal::PortalCode::neutron_scan || code == hal::PortalCode::neutron_alarm;
}

bool fault(hal::PortalCode code) {
  return code == hal::PortalCode::gamma_high_fault || code == hal::PortalCode::gamma_low_fault ||
         code == hal::PortalCode::neutron_high_fault || code == hal::PortalCode::tamper_open;
}

}  // namespace

void Core::on_portal(const hal::PortalLine& line) {
  const auto sigma = sigma_.add(line);
  const int sum = line.counts ? std::accumulate(line.counts->begin(), line.counts->end(), 0) : 0;
  if (line.code == hal::PortalCode::gamma_background && line.counts) {
    if (background_ != sum && watched()) changed();
    background_ = sum;
  }
  if (counts_of_occupancy(line.code) && !occupancy_.running) {
    give_up_occupancy();
    const bool faulty = std::exchange(portal_fault_, false);
    occupancy_ = {};
    occupancy_.running = true;
    occupancy_.fault = faulty;
    occupancy_.first_mono_us = line.at.mono_us;
    occupancy_.csv = "seconds,line\n";
    ascribe_occupancy();
  }
  if (fault(line.code)) (occupancy_.running ? occupancy_.fault : portal_fault_) = true;
  if (line.code == hal::PortalCode::tamper_closed) portal_fault_ = false;
  if (!occupancy_.running) return;

  auto& o = occupancy_;
  if (o.csv.size() < kMostCsv) {
    auto quoted = line.raw;
    for (std::size_t at = 0; (at = quoted.find('"', at)) != std::string::npos; at += 2)
      quoted.insert(at, 1, '"');
    o.csv += fmt::format("{:.3f},\"{}\"\n", static_cast<double>(line.at.mono_us - o.first_mono_us) / 1e6, quoted);
  }
  if (sigma) o.max_sigma = std::max(o.max_sigma, *sigma);
  const bool gamma = line.code == hal::PortalCode::gamma_scan || line.code == hal::PortalCode::gamma_alarm;
  if (gamma && line.counts) {
    recent_gamma_.push_back(sum);
    if (recent_gamma_.size() > kRecent) recent_gamma_.pop_front();
  }
  if (line.code == hal::PortalCode::gamma_alarm || line.code == hal::PortalCode::neutron_alarm) {
    (gamma ? o.gamma_alarm : o.neutron_alarm) = true;
    if (alarm_since_wall_us_ == 0) alarm_since_wall_us_ = line.at.wall_us;
    alarm_sigma_ = std::max(alarm_sigma_, o.max_sigma);
    if (line.counts) {
      const auto most = std::max_element(line.counts->begin(), line.counts->end());
      alarm_detector_ = static_cast<int>(most - line.counts->begin()) + 1;
    }
    record_alarm();
  }
  if (line.occupancy) o.number = *line.occupancy;
  if (watched()) changed();
  if (line.code == hal::PortalCode::end_of_occupancy) {
    end_occupancy();
  } else {
    timers_.set("occupancy", line.at.mono_us + config_.limits.occupancy_silent_us, [this] { end_occupancy(); });
  }
}

// Vehicles pass in their order: the first one that was not measured. Without any it waits for the arrival.
void Core::ascribe_occupancy() {
  if (!occupancy_.crossing.empty() || (!occupancy_.running && !occupancy_.ended) || visits_.empty()) return;
  const auto it = std::find_if(visits_.begin(), visits_.end(), [](const Visit& v) { return !v.fold.radiation; });
  occupancy_.crossing = it == visits_.end() ? visits_.back().id : it->id;
  if (occupancy_.ended) {
    end_occupancy();
  } else {
    record_alarm();
  }
}

// Nobody has arrived for an occupancy that is over: it is recorded beside all crossings.
void Core::give_up_occupancy() {
  timers_.clear("unclaimed");
  if (!occupancy_.ended) return;
  record("", measured(), by_device(parts_.devices.portal->info().id));
  occupancy_ = {};
}

inspection::RadiationMeasured Core::measured() const {
  inspection::RadiationMeasured out;
  out.gamma_alarm = occupancy_.gamma_alarm;
  out.neutron_alarm = occupancy_.neutron_alarm;
  out.max_sigma = occupancy_.max_sigma;
  out.occupancy = occupancy_.number;
  out.fault_or_tamper = occupancy_.fault;
  return out;
}

// At once, not at the end of the occupancy: somebody has to act. Once per occupancy and kind of alarm.
void Core::record_alarm() {
  auto& o = occupancy_;
  const int kinds = (o.gamma_alarm ? 1 : 0) + (o.neutron_alarm ? 2 : 0);
  if (o.crossing.empty() || kinds == 0 || kinds == o.recorded_kinds) return;
  o.recorded_kinds = kinds;
  record(o.crossing, measured(), by_device(parts_.devices.portal->info().id));
  changed(true);
}

void Core::end_occupancy() {
  timers_.clear("occupancy");
  auto& o = occupancy_;
  o.running = false;
  o.ended = true;
  if (o.crossing.empty()) {  // nobody has arrived yet; the next one will be given it
    timers_.set("unclaimed", clock_.now().mono_us + kUnclaimedUs, [this] { give_up_occupancy(); });
    return;
  }
  timers_.clear("unclaimed");
  file_worker_.post([this, id = o.crossing, csv = std::move(o.csv), result = measured()]() mutable {
    const auto put = parts_.store->put({reinterpret_cast<const std::uint8_t*>(csv.data()), csv.size()}, "text/csv");
    if (put) result.lines = inspection::FileRef{"portal_lines", put->sha256, put->bytes, "text/csv"};
    inbox_.post([this, id, result, why = put ? std::string() : put.error().text()] {
      note_archive(why);
      record(id, result, by_device(parts_.devices.portal->info().id));
      changed(true);
    });
  });
  o = {};
}

RadiationView Core::radiation_view() const {
  RadiationView out;
  out.fitted = parts_.devices.portal != nullptr;
  out.recent_gamma.assign(recent_gamma_.begin(), recent_gamma_.end());
  out.background = background_;
  if (visits_.empty() || !visits_.front().fold.radiation_alarm_open()) return out;
  const auto& measured = *visits_.front().fold.radiation;
  out.alarm = true;
  out.neutron = measured.neutron_alarm;
  out.sigma = std::max(measured.max_sigma, alarm_sigma_);
  out.detector = alarm_detector_;
  out.since_wall_us = alarm_since_wall_us_ != 0 ? alarm_since_wall_us_ : visits_.front().fold.arrived_wall_us;
  return out;
}

}  // namespace torugart::lane
