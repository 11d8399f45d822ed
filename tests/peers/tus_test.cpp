// The client's uploads against tus servers that others wrote: tusd and @tus/server. Connections are cut and the server is
// killed in the middle; every file arrives whole, once, going on at the byte where it stopped.
//
// A front stands before both sides as customs' own might: file calls go to the tus server, all else to
// torugart-central-dev; a file that is whole there is handed over to the latter, which hashes it before it signs a
// receipt. TORUGART_PEERS: where tests/peers/install put them (default build/contract-peers); without, the tests skip.
#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "tests/kiosk/central/lane_bench.h"
#include "tests/kiosk/central/line_proxy.h"

extern char** environ;

namespace torugart::central::testing {
namespace {

namespace fs = std::filesystem;

std::string peers() {
  const char* wanted = std::getenv("TORUGART_PEERS");
  return wanted != nullptr ? wanted : TORUGART_SOURCE_DIR "/build/contract-peers";
}

int connected_to(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const timeval patient{10, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patient, sizeof patient);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return fd;
  ::close(fd);
  return -1;
}

int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(fd, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  return ntohs(address.sin_port);
}

// Somebody else's server as a process.
class TusServer {
 public:
  TusServer(std::vector<std::string> command, int port) : command_(std::move(command)), port_(port) {}
  ~TusServer() { kill(); }
  bool start() {
    std::vector<char*> argv;
    for (auto& word : command_)
      argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    const bool spawned = posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    for (int i = 0; spawned && i < 3'000; ++i) {  // up to 30 s on a busy machine
      if (const int fd = connected_to(port_); fd >= 0) return ::close(fd) == 0;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  std::vector<std::string> command_;
  int port_;
  pid_t pid_ = -1;
};

// The raw answer over plain HTTP; only `send_bytes` of the request are sent, then the connection is cut.
std::string call_plain(int port, const RudeRequest& request, std::size_t send_bytes = std::string::npos) {
  const int fd = connected_to(port);
  if (fd < 0) return {};
  // as a proxy that ends TLS: the server must know how it is called from outside
  auto bytes = request.head + "X-Forwarded-Proto: https\r\nConnection: close\r\n\r\n" + request.body;
  const bool whole = send_bytes >= bytes.size();
  bytes.resize(std::min(bytes.size(), send_bytes));
  std::string answer;
  if (::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()) && whole) {
    char piece[16384];
    for (ssize_t n = 0; (n = ::recv(fd, piece, sizeof piece, 0)) > 0;)
      answer.append(piece, static_cast<std::size_t>(n));
  }
  ::close(fd);
  return answer;
}

std::string field(const std::string& answer, std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto end = answer.find("\r\n\r\n");
  std::istringstream lines(answer.substr(0, end));
  for (std::string line; std::getline(lines, line);) {
    auto key = line.substr(0, line.find(':'));
    std::transform(key.begin(), key.end(), key.begin(), [](unsigned char c) { return std::tolower(c); });
    if (key == name && line.size() > key.size() + 2)
      return line.substr(key.size() + 2, line.find('\r') - key.size() - 2);
  }
  return {};
}

class Front {
 public:
  Front(const DevCentre& centre, int tus_port, std::string store)
      : centre_(centre), tus_port_(tus_port), store_(std::move(store)) {
    server_ = std::make_unique<RudeServer>(centre.tls("server.pem"), centre.tls("server.key"),
                                           [this](RudeConnection& c, const RudeRequest& r) { serve(c, r); });
  }
  std::string url() const { return server_->url(); }
  std::atomic<int> created{0}, chunks{0}, cut{0}, handed_over{0}, refused{0};
  std::function<void()> in_the_middle;  // after some chunks, once

 private:
  void serve(RudeConnection& connection, const RudeRequest& request) {
    if (!request.path.starts_with("/v1/files")) {
      const auto answer = call_centre(centre_, kLane, request);
      if (answer.empty()) return connection.close();
      connection.send(answer);
      return;
    }
    if (request.method == "PATCH" && ++chunks % 5 == 0) {  // every fifth chunk breaks off half-way
      ++cut;
      call_plain(tus_port_, request, request.head.size() + 60 + request.body.size() / 2);
      return connection.close();
    }
    const auto answer = call_plain(tus_port_, request);
    if (answer.empty()) return connection.close();
    if (request.method == "POST" && field(answer, "Location") != "") {
      ++created;
      auto place = field(answer, "Location");
      place = place.substr(place.rfind('/') + 1);
      uploads_[place] = {request.header("Upload-Metadata"), request.header("Upload-Length")};
    }
    const auto id = request.path.substr(request.path.rfind('/') + 1);
    if (request.method == "PATCH" && uploads_.contains(id) && field(answer, "Upload-Offset") == uploads_[id].second)
      hand_over(id);
    if (request.method == "PATCH" && chunks == 12 && in_the_middle) in_the_middle();
    connection.send(answer);
    connection.close();  // as it was asked of the tus server
  }
  void hand_over(const std::string& id) {
    std::ifstream file(store_ + "/" + id, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    RudeRequest begin;
    begin.method = "POST";
    begin.head = fmt::format(
        "POST /v1/files HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Length: {}\r\n"
        "Content-Length: 0\r\nUpload-Metadata: {}\r\n",
        uploads_[id].second, uploads_[id].first);
    const auto begun = call_centre(centre_, kLane, begin);
    RudeRequest patch;
    patch.method = "PATCH";
    patch.head = fmt::format(
        "PATCH {} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
        "Content-Type: application/offset+octet-stream\r\nContent-Length: {}\r\n",
        field(begun, "Location"), bytes.size());
    patch.body = bytes;
    const auto answer = call_centre(centre_, kLane, patch);
    // 460: what arrived is not what was announced
    ++(answer.starts_with("HTTP/1.1 204") ? handed_over : refused);
  }

  const DevCentre& centre_;
  int tus_port_;
  std::string store_;
  std::map<std::string, std::pair<std::string, std::string>> uploads_;
  std::unique_ptr<RudeServer> server_;
};

void pictures_arrive(const std::vector<std::string>& command, int port, const std::string& store) {
  Folder folder;
  DevCentre centre{folder / "centre", {kLane}};
  ASSERT_TRUE(centre.start()) << centre.log();
  TusServer tus(command, port);
  ASSERT_TRUE(tus.start());
  Front front(centre, port, store);
  bool killed = false;
  front.in_the_middle = [&] {
    if (killed) return;
    killed = true;
    tus.kill();
    ASSERT_TRUE(tus.start());
  };
  LaneBench lane(centre);
  lane.config.url = front.url();
  lane.config.chunk_bytes = lane.config.chunk_max_bytes = 64 << 10;
  std::set<std::string> pictures;
  for (int truck = 0; truck < 3; ++truck)
    for (const auto& hash : lane.whole_crossing(fmt::format("c-{}", truck), 2, 700'000))
      pictures.insert(hash);
  lane.start_client();
  for (int truck = 0; truck < 3; ++truck)
    ASSERT_TRUE(lane.wait_for_receipt(fmt::format("c-{}", truck)))
        << (lane.status().last_error ? lane.status().last_error->what + " " + lane.status().last_error->where : "");
  lane.stop_client();
  EXPECT_TRUE(killed);
  EXPECT_GT(front.cut, 5);
  EXPECT_EQ(front.created, static_cast<int>(pictures.size())) << "an upload was begun again instead of gone on with";
  EXPECT_EQ(front.handed_over, static_cast<int>(pictures.size()));
  EXPECT_EQ(front.refused, 0);
  fmt::print("{} files in {} chunks, {} connections cut, the server killed once\n", pictures.size(),
             front.chunks.load(), front.cut.load());
}

TEST(TusServers, Tusd) {
  const auto program = peers() + "/tusd";
  if (!fs::exists(program)) GTEST_SKIP() << program << " is not there; tests/peers/install brings it";
  Folder store;
  const int port = free_port();
  pictures_arrive({program, "-host", "127.0.0.1", "-port", std::to_string(port), "-base-path", "/v1/files/",
                   "-upload-dir", store.path(), "-behind-proxy"},
                  port, store.path());
}

TEST(TusServers, TusNodeServer) {
  if (!fs::exists(peers() + "/node_modules/@tus/server"))
    GTEST_SKIP() << "no @tus/server in " << peers() << "; tests/peers/install brings it";
  Folder store;
  const int port = free_port();
  pictures_arrive(
      {"node", TORUGART_SOURCE_DIR "/tests/peers/tus_server.mjs", peers(), std::to_string(port), store.path()}, port,
      store.path());
}

}  // namespace
}  // namespace torugart::central::testing
