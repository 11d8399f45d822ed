#include "kiosk/exchange/crossing_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "kiosk/inspection/event_json.h"

namespace torugart::exchange {

using journal::Error;
using journal::Record;
using nlohmann::json;

namespace {

constexpr int kPage = 1000;

// What was hashed is the text; what an export carries is that text, parsed and printed the same way again.
json record_json(const Record& record) {
  return json{
      {"event", json::parse(record.text, nullptr, false)}, {"hash", record.hash}, {"prev_hash", record.prev_hash}};
}

void collect(const inspection::FileRef& file, std::int64_t seq, std::map<std::string, json>& files) {
  files.emplace(file.sha256, json{{"sha256", file.sha256},
                                  {"role", file.role},
                                  {"bytes", file.bytes},
                                  {"media_type", file.media_type},
                                  {"seq", seq}});
}

void collect(const Record& record, std::map<std::string, json>& files) {
  const std::int64_t seq = record.event.seq;
  const auto& payload = record.event.payload;
  if (const auto* read = std::get_if<inspection::NumberRead>(&payload); read && read->crop)
    collect(*read->crop, seq, files);
  if (const auto* radiation = std::get_if<inspection::RadiationMeasured>(&payload); radiation && radiation->lines)
    collect(*radiation->lines, seq, files);
  if (const auto* decided = std::get_if<inspection::Decided>(&payload); decided && decided->tdr)
    collect(*decided->tdr, seq, files);
  if (const auto* scan = std::get_if<inspection::ScanCompleted>(&payload))
    for (const auto& file : scan->files)
      collect(file, seq, files);
}

}  // namespace

journal::Result<json> crossing_json(const journal::Reader& reader, const std::string& crossing) {
  const auto records = reader.events_of(crossing);
  if (!records) return tl::unexpected(records.error());
  if (records->empty())
    return tl::unexpected(
        Error{Error::Code::refused, "there is no such crossing", crossing, "Search for it by one of its numbers"});
  const auto lane = reader.lane();
  if (!lane) return tl::unexpected(lane.error());
  inspection::Crossing fold;
  json events = json::array();
  std::map<std::string, json> files;
  for (const Record& record : *records) {
    apply(fold, record.event);
    events.push_back(record_json(record));
    collect(record, files);
  }
  json file_list = json::array();
  for (auto& [sha256, file] : files)
    file_list.push_back(std::move(file));
  return json{{"format", "torugart inspection 1"},
              {"crossing", inspection::to_json(fold)},
              {"events", std::move(events)},
              {"files", std::move(file_list)},
              {"journal",
               {{"lane", *lane},
                {"first_seq", records->front().event.seq},
                {"last_seq", records->back().event.seq},
                {"last_hash", records->back().hash}}}};
}

journal::Result<AuditSlice> write_audit_slice(const journal::Reader& reader, std::int64_t first_seq,
                                              std::int64_t last_seq, std::ostream& out) {
  if (first_seq < 1 || last_seq < first_seq)
    return tl::unexpected(Error{Error::Code::refused, fmt::format("events {} to {}", first_seq, last_seq), "",
                                "Ask for a first and a last event, in this order"});
  AuditSlice slice;
  for (std::int64_t next = first_seq; next <= last_seq;) {
    const auto limit = static_cast<int>(std::min<std::int64_t>(kPage, last_seq - next + 1));
    const auto records = reader.events(next, limit);
    if (!records) return tl::unexpected(records.error());
    if (records->empty()) break;
    for (const Record& record : *records) {
      if (slice.events == 0) {
        slice.first_seq = record.event.seq;
        slice.prev_hash = record.prev_hash;
      }
      out << R"({"event":)" << record.text << R"(,"hash":")" << record.hash << R"(","prev_hash":")"
          << record.prev_hash << "\"}\n";
      slice.last_seq = record.event.seq;
      slice.head_hash = record.hash;
      ++slice.events;
    }
    next = slice.last_seq + 1;
  }
  if (!out)
    return tl::unexpected(Error{Error::Code::io, "the slice could not be written", "", "Check the disk it goes to"});
  return slice;
}

}  // namespace torugart::exchange
