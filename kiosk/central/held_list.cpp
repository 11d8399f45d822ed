#include "kiosk/central/held_list.h"

#include <fmt/format.h>

#include <sstream>

#include "kiosk/journal/outbox.h"

namespace torugart::central {
namespace {

constexpr const char* kWhole = "central/watch_list";
constexpr const char* kChanges = "central/watch_list_changes";
constexpr const char* kPath = "/v1/watch-list";

tl::unexpected<Error> local(const journal::Error& e) {
  return tl::unexpected(Error{Failure::local, e.what, e.where, e.remedy});
}

}  // namespace

tl::expected<void, Error> HeldList::load() {
  const auto whole = memory_.get(kWhole);
  if (!whole) return local(whole.error());
  if (!*whole) return {};
  auto list = watch_list_from(**whole, keys_);
  if (!list) return tl::unexpected(list.error());
  list_ = std::move(*list);
  whole_bytes_ = (*whole)->size();
  const auto changes = memory_.get(kChanges);
  if (!changes) return local(changes.error());
  std::istringstream lines(changes->value_or(""));
  for (std::string line; std::getline(lines, line);) {
    auto next = watch_list_after(*list_, line, keys_);
    if (!next) {
      whole_needed_ = true;
      return tl::unexpected(next.error());
    }
    last_only_dates_ = next->version == list_->version;
    before_last_ = changes_.size();
    list_ = std::move(*next);
    changes_ += line + "\n";
    ++change_count_;
  }
  return {};
}

std::string HeldList::path() const {
  if (!list_ || whole_needed_ || change_count_ >= kMaxChanges || changes_.size() > whole_bytes_ + 65'536)
    return kPath;
  return fmt::format("{}?since={}", kPath, list_->version);
}

tl::expected<void, Error> HeldList::take(const std::string& statement) {
  if (claimed_type(statement) == kWatchListDeltaType) {
    auto taken = take_change(statement);
    if (!taken && taken.error().failure != Failure::local) whole_needed_ = true;
    return taken;
  }
  return take_whole(statement);
}

tl::expected<void, Error> HeldList::take_whole(const std::string& statement) {
  auto list = watch_list_from(statement, keys_);
  if (!list) return tl::unexpected(list.error());
  if (list_ && list->version < list_->version)
    return tl::unexpected(Error{Failure::too_old, "The centre sent a watch list older than the one held", kPath,
                                "Tell the centre's administrators; the newer list stays in use"});
  if (const auto kept = memory_.put_all({{kWhole, statement}, {kChanges, std::nullopt}}); !kept)
    return local(kept.error());
  list_ = std::move(*list);
  changes_.clear();
  whole_bytes_ = statement.size();
  change_count_ = 0;
  whole_needed_ = last_only_dates_ = false;
  return {};
}

tl::expected<void, Error> HeldList::take_change(const std::string& statement) {
  if (!list_)
    return tl::unexpected(Error{Failure::bad_answer, "The centre sent a change to a watch list that is not held",
                                kPath, "Check that both follow the same contract version"});
  auto next = watch_list_after(*list_, statement, keys_);
  if (!next) return tl::unexpected(next.error());
  auto changes = changes_;
  // A change that changes nothing but the dates takes the place of such a one before it: ten minutes apart, they would
  // fill the outbox.
  const bool only_dates = next->version == list_->version;
  if (only_dates && last_only_dates_) changes.resize(before_last_);
  const auto start = changes.size();
  changes += statement + "\n";
  if (const auto kept = memory_.put(kChanges, changes); !kept) return local(kept.error());
  change_count_ += only_dates && last_only_dates_ ? 0 : 1;
  last_only_dates_ = only_dates;
  before_last_ = start;
  list_ = std::move(*next);
  changes_ = std::move(changes);
  return {};
}

}  // namespace torugart::central
