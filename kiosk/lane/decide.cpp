// A decision on a picture writes a threat report (DICOS TDR) first, on the file worker, so that the event can name
// it.
#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "imaging/files/reader.h"
#include "kiosk/lane/core.h"

namespace torugart::lane {
namespace {

double certainty_of(inspection::Certainty certainty) {
  switch (certainty) {
    case inspection::Certainty::low:
      return 0.3;
    case inspection::Certainty::medium:
      return 0.6;
    case inspection::Certainty::high:
      return 0.9;
  }
  return 0;
}

imaging::ThreatReport report_of(const inspection::Crossing& crossing, const inspection::ScanCompleted& scan,
                                const Act& act, const hal::TimeStamp& now) {
  imaging::ThreatReport report;
  report.operator_name = act.actor.account;
  const auto& decide = std::get<inspection::Decide>(act.command);
  report.decision =
      decide.verdict == inspection::Verdict::suspect ? imaging::Decision::alarm : imaging::Decision::clear;
  report.made_at = imaging::DicomTime::from_unix_us(now.wall_us);
  if (!crossing.stage_times.empty()) {
    report.decision_seconds =
        static_cast<double>(std::max<std::int64_t>(0, now.wall_us - crossing.stage_times.back().wall_us)) / 1e6;
  }
  for (const auto& mark : crossing.marks) {
    if (mark.region.scan != scan.scan) continue;
    const auto& r = mark.region;
    report.marks.push_back(
        {std::string(inspection::to_string(r.kind)), r.note, {r.x, r.y, r.w, r.h}, certainty_of(r.certainty)});
  }
  // A suspicion that was not marked is one about the whole picture: an alarm must say where.
  if (report.decision == imaging::Decision::alarm && report.marks.empty()) {
    report.marks.push_back({"other", "whole picture", {0, 0, scan.columns, scan.rows}, 0.3});
  }
  if (crossing.decision) report.number = 2;  // it was decided before, and is now decided otherwise
  return report;
}

// After a restart: the names of the scan's DICOS objects follow from its metadata alone, so a picture of one pixel
// under the same metadata gives them again. Nothing when they are not those of the archived picture.
std::vector<imaging::StoredObject> objects_of(const inspection::ScanCompleted& scan, const Store& store,
                                              const imaging::ScanMetadata& metadata,
                                              const std::filesystem::path& folder) {
  std::string high;
  bool has_low = false;
  for (const auto& file : scan.files) {
    if (file.role == "xray_high") high = file.sha256;
    if (file.role == "xray_low") has_low = true;
  }
  const auto bytes = store.get(high);
  if (!bytes) return {};
  const auto plane = imaging::read_plane(*bytes, high);
  if (!plane) return {};
  imaging::ScanImage image;
  image.view = imaging::make_view(imaging::Raster16(1, 1, 1000),
                                  has_low ? imaging::Raster16(1, 1, 1000) : imaging::Raster16());
  auto again = imaging::write_dicos(image, metadata, folder, scan.scan + "-names");
  if (!again || again->empty()) return {};
  std::error_code ignored;
  for (const auto& object : *again)
    std::filesystem::remove(object.file, ignored);
  if (again->front().sop_instance_uid != plane->sop_instance_uid) return {};
  return std::move(*again);
}

}  // namespace

void Core::decide(Act act, Visit& v) {
  const auto* scan = v.fold.latest_scan();
  if (scan == nullptr || scan->files.empty()) {
    finish_decide(act, std::nullopt, {});
    return;
  }
  auto metadata = v.metadata.contains(scan->scan) ? v.metadata.at(scan->scan)
                                                  : metadata_of(v, scan->scan, v.fold.arrived_wall_us);
  const auto objects = v.objects.find(scan->scan);
  auto report = report_of(v.fold, *scan, act, clock_.now());
  file_worker_.post([this, act = std::move(act), scan = *scan, metadata = std::move(metadata),
                     report = std::move(report),
                     objects = objects == v.objects.end() ? std::vector<imaging::StoredObject>() : objects->second] {
    std::optional<inspection::FileRef> tdr;
    std::string problem;
    const auto file = std::filesystem::path(config_.work_folder) / (scan.scan + "-tdr.dcs");
    const auto written = imaging::write_tdr(
        report, metadata, objects.empty() ? objects_of(scan, *parts_.store, metadata, config_.work_folder) : objects,
        file);
    if (written) {
      const auto put = parts_.store->put_file(file.string(), "application/dicom");
      if (put) {
        tdr = inspection::FileRef{"tdr", put->sha256, put->bytes, "application/dicom"};
      } else {
        problem = put.error().text();
      }
      std::error_code ignored;
      std::filesystem::remove(file, ignored);
    } else {
      problem = written.error().text();
    }
    inbox_.post([this, act, tdr, problem] { finish_decide(act, tdr, problem); });
  });
}

void Core::finish_decide(const Act& act, const std::optional<inspection::FileRef>& tdr, const std::string& problem) {
  note_archive(problem);
  auto* v = visit(act.crossing);
  if (v == nullptr) {
    refuse(act.ticket, "This crossing is closed");
    return;
  }
  if (!permitted(act, v)) return;  // something may have happened while the report was written
  auto payloads = inspection::apply_command(act.command, &v->fold, act.actor, facts(act.second));
  for (auto& payload : payloads) {
    if (auto* decided = std::get_if<inspection::Decided>(&payload)) decided->tdr = tdr;
  }
  if (!problem.empty()) outcome(act.ticket).detail = problem;
  record(v->id, std::move(payloads), by_person(act.actor, act.second), act.ticket);
  changed(true);
}

}  // namespace torugart::lane
