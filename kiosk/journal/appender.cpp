#include "kiosk/journal/appender.h"

#include <fmt/format.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace torugart::journal {

using Clock = std::chrono::steady_clock;

struct Appender::Impl {
  struct Batch {
    std::vector<inspection::Event> events;
    Done done;
  };

  std::unique_ptr<Journal> journal;  // the thread's alone
  const Options options;
  const std::string lane;
  const std::string path;
  std::atomic<std::int64_t> durable{0};

  mutable std::mutex mutex;
  std::condition_variable work, progress;
  std::deque<Batch> waiting;
  std::size_t waiting_events = 0;
  std::int64_t handed_over = 0;
  std::optional<Error> trouble;
  bool closing = false;
  Clock::time_point give_up;
  std::once_flag closed;
  std::thread thread;

  Impl(std::unique_ptr<Journal> j, Options o)
      : journal(std::move(j)), options(std::move(o)), lane(journal->lane()), path(journal->path()) {
    handed_over = journal->last_seq();
    durable = handed_over;
  }

  Error closed_error() const { return {Error::Code::closed, "the journal is closed", path, "The program is ending"}; }

  std::optional<Clock::time_point> sign_at;  // the thread's alone: when what is written must have a checkpoint

  void run();
  void sign();
  void set_trouble(std::optional<Error> now);
};

void Appender::Impl::set_trouble(std::optional<Error> now) {
  bool changed = false;
  {
    const std::lock_guard lock(mutex);
    changed = now.has_value() != trouble.has_value() || (now && now->what != trouble->what);
    trouble = now;
  }
  if (changed && options.on_trouble) options.on_trouble(now);
}

void Appender::Impl::sign() {
  if (const auto signed_to = journal->checkpoint(); !signed_to) {
    set_trouble(signed_to.error());
    sign_at = Clock::now() + options.retry;
  } else {
    set_trouble(std::nullopt);
    sign_at.reset();
  }
}

void Appender::Impl::run() {
  std::unique_lock lock(mutex);
  for (;;) {
    const auto called = [&] { return closing || !waiting.empty(); };
    if (sign_at) {
      if (!work.wait_until(lock, *sign_at, called)) {
        lock.unlock();
        sign();
        lock.lock();
        continue;
      }
    } else {
      work.wait(lock, called);
    }
    if (waiting.empty()) return;  // closing, and all is written; the journal signs the rest when it is closed

    // One transaction for what waits: one sync of the disk serves them all. The batches stay in the queue until
    // they are durable.
    std::vector<inspection::Event> group;
    std::size_t batches = 0;
    for (const Batch& batch : waiting) {
      if (batches > 0 && std::ssize(group) + std::ssize(batch.events) > Journal::kMaxBatch) break;
      group.insert(group.end(), batch.events.begin(), batch.events.end());
      ++batches;
    }
    lock.unlock();
    const auto written = journal->append(group);
    if (!written) {
      set_trouble(written.error());
      lock.lock();
      if (closing && Clock::now() >= give_up) return;
      // Woken by close() only; what else arrives has to wait anyway.
      const auto pause = Clock::now() + options.retry;
      work.wait_until(lock, closing ? std::min(pause, give_up) : pause, [&] { return closing; });
      if (closing) work.wait_until(lock, std::min(pause, give_up), [] { return false; });
      continue;
    }
    durable = *written;
    set_trouble(std::nullopt);
    if (journal->signed_seq() == *written) {
      sign_at.reset();
    } else if (!sign_at) {
      sign_at = Clock::now() + options.checkpoint_every;
    }
    lock.lock();
    std::vector<Batch> finished(std::make_move_iterator(waiting.begin()),
                                std::make_move_iterator(waiting.begin() + static_cast<std::ptrdiff_t>(batches)));
    waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(batches));
    waiting_events -= group.size();
    lock.unlock();
    for (const Batch& batch : finished)
      if (batch.done) batch.done(batch.events.back().seq);
    lock.lock();
    progress.notify_all();
  }
}

Appender::Appender(std::unique_ptr<Journal> journal, Options options)
    : impl_(std::make_unique<Impl>(std::move(journal), std::move(options))) {
  impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
}

Appender::Appender(std::unique_ptr<Journal> journal) : Appender(std::move(journal), Options()) {}

Appender::~Appender() {
  close();
}

Result<std::int64_t> Appender::append(std::vector<inspection::Event> events, Done done) {
  Impl& impl = *impl_;
  if (events.empty() || std::ssize(events) > Journal::kMaxBatch)
    return tl::unexpected(Error{Error::Code::refused, fmt::format("{} events at once", events.size()), impl.path,
                                "Append between 1 and 4096 events at once"});
  for (const auto& event : events)
    if (auto good = Journal::check(event, impl.lane); !good) return tl::unexpected(good.error());

  const std::lock_guard lock(impl.mutex);
  if (impl.closing) return tl::unexpected(impl.closed_error());
  if (impl.waiting_events + events.size() > impl.options.max_waiting) {
    Error error{Error::Code::queue_full, fmt::format("{} events wait for the disk", impl.waiting_events), impl.path,
                "Stop the lane until the disk writes again"};
    if (impl.trouble) error.what += ": " + impl.trouble->what;
    return tl::unexpected(std::move(error));
  }
  std::int64_t next = impl.handed_over + 1;
  for (std::size_t i = 0; i < events.size(); ++i)
    if (events[i].seq != 0 && events[i].seq != next + static_cast<std::int64_t>(i))
      return tl::unexpected(Error{Error::Code::sequence,
                                  fmt::format("event {} does not follow event {}", events[i].seq, impl.handed_over),
                                  impl.path, "Two parts of the program number events; only the appender may"});
  const std::int64_t first = next;
  for (auto& event : events) {
    event.seq = next++;
    event.lane = impl.lane;
  }
  impl.handed_over = next - 1;
  impl.waiting_events += events.size();
  impl.waiting.push_back({std::move(events), std::move(done)});
  impl.work.notify_one();
  return first;
}

std::int64_t Appender::last_seq() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->handed_over;
}

std::int64_t Appender::durable_seq() const {
  return impl_->durable;
}

std::size_t Appender::backlog() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->waiting_events;
}

std::optional<Error> Appender::trouble() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->trouble;
}

bool Appender::flush(std::chrono::milliseconds timeout) {
  std::unique_lock lock(impl_->mutex);
  const std::int64_t target = impl_->handed_over;
  return impl_->progress.wait_for(lock, timeout, [&] {
    return impl_->durable >= target && (impl_->waiting.empty() || impl_->waiting.front().events.front().seq > target);
  });
}

void Appender::close(std::chrono::milliseconds patience) {
  std::call_once(impl_->closed, [&] {
    {
      const std::lock_guard lock(impl_->mutex);
      impl_->closing = true;
      impl_->give_up = Clock::now() + patience;
    }
    impl_->work.notify_all();
    impl_->thread.join();
    for (const auto& batch : impl_->waiting)
      if (batch.done) batch.done(tl::unexpected(impl_->trouble.value_or(impl_->closed_error())));
    impl_->journal.reset();  // gives the lock back
    impl_->progress.notify_all();
  });
}

}  // namespace torugart::journal
