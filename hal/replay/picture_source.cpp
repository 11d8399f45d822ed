#include "hal/replay/picture_source.h"

#include <gst/app/gstappsink.h>
#include <gst/gst.h>

#include <algorithm>
#include <cstring>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "hal/gst/sample.h"

namespace torugart::hal::replay {
namespace {

using gst::kLargestSide;

Pixels grey(int width, int height, bool damaged) {
  const auto bytes = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3;
  return {width, height, std::make_shared<std::vector<std::uint8_t>>(bytes, std::uint8_t{96}), damaged};
}

Pixels read_still(const std::string& file) {
  try {
    const cv::Mat picture = cv::imread(file, cv::IMREAD_COLOR);
    if (!picture.empty() && picture.cols <= kLargestSide && picture.rows <= kLargestSide) {
      auto bgr = std::make_shared<std::vector<std::uint8_t>>(picture.total() * 3);
      std::memcpy(bgr->data(), picture.data, bgr->size());
      return {picture.cols, picture.rows, std::move(bgr), false};
    }
  } catch (const cv::Exception&) {
  }
  return grey(640, 360, true);
}

class Stills final : public PictureSource {
 public:
  Stills(std::vector<std::string> files, std::int64_t each_us) : files_(std::move(files)), each_us_(each_us) {}

  Pixels at(std::int64_t at_us) override {
    const auto index = static_cast<std::size_t>(std::max<std::int64_t>(at_us, 0) / each_us_) % files_.size();
    if (!current_.bgr || index != index_) {
      index_ = index;
      current_ = read_still(files_[index]);
    }
    return current_;
  }

 private:
  std::vector<std::string> files_;
  std::int64_t each_us_;
  std::size_t index_ = 0;
  Pixels current_;
};

class EmptyView final : public PictureSource {
 public:
  Pixels at(std::int64_t) override { return view_; }

 private:
  Pixels view_ = grey(640, 360, false);
};

Pixels copy_sample(GstSample* sample) {
  auto picture = gst::bgr_picture(sample);
  if (!picture) return grey(640, 360, true);
  return {picture->width, picture->height, std::move(picture->bgr), false};
}

class Clip final : public PictureSource {
 public:
  Clip(GstElement* pipeline, GstElement* sink) : pipeline_(pipeline), sink_(sink) {}
  ~Clip() override { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }

  bool first() {
    // The player waits here, and with it every device: not longer than until the pipeline says that it failed.
    const gst::Bus bus(gst_element_get_bus(pipeline_.get()));
    for (int i = 0; i < 250 && !next_; ++i) {
      next_.reset(gst_app_sink_try_pull_sample(GST_APP_SINK(sink_.get()), 20 * GST_MSECOND));
      GstMessage* failed = next_ ? nullptr : gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR);
      if (failed == nullptr) continue;
      gst_message_unref(failed);
      return false;
    }
    if (!next_) return false;
    current_ = copy_sample(next_.get());
    return true;
  }

  Pixels at(std::int64_t at_us) override {
    while (next_ && due_us() <= at_us) {
      current_ = copy_sample(next_.get());
      next_.reset(gst_app_sink_try_pull_sample(GST_APP_SINK(sink_.get()), 20 * GST_MSECOND));
      if (!next_ && gst_app_sink_is_eos(GST_APP_SINK(sink_.get())) == FALSE) break;
    }
    if (!next_ && gst_app_sink_is_eos(GST_APP_SINK(sink_.get())) == FALSE) {
      next_.reset(gst_app_sink_try_pull_sample(GST_APP_SINK(sink_.get()), 0));
    }
    return current_;
  }

 private:
  std::int64_t due_us() const {
    const auto pts = GST_BUFFER_PTS(gst_sample_get_buffer(next_.get()));
    return GST_CLOCK_TIME_IS_VALID(pts) ? static_cast<std::int64_t>(pts / 1000) : 0;
  }

  gst::Element pipeline_, sink_;
  gst::Sample next_;
  Pixels current_;
};

}  // namespace

std::unique_ptr<PictureSource> make_stills(std::vector<std::string> files, std::int64_t each_us) {
  return std::make_unique<Stills>(std::move(files), each_us);
}

std::unique_ptr<PictureSource> make_empty_view() {
  return std::make_unique<EmptyView>();
}

Result<std::unique_ptr<PictureSource>> open_clip(const std::string& file) {
  const auto bad = [&file](std::string what) {
    return tl::unexpected(
        Error{ErrorCode::bad_data, std::move(what), file, "play it with gst-play-1.0 to see what is missing"});
  };
  gst::start();
  GError* trouble = nullptr;
  GstElement* pipeline = gst_parse_launch(
      "filesrc name=file ! decodebin ! videoconvert ! video/x-raw,format=BGR ! "
      "appsink name=sink sync=false max-buffers=4 drop=false",
      &trouble);
  if (trouble != nullptr) {
    std::string what = trouble->message;
    g_error_free(trouble);
    if (pipeline != nullptr) gst_object_unref(pipeline);
    return bad("GStreamer lacks a part: " + what);
  }
  GstElement* source = gst_bin_get_by_name(GST_BIN(pipeline), "file");
  g_object_set(source, "location", file.c_str(), nullptr);
  gst_object_unref(source);
  auto clip = std::make_unique<Clip>(pipeline, gst_bin_get_by_name(GST_BIN(pipeline), "sink"));
  if (gst_element_set_state(pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE || !clip->first()) {
    return bad("cannot be played");
  }
  return clip;
}

}  // namespace torugart::hal::replay
