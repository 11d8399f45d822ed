#include <nlohmann/json.hpp>
#include <sstream>

#include "kiosk/exchange/crossing_export.h"
#include "tests/kiosk/journal/scratch.h"

namespace torugart::exchange {
namespace {

using namespace journal::testing;

struct Made {
  Scratch scratch;
  std::unique_ptr<journal::Reader> reader;
  Made() {
    auto journal = open_or_fail(scratch.path());
    EXPECT_TRUE(journal->append(one_of_each()).has_value());
    reader = journal::Reader::open(scratch.path()).value();
  }
};

TEST(CrossingJson, HasTheFoldTheEventsTheFilesAndTheHashes) {
  const Made made;
  const auto json = crossing_json(*made.reader, "c1").value();
  EXPECT_EQ(json["crossing"]["id"], "c1");
  EXPECT_EQ(json["events"].size(), one_of_each().size());
  EXPECT_EQ(json["files"].size(), 5U);
  EXPECT_EQ(json["journal"]["lane"], "kordai-2");
  EXPECT_EQ(json["journal"]["last_hash"], made.reader->head_hash().value());
  const auto record = made.reader->events(1, 1).value()[0];
  EXPECT_EQ(json["events"][0]["event"].dump(), record.text) << "the hash can be made again from the export";
  EXPECT_EQ(json["events"][0]["hash"], record.hash);
  EXPECT_EQ(crossing_json(*made.reader, "none").error().code, journal::Error::Code::refused);
}

TEST(AuditSlice, IsJsonLinesThatCanBeChecked) {
  const Made made;
  std::ostringstream out;
  const auto slice = write_audit_slice(*made.reader, 3, 7, out).value();
  EXPECT_EQ(slice.events, 5);
  EXPECT_EQ(slice.first_seq, 3);
  EXPECT_EQ(slice.last_seq, 7);
  std::istringstream in(out.str());
  std::string line, prev = slice.prev_hash;
  while (std::getline(in, line)) {
    const auto json = nlohmann::json::parse(line);
    EXPECT_EQ(json["prev_hash"], prev);
    prev = json["hash"];
  }
  EXPECT_EQ(prev, slice.head_hash);
  EXPECT_EQ(write_audit_slice(*made.reader, 7, 3, out).error().code, journal::Error::Code::refused);
  EXPECT_EQ(write_audit_slice(*made.reader, 1000, 2000, out).value().events, 0);
}

}  // namespace
}  // namespace torugart::exchange
