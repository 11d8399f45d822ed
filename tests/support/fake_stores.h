// A journal, an archive and a centre in memory, that break when a test says so. Thread-safe.
#pragma once

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "kiosk/central/centre.h"
#include "kiosk/lane/ledger.h"

namespace torugart::tests {

class MemoryLedger final : public lane::Ledger {
 public:
  journal::Result<std::int64_t> append(std::vector<inspection::Event> events, Done done) override {
    std::unique_lock lock(mutex_);
    if (full_) {
      return tl::unexpected(
          journal::Error{journal::Error::Code::queue_full, "Too much waits for the disk", "", "free some space"});
    }
    const auto first = static_cast<std::int64_t>(events_.size()) + 1;
    for (auto& event : events) {
      event.seq = static_cast<std::int64_t>(events_.size()) + 1;
      events_.push_back(std::move(event));
    }
    const auto last = static_cast<std::int64_t>(events_.size());
    if (broken_) {
      waiting_.emplace_back(last, std::move(done));
      return first;
    }
    durable_ = last;
    lock.unlock();
    if (done) done(last);
    return first;
  }
  std::int64_t last_seq() const override {
    const std::lock_guard lock(mutex_);
    return static_cast<std::int64_t>(events_.size());
  }
  std::int64_t durable_seq() const override {
    const std::lock_guard lock(mutex_);
    return durable_;
  }
  std::optional<journal::Error> trouble() const override {
    const std::lock_guard lock(mutex_);
    if (!broken_) return std::nullopt;
    return journal::Error{journal::Error::Code::disk_full, "The disk is full", "", "free some space"};
  }
  journal::Result<std::vector<inspection::Crossing>> open_crossings() const override {
    std::vector<inspection::Crossing> out;
    for (const auto& crossing : folds()) {
      if (crossing.open()) out.push_back(crossing);
    }
    return out;
  }
  journal::Result<std::optional<inspection::Crossing>> crossing(const std::string& id) const override {
    for (const auto& crossing : folds()) {
      if (crossing.id == id) return crossing;
    }
    return std::nullopt;
  }
  journal::Result<std::vector<inspection::Event>> events_of(const std::string& crossing) const override {
    std::vector<inspection::Event> out;
    for (const auto& event : events()) {
      if (event.crossing == crossing) out.push_back(event);
    }
    return out;
  }
  journal::Result<std::vector<journal::CrossingRow>> crossings(const std::string& query, int limit) const override {
    std::vector<journal::CrossingRow> out;
    auto all = folds();
    std::reverse(all.begin(), all.end());
    for (const auto& crossing : all) {
      const bool hit =
          query.empty() || std::any_of(crossing.numbers.begin(), crossing.numbers.end(),
                                       [&](const auto& n) { return n.text.find(query) != std::string::npos; });
      if (hit && static_cast<int>(out.size()) < limit) {
        journal::CrossingRow row;
        row.id = crossing.id;
        row.open = crossing.open();
        out.push_back(row);
      }
    }
    return out;
  }
  journal::Result<journal::VerifyReport> verify() const override {
    journal::VerifyReport report;
    report.ok = true;
    report.events = last_seq();
    return report;
  }

  // -- for tests
  std::vector<inspection::Event> events() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }
  void break_disk() {  // takes events, writes none
    const std::lock_guard lock(mutex_);
    broken_ = true;
  }
  void fill_up(bool full) {  // takes no more
    const std::lock_guard lock(mutex_);
    full_ = full;
  }
  void mend_disk() {
    std::vector<std::pair<std::int64_t, Done>> waiting;
    {
      const std::lock_guard lock(mutex_);
      broken_ = false;
      waiting.swap(waiting_);
      durable_ = static_cast<std::int64_t>(events_.size());
    }
    for (auto& [seq, done] : waiting) {
      if (done) done(seq);
    }
  }

 private:
  std::vector<inspection::Crossing> folds() const {
    std::vector<inspection::Crossing> out;
    for (const auto& event : events()) {
      if (event.crossing.empty()) continue;
      const auto it = std::find_if(out.begin(), out.end(), [&](const auto& c) { return c.id == event.crossing; });
      if (it != out.end()) {
        inspection::apply(*it, event);
      } else {
        inspection::Crossing fresh;
        inspection::apply(fresh, event);
        out.push_back(std::move(fresh));
      }
    }
    return out;
  }

  mutable std::mutex mutex_;
  std::vector<inspection::Event> events_;
  std::int64_t durable_ = 0;
  bool broken_ = false, full_ = false;
  std::vector<std::pair<std::int64_t, Done>> waiting_;
};

class MemoryStore final : public lane::Store {
 public:
  archive::Result<archive::FileInfo> put(std::span<const std::uint8_t> bytes,
                                         const std::string& media_type) override {
    const std::lock_guard lock(mutex_);
    if (full_) {
      return tl::unexpected(
          archive::Error{archive::Error::Code::disk_full, "The archive's disk is full", "", "free some space"});
    }
    // Not a hash, but as good as one here: the same for the same number of the same store.
    const auto name = fmt::format("{:064x}", files_.size() + 1);
    files_[name].assign(bytes.begin(), bytes.end());
    return archive::FileInfo{name, static_cast<std::int64_t>(bytes.size()), media_type};
  }
  archive::Result<archive::FileInfo> put_file(const std::string& path, const std::string& media_type) override {
    std::ifstream in(path, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    return put({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, media_type);
  }
  archive::Result<std::vector<std::uint8_t>> get(const std::string& sha256) const override {
    const std::lock_guard lock(mutex_);
    const auto it = files_.find(sha256);
    if (it == files_.end()) {
      return tl::unexpected(archive::Error{archive::Error::Code::not_found, "never put here", sha256, ""});
    }
    return it->second;
  }
  archive::Space space() const override {
    const std::lock_guard lock(mutex_);
    return {std::int64_t{100} << 30, std::int64_t{99} << 30, trucks_, 0, 0, true};
  }
  void room_for(std::int64_t trucks) {
    const std::lock_guard lock(mutex_);
    trucks_ = trucks;
  }

  void fill_up(bool full) {
    const std::lock_guard lock(mutex_);
    full_ = full;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<std::uint8_t>> files_;
  bool full_ = false;
  std::int64_t trucks_ = 1500;
};

class FakeCentre final : public central::Centre {
 public:
  void start(central::Callbacks callbacks) override { callbacks_ = std::move(callbacks); }
  void stop() override { callbacks_ = {}; }
  void assess(central::RiskQuery query, std::function<void(central::RiskAnswer)> answer) override {
    const std::lock_guard lock(mutex_);
    queries.push_back(std::move(query));
    answers_.push_back(std::move(answer));
  }
  void events_appended() override {
    const std::lock_guard lock(mutex_);
    ++told;
  }
  void try_now() override {}
  central::Status status() const override { return {}; }

  // -- for tests
  std::vector<central::RiskQuery> queries;
  int told = 0;
  const central::Callbacks& callbacks() const { return callbacks_; }
  // Answers query number `n`, from 0.
  void answer(std::size_t n, inspection::LaneColour colour, bool scan_required) {
    inspection::RiskAssessed risk;
    risk.source = inspection::RiskSource::central;
    risk.colour = colour;
    risk.assessment = fmt::format("a-{}", n);
    risk.scan_required = scan_required;
    answers_.at(n)({queries.at(n).crossing, risk, std::nullopt});
  }

 private:
  std::mutex mutex_;
  central::Callbacks callbacks_;
  std::vector<std::function<void(central::RiskAnswer)>> answers_;
};

}  // namespace torugart::tests
