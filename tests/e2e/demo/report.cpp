#include "tests/e2e/demo/report.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "kiosk/app/background.h"
#include "kiosk/archive/archive.h"
#include "kiosk/inspection/event_json.h"
#include "kiosk/journal/reader.h"
#include "kiosk/journal/verify.h"
#include "kiosk/reports/reports.h"

namespace torugart::demo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// Seconds per stage, from the crossing's events.
json stage_seconds(const std::vector<inspection::Event>& events) {
  json out = json::object();
  for (const auto& row : reports::activities(events)) {
    if (row.seconds) out[row.activity] = std::round(*row.seconds * 10) / 10;
  }
  return out;
}

bool copy(const archive::Archive& archive, const std::string& sha256, const std::string& to) {
  const auto bytes = archive.get(sha256);
  if (!bytes) return false;
  std::ofstream out(to, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes->data()), std::ssize(*bytes));
  return static_cast<bool>(out);
}

int copy_dicos(const Stage& stage, const archive::Archive& archive, const inspection::Crossing& crossing) {
  int copied = 0;
  for (const auto& scan : crossing.scans) {
    for (const auto& file : scan.files) {
      if (file.media_type != "application/dicom") continue;
      copied +=
          copy(archive, file.sha256, stage.folder(fmt::format("dicos/{}-{}.dcs", scan.scan, file.role))) ? 1 : 0;
    }
  }
  if (crossing.decision && crossing.decision->tdr)
    copy(archive, crossing.decision->tdr->sha256, stage.folder(fmt::format("dicos/{}-tdr.dcs", crossing.id)));
  return copied;
}

}  // namespace

std::vector<std::string> write_report(Stage& stage, const std::vector<Walk>& walks) {
  std::vector<std::string> missing;
  const auto need = [&missing](bool there, std::string what) {
    if (!there) missing.push_back(std::move(what));
  };
  auto archive =
      archive::Archive::open(stage.assembly().archive_path(), app::archive_options(stage.assembly().config()));
  need(archive.has_value(), "the archive cannot be opened");

  json stages = json::object(), touches = json::object(), inspections = json::array();
  int decided = 0, acknowledged = 0, dicos = 0;
  for (const auto& walk : walks) {
    const auto records = stage.assembly().reader().events_of(walk.crossing);
    const auto crossing = stage.assembly().reader().crossing(walk.crossing);
    if (!records || !crossing || !*crossing) {
      missing.push_back("crossing " + walk.crossing + " is not in the journal");
      continue;
    }
    std::vector<inspection::Event> events;
    for (const auto& record : *records)
      events.push_back(record.event);
    const auto& fold = **crossing;
    decided += fold.decision ? 1 : 0;
    acknowledged += fold.acknowledged_up_to > 0 ? 1 : 0;
    need(fold.departed, walk.kind + ": did not depart");
    need(fold.decision.has_value(), walk.kind + ": no decision");
    need(fold.acknowledged_up_to > 0, walk.kind + ": not acknowledged by the centre");
    const int files = archive ? copy_dicos(stage, **archive, fold) : 0;
    dicos += files;
    need(fold.scans.empty() || files > 0, walk.kind + ": its scan left no DICOS file");
    const auto exported = app::export_crossing(stage.assembly(), walk.crossing, stage.folder("inspections"));
    need(exported.ok, walk.kind + ": " + exported.words);
    stages[walk.crossing] = stage_seconds(events);
    touches[walk.kind] = walk.touches;
    json row = walk.more;
    row["kind"] = walk.kind;
    row["crossing"] = walk.crossing;
    row["seconds"] = std::round(walk.seconds * 10) / 10;
    row["numbers"] = walk.numbers;
    inspections.push_back(std::move(row));
  }

  const auto proof = journal::verify(stage.assembly().journal_path());
  const bool verified = proof && proof->ok;
  need(verified, "the journal is not proven");
  const int small = stage.findings(touch::FindingKind::small_target);
  const int clipped = stage.findings(touch::FindingKind::clipped_text);
  need(small == 0, fmt::format("{} small targets", small));
  need(clipped == 0, fmt::format("{} clipped texts", clipped));
  const auto& stats = stage.window().window().stats();

  json report{{"crossings", walks.size()},
              {"decided", decided},
              {"acknowledged", acknowledged},
              {"journal_verified", verified},
              {"journal_events", proof ? proof->events : 0},
              {"stages_s", stages},
              {"touches", touches},
              {"small_targets", small},
              {"clipped_texts", clipped},
              {"findings", stage.findings()},
              {"longest_answer_ms", std::round(stage.finger().longest_answer_ms())},
              {"frame_ms", {{"p50", stats.p50_ms()}, {"p95", stats.p95_ms()}}},
              {"renderer", stage.window().window().renderer()},
              {"size", {stage.wish().width, stage.wish().height}},
              {"language", stage.wish().language},
              {"seed", stage.wish().seed},
              {"input", stage.wish().replay.empty() ? "simulated" : "recorded"},
              {"dicos_files", dicos},
              {"inspections", inspections},
              {"screens", stage.pictures()},
              {"missing", missing}};
  std::ofstream out(stage.folder("report.json"), std::ios::trunc);
  out << report.dump(2) << '\n';
  need(static_cast<bool>(out.flush()), "report.json cannot be written");
  return missing;
}

}  // namespace torugart::demo
