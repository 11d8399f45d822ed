#include "hal/drivers/gst_camera/connection.h"

#include <fmt/format.h>
#include <gst/app/gstappsink.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>

#include "hal/drivers/gst_camera/faults.h"

namespace torugart::hal::gst_camera {
namespace {

struct Codec {
  const char* encoding;  // of RTP's caps
  const char* media;     // of a file's or a device's caps
  const char* depayload;
  const char* parse;
  const char* decode;
  bool jpeg;
};
// One thread per decoder: more of them hold pictures back, and a lane camera is no work for a core.
constexpr Codec kCodecs[] = {
    {"H264", "video/x-h264", "rtph264depay name=depay ! ",
     "h264parse config-interval=-1 ! video/x-h264,alignment=au ! ",
     "avdec_h264 name=dec max-threads=1 output-corrupt=true ! ", false},
    {"H265", "video/x-h265", "rtph265depay name=depay ! ",
     "h265parse config-interval=-1 ! video/x-h265,alignment=au ! ",
     "avdec_h265 name=dec max-threads=1 output-corrupt=true ! ", false},
    {"JPEG", "image/jpeg", "rtpjpegdepay name=depay ! ", "", "jpegdec name=dec max-errors=-1 ! ", true},
    {"RAW", "video/x-raw", "", "", "identity name=dec ! ", false},
};

const char* text_field(const GstStructure* s, const char* name) {
  const char* value = gst_structure_get_string(s, name);
  return value == nullptr ? "" : value;
}

Error lacks(const std::string& id, const char* why) {
  return {ErrorCode::internal, "GStreamer lacks a part for this camera", fmt::format("{}: {}", id, why),
          "install gstreamer1.0-libav, -plugins-good and -plugins-bad"};
}

}  // namespace

struct Connection::Impl {
  Impl(const CameraSettings& wanted, Shared& s, const Clock& c) : settings(wanted), shared(s), clock(c) {}
  ~Impl() {
    if (pipeline) gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  }

  const CameraSettings settings;
  Shared& shared;
  const Clock& clock;
  gst::Element pipeline, sink;
  gst::Bus bus;
  std::string stream;
  std::int64_t last_taken_us = 0;

  std::mutex mutex;  // written by GStreamer's threads
  std::optional<Error> own_fault;
  const Codec* codec = nullptr;
  std::atomic<bool> video_offered{false};
  std::atomic<GstClockTime> last_passed{GST_CLOCK_TIME_NONE};

  void fail(Error e) {
    const std::lock_guard lock(mutex);
    if (!own_fault) own_fault = std::move(e);
  }

  // From the source's pad to the sink.
  void attach(GstPad* pad, const Codec& found, bool rtp) {
    {
      const std::lock_guard lock(mutex);
      if (codec != nullptr) return;  // the first video stream is the camera's
      codec = &found;
    }
    const auto line = fmt::format(
        "{}{}identity name=coded ! {}videoconvert ! video/x-raw,format=BGR ! "
        "appsink name=out max-buffers=1 drop=true sync={}",
        rtp ? found.depayload : "", found.parse, found.decode, settings.source == Source::file ? "true" : "false");
    GError* trouble = nullptr;
    GstElement* bin = gst_parse_bin_from_description(line.c_str(), TRUE, &trouble);
    if (trouble != nullptr) {
      fail(lacks(settings.id, trouble->message));
      g_error_free(trouble);
      if (bin != nullptr) gst_object_unref(bin);
      return;
    }
    probe(bin, "depay", "sink", &Impl::at_packet);
    probe(bin, "coded", "src", &Impl::at_coded);
    probe(bin, "dec", "src", &Impl::at_decoded);
    probe(bin, "out", "sink", &Impl::at_sink);
    {
      const std::lock_guard lock(mutex);
      sink.reset(gst_bin_get_by_name(GST_BIN(bin), "out"));
    }
    gst_bin_add(GST_BIN(pipeline.get()), bin);
    const gst::Pad entry(gst_element_get_static_pad(bin, "sink"));
    if (GST_PAD_LINK_FAILED(gst_pad_link(pad, entry.get())))
      fail({ErrorCode::unsupported, "the camera sends a picture format that is not read here", settings.id,
            "set the camera to H.264, H.265 or MJPEG"});
    gst_element_sync_state_with_parent(bin);
  }

  void probe(GstElement* bin, const char* element, const char* pad_name, GstPadProbeCallback callback) {
    const gst::Element e(gst_bin_get_by_name(GST_BIN(bin), element));
    if (!e) return;
    const gst::Pad pad(gst_element_get_static_pad(e.get(), pad_name));
    gst_pad_add_probe(pad.get(),
                      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST),
                      callback, this, nullptr);
  }

  static void look_at_packet(Impl& self, GstBuffer* buffer) {
    std::array<std::uint8_t, 12> head{};
    const auto size = gst_buffer_extract(buffer, 0, head.data(), head.size());
    self.shared.watch.packet(head.data(), size, GST_BUFFER_PTS(buffer));
  }

  static GstPadProbeReturn at_packet(GstPad*, GstPadProbeInfo* info, gpointer data) {
    auto& self = *static_cast<Impl*>(data);
    if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) != 0) {
      GstBufferList* list = GST_PAD_PROBE_INFO_BUFFER_LIST(info);
      for (guint i = 0; i < gst_buffer_list_length(list); ++i)
        look_at_packet(self, gst_buffer_list_get(list, i));
    } else {
      look_at_packet(self, GST_PAD_PROBE_INFO_BUFFER(info));
    }
    return GST_PAD_PROBE_OK;
  }

  static GstPadProbeReturn at_coded(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
    auto& self = *static_cast<Impl*>(data);
    GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    bool corrupted = GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_CORRUPTED);
    GstMapInfo map;
    if (self.codec->jpeg && gst_buffer_map(buffer, &map, GST_MAP_READ) != FALSE) {
      corrupted = corrupted || !jpeg_is_whole(map.data, map.size);
      gst_buffer_unmap(buffer, &map);
    }
    const bool key = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
    self.shared.watch.coded(GST_BUFFER_PTS(buffer), key, corrupted);
    if (std::strcmp(self.codec->encoding, "RAW") != 0) {
      const gst::Caps caps(gst_pad_get_current_caps(pad));
      self.shared.ring.add(buffer, caps.get(), self.clock.now());
    }
    return GST_PAD_PROBE_OK;
  }

  // Pictures beyond what is asked for are dropped before they cost a conversion.
  static GstPadProbeReturn at_decoded(GstPad*, GstPadProbeInfo* info, gpointer data) {
    auto& self = *static_cast<Impl*>(data);
    if (self.settings.fps == 0) return GST_PAD_PROBE_OK;
    const GstClockTime pts = GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info));
    const GstClockTime last = self.last_passed;
    const GstClockTime step = GST_SECOND / static_cast<GstClockTime>(self.settings.fps);
    const bool due = !GST_CLOCK_TIME_IS_VALID(pts) || !GST_CLOCK_TIME_IS_VALID(last) || pts < last ||
                     pts - last + step / 8 >= step;
    if (!self.shared.still.exchange(false) && !due) return GST_PAD_PROBE_DROP;
    self.last_passed = pts;
    return GST_PAD_PROBE_OK;
  }

  static GstPadProbeReturn at_sink(GstPad*, GstPadProbeInfo*, gpointer data) {
    ++static_cast<Impl*>(data)->shared.decoded;
    return GST_PAD_PROBE_OK;
  }

  static void pad_added(GstElement*, GstPad* pad, gpointer data) {
    auto& self = *static_cast<Impl*>(data);
    gst::Caps caps(gst_pad_get_current_caps(pad));
    if (!caps) caps.reset(gst_pad_query_caps(pad, nullptr));
    if (gst_caps_is_empty(caps.get()) || gst_caps_is_any(caps.get())) return;
    const GstStructure* s = gst_caps_get_structure(caps.get(), 0);
    const std::string name = gst_structure_get_name(s);
    const bool rtp = name == "application/x-rtp";
    if (rtp && std::strcmp(text_field(s, "media"), "video") != 0) return;
    if (!rtp && name.rfind("video/", 0) != 0 && name.rfind("image/", 0) != 0) return;
    for (const auto& c : kCodecs) {
      if (rtp ? std::strcmp(text_field(s, "encoding-name"), c.encoding) == 0 : name == c.media)
        return self.attach(pad, c, rtp);
    }
    self.fail({ErrorCode::unsupported, "the camera sends a picture format that is not read here", self.settings.id,
               "set the camera to H.264, H.265 or MJPEG"});
  }

  static gboolean select_stream(GstElement*, guint, GstCaps* caps, gpointer data) {
    const GstStructure* s = gst_caps_get_structure(caps, 0);
    if (std::strcmp(text_field(s, "media"), "video") != 0) return FALSE;
    static_cast<Impl*>(data)->video_offered = true;
    return TRUE;
  }

  Error no_video() const {
    return {ErrorCode::unsupported, "the camera sends no video", settings.id,
            "check the camera's address: it may be that of its microphone"};
  }

  static void no_more_pads(GstElement*, gpointer data) {
    auto& self = *static_cast<Impl*>(data);
    bool none = false;
    {
      const std::lock_guard lock(self.mutex);
      none = self.codec == nullptr;
    }
    if (none) self.fail(self.no_video());
  }

  // rtspsrc calls a camera without a stream that we chose a missing decoder.
  void fail(GstMessage* message) {
    Error e = fault_of(message, settings, sink_now() != nullptr);
    if (e.code == ErrorCode::unsupported && settings.source == Source::rtsp && !video_offered) e = no_video();
    fail(std::move(e));
  }

  Result<void> build(const std::string& password) {
    pipeline.reset(gst_pipeline_new(nullptr));
    bus.reset(gst_element_get_bus(pipeline.get()));
    switch (settings.source) {
      case Source::rtsp:
        return build_rtsp(password);
      case Source::file:
        return build_file();
      case Source::v4l2:
        return build_v4l2();
    }
    return {};
  }

  GstElement* add(const char* factory) {
    GstElement* e = gst_element_factory_make(factory, nullptr);
    if (e != nullptr) gst_bin_add(GST_BIN(pipeline.get()), e);
    return e;
  }

  Result<void> build_rtsp(const std::string& password) {
    GstElement* source = add("rtspsrc");
    if (source == nullptr) return tl::unexpected(lacks(settings.id, "rtspsrc"));
    gst_util_set_object_arg(G_OBJECT(source), "protocols", settings.udp ? "udp" : "tcp");
    const auto patience_us = static_cast<guint64>(settings.connect_ms) * 1000;
    g_object_set(source, "location", settings.address.c_str(), "latency", static_cast<guint>(settings.latency_ms),
                 "tcp-timeout", patience_us, "timeout", guint64{0}, "drop-on-latency", FALSE, nullptr);
    if (!settings.user.empty())
      g_object_set(source, "user-id", settings.user.c_str(), "user-pw", password.c_str(), nullptr);
    g_signal_connect(source, "select-stream", G_CALLBACK(&Impl::select_stream), this);
    g_signal_connect(source, "pad-added", G_CALLBACK(&Impl::pad_added), this);
    g_signal_connect(source, "no-more-pads", G_CALLBACK(&Impl::no_more_pads), this);
    return {};
  }

  Result<void> build_file() {
    GstElement* source = add("filesrc");
    GstElement* parse = add("parsebin");
    if (source == nullptr || parse == nullptr || gst_element_link(source, parse) == FALSE)
      return tl::unexpected(lacks(settings.id, "parsebin"));
    g_object_set(source, "location", settings.address.c_str(), nullptr);
    g_signal_connect(parse, "pad-added", G_CALLBACK(&Impl::pad_added), this);
    g_signal_connect(parse, "no-more-pads", G_CALLBACK(&Impl::no_more_pads), this);
    return {};
  }

  Result<void> build_v4l2() {
    GstElement* source = add("v4l2src");
    GstElement* filter = add("capsfilter");
    if (source == nullptr || filter == nullptr || gst_element_link(source, filter) == FALSE)
      return tl::unexpected(lacks(settings.id, "v4l2src"));
    const Codec& wanted = kCodecs[settings.mjpeg ? 2 : 3];
    const gst::Caps caps(gst_caps_new_empty_simple(wanted.media));
    if (settings.width != 0) gst_caps_set_simple(caps.get(), "width", G_TYPE_INT, settings.width, nullptr);
    if (settings.height != 0) gst_caps_set_simple(caps.get(), "height", G_TYPE_INT, settings.height, nullptr);
    g_object_set(source, "device", settings.address.c_str(), nullptr);
    g_object_set(filter, "caps", caps.get(), nullptr);
    const gst::Pad pad(gst_element_get_static_pad(filter, "src"));
    attach(pad.get(), wanted, false);
    return {};
  }

  GstElement* sink_now() {
    const std::lock_guard lock(mutex);
    return sink.get();
  }

  // How long ago this buffer's time was, by the pipeline's clock.
  std::int64_t age_us(GstSample* sample) const {
    const GstClockTime pts = GST_BUFFER_PTS(gst_sample_get_buffer(sample));
    GstClock* time = gst_element_get_clock(pipeline.get());
    if (time == nullptr) return 0;
    const GstClockTime now = gst_clock_get_time(time) - gst_element_get_base_time(pipeline.get());
    gst_object_unref(time);
    const GstClockTime then = gst_segment_to_running_time(gst_sample_get_segment(sample), GST_FORMAT_TIME, pts);
    if (!GST_CLOCK_TIME_IS_VALID(then) || then > now) return 0;
    return std::min<std::int64_t>(static_cast<std::int64_t>((now - then) / 1000), 2'000'000);
  }
};

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::make(const CameraSettings& settings, const std::string& password,
                                                     Shared& shared, const Clock& clock) {
  gst::start();
  shared.watch.restart();
  auto impl = std::make_unique<Impl>(settings, shared, clock);
  if (auto built = impl->build(password); !built) return tl::unexpected(built.error());
  gst_element_set_state(impl->pipeline.get(), GST_STATE_PLAYING);  // a failure is on the bus
  return std::unique_ptr<Connection>(new Connection(std::move(impl)));
}

std::optional<Connection::Pulled> Connection::pull(std::int64_t wait_us) {
  GstElement* sink = impl_->sink_now();
  const auto wait = static_cast<GstClockTime>(wait_us) * 1000;
  if (sink == nullptr) {
    // Nothing is connected yet: the bus tells of a failure sooner than the time is up.
    if (GstMessage* m = gst_bus_timed_pop_filtered(impl_->bus.get(), wait, GST_MESSAGE_ERROR); m != nullptr) {
      const gst::Message message(m);
      impl_->fail(m);
    }
    return std::nullopt;
  }
  const gst::Sample sample(gst_app_sink_try_pull_sample(GST_APP_SINK(sink), wait));
  if (!sample) return std::nullopt;
  auto picture = gst::bgr_picture(sample.get());
  if (!picture) {
    impl_->fail({ErrorCode::bad_data, "the camera's pictures are too large", impl_->settings.id,
                 fmt::format("set the camera to at most {0} x {0}", gst::kLargestSide)});
    return std::nullopt;
  }
  GstBuffer* buffer = gst_sample_get_buffer(sample.get());
  Pulled out;
  out.mark = impl_->shared.watch.decoded(GST_BUFFER_PTS(buffer));
  out.mark.damaged = out.mark.damaged || GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_CORRUPTED);
  out.delay_us = impl_->age_us(sample.get());
  out.taken = impl_->clock.now();
  const auto back = std::min(out.delay_us, std::max<std::int64_t>(out.taken.mono_us - impl_->last_taken_us, 0));
  out.taken.mono_us -= back;
  out.taken.wall_us -= back;
  impl_->last_taken_us = out.taken.mono_us;
  impl_->stream = fmt::format("{} {}x{}", impl_->codec->encoding, picture->width, picture->height);
  out.picture = std::move(*picture);
  return out;
}

std::optional<Error> Connection::fault() {
  const auto types = static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  while (GstMessage* m = gst_bus_pop_filtered(impl_->bus.get(), types)) {
    const gst::Message message(m);
    if (GST_MESSAGE_TYPE(m) == GST_MESSAGE_ERROR) {
      impl_->fail(m);
    } else if (impl_->settings.source == Source::file) {
      // Over and over, at its own pace.
      gst_element_seek_simple(impl_->pipeline.get(), GST_FORMAT_TIME,
                              static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT), 0);
    } else {
      impl_->fail({ErrorCode::unreachable, "the camera ended its stream", impl_->settings.id,
                   "wait; if it stays so, restart the camera"});
    }
  }
  const std::lock_guard lock(impl_->mutex);
  return impl_->own_fault;
}

bool Connection::connected() const {
  return impl_->sink_now() != nullptr;
}

std::string Connection::stream() const {
  return impl_->stream;
}

}  // namespace torugart::hal::gst_camera
