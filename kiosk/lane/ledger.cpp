#include "kiosk/lane/ledger.h"

#include <algorithm>
#include <utility>

#include "kiosk/journal/appender.h"

namespace torugart::lane {
namespace {

class JournalLedger final : public Ledger {
 public:
  JournalLedger(journal::Appender& appender, const journal::Reader& reader, std::string path)
      : appender_(appender), reader_(reader), path_(std::move(path)) {}

  journal::Result<std::int64_t> append(std::vector<inspection::Event> events, Done done) override {
    return appender_.append(std::move(events), std::move(done));
  }
  std::int64_t last_seq() const override { return appender_.last_seq(); }
  std::int64_t durable_seq() const override { return appender_.durable_seq(); }
  std::optional<journal::Error> trouble() const override { return appender_.trouble(); }

  journal::Result<std::vector<inspection::Crossing>> open_crossings() const override {
    const auto rows = reader_.open_crossings();
    if (!rows) return tl::unexpected(rows.error());
    std::vector<inspection::Crossing> out;
    for (const auto& row : *rows) {
      auto crossing = reader_.crossing(row.id);
      if (!crossing) return tl::unexpected(crossing.error());
      if (*crossing) out.push_back(std::move(**crossing));
    }
    return out;
  }
  journal::Result<std::optional<inspection::Crossing>> crossing(const std::string& id) const override {
    return reader_.crossing(id);
  }
  journal::Result<std::vector<inspection::Event>> events_of(const std::string& crossing) const override {
    auto records = reader_.events_of(crossing);
    if (!records) return tl::unexpected(records.error());
    std::vector<inspection::Event> out;
    for (auto& record : *records)
      out.push_back(std::move(record.event));
    return out;
  }
  journal::Result<std::vector<journal::CrossingRow>> crossings(const std::string& query, int limit) const override {
    return reader_.crossings(query, limit, 0);
  }
  journal::Result<journal::VerifyReport> verify() const override { return journal::verify(path_); }

 private:
  journal::Appender& appender_;
  const journal::Reader& reader_;
  const std::string path_;
};

class ArchiveStore final : public Store {
 public:
  explicit ArchiveStore(archive::Archive& archive) : archive_(archive) {}

  archive::Result<archive::FileInfo> put(std::span<const std::uint8_t> bytes,
                                         const std::string& media_type) override {
    return archive_.put(bytes, media_type);
  }
  archive::Result<archive::FileInfo> put_file(const std::string& path, const std::string& media_type) override {
    return archive_.put_file(path, media_type);
  }
  archive::Result<std::vector<std::uint8_t>> get(const std::string& sha256) const override {
    return archive_.get(sha256);
  }
  archive::Space space() const override { return archive_.space(); }

 private:
  archive::Archive& archive_;
};

}  // namespace

std::unique_ptr<Ledger> make_ledger(journal::Appender& appender, const journal::Reader& reader, std::string path) {
  return std::make_unique<JournalLedger>(appender, reader, std::move(path));
}

std::unique_ptr<Store> make_store(archive::Archive& archive) {
  return std::make_unique<ArchiveStore>(archive);
}

}  // namespace torugart::lane
