#include "kiosk/screens/words.h"

#include <cmath>
#include <ctime>

#include "kiosk/touch/i18n.h"

namespace torugart::screens {

using inspection::LaneColour;
using touch::Tone;
using touch::tr;
using touch::trc;
using touch::trf;

std::string colour_word(LaneColour colour) {
  switch (colour) {
    case LaneColour::green:
      return trc("lane colour", "Green");
    case LaneColour::blue:
      return trc("lane colour", "Blue");
    case LaneColour::yellow:
      return trc("lane colour", "Yellow");
    case LaneColour::red:
      return trc("lane colour", "Red");
    case LaneColour::unknown:
      break;
  }
  return trc("lane colour", "Unknown");
}

Tone colour_tone(LaneColour colour) {
  switch (colour) {
    case LaneColour::green:
      return Tone::green;
    case LaneColour::blue:
      return Tone::blue;
    case LaneColour::yellow:
      return Tone::yellow;
    case LaneColour::red:
      return Tone::red;
    case LaneColour::unknown:
      break;
  }
  return Tone::neutral;
}

std::string stage_word(inspection::Stage stage) {
  using inspection::Stage;
  switch (stage) {
    case Stage::identify:
      return tr("Numbers");
    case Stage::assess:
      return tr("Risk");
    case Stage::scan:
      return tr("Scan");
    case Stage::review:
      return tr("Review");
    case Stage::second_look:
      return tr("Second look");
    case Stage::examine:
      return tr("Examination");
    case Stage::release:
      return tr("Release");
    case Stage::leaving:
      return tr("Leaving");
    case Stage::closed:
      break;
  }
  return tr("Closed");
}

std::string activity_word(std::string_view activity) {
  using inspection::Stage;
  for (const auto stage : {Stage::identify, Stage::assess, Stage::scan, Stage::review, Stage::second_look,
                           Stage::examine, Stage::release, Stage::leaving})
    if (inspection::to_string(stage) == activity) return stage_word(stage);
  return tr("Whole crossing");
}

std::string slot_word(inspection::NumberKind kind, inspection::Place place) {
  using inspection::Place;
  if (kind == inspection::NumberKind::plate) {
    if (place == Place::front) return tr("Front plate");
    if (place == Place::rear) return tr("Rear plate");
    return tr("Plate");
  }
  if (place == Place::rear) return tr("Container, rear");
  if (place == Place::front) return tr("Container, front");
  return tr("Container");
}

std::string mark_word(inspection::MarkKind kind) {
  using inspection::MarkKind;
  switch (kind) {
    case MarkKind::narcotics:
      return tr("Narcotics");
    case MarkKind::weapons:
      return tr("Weapons");
    case MarkKind::cigarettes:
      return tr("Cigarettes");
    case MarkKind::undeclared_goods:
      return tr("Undeclared goods");
    case MarkKind::hidden_compartment:
      return tr("Hidden compartment");
    case MarkKind::person:
      return tr("Person");
    case MarkKind::other:
      break;
  }
  return tr("Other");
}

std::string certainty_word(inspection::Certainty certainty) {
  using inspection::Certainty;
  if (certainty == Certainty::high) return trc("certainty", "certain");
  return certainty == Certainty::low ? trc("certainty", "possible") : trc("certainty", "likely");
}

std::string verdict_word(inspection::Verdict verdict) {
  return verdict == inspection::Verdict::clear ? trc("verdict", "Clear") : trc("verdict", "Suspect");
}

std::string outcome_word(inspection::ReviewOutcome outcome) {
  using inspection::ReviewOutcome;
  switch (outcome) {
    case ReviewOutcome::agree:
      return tr("Agree");
    case ReviewOutcome::disagree:
      return tr("Disagree");
    case ReviewOutcome::physical_examination:
      break;
  }
  return tr("Physical examination");
}

std::string role_word(inspection::Role role) {
  switch (role) {
    case inspection::Role::inspector:
      return tr("Inspector");
    case inspection::Role::supervisor:
      return tr("Supervisor");
    case inspection::Role::administrator:
      break;
  }
  return tr("Administrator");
}

std::string cleared_word(inspection::ClearedHow how) {
  switch (how) {
    case inspection::ClearedHow::walked:
      return tr("Walked");
    case inspection::ClearedHow::cameras:
      return tr("By cameras");
    case inspection::ClearedHow::both:
      break;
  }
  return tr("Both ways");
}

std::string driver_word(inspection::DriverPlace place) {
  return place == inspection::DriverPlace::in_cab ? tr("Driver in the cab") : tr("Driver is out");
}

std::string source_word(inspection::RiskSource source) {
  switch (source) {
    case inspection::RiskSource::central:
      return tr("Centre");
    case inspection::RiskSource::cached:
      return tr("Centre, earlier visit");
    case inspection::RiskSource::watch_list:
      return tr("Watch list");
    case inspection::RiskSource::local_rule:
      break;
  }
  return tr("Local rule");
}

std::string against_word(std::string_view key) {
  if (key == "suspect_image") return tr("The picture is suspect");
  if (key == "radiation_alarm") return tr("A radiation alarm is open");
  if (key == "scan_missing") return tr("The required scan is missing");
  if (key == "open_hold") return tr("An agency holds the vehicle");
  if (key == "unknown_risk") return tr("The risk is not known");
  if (key == "lighter_colour") return tr("The lane becomes lighter");
  if (key == "confirmed_number") return tr("A confirmed number changes");
  return std::string(key);
}

std::string device_word(hal::DeviceState state) {
  using hal::DeviceState;
  switch (state) {
    case DeviceState::ready:
      return tr("Ready");
    case DeviceState::busy:
      return tr("Working");
    case DeviceState::opening:
      return tr("Starting");
    case DeviceState::faulted:
      return tr("Fault");
    case DeviceState::recovering:
      return tr("Trying again");
    case DeviceState::closed:
      break;
  }
  return trc("device", "Off");
}

Tone device_tone(hal::DeviceState state) {
  using hal::DeviceState;
  switch (state) {
    case DeviceState::ready:
    case DeviceState::busy:
      return Tone::green;
    case DeviceState::opening:
    case DeviceState::recovering:
      return Tone::yellow;
    case DeviceState::faulted:
      return Tone::red;
    case DeviceState::closed:
      break;
  }
  return Tone::neutral;
}

std::string device_kind_word(hal::DeviceKind kind) {
  using hal::DeviceKind;
  switch (kind) {
    case DeviceKind::camera:
      return tr("Camera");
    case DeviceKind::xray_scanner:
      return tr("X-ray scanner");
    case DeviceKind::safety_chain:
      return tr("Safety chain");
    case DeviceKind::portal_monitor:
      return tr("Radiation portal");
    case DeviceKind::weighbridge:
      return tr("Weighbridge");
    case DeviceKind::lane_signals:
      return tr("Barriers and lights");
    case DeviceKind::beam_request:
      return tr("Request for beam");
    case DeviceKind::ups:
      return tr("Power supply");
    case DeviceKind::code_reader:
      break;
  }
  return tr("Code reader");
}

std::string device_name(const hal::DeviceInfo& info) {
  const std::string kind = device_kind_word(info.kind);
  if (info.kind != hal::DeviceKind::camera) return kind;
  const std::string place = info.id == "front"  ? tr("Front")
                            : info.id == "rear" ? tr("Rear")
                            : info.id == "side" ? tr("Side")
                                                : info.id;
  return kind + " · " + place;
}

std::string clock_word(hal::ClockState state) {
  switch (state) {
    case hal::ClockState::synchronised:
      return tr("clock ok");
    case hal::ClockState::free_running:
      return tr("clock runs free");
    case hal::ClockState::jumped:
      return tr("clock has jumped");
    case hal::ClockState::unknown:
      break;
  }
  return tr("clock not checked");
}

std::string why(const std::string& why_not, const std::string& detail) {
  if (why_not.empty()) return {};
  return trf(tr(why_not), detail.empty() ? std::string() : std::string(tr(detail)));
}

std::string why(const inspection::Permission& permission) {
  return permission.allowed || permission.needs_second ? std::string() : why(permission.why_not, permission.detail);
}

namespace {
std::string formatted(std::int64_t wall_us, const char* pattern) {
  if (wall_us <= 0) return "–";
  const auto seconds = static_cast<std::time_t>(wall_us / 1'000'000);
  std::tm local{};
  localtime_r(&seconds, &local);
  char text[32];
  return {text, std::strftime(text, sizeof text, pattern, &local)};
}
}  // namespace

std::string time_of_day(std::int64_t wall_us) {
  return formatted(wall_us, "%H:%M:%S");
}
std::string short_time(std::int64_t wall_us) {
  return formatted(wall_us, "%H:%M");
}
std::string day_and_time(std::int64_t wall_us) {
  return formatted(wall_us, "%d.%m. %H:%M");
}

std::string duration(std::int64_t us) {
  const std::int64_t s = us < 0 ? 0 : us / 1'000'000;
  if (s < 3600) return fmt::format("{}:{:02}", s / 60, s % 60);
  return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

std::string age(std::int64_t us) {
  const std::int64_t s = us < 0 ? 0 : us / 1'000'000;
  if (s < 60) return trf(tr("{} s"), s);
  if (s < 3600) return trf(tr("{} min"), s / 60);
  if (s < 48 * 3600) return trf(tr("{} h"), s / 3600);
  return trf(tr("{} d"), s / 86400);
}

std::string document_word(const inspection::DocumentPresented& document) {
  if (document.kind.empty() || document.kind == "other") return document.number;
  return document.kind + " " + document.number;
}

std::string kilograms(double kg) {
  const auto whole = static_cast<std::int64_t>(std::llround(kg));
  std::string digits = fmt::format("{}", whole);
  for (int at = static_cast<int>(digits.size()) - 3; at > (whole < 0 ? 1 : 0); at -= 3)
    digits.insert(static_cast<std::size_t>(at), "\u00A0");
  return trf(tr("{} kg"), digits);
}

std::string bytes_word(std::int64_t bytes) {
  const double b = static_cast<double>(bytes);
  if (b >= 1e9) return trf(tr("{:.1f} GB"), b / 1e9);
  if (b >= 1e6) return trf(tr("{:.0f} MB"), b / 1e6);
  return trf(tr("{:.0f} kB"), b / 1e3);
}

std::string first_number(const std::string& title) {
  return title.substr(0, title.find(" · "));
}

std::string initials(const std::string& name) {
  constexpr std::size_t kLongest = 18;  // bytes; longer names would push the clock aside
  if (name.size() <= kLongest) return name;
  const auto space = name.rfind(' ');
  return space == std::string::npos ? name : name.substr(space + 1);
}

}  // namespace torugart::screens
