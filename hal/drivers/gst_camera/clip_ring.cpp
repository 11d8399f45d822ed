#include "hal/drivers/gst_camera/clip_ring.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include <algorithm>
#include <utility>

namespace torugart::hal::gst_camera {
namespace {

const char* parser_of(GstCaps* caps) {
  const std::string name = gst_structure_get_name(gst_caps_get_structure(caps, 0));
  if (name == "video/x-h264") return "h264parse ! ";
  if (name == "video/x-h265") return "h265parse ! ";
  return "";
}

void append(GstSample* sample, std::vector<std::uint8_t>& out) {
  GstMapInfo map;
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  if (buffer == nullptr || gst_buffer_map(buffer, &map, GST_MAP_READ) == FALSE) return;
  out.insert(out.end(), map.data, map.data + map.size);
  gst_buffer_unmap(buffer, &map);
}

}  // namespace

void ClipRing::add(GstBuffer* buffer, GstCaps* caps, TimeStamp at) {
  if (keep_us_ == 0 || caps == nullptr) return;
  const std::lock_guard lock(mutex_);
  Entry e;
  e.buffer.reset(gst_buffer_ref(buffer));
  e.caps.reset(gst_caps_ref(caps));
  e.at = at;
  e.key = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  bytes_ += gst_buffer_get_size(buffer);
  entries_.push_back(std::move(e));
  while (entries_.size() > 1 && (bytes_ > kMostBytes || at.mono_us - entries_.front().at.mono_us > keep_us_)) {
    bytes_ -= gst_buffer_get_size(entries_.front().buffer.get());
    entries_.pop_front();
  }
}

void ClipRing::clear() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
  bytes_ = 0;
}

Result<std::vector<ClipRing::Part>> ClipRing::parts(std::int64_t last_us, gst::Caps& caps) const {
  const std::lock_guard lock(mutex_);
  std::vector<Part> out;
  if (!entries_.empty()) {
    const Entry& last = entries_.back();
    caps.reset(gst_caps_ref(last.caps.get()));
    // Backwards over all that one file can hold, to the newest key frame that is old enough.
    std::size_t begin = entries_.size();
    for (std::size_t i = entries_.size(); i-- > 0;) {
      const Entry& e = entries_[i];
      if (gst_caps_is_equal(e.caps.get(), caps.get()) == FALSE) break;
      if (e.key) begin = i;
      if (e.key && last.at.mono_us - e.at.mono_us >= last_us) break;
    }
    for (std::size_t i = begin; i < entries_.size(); ++i)
      out.push_back({gst::Buffer(gst_buffer_ref(entries_[i].buffer.get())), entries_[i].at});
  }
  if (out.empty())
    return tl::unexpected(
        Error{ErrorCode::not_open, "the camera has kept nothing yet", camera_, "wait for its first pictures"});
  return out;
}

Result<Clip> ClipRing::clip(std::int64_t last_us) const {
  const auto failed = [this](const char* what) {
    return tl::unexpected(Error{ErrorCode::internal, what, camera_, "install gstreamer1.0-plugins-good"});
  };
  gst::Caps caps;
  auto wanted = parts(std::max<std::int64_t>(last_us, 0), caps);
  if (!wanted) return tl::unexpected(wanted.error());

  GError* trouble = nullptr;
  const auto line = std::string("appsrc name=in format=time max-bytes=0 ! ") + parser_of(caps.get()) +
                    "matroskamux ! appsink name=out sync=false";
  const gst::Element pipeline(gst_parse_launch(line.c_str(), &trouble));
  if (trouble != nullptr) {
    g_error_free(trouble);
    return failed("GStreamer cannot write the clip");
  }
  const gst::Element in(gst_bin_get_by_name(GST_BIN(pipeline.get()), "in"));
  const gst::Element out(gst_bin_get_by_name(GST_BIN(pipeline.get()), "out"));
  gst_app_src_set_caps(GST_APP_SRC(in.get()), caps.get());
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  const auto first = wanted->front().at;
  for (const auto& part : *wanted) {
    // Times of one recording, also where the stream began anew in between: those of the lane's clock.
    GstBuffer* copy = gst_buffer_copy(part.buffer.get());
    const auto old = GST_BUFFER_PTS(copy);
    const auto at = static_cast<GstClockTime>(std::max<std::int64_t>(part.at.mono_us - first.mono_us, 0)) * 1000;
    const auto reorder = GST_CLOCK_TIME_IS_VALID(old) && GST_BUFFER_DTS_IS_VALID(copy) && old > GST_BUFFER_DTS(copy)
                             ? old - GST_BUFFER_DTS(copy)
                             : 0;
    GST_BUFFER_PTS(copy) = at;
    GST_BUFFER_DTS(copy) = at > reorder ? at - reorder : 0;
    gst_app_src_push_buffer(GST_APP_SRC(in.get()), copy);
  }
  gst_app_src_end_of_stream(GST_APP_SRC(in.get()));

  auto bytes = std::make_shared<std::vector<std::uint8_t>>();
  while (const gst::Sample sample{gst_app_sink_try_pull_sample(GST_APP_SINK(out.get()), 5 * GST_SECOND)})
    append(sample.get(), *bytes);
  const bool whole = gst_app_sink_is_eos(GST_APP_SINK(out.get())) != FALSE && !bytes->empty();
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  if (!whole) return failed("GStreamer cannot write the clip");
  return Clip{camera_, first, wanted->back().at, "video/x-matroska", std::move(bytes)};
}

}  // namespace torugart::hal::gst_camera
