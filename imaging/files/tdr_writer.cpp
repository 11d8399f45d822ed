#include <array>

#include <fmt/core.h>

#include "imaging/files/atomic_file.h"
#include "imaging/files/dcmtk_support.h"
#include "imaging/files/dicos.h"

namespace torugart::imaging {
namespace {

using detail::DatasetWriter;

const char* word(Decision decision) {
  switch (decision) {
    case Decision::alarm:
      return "ALARM";
    case Decision::clear:
      return "CLEAR";
    case Decision::unknown:
      return "UNKNOWN";
  }
  return "UNKNOWN";
}

void reference(DcmItem& item, const std::string& where, std::string_view sop_class, std::string_view sop_instance) {
  DatasetWriter out(item, where);
  out.text(DCM_ReferencedSOPClassUID, sop_class);
  out.text(DCM_ReferencedSOPInstanceUID, sop_instance);
}

// One marked place: what it may be, and where it is in each picture of the scan.
void write_mark(DcmItem& threat, const ThreatMark& mark, unsigned id, Decision decision,
                const std::vector<StoredObject>& scan, const std::string& where) {
  DatasetWriter out(threat, where);
  out.number(DCM_PotentialThreatObjectID, id);
  DatasetWriter assessment(*out.sequence_item(DCM_ATDAssessmentSequence), where);
  assessment.text(DCM_ThreatCategory, decision == Decision::clear ? "ANOMALY" : "CONTRABAND");
  assessment.text(DCM_ThreatCategoryDescription, mark.note.empty() ? mark.kind : mark.kind + ": " + mark.note);
  assessment.text(DCM_ATDAbilityAssessment, "NO_INTERFERENCE");
  assessment.text(DCM_ATDAssessmentFlag, decision == Decision::clear ? "NO_THREAT" : "THREAT");
  const auto probability = static_cast<float>(mark.certainty);
  assessment.floats(DCM_ATDAssessmentProbability, &probability, 1);

  DatasetWriter place(*out.sequence_item(DCM_PTORepresentationSequence), where);
  long index = 0;
  for (const StoredObject& object : scan) {
    reference(*place.sequence_item(DCM_ReferencedInstanceSequence, index++), where, object.sop_class_uid,
              object.sop_instance_uid);
  }
  // Corners of the rectangle as (x, y, z), z = 0: pixel edges of the scan's picture.
  const auto left = static_cast<float>(mark.box.x);
  const auto top = static_cast<float>(mark.box.y);
  const auto right = static_cast<float>(mark.box.right());
  const auto bottom = static_cast<float>(mark.box.bottom());
  const std::array<float, 12> corners = {left, top, 0, right, top, 0, right, bottom, 0, left, bottom, 0};
  place.floats(DCM_BoundingPolygon, corners.data(), corners.size());
}

}  // namespace

Result<StoredObject> write_tdr(const ThreatReport& report, const ScanMetadata& metadata,
                               const std::vector<StoredObject>& scan, const std::filesystem::path& file) {
  detail::register_codecs();
  const std::string where = file.string();
  if (auto ok = detail::check_metadata(metadata); !ok) return tl::unexpected<Error>(std::move(ok.error()));
  if (scan.empty()) return fail(ErrorCode::bad_argument, where, "a decision must point to the pictures it is about");
  if (report.decision == Decision::alarm && report.marks.empty()) {
    return fail(ErrorCode::bad_argument, where, "an alarm must say where: no region is marked", "mark a region");
  }
  if (report.by_operator ? report.operator_name.empty() : report.algorithm.empty()) {
    return fail(ErrorCode::bad_argument, where, "it does not say who or what decided");
  }
  if (report.made_at.date.size() != 8) return fail(ErrorCode::bad_argument, where, "the decision has no date");

  StoredObject stored;
  stored.file = file;
  stored.sop_class_uid = UID_DICOS_ThreatDetectionReportStorage;
  stored.study_uid = scan.front().study_uid;
  stored.series_uid = detail::make_uid(metadata, "series/tdr");
  stored.sop_instance_uid = detail::make_uid(metadata, fmt::format("instance/tdr/{}", report.number));

  try {
    DcmFileFormat format;
    DatasetWriter out(*format.getDataset(), where);
    detail::write_common(out, metadata, stored.sop_class_uid, stored.sop_instance_uid, stored.study_uid,
                         stored.series_uid);
    out.text(DCM_Modality, "TDR");
    out.text(DCM_SeriesNumber, "9");
    out.text(DCM_AcquisitionStatus, "SUCCESSFUL");
    out.text(DCM_InstanceNumber, fmt::format("{}", report.number));
    out.text(DCM_ContentDate, report.made_at.date);
    out.text(DCM_ContentTime, report.made_at.time);
    reference(*out.sequence_item(DCM_ReferencedStudySequence), where, "1.2.840.10008.3.1.2.3.1", stored.study_uid);
    out.text(DCM_TDRType, report.by_operator ? "OPERATOR" : "MACHINE");
    out.text(DCM_AlarmDecisionTime, report.made_at.date + report.made_at.time + "+0000");
    out.text(DCM_AlarmDecision, word(report.decision));
    out.text(DCM_AbortFlag, report.aborted ? "ABORT" : "SUCCESS");
    out.number(DCM_NumberOfTotalObjects, static_cast<unsigned>(report.marks.size()));
    const auto seconds = static_cast<float>(report.decision_seconds);
    out.floats(DCM_TotalProcessingTime, &seconds, 1);
    if (report.decision == Decision::alarm) {
      out.number(DCM_NumberOfAlarmObjects, static_cast<unsigned>(report.marks.size()));
    }
    if (report.by_operator) {
      DatasetWriter person(*out.sequence_item(DCM_OperatorIdentificationSequence), where);
      person.text(DCM_InstitutionName, metadata.institution);
      DatasetWriter code(*person.sequence_item(DCM_PersonIdentificationCodeSequence), where);
      code.text(DCM_CodeValue, report.operator_name);
      code.text(DCM_CodingSchemeDesignator, "99TORUGART");
      code.text(DCM_CodeMeaning, report.operator_name);
      out.text(DCM_OperatorsName, report.operator_name);
    } else {
      out.text(DCM_ThreatDetectionAlgorithmAndVersion, report.algorithm);
    }
    unsigned id = 0;
    for (const ThreatMark& mark : report.marks) {
      write_mark(*out.sequence_item(DCM_ThreatSequence, static_cast<long>(id)), mark, id + 1, report.decision, scan,
                 where);
      ++id;
    }
    if (auto result = out.result(); !result) return tl::unexpected<Error>(std::move(result.error()));
    auto bytes = detail::write_atomically(file, [&](const std::filesystem::path& temporary) {
      return detail::save(format, temporary, EXS_LittleEndianExplicit);
    });
    if (!bytes) return tl::unexpected<Error>(std::move(bytes.error()));
    stored.bytes = *bytes;
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::out_of_memory, where, "not enough memory to write the report");
  }
  return stored;
}

}  // namespace torugart::imaging
