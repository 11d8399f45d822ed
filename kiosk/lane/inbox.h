// The engine's queue: two lanes, the safety chain's readings before everything else, each in its own order.
// Thread-safe; one thread takes.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

namespace torugart::lane {

class Inbox {
 public:
  using Message = std::function<void()>;

  void post(Message message) { put(ordinary_, std::move(message)); }
  void post_first(Message message) { put(first_, std::move(message)); }

  std::optional<Message> take() {
    const std::lock_guard lock(mutex_);
    auto& from = first_.empty() ? ordinary_ : first_;
    if (from.empty()) return std::nullopt;
    std::optional<Message> out(std::move(from.front()));
    from.pop_front();
    return out;
  }

  // Sleeps until there is a message or `us` have passed.
  void wait(std::int64_t us) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, std::chrono::microseconds(us), [this] { return !first_.empty() || !ordinary_.empty(); });
  }

  void wake() {
    post([] {});
  }

 private:
  void put(std::deque<Message>& where, Message message) {
    {
      const std::lock_guard lock(mutex_);
      where.push_back(std::move(message));
    }
    wake_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Message> first_, ordinary_;
};

}  // namespace torugart::lane
