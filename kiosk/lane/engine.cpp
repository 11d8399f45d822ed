// The public face: posts into the queue, runs it on a thread, publishes what comes out.
#include "kiosk/lane/engine.h"

#include <sodium.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "kiosk/lane/core.h"
#include "ocr/read/engine.h"

namespace torugart::lane {
namespace {

constexpr std::int64_t kLongestSleepUs = 1'000'000;  // the wall clock is looked at so often
constexpr int kMessagesPerTurn = 256;                // then time is looked at again

tl::unexpected<Error> fail(std::string what, std::string where, std::string remedy) {
  return tl::unexpected(Error{std::move(what), std::move(where), std::move(remedy)});
}

bool good_lane_id(const std::string& id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

struct LaneEngine::Impl {
  Impl(LaneEngineConfig config, LaneParts parts) : core(std::move(config), std::move(parts), inbox) {}

  Inbox inbox;
  Core core;
  std::atomic<std::uint64_t> next_ticket{1};
  bool started = false;

  mutable std::mutex view_mutex;
  std::shared_ptr<const LaneView> view = std::make_shared<const LaneView>();
  std::mutex listener_mutex;
  std::function<void()> listener;

  std::jthread thread;

  // One turn: what waits in the queue, then what is due, then the view. False when nothing was done.
  bool turn() {
    int messages = 0;
    while (messages < kMessagesPerTurn) {
      auto message = inbox.take();
      if (!message) break;
      ++messages;
      (*message)();
    }
    core.run_due();
    publish();
    return messages > 0;
  }

  void publish() {
    auto fresh = core.take_view_if_due();
    if (!fresh) return;
    {
      const std::lock_guard lock(view_mutex);
      view = std::move(fresh);
    }
    const std::lock_guard lock(listener_mutex);
    if (listener) listener();
  }

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (turn()) continue;
      const auto due = core.next_due_mono_us() - core.now_mono_us();
      if (due > 0) inbox.wait(std::min(due, kLongestSleepUs));
    }
  }

  void stop() {
    if (thread.joinable()) {
      thread.request_stop();
      inbox.wake();
      thread.join();
    }
    core.stop();
  }
};

LaneEngine::LaneEngine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LaneEngine::~LaneEngine() {
  stop();
}

tl::expected<std::unique_ptr<LaneEngine>, Error> LaneEngine::make(LaneEngineConfig config, LaneParts parts) {
  if (sodium_init() < 0) return fail("libsodium did not start", "", "install libsodium again");
  if (!good_lane_id(config.lane_id)) {
    return fail("A lane's id has 1 to 64 of a-z, 0-9 and '-'", config.lane_id, "correct the lane's configuration");
  }
  if (parts.clock == nullptr || parts.ledger == nullptr || parts.store == nullptr || parts.accounts == nullptr) {
    return fail("The lane needs a clock, a journal, an archive and accounts", config.lane_id, "");
  }
  std::error_code error;
  std::filesystem::create_directories(config.work_folder, error);
  if (error || config.work_folder.empty()) {
    return fail("The work folder cannot be made: " + error.message(), config.work_folder, "check the path");
  }
  return std::unique_ptr<LaneEngine>(new LaneEngine(std::make_unique<Impl>(std::move(config), std::move(parts))));
}

tl::expected<void, Error> LaneEngine::start() {
  if (impl_->started) return {};
  auto restored = impl_->core.restore();
  if (!restored) return restored;
  impl_->started = true;
  impl_->core.open_devices();
  impl_->publish();
  if (impl_->core.config().own_threads) {
    impl_->thread = std::jthread([impl = impl_.get()](const std::stop_token& stop) { impl->run(stop); });
  }
  return {};
}

void LaneEngine::stop() {
  impl_->stop();
}

void LaneEngine::pump() {
  if (impl_->core.config().own_threads) return;
  bool any = true;
  while (any) {
    any = impl_->turn();
    any |= impl_->core.run_workers();
  }
}

std::vector<AccountName> LaneEngine::accounts() const {
  return impl_->core.accounts().names();
}

std::shared_ptr<const LaneView> LaneEngine::view() const {
  const std::lock_guard lock(impl_->view_mutex);
  return impl_->view;
}

void LaneEngine::on_change(std::function<void()> listener) {
  const std::lock_guard lock(impl_->listener_mutex);
  impl_->listener = std::move(listener);
}

void LaneEngine::sign_in(const std::string& account, const std::string& pin) {
  impl_->inbox.post([core = &impl_->core, account, secret = Secret(pin)] { core->sign_in(account, secret); });
}

void LaneEngine::sign_out() {
  impl_->inbox.post([core = &impl_->core] {
    core->still_here();
    core->sign_out("asked");
  });
}

std::uint64_t LaneEngine::post(const std::string& crossing, inspection::Command command,
                               std::optional<SecondPerson> second) {
  const auto ticket = impl_->next_ticket++;
  std::optional<std::pair<std::string, Secret>> other;
  if (second) {
    other.emplace(second->account, Secret(second->pin));
    wipe(second->pin);
  }
  impl_->inbox.post([core = &impl_->core, ticket, crossing, command = std::move(command), other] {
    core->command(ticket, crossing, command, other);
  });
  return ticket;
}

void LaneEngine::search(const std::string& query) {
  impl_->inbox.post([core = &impl_->core, query] { core->search(query); });
}
void LaneEngine::open_record(const std::string& crossing) {
  impl_->inbox.post([core = &impl_->core, crossing] { core->open_record(crossing); });
}
void LaneEngine::close_record() {
  impl_->inbox.post([core = &impl_->core] { core->close_record(); });
}
void LaneEngine::want_images(const std::string& crossing) {
  impl_->inbox.post([core = &impl_->core, crossing] { core->want_images(crossing); });
}
void LaneEngine::want_reference(const std::string& crossing, const std::string& name) {
  impl_->inbox.post([core = &impl_->core, crossing, name] { core->want_reference(crossing, name); });
}
void LaneEngine::test_device(const std::string& device) {
  impl_->inbox.post([core = &impl_->core, device] { core->test_device(device); });
}
void LaneEngine::verify_journal() {
  impl_->inbox.post([core = &impl_->core] { core->verify_journal(); });
}
void LaneEngine::still_here() {
  impl_->inbox.post([core = &impl_->core] { core->still_here(); });
}

}  // namespace torugart::lane
