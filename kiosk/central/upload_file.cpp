// Uploader: files, by the tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload), core and creation.
#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "kiosk/archive/archive.h"
#include "kiosk/central/uploader.h"
#include "kiosk/central/wire.h"

namespace torugart::central {
namespace {

constexpr const char* kTus = "Tus-Resumable: 1.0.0";
constexpr std::int64_t kQuick_us = 500'000;
constexpr long kChecksumMismatch = 460;  // of tus: what arrived does not have the hash that was announced

std::string base64(std::string_view text) {
  std::string out(sodium_base64_ENCODED_LEN(text.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();  // the terminating zero
  return out;
}

std::optional<std::int64_t> offset_header(const HttpResponse& response) {
  const auto* text = response.header("upload-offset");
  std::int64_t value = 0;
  if (!text) return std::nullopt;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), value);
  if (read.ec != std::errc() || read.ptr != text->data() + text->size() || value < 0) return std::nullopt;
  return value;
}

Error bad(std::string what, std::string where) {
  return {Failure::bad_answer, std::move(what), std::move(where), "Check that both follow the same contract version"};
}

}  // namespace

tl::expected<Uploader::Did, Error> Uploader::send_file(const std::stop_token& stop) {
  std::string crossing;
  const auto file = ledger_.next_file(stuck_files_, crossing);
  if (!file) return Did::nothing;
  if (current_.sha256 != file->sha256) {
    current_ = {};
    current_.sha256 = file->sha256;
    current_.location = ledger_.upload_of(file->sha256).value_or("");
  }
  if (!current_.content) {
    auto opened = stores_.files->open_file(file->sha256);
    if (!opened) {
      stuck_files_.push_back(file->sha256);
      current_ = {};
      return tl::unexpected(Error{Failure::local,
                                  fmt::format("A file of crossing {} is not in the archive", crossing), file->sha256,
                                  "Restore the archive from its copy, then press Try again"});
    }
    current_.content = std::move(*opened);
    current_.bytes = current_.content->bytes();
  }
  if (current_.location.empty()) {
    auto location = begin_file(*file, crossing, stop);
    if (!location) return tl::unexpected(location.error());
    current_.location = std::move(*location);
    if (auto kept = ledger_.set_upload(file->sha256, current_.location); !kept) return tl::unexpected(kept.error());
  }
  if (!current_.offset) {
    const auto offset = offset_of(current_.location, stop);
    if (!offset) return tl::unexpected(offset.error());
    if (*offset < 0) {  // the centre forgot this upload: begin again
      current_.location.clear();
      if (auto kept = ledger_.set_upload(file->sha256, std::nullopt); !kept) return tl::unexpected(kept.error());
      return Did::something;
    }
    if (*offset > current_.bytes)
      return tl::unexpected(bad("The centre has more of a file than there is", current_.location));
    current_.offset = *offset;
  }
  if (*current_.offset < current_.bytes) return send_chunk(*file, stop);
  if (auto done = ledger_.file_sent(file->sha256); !done) return tl::unexpected(done.error());
  current_ = {};
  return Did::something;
}

tl::expected<std::string, Error> Uploader::begin_file(const inspection::FileRef& file, const std::string& crossing,
                                                      const std::stop_token& stop) {
  const std::string path = "/v1/files";
  const auto response =
      call({"POST",
            path,
            {kTus, fmt::format("Upload-Length: {}", current_.bytes),
             fmt::format("Upload-Metadata: sha256 {},filetype {},lane {},crossing {},role {}", base64(file.sha256),
                         base64(file.media_type), base64(config_.lane), base64(crossing), base64(file.role))},
            {},
            0},
           stop);
  if (!response) return tl::unexpected(response.error());
  if (auto error = error_of(*response, path)) return tl::unexpected(std::move(*error));
  const auto* location = response->header("location");
  if (response->status != 201 || !location)
    return tl::unexpected(bad("The centre began a file but did not say where", path));
  // never send pictures to another machine because an answer says so
  std::string where = location->starts_with(config_.url + "/") ? location->substr(config_.url.size()) : *location;
  if (!where.starts_with("/") || where.starts_with("//") || where.size() > 1024)
    return tl::unexpected(bad("The centre wants a file sent somewhere else", path));
  current_.offset = offset_header(*response);
  return where;
}

// -1: the centre does not know this upload.
tl::expected<std::int64_t, Error> Uploader::offset_of(const std::string& location, const std::stop_token& stop) {
  const auto response = call({"HEAD", location, {kTus}, {}, 0}, stop);
  if (!response) return tl::unexpected(response.error());
  if (response->status == 404 || response->status == 410) return -1;
  if (auto error = error_of(*response, location)) return tl::unexpected(std::move(*error));
  const auto offset = offset_header(*response);
  if (!offset) return tl::unexpected(bad("The centre does not say how much of a file it has", location));
  return *offset;
}

tl::expected<Uploader::Did, Error> Uploader::send_chunk(const inspection::FileRef& file,
                                                        const std::stop_token& stop) {
  const auto from = *current_.offset;
  const auto size = std::min(chunk_size(), current_.bytes - from);
  auto chunk = current_.content->read(from, static_cast<std::size_t>(size));
  if (!chunk || std::ssize(*chunk) != size) {
    current_ = {};
    return tl::unexpected(
        Error{Failure::local, "A file of the archive cannot be read", file.sha256, "Check the disk"});
  }
  current_.offset.reset();                            // not known until the centre has answered
  const auto grown = std::exchange(chunk_bytes_, 0);  // small again, unless this one gets there
  const auto response =
      call({"PATCH",
            current_.location,
            {kTus, "Content-Type: application/offset+octet-stream", fmt::format("Upload-Offset: {}", from)},
            std::move(*chunk),
            0},
           stop);
  if (!response) return tl::unexpected(response.error());
  if (response->status == 404 || response->status == 409 || response->status == 410) {
    // another offset than we thought, or the upload is gone: HEAD tells, after a pause
    return tl::unexpected(
        Error{Failure::busy, "The centre and this lane disagree how much of a file was sent", current_.location, ""});
  }
  if (response->status == kChecksumMismatch) {
    // either the line changed it (the centre starts over) or our copy is no longer what was recorded
    current_ = {};
    if (auto kept = ledger_.set_upload(file.sha256, std::nullopt); !kept) return tl::unexpected(kept.error());
    if (const auto checked = stores_.files->check(file.sha256); !checked) {
      stuck_files_.push_back(file.sha256);
      return tl::unexpected(Error{Failure::local, checked.error().what, file.sha256,
                                  "Restore the archive from its copy, then press Try again"});
    }
    return tl::unexpected(
        Error{Failure::bad_answer, "A file arrived damaged at the centre and is sent again", file.sha256, ""});
  }
  if (auto error = error_of(*response, current_.location)) return tl::unexpected(std::move(*error));
  const auto offset = offset_header(*response);
  if (!offset || *offset <= from || *offset > current_.bytes)
    return tl::unexpected(bad("The centre does not say how much of a file it has", current_.location));
  chunk_bytes_ = grown;
  chunk_sent(*offset - from, response->round_trip_us);
  current_.offset = *offset;
  return Did::something;
}

// With a bound for pictures: at most a second's worth, so that even then a decision does not wait for long.
std::int64_t Uploader::chunk_size() const {
  auto size = std::max(chunk_bytes_, config_.chunk_bytes);
  if (config_.upload_bytes_per_s > 0) size = std::min(size, config_.upload_bytes_per_s);
  return std::max<std::int64_t>(size, 1);
}

void Uploader::chunk_sent(std::int64_t bytes, std::int64_t round_trip_us) {
  if (config_.upload_bytes_per_s > 0)
    picture_not_before_us_ =
        board_.ambient().mono_us() - round_trip_us + bytes * 1'000'000 / config_.upload_bytes_per_s;
  if (round_trip_us < kQuick_us) chunk_bytes_ = std::min(2 * chunk_size(), config_.chunk_max_bytes);
}

}  // namespace torugart::central
