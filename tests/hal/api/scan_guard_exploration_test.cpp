// Every state that engine and driver can reach together is visited, breadth first, in steps of 50 ms,
// under every choice that the world has: each contact open, closed or unknown; a reading that comes or does not; an
// engine that renews, is silent, asks, withdraws; beam reported or not; the whole process stopped for a second.
//
// In none of them is beam asked for with an open or unknown contact, with a stale chain, within five seconds of the
// lamp, after an emergency stop without the key, or 300 ms after the engine's last word.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <deque>
#include <unordered_map>

#include "hal/api/scan_guard.h"

namespace torugart::hal {
namespace {

constexpr std::int64_t kTickUs = 50'000;
constexpr int kTicksOfWarning = 100;
constexpr int kTicksFresh = 10, kTicksStale = 11, kTicksOfLease = 6;

enum class Engine { silent, renews, asks, withdraws };

// What the checks need to remember, kept apart from the machines that are checked.
struct Witness {
  int lamp_ticks = 0;       // without a break, at most kTicksOfWarning
  bool stop_seen = false;   // and not made good by the key since
  bool key_out = false;     // after the stop was pulled
  int since_renewal = 0;    // ticks, at most kTicksOfLease + 1
  bool closed_then = true;  // the chain as the engine read it when it renewed last
};

struct Node {
  std::array<ContactState, 3> contacts{ContactState::unknown, ContactState::unknown, ContactState::unknown};
  int age = kTicksStale;  // ticks since the reading, at most kTicksStale
  ChainGuard guard;
  BeamLease::State lease;
  Witness witness;

  std::uint64_t key() const {
    std::uint64_t k = 0;
    const auto add = [&k](std::uint64_t value, std::uint64_t count) { k = k * count + value; };
    for (const auto c : contacts)
      add(static_cast<std::uint64_t>(c), 3);
    add(static_cast<std::uint64_t>(age), kTicksStale + 1);
    add(static_cast<std::uint64_t>(guard.lock()), 4);
    add(static_cast<std::uint64_t>(guard.state()), 4);
    add(static_cast<std::uint64_t>(lease.phase), 4);
    add(static_cast<std::uint64_t>(std::max<std::int64_t>(0, lease.lease_left_us) / 50'000), 8);
    add(static_cast<std::uint64_t>(lease.phase_left_us / kTickUs + 32), 256);
    add(lease.withdrawn ? 1 : 0, 2);
    add(static_cast<std::uint64_t>(witness.lamp_ticks), kTicksOfWarning + 1);
    add(witness.stop_seen ? 1 : 0, 2);
    add(witness.key_out ? 1 : 0, 2);
    add(static_cast<std::uint64_t>(witness.since_renewal), kTicksOfLease + 2);
    add(witness.closed_then ? 1 : 0, 2);
    return k;
  }
};

struct Choice {
  std::optional<std::array<ContactState, 3>> reading;  // none: the chain is silent
  Engine engine = Engine::silent;
  bool beam = false;
  int ticks = 1;
};

BeamLease::Limits limits() {
  BeamLease::Limits out;
  out.longest_beam_us = 4 * kTickUs;
  return out;
}

ChainReading reading_of(const std::array<ContactState, 3>& contacts, std::int64_t at_us) {
  ChainReading r;
  r.at.mono_us = at_us;
  r.contacts = {{"", ContactKind::door, contacts[0]},
                {"", ContactKind::emergency_stop, contacts[1]},
                {"", ContactKind::key, contacts[2]}};
  return r;
}

// `driver_reads`: the driver that writes the request reads the chain itself; otherwise only the engine does, and the
// request has to go by withdraw() and the lease alone.
Node next(const Node& from, const Choice& choice, bool driver_reads) {
  constexpr std::int64_t kNow =
      100'000'000;  // the machines know durations only; each tick may begin at the same time
  Node to = from;
  const std::int64_t now = kNow + choice.ticks * kTickUs;
  to.age = std::min(kTicksStale, from.age + choice.ticks);
  to.witness.since_renewal = std::min(kTicksOfLease + 1, from.witness.since_renewal + choice.ticks);
  if (choice.reading) {
    to.contacts = *choice.reading;
    to.age = 0;
    const auto stop = (*choice.reading)[1], key = (*choice.reading)[2];
    if (stop == ContactState::open) {
      to.witness.stop_seen = true;
      to.witness.key_out = false;
    } else if (to.witness.stop_seen && stop == ContactState::closed) {
      if (key == ContactState::open) to.witness.key_out = true;
      if (key == ContactState::closed && to.witness.key_out) to.witness.stop_seen = to.witness.key_out = false;
    }
    to.guard.read(reading_of(to.contacts, now), now);
  } else {
    // The guard keeps its last reading with the time that it had: age ticks ago.
    to.guard.read(reading_of(from.contacts, now - to.age * kTickUs), now);
  }
  BeamLease lease(limits());
  lease.set_state(from.lease, kNow);
  const bool closed = to.guard.may_ask();
  switch (choice.engine) {
    case Engine::silent:
      break;
    case Engine::asks:
      if (closed && lease.ask(now)) {
        to.witness.since_renewal = 0;
        to.witness.closed_then = true;
      }
      break;
    case Engine::renews:  // as the lane engine does: after it has read the whole chain
      if (!closed) {
        lease.withdraw(ScanEnd::withdrawn, {});
      } else if (lease.renew()) {
        to.witness.since_renewal = 0;
        to.witness.closed_then = closed;
      }
      break;
    case Engine::withdraws:
      lease.withdraw(ScanEnd::withdrawn, {});
      break;
  }
  lease.step(now, driver_reads ? closed : true, choice.beam);
  to.lease = lease.state();
  const bool lamp = lease.output().lamp;
  to.witness.lamp_ticks =
      lamp ? std::min(kTicksOfWarning,
                      from.lease.phase == BeamLease::Phase::idle ? 0 : from.witness.lamp_ticks + choice.ticks)
           : 0;
  if (!lease.running()) to.witness.since_renewal = 0, to.witness.closed_then = true;
  return to;
}

std::vector<Choice> choices() {
  constexpr ContactState kAll[] = {ContactState::closed, ContactState::open, ContactState::unknown};
  std::vector<std::optional<std::array<ContactState, 3>>> readings{std::nullopt};
  for (const auto a : kAll)
    for (const auto b : kAll)
      for (const auto c : kAll)
        readings.push_back(std::array{a, b, c});
  std::vector<Choice> out;
  for (const auto& reading : readings)
    for (const auto engine : {Engine::silent, Engine::renews, Engine::asks, Engine::withdraws})
      for (const bool beam : {false, true})
        out.push_back({reading, engine, beam, 1});
  for (const auto engine : {Engine::silent, Engine::renews})  // stopped for a second
    out.push_back({std::nullopt, engine, true, 20});
  return out;
}

struct Seen {
  std::size_t states = 0, asking = 0, beam = 0, locked = 0;
};

Seen explore(bool driver_reads) {
  Seen seen;
  const auto all = choices();
  std::unordered_map<std::uint64_t, bool> known;
  std::deque<Node> queue{Node{}};
  known[queue.front().key()] = true;
  while (!queue.empty()) {
    const Node node = std::move(queue.front());
    queue.pop_front();
    ++seen.states;
    for (const auto& choice : all) {
      Node to = next(node, choice, driver_reads);
      BeamLease lease(limits());
      lease.set_state(to.lease, 0);
      if (lease.output().request) {
        const auto& c = to.contacts;
        const bool all_closed =
            c[0] == ContactState::closed && c[1] == ContactState::closed && c[2] == ContactState::closed;
        if (driver_reads || choice.engine == Engine::renews) {
          EXPECT_TRUE(all_closed) << "asked for with a contact open or unknown";
          EXPECT_LE(to.age, kTicksFresh) << "asked for with a stale chain";
          EXPECT_FALSE(to.witness.stop_seen) << "asked for after an emergency stop without the key";
        }
        EXPECT_EQ(to.witness.lamp_ticks, kTicksOfWarning) << "asked for before the warning was over";
        EXPECT_LT(to.witness.since_renewal, kTicksOfLease) << "asked for after the lease";
        EXPECT_TRUE(to.witness.closed_then);
        if (testing::Test::HasFailure()) return seen;
      }
      seen.asking += to.lease.phase == BeamLease::Phase::asking ? 1U : 0U;
      seen.beam += to.lease.phase == BeamLease::Phase::beam ? 1U : 0U;
      seen.locked += to.guard.state() == ChainState::locked_out ? 1U : 0U;
      if (known.emplace(to.key(), true).second) queue.push_back(std::move(to));
    }
  }
  return seen;
}

void expect_not_empty(const Seen& seen) {
  EXPECT_GT(seen.states, 5'000U);
  EXPECT_GT(seen.asking, 0U);
  EXPECT_GT(seen.beam, 0U);
  EXPECT_GT(seen.locked, 0U);
  testing::Test::RecordProperty("states", static_cast<int>(seen.states));
}

TEST(ScanGuardExploration, BeamIsNeverAskedForWithAnOpenChain) {
  expect_not_empty(explore(true));
}

// The chain is read by one device, the request written by another: the engine stands between them.
TEST(ScanGuardExploration, NorWhenOnlyTheEngineReadsTheChain) {
  expect_not_empty(explore(false));
}

}  // namespace
}  // namespace torugart::hal
