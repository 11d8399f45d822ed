// A network camera for the tests: gst-rtsp-server with a stream that can be bent while it runs.
//
//   rtsp_camera --port N [--codec h264|h265|jpeg|vp8|audio] [--clip FILE.mkv] [--login user:password] [--pattern red]
//               [--width 320] [--height 240] [--fps 10] [--key 10]
// Serves rtsp://127.0.0.1:N/lane and prints "serving". Reads commands from its standard input, one a line:
//   loss 0.05      that part of the RTP packets is thrown away      freeze / thaw   nothing is sent / is sent again
//   hangup         all connections are closed                       early           every connection is closed after 300 ms
//   size 640 480   the pictures become larger                       jump 3600       RTP time leaps by that many seconds
#include <gst/gst.h>
#include <gst/rtsp-server/rtsp-server.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <sstream>
#include <string>
#include <thread>

namespace {

std::atomic<double> loss{0};
std::atomic<bool> frozen{false}, early{false};
std::atomic<unsigned> jump_s{0};
GstElement* filter = nullptr;  // the caps of the drawn picture, of the newest media
GstRTSPServer* server = nullptr;

bool thrown_away() {
  static std::minstd_rand random(7);
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  return frozen || std::uniform_real_distribution<>(0, 1)(random) < loss;
}

void leap(GstBuffer* packet) {
  if (jump_s == 0) return;
  GstMapInfo map;
  if (gst_buffer_map(packet, &map, GST_MAP_READWRITE) == FALSE) return;
  const guint32 time = GST_READ_UINT32_BE(map.data + 4) + jump_s * 90'000U;
  GST_WRITE_UINT32_BE(map.data + 4, time);
  gst_buffer_unmap(packet, &map);
}

gboolean keep(GstBuffer** buffer, guint, gpointer) {
  if (thrown_away()) {
    gst_buffer_unref(*buffer);
    *buffer = nullptr;
    return TRUE;
  }
  *buffer = gst_buffer_make_writable(*buffer);
  leap(*buffer);
  return TRUE;
}

GstPadProbeReturn on_wire(GstPad*, GstPadProbeInfo* info, gpointer) {
  if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) != 0) {
    auto* list = gst_buffer_list_make_writable(GST_PAD_PROBE_INFO_BUFFER_LIST(info));
    gst_buffer_list_foreach(list, keep, nullptr);
    GST_PAD_PROBE_INFO_DATA(info) = list;
    return gst_buffer_list_length(list) == 0 ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
  }
  if (thrown_away()) return GST_PAD_PROBE_DROP;
  auto* packet = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  leap(packet);
  GST_PAD_PROBE_INFO_DATA(info) = packet;
  return GST_PAD_PROBE_OK;
}

void configure(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer) {
  GstElement* all = gst_rtsp_media_get_element(media);
  if (GstElement* pay = gst_bin_get_by_name(GST_BIN(all), "pay0")) {
    GstPad* pad = gst_element_get_static_pad(pay, "src");
    gst_pad_add_probe(pad, static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST),
                      on_wire, nullptr, nullptr);
    gst_object_unref(pad);
    gst_object_unref(pay);
  }
  if (filter != nullptr) gst_object_unref(filter);
  filter = gst_bin_get_by_name(GST_BIN(all), "drawn");
  gst_object_unref(all);
}

GstRTSPFilterResult drop(GstRTSPServer*, GstRTSPClient*, gpointer) {
  return GST_RTSP_FILTER_REMOVE;
}

gboolean hang_up(gpointer) {
  gst_rtsp_server_client_filter(server, drop, nullptr);
  return G_SOURCE_REMOVE;
}

gboolean set_size(gpointer data) {
  auto* caps = static_cast<GstCaps*>(data);
  if (filter != nullptr) g_object_set(filter, "caps", caps, nullptr);
  gst_caps_unref(caps);
  return G_SOURCE_REMOVE;
}

void connected(GstRTSPServer*, GstRTSPClient*, gpointer) {
  std::puts("connected");
  std::fflush(stdout);
  if (early) g_timeout_add(300, hang_up, nullptr);
}

std::string raw_caps(const std::string& width, const std::string& height, const std::string& fps) {
  return "video/x-raw,format=I420,width=" + width + ",height=" + height + ",framerate=" + fps + "/1";
}

std::string encoder(const std::string& codec, const std::string& key) {
  if (codec == "h264")
    return "x264enc tune=zerolatency speed-preset=ultrafast bitrate=800 key-int-max=" + key +
           " ! rtph264pay name=pay0";
  if (codec == "h265")
    return "x265enc tune=zerolatency speed-preset=ultrafast bitrate=800 key-int-max=" + key +
           " ! rtph265pay name=pay0";
  if (codec == "jpeg") return "jpegenc ! rtpjpegpay name=pay0";
  return "vp8enc deadline=1 ! rtpvp8pay name=pay0";
}

std::string pipeline(std::map<std::string, std::string>& o) {
  const std::string& codec = o["codec"];
  if (codec == "audio") return "( audiotestsrc is-live=true ! alawenc ! rtppcmapay name=pay0 )";
  if (!o["clip"].empty()) {
    const std::string pay = codec == "h264"   ? "h264parse ! rtph264pay"
                            : codec == "h265" ? "h265parse ! rtph265pay"
                                              : "rtpjpegpay";
    return "( filesrc location=" + o["clip"] + " ! matroskademux ! " + pay + " name=pay0 )";
  }
  return "( videotestsrc is-live=true pattern=" + o["pattern"] +
         " ! capsfilter name=drawn caps=" + raw_caps(o["width"], o["height"], o["fps"]) + " ! " +
         encoder(codec, o["key"]) + " mtu=600 )";
}

void ask_for_login(const std::string& login) {
  GstRTSPAuth* auth = gst_rtsp_auth_new();
  gst_rtsp_auth_set_supported_methods(auth, GST_RTSP_AUTH_DIGEST);
  GstRTSPToken* token = gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, "inspector", nullptr);
  const auto colon = login.find(':');
  gst_rtsp_auth_add_digest(auth, login.substr(0, colon).c_str(), login.substr(colon + 1).c_str(), token);
  gst_rtsp_token_unref(token);
  gst_rtsp_server_set_auth(server, auth);
  g_object_unref(auth);
}

void obey(const std::string& line, const std::string& fps) {
  std::istringstream words(line);
  std::string what;
  words >> what;
  if (what == "loss") {
    double part = 0;
    words >> part;
    loss = part;
  } else if (what == "freeze" || what == "thaw") {
    frozen = what == "freeze";
  } else if (what == "hangup") {
    g_idle_add(hang_up, nullptr);
  } else if (what == "early") {
    early = true;
  } else if (what == "jump") {
    unsigned seconds = 0;
    words >> seconds;
    jump_s = seconds;
  } else if (what == "size") {
    std::string width, height;
    words >> width >> height;
    g_idle_add(set_size, gst_caps_from_string(raw_caps(width, height, fps).c_str()));
  }
}

}  // namespace

int main(int argc, char** argv) {
  gst_init(nullptr, nullptr);
  std::map<std::string, std::string> o{{"port", "8554"},  {"codec", "h264"},   {"clip", ""},
                                       {"login", ""},     {"pattern", "ball"}, {"width", "320"},
                                       {"height", "240"}, {"fps", "10"},       {"key", "10"}};
  for (int i = 1; i + 1 < argc; i += 2)
    o[std::string(argv[i]).substr(2)] = argv[i + 1];

  server = gst_rtsp_server_new();
  gst_rtsp_server_set_address(server, "127.0.0.1");
  gst_rtsp_server_set_service(server, o["port"].c_str());
  GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
  gst_rtsp_media_factory_set_launch(factory, pipeline(o).c_str());
  gst_rtsp_media_factory_set_shared(factory, o["clip"].empty() ? TRUE : FALSE);
  if (!o["login"].empty()) {
    ask_for_login(o["login"]);
    gst_rtsp_media_factory_add_role(factory, "inspector", GST_RTSP_PERM_MEDIA_FACTORY_ACCESS, G_TYPE_BOOLEAN, TRUE,
                                    GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, G_TYPE_BOOLEAN, TRUE, nullptr);
  }
  g_signal_connect(factory, "media-configure", G_CALLBACK(configure), nullptr);
  g_signal_connect(server, "client-connected", G_CALLBACK(connected), nullptr);
  GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server);
  gst_rtsp_mount_points_add_factory(mounts, "/lane", factory);
  g_object_unref(mounts);
  if (gst_rtsp_server_attach(server, nullptr) == 0) {
    std::fprintf(stderr, "port %s is taken\n", o["port"].c_str());
    return 1;
  }
  std::puts("serving");
  std::fflush(stdout);
  std::thread([fps = o["fps"]] {
    for (std::string line; std::getline(std::cin, line);)
      obey(line, fps);
    std::_Exit(0);  // the test is gone
  }).detach();
  g_main_loop_run(g_main_loop_new(nullptr, FALSE));
}
