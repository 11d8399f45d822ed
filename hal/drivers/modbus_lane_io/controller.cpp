#include "hal/drivers/modbus_lane_io/controller.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace torugart::hal::drivers::lane_io {
namespace {

constexpr std::int64_t kPublishEveryUs = 90'000;
constexpr std::int64_t kStandsStillUs = 300'000;  // the controller's program, by its own counter
constexpr std::int64_t kSwitchOffUs = 500'000;    // beam may be reported this long after the request has gone
constexpr std::size_t kMostWaiting = 256;
constexpr auto kCommandPatience = std::chrono::seconds(1);

bool differ(const Image& a, const Image& b) {
  const auto& x = a.chain.contacts;
  const auto& y = b.chain.contacts;
  return !std::equal(x.begin(), x.end(), y.begin(), y.end(),
                     [](const Contact& p, const Contact& q) { return p.state == q.state; }) ||
         a.loops != b.loops || a.barriers != b.barriers || a.beam_on != b.beam_on ||
         a.unasked_beam != b.unasked_beam || a.stands_still != b.stands_still;
}

LoopPlace loop_of(Barrier barrier) {
  return barrier == Barrier::entry ? LoopPlace::arrival : LoopPlace::departure;
}

}  // namespace

std::optional<Controller::Item> Controller::Subscription::next(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  woken_.wait_for(lock, stop, std::chrono::seconds(1), [this] { return !items_.empty(); });
  if (stop.stop_requested() || items_.empty()) return std::nullopt;
  auto item = std::move(items_.front());
  items_.pop_front();
  return item;
}

void Controller::Subscription::put(Item item) {
  {
    const std::lock_guard lock(mutex_);
    // A listener that sleeps loses old images, never phases or the end.
    if (items_.size() >= kMostWaiting) {
      const auto old =
          std::find_if(items_.begin(), items_.end(), [](const Item& i) { return std::holds_alternative<Image>(i); });
      if (old != items_.end()) items_.erase(old);
    }
    items_.push_back(std::move(item));
  }
  woken_.notify_all();
}

Controller::Controller(modbus::Target target, RegisterMap map, const Clock& clock, BeamLease::Limits limits)
    : map_(std::move(map)),
      blocks_(map_.blocks()),
      coils_(map_.coils()),
      clock_(clock),
      connection_([&] {
        target.unit = map_.unit;
        target.timeout_ms = map_.timeout_ms;
        return target;
      }()),
      lease_([&] {
        limits.beam_is_reported = map_.beam && map_.beam->on;
        return limits;
      }()) {}

Controller::~Controller() {
  const std::lock_guard life(life_);
  thread_ = {};
}

std::shared_ptr<Controller::Subscription> Controller::subscribe() {
  const std::lock_guard life(life_);
  auto subscription = std::make_shared<Subscription>();
  {
    const std::lock_guard lock(mutex_);
    subscriptions_.push_back(subscription);
  }
  if (!thread_.joinable()) thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  return subscription;
}

void Controller::unsubscribe(const std::shared_ptr<Subscription>& subscription) {
  const std::lock_guard life(life_);
  bool last = false;
  {
    const std::lock_guard lock(mutex_);
    std::erase(subscriptions_, subscription);
    last = subscriptions_.empty();
  }
  if (last) thread_ = {};  // asks it to stop and waits
}

void Controller::run(const std::stop_token& stop) {
  auto pause = std::chrono::milliseconds(100);
  while (!stop.stop_requested()) {
    auto going = begin();
    if (going) pause = std::chrono::milliseconds(100);
    while (going && !stop.stop_requested()) {
      const auto began = std::chrono::steady_clock::now();
      going = cycle();
      if (!going) break;
      std::unique_lock lock(mutex_);
      wake_.wait_until(lock, stop, began + std::chrono::milliseconds(map_.poll_ms), [this] { return woken_; });
      woken_ = false;
    }
    if (stop.stop_requested()) break;
    lost(going.error());
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, pause, [] { return false; });
    pause = std::min(pause * 2, std::chrono::milliseconds(5000));
  }
  // Nothing stays asked for. The heartbeat ends here too, so the controller needs no good manners of ours.
  {
    const std::lock_guard lock(mutex_);
    lease_.withdraw(ScanEnd::withdrawn, "The device was closed");
  }
  if (connection_.is_open()) {
    for (const auto coil : coils_) {
      const bool light = std::any_of(map_.lights.begin(), map_.lights.end(), [coil](const auto& l) {
        return l && (l->red == coil || l->amber == coil || l->green == coil);
      });
      if (!light && !connection_.write_coil(coil, false)) break;
    }
  }
  lost({ErrorCode::not_open, "The device was closed", "", ""});
}

// A new connection: every output that could ask for something goes to rest before anything is read.
Result<void> Controller::begin() {
  if (auto opened = connection_.open(); !opened) return opened;
  raw_.clear();
  pulses_ = {};
  alive_value_.reset();
  alive_since_us_ = clock_.now().mono_us;
  published_.reset();
  written_once_ = false;
  for (const auto coil : coils_)
    wanted_.try_emplace(coil, false);
  const auto rest = [this](std::uint16_t coil) {
    wanted_[coil] = false;
    return connection_.write_coil(coil, false);
  };
  if (map_.beam) {
    for (const auto coil : {map_.beam->request, map_.beam->lamp})
      if (auto written = rest(coil); !written) return written;
  }
  for (const auto& barrier : map_.barriers) {
    if (!barrier) continue;
    for (const auto coil : {barrier->raise, barrier->lower})
      if (auto written = rest(coil); !written) return written;
  }
  return {};
}

Result<void> Controller::cycle() {
  const auto at = clock_.now();
  if (auto read = read_all(); !read) return read;
  Image image = decode(at);
  std::optional<BeamLease::Change> change;
  std::deque<Waiting> commands;
  {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.now().mono_us;
    guard_.read(image.chain, now);
    change = lease_.step(now, guard_.may_ask(), image.beam_on);
    const bool may_be_on = lease_.output().request;
    if (!image.beam_on || may_be_on) unasked_since_us_.reset();
    if (image.beam_on && !may_be_on && !unasked_since_us_) unasked_since_us_ = now;
    image.unasked_beam = unasked_since_us_ && now - *unasked_since_us_ > kSwitchOffUs;
    commands.swap(commands_);
    linked_ = true;
  }
  follow_pulses(image);
  std::vector<Result<void>> answers;
  for (auto& waiting : commands)
    answers.push_back(waiting.apply(image));
  auto written = write_all(image);
  for (std::size_t i = 0; i < commands.size(); ++i) {
    if (!written && answers[i]) answers[i] = written;
    commands[i].done.set_value(answers[i]);
  }
  if (change) tell_phase(*change, clock_.now());
  if (!written) return written;
  publish(image);
  const std::lock_guard lock(mutex_);
  ++figures_.cycles;
  figures_.longest_cycle_us = std::max(figures_.longest_cycle_us, clock_.now().mono_us - at.mono_us);
  return {};
}

Result<void> Controller::read_all() {
  for (const auto& block : blocks_) {
    const bool bits = block.table == modbus::Table::coil || block.table == modbus::Table::discrete;
    std::vector<std::uint16_t> words(block.count);
    if (bits) {
      std::vector<std::uint8_t> read(block.count);
      if (auto got = connection_.read_bits(block.table, block.first, read); !got) return got;
      std::copy(read.begin(), read.end(), words.begin());
    } else if (auto got = connection_.read_words(block.table, block.first, words); !got) {
      return got;
    }
    for (std::size_t i = 0; i < words.size(); ++i)
      raw_[{block.table, static_cast<std::uint16_t>(block.first + i)}] = words[i];
  }
  return {};
}

bool Controller::bit(const Bit& b) const {
  return (raw_.at(b.at) != 0) == b.when;
}

double Controller::number(const Number& n) const {
  std::uint32_t value = raw_.at(n.at);
  if (n.words == 2) {
    const std::uint32_t next = raw_.at({n.at.table, static_cast<std::uint16_t>(n.at.address + 1)});
    value = n.high_word_first ? (value << 16U | next) : (next << 16U | value);
  }
  return value * n.scale;
}

Image Controller::decode(TimeStamp at) {
  Image image;
  image.at = image.chain.at = at;
  if (map_.alive) {
    const auto value = raw_.at(*map_.alive);
    if (value != alive_value_) alive_since_us_ = at.mono_us;
    alive_value_ = value;
    image.stands_still = at.mono_us - alive_since_us_ > kStandsStillUs;
  }
  const bool known = !image.stands_still;
  for (const auto& contact : map_.contacts) {
    const auto state = !known                ? ContactState::unknown
                       : bit(contact.closed) ? ContactState::closed
                                             : ContactState::open;
    image.chain.contacts.push_back({contact.name, contact.kind, state});
  }
  for (std::size_t i = 0; i < map_.loops.size(); ++i) {
    const auto& loop = map_.loops[i];
    if (!loop) continue;
    const bool healthy = known && (!loop->healthy || bit(*loop->healthy));
    image.loops[i] = !healthy ? LoopState::unknown : bit(loop->occupied) ? LoopState::occupied : LoopState::free;
  }
  for (std::size_t i = 0; i < map_.barriers.size(); ++i) {
    const auto& barrier = map_.barriers[i];
    if (!barrier) continue;
    const bool up = bit(barrier->is_up), down = bit(barrier->is_down);
    image.barriers[i] = !known || (up && down) ? BarrierState::unknown
                        : up                   ? BarrierState::up
                        : down                 ? BarrierState::down
                                               : BarrierState::moving;
  }
  if (map_.beam && map_.beam->on) image.beam_on = bit(*map_.beam->on);
  if (map_.beam && map_.beam->dose_usv) image.dose_usv = number(*map_.beam->dose_usv);
  if (map_.dose_rate_usv_h && known)
    image.chain.dose_rate_usv_h = std::max(0.0, number(*map_.dose_rate_usv_h) - map_.background_usv_h);
  if (written_once_) {
    for (const auto coil : coils_)
      image.second_master = image.second_master || (raw_.at({modbus::Table::coil, coil}) != 0) != wanted_[coil];
  }
  return image;
}

// A pulse ends with its time; one that lowers ends at once when a vehicle comes onto the loop or the loop cannot be
// read, and the barrier goes up again unless it is down already.
void Controller::follow_pulses(const Image& image) {
  for (std::size_t i = 0; i < pulses_.size(); ++i) {
    auto& pulse = pulses_[i];
    const auto barrier = static_cast<Barrier>(i);
    const bool lowering = pulse && pulse->lowers;
    if (lowering && image.loops[static_cast<std::size_t>(loop_of(barrier))] != LoopState::free) {
      wanted_[pulse->coil] = false;
      pulse.reset();
      if (image.barriers[i] != BarrierState::down) start_pulse(barrier, true, image);
    } else if (pulse && image.at.mono_us >= pulse->until_us) {
      wanted_[pulse->coil] = false;
      pulse.reset();
    }
  }
}

void Controller::start_pulse(Barrier barrier, bool up, const Image& image) {
  const auto i = static_cast<std::size_t>(barrier);
  const auto& wires = *map_.barriers[i];
  wanted_[wires.raise] = up;
  wanted_[wires.lower] = !up;
  pulses_[i] = Pulse{up ? wires.raise : wires.lower, image.at.mono_us + map_.pulse_ms * 1000LL, !up};
}

Result<void> Controller::write_all(const Image& image) {
  if (map_.beam) {
    if (auto beat = connection_.write_holding(map_.beam->heartbeat, ++heartbeat_); !beat) return beat;
    const std::lock_guard lock(mutex_);
    const auto out = lease_.output();
    wanted_[map_.beam->request] = out.request;
    wanted_[map_.beam->lamp] = out.lamp;
    if (map_.beam->spare_cab) wanted_[*map_.beam->spare_cab] = out.lamp && spare_cab_;
  }
  // What is switched off goes first. What the read-back shows as written is not written again, and what somebody else
  // wrote is put right.
  for (const bool on : {false, true}) {
    for (const auto coil : coils_) {
      if (wanted_[coil] != on || (raw_.at({modbus::Table::coil, coil}) != 0) == on) continue;
      if (auto written = connection_.write_coil(coil, on); !written) return written;
      raw_[{modbus::Table::coil, coil}] = on ? 1 : 0;
    }
  }
  written_once_ = true;
  if (image.second_master) {
    const std::lock_guard lock(mutex_);
    ++figures_.foreign_writes;
  }
  return {};
}

void Controller::publish(const Image& image) {
  if (published_ && !differ(image, *published_) && image.at.mono_us - published_->at.mono_us < kPublishEveryUs)
    return;
  published_ = image;
  tell(image);
}

void Controller::tell(const Item& item) {
  const std::lock_guard lock(mutex_);
  for (const auto& s : subscriptions_)
    s->put(item);
}

void Controller::tell_phase(const BeamLease::Change& change, TimeStamp at) {
  ScanPhaseChange phase;
  phase.phase = change.phase;
  phase.at = at;
  phase.remaining_us = change.remaining_us;
  phase.end = change.end;
  if (change.phase == ScanPhase::ended && map_.beam && map_.beam->dose_usv &&
      raw_.count(map_.beam->dose_usv->at) != 0)
    phase.dose_usv = number(*map_.beam->dose_usv);
  {
    const std::lock_guard lock(mutex_);
    phase.scan = scan_;
  }
  tell(phase);
}

void Controller::lost(const Error& why) {
  connection_.close();
  std::optional<BeamLease::Change> change;
  std::deque<Waiting> commands;
  {
    const std::lock_guard lock(mutex_);
    linked_ = false;
    lease_.withdraw(ScanEnd::device_fault, why.what);
    change = lease_.step(clock_.now().mono_us, false, false);
    commands.swap(commands_);
  }
  for (auto& waiting : commands)
    waiting.done.set_value(tl::unexpected(why));
  if (change) tell_phase(*change, clock_.now());
  tell(why);
}

Result<void> Controller::request_beam(const ScanRequest& request) {
  const auto refused = [](std::string what, std::string remedy) {
    return tl::unexpected(Error{ErrorCode::refused, std::move(what), "", std::move(remedy)});
  };
  if (!map_.beam) return refused("this controller has no request for beam", "add [beam] to its register map");
  if (request.driver_in_cab && !map_.beam->spare_cab)
    return refused("this lane cannot spare the cab", "let the driver get out, then ask again");
  const std::lock_guard lock(mutex_);
  const auto now = clock_.now();
  guard_.look(now.mono_us);
  if (!linked_) return refused("the controller does not answer", "check its power and network cable");
  if (!guard_.may_ask()) return refused(guard_.says(), "close the chain, then ask again");
  if (unasked_since_us_) return refused("the controller still reports beam", "wait until it is off");
  if (!lease_.ask(now.mono_us)) return refused("a scan runs already", "wait until it has ended");
  scan_ = request.scan;
  spare_cab_ = request.driver_in_cab;
  woken_ = true;
  wake_.notify_all();
  ScanPhaseChange phase;
  phase.scan = scan_;
  phase.phase = ScanPhase::warning;
  phase.at = now;
  phase.remaining_us = lease_.state().phase_left_us;
  for (const auto& s : subscriptions_)
    s->put(phase);
  return {};
}

Result<void> Controller::renew_lease() {
  const std::lock_guard lock(mutex_);
  if (lease_.renew()) return {};
  return tl::unexpected(Error{ErrorCode::refused, "no request for beam runs", "", "ask for a scan"});
}

void Controller::withdraw(ScanEnd end, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  lease_.withdraw(end, reason);
  woken_ = true;
  wake_.notify_all();
}

Result<void> Controller::command(Command apply) {
  std::future<Result<void>> answer;
  {
    const std::lock_guard lock(mutex_);
    if (!linked_)
      return tl::unexpected(Error{ErrorCode::unreachable, "the controller does not answer", "",
                                  "check its power and network cable, then press Test"});
    commands_.push_back({std::move(apply), {}});
    answer = commands_.back().done.get_future();
    woken_ = true;
    wake_.notify_all();
  }
  if (answer.wait_for(kCommandPatience) == std::future_status::ready) return answer.get();
  return tl::unexpected(
      Error{ErrorCode::timeout, "the controller did not take the command in time", "", "try again"});
}

Result<void> Controller::set_barrier(Barrier barrier, bool up) {
  if (!map_.barriers[static_cast<std::size_t>(barrier)])
    return tl::unexpected(Error{ErrorCode::unsupported,
                                fmt::format("this lane has no {} barrier", to_string(barrier)), "",
                                "work it by hand"});
  // Decided in the cycle that has just read the loop, right before the coil is written.
  return command([this, barrier, up](const Image& image) -> Result<void> {
    const auto place = loop_of(barrier);
    const auto loop = image.loops[static_cast<std::size_t>(place)];
    if (!up && loop != LoopState::free) {
      const bool seen = loop == LoopState::occupied;
      return tl::unexpected(
          Error{ErrorCode::refused,
                fmt::format("the {} barrier stays up: {} the {} loop", to_string(barrier),
                            seen ? "a vehicle is on" : "nobody knows what is on", to_string(place)),
                "", seen ? "wait until the vehicle has moved on" : "look at the lane and work the barrier by hand"});
    }
    start_pulse(barrier, up, image);
    return {};
  });
}

Result<void> Controller::set_light(Barrier at, Light light) {
  if (!map_.lights[static_cast<std::size_t>(at)])
    return tl::unexpected(Error{ErrorCode::unsupported, fmt::format("this lane has no {} light", to_string(at)), "",
                                "wave the vehicle on by hand"});
  return command([this, at, light](const Image&) -> Result<void> {
    const auto& wires = *map_.lights[static_cast<std::size_t>(at)];
    wanted_[wires.red] = light == Light::red;
    wanted_[wires.amber] = light == Light::amber;
    wanted_[wires.green] = light == Light::green;
    return {};
  });
}

Figures Controller::figures() const {
  const std::lock_guard lock(mutex_);
  return figures_;
}

}  // namespace torugart::hal::drivers::lane_io
