// The watch list that this lane holds: the last whole one and the signed changes to it since, kept in the outbox as they
// were received and checked again when they are read. Used inside kiosk/central only.
//
// `central/watch_list`: the whole list's statement. `central/watch_list_changes`: the changes' statements in their order,
// one a line. Changes are given up for a whole list when there are more than kMaxChanges of them or they outgrew it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/central/client.h"
#include "kiosk/central/watch_list.h"

namespace torugart::central {

// Thread-bound.
class HeldList {
 public:
  static constexpr std::size_t kMaxChanges = 200;

  HeldList(journal::Outbox& memory, std::vector<SigningKey> keys) : memory_(memory), keys_(std::move(keys)) {}

  // What the outbox holds. A change that cannot be used any more leaves the list as it was before it.
  tl::expected<void, Error> load();
  // A whole list or a change, whichever it is; durable when it returns. A list with a lower version is refused. After a
  // change that does not fit, path() asks for the whole list.
  tl::expected<void, Error> take(const std::string& statement);

  const std::optional<WatchList>& list() const { return list_; }
  // "/v1/watch-list", or with "?since=<version>" where a change is enough.
  std::string path() const;

 private:
  tl::expected<void, Error> take_whole(const std::string& statement);
  tl::expected<void, Error> take_change(const std::string& statement);

  journal::Outbox& memory_;
  std::vector<SigningKey> keys_;
  std::optional<WatchList> list_;
  std::string changes_;  // as in the outbox
  std::size_t whole_bytes_ = 0, change_count_ = 0;
  bool whole_needed_ = false;
  bool last_only_dates_ = false;  // the last change changed no entry
  std::size_t before_last_ = 0;   // where it begins
};

}  // namespace torugart::central
