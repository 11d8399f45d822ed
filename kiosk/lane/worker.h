// A thread that does one job after the other, or, in tests that move time by hand, a queue that somebody runs.
// Thread-safe. The destructor drops what waits and ends after the job in hand.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace torugart::lane {

class Worker {
 public:
  using Job = std::function<void()>;

  explicit Worker(bool own_thread) {
    if (own_thread) thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  ~Worker() { stop(); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void post(Job job) {
    {
      const std::lock_guard lock(mutex_);
      if (stopped_) return;
      jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
  }

  // Runs the oldest job on the caller's thread; false when there is none.
  bool run_one() {
    Job job;
    {
      const std::lock_guard lock(mutex_);
      if (jobs_.empty()) return false;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
    return true;
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
      jobs_.clear();
    }
    if (!thread_.joinable()) return;
    thread_.request_stop();
    wake_.notify_all();
    thread_.join();
  }

 private:
  void run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
      wake_.wait(lock, [&] { return stop.stop_requested() || !jobs_.empty(); });
      if (stop.stop_requested()) return;
      Job job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job();
      job = nullptr;
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  bool stopped_ = false;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace torugart::lane
