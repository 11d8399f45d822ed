// Devices in: what handlers post, health, the safety chain, weight, codes.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <utility>

#include "kiosk/lane/core.h"
#include "ocr/numbers/papers.h"

namespace torugart::lane {
namespace {

// What is worth an event: does it work or not. A scanner that is busy works.
std::string word_of(hal::DeviceState state) {
  switch (state) {
    case hal::DeviceState::ready:
    case hal::DeviceState::busy:
      return "ready";
    case hal::DeviceState::faulted:
    case hal::DeviceState::recovering:
      return "faulted";
    case hal::DeviceState::opening:
    case hal::DeviceState::closed:
      break;
  }
  return {};
}

std::string document_kind(const std::string& text) {
  using ocr::TirVerdict;
  const auto tir = ocr::check_tir(text);
  if (tir == TirVerdict::valid) return "TIR";
  // A movement reference number: two digits of the year, two letters of the country, fourteen more.
  if (text.size() == 18 && std::isdigit(static_cast<unsigned char>(text[0])) != 0 &&
      std::isdigit(static_cast<unsigned char>(text[1])) != 0 &&
      std::isupper(static_cast<unsigned char>(text[2])) != 0 &&
      std::isupper(static_cast<unsigned char>(text[3])) != 0) {
    return "SAD";
  }
  return "other";
}

}  // namespace

template <class D>
hal::HealthHandler Core::health_handler(const D& device) {
  return [this, id = device.info().id](const hal::Health& health) {
    inbox_.post([this, id, health] { on_health(id, health); });
  };
}

template <class D, class Handler>
void Core::open_one(D& device, Handler handler) {
  const auto opened = device.open(std::move(handler), health_handler(device));
  if (opened) return;
  hal::Health health = device.health();
  health.state = hal::DeviceState::faulted;
  health.since = clock_.now();
  health.summary = opened.error().what;
  health.remedy = opened.error().remedy;
  on_health(device.info().id, health);
}

void Core::open_devices() {
  auto& lane = parts_.devices;
  for (auto* device : lane.all()) {
    devices_.push_back({device, device->info(), device->health(), {}});
  }
  for (auto& camera : lane.cameras) {
    CameraView shown;
    shown.id = camera->info().id;
    cameras_.push_back(std::move(shown));
  }
  for (auto& camera : lane.cameras) {
    open_one(*camera, [this](const hal::Frame& frame) {
      {
        const std::lock_guard lock(frames_mutex_);
        const bool waiting = !new_frames_.empty();
        new_frames_[frame.camera] = frame;
        if (waiting) return;
      }
      inbox_.post([this] { take_frames(); });
    });
  }
  if (lane.safety) {
    open_one(*lane.safety,
             [this](const hal::ChainReading& reading) { inbox_.post_first([this, reading] { on_chain(reading); }); });
  }
  if (lane.xray) {
    open_one(*lane.xray, [this](const hal::XrayMessage& message) {
      if (const auto* line = std::get_if<hal::ScanLine>(&message)) {
        imaging_->add(*line);
      } else {
        inbox_.post([this, change = std::get<hal::ScanPhaseChange>(message)] { on_scan_phase(change); });
      }
    });
  }
  if (lane.portal) {
    open_one(*lane.portal, [this](const hal::PortalLine& line) { inbox_.post([this, line] { on_portal(line); }); });
  }
  if (lane.weighbridge) {
    open_one(*lane.weighbridge,
             [this](const hal::WeightReading& reading) { inbox_.post([this, reading] { on_weight(reading); }); });
  }
  if (lane.signals) {
    open_one(*lane.signals,
             [this](const hal::SignalMessage& message) { inbox_.post([this, message] { on_signal(message); }); });
  }
  for (auto& reader : lane.code_readers) {
    open_one(*reader, [this, id = reader->info().id](const hal::CodeRead& code) {
      inbox_.post([this, id, code] { on_code(id, code); });
    });
  }
  if (lane.ups) {
    open_one(
        *lane.ups, [this, id = lane.ups->info().id, said = std::string()](const hal::PowerReading& power) mutable {
          const std::string word = power.shutdown_due ? "shutdown_due" : hal::to_string(power.source);
          if (word == said) return;
          said = word;
          inbox_.post([this, id, word] {
            const bool over = word == "shutdown_due";
            if (over && scan_.active) withdraw("The battery runs out");
            const auto* v = focus();
            const std::string summary = over ? "The battery runs out" : word == "mains" ? "On mains" : "On battery";
            record(v != nullptr ? v->id : "", inspection::DeviceChanged{id, word, summary}, by_device(id));
          });
        });
  }
  start_centre();
  ask_space();
  verify_journal();
  if (config_.limits.idle_sign_out_us > 0) idle();
}

hal::DeviceState Core::state_of(const hal::Device* device) const {
  for (const auto& d : devices_) {
    if (d.device == device && device != nullptr) return d.health.state;
  }
  return hal::DeviceState::closed;
}

void Core::on_health(const std::string& device, const hal::Health& health) {
  const auto it = std::find_if(devices_.begin(), devices_.end(), [&](const auto& d) { return d.info.id == device; });
  if (it == devices_.end()) return;
  const bool shown =
      it->health.state != health.state || it->health.summary != health.summary || it->health.remedy != health.remedy;
  const bool turned = it->health.state != health.state;
  it->health = health;
  it->info = it->device->info();
  if (shown) changed();
  if (!turned) return;
  const auto word = word_of(health.state);
  if (it->device == parts_.devices.xray.get() && scan_.active && word == "faulted") {
    withdraw("The scanner was lost");
  }
  if (it->device == parts_.devices.signals.get()) {
    if (word == "ready") {
      show_lights();
      auto* v = focus();
      if (v != nullptr && v->fold.released) let_out(v->id, 0);
    } else {
      for (auto& [place, state] : loops_)
        state = hal::LoopState::unknown;
    }
  }
  const auto timer = "settles " + device;
  if (word.empty() || word == it->recorded) {
    timers_.clear(timer);
  } else if (!timers_.has(timer)) {
    timers_.set(timer, clock_.now().mono_us + config_.limits.device_settles_us,
                [this, device] { device_settled(device); });
  }
}

void Core::device_settled(const std::string& device) {
  const auto it = std::find_if(devices_.begin(), devices_.end(), [&](const auto& d) { return d.info.id == device; });
  if (it == devices_.end()) return;
  const auto word = word_of(it->health.state);
  if (word.empty() || word == it->recorded) return;
  it->recorded = word;
  const auto* v = focus();
  record(v != nullptr ? v->id : "", inspection::DeviceChanged{device, word, it->health.summary}, by_device(device));
}

void Core::take_frames() {
  std::map<std::string, hal::Frame> frames;
  {
    const std::lock_guard lock(frames_mutex_);
    frames.swap(new_frames_);
  }
  for (auto& [id, frame] : frames) {
    const auto it = std::find_if(cameras_.begin(), cameras_.end(), [&](const auto& c) { return c.id == id; });
    if (it == cameras_.end()) continue;
    it->position = frame.position;
    it->latest = frame;
    offer_frame(frame);
  }
  if (watched()) changed();
}

void Core::on_chain(const hal::ChainReading& reading) {
  const bool same = chain_ && !dose_moved(reading.dose_rate_usv_h) &&
                    std::equal(chain_->contacts.begin(), chain_->contacts.end(), reading.contacts.begin(),
                               reading.contacts.end(), [](const hal::Contact& a, const hal::Contact& b) {
                                 return a.name == b.name && a.kind == b.kind && a.state == b.state;
                               });
  chain_ = reading;
  const auto now = clock_.now().mono_us;
  const bool turned = guard_.read(reading, now);
  const bool closed = guard_.may_ask();
  if (scan_.active && !closed) withdraw(facts().chain_says);
  if (turned) note_chain();
  look_for_persons();
  if (!same || closed != chain_shown_closed_) {
    dose_shown_ = reading.dose_rate_usv_h;
    changed(closed != chain_shown_closed_);
  }
  chain_shown_closed_ = closed;
  timers_.set("chain", reading.at.mono_us + hal::ChainReading::kFreshUs + 1, [this] { on_chain_silent(); });
}

// A dose meter's last digit dances ten times a second; the window may sleep through that. During a scan every figure
// is shown.
bool Core::dose_moved(const std::optional<double>& dose) const {
  constexpr double kShown_usv_h = 0.05;
  if (dose.has_value() != dose_shown_.has_value()) return true;
  return dose && (scan_.active ? *dose != *dose_shown_ : std::abs(*dose - *dose_shown_) >= kShown_usv_h);
}

void Core::on_chain_silent() {
  if (scan_.active) withdraw("The safety chain does not answer");
  if (guard_.look(clock_.now().mono_us)) note_chain();
  look_for_persons();
  chain_shown_closed_ = false;
  changed(true);
}

// Every change of the chain is an event. A contact that flickers all night would fill the record: after twenty changes
// in ten seconds it is said once, and what it has come to when it is quiet again.
void Core::note_chain() {
  constexpr std::int64_t kWindowUs = 10'000'000;
  constexpr std::size_t kMost = 20;
  remember_lock();
  const auto now = clock_.now().mono_us;
  while (!chain_noted_.empty() && now - chain_noted_.front() > kWindowUs)
    chain_noted_.pop_front();
  const bool quiet = chain_noted_.size() <= kMost;
  if (!quiet) {
    timers_.set("chain is quiet", now + kWindowUs + 1, [this] { note_chain(); });
    return;
  }
  chain_noted_.push_back(now);
  const auto id = parts_.devices.safety ? parts_.devices.safety->info().id : "";
  const auto* v = focus();
  inspection::DeviceChanged event{id, hal::to_string(guard_.state()), guard_.says()};
  if (guard_.may_ask()) event.summary = "The safety chain is closed";
  if (chain_noted_.size() > kMost) event.summary = "The safety chain flickers: " + event.summary;
  record(v != nullptr ? v->id : "", std::move(event), by_device(id));
}

std::string Core::lock_file() const {
  return config_.work_folder + "/emergency-stop";
}

// A restart is no key: the lock stands in a file until the key was turned.
void Core::remember_lock() {
  const bool locked = guard_.lock() != hal::ChainGuard::Lock::none;
  if (locked == lock_remembered_) return;
  lock_remembered_ = locked;
  file_worker_.post([path = lock_file(), locked] {
    if (locked) {
      std::ofstream(path) << "an emergency stop was pressed; the key was not turned since\n" << std::flush;
    } else {
      std::error_code ignored;
      std::filesystem::remove(path, ignored);
    }
  });
}

// A clearance holds only while every person detector has been seen closed since.
void Core::look_for_persons() {
  if (!chain_) return;
  std::string why;
  const bool fresh = chain_->fresh(clock_.now().mono_us);
  for (const auto& contact : chain_->contacts) {
    if (contact.kind != hal::ContactKind::person_detector) continue;
    if (!fresh || contact.state == hal::ContactState::unknown) {
      why = contact.name + ": the person detector was not read";
    } else if (contact.state == hal::ContactState::open) {
      why = contact.name + ": a person was seen";
      break;
    }
  }
  if (why.empty()) return;
  for (auto& v : visits_) {
    if (!v.fold.area_cleared) continue;
    record(v.id, inspection::AreaClearanceVoided{why},
           by_device(parts_.devices.safety ? parts_.devices.safety->info().id : ""));
  }
}

void Core::on_weight(const hal::WeightReading& reading) {
  const auto& limits = config_.limits;
  const bool shown =
      !weight_ || weight_->status != reading.status || std::abs(weight_->gross_kg - reading.gross_kg) >= 10;
  if (shown && watched()) changed();
  if (shown) weight_ = reading;
  const bool loaded = reading.status == hal::WeightStatus::stable && reading.gross_kg >= limits.weight_min_kg;
  if (!loaded) {
    // The bridge was empty or something moved on it: what stands there next is to be weighed.
    bridge_armed_ = true;
    weight_steady_since_mono_us_ = 0;
    return;
  }
  const auto now = reading.at.mono_us;
  if (weight_steady_since_mono_us_ == 0 ||
      std::abs(reading.gross_kg - weight_steady_kg_) > limits.weight_tolerance_kg) {
    weight_steady_since_mono_us_ = std::max<std::int64_t>(now, 1);
    weight_steady_kg_ = reading.gross_kg;
  }
  auto* v = focus();
  if (v == nullptr || !bridge_armed_ || now - weight_steady_since_mono_us_ < limits.weight_stable_us) return;
  bridge_armed_ = false;
  const auto& weights = v->fold.weights;
  const bool weighed = std::any_of(weights.begin(), weights.end(), [&](const inspection::Weighed& w) {
    return !w.typed && std::abs(w.gross_kg - reading.gross_kg) <= limits.weight_tolerance_kg;
  });
  if (!weighed) {
    record(v->id, inspection::Weighed{reading.gross_kg, true, false},
           by_device(parts_.devices.weighbridge->info().id));
  }
}

void Core::on_code(const std::string& device, const hal::CodeRead& code) {
  auto* v = focus();
  if (v == nullptr || code.text.empty()) return;
  const auto& documents = v->fold.documents;
  if (std::any_of(documents.begin(), documents.end(), [&](const auto& d) { return d.number == code.text; })) return;
  record(v->id, inspection::DocumentPresented{document_kind(code.text), code.text, "code_reader"}, by_device(device));
  changed(true);
}

}  // namespace torugart::lane
