// What arrives when all is well: codecs, transports, login, stills, clips, files.
#include <gst/app/gstappsink.h>

#include "hal/gst/sample.h"
#include "tests/hal/drivers/gst_camera/rig.h"

namespace torugart::hal::gst_camera {
namespace {

using test::Rig;
using test::Server;

struct Way {
  const char* codec;
  const char* transport;
};

class Stream : public testing::TestWithParam<Way> {};

TEST_P(Stream, PicturesArriveInTheirColoursNumberedAndStamped) {
  TORUGART_NEEDS_RTSP_SERVER();
  Server server({"--codec", GetParam().codec, "--pattern", "red"});
  ASSERT_TRUE(server.start());
  Rig rig(server.url(), {{"transport", GetParam().transport}});
  ASSERT_TRUE(rig.frames_come(8)) << rig.said();
  rig.camera().close();
  const auto all = rig.frames();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Frame& f = all[i];
    EXPECT_EQ(f.width, 320);
    EXPECT_EQ(f.height, 240);
    EXPECT_EQ(f.position, "front");
    ASSERT_EQ(f.bgr->size(), 320U * 240U * 3U);
    const auto* middle = f.bgr->data() + (120 * 320 + 160) * 3;
    if (!f.damaged) {
      EXPECT_LT(middle[0], 40);
      EXPECT_LT(middle[1], 40);
      EXPECT_GT(middle[2], 200);
    }
    if (i != 0) {
      EXPECT_GT(f.sequence, all[i - 1].sequence);
      EXPECT_GE(f.taken.mono_us, all[i - 1].taken.mono_us);
    }
  }
  EXPECT_FALSE(all.back().damaged);
  EXPECT_LE(all.back().taken.mono_us, rig.clock().now().mono_us);
}

INSTANTIATE_TEST_SUITE_P(Rtsp, Stream,
                         testing::Values(Way{"h264", "tcp"}, Way{"h264", "udp"}, Way{"h265", "tcp"},
                                         Way{"h265", "udp"}, Way{"jpeg", "tcp"}, Way{"jpeg", "udp"}),
                         [](const auto& way) { return std::string(way.param.codec) + "_" + way.param.transport; });

TEST(GstCamera, DigestLoginWithThePasswordFromAFileOrTheEnvironment) {
  TORUGART_NEEDS_RTSP_SERVER();
  const test::Folder folder;
  Server server({"--login", "lane:s3cr=t word"});
  ASSERT_TRUE(server.start());
  {
    Rig rig(server.url(), {{"user", "lane"}, {"password_file", folder.write("password", "s3cr=t word\n")}});
    EXPECT_TRUE(rig.frames_come()) << rig.said();
  }
  setenv("TORUGART_TEST_CAMERA_PASSWORD", "s3cr=t word", 1);
  Rig rig(server.url(), {{"user", "lane"}, {"password_env", "TORUGART_TEST_CAMERA_PASSWORD"}});
  EXPECT_TRUE(rig.frames_come()) << rig.said();
}

// Plays a clip and counts its pictures.
int pictures_in(const std::string& file) {
  gst::start();
  const auto line = "filesrc location=" + file +
                    " ! decodebin ! videoconvert ! video/x-raw,format=BGR ! appsink name=out sync=false";
  const gst::Element pipeline(gst_parse_launch(line.c_str(), nullptr));
  const gst::Element sink(gst_bin_get_by_name(GST_BIN(pipeline.get()), "out"));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  int count = 0;
  while (const gst::Sample s{gst_app_sink_try_pull_sample(GST_APP_SINK(sink.get()), 5 * GST_SECOND)})
    count += gst::bgr_picture(s.get()) ? 1 : 0;
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return count;
}

class Evidence : public testing::TestWithParam<const char*> {};

TEST_P(Evidence, TheLastSecondsAreAClipThatPlaysAlsoAfterTheCameraIsLost) {
  TORUGART_NEEDS_RTSP_SERVER();
  const test::Folder folder;
  Server server({"--codec", GetParam()});
  ASSERT_TRUE(server.start());
  Rig rig(server.url());
  const auto early = rig.camera().recent_clip(30'000'000);
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, ErrorCode::not_open);
  ASSERT_TRUE(rig.frames_come(25)) << rig.said();
  server.process().kill();
  ASSERT_TRUE(test::wait_until([&] { return rig.camera().health().state == DeviceState::faulted; }));

  const auto clip = rig.camera().recent_clip(30'000'000);
  ASSERT_TRUE(clip) << clip.error().what;
  EXPECT_EQ(clip->camera, "front");
  EXPECT_EQ(clip->media_type, "video/x-matroska");
  EXPECT_LT(clip->from.mono_us, clip->to.mono_us);
  const auto file = folder.file("clip.mkv");
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(clip->bytes->data()), static_cast<std::streamsize>(clip->bytes->size()));
  EXPECT_GE(pictures_in(file), 25);

  // One second of it begins at the key frame before that second.
  const auto part = rig.camera().recent_clip(1'000'000);
  ASSERT_TRUE(part);
  EXPECT_LE(part->bytes->size(), clip->bytes->size());
  EXPECT_GE(part->to.mono_us - part->from.mono_us, 900'000);

  // The clip of a stream that began anew holds both parts.
  ASSERT_TRUE(server.start());
  ASSERT_TRUE(rig.frames_come(5)) << rig.said();
  const auto both = rig.camera().recent_clip(30'000'000);
  ASSERT_TRUE(both);
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(both->bytes->data()), static_cast<std::streamsize>(both->bytes->size()));
  EXPECT_GE(pictures_in(file), 30);
  rig.camera().close();
  EXPECT_FALSE(rig.camera().recent_clip(30'000'000)) << "close() forgets what was kept";
}

INSTANTIATE_TEST_SUITE_P(Rtsp, Evidence, testing::Values("h264", "h265", "jpeg"),
                         [](const auto& codec) { return std::string(codec.param); });

TEST(GstCamera, FewerPicturesAreDeliveredWhenFewerAreWantedAndAStillComesAtOnce) {
  TORUGART_NEEDS_RTSP_SERVER();
  Server server({"--fps", "20", "--codec", "jpeg"});
  ASSERT_TRUE(server.start());
  Rig rig(server.url(), {{"fps", "1"}, {"silent_ms", "5000"}});
  EXPECT_FALSE(rig.camera().trigger_still() && rig.count() == 0) << "not ready yet";
  ASSERT_TRUE(rig.frames_come(3)) << rig.said();
  auto all = rig.frames();
  EXPECT_GE(all[2].sequence - all[1].sequence, 15U) << "one in twenty";
  const auto before = rig.count();
  ASSERT_TRUE(rig.camera().trigger_still());
  ASSERT_TRUE(test::wait_until([&] { return rig.count() > before; }));
  all = rig.frames();
  EXPECT_LE(all[before].sequence - all[before - 1].sequence, 20U);
}

TEST(GstCamera, AServedClipEndsAndIsAskedForAgain) {
  TORUGART_NEEDS_RTSP_SERVER();
  const test::Folder folder;
  const auto clip = folder.file("served.mkv");
  const auto line =
      "videotestsrc num-buffers=20 ! video/x-raw,width=320,height=240,framerate=10/1 ! "
      "x264enc tune=zerolatency key-int-max=5 ! h264parse ! matroskamux ! filesink location=" +
      clip;
  gst::start();
  {
    const gst::Element made(gst_parse_launch(line.c_str(), nullptr));
    ASSERT_TRUE(made) << "install gstreamer1.0-plugins-ugly";
    gst_element_set_state(made.get(), GST_STATE_PLAYING);
    const gst::Bus bus(gst_element_get_bus(made.get()));
    const gst::Message done(gst_bus_timed_pop_filtered(
        bus.get(), 20 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
    gst_element_set_state(made.get(), GST_STATE_NULL);
    ASSERT_TRUE(done);
  }
  Server server({"--clip", clip});
  ASSERT_TRUE(server.start());
  Rig rig(server.url(), {{"silent_ms", "5000"}});
  ASSERT_TRUE(rig.frames_come(25)) << rig.said();
  EXPECT_TRUE(rig.shows("the camera ended its stream")) << rig.said();

  // The same clip without a network: over and over, its numbers and times only grow.
  Rig file(clip);
  ASSERT_TRUE(file.frames_come(30)) << file.said();
  EXPECT_TRUE(file.camera().info().simulated);
  file.camera().close();
  const auto all = file.frames();
  for (std::size_t i = 1; i < all.size(); ++i) {
    EXPECT_GT(all[i].sequence, all[i - 1].sequence);
    EXPECT_GE(all[i].taken.mono_us, all[i - 1].taken.mono_us);
  }
}

}  // namespace
}  // namespace torugart::hal::gst_camera
