// What the checks of conformance*.cpp share: calls as a lane makes them, the test lane's journal, and the tally. Used
// inside kiosk/central only.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "kiosk/central/conformance.h"
#include "kiosk/central/http.h"
#include "kiosk/central/jws.h"
#include "kiosk/central/wire.h"
#include "kiosk/journal/journal.h"
#include "kiosk/journal/reader.h"

namespace torugart::central::conformance {

// Thread-bound.
class Probe {
 public:
  Probe(const ConformanceConfig& config, std::vector<SigningKey> keys, std::ostream& out, std::stop_token stop);

  // `fault` gives what is wrong, or nothing. `rule`: what the contract says. False when it failed.
  bool check(const std::string& name, const std::string& rule, const std::function<std::string()>& fault);
  void skip(const std::string& name, const std::string& why);
  int passed() const { return passed_; }
  int failed() const { return failed_; }

  // The answer, or nothing and trouble() says why.
  std::optional<HttpResponse> call(const std::string& method, const std::string& path,
                                   std::vector<std::string> headers = {}, std::string body = {});
  std::optional<HttpResponse> post_json(const std::string& path, const std::string& body);
  std::optional<HttpResponse> post_batch(const std::string& batch);
  const std::string& trouble() const { return trouble_; }

  // Nothing when the answer has one of these statuses, a Date and, from 400 on, a problem document of that status (and of
  // `type`, unless that is empty).
  std::string expect(const std::optional<HttpResponse>& answer, const std::vector<long>& statuses,
                     const std::string& type = {}) const;

  // -- the lane --
  // Opens the journal in the state folder. Nothing on failure, said in trouble().
  bool open_lane(const std::string& folder);
  std::int64_t append(const std::string& crossing, inspection::Payload payload);  // 0 on failure
  std::vector<journal::Record> records(std::int64_t from) const;
  journal::Journal& lane_journal() { return *journal_; }
  const journal::Reader& reader() const { return *reader_; }
  std::string journal_path() const { return folder_ + "/journal.db"; }
  const std::string& lane() const { return config_.centre.lane; }
  const std::vector<SigningKey>& keys() const { return keys_; }
  const Config& settings() const { return config_.centre; }
  std::int64_t wall_us() const;

 private:
  const ConformanceConfig& config_;
  std::vector<SigningKey> keys_;
  std::ostream& out_;
  std::stop_token stop_;
  Http http_;
  std::string trouble_, folder_, boot_;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<journal::Reader> reader_;
  int passed_ = 0, failed_ = 0;
};

// A file that the events of the check name.
struct CheckFile {
  std::string bytes, sha256;
};
struct CheckCrossings {
  std::string closed, open, lacking;  // one that ended, one that goes on, one that ended and whose file never comes
  CheckFile file, never_sent;
  std::int64_t first = 0;  // seq of the first event of this run
};

void check_line(Probe& probe);  // TLS, time, risk, watch list
// False: the events cannot be brought there, and nothing else can be checked.
bool check_events(Probe& probe, CheckCrossings& crossings);
void check_files(Probe& probe, const CheckCrossings& crossings);
void check_receipts(Probe& probe, const CheckCrossings& crossings);
void check_witness(Probe& probe);

std::string sha256_of(const std::string& bytes);  // hex
// "answered 200" with the first words of the body, for a person.
std::string said(const HttpResponse& answer);

}  // namespace torugart::central::conformance
