// What each event means for the upload.
#include "kiosk/central/wire.h"

namespace torugart::central {

using namespace inspection;  // NOLINT(google-build-using-namespace): every word here is one of its events

bool rides_along(const Payload& payload) {
  return std::holds_alternative<Uploaded>(payload) || std::holds_alternative<Acknowledged>(payload) ||
         std::holds_alternative<DeviceChanged>(payload) || std::holds_alternative<ClockJumped>(payload) ||
         std::holds_alternative<JournalKeyChanged>(payload);
}

bool calls_for_receipt(const Payload& payload) {
  return !rides_along(payload) && !std::holds_alternative<SignedIn>(payload) &&
         !std::holds_alternative<SignedOut>(payload) && !std::holds_alternative<RecordViewed>(payload) &&
         !std::holds_alternative<HandedOver>(payload);
}

bool speaks_against(const Payload& payload) {
  if (const auto* decided = std::get_if<Decided>(&payload)) return decided->verdict == Verdict::suspect;
  if (const auto* reviewed = std::get_if<Reviewed>(&payload))
    return reviewed->own_verdict == Verdict::suspect || reviewed->outcome != ReviewOutcome::agree;
  if (const auto* examined = std::get_if<Examined>(&payload)) return examined->contraband_found;
  return std::holds_alternative<Detained>(payload);
}

std::vector<FileRef> files_of(const Payload& payload) {
  std::vector<FileRef> files;
  const auto add = [&](const std::optional<FileRef>& file) {
    if (file && !file->sha256.empty()) files.push_back(*file);
  };
  if (const auto* read = std::get_if<NumberRead>(&payload)) add(read->crop);
  if (const auto* radiation = std::get_if<RadiationMeasured>(&payload)) add(radiation->lines);
  if (const auto* decided = std::get_if<Decided>(&payload)) add(decided->tdr);
  if (const auto* scan = std::get_if<ScanCompleted>(&payload)) files = scan->files;
  return files;
}

}  // namespace torugart::central
