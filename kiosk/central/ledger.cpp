#include "kiosk/central/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <tuple>

#include "kiosk/central/wire_json.h"
#include "kiosk/journal/outbox.h"

namespace torugart::central {
namespace {

using nlohmann::json;

constexpr std::string_view kSent = "central/sent", kRow = "central/crossing/", kUpload = "central/upload/";
constexpr int kPage = 500;

tl::unexpected<Error> local(const journal::Error& e) {
  return tl::unexpected(Error{Failure::local, e.what, e.where, e.remedy});
}

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

std::string text_of(const CrossingRow& row) {
  json waiting = json::array();
  for (const auto& f : row.waiting)
    waiting.push_back({{"bytes", f.bytes}, {"media", f.media_type}, {"role", f.role}, {"sha256", f.sha256}});
  return json{
      {"against", row.against}, {"closed", row.closed}, {"closed_wall_us", row.closed_wall_us}, {"head", row.head},
      {"last", row.last},       {"sent", row.sent},     {"waiting", std::move(waiting)}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<CrossingRow> row_from(const std::string& text) {
  const auto value = wire::parse(text);
  if (!value.is_object()) return std::nullopt;
  CrossingRow row;
  const auto last = wire::seq_field(value, "last"), closed_at = wire::seq_field(value, "closed_wall_us");
  auto sent = wire::hash_list(value, "sent");
  const auto waiting = value.find("waiting"), closed = value.find("closed");
  if (!last || !closed_at || !sent || waiting == value.end() || !waiting->is_array() || closed == value.end() ||
      !closed->is_boolean())
    return std::nullopt;
  row.last = *last;
  row.closed_wall_us = *closed_at;
  row.closed = closed->get<bool>();
  const auto against = value.find("against");  // absent in rows of earlier versions
  row.against = against != value.end() && against->is_boolean() && against->get<bool>();
  row.head = wire::text_field(value, "head", 64).value_or("");
  row.sent = std::move(*sent);
  for (const auto& f : *waiting) {
    if (!f.is_object()) return std::nullopt;
    row.waiting.push_back({wire::text_field(f, "role", 4096).value_or(""),
                           wire::text_field(f, "sha256", 64).value_or(""), wire::seq_field(f, "bytes").value_or(0),
                           wire::text_field(f, "media", 4096).value_or("")});
  }
  return row;
}

void take_in(CrossingRow& row, const journal::Record& record) {
  row.last = std::max(row.last, record.event.seq);
  if (row.last == record.event.seq) row.head = record.hash;
  if (std::holds_alternative<inspection::Departed>(record.event.payload) ||
      std::holds_alternative<inspection::Cancelled>(record.event.payload)) {
    row.closed = true;
    row.closed_wall_us = record.event.wall_us;
  }
  row.against = row.against || speaks_against(record.event.payload);
  for (const auto& file : files_of(record.event.payload)) {
    if (!wire::is_hash(file.sha256)) continue;
    const bool known =
        contains(row.sent, file.sha256) ||
        std::any_of(row.waiting.begin(), row.waiting.end(), [&](const auto& w) { return w.sha256 == file.sha256; });
    if (!known) row.waiting.push_back(file);
  }
}

}  // namespace

tl::expected<void, Error> Ledger::load() {
  const auto sent = stores_.memory->get(kSent);
  if (!sent) return local(sent.error());
  if (*sent) std::from_chars((*sent)->data(), (*sent)->data() + (*sent)->size(), sent_);
  scanned_ = sent_;  // what was not sent is read again: folding an event twice changes nothing
  const auto rows = stores_.memory->list(kRow);
  if (!rows) return local(rows.error());
  for (const auto& kept : *rows)
    if (auto row = row_from(kept.second)) rows_[kept.first.substr(kRow.size())] = std::move(*row);
  return {};
}

tl::expected<void, Error> Ledger::scan() {
  for (;;) {
    const auto page = stores_.events->events(scanned_ + 1, kPage);
    if (!page) return local(page.error());
    if (page->empty()) return {};
    std::map<std::string, bool> touched;
    for (const auto& record : *page) {
      if (scanned_ == sent_) first_unsent_wall_us_ = record.event.wall_us;
      if (auto folded = fold(record, touched); !folded) return folded;
      scanned_ = record.event.seq;
      if (rides_along(record.event.payload)) continue;
      if (!batch_due()) first_real_wall_us_ = record.event.wall_us;
      last_real_ = record.event.seq;
    }
    Changes changes;
    for (const auto& crossing : touched)
      row_change(crossing.first, changes);
    if (auto kept = keep(std::move(changes)); !kept) return kept;
    if (page->size() < kPage) return {};
  }
}

tl::expected<void, Error> Ledger::fold(const journal::Record& record, std::map<std::string, bool>& touched) {
  if (const auto* receipt = std::get_if<inspection::Acknowledged>(&record.event.payload)) {
    const auto row = rows_.find(receipt->crossing);
    if (row != rows_.end() && row->second.last <= receipt->up_to) {
      rows_.erase(row);
      given_.erase(receipt->crossing);
      touched[receipt->crossing] = true;
    }
    return {};
  }
  const auto& crossing = record.event.crossing;
  if (crossing.empty() || !calls_for_receipt(record.event.payload)) return {};
  if (!rows_.contains(crossing) && !std::holds_alternative<inspection::Arrived>(record.event.payload))
    if (auto known = reopen(crossing, record.event.seq); !known) return known;
  take_in(rows_[crossing], record);
  touched[crossing] = true;
  return {};
}

// A crossing that had its receipt, or whose beginning this outbox never saw, goes on: what the last receipt did not
// cover is owed.
tl::expected<void, Error> Ledger::reopen(const std::string& crossing, std::int64_t before) {
  const auto records = stores_.events->events_of(crossing);
  if (!records) return local(records.error());
  std::int64_t covered = 0;
  for (const auto& record : *records)
    if (const auto* receipt = std::get_if<inspection::Acknowledged>(&record.event.payload))
      covered = std::max(covered, receipt->up_to);
  CrossingRow row;
  for (const auto& record : *records) {
    if (record.event.seq >= before || !calls_for_receipt(record.event.payload)) continue;
    take_in(row, record);
    if (record.event.seq > covered) continue;
    for (const auto& file : row.waiting)
      row.sent.push_back(file.sha256);
    row.waiting.clear();
  }
  rows_[crossing] = std::move(row);
  return {};
}

tl::expected<void, Error> Ledger::batch_sent(std::int64_t up_to) {
  if (auto kept = keep({{std::string(kSent), fmt::format("{}", up_to)}}); !kept) return kept;
  sent_ = std::max(sent_, up_to);
  if (!batch_due() && sent_ >= scanned_) return {};
  const auto next = stores_.events->events(sent_ + 1, 1);  // the oldest that still waits: its time, for the status
  if (!next) return local(next.error());
  if (!next->empty()) first_unsent_wall_us_ = first_real_wall_us_ = next->front().event.wall_us;
  return {};
}

tl::expected<void, Error> Ledger::rewind(std::int64_t to) {
  if (auto kept = keep({{std::string(kSent), fmt::format("{}", to)}}); !kept) return kept;
  sent_ = scanned_ = last_real_ = to;
  return scan();
}

std::optional<inspection::FileRef> Ledger::next_file(const std::vector<std::string>& skip,
                                                     std::string& crossing) const {
  const std::pair<const std::string, CrossingRow>* best = nullptr;
  const inspection::FileRef* file = nullptr;
  const auto rank = [](const CrossingRow& row) {
    return std::tuple(!row.against, row.closed ? row.closed_wall_us : INT64_MAX, row.last);
  };
  for (const auto& entry : rows_) {
    if (entry.second.last > sent_ || (best && rank(entry.second) >= rank(best->second))) continue;
    for (const auto& waiting : entry.second.waiting) {
      if (contains(skip, waiting.sha256)) continue;
      best = &entry;
      file = &waiting;
      break;
    }
  }
  if (!file) return std::nullopt;
  crossing = best->first;
  return *file;
}

bool Ledger::file_waits() const {
  return std::any_of(rows_.begin(), rows_.end(), [](const auto& entry) { return !entry.second.waiting.empty(); });
}

tl::expected<void, Error> Ledger::file_sent(const std::string& sha256) {
  Changes changes{{std::string(kUpload) + sha256, std::nullopt}};
  for (auto& entry : rows_) {
    auto& row = entry.second;
    const auto before = row.waiting.size();
    std::erase_if(row.waiting, [&](const auto& file) { return file.sha256 == sha256; });
    if (row.waiting.size() == before) continue;
    row.sent.push_back(sha256);
    row_change(entry.first, changes);
  }
  return keep(std::move(changes));
}

std::optional<std::string> Ledger::upload_of(const std::string& sha256) const {
  const auto kept = stores_.memory->get(std::string(kUpload) + sha256);
  return kept ? *kept : std::nullopt;
}

tl::expected<void, Error> Ledger::set_upload(const std::string& sha256, const std::optional<std::string>& location) {
  return keep({{std::string(kUpload) + sha256, location}});
}

std::optional<ReceiptRequest> Ledger::next_receipt(const std::string& lane,
                                                   const std::vector<std::string>& skip) const {
  for (const auto& entry : rows_) {
    const auto& row = entry.second;
    if (!row.closed || !row.waiting.empty() || row.last > sent_ || contains(skip, entry.first)) continue;
    const auto given = given_.find(entry.first);
    if (given != given_.end() && given->second >= row.last) continue;
    auto files = row.sent;
    std::sort(files.begin(), files.end());
    return ReceiptRequest{lane, entry.first, row.last, row.head, std::move(files)};
  }
  return std::nullopt;
}

tl::expected<void, Error> Ledger::files_missing(const std::string& crossing, const std::vector<std::string>& files) {
  const auto row = rows_.find(crossing);
  if (row == rows_.end()) return {};
  const auto records = stores_.events->events_of(crossing);
  if (!records) return local(records.error());
  Changes changes;
  std::erase_if(row->second.sent, [&](const auto& sha) { return contains(files, sha); });
  for (const auto& record : *records)
    for (const auto& file : files_of(record.event.payload))
      if (contains(files, file.sha256)) {
        take_in(row->second, record);
        changes.emplace_back(std::string(kUpload) + file.sha256, std::nullopt);
      }
  row_change(crossing, changes);
  return keep(std::move(changes));
}

void Ledger::fill(Status& s) const {
  s.sent_up_to = sent_;
  s.events_waiting = scanned_ - sent_;
  s.files_waiting = s.bytes_waiting = s.receipts_waiting = 0;
  s.oldest_waiting_wall_us = oldest_unsent_wall_us();
  for (const auto& entry : rows_) {
    const auto& row = entry.second;
    for (const auto& file : row.waiting) {
      ++s.files_waiting;
      s.bytes_waiting += file.bytes;
    }
    if (!row.closed) continue;
    ++s.receipts_waiting;
    if (s.oldest_waiting_wall_us == 0 || row.closed_wall_us < s.oldest_waiting_wall_us)
      s.oldest_waiting_wall_us = row.closed_wall_us;
  }
}

void Ledger::row_change(const std::string& crossing, Changes& changes) const {
  const auto row = rows_.find(crossing);
  changes.emplace_back(std::string(kRow) + crossing,
                       row == rows_.end() ? std::nullopt : std::optional<std::string>(text_of(row->second)));
}

tl::expected<void, Error> Ledger::keep(Changes changes) {
  if (changes.empty()) return {};
  const auto kept = stores_.memory->put_all(changes);
  if (!kept) return local(kept.error());
  return {};
}

}  // namespace torugart::central
