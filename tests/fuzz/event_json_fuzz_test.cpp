// Mutated events: whatever the bytes, event_from_text answers; and what it accepts, it gives back the same.
#include <gtest/gtest.h>

#include <random>

#include "kiosk/inspection/event_json.h"
#include "tests/kiosk/inspection/samples.h"

namespace torugart::inspection {
namespace {

bool one_input(const std::string& text) {
  const auto event = event_from_text(text);
  if (!event) return !event.error().what.empty();
  const std::string canonical = canonical_text(*event);
  const auto again = event_from_text(canonical);
  Crossing crossing;
  apply(crossing, *event);
  return again.has_value() && canonical_text(*again) == canonical;
}

std::string mutated(std::string text, std::mt19937& random) {
  static const std::string kBytes =
      "{}[]\",:0123456789-.eEtfn\\u\x00\xff\x80"
      "a";
  for (auto n = 1 + random() % 6; n > 0 && !text.empty(); --n) {
    const std::size_t at = random() % text.size();
    switch (random() % 5) {
      case 0:
        text[at] = kBytes[random() % kBytes.size()];
        break;
      case 1:
        text.erase(at, 1 + random() % 20);
        break;
      case 2:
        text.insert(at, text.substr(random() % text.size(), random() % 40));
        break;
      case 3:
        text.insert(at, 1, kBytes[random() % kBytes.size()]);
        break;
      default:
        text[at] = static_cast<char>(text[at] ^ (1 << random() % 8));
    }
  }
  return text;
}

TEST(FuzzEventJson, MutatedEventsNeverBreakIt) {
  std::mt19937 random(7);
  for (const Payload& payload : samples::all_payloads()) {
    const std::string good = canonical_text(samples::event("c1", payload));
    ASSERT_TRUE(one_input(good));
    for (int i = 0; i < 300; ++i) {
      const std::string bad = mutated(good, random);
      ASSERT_TRUE(one_input(bad)) << bad;
    }
  }
}

}  // namespace
}  // namespace torugart::inspection
