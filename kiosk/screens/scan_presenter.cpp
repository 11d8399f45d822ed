#include "kiosk/screens/scan_presenter.h"

#include <algorithm>

#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"

namespace torugart::screens {

using touch::Tone;
using touch::tr;
using touch::trf;
using touch::trn;

namespace {

bool running(const lane::LaneView& view) {
  return view.scan.state == lane::ScanState::requested || view.scan.state == lane::ScanState::warning ||
         view.scan.state == lane::ScanState::beam;
}

touch::Contact contact_state(hal::ContactState state) {
  switch (state) {
    case hal::ContactState::closed:
      return touch::Contact::closed;
    case hal::ContactState::open:
      return touch::Contact::open;
    case hal::ContactState::unknown:
      break;
  }
  return touch::Contact::unknown;
}

Status chain_status(const lane::LaneView& view) {
  if (!view.chain || view.chain->contacts.empty()) return {tr("The safety chain says nothing"), Tone::red};
  if (!view.chain->fresh(view.now.mono_us)) return {tr("No fresh reading of the chain"), Tone::red};
  for (const auto& contact : view.chain->contacts)
    if (contact.state != hal::ContactState::closed)
      return {contact.state == hal::ContactState::open ? trf(tr("{} open"), tr(contact.name))
                                                       : trf(tr("{} not known"), tr(contact.name)),
              Tone::red};
  return {tr("All contacts closed"), Tone::green};
}

Status beam_status(const lane::LaneView& view, float& countdown) {
  const auto& scan = view.scan;
  countdown = -1;
  switch (scan.state) {
    case lane::ScanState::requested:
      return {tr("Asking the scanner"), Tone::yellow};
    case lane::ScanState::warning: {
      const auto left = std::max<std::int64_t>(0, scan.warning_ends_mono_us - view.now.mono_us);
      countdown =
          std::clamp(1.0F - static_cast<float>(left) / static_cast<float>(hal::XrayScanner::kWarningUs), 0.0F, 1.0F);
      return {trf(tr("Beam in {} s"), (left + 999'999) / 1'000'000), Tone::yellow};
    }
    case lane::ScanState::beam:
      return {tr("Beam is on"), Tone::alarm};
    case lane::ScanState::idle:
    case lane::ScanState::ended:
      break;
  }
  return {tr("Beam is off"), Tone::green};
}
}  // namespace

PictureMode picture_mode(const lane::LaneView& view) {
  if (!view.focus) return PictureMode::nothing;
  const auto& c = *view.focus;
  if (running(view) && (view.scan.crossing.empty() || view.scan.crossing == c.id)) return PictureMode::scanning;
  if (const auto* scan = c.latest_scan()) {
    for (const auto& image : view.images)
      if (image.crossing == c.id && image.scan == scan->scan && image.image) return PictureMode::picture;
    return PictureMode::loading;
  }
  // Between the last line and the stored picture the columns are still there: the eye need not notice.
  if (view.scan.state == lane::ScanState::ended && view.scan.crossing == c.id && view.scan.growing &&
      view.scan.ended_because.empty())
    return PictureMode::scanning;
  return c.identity_confirmed && !c.released ? PictureMode::ask : PictureMode::nothing;
}

ScanPanel scan_panel(const lane::LaneView& view) {
  ScanPanel out;
  if (view.chain)
    for (const auto& contact : view.chain->contacts)
      out.contacts.push_back({tr(contact.name), view.chain->fresh(view.now.mono_us) ? contact_state(contact.state)
                                                                                    : touch::Contact::unknown});
  out.chain = chain_status(view);
  out.beam = beam_status(view, out.countdown);
  const auto& scan = view.scan;
  if (scan.state == lane::ScanState::beam && scan.beam_since_mono_us > 0)
    out.time = duration(view.now.mono_us - scan.beam_since_mono_us);
  out.speed = scan.speed_mm_s > 0 ? trf(tr("{:.1f} km/h"), scan.speed_mm_s * 0.0036) : std::string("–");
  if (view.chain && view.chain->dose_rate_usv_h)
    out.dose = trf(tr("{:.2f} µSv/h"), *view.chain->dose_rate_usv_h);
  else
    out.dose = tr("no meter");
  out.lines = scan.missing > 0
                  ? trf(trn("{} line, {} missing", "{} lines, {} missing", static_cast<unsigned long>(scan.lines)),
                        scan.lines, scan.missing)
                  : trf(trn("{} line", "{} lines", static_cast<unsigned long>(scan.lines)), scan.lines);
  if (view.focus && view.focus->area_cleared)
    out.cleared = trf(tr("Area clear: {}, {} ({})"), cleared_word(view.focus->area_cleared->how),
                      driver_word(view.focus->area_cleared->driver), view.focus->area_cleared_by);
  if (view.focus && scan.state == lane::ScanState::ended && scan.crossing == view.focus->id &&
      !scan.ended_because.empty())
    out.ended = trf(tr("Scan not complete: {}"), tr(scan.ended_because));
  return out;
}

}  // namespace torugart::screens
