// Mutated events: whatever the bytes, event_from_text answers; and what it accepts, it gives back the same.
#include <gtest/gtest.h>

#include <random>

#include "kiosk/inspection/event_json.h"
#include "tests/fuzz/mutate.h"
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

using namespace std::string_view_literals;
constexpr std::string_view kBytes =
    "{}[]\",:0123456789-.eEtfn\\u\x00\xff\x80"
    "a"sv;

TEST(FuzzEventJson, MutatedEventsNeverBreakIt) {
  std::mt19937 random(7);
  for (const Payload& payload : samples::all_payloads()) {
    const std::string good = canonical_text(samples::event("c1", payload));
    ASSERT_TRUE(one_input(good));
    for (int i = 0; i < 300; ++i) {
      const std::string bad = fuzz::mutated(good, random, kBytes);
      ASSERT_TRUE(one_input(bad)) << bad;
    }
  }
}

}  // namespace
}  // namespace torugart::inspection
