// The simulated camera: draws what it sees on a thread of its own and sends it through GStreamer.
#include <algorithm>
#include <condition_variable>

#include "hal/sim/device_base.h"
#include "hal/sim/factories.h"
#include "hal/sim/jpeg_pipeline.h"
#include "hal/sim/lane_view.h"

namespace torugart::hal::sim {
namespace {

class SimCamera final : public SimDevice<Camera> {
 public:
  SimCamera(const DeviceConfig& c, const Clock& clock, std::shared_ptr<World> w, std::string position)
      : SimDevice(c, clock, std::move(w), "Simulated camera"),
        position_(std::move(position)),
        width_(setting("width", 1280)),
        height_(setting("height", 720)),
        frame_us_(1'000'000 / setting("fps", 6)),
        silent_us_(setting("silent_ms", 3000) * 1000LL) {}
  ~SimCamera() override { close(); }

  Result<void> trigger_still() override {
    const auto s = state();
    if (s != DeviceState::ready) return tl::unexpected(not_ready());
    still_ = true;
    return {};
  }

 private:
  struct Job {
    SeenTruck truck;
    std::uint64_t sequence = 0;
    TimeStamp taken;
    double keep = 1;
  };

  Result<void> started_up() override {
    auto pipeline = JpegPipeline::make(width_, height_);
    if (!pipeline) return tl::unexpected(pipeline.error());
    pipeline_ = std::move(*pipeline);
    last_picture_us_ = clock_.now().mono_us;
    next_us_ = 0;
    worker_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
    return {};
  }

  void shut_down() override {
    worker_.request_stop();
    changed_.notify_all();
    if (worker_.joinable()) worker_.join();
    pipeline_.reset();
    const std::lock_guard lock(job_mutex_);
    job_.reset();
  }

  std::vector<std::pair<std::string, std::string>> figures() const override {
    return {{"frames", std::to_string(frames_.load())},
            {"dropped", std::to_string(dropped_.load())},
            {"damaged", std::to_string(damaged_.load())}};
  }

  std::optional<std::pair<std::string, std::string>> own_fault() override {
    if (state() == DeviceState::opening) return std::nullopt;
    const auto silent = clock_.now().mono_us - last_picture_us_.load();
    if (silent < silent_us_) return std::nullopt;
    return {{fmt::format("no picture for {} s", silent_us_ / 1'000'000), "check the camera's cable and power"}};
  }

  void always() override {
    // While the device is away no picture comes; on its return the silence starts anew.
    const auto s = state();
    if (s == DeviceState::opening || s == DeviceState::recovering) last_picture_us_ = clock_.now().mono_us;
    if (s == DeviceState::faulted) {
      const auto lock = lock_world();
      const bool silent =
          model().active(FaultKind::camera_silent, position_) || model().lost(config_.id, config_.kind);
      if (!silent) last_picture_us_ = clock_.now().mono_us;
    }
  }

  void tick() override {
    const TimeStamp now = clock_.now();
    const bool still = still_.exchange(false);
    if (!still && now.mono_us < next_us_) return;
    Job job;
    bool moving = false;
    {
      const auto lock = lock_world();
      if (model().active(FaultKind::camera_silent, position_)) {
        next_us_ = now.mono_us + frame_us_;
        return;
      }
      if (model().active(FaultKind::camera_torn, position_))
        job.keep = 0.2 + 0.5 * static_cast<double>(sequence_ % 3) / 3;
      for (const auto& v : model().vehicles()) {
        if (!in_view(position_, v.truck, v.front_mm)) continue;
        // The nearest to the camera hides the others.
        if (job.truck.index >= 0 && position_ != "rear") break;
        if (seen_ == nullptr || seen_index_ != v.index) {
          seen_ = std::make_shared<const Truck>(v.truck);
          seen_index_ = v.index;
        }
        job.truck = {v.index, seen_, v.front_mm};
        moving = v.speed_mm_s != 0;
      }
    }
    // An empty road is worth a third of the frames.
    next_us_ = now.mono_us + (job.truck.index < 0 ? 3 * frame_us_ : moving ? frame_us_ : frame_us_ * 3 / 2);
    job.sequence = sequence_++;
    job.taken = now;
    std::unique_lock lock(job_mutex_);
    if (job_) ++dropped_;  // the newest wins
    job_ = std::move(job);
    changed_.notify_all();
    if (world_->impl().manual != nullptr)  // in manual time a step ends when its frame has been delivered
      idle_.wait_for(lock, std::chrono::seconds(10), [this] { return !job_ && !busy_; });
  }

  void work(const std::stop_token& stop) {
    LaneView view(position_, width_, height_, world_->scenario().seed);
    std::unique_lock lock(job_mutex_);
    while (changed_.wait(lock, stop, [this] { return job_.has_value(); })) {
      const Job job = std::move(*job_);
      job_.reset();
      busy_ = true;
      lock.unlock();
      deliver(view, job);
      lock.lock();
      busy_ = false;
      idle_.notify_all();
    }
  }

  void deliver(LaneView& view, const Job& job) {
    auto out = pipeline_->pass(view.render(job.truck, job.sequence).data, job.keep);
    if (!out) {
      ++dropped_;
      return;
    }
    Frame f;
    f.camera = config_.id;
    f.position = position_;
    f.sequence = job.sequence;
    f.taken = job.taken;
    f.width = width_;
    f.height = height_;
    f.damaged = out->damaged;
    f.bgr = std::move(out->bgr);
    ++frames_;
    if (f.damaged) ++damaged_;
    last_picture_us_ = job.taken.mono_us;
    emit(f);
  }

  const std::string position_;
  const int width_, height_;
  const std::int64_t frame_us_, silent_us_;
  std::unique_ptr<JpegPipeline> pipeline_;

  std::mutex job_mutex_;
  std::condition_variable_any changed_, idle_;
  std::optional<Job> job_;
  bool busy_ = false;

  std::shared_ptr<const Truck> seen_;
  int seen_index_ = -1;
  std::int64_t next_us_ = 0;
  std::uint64_t sequence_ = 0;
  std::atomic<bool> still_{false};
  std::atomic<std::int64_t> last_picture_us_{0};
  std::atomic<std::uint64_t> frames_{0}, dropped_{0}, damaged_{0};
  std::jthread worker_;
};

}  // namespace

Result<std::unique_ptr<Camera>> make_camera(const DeviceConfig& c, const Clock& clock,
                                            const std::shared_ptr<World>& w) {
  const auto found = c.settings.find("position");
  const std::string position = found == c.settings.end() ? c.id : found->second;
  if (position != "front" && position != "rear" && position != "side")
    return tl::unexpected(Error{ErrorCode::bad_setting,
                                fmt::format("device \"{}\": position = \"{}\"", c.id, position), c.where,
                                "write position = \"front\", \"rear\" or \"side\""});
  for (const char* key : {"width", "height"}) {
    const auto given = c.settings.find(key);
    if (given != c.settings.end() && std::stoi(given->second) % 8 != 0)
      return tl::unexpected(Error{ErrorCode::bad_setting,
                                  fmt::format("device \"{}\": {} = \"{}\"", c.id, key, given->second), c.where,
                                  "write a multiple of 8"});
  }
  return std::make_unique<SimCamera>(c, clock, w, position);
}

}  // namespace torugart::hal::sim
