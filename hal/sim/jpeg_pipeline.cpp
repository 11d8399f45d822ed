#include "hal/sim/jpeg_pipeline.h"

#include <fmt/format.h>
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <atomic>

#include "hal/gst/sample.h"

namespace torugart::hal::sim {

struct JpegPipeline::Impl {
  GstElement* pipeline = nullptr;
  GstElement* source = nullptr;
  GstElement* sink = nullptr;
  int width = 0, height = 0;
  std::uint64_t frames = 0;
  std::atomic<double> keep{1};
  std::atomic<bool> cut{false};  // the last JPEG that reached the decoder had no end-of-image marker

  ~Impl() {
    if (pipeline != nullptr) gst_element_set_state(pipeline, GST_STATE_NULL);
    if (source != nullptr) gst_object_unref(source);
    if (sink != nullptr) gst_object_unref(sink);
    if (pipeline != nullptr) gst_object_unref(pipeline);
  }

  // Between encoder and decoder: the bad cable, and the look at what came through it.
  static GstPadProbeReturn between(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer data) {
    auto* self = static_cast<Impl*>(data);
    GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    if (self->keep < 1) {
      buffer = gst_buffer_make_writable(buffer);
      const auto size = static_cast<double>(gst_buffer_get_size(buffer));
      gst_buffer_set_size(buffer, static_cast<gssize>(std::max(64.0, size * self->keep)));
      GST_PAD_PROBE_INFO_DATA(info) = buffer;
    }
    GstMapInfo map;
    if (gst_buffer_map(buffer, &map, GST_MAP_READ) != FALSE) {
      self->cut = map.size < 2 || map.data[map.size - 2] != 0xFF || map.data[map.size - 1] != 0xD9;
      gst_buffer_unmap(buffer, &map);
    }
    return GST_PAD_PROBE_OK;
  }
};

JpegPipeline::JpegPipeline(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
JpegPipeline::~JpegPipeline() = default;

Result<std::unique_ptr<JpegPipeline>> JpegPipeline::make(int width, int height) {
  gst::start();
  auto impl = std::make_unique<Impl>();
  impl->width = width;
  impl->height = height;
  const std::string caps = fmt::format("video/x-raw,format=I420,width={},height={},framerate=0/1", width, height);
  const std::string line = fmt::format(
      "appsrc name=in format=time caps={} ! jpegenc name=enc quality=88 ! jpegdec name=dec max-errors=-1 ! "
      "videoconvert ! "
      "video/x-raw,format=BGR ! appsink name=out sync=false max-buffers=2 drop=false",
      caps);
  GError* error = nullptr;
  impl->pipeline = gst_parse_launch(line.c_str(), &error);
  if (error != nullptr || impl->pipeline == nullptr) {
    const std::string why = error != nullptr ? error->message : "unknown";
    g_clear_error(&error);
    return tl::unexpected(Error{ErrorCode::internal, "GStreamer: " + why, "simulated camera",
                                "install gstreamer1.0-plugins-base and gstreamer1.0-plugins-good"});
  }
  impl->source = gst_bin_get_by_name(GST_BIN(impl->pipeline), "in");
  impl->sink = gst_bin_get_by_name(GST_BIN(impl->pipeline), "out");
  GstElement* encoder = gst_bin_get_by_name(GST_BIN(impl->pipeline), "enc");
  GstPad* pad = gst_element_get_static_pad(encoder, "src");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, &Impl::between, impl.get(), nullptr);
  gst_object_unref(pad);
  gst_object_unref(encoder);
  if (gst_element_set_state(impl->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    return tl::unexpected(Error{ErrorCode::internal, "GStreamer does not start", "simulated camera",
                                "install gstreamer1.0-plugins-good"});
  return std::unique_ptr<JpegPipeline>(new JpegPipeline(std::move(impl)));
}

Result<JpegPipeline::Out> JpegPipeline::pass(const std::uint8_t* bgr, double keep) {
  const auto no_picture = [](const char* what) {
    return tl::unexpected(Error{ErrorCode::bad_data, what, "simulated camera", "check the camera's cable"});
  };
  impl_->keep = keep;
  // 4:2:0 as cameras send it: half the work for encoder and decoder.
  const cv::Mat picture(impl_->height, impl_->width, CV_8UC3, const_cast<std::uint8_t*>(bgr));
  cv::Mat i420;
  cv::cvtColor(picture, i420, cv::COLOR_BGR2YUV_I420);
  GstBuffer* buffer = gst_buffer_new_memdup(i420.data, i420.total());
  if (buffer == nullptr) return no_picture("no memory");
  GST_BUFFER_PTS(buffer) = impl_->frames++ * GST_MSECOND;
  if (gst_app_src_push_buffer(GST_APP_SRC(impl_->source), buffer) != GST_FLOW_OK)
    return no_picture("the pipeline has stopped");
  GstSample* sample =
      gst_app_sink_try_pull_sample(GST_APP_SINK(impl_->sink), keep < 1 ? 300 * GST_MSECOND : GST_SECOND);
  if (sample == nullptr) return no_picture("the decoder gave no picture");
  Out out;
  out.damaged = impl_->cut;
  const auto decoded = gst::bgr_picture(sample);
  if (decoded && decoded->width == impl_->width && decoded->height == impl_->height) out.bgr = decoded->bgr;
  gst_sample_unref(sample);
  if (out.bgr == nullptr) return no_picture("a picture of another size");
  return out;
}

}  // namespace torugart::hal::sim
