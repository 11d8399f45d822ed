// Things to do later, each under a name: setting a name again moves it. Thread-bound.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <utility>

namespace torugart::lane {

class Timers {
 public:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  void set(const std::string& name, std::int64_t due_mono_us, std::function<void()> what) {
    due_[name] = {due_mono_us, std::move(what)};
  }
  void clear(const std::string& name) { due_.erase(name); }
  bool has(const std::string& name) const { return due_.contains(name); }

  std::int64_t next() const {
    std::int64_t earliest = kNever;
    for (const auto& [name, entry] : due_)
      earliest = std::min(earliest, entry.first);
    return earliest;
  }

  // Runs what is due, earliest first. What is set meanwhile and due already runs in the next call.
  void run(std::int64_t now_mono_us) {
    std::multimap<std::int64_t, std::function<void()>> ready;
    for (auto it = due_.begin(); it != due_.end();) {
      if (it->second.first > now_mono_us) {
        ++it;
        continue;
      }
      ready.emplace(it->second.first, std::move(it->second.second));
      it = due_.erase(it);
    }
    for (auto& [due, what] : ready)
      what();
  }

 private:
  std::map<std::string, std::pair<std::int64_t, std::function<void()>>> due_;
};

}  // namespace torugart::lane
