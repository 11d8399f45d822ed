#include "kiosk/screens/numbers_presenter.h"

#include <algorithm>
#include <set>

#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"

namespace torugart::screens {

using inspection::NumberKind;
using inspection::Place;
using touch::tr;
using touch::trf;

namespace {
constexpr double kDoubtful = 0.90;
constexpr std::size_t kOffered = 3;

std::vector<SlotKey> keys_of(const lane::LaneView& view) {
  std::set<SlotKey> keys;
  for (const auto& read : view.reads)
    if (!read.candidates.empty()) keys.insert({read.kind, read.place});
  if (view.focus)
    for (const auto& number : view.focus->numbers)
      keys.insert({number.kind, number.place});
  const bool confirmed = view.focus && view.focus->identity_confirmed;
  if (!confirmed) keys.insert({NumberKind::plate, Place::front});
  auto some = [&](NumberKind kind, Place place) {
    return std::any_of(keys.begin(), keys.end(), [&](const SlotKey& k) {
      return k.kind == kind && (place == Place::unknown || k.place == place);
    });
  };
  if (!confirmed && !some(NumberKind::plate, Place::rear)) keys.insert({NumberKind::plate, Place::rear});
  if (!confirmed && !some(NumberKind::container, Place::unknown)) keys.insert({NumberKind::container, Place::side});
  return {keys.begin(), keys.end()};
}

std::vector<int> doubtful_characters(const lane::ReadView& read) {
  std::vector<int> out;
  if (read.sure || read.character_confidence.empty()) return out;
  for (std::size_t i = 0; i < read.character_confidence.size(); ++i)
    if (read.character_confidence[i] < kDoubtful) out.push_back(static_cast<int>(i));
  if (out.empty()) {
    const auto weakest = std::min_element(read.character_confidence.begin(), read.character_confidence.end());
    out.push_back(static_cast<int>(weakest - read.character_confidence.begin()));
  }
  return out;
}

void fill_from_choice(NumberSlot& slot, const SlotChoice& choice) {
  slot.absent = choice.absent;
  slot.must_check = false;
  if (choice.absent) {
    slot.text.clear();
    return;
  }
  if (choice.text.empty()) return;
  slot.corrected = choice.typed || choice.text != slot.read;
  if (slot.text != choice.text) slot.doubtful.clear();
  slot.text = choice.text;
  slot.country = choice.country;
  slot.sure = true;
}

NumberSlot slot_of(const lane::LaneView& view, const SlotKey& key, const SlotChoices& choices) {
  NumberSlot slot;
  slot.key = key;
  slot.name = slot_word(key.kind, key.place);
  slot.id = std::string(inspection::to_string(key.place)) + "." + std::string(inspection::to_string(key.kind));
  for (const auto& read : view.reads) {
    if (read.kind != key.kind || read.place != key.place) continue;
    slot.crop = read.crop;
    if (read.candidates.empty()) continue;
    const auto& best = read.candidates.front();
    slot.text = slot.read = best.text;
    slot.country = best.country;
    slot.size_type = best.size_type;
    slot.sure = read.sure;
    slot.must_check = !read.sure;
    slot.doubtful = doubtful_characters(read);
    if (!read.sure)
      for (std::size_t i = 0; i < std::min(kOffered, read.candidates.size()); ++i)
        slot.candidates.push_back(
            {read.candidates[i].text, read.candidates[i].country, read.candidates[i].size_type});
  }
  const auto* number = view.focus ? view.focus->number(key.kind, key.place) : nullptr;
  if (view.focus && view.focus->identity_confirmed) {
    slot.confirmed = number != nullptr;
    slot.candidates.clear();
    slot.doubtful.clear();
    slot.must_check = false;
    slot.sure = slot.confirmed;
    slot.text = number ? number->text : std::string();
    slot.country = number ? number->country : std::string();
    slot.size_type = number ? number->size_type : std::string();
    slot.corrected = number && number->corrected;
    return slot;
  }
  if (const auto it = choices.find(key); it != choices.end() && it->second.touched)
    fill_from_choice(slot, it->second);
  for (auto& candidate : slot.candidates)
    candidate.selected = !slot.must_check && candidate.text == slot.text;
  return slot;
}
}  // namespace

std::vector<NumberSlot> number_slots(const lane::LaneView& view, const SlotChoices& choices) {
  std::vector<NumberSlot> out;
  for (const auto& key : keys_of(view))
    out.push_back(slot_of(view, key, choices));
  return out;
}

std::vector<inspection::Number> numbers_to_confirm(const std::vector<NumberSlot>& slots) {
  std::vector<inspection::Number> out;
  for (const auto& slot : slots)
    if (!slot.text.empty() && !slot.absent)
      out.push_back({.kind = slot.key.kind,
                     .place = slot.key.place,
                     .text = slot.text,
                     .country = slot.country,
                     .size_type = slot.size_type,
                     .read = slot.read,
                     .corrected = slot.corrected});
  return out;
}

std::string why_not_confirm(const std::vector<NumberSlot>& slots) {
  for (const auto& slot : slots)
    if (slot.must_check) return trf(tr("Check: {}"), slot.name);
  if (numbers_to_confirm(slots).empty()) return tr("No number was read: type one");
  return {};
}

std::string normalised(const std::string& typed) {
  std::string out;
  for (const char c : typed)
    if (c != ' ' && c != '-') out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

}  // namespace torugart::screens
