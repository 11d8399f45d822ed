#include "kiosk/reports/reports.h"

#include <algorithm>

#include "tests/kiosk/inspection/walk.h"

namespace torugart::reports {
namespace {

using namespace inspection;

// Event n happens in second n.
Walk red_truck(Verdict own) {
  Walk w;
  w.arrive(LaneColour::red);
  w.scan();
  w.does(Decide{Verdict::suspect}, kAnna);
  w.does(Review{own, ReviewOutcome::physical_examination, "look"}, kSvetlana);
  w.does(RecordExamination{own == Verdict::suspect, "looked"}, kBoris);
  return w;
}

TEST(Activities, AreTheStagesWithTheirTimes) {
  Walk w;
  w.arrive(LaneColour::green);
  w.does(Release{}, kAnna);
  w.happens(Departed{});
  const auto rows = activities(w.events);
  ASSERT_EQ(rows.size(), 5U);
  const char* names[] = {"identify", "assess", "release", "leaving", "whole"};
  const double seconds[] = {1, 1, 2, 1, 5};  // a release is two events here, a second apart: decided, released
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].activity, names[i]);
    EXPECT_EQ(rows[i].seconds, seconds[i]);
    EXPECT_TRUE(rows[i].by_monotonic_clock);
  }
  const std::string csv = activities_csv(rows);
  EXPECT_EQ(csv.substr(0, csv.find('\n', 50) + 1),
            "crossing,activity,start,end,seconds,source\r\n"
            "c1,identify,2023-11-14T22:13:21.000Z,2023-11-14T22:13:22.000Z,1.000,automatic\r\n");
}

TEST(Activities, OfATruckThatIsStillHereAreOpen) {
  Walk w;
  w.arrive(LaneColour::red);
  const auto rows = activities(w.events);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[2].activity, "scan");
  EXPECT_FALSE(rows[2].end_wall_us.has_value());
  EXPECT_FALSE(rows[3].seconds.has_value());
  EXPECT_TRUE(activities({}).empty());
}

TEST(Activities, OverARestartTheWallClockMeasures) {
  Walk w;
  w.arrive(LaneColour::green);
  w.events[2].boot = "b2";
  w.events[2].mono_us = 1;
  auto rows = activities(w.events);
  EXPECT_FALSE(rows[1].by_monotonic_clock);
  EXPECT_EQ(rows[1].seconds, 1.0);
  w.events[2].wall_us -= 3'600'000'000;  // and somebody set it back
  rows = activities(w.events);
  EXPECT_FALSE(rows[1].seconds.has_value());
}

TEST(Shift, CountsAndAgreement) {
  std::vector<Event> all;
  int n = 0;
  for (const Verdict own : {Verdict::suspect, Verdict::clear, Verdict::suspect}) {
    auto w = red_truck(own);
    for (Event& event : w.events) {
      event.crossing = "c" + std::to_string(n);
      all.push_back(event);
    }
    ++n;
  }
  const auto figures = shift_figures(all, 0, 2'000'000'000'000'000);
  EXPECT_EQ(figures.arrived, 3);
  EXPECT_EQ(figures.open, 3);
  EXPECT_EQ(figures.scanned, 3);
  EXPECT_EQ(figures.suspect, 3);
  EXPECT_EQ(figures.agreement.reviewed, 3);
  EXPECT_EQ(figures.agreement.agreed, 2);
  EXPECT_EQ(figures.agreement.disagreed, 1);
  EXPECT_EQ(figures.agreement.examined, 3);
  EXPECT_EQ(figures.agreement.found, 2);
  const auto identify = std::find_if(figures.stages.begin(), figures.stages.end(),
                                     [](const StageFigure& s) { return s.activity == "identify"; });
  ASSERT_NE(identify, figures.stages.end());
  EXPECT_EQ(identify->count, 3);
  EXPECT_EQ(identify->median_s, 1.0);
  EXPECT_EQ(shift_figures(all, 0, 1).arrived, 0);
}

}  // namespace
}  // namespace torugart::reports
