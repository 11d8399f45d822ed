// The thread that brings the record to the centre. One step at a time, always the most important one there is:
//
//   something that asks to be sent waits  -> POST /v1/events (a batch)
//   else a checkpoint is not witnessed    -> POST /v1/witness/add-checkpoint
//   else a file waits                     -> tus: create, HEAD for the offset, PATCH one chunk
//   else a closed crossing owes a receipt -> POST /v1/receipts, signature checked, on_receipt
//   else sleep until events_appended(), try_now() or the next tick
//
// So a decision overtakes a picture at the next chunk, and the pictures of a detained vehicle those of a cleared one. After a failure it sleeps with backoff and starts again from
// what the outbox and the centre know. Used inside kiosk/central only.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "kiosk/archive/archive.h"
#include "kiosk/central/board.h"
#include "kiosk/central/http.h"
#include "kiosk/central/jws.h"
#include "kiosk/central/ledger.h"

namespace torugart::central {

class Uploader {
 public:
  Uploader(const Config& config, Stores stores, std::vector<SigningKey> keys, Board& board);

  // Thread-safe.
  void events_appended() { waker_.wake(false); }
  void try_now() { waker_.wake(true); }

  void run(const std::stop_token& stop);  // the thread

  // -- step by step, for `torugart sync`; thread-bound, not while run() runs --
  enum class Did { something, nothing };
  tl::expected<void, Error> load();
  tl::expected<Did, Error> step(const std::stop_token& stop, bool everything);
  void show_figures();  // into the status

 private:
  tl::expected<Did, Error> send_batch(const std::stop_token& stop);
  tl::expected<Did, Error> batch_refused(const HttpResponse& response, std::int64_t first);
  tl::expected<Did, Error> send_file(const std::stop_token& stop);
  // Where it is to be sent; an Upload-Offset in the answer goes into current_.offset.
  tl::expected<std::string, Error> begin_file(const inspection::FileRef& file, const std::string& crossing,
                                              const std::stop_token& stop);
  tl::expected<std::int64_t, Error> offset_of(const std::string& location, const std::stop_token& stop);
  tl::expected<Did, Error> send_chunk(const inspection::FileRef& file, const std::stop_token& stop);
  std::int64_t chunk_size() const;
  void chunk_sent(std::int64_t bytes, std::int64_t round_trip_us);
  tl::expected<Did, Error> get_receipt(const ReceiptRequest& asked, const std::stop_token& stop);
  tl::expected<Did, Error> send_checkpoint(const std::stop_token& stop);
  tl::expected<Did, Error> show_key(const std::string& vkey, const std::stop_token& stop);
  tl::expected<Did, Error> keep_cosignature(const journal::StoredCheckpoint& checkpoint, const std::string& lines);
  tl::expected<Did, Error> witness_stuck(Error error);
  void take_up_again();
  void take_up_what_waited_long();
  tl::expected<HttpResponse, Error> call(HttpRequest request, const std::stop_token& stop);

  struct Current {  // the file that is being sent
    std::string sha256, location;
    std::optional<std::int64_t> offset;  // unknown after any failure: asked again
    std::int64_t bytes = 0;
    std::unique_ptr<archive::Archive::Reader> content;
  };

  const Config& config_;
  Stores stores_;
  std::vector<SigningKey> keys_;
  Board& board_;
  Http http_;
  Ledger ledger_;
  Waker waker_;
  Current current_;
  std::int64_t chunk_bytes_ = 0;            // as the line takes it
  std::int64_t picture_not_before_us_ = 0;  // monotonic: what upload_bytes_per_s leaves room for
  bool identity_trouble_told_ = false;
  std::int64_t batch_events_ = 0;
  std::int64_t retry_after_ms_ = 0;
  // What cannot be sent as it is (a file gone from the archive): left aside so that the rest goes on; tried again
  // after Config::set_aside_s, a restart or try_now().
  std::vector<std::string> stuck_files_, stuck_crossings_;
  std::int64_t aside_since_mono_us_ = 0;  // 0: nothing is left aside
  std::optional<std::int64_t>
      witnessed_;               // size of the last checkpoint that the centre cosigned; unknown at the start
  std::string shown_key_;       // that the centre has said it knows
  bool witness_off_ = false;    // this centre is no witness
  bool witness_stuck_ = false;  // as stuck_files_
};

}  // namespace torugart::central
