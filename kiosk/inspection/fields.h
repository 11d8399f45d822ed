// Every field of every payload, described once; event_json.cpp reads and writes by these tables. A field that is
// added to event.h is added here (the round-trip test counts them). Internal to kiosk/inspection.
#pragma once

#include <string_view>
#include <tuple>

#include "kiosk/inspection/crossing.h"
#include "kiosk/inspection/event.h"

namespace torugart::inspection {

template <typename C, typename T>
struct Field {
  std::string_view name;
  T C::*member;
};
template <typename C, typename T>
constexpr Field<C, T> field(std::string_view name, T C::*member) {
  return {name, member};
}

template <typename T>
struct Fields;  // `list`: a tuple of Field; for payloads also `type`: the word in the envelope

template <>
struct Fields<FileRef> {
  static constexpr auto list =
      std::make_tuple(field("role", &FileRef::role), field("sha256", &FileRef::sha256),
                      field("bytes", &FileRef::bytes), field("media_type", &FileRef::media_type));
};

template <>
struct Fields<Number> {
  static constexpr auto list =
      std::make_tuple(field("kind", &Number::kind), field("place", &Number::place), field("text", &Number::text),
                      field("country", &Number::country), field("size_type", &Number::size_type),
                      field("read", &Number::read), field("corrected", &Number::corrected));
};

template <>
struct Fields<Profile> {
  static constexpr auto list = std::make_tuple(field("id", &Profile::id), field("text", &Profile::text));
};

template <>
struct Fields<Hold> {
  static constexpr auto list =
      std::make_tuple(field("id", &Hold::id), field("agency", &Hold::agency), field("text", &Hold::text));
};

template <>
struct Fields<Arrived> {
  static constexpr std::string_view type = "arrived";
  static constexpr auto list = std::make_tuple(field("direction", &Arrived::direction), field("by", &Arrived::by),
                                               field("follows_closely", &Arrived::follows_closely));
};

template <>
struct Fields<NumberRead> {
  static constexpr std::string_view type = "number_read";
  static constexpr auto list =
      std::make_tuple(field("kind", &NumberRead::kind), field("place", &NumberRead::place),
                      field("text", &NumberRead::text), field("country", &NumberRead::country),
                      field("size_type", &NumberRead::size_type), field("confidence", &NumberRead::confidence),
                      field("min_confidence", &NumberRead::min_confidence), field("verdict", &NumberRead::verdict),
                      field("frames", &NumberRead::frames), field("check_digit", &NumberRead::check_digit),
                      field("owner_known", &NumberRead::owner_known), field("crop", &NumberRead::crop));
};

template <>
struct Fields<IdentityConfirmed> {
  static constexpr std::string_view type = "identity_confirmed";
  static constexpr auto list = std::make_tuple(field("numbers", &IdentityConfirmed::numbers));
};

template <>
struct Fields<NumberEdited> {
  static constexpr std::string_view type = "number_edited";
  static constexpr auto list =
      std::make_tuple(field("before", &NumberEdited::before), field("after", &NumberEdited::after),
                      field("reason", &NumberEdited::reason));
};

template <>
struct Fields<DocumentPresented> {
  static constexpr std::string_view type = "document_presented";
  static constexpr auto list =
      std::make_tuple(field("kind", &DocumentPresented::kind), field("number", &DocumentPresented::number),
                      field("source", &DocumentPresented::source));
};

template <>
struct Fields<RiskAssessed> {
  static constexpr std::string_view type = "risk_assessed";
  static constexpr auto list =
      std::make_tuple(field("source", &RiskAssessed::source), field("colour", &RiskAssessed::colour),
                      field("assessment", &RiskAssessed::assessment), field("profiles", &RiskAssessed::profiles),
                      field("holds", &RiskAssessed::holds), field("scan_required", &RiskAssessed::scan_required),
                      field("as_of_wall_us", &RiskAssessed::as_of_wall_us));
};

template <>
struct Fields<LaneRerouted> {
  static constexpr std::string_view type = "lane_rerouted";
  static constexpr auto list = std::make_tuple(field("from", &LaneRerouted::from), field("to", &LaneRerouted::to),
                                               field("reason", &LaneRerouted::reason));
};

template <>
struct Fields<HoldLifted> {
  static constexpr std::string_view type = "hold_lifted";
  static constexpr auto list =
      std::make_tuple(field("hold", &HoldLifted::hold), field("reason", &HoldLifted::reason));
};

template <>
struct Fields<Weighed> {
  static constexpr std::string_view type = "weighed";
  static constexpr auto list = std::make_tuple(field("gross_kg", &Weighed::gross_kg),
                                               field("stable", &Weighed::stable), field("typed", &Weighed::typed));
};

template <>
struct Fields<RadiationMeasured> {
  static constexpr std::string_view type = "radiation_measured";
  static constexpr auto list = std::make_tuple(
      field("gamma_alarm", &RadiationMeasured::gamma_alarm),
      field("neutron_alarm", &RadiationMeasured::neutron_alarm), field("max_sigma", &RadiationMeasured::max_sigma),
      field("occupancy", &RadiationMeasured::occupancy),
      field("fault_or_tamper", &RadiationMeasured::fault_or_tamper), field("lines", &RadiationMeasured::lines));
};

template <>
struct Fields<RadiationResolved> {
  static constexpr std::string_view type = "radiation_resolved";
  static constexpr auto list =
      std::make_tuple(field("how", &RadiationResolved::how), field("reason", &RadiationResolved::reason));
};

template <>
struct Fields<AreaCleared> {
  static constexpr std::string_view type = "area_cleared";
  static constexpr auto list =
      std::make_tuple(field("how", &AreaCleared::how), field("driver", &AreaCleared::driver));
};

template <>
struct Fields<AreaClearanceVoided> {
  static constexpr std::string_view type = "area_clearance_voided";
  static constexpr auto list = std::make_tuple(field("reason", &AreaClearanceVoided::reason));
};

template <>
struct Fields<ScanRequested> {
  static constexpr std::string_view type = "scan_requested";
  static constexpr auto list = std::make_tuple(field("scan", &ScanRequested::scan));
};

template <>
struct Fields<ScanCompleted> {
  static constexpr std::string_view type = "scan_completed";
  static constexpr auto list = std::make_tuple(
      field("scan", &ScanCompleted::scan), field("end", &ScanCompleted::end), field("lines", &ScanCompleted::lines),
      field("lines_missing", &ScanCompleted::lines_missing), field("columns", &ScanCompleted::columns),
      field("rows", &ScanCompleted::rows), field("calibrated", &ScanCompleted::calibrated),
      field("calibration_note", &ScanCompleted::calibration_note),
      field("saturated_percent", &ScanCompleted::saturated_percent), field("dose_usv", &ScanCompleted::dose_usv),
      field("simulated", &ScanCompleted::simulated), field("files", &ScanCompleted::files));
};

template <>
struct Fields<RegionMarked> {
  static constexpr std::string_view type = "region_marked";
  static constexpr auto list =
      std::make_tuple(field("mark", &RegionMarked::mark), field("scan", &RegionMarked::scan),
                      field("x", &RegionMarked::x), field("y", &RegionMarked::y), field("w", &RegionMarked::w),
                      field("h", &RegionMarked::h), field("kind", &RegionMarked::kind),
                      field("certainty", &RegionMarked::certainty), field("note", &RegionMarked::note),
                      field("outline", &RegionMarked::outline));
};

template <>
struct Fields<RegionUnmarked> {
  static constexpr std::string_view type = "region_unmarked";
  static constexpr auto list = std::make_tuple(field("mark", &RegionUnmarked::mark));
};

template <>
struct Fields<SealChecked> {
  static constexpr std::string_view type = "seal_checked";
  static constexpr auto list =
      std::make_tuple(field("number", &SealChecked::number), field("state", &SealChecked::state));
};

template <>
struct Fields<Decided> {
  static constexpr std::string_view type = "decided";
  static constexpr auto list = std::make_tuple(field("verdict", &Decided::verdict), field("scan", &Decided::scan),
                                               field("image_sha256", &Decided::image_sha256),
                                               field("note", &Decided::note), field("tdr", &Decided::tdr));
};

template <>
struct Fields<ReviewRequested> {
  static constexpr std::string_view type = "review_requested";
  static constexpr auto list = std::make_tuple(field("reason", &ReviewRequested::reason));
};

template <>
struct Fields<Reviewed> {
  static constexpr std::string_view type = "reviewed";
  static constexpr auto list =
      std::make_tuple(field("own_verdict", &Reviewed::own_verdict), field("outcome", &Reviewed::outcome),
                      field("reason", &Reviewed::reason));
};

template <>
struct Fields<Examined> {
  static constexpr std::string_view type = "examined";
  static constexpr auto list =
      std::make_tuple(field("contraband_found", &Examined::contraband_found), field("result", &Examined::result));
};

template <>
struct Fields<Released> {
  static constexpr std::string_view type = "released";
  static constexpr auto list =
      std::make_tuple(field("exceptional", &Released::exceptional), field("overridden", &Released::overridden));
};

template <>
struct Fields<Detained> {
  static constexpr std::string_view type = "detained";
  static constexpr auto list = std::make_tuple(field("reason", &Detained::reason));
};

template <>
struct Fields<Departed> {
  static constexpr std::string_view type = "departed";
  static constexpr auto list =
      std::make_tuple(field("without_release", &Departed::without_release), field("by_hand", &Departed::by_hand));
};

template <>
struct Fields<Cancelled> {
  static constexpr std::string_view type = "cancelled";
  static constexpr auto list = std::make_tuple(field("reason", &Cancelled::reason));
};

template <>
struct Fields<HandedOver> {
  static constexpr std::string_view type = "handed_over";
  static constexpr auto list = std::make_tuple(field("from", &HandedOver::from), field("to", &HandedOver::to));
};

template <>
struct Fields<DeviceChanged> {
  static constexpr std::string_view type = "device_changed";
  static constexpr auto list =
      std::make_tuple(field("device", &DeviceChanged::device), field("state", &DeviceChanged::state),
                      field("summary", &DeviceChanged::summary));
};

template <>
struct Fields<SignedIn> {
  static constexpr std::string_view type = "signed_in";
  static constexpr auto list = std::make_tuple(field("account", &SignedIn::account));
};

template <>
struct Fields<SignedOut> {
  static constexpr std::string_view type = "signed_out";
  static constexpr auto list = std::make_tuple(field("account", &SignedOut::account), field("why", &SignedOut::why));
};

template <>
struct Fields<RecordViewed> {
  static constexpr std::string_view type = "record_viewed";
  static constexpr auto list = std::make_tuple(field("crossing", &RecordViewed::crossing));
};

template <>
struct Fields<ClockJumped> {
  static constexpr std::string_view type = "clock_jumped";
  static constexpr auto list = std::make_tuple(field("by_us", &ClockJumped::by_us));
};

template <>
struct Fields<Uploaded> {
  static constexpr std::string_view type = "uploaded";
  static constexpr auto list = std::make_tuple(field("up_to", &Uploaded::up_to));
};

template <>
struct Fields<Acknowledged> {
  static constexpr std::string_view type = "acknowledged";
  static constexpr auto list =
      std::make_tuple(field("receipt", &Acknowledged::receipt), field("crossing", &Acknowledged::crossing),
                      field("up_to", &Acknowledged::up_to), field("signature", &Acknowledged::signature),
                      field("files", &Acknowledged::files));
};

template <>
struct Fields<JournalKeyChanged> {
  static constexpr std::string_view type = "journal_key_changed";
  static constexpr auto list =
      std::make_tuple(field("key", &JournalKeyChanged::key), field("previous", &JournalKeyChanged::previous),
                      field("reason", &JournalKeyChanged::reason));
};

}  // namespace torugart::inspection
