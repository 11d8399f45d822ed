#include "hal/drivers/gige_detector/link.h"

#include <arv.h>
#include <fmt/format.h>

#include <atomic>

namespace torugart::hal::gige_detector {
namespace {

constexpr int kBuffers = 32;
// What the kernel keeps while the stream's thread waits for a core; net.core.rmem_max bounds it.
constexpr int kSocketBytes = 8 << 20;

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};

// An error of Aravis on its way out.
class Trouble {
 public:
  ~Trouble() { g_clear_error(&error_); }
  GError** out() { return &error_; }
  explicit operator bool() const { return error_ != nullptr; }

  Error as(const std::string& id, const std::string& doing) const {
    const bool device = error_->domain == ARV_DEVICE_ERROR;
    if (device && error_->code == ARV_DEVICE_ERROR_NOT_CONTROLLER)
      return {ErrorCode::refused, "the detector is used by another program", id, "end the other program"};
    if (device && (error_->code == ARV_DEVICE_ERROR_TIMEOUT || error_->code == ARV_DEVICE_ERROR_NOT_FOUND))
      return {ErrorCode::unreachable, "the detector does not answer", id,
              "check the detector's cable, power and address"};
    if (device && (error_->code == ARV_DEVICE_ERROR_NO_STREAM_CHANNEL))
      return {ErrorCode::unsupported, "the detector has no stream", id, "check the detector's address"};
    if (device && (error_->code == ARV_DEVICE_ERROR_GENICAM_NOT_FOUND))
      return {ErrorCode::bad_data, "the detector does not describe itself", id, "restart the detector"};
    return {ErrorCode::refused, "the detector refuses its settings",
            fmt::format("{}: {}: {}", id, doing, error_->message), fmt::format("check {}", doing)};
  }

 private:
  GError* error_ = nullptr;
};

Error no_answer(const std::string& id) {
  return {ErrorCode::unreachable, "the detector does not answer", id,
          "check the detector's cable, power and address"};
}

}  // namespace

struct Link::Impl {
  DetectorSettings settings;
  std::unique_ptr<ArvCamera, Unref> camera;
  std::unique_ptr<ArvStream, Unref> stream;
  Shape shape;
  std::size_t payload = 0;
  std::atomic<bool> control_lost{false};
  gulong handler = 0;
  bool running = false;
  Counts before;  // of earlier streams

  ~Impl() {
    halt();
    if (handler != 0) g_signal_handler_disconnect(arv_camera_get_device(camera.get()), handler);
  }

  static void on_lost(ArvDevice*, gpointer data) { static_cast<Impl*>(data)->control_lost = true; }

  Result<void> write_settings() {
    const auto set = [&](const std::string& what, auto call) -> Result<void> {
      Trouble trouble;
      call(trouble.out());
      if (trouble) return tl::unexpected(trouble.as(settings.id, what));
      return {};
    };
    ArvCamera* c = camera.get();
    ArvDevice* device = arv_camera_get_device(c);
    std::vector<std::pair<std::string, std::function<void(GError**)>>> steps;
    steps.emplace_back("pixel_format", [&](GError** e) {
      arv_camera_set_pixel_format_from_string(c, settings.pixel_format.c_str(), e);
    });
    if (settings.detectors != 0)
      steps.emplace_back("detectors", [&](GError** e) { arv_camera_set_integer(c, "Width", settings.detectors, e); });
    if (settings.rows != 0)
      steps.emplace_back("rows", [&](GError** e) { arv_camera_set_integer(c, "Height", settings.rows, e); });
    if (settings.packet_size != 0)
      steps.emplace_back("packet_size",
                         [&](GError** e) { arv_camera_gv_set_packet_size(c, settings.packet_size, e); });
    if (settings.encoder) {
      steps.emplace_back("trigger_selector", [&](GError** e) {
        arv_device_set_string_feature_value(device, "TriggerSelector", settings.trigger_selector.c_str(), e);
      });
      steps.emplace_back("trigger_source", [&](GError** e) {
        arv_device_set_string_feature_value(device, "TriggerSource", settings.trigger_source.c_str(), e);
      });
      steps.emplace_back("trigger",
                         [&](GError** e) { arv_device_set_string_feature_value(device, "TriggerMode", "On", e); });
    } else {
      arv_camera_clear_triggers(c, nullptr);
    }
    for (const auto& [name, value] : settings.features) {
      const auto line = name + "=" + value;
      steps.emplace_back("features: " + line, [device, line](GError** e) {
        arv_device_set_features_from_string(device, line.c_str(), e);
      });
    }
    for (const auto& [what, call] : steps) {
      if (auto done = set(what, call); !done) return done;
    }
    return {};
  }

  Result<void> read_shape() {
    Trouble trouble;
    gint x = 0, y = 0;
    arv_camera_get_region(camera.get(), &x, &y, &shape.width, &shape.height, trouble.out());
    if (trouble) return tl::unexpected(trouble.as(settings.id, "detectors"));
    payload = arv_camera_get_payload(camera.get(), trouble.out());
    if (trouble) return tl::unexpected(trouble.as(settings.id, "rows"));
    shape.bytes_per_sample = settings.pixel_format == "Mono8" ? 1 : 2;
    shape.full_scale = settings.pixel_format == "Mono8" ? 255 : settings.pixel_format == "Mono12" ? 4095 : 65535;
    const auto text = [](const char* t) { return std::string(t == nullptr ? "" : t); };
    shape.model = text(arv_camera_get_vendor_name(camera.get(), nullptr)) + " " +
                  text(arv_camera_get_model_name(camera.get(), nullptr));
    shape.serial = text(arv_camera_get_device_serial_number(camera.get(), nullptr));
    const auto least = static_cast<std::size_t>(shape.width) * static_cast<std::size_t>(shape.height) *
                       static_cast<std::size_t>(shape.bytes_per_sample);
    if (shape.width < 1 || shape.width > 4096 || shape.height < 1 || payload < least || payload > (64U << 20U))
      return tl::unexpected(
          Error{ErrorCode::bad_setting,
                fmt::format("the detector's block of {} x {} cannot be meant", shape.width, shape.height),
                settings.id, "set detectors and rows"});
    if (settings.energies != Energies::single && shape.height % 2 != 0)
      return tl::unexpected(Error{ErrorCode::bad_setting, "the detector's block has an odd number of rows",
                                  settings.id, "set rows to an even number"});
    return {};
  }

  void push(ArvBuffer* buffer) {
    // The pattern that shows what did not arrive; only we hold the buffer now.
    auto* bytes = const_cast<std::uint8_t*>(static_cast<const std::uint8_t*>(arv_buffer_get_data(buffer, nullptr)));
    fill_pattern(bytes, payload);
    arv_stream_push_buffer(stream.get(), buffer);
  }

  void halt() {
    if (!running) return;
    running = false;
    arv_camera_stop_acquisition(camera.get(), nullptr);
    before = total();
    stream.reset();
  }

  Counts total() const {
    Counts c = before;
    if (!stream) return c;
    guint64 completed = 0, failed = 0, underruns = 0, resent = 0, missing = 0;
    arv_stream_get_statistics(stream.get(), &completed, &failed, &underruns);
    arv_gv_stream_get_statistics(ARV_GV_STREAM(stream.get()), &resent, &missing);
    c.blocks += completed;
    c.incomplete += failed;
    c.no_buffer += underruns;
    c.resent += resent;
    c.missing += missing;
    return c;
  }
};

Link::Link(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Link::~Link() = default;

Result<std::unique_ptr<Link>> Link::open(const DetectorSettings& settings) {
  auto impl = std::make_unique<Impl>();
  impl->settings = settings;
  Trouble trouble;
  impl->camera.reset(arv_camera_new(settings.address.c_str(), trouble.out()));
  if (trouble) return tl::unexpected(trouble.as(settings.id, "address"));
  if (!impl->camera) return tl::unexpected(no_answer(settings.id));
  if (arv_camera_is_gv_device(impl->camera.get()) == FALSE)
    return tl::unexpected(
        Error{ErrorCode::unsupported, "this is no GigE Vision device", settings.id, "check the address"});
  ArvDevice* device = arv_camera_get_device(impl->camera.get());
  impl->handler = g_signal_connect(device, "control-lost", G_CALLBACK(&Impl::on_lost), impl.get());
  // Plain UDP: the packet socket needs rights that the kiosk does not have.
  arv_camera_gv_set_stream_options(impl->camera.get(), ARV_GV_STREAM_OPTION_PACKET_SOCKET_DISABLED);
  if (auto set = impl->write_settings(); !set) return tl::unexpected(set.error());
  if (auto read = impl->read_shape(); !read) return tl::unexpected(read.error());
  return std::unique_ptr<Link>(new Link(std::move(impl)));
}

const Link::Shape& Link::shape() const {
  return impl_->shape;
}

Result<void> Link::start() {
  Trouble trouble;
  impl_->stream.reset(arv_camera_create_stream(impl_->camera.get(), nullptr, nullptr, trouble.out()));
  if (trouble) return tl::unexpected(trouble.as(impl_->settings.id, "packet_size"));
  if (!impl_->stream) return tl::unexpected(no_answer(impl_->settings.id));
  g_object_set(impl_->stream.get(), "packet-resend",
               impl_->settings.resend ? ARV_GV_STREAM_PACKET_RESEND_ALWAYS : ARV_GV_STREAM_PACKET_RESEND_NEVER,
               "socket-buffer", ARV_GV_STREAM_SOCKET_BUFFER_FIXED, "socket-buffer-size", kSocketBytes,
               "packet-timeout", 20'000U, "frame-retention", 100'000U, nullptr);
  for (int i = 0; i < kBuffers; ++i)
    impl_->push(arv_buffer_new_allocate(impl_->payload));
  impl_->running = true;
  arv_camera_start_acquisition(impl_->camera.get(), trouble.out());
  if (trouble) {
    auto fault = trouble.as(impl_->settings.id, "trigger");
    impl_->halt();
    return tl::unexpected(std::move(fault));
  }
  return {};
}

void Link::stop() {
  impl_->halt();
}

bool Link::take(std::int64_t wait_us, const std::function<void(const Taken&)>& use) {
  if (!impl_->stream) return false;
  ArvBuffer* buffer = arv_stream_timeout_pop_buffer(impl_->stream.get(), static_cast<guint64>(wait_us));
  if (buffer == nullptr) return false;
  const auto status = arv_buffer_get_status(buffer);
  Taken taken;
  taken.block.bytes = static_cast<const std::uint8_t*>(arv_buffer_get_data(buffer, nullptr));
  taken.block.size = impl_->payload;
  taken.block.width = impl_->shape.width;
  taken.block.height = impl_->shape.height;
  taken.block.bytes_per_sample = impl_->shape.bytes_per_sample;
  taken.block.id = arv_buffer_get_frame_id(buffer);
  taken.block.complete = status == ARV_BUFFER_STATUS_SUCCESS;
  taken.device_us = static_cast<std::int64_t>(arv_buffer_get_timestamp(buffer) / 1000);
  const bool data = status == ARV_BUFFER_STATUS_SUCCESS || status == ARV_BUFFER_STATUS_TIMEOUT ||
                    status == ARV_BUFFER_STATUS_MISSING_PACKETS;
  if (data) use(taken);
  impl_->push(buffer);
  return true;
}

bool Link::lost() const {
  return impl_->control_lost;
}

Link::Counts Link::counts() const {
  return impl_->total();
}

}  // namespace torugart::hal::gige_detector
