#include "kiosk/inspection/crossing.h"

#include <algorithm>

namespace torugart::inspection {

std::vector<Hold> Crossing::open_holds() const {
  std::vector<Hold> open;
  if (!risk) return open;
  for (const Hold& hold : risk->holds)
    if (!holds_lifted.contains(hold.id)) open.push_back(hold);
  return open;
}

bool Crossing::radiation_alarm_open() const {
  return radiation && (radiation->gamma_alarm || radiation->neutron_alarm) && !radiation_resolved;
}

bool Crossing::scan_required() const {
  return colour == LaneColour::red || colour == LaneColour::unknown || (risk && risk->scan_required) ||
         radiation_alarm_open();
}

bool Crossing::usable_scan() const {
  return latest_scan() != nullptr;
}

const ScanCompleted* Crossing::latest_scan() const {
  const auto found = std::find_if(scans.rbegin(), scans.rend(), [](const auto& scan) { return scan.usable(); });
  return found == scans.rend() ? nullptr : &*found;
}

bool Crossing::review_pending() const {
  return !review && (review_requested || (decision && decision->verdict == Verdict::suspect));
}

bool Crossing::sent_to_examination() const {
  if (!review) return false;
  if (review->outcome == ReviewOutcome::physical_examination) return true;
  const bool first_counts = review->outcome == ReviewOutcome::agree && decision;
  return (first_counts ? decision->verdict : review->own_verdict) == Verdict::suspect;
}

bool Crossing::suspect() const {
  if (examination) return examination->contraband_found;
  return review ? sent_to_examination() : decision && decision->verdict == Verdict::suspect;
}

bool Crossing::decision_needed() const {
  return !decision && !review && (colour == LaneColour::yellow || usable_scan());
}

const Number* Crossing::number(NumberKind kind, Place place) const {
  const auto found = std::find_if(numbers.begin(), numbers.end(),
                                  [&](const Number& n) { return n.kind == kind && n.place == place; });
  return found == numbers.end() ? nullptr : &*found;
}

namespace {

// ISO 6346 as people write it: owner and category, serial, check digit apart.
std::string grouped(const std::string& text) {
  if (text.size() != 11) return text;
  return text.substr(0, 4) + " " + text.substr(4, 6) + " " + text.substr(10);
}

}  // namespace

std::string Crossing::title() const {
  std::vector<std::string> parts;
  const auto add = [&](NumberKind kind, const std::string& text) {
    const std::string shown = kind == NumberKind::container ? grouped(text) : text;
    if (!shown.empty() && std::find(parts.begin(), parts.end(), shown) == parts.end()) parts.push_back(shown);
  };
  for (const NumberKind kind : {NumberKind::plate, NumberKind::container}) {
    if (identity_confirmed) {
      for (const Number& number : numbers)
        if (number.kind == kind) add(kind, number.text);
    } else {
      for (const NumberRead& read : reads)
        if (read.kind == kind) add(kind, read.text);
    }
  }
  std::string title;
  for (const std::string& part : parts)
    title += (title.empty() ? "" : " · ") + part;
  return title.empty() ? id : title;
}

}  // namespace torugart::inspection
