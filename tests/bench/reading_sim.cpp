// Measures the reader on the simulated lane: random trucks drive up to the real simulated cameras (GStreamer and
// all), the frames of each camera are read as the lane engine reads them and put to the vote.
//
//   bench_reading_sim [--seeds 1-20] [--trucks N] [--frames M] [--countries KZ,KG] [--save DIR] [--from DIR]
//                     [--failures] [--weather mixed] [--only front|rear|side] [--models DIR]
//
// --save keeps the frames and the truth in DIR; --from reads them from there, so that only the reader runs.
// read: the vote's first number is the true one; sure: verdict accept; wrong: sure and not true. Milliseconds are the
// thread's time on its core.
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgcodecs.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "hal/sim/world.h"
#include "ocr/read/engine.h"
#include "ocr/track/track.h"

namespace {

using namespace torugart;
namespace sim = hal::sim;
namespace fs = std::filesystem;

struct Settings {
  std::uint64_t first = 1, last = 20;
  int trucks = 1;
  int frames = 8;
  std::vector<std::string> countries;
  std::string save, from, only;
  bool failures = false;
  bool mixed_weather = false;  // a quarter of the seeds each: day, night, rain, mud
  std::string models = std::string(TORUGART_SOURCE_DIR) + "/assets/models";
};

// What the cameras saw of one truck.
struct Passage {
  std::string name;  // "seed-truck"
  std::string front, rear, country;
  std::vector<std::string> containers;
  std::map<std::string, std::vector<cv::Mat>> frames;  // by position
};

struct Tally {
  int n = 0, seen = 0, right = 0, sure = 0, wrong = 0;
};

std::vector<std::string> split(const std::string& line, char by) {
  std::vector<std::string> out;
  std::stringstream in(line);
  for (std::string field; std::getline(in, field, by);)
    out.push_back(field);
  return out;
}

double thread_ms() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

const char* weather_of(std::uint64_t seed) {
  static constexpr std::array names{"day", "night", "rain", "mud"};
  return names[seed % names.size()];
}

sim::Scenario scenario_of(std::uint64_t seed, const Settings& s) {
  sim::Scenario scenario = sim::make_random_scenario(seed, s.trucks);
  if (!s.mixed_weather) return scenario;
  for (sim::Truck& truck : scenario.trucks) {
    const std::string weather = weather_of(seed);
    if (weather == "night") truck.weather = sim::Weather::night;
    if (weather == "rain") truck.weather = sim::Weather::rain;
    if (weather == "mud") truck.dirt = 0.15 + 0.08 * static_cast<double>(seed / 4 % 10);
  }
  return scenario;
}

class Lane {
 public:
  Lane(std::uint64_t seed, const Settings& s)
      : seed_(seed), settings_(s), world_(std::make_shared<sim::World>(scenario_of(seed, s), clock_)) {
    hal::Registry registry;
    sim::register_drivers(registry, world_);
    std::vector<hal::DeviceConfig> list;
    for (auto& device : sim::usual_lane()) {
      if (device.kind == hal::DeviceKind::camera) list.push_back(device);
    }
    devices_ = std::move(*registry.make_lane(list, clock_));
    for (auto& camera : devices_.cameras) {
      (void)camera->open([this](const hal::Frame& frame) { take(frame); }, [](const hal::Health&) {});
    }
  }
  ~Lane() {
    for (auto& camera : devices_.cameras)
      camera->close();
  }

  // Frames of the last metre and of the standing truck, four a second, until every camera has enough.
  Passage passage(int truck) {
    {
      const std::lock_guard lock(mutex_);
      frames_.clear();
    }
    for (int i = 0; i < 1200; ++i) {
      const auto now = world_->status();
      if (now.truck == truck && now.front_mm > -250) break;
      world_->advance_us(100'000);
    }
    taking_ = true;
    for (int i = 0; i < 200 && !enough(); ++i)
      world_->advance_us(250'000);
    taking_ = false;
    world_->wave_through();
    const auto truth = *world_->truth(truck);
    Passage p;
    p.name = std::to_string(seed_) + "-" + std::to_string(truck);
    p.front = truth.plate_front.text;
    p.rear = truth.plate_rear.text;
    p.country = truth.plate_front.country;
    for (const auto& unit : truth.containers)
      p.containers.push_back(unit.number);
    const std::lock_guard lock(mutex_);
    p.frames = frames_;
    return p;
  }

 private:
  void take(const hal::Frame& frame) {
    if (!taking_ || frame.damaged) return;
    const std::lock_guard lock(mutex_);
    auto& all = frames_[frame.position];
    if (static_cast<int>(all.size()) >= settings_.frames) return;
    const cv::Mat shared(frame.height, frame.width, CV_8UC3, const_cast<std::uint8_t*>(frame.bgr->data()));
    all.push_back(shared.clone());
  }
  bool enough() {
    const std::lock_guard lock(mutex_);
    return frames_.size() == 3 && std::all_of(frames_.begin(), frames_.end(), [this](const auto& f) {
             return static_cast<int>(f.second.size()) >= settings_.frames;
           });
  }

  std::uint64_t seed_;
  const Settings& settings_;
  hal::ManualClock clock_;
  std::shared_ptr<sim::World> world_;
  hal::LaneDevices devices_;
  std::mutex mutex_;
  std::map<std::string, std::vector<cv::Mat>> frames_;
  std::atomic<bool> taking_{false};
};

void save(const Passage& p, const fs::path& folder) {
  fs::create_directories(folder);
  std::ofstream truth(folder / "truth.csv", std::ios::app);
  truth << p.name << ',' << p.front << ',' << p.rear << ',' << p.country;
  for (const auto& number : p.containers)
    truth << ',' << number;
  truth << '\n';
  for (const auto& [position, frames] : p.frames) {
    for (std::size_t i = 0; i < frames.size(); ++i) {
      cv::imwrite((folder / (p.name + "-" + position + "-" + std::to_string(i) + ".png")).string(), frames[i],
                  {cv::IMWRITE_PNG_COMPRESSION, 1});
    }
  }
}

Passage load(const std::string& line, const Settings& s) {
  const auto f = split(line, ',');
  Passage p{f[0], f[1], f[2], f[3], {f.begin() + 4, f.end()}, {}};
  for (const std::string position : {"front", "rear", "side"}) {
    if (!s.only.empty() && s.only != position) continue;
    for (int i = 0; i < s.frames; ++i) {
      const auto frame =
          cv::imread((fs::path(s.from) / (p.name + "-" + position + "-" + std::to_string(i) + ".png")).string());
      if (!frame.empty()) p.frames[position].push_back(frame);
    }
  }
  return p;
}

class Judge {
 public:
  explicit Judge(const Settings& s) : settings_(s) {
    const std::string owners = std::string(TORUGART_SOURCE_DIR) + "/assets/reference/owner_codes.csv";
    auto made = ocr::make_engine({s.models, owners});
    if (!made) {
      std::fprintf(stderr, "%s: %s\n", made.error().what.c_str(), made.error().what_to_do.c_str());
      std::exit(1);
    }
    engine_ = std::move(*made);
  }

  void judge(const Passage& p) {
    for (const auto& [position, frames] : p.frames) {
      ocr::Track track;
      ocr::ReadOptions options;
      options.countries = settings_.countries;
      options.budget = std::chrono::milliseconds(2000);
      options.plates = position != "side";
      options.containers = position != "front";
      int frame_number = 0;
      int sure_after = 0;
      for (const auto& frame : frames) {
        const double before = thread_ms();
        const auto reads = engine_->read(frame, options);
        times_[position].push_back(thread_ms() - before);
        track.add(reads);
        ++frame_number;
        const auto now = track.result();
        const auto& numbers = options.plates ? now.plates : now.containers;
        if (sure_after == 0 && !numbers.empty() && numbers.front().verdict == ocr::Verdict::accept)
          sure_after = frame_number;
      }
      if (sure_after > 0) seconds_[position].push_back(0.25 * (sure_after - 1) + times_[position].back() / 1000);
      const auto result = track.result();
      if (options.plates) {
        const auto& want = position == "front" ? p.front : p.rear;
        count(p.name, position + " plate", want, result.plates, true);
        count(p.name, position + " " + p.country, want, result.plates, false);
        if (settings_.mixed_weather)
          count(p.name, "plate by " + std::string(weather_of(std::stoull(p.name))), want, result.plates, false);
      }
      if (options.containers) {
        // Of two containers the side camera sees the first at the stop, the rear camera the last one's doors.
        if (!p.containers.empty()) {
          const auto& want = position == "side" ? p.containers.front() : p.containers.back();
          count(p.name, position + " container", want, result.containers, true);
          if (settings_.mixed_weather)
            count(p.name, "code by " + std::string(weather_of(std::stoull(p.name))), want, result.containers, false);
        }
        if (p.containers.empty() && !result.containers.empty() &&
            result.containers.front().verdict == ocr::Verdict::accept) {
          tallies_[position + " container"].wrong += 1;
        }
      }
    }
  }

  void print() {
    for (const auto& [name, t] : tallies_) {
      const auto percent = [&t = t](int k) { return t.n > 0 ? 100.0 * k / t.n : 0.0; };
      std::printf("%-18s n %3d  among five %5.1f %%  right %5.1f %%  sure %5.1f %%  wrong %d\n", name.c_str(), t.n,
                  percent(t.seen), percent(t.right), percent(t.sure), t.wrong);
    }
    for (auto& [name, seconds] : seconds_) {
      std::sort(seconds.begin(), seconds.end());
      std::printf("%-18s seconds from the first frame, four a second, to sure: median %.2f, p95 %.2f\n", name.c_str(),
                  seconds[seconds.size() / 2], seconds[seconds.size() * 95 / 100]);
    }
    for (auto& [name, times] : times_) {
      std::sort(times.begin(), times.end());
      std::printf("%-18s ms a frame: median %.0f, p95 %.0f, worst %.0f\n", name.c_str(), times[times.size() / 2],
                  times[times.size() * 95 / 100], times.back());
    }
  }

 private:
  void count(const std::string& name, const std::string& kind, const std::string& want,
             const std::vector<ocr::VotedRead>& got, bool tell) {
    Tally& t = tallies_[kind];
    const auto is = [&](const ocr::VotedRead& v) { return v.text == want; };
    const bool right = !got.empty() && is(got.front());
    const bool accepted = !got.empty() && got.front().verdict == ocr::Verdict::accept;
    const bool sure = right && accepted, wrong = !right && accepted;
    t.n += 1;
    t.seen += std::any_of(got.begin(), got.end(), is);
    t.right += right;
    t.sure += sure;
    t.wrong += wrong;
    if (!settings_.failures || !tell || sure) return;
    std::printf("%-6s %-16s want %-11s%s", name.c_str(), kind.c_str(), want.c_str(), wrong ? " WRONG" : "");
    for (const auto& v : got) {
      std::printf("  %s(%s %.2f %d/%d raw %s; %s)", v.text.c_str(), v.country.c_str(), v.confidence,
                  v.frames_agreeing, v.frames_seen, v.best.raw_text.c_str(), v.why.c_str());
    }
    std::printf("\n");
  }

  const Settings& settings_;
  std::unique_ptr<ocr::Engine> engine_;
  std::map<std::string, Tally> tallies_;
  std::map<std::string, std::vector<double>> times_;
  std::map<std::string, std::vector<double>> seconds_;  // to the first sure vote
};

Settings settings_of(int argc, char** argv) {
  Settings s;
  for (int i = 1; i < argc; ++i) {
    const std::string arg = argv[i];
    const std::string value = i + 1 < argc ? argv[i + 1] : "";
    if (arg == "--failures") {
      s.failures = true;
      continue;
    }
    ++i;
    if (arg == "--seeds") {
      const auto range = split(value, '-');
      s.first = std::stoull(range.front());
      s.last = std::stoull(range.back());
    } else if (arg == "--trucks") {
      s.trucks = std::stoi(value);
    } else if (arg == "--frames") {
      s.frames = std::stoi(value);
    } else if (arg == "--weather") {
      s.mixed_weather = value == "mixed";
    } else if (arg == "--countries") {
      s.countries = split(value, ',');
    } else if (arg == "--save") {
      s.save = value;
    } else if (arg == "--from") {
      s.from = value;
    } else if (arg == "--models") {
      s.models = value;
    } else if (arg == "--only") {
      s.only = value;
    } else {
      std::fprintf(stderr, "unknown: %s\n", arg.c_str());
      std::exit(2);
    }
  }
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  const Settings settings = settings_of(argc, argv);
  cv::setNumThreads(1);
  Judge judge(settings);
  if (!settings.from.empty()) {
    std::ifstream truth(fs::path(settings.from) / "truth.csv");
    for (std::string line; std::getline(truth, line);) {
      const auto seed = std::stoull(line);
      if (seed >= settings.first && seed <= settings.last) judge.judge(load(line, settings));
    }
  } else {
    for (auto seed = settings.first; seed <= settings.last; ++seed) {
      Lane lane(seed, settings);
      for (int truck = 0; truck < settings.trucks; ++truck) {
        const Passage p = lane.passage(truck);
        if (settings.save.empty()) {
          judge.judge(p);
        } else {
          save(p, settings.save);
        }
      }
    }
  }
  judge.print();
  return 0;
}
