#include "kiosk/journal/glance.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "kiosk/inspection/event_json.h"
#include "tests/kiosk/journal/scratch.h"

namespace torugart::journal {
namespace {

using nlohmann::json;

bool is_canonical(const std::string& text) {
  const json parsed = json::parse(text, nullptr, false);
  return parsed.is_object() && parsed.dump(-1, ' ', false, json::error_handler_t::replace) == text;
}

TEST(Glance, SeesPlainEvents) {
  auto event = inspection::samples::event("c1", inspection::ReviewRequested{"suspect"});
  event.seq = 17;
  event.lane = "kordai-2";
  const auto text = inspection::canonical_text(event);
  const auto seen = glance_at(text);
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->seq, 17);
  EXPECT_EQ(seen->lane, "kordai-2");
  EXPECT_EQ(seen->type, "review_requested");
}

TEST(Glance, LeavesTheRestToACloserLook) {
  for (const char* text : {R"({"lane":"a","seq":1.5,"type":"b"})", R"({"lane":"é","seq":1,"type":"b"})",
                           R"({"lane":"a\n","seq":1,"type":"b"})", R"({"seq":1,"lane":"a","type":"b"})",
                           R"({"lane":"a", "seq":1,"type":"b"})", R"({"lane":"a","seq":01,"type":"b"})",
                           R"({"lane":"a","seq":-0,"type":"b"})", R"({"lane":"a","seq":1,"seq":1,"type":"b"})",
                           R"({"lane":"a","seq":1,"type":"b"}x)", R"({"lane":"a","seq":1,"type":"b")", R"([])", "",
                           "{", R"({"lane":"a","seq":1})", R"({"lane":"a","seq":1,"type":"b",})"})
    EXPECT_FALSE(glance_at(text).has_value()) << text;
}

// Whatever it says yes to is what parsing and printing again would say yes to.
TEST(Glance, NeverSaysYesToWhatIsNotCanonical) {
  std::mt19937 random(7);
  int seen = 0, not_seen = 0;
  for (auto event : testing::one_of_each()) {
    event.seq = 1;
    event.lane = "kordai-2";
    const auto good = inspection::canonical_text(event);
    ASSERT_TRUE(is_canonical(good));
    for (int i = 0; i < 300; ++i) {
      std::string text = good;
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text[at] = static_cast<char>(text[at] ^ (1 << (random() % 8)));
          break;
        case 1:
          text.erase(at, 1);
          break;
        case 2:
          text.insert(at, 1, "0123 \",:{}[]-.e\\tn"[random() % 18]);
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 8));
      }
      if (glance_at(text)) {
        ++seen;
        ASSERT_TRUE(is_canonical(text)) << text;
      } else {
        ++not_seen;
      }
    }
  }
  EXPECT_GT(seen, 100);
  EXPECT_GT(not_seen, 100);
}

}  // namespace
}  // namespace torugart::journal
