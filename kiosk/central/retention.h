// When pictures leave the lane: never before the centre has signed a receipt that covers them, and then only after their
// time. The receipt's signature is verified again here, from the journal's copy of it, before the archive is told.
//
// Time is the centre's: what counts is how much later its newest receipt in the journal was issued than the receipt of the
// pictures. So a lane's clock that was turned frees nothing, and a lane without a line keeps everything.
//
//   rule                       keeps
//   keep_days                  pictures of a crossing, after its receipt
//   keep_detained_days         the same, of a truck that was detained or decided suspect
//
// Thread-bound; may run beside the uploader. What is freed is remembered in the outbox (`central/retention`), so that a
// start reads the journal from there on only; losing it costs one pass over the journal.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "kiosk/central/client.h"
#include "kiosk/central/error.h"
#include "kiosk/central/jws.h"

namespace torugart::central {

struct RetentionRule {
  std::int64_t keep_days = 30;
  std::int64_t keep_detained_days = 365;
};

struct Swept {
  int receipts = 0, files = 0;
};

class Retention {
 public:
  Retention(Stores stores, std::vector<SigningKey> keys, RetentionRule rule);

  // Reads what was recorded since the last pass, frees what may go.
  tl::expected<Swept, Error> sweep();

 private:
  struct Waiting {
    std::int64_t seq = 0, issued_wall_us = 0;
    bool detained = false;
    friend bool operator==(const Waiting&, const Waiting&) = default;
  };
  tl::expected<void, Error> load();
  tl::expected<void, Error> read_on();
  tl::expected<void, Error> remember();
  void take(std::int64_t seq, const inspection::Acknowledged& receipt);
  bool due(const Waiting& one) const;
  tl::expected<int, Error> free_files(std::int64_t seq);

  Stores stores_;
  std::vector<SigningKey> keys_;
  RetentionRule rule_;
  bool loaded_ = false;
  std::int64_t read_to_ = 0;
  std::int64_t newest_wall_us_ = 0;  // the centre's time, of its newest receipt
  std::deque<Waiting> waiting_;      // ascending
};

}  // namespace torugart::central
