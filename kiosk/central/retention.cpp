#include "kiosk/central/retention.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "kiosk/archive/archive.h"
#include "kiosk/central/wire.h"
#include "kiosk/central/wire_json.h"
#include "kiosk/journal/outbox.h"
#include "kiosk/journal/reader.h"

namespace torugart::central {
namespace {

using nlohmann::json;

constexpr std::string_view kKey = "central/retention";
constexpr std::int64_t kDayUs = 86'400'000'000;
constexpr int kPage = 500;

template <typename LibraryError>
tl::unexpected<Error> local(const LibraryError& e) {
  return tl::unexpected(Error{Failure::local, e.what, e.where, e.remedy});
}

// When it was issued; nothing when the centre did not sign exactly this.
std::optional<std::int64_t> issued(const inspection::Acknowledged& receipt, const std::vector<SigningKey>& keys) {
  const auto payload = verified_payload(receipt.signature, kReceiptType, keys);
  const auto said = payload ? wire::parse(*payload) : json();
  if (!said.is_object() || wire::text_field(said, "receipt", 200) != receipt.receipt ||
      wire::text_field(said, "crossing", 200) != receipt.crossing ||
      wire::text_field(said, "files_hash", 64) != files_hash(receipt.files))
    return std::nullopt;
  return wall_us_from_rfc3339(wire::text_field(said, "issued_at", 40).value_or(""));
}

}  // namespace

Retention::Retention(Stores stores, std::vector<SigningKey> keys, RetentionRule rule)
    : stores_(stores), keys_(std::move(keys)), rule_(rule) {}

tl::expected<void, Error> Retention::load() {
  const auto kept = stores_.memory->get(kKey);
  if (!kept) return local(kept.error());
  loaded_ = true;
  const auto value = *kept ? wire::parse(**kept) : json();
  if (!value.is_object()) return {};
  const auto read_to = wire::seq_field(value, "read_to"), newest = wire::seq_field(value, "newest");
  const auto list = value.find("waiting");
  if (!read_to || !newest || list == value.end() || !list->is_array()) return {};
  std::deque<Waiting> waiting;
  for (const auto& one : *list) {
    const auto seq = wire::seq_field(one, "seq"), at = wire::seq_field(one, "issued");
    if (!seq || !at) return {};  // not what this wrote: the journal is read again
    waiting.push_back({*seq, *at, one.value("detained", false)});
  }
  read_to_ = *read_to;
  newest_wall_us_ = *newest;
  waiting_ = std::move(waiting);
  return {};
}

tl::expected<void, Error> Retention::remember() {
  json waiting = json::array();
  for (const auto& one : waiting_)
    waiting.push_back({{"seq", one.seq}, {"issued", one.issued_wall_us}, {"detained", one.detained}});
  const auto kept = stores_.memory->put(
      kKey, json{{"read_to", read_to_}, {"newest", newest_wall_us_}, {"waiting", std::move(waiting)}}.dump());
  if (!kept) return local(kept.error());
  return {};
}

void Retention::take(std::int64_t seq, const inspection::Acknowledged& receipt) {
  const auto at = issued(receipt, keys_);
  if (!at) return;
  newest_wall_us_ = std::max(newest_wall_us_, *at);
  if (receipt.files.empty()) return;
  const auto crossing = stores_.events->crossing(receipt.crossing);
  // What cannot be folded is kept as long as the longest.
  const bool detained = !crossing || !*crossing || (*crossing)->detained ||
                        ((*crossing)->decision && (*crossing)->decision->verdict == inspection::Verdict::suspect);
  waiting_.push_back({seq, *at, detained});
}

tl::expected<void, Error> Retention::read_on() {
  for (;;) {
    const auto page = stores_.events->events(read_to_ + 1, kPage);
    if (!page) return local(page.error());
    for (const auto& record : *page) {
      if (const auto* receipt = std::get_if<inspection::Acknowledged>(&record.event.payload))
        take(record.event.seq, *receipt);
      read_to_ = record.event.seq;
    }
    if (page->size() < kPage) return {};
  }
}

bool Retention::due(const Waiting& one) const {
  const auto days = one.detained ? std::max(rule_.keep_days, rule_.keep_detained_days) : rule_.keep_days;
  return newest_wall_us_ - one.issued_wall_us >= days * kDayUs;
}

tl::expected<int, Error> Retention::free_files(std::int64_t seq) {
  const auto page = stores_.events->events(seq, 1);
  if (!page) return local(page.error());
  const auto* receipt = page->empty() ? nullptr : std::get_if<inspection::Acknowledged>(&page->front().event.payload);
  if (receipt == nullptr || !issued(*receipt, keys_)) return 0;
  int freed = 0;
  for (const auto& file : receipt->files) {
    if (!stores_.files->has(file)) continue;
    if (auto done = stores_.files->free_with_receipt(file, {receipt->receipt, receipt->files}); !done)
      return local(done.error());
    ++freed;
  }
  return freed;
}

tl::expected<Swept, Error> Retention::sweep() {
  if (!loaded_)
    if (auto done = load(); !done) return tl::unexpected(done.error());
  const auto read_before = read_to_;
  if (auto done = read_on(); !done) return tl::unexpected(done.error());
  Swept swept;
  std::deque<Waiting> stay;
  for (const auto& one : waiting_) {
    if (!due(one)) {
      stay.push_back(one);
      continue;
    }
    const auto freed = free_files(one.seq);
    if (!freed) return tl::unexpected(freed.error());
    ++swept.receipts;
    swept.files += *freed;
  }
  waiting_ = std::move(stay);
  if (swept.receipts > 0 || read_to_ != read_before)
    if (auto done = remember(); !done) return tl::unexpected(done.error());
  return swept;
}

}  // namespace torugart::central
