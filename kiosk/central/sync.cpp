#include "kiosk/central/sync.h"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <sodium.h>

#include <chrono>
#include <ostream>

#include "kiosk/archive/archive.h"
#include "kiosk/central/backoff.h"
#include "kiosk/central/board.h"
#include "kiosk/central/jws.h"
#include "kiosk/central/uploader.h"
#include "kiosk/journal/journal.h"
#include "kiosk/journal/outbox.h"
#include "kiosk/journal/reader.h"

namespace torugart::central {
namespace {

constexpr int kDone = 0, kWaits = 1, kUnusable = 2, kHeld = 3;
constexpr int kTries = 4;  // of `once`, for what patience may mend

template <typename E>
std::string words(const E& error) {
  return error.what + (error.where.empty() ? "" : " (" + error.where + ")") +
         (error.remedy.empty() ? "" : ". " + error.remedy);
}

std::string megabytes(std::int64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

bool patience_may_mend(const Error& error) {
  return error.failure == Failure::no_line || error.failure == Failure::busy;
}

// Journals what the centre confirmed.
class Scribe {
 public:
  Scribe(journal::Journal& journal, const Ambient& ambient, std::ostream& out)
      : journal_(journal), ambient_(ambient), out_(out), boot_(fmt::format("sync-{}", ambient.wall_us())) {}

  void write(const std::string& crossing, inspection::Payload payload) {
    inspection::Event event;
    event.crossing = crossing;
    event.actor = inspection::kLaneAccount;
    event.device = "sync";
    event.mono_us = ambient_.mono_us();
    event.wall_us = ambient_.wall_us();
    event.clock = "unknown";
    event.boot = boot_;
    event.payload = std::move(payload);
    if (const auto kept = journal_.append(std::span(&event, 1)); !kept) {
      failed_ = true;
      fmt::print(out_, "The journal did not take a record of the upload: {}\n", words(kept.error()));
    }
  }
  // Whether it signed what no checkpoint covered.
  bool signs_more() {
    const auto before = journal_.signed_seq();
    const auto after = journal_.checkpoint();
    return after && *after > before;
  }
  bool failed() const { return failed_; }

 private:
  journal::Journal& journal_;
  const Ambient& ambient_;
  std::ostream& out_;
  std::string boot_;
  bool failed_ = false;
};

int summary(const Status& status, std::ostream& out) {
  if (status.events_waiting == 0 && status.files_waiting == 0 && status.receipts_waiting == 0) {
    fmt::print(out, "Everything is with the centre, up to event {}.\n", status.sent_up_to);
    return kDone;
  }
  fmt::print(out, "Still waiting: {} events, {} files ({}), {} receipts.\n", status.events_waiting,
             status.files_waiting, megabytes(status.bytes_waiting), status.receipts_waiting);
  return kWaits;
}

}  // namespace

int run_sync(const SyncConfig& config, bool once, std::ostream& out, std::stop_token stop) {
  const auto ambient = system_ambient();
  const auto unusable = [&](const auto& error) {
    fmt::print(out, "{}\n", words(error));
    return kUnusable;
  };
  if (sodium_init() < 0) return unusable(Error{Failure::local, "libsodium cannot be used", "", ""});
  for (const auto& error : check(config.centre, ambient.wall_us()))
    if (error.failure == Failure::configuration) return unusable(error);
  auto keys = signing_keys_from_file(config.centre.signing_keys_file);
  if (!keys) return unusable(keys.error());

  journal::Options options;
  options.lane = config.centre.lane;
  auto writer = journal::Journal::open(config.journal_path, options);
  if (!writer && writer.error().code == journal::Error::Code::locked) {
    fmt::print(out, "The kiosk is running and uploads by itself; nothing was done. Stop the kiosk to use sync.\n");
    return kHeld;
  }
  if (!writer) return unusable(writer.error());
  auto reader = journal::Reader::open(config.journal_path);
  if (!reader) return unusable(reader.error());
  auto outbox = journal::Outbox::open(journal::outbox_path(config.journal_path));
  if (!outbox) return unusable(outbox.error());
  auto archive = archive::Archive::open(config.archive_path, config.archive);
  if (!archive) return unusable(archive.error());

  Board board(ambient);
  Scribe scribe(**writer, ambient, out);
  Callbacks callbacks;
  callbacks.on_uploaded = [&](std::int64_t up_to) {
    fmt::print(out, "Events up to {} are with the centre.\n", up_to);
    scribe.write("", inspection::Uploaded{up_to});
  };
  callbacks.on_receipt = [&](const inspection::Acknowledged& receipt) {
    fmt::print(out, "Receipt {} for crossing {} ({} files).\n", receipt.receipt, receipt.crossing,
               receipt.files.size());
    scribe.write(receipt.crossing, receipt);
  };
  board.set_callbacks(std::move(callbacks));
  Uploader uploader(config.centre, {reader->get(), outbox->get(), archive->get()}, std::move(*keys), board);
  if (const auto loaded = uploader.load(); !loaded) return unusable(loaded.error());

  Backoff backoff(config.centre.backoff_first_ms, config.centre.backoff_max_ms, ambient.random);
  Waker sleep;
  int failures = 0;
  while (!stop.stop_requested()) {
    const auto did = uploader.step(stop, true);
    uploader.show_figures();
    if (scribe.failed()) return kUnusable;
    if (did && *did == Uploader::Did::something) {
      backoff.succeeded();
      failures = 0;
      continue;
    }
    if (did && scribe.signs_more()) continue;  // the checkpoint over what this upload itself recorded
    if (did && once) break;
    std::int64_t pause_ms = 1'000;
    if (!did) {
      fmt::print(out, "{}\n", words(did.error()));
      ++failures;
      if (once && did.error().failure != Failure::local && (!patience_may_mend(did.error()) || failures >= kTries))
        break;
      if (once && failures > 1'000) break;
      pause_ms = backoff.failed_ms();
    }
    out.flush();
    sleep.wait_ms(pause_ms, true, stop);
  }
  return summary(board.status(), out);
}

}  // namespace torugart::central
