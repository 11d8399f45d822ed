#include "kiosk/central/earlier_risk.h"

#include <algorithm>
#include <set>
#include <string>

#include "kiosk/inspection/crossing.h"
#include "kiosk/journal/reader.h"

namespace torugart::central {
namespace {

constexpr int kVisitsLookedAt = 20;                  // of one number, the newest
constexpr std::int64_t kClockSlack_us = 60'000'000;  // an answer that is a little ahead of this machine's clock

using Words = std::multiset<std::string>;

Words words_of(const std::vector<inspection::Number>& numbers,
               const std::vector<inspection::DocumentPresented>& documents) {
  Words out;
  for (const auto& n : numbers)
    out.insert(std::string(inspection::to_string(n.kind)) + " " + journal::normalise_number(n.text));
  for (const auto& d : documents)
    out.insert("document " + d.kind + " " + journal::normalise_number(d.number));
  return out;
}

}  // namespace

std::optional<inspection::RiskAssessed> earlier_risk(const journal::Reader& events, const RiskQuery& query,
                                                     std::int64_t wall_us, std::int64_t max_age_s) {
  std::string sought;
  for (const auto& n : query.numbers)
    if (const auto text = journal::normalise_number(n.text); text.size() > sought.size()) sought = text;
  if (sought.empty() || max_age_s <= 0) return std::nullopt;
  const auto asked = words_of(query.numbers, query.documents);
  const auto visits = events.crossings(sought, kVisitsLookedAt, 0);
  if (!visits) return std::nullopt;
  std::optional<inspection::RiskAssessed> newest;
  for (const auto& visit : *visits) {
    const auto records = events.events_of(visit.id);
    if (!records) continue;
    inspection::Crossing crossing;
    crossing.id = visit.id;
    for (const auto& record : *records) {
      inspection::apply(crossing, record.event);
      const auto* risk = std::get_if<inspection::RiskAssessed>(&record.event.payload);
      if (risk == nullptr || risk->source != inspection::RiskSource::central) continue;
      const auto age_us = wall_us - risk->as_of_wall_us;
      if (age_us > max_age_s * 1'000'000 || age_us < -kClockSlack_us) continue;
      if (newest && newest->as_of_wall_us >= risk->as_of_wall_us) continue;
      if (crossing.direction == query.direction && words_of(crossing.numbers, crossing.documents) == asked)
        newest = *risk;
    }
  }
  if (newest) newest->source = inspection::RiskSource::cached;
  return newest;
}

}  // namespace torugart::central
