#include "kiosk/journal/reader.h"

#include "tests/kiosk/journal/scratch.h"

namespace torugart::journal {
namespace {

using namespace testing;
using namespace inspection;
using inspection::samples::event;

struct Lane {
  Scratch scratch;
  std::unique_ptr<Journal> journal = open_or_fail(scratch.path());
  std::unique_ptr<Reader> reader = Reader::open(scratch.path()).value();

  void happens(const std::string& crossing, Payload payload) {
    const auto one = event(crossing, std::move(payload));
    const auto done = journal->append({&one, 1});
    ASSERT_TRUE(done.has_value()) << done.error().text();
  }
  std::vector<std::string> ids(std::string_view query, int limit = 100, int offset = 0) const {
    std::vector<std::string> list;
    const auto rows = reader->crossings(query, limit, offset).value();
    for (const auto& row : rows)
      list.push_back(row.id);
    return list;
  }
};

using Ids = std::vector<std::string>;

TEST(Normalise, OneSpellingForAllHands) {
  EXPECT_EQ(normalise_number("mske 123456-5"),
            "MSKE123456"
            "5");
  EXPECT_EQ(normalise_number("МСКЕ 123"), "MCKE123") << "Cyrillic letters that look Latin";
  EXPECT_EQ(normalise_number("м123ау"), "M123AY");
  EXPECT_EQ(normalise_number("ж5"), normalise_number("Ж5"));
  EXPECT_EQ(normalise_number("\xC2\xA0·–-"), "");
  EXPECT_EQ(normalise_number("\xE4\xBA\xAC"
                             "A88"),
            "\xE4\xBA\xAC"
            "A88")
      << "a province of China";
  EXPECT_NO_FATAL_FAILURE(normalise_number("\xC3"));
  EXPECT_NO_FATAL_FAILURE(normalise_number("\xE2\x80"));
}

TEST(Reader, FindsByAnyPartOfAnyNumber) {
  Lane lane;
  lane.happens("c1", Arrived{});
  lane.happens("c1", NumberRead{NumberKind::plate, Place::front, "128ABC02"});
  lane.happens("c1", IdentityConfirmed{{samples::plate("123ABC02"), samples::container("MSKU1234565")}});
  lane.happens("c2", Arrived{});
  lane.happens("c2", DocumentPresented{"TIR", "XC 12345678", "typed"});
  lane.happens("c3", Arrived{});
  lane.happens("c3", IdentityConfirmed{{samples::plate("777ZZZ01")}});
  lane.happens("c3", NumberEdited{samples::plate("777ZZZ01"), samples::plate("778ZZZ01"), "mud"});
  EXPECT_EQ(lane.ids(""), (Ids{"c3", "c2", "c1"})) << "newest first";
  EXPECT_EQ(lane.ids("", 1, 1), (Ids{"c2"}));
  EXPECT_EQ(lane.ids("abc"), (Ids{"c1"}));
  EXPECT_EQ(lane.ids("б в г"), (Ids{})) << "no letter of these plates";
  EXPECT_EQ(lane.ids("28a"), (Ids{"c1"})) << "what was read counts, too";
  EXPECT_EQ(lane.ids("MSKU 123456-5"), (Ids{"c1"}));
  EXPECT_EQ(lane.ids("1234567"), (Ids{"c2"}));
  EXPECT_EQ(lane.ids("12345"), (Ids{"c2", "c1"}));
  EXPECT_EQ(lane.ids("778"), (Ids{"c3"}));
  EXPECT_EQ(lane.ids("777"), (Ids{"c3"})) << "and what was corrected";
  EXPECT_EQ(lane.ids("c2"), (Ids{"c2"}));
  EXPECT_EQ(lane.ids("' OR 1=1 --"), (Ids{}));
  EXPECT_EQ(lane.ids("%"), lane.ids(""));
  EXPECT_EQ(lane.reader->crossings("", 0, 0).error().code, Error::Code::refused);
  EXPECT_EQ(lane.reader->crossings("", 10, -1).error().code, Error::Code::refused);
}

TEST(Reader, KnowsWhatIsOpenAndWhatWaits) {
  Lane lane;
  for (const char* id : {"c1", "c2", "c3"})
    lane.happens(id, Arrived{});
  lane.happens("c1", Departed{});
  lane.happens("c2", ReviewRequested{"suspect"});
  lane.happens("", SignedIn{"ivanova"});
  auto open = lane.reader->open_crossings().value();
  ASSERT_EQ(open.size(), 2U);
  EXPECT_EQ(open[0].id, "c2");
  EXPECT_TRUE(open[0].review_requested);
  EXPECT_EQ(lane.reader->waiting_for_review().value().size(), 1U);
  lane.happens("c2", Reviewed{});
  EXPECT_TRUE(lane.reader->waiting_for_review().value().empty());
  lane.happens("c3", Cancelled{"turned round"});
  EXPECT_EQ(lane.reader->open_crossings().value().size(), 1U);
  EXPECT_EQ(lane.reader->last_seq().value(), 8);
}

TEST(Reader, FoldsACrossing) {
  Lane lane;
  lane.happens("c1", Arrived{Direction::entry});
  lane.happens("c2", Arrived{Direction::exit});
  lane.happens("c1", IdentityConfirmed{{samples::plate()}});
  const auto crossing = lane.reader->crossing("c1").value();
  ASSERT_TRUE(crossing.has_value());
  EXPECT_EQ(crossing->stage, Stage::assess);
  EXPECT_EQ(crossing->last_seq, 3);
  EXPECT_EQ(lane.reader->events_of("c1").value().size(), 2U);
  EXPECT_FALSE(lane.reader->crossing("none").value().has_value());
  EXPECT_TRUE(lane.reader->events_of("none").value().empty());
  EXPECT_EQ(lane.reader->events(2, 10).value().size(), 2U);
  EXPECT_EQ(lane.reader->events(1, 0).error().code, Error::Code::refused);
}

}  // namespace
}  // namespace torugart::journal
