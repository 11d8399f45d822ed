// What the inspector reads when something is wrong, and that it passes without a restart.
#include <arpa/inet.h>
#include <sys/socket.h>

#include <atomic>
#include <thread>

#include "tests/hal/drivers/gst_camera/rig.h"

namespace torugart::hal::gst_camera {
namespace {

using test::Rig;
using test::Server;

TEST(GstCameraFault, NobodyAnswersAndThenSomebodyDoes) {
  TORUGART_NEEDS_RTSP_SERVER();
  Server server;
  Rig rig(server.url());
  EXPECT_TRUE(rig.shows("the camera does not answer")) << rig.said();
  ASSERT_TRUE(server.start());
  EXPECT_TRUE(rig.frames_come()) << rig.said();
  EXPECT_TRUE(rig.ready());
}

TEST(GstCameraFault, KilledAndStartedAgain) {
  TORUGART_NEEDS_RTSP_SERVER();
  Server server;
  ASSERT_TRUE(server.start());
  Rig rig(server.url());
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(rig.frames_come()) << rig.said();
    server.process().kill();
    ASSERT_TRUE(test::wait_until([&] { return rig.camera().health().state == DeviceState::faulted; })) << rig.said();
    ASSERT_TRUE(server.start());
    const auto from = std::chrono::steady_clock::now();
    ASSERT_TRUE(rig.frames_come(1)) << rig.said();
    const auto took = std::chrono::steady_clock::now() - from;
    RecordProperty("recovery_ms",
                   static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
  }
  EXPECT_GE(rig.figure("reconnects"), 2);
}

TEST(GstCameraFault, HungUp) {
  TORUGART_NEEDS_RTSP_SERVER();
  Server server;
  ASSERT_TRUE(server.start());
  Rig rig(server.url());
  ASSERT_TRUE(rig.frames_come()) << rig.said();
  server.process().tell("hangup");
  ASSERT_TRUE(test::wait_until([&] { return rig.figure("reconnects") > 0; })) << rig.said();
  EXPECT_TRUE(rig.frames_come()) << rig.said();
}

TEST(GstCameraFault, FrozenStream) {
  TORUGART_NEEDS_RTSP_SERVER();
  Server server;
  ASSERT_TRUE(server.start());
  Rig rig(server.url());
  ASSERT_TRUE(rig.frames_come()) << rig.said();
  server.process().tell("freeze");
  EXPECT_TRUE(rig.shows("no picture for 1 s")) << rig.said();
  server.process().tell("thaw");
  EXPECT_TRUE(rig.frames_come()) << rig.said();
}

TEST(GstCameraFault, StoppedProcess) {
  TORUGART_NEEDS_RTSP_SERVER();
  Server server;
  ASSERT_TRUE(server.start());
  Rig rig(server.url());
  ASSERT_TRUE(rig.frames_come()) << rig.said();
  server.process().stop();
  EXPECT_TRUE(rig.shows("no picture for 1 s")) << rig.said();
  server.process().go_on();
  EXPECT_TRUE(rig.frames_come()) << rig.said();
}

TEST(GstCameraFault, WrongPasswordThenTheRightOne) {
  TORUGART_NEEDS_RTSP_SERVER();
  const test::Folder folder;
  Server server({"--login", "lane:right"});
  ASSERT_TRUE(server.start());
  Rig rig(server.url(), {{"user", "lane"}, {"password_file", folder.write("password", "wr0ngSecret")}});
  EXPECT_TRUE(rig.shows("the camera refuses the login")) << rig.said();
  folder.write("password", "right");
  EXPECT_TRUE(rig.frames_come()) << rig.said();
  EXPECT_EQ(rig.said().find("wr0ngSecret"), std::string::npos);
  EXPECT_EQ(rig.said().find("right"), std::string::npos);
}

TEST(GstCameraFault, PasswordFileMissingOrOpenToOthers) {
  const test::Folder folder;
  Rig rig("rtsp://127.0.0.1:1/lane", {{"user", "lane"}, {"password_file", folder.file("later")}});
  EXPECT_TRUE(rig.shows("the camera's password file cannot be read")) << rig.said();
  const auto file = folder.write("later", "secret");
  std::filesystem::permissions(file, std::filesystem::perms::others_read, std::filesystem::perm_options::add);
  EXPECT_TRUE(rig.shows("the camera's password file is open to others")) << rig.said();
}

TEST(GstCameraFault, NoSuchStream) {
  TORUGART_NEEDS_RTSP_SERVER();
  Server server;
  ASSERT_TRUE(server.start());
  Rig rig(server.url() + "/wrong");
  EXPECT_TRUE(rig.shows("the camera has no such stream")) << rig.said();
}

TEST(GstCameraFault, OnlySound) {
  TORUGART_NEEDS_RTSP_SERVER();
  Server server({"--codec", "audio"});
  ASSERT_TRUE(server.start());
  Rig rig(server.url());
  EXPECT_TRUE(rig.shows("the camera sends no video")) << rig.said();
}

TEST(GstCameraFault, AFormatThatIsNotRead) {
  TORUGART_NEEDS_RTSP_SERVER();
  Server server({"--codec", "vp8"});
  ASSERT_TRUE(server.start());
  Rig rig(server.url());
  EXPECT_TRUE(rig.shows("the camera sends a picture format that is not read here")) << rig.said();
}

TEST(GstCameraFault, ReconnectStormIsMetWithPatience) {
  TORUGART_NEEDS_RTSP_SERVER();
  Server server;
  ASSERT_TRUE(server.start());
  server.process().tell("early");
  Rig rig(server.url());
  ASSERT_TRUE(test::wait_until([&] { return rig.figure("reconnects") >= 3; })) << rig.said();
  std::vector<std::int64_t> faulted;
  for (const auto& h : rig.health())
    if (h.state == DeviceState::faulted) faulted.push_back(h.since.mono_us);
  ASSERT_GE(faulted.size(), 3U);
  EXPECT_GT(faulted[2] - faulted[1], 500'000) << "the second pause is half a second";
}

TEST(GstCameraFault, LostPacketsMarkThePicturesUntilTheNextKeyFrame) {
  TORUGART_NEEDS_RTSP_SERVER();
  Server server({"--key", "10", "--pattern", "snow", "--fps", "20"});
  ASSERT_TRUE(server.start());
  Rig rig(server.url(), {{"transport", "udp"}, {"latency_ms", "50"}});
  ASSERT_TRUE(rig.frames_come()) << rig.said();
  server.process().tell("loss 0.02");
  ASSERT_TRUE(test::wait_until([&] { return rig.figure("lost_packets") > 5 && rig.figure("damaged") > 5; }))
      << rig.said();
  server.process().tell("loss 0");
  const auto whole = [&] {
    const auto all = rig.frames();
    return all.size() > 12 && std::none_of(all.end() - 10, all.end(), [](const Frame& f) { return f.damaged; });
  };
  EXPECT_TRUE(test::wait_until(whole));
}

TEST(GstCameraFault, AFloodOfPicturesIsThinnedAndTheNewestWins) {
  TORUGART_NEEDS_RTSP_SERVER();
  Server server({"--codec", "jpeg", "--fps", "100"});
  ASSERT_TRUE(server.start());
  SystemClock clock;
  auto camera = std::move(*test::make({{"address", server.url()}}, clock));
  std::atomic<int> taken{0};
  ASSERT_TRUE(camera->open(
      [&](const Frame&) {
        ++taken;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));  // a consumer that breaks its promise
      },
      [](const Health&) {}));
  EXPECT_TRUE(test::wait_until([&] { return taken >= 10; }));
  std::string dropped;
  for (const auto& [key, value] : camera->health().figures)
    if (key == "dropped") dropped = value;
  EXPECT_GT(std::stol(dropped), 20);
  camera->close();
}

TEST(GstCameraFault, RtpTimeLeaps) {
  TORUGART_NEEDS_RTSP_SERVER();
  Server server;
  ASSERT_TRUE(server.start());
  Rig rig(server.url());
  ASSERT_TRUE(rig.frames_come()) << rig.said();
  for (const char* leap : {"jump 3600", "jump 100", "jump 40000"}) {
    server.process().tell(leap);
    ASSERT_TRUE(rig.frames_come(10)) << leap << "\n" << rig.said();
  }
  const auto now = rig.clock().now().mono_us;
  std::int64_t last = 0;
  for (const auto& f : rig.frames()) {
    EXPECT_GE(f.taken.mono_us, last);
    EXPECT_LE(f.taken.mono_us, now);
    last = f.taken.mono_us;
  }
}

TEST(GstCameraFault, ThePicturesChangeTheirSize) {
  TORUGART_NEEDS_RTSP_SERVER();
  Server server({"--codec", "jpeg"});
  ASSERT_TRUE(server.start());
  Rig rig(server.url());
  ASSERT_TRUE(rig.frames_come()) << rig.said();
  server.process().tell("size 640 480");
  EXPECT_TRUE(test::wait_until([&] {
    const auto all = rig.frames();
    return all.back().width == 640 && all.back().bgr->size() == 640U * 480U * 3U;
  })) << rig.said();
}

// Something that is no camera listens at its address.
class Impostor {
 public:
  explicit Impostor(std::string answer) : answer_(std::move(answer)) {
    listen_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    EXPECT_EQ(bind(listen_, reinterpret_cast<sockaddr*>(&here), size), 0);
    EXPECT_EQ(listen(listen_, 8), 0);
    getsockname(listen_, reinterpret_cast<sockaddr*>(&here), &size);
    port_ = ntohs(here.sin_port);
    thread_ = std::thread([this] {
      for (int client; (client = accept(listen_, nullptr, nullptr)) >= 0;) {
        clients_.push_back(client);
        char request[2048];
        if (recv(client, request, sizeof request, 0) > 0 && !answer_.empty())
          send(client, answer_.data(), answer_.size(), MSG_NOSIGNAL);
      }
    });
  }
  ~Impostor() {
    shutdown(listen_, SHUT_RDWR);
    for (const int c : clients_)
      shutdown(c, SHUT_RDWR);
    thread_.join();
    for (const int c : clients_)
      close(c);
    close(listen_);
  }
  std::string url() const { return "rtsp://127.0.0.1:" + std::to_string(port_) + "/lane"; }

 private:
  std::string answer_;
  int listen_ = -1, port_ = 0;
  std::vector<int> clients_;
  std::thread thread_;
};

TEST(GstCameraFault, ConnectedButNoAnswer) {
  Impostor silent("");
  Rig rig(silent.url());
  EXPECT_TRUE(rig.shows("the camera does not answer")) << rig.said();
}

TEST(GstCameraFault, AnsweredWithGarbage) {
  Impostor garbage(std::string("\x16\x03\x01\x02\x00 this is not RTSP\r\n\r\n\xff\xfe", 33));
  Rig rig(garbage.url());
  EXPECT_TRUE(rig.shows("what answers there is no camera, or it hung up")) << rig.said();
}

TEST(GstCameraFault, AnsweredByAWebServer) {
  Impostor web("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  Rig rig(web.url());
  EXPECT_TRUE(rig.shows("what answers there is no camera, or it hung up")) << rig.said();
}

TEST(GstCameraFault, NoSuchDeviceAndNoSuchClip) {
  Rig device("/dev/video-none");
  EXPECT_TRUE(device.shows("there is no such camera device")) << device.said();
  Rig clip("/nowhere/clip.mkv");
  EXPECT_TRUE(clip.shows("there is no such clip")) << clip.said();
}

TEST(GstCameraFault, AFileThatIsNoClip) {
  const test::Folder folder;
  Rig rig(folder.write("noise.mkv", std::string(5000, 'x')));
  EXPECT_TRUE(rig.shows("this is no camera's stream")) << rig.said();
}

TEST(GstCameraSettings, WhatCannotBeMeantIsRefusedWithItsRemedy) {
  const SystemClock clock;
  const auto what = [&](const test::Settings& s) {
    const auto made = test::make(s, clock);
    return made ? std::string() : made.error().what + " | " + made.error().remedy;
  };
  EXPECT_EQ(what({}),
            "device \"front\": address is missing | write address = \"rtsp://camera/stream\", \"/dev/video0\" "
            "or a clip's path");
  const auto login = what({{"address", "rtsp://admin:geheim@10.0.0.1/x"}});
  EXPECT_EQ(login, "device \"front\": the address holds a login | write user = and password_file = instead");
  EXPECT_NE(what({{"address", "http://10.0.0.1/x"}}), "");
  EXPECT_NE(what({{"address", "rtsp://c/x"}, {"transport", "pigeon"}}), "");
  EXPECT_NE(what({{"address", "rtsp://c/x"}, {"user", "u"}}), "");
  EXPECT_NE(what({{"address", "rtsp://c/x"}, {"position", "above"}}), "");
  EXPECT_NE(what({{"address", "/dev/video0"}, {"transport", "udp"}}), "") << "not a setting of such a camera";
  EXPECT_EQ(what({{"address", "rtsp://c/x"}, {"fps", "6"}, {"position", "side"}}), "");
}

}  // namespace
}  // namespace torugart::hal::gst_camera
