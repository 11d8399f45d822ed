// How this lane reaches its central system. One struct, filled by the program from its TOML file.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "kiosk/central/error.h"

namespace torugart::central {

struct Config {
  std::string url;   // "https://central.customs.example:8443", https only, without a path's last slash
  std::string lane;  // "kordai-2"; must be the common name of the client certificate

  // PEM files. Nothing but this CA is trusted, whatever the machine's own store says.
  std::string ca_file;
  std::string certificate_file;
  std::string key_file;
  // Ed25519 public keys ("BEGIN PUBLIC KEY", one or several while keys change over) that sign receipts and watch
  // lists.
  std::string signing_keys_file;

  std::int64_t risk_deadline_ms = 4'000;  // after it the watch list or the local rule answers
  // A centre that does not answer may have answered for the same numbers and documents before: such an answer is used
  // for so long. 0: never.
  std::int64_t earlier_risk_max_age_s = 24 * 3600;
  std::int64_t connect_deadline_ms = 3'000;
  std::int64_t call_deadline_ms = 30'000;  // any other call, whole
  std::int64_t stalled_after_s = 10;       // a transfer slower than 64 bytes/s for so long is given up
  std::int64_t max_answer_bytes = 4 << 20;

  std::int64_t batch_events = 500;  // at most so many events a batch, and about so many bytes
  std::int64_t batch_bytes = 1 << 20;
  // Of a picture, per request: a broken line costs at most one, and what is more urgent waits for at most one. They grow
  // while the line takes them in less than half a second.
  std::int64_t chunk_bytes = 512 << 10;
  std::int64_t chunk_max_bytes = 8 << 20;
  // Pictures take no more than so much of the line; events, receipts and queries are not held up. 0: all of it.
  std::int64_t upload_bytes_per_s = 0;

  // Pause after the n-th failure in a row: uniform in [d/2, d], d = min(first · 2^(n-1), max).
  std::int64_t backoff_first_ms = 1'000;
  std::int64_t backoff_max_ms = 120'000;
  // What could not be sent as it is (a file gone from the archive, a crossing that the centre gives no receipt for) is
  // left aside so that the rest goes on, and tried again after so long, or at once when somebody asks for it.
  std::int64_t set_aside_s = 900;
  std::int64_t watch_list_period_s = 600;
  std::int64_t ride_along_max_s = 900;  // device noise waits so long at most for a batch that goes anyway
};

// Whether these settings can work: files there and readable, key not open to others, certificate in date and for this
// lane, signing keys well formed. Every fault found, not only the first; empty when all is well. Opens no connection.
// Reentrant.
std::vector<Error> check(const Config& config, std::int64_t wall_us);

struct Reached {
  std::int64_t round_trip_us = 0;
  std::int64_t clock_skew_ms = 0;  // this machine's wall clock minus the centre's; ± 1 s
  bool development = false;        // the centre calls itself a development system
};

// Asks the centre for its time, once: for `torugart doctor`. Blocks up to connect + call deadline. Reentrant.
tl::expected<Reached, Error> probe(const Config& config);

}  // namespace torugart::central
