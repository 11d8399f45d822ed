#include "kiosk/screens/health_presenter.h"

#include <algorithm>

#include "imaging/core/scan_image.h"
#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"

namespace torugart::screens {

using touch::Tone;
using touch::tr;
using touch::trf;
using touch::trn;

namespace {

constexpr unsigned long kManyOnTheWay = 20;  // events

int urgency(hal::DeviceState state) {
  switch (state) {
    case hal::DeviceState::faulted:
      return 0;
    case hal::DeviceState::recovering:
      return 1;
    case hal::DeviceState::closed:
      return 2;
    case hal::DeviceState::opening:
      return 3;
    case hal::DeviceState::ready:
    case hal::DeviceState::busy:
      break;
  }
  return 4;
}

HealthFact storage(const lane::LaneView& view) {
  const auto& s = view.storage;
  HealthFact f{.id = "storage", .name = tr("Storage")};
  if (!s.trouble.empty()) {
    f.value = tr("Disk trouble");
    f.detail = std::string(tr(s.trouble)) + (s.remedy.empty() ? "" : std::string(". ") + tr(s.remedy));
    f.tone = Tone::red;
    return f;
  }
  if (s.full) {
    f.value = tr("Full: no new scan");
    f.detail =
        tr("What has begun can be finished. Check the line: the centre takes pictures, and they are freed after "
           "their time");
    f.tone = Tone::red;
    return f;
  }
  const auto n = static_cast<unsigned long>(std::max<std::int64_t>(0, s.trucks_that_fit));
  f.value = trf(trn("{} truck fits", "{} trucks fit", n), n);
  f.detail = trf(tr("{} free"), bytes_word(s.free_bytes));
  f.tone = n < 20 ? Tone::red : n < 100 ? Tone::yellow : Tone::green;
  return f;
}

HealthFact line(const lane::LaneView& view) {
  const auto& l = view.line;
  HealthFact f{.id = "line", .name = tr("Line to the centre")};
  if (!l.configured) {
    f.value = tr("None set");
    f.detail = tr("The local rule answers");
    f.tone = Tone::neutral;
  } else if (l.online) {
    f.value = tr("On line");
    f.detail = trf(tr("since {}"), day_and_time(l.since_wall_us));
  } else {
    f.value = trf(tr("Offline for {}"), age(view.now.wall_us - l.since_wall_us));
    f.detail = std::string(tr(l.trouble)) + (l.remedy.empty() ? "" : std::string(". ") + tr(l.remedy));
    f.tone = Tone::yellow;
  }
  return f;
}

HealthFact waiting(const lane::LaneView& view) {
  const auto& l = view.line;
  HealthFact f{.id = "waiting", .name = tr("Waits to leave")};
  if (l.events_waiting + l.files_waiting == 0) {
    f.value = tr("Nothing");
    f.detail = tr("Nothing would be lost with this machine");
    return f;
  }
  const auto events = static_cast<unsigned long>(l.events_waiting),
             files = static_cast<unsigned long>(l.files_waiting);
  f.value = trf(trn("{} event", "{} events", events), events);
  if (files > 0) f.value += ", " + trf(trn("{} file", "{} files", files), files);
  f.detail = trf(tr("{}, the oldest for {}. Only this machine holds them."), bytes_word(l.bytes_waiting),
                 age(view.now.wall_us - l.oldest_waiting_wall_us));
  f.tone = Tone::yellow;
  return f;
}

HealthFact certificate(const lane::LaneView& view) {
  HealthFact f{.id = "certificate", .name = tr("Certificate")};
  const int days = view.line.certificate_days_left;
  if (days < 0) {
    f.value = tr("Not known");
    f.detail = tr("No certificate is set for the line");
    f.tone = Tone::neutral;
    return f;
  }
  f.value = trf(trn("{} day left", "{} days left", static_cast<unsigned long>(days)), days);
  f.detail = days < 30 ? tr("Ask for a new one now") : tr("Key and certificate of this lane");
  f.tone = days < 7 ? Tone::red : days < 30 ? Tone::yellow : Tone::green;
  return f;
}

HealthFact calibration(const lane::LaneView& view) {
  HealthFact f{.id = "calibration", .name = tr("X-ray calibration")};
  const imaging::ScanImage* newest = nullptr;
  for (const auto& image : view.images)
    if (image.image && image.earlier_of.empty()) newest = image.image.get();
  if (!newest) {
    f.value = tr("Measured at each scan");
    f.detail = tr("No picture at hand to tell from");
    f.tone = Tone::neutral;
    return f;
  }
  const auto& s = newest->statistics;
  if (!s.calibrated) {
    f.value = tr("Not calibrated");
    f.detail = tr(s.calibration_reason);
    f.tone = Tone::yellow;
    return f;
  }
  f.value = s.calibration_age_s ? trf(tr("{} old"), age(static_cast<std::int64_t>(*s.calibration_age_s * 1e6)))
                                : std::string(tr("Good"));
  f.detail = s.geometry_calibrated ? tr("Dark, air and geometry were measured")
                                   : tr("Dark and air were measured, geometry was not");
  f.tone = s.calibration == imaging::CalibrationVerdict::good ? Tone::green : Tone::yellow;
  return f;
}

HealthFact journal(const lane::LaneView& view) {
  HealthFact f{.id = "journal", .name = tr("Journal")};
  if (!view.journal_problem.empty()) {
    f.value = tr("Does not agree");
    f.detail = tr(view.journal_problem);
    f.tone = Tone::red;
  } else if (view.journal_verified) {
    f.value = tr("Verified");
    f.detail = trf(tr("up to event {} of {}"), view.journal_verified_up_to, view.storage.last_seq);
  } else {
    f.value = tr("Not verified yet");
    f.tone = Tone::yellow;
  }
  if (view.storage.durable_seq < view.storage.last_seq) {
    const auto n = static_cast<unsigned long>(view.storage.last_seq - view.storage.durable_seq);
    f.detail = trf(trn("{} event waits for the disk", "{} events wait for the disk", n), n);
    // One or two are on their way at any moment that somebody works; a disk that keeps up never has many.
    if (n > kManyOnTheWay && f.tone == Tone::green) f.tone = Tone::yellow;
  }
  return f;
}

HealthFact clock(const lane::LaneView& view) {
  HealthFact f{.id = "clock", .name = tr("Clock"), .value = clock_word(view.now.clock)};
  f.detail = view.now.clock == hal::ClockState::synchronised ? tr("Synchronised with the network")
                                                             : tr("Times are recorded with this remark");
  f.tone = view.now.clock == hal::ClockState::synchronised ? Tone::green : Tone::yellow;
  return f;
}
}  // namespace

std::vector<DeviceLine> device_lines(const lane::LaneView& view) {
  std::vector<const lane::DeviceView*> order;
  for (const auto& d : view.devices)
    order.push_back(&d);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto* a, const auto* b) { return urgency(a->health.state) < urgency(b->health.state); });
  std::vector<DeviceLine> out;
  for (const auto* d : order)
    out.push_back({.id = d->info.id,
                   .name = device_name(d->info),
                   .word = device_word(d->health.state),
                   .since = trf(tr("since {}"), short_time(d->health.since.wall_us)),
                   // a device that only repeats its state has nothing to say
                   .says = d->health.summary == hal::to_string(d->health.state) ? "" : tr(d->health.summary),
                   .remedy = tr(d->health.remedy),
                   .tone = device_tone(d->health.state),
                   .simulated = d->info.simulated});
  return out;
}

std::vector<HealthFact> health_facts(const lane::LaneView& view) {
  return {storage(view), line(view), waiting(view), certificate(view), calibration(view), journal(view), clock(view)};
}

}  // namespace torugart::screens
