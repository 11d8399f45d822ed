// Opens a device and writes down everything it says. Tests read the notes between two steps of the bench.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "tests/conformance/subject.h"

namespace torugart::hal::conformance {

template <class D>
class Probe {
 public:
  explicit Probe(D& device) : device_(device) {}
  ~Probe() { device_.close(); }

  Result<void> open() {
    return device_.open(
        [this](const typename D::Message& m) {
          enter();
          {
            const std::lock_guard lock(mutex_);
            messages_.push_back(m);
          }
          inside_ = false;
        },
        [this](const Health& h) {
          enter();
          {
            const std::lock_guard lock(mutex_);
            health_.push_back(h);
          }
          inside_ = false;
        });
  }

  std::vector<typename D::Message> messages() const {
    const std::lock_guard lock(mutex_);
    return messages_;
  }
  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return messages_.size();
  }
  std::vector<Health> health() const {
    const std::lock_guard lock(mutex_);
    return health_;
  }
  bool was(DeviceState s) const {
    const auto all = health();
    return std::any_of(all.begin(), all.end(), [s](const Health& h) { return h.state == s; });
  }
  int overlaps() const { return overlaps_; }
  std::size_t calls() const {
    const std::lock_guard lock(mutex_);
    return messages_.size() + health_.size();
  }

 private:
  void enter() {
    if (inside_.exchange(true)) ++overlaps_;  // two handlers of one device at a time
  }

  D& device_;
  mutable std::mutex mutex_;
  std::vector<typename D::Message> messages_;
  std::vector<Health> health_;
  std::atomic<bool> inside_{false};
  std::atomic<int> overlaps_{0};
};

// Lets lane time pass in steps until `done()`; false when the subject's patience ran out.
template <class Done>
bool pass_until(Bench& bench, Done done, std::int64_t step_us = 100'000) {
  for (std::int64_t us = 0; us <= bench.patience_us(); us += step_us) {
    if (done()) return true;
    bench.pass_us(step_us);
  }
  return done();
}

template <class D>
bool make_ready(Bench& bench, D& device) {
  return pass_until(
      bench, [&device] { return device.health().state == DeviceState::ready; }, 50'000);
}

class OnEverySubject : public testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override { bench_ = subject().make(); }
  const Subject& subject() const { return subjects().at(GetParam()); }
  bool has(DeviceKind kind) const { return subject().kinds.count(kind) != 0; }

  std::unique_ptr<Bench> bench_;
};

inline std::vector<std::size_t> every_subject() {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < subjects().size(); ++i)
    out.push_back(i);
  return out;
}

inline std::string subject_name(const testing::TestParamInfo<std::size_t>& info) {
  return subjects().at(info.param).name;
}

#define TORUGART_NEEDS(kind) \
  if (!has(kind)) GTEST_SKIP() << subject().name << " has no " << to_string(kind)

}  // namespace torugart::hal::conformance
