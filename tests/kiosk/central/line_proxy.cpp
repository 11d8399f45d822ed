#include "tests/kiosk/central/line_proxy.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace torugart::central::testing {
namespace {

constexpr std::array<std::string_view, kFaults> kWords{
    "none", "drop",    "cut request", "lose answer", "cut answer",       "delay", "ghost", "500", "503", "429",
    "404",  "garbage", "portal",      "drip",        "wrong certificate"};

void sleep_ms(int ms) {
  std::this_thread::sleep_for(std::chrono::milliseconds(ms));
}

std::string exchange(SSL* ssl, const std::string& bytes, bool whole, bool has_body) {
  if (SSL_connect(ssl) != 1) return {};
  for (std::size_t at = 0; at < bytes.size();) {
    const int sent =
        SSL_write(ssl, bytes.data() + at, static_cast<int>(std::min<std::size_t>(bytes.size() - at, 1 << 14)));
    if (sent <= 0) return {};
    at += static_cast<std::size_t>(sent);
  }
  std::string answer;
  std::array<char, 1 << 14> piece{};
  while (whole) {
    const int got = SSL_read(ssl, piece.data(), piece.size());
    if (got <= 0) return {};
    answer.append(piece.data(), static_cast<std::size_t>(got));
    const auto end = answer.find("\r\n\r\n");
    if (end == std::string::npos) continue;
    RudeRequest head;
    head.head = answer.substr(0, end + 2);
    const auto length = head.header("Content-Length");
    if (!has_body || length.empty() || answer.size() >= end + 4 + std::stoul(length)) return answer;
  }
  return {};
}

}  // namespace

std::string_view word(Fault fault) {
  return kWords[static_cast<std::size_t>(fault)];
}

std::string call_centre(const DevCentre& centre, const std::string& lane, const RudeRequest& request,
                        std::size_t send_bytes) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  SSL_CTX_use_certificate_chain_file(context.get(), centre.tls("lane-" + lane + ".pem").c_str());
  SSL_CTX_use_PrivateKey_file(context.get(), centre.tls("lane-" + lane + ".key").c_str(), SSL_FILETYPE_PEM);
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(centre.port()));
  const timeval patient{20, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patient, sizeof patient);
  std::string answer;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context.get()), &SSL_free);
    SSL_set_fd(ssl.get(), fd);
    auto bytes = request.head + "\r\n" + request.body;
    const bool whole = send_bytes >= bytes.size();
    bytes.resize(std::min(bytes.size(), send_bytes));
    answer = exchange(ssl.get(), bytes, whole, request.method != "HEAD");
  }
  ::close(fd);
  return answer;
}

LineProxy::LineProxy(const DevCentre& centre, std::string lane, std::string stranger_certificate,
                     std::string stranger_key)
    : centre_(centre),
      lane_(std::move(lane)),
      stranger_certificate_(std::move(stranger_certificate)),
      stranger_key_(std::move(stranger_key)) {
  server_ = std::make_unique<RudeServer>(
      centre.tls("server.pem"), centre.tls("server.key"),
      [this](RudeConnection& connection, const RudeRequest& request) { serve(connection, request); });
}

LineProxy::~LineProxy() {
  server_.reset();
  wait_for_ghosts();
}

void LineProxy::plan(Plan plan) {
  const std::lock_guard lock(mutex_);
  plan_ = std::move(plan);
  random_.seed(plan_.seed);
  suffered_ = 0;
  const bool wrong_for_ever = plan_.most < 0 && plan_.kinds == std::vector{Fault::wrong_certificate};
  if (wrong_for_ever || !stranger_certificate_.empty())
    server_->show_instead(stranger_certificate_, stranger_key_, wrong_for_ever ? 1'000'000 : 0);
}

void LineProxy::wait_for_ghosts() {
  std::vector<std::thread> ghosts;
  {
    const std::lock_guard lock(mutex_);
    ghosts.swap(ghosts_);
  }
  for (auto& ghost : ghosts)
    ghost.join();
}

Fault LineProxy::next() {
  const std::lock_guard lock(mutex_);
  if (plan_.kinds.empty() || (plan_.most >= 0 && suffered_ >= plan_.most)) return Fault::none;
  if (std::uniform_real_distribution<double>(0, 1)(random_) >= plan_.share) return Fault::none;
  ++suffered_;
  const auto kind = plan_.kinds[std::uniform_int_distribution<std::size_t>(0, plan_.kinds.size() - 1)(random_)];
  ++counts_[static_cast<std::size_t>(kind)];
  return kind;
}

void LineProxy::serve(RudeConnection& connection, const RudeRequest& request) {
  const auto fault = next();
  unsigned chance = 0;
  {
    const std::lock_guard lock(mutex_);
    chance = static_cast<unsigned>(random_());
  }
  const auto pass = [&] { return call_centre(centre_, lane_, request); };
  switch (fault) {
    case Fault::none:
      break;
    case Fault::delay:
      sleep_ms(static_cast<int>(5 + chance % 60));
      break;
    case Fault::drop:
      return connection.close();
    case Fault::cut_request:
      call_centre(centre_, lane_, request, request.head.size() + 2 + request.body.size() * (chance % 100) / 100);
      return connection.close();
    case Fault::lose_answer:
      pass();
      return connection.close();
    case Fault::cut_answer: {
      const auto answer = pass();
      connection.send(answer.substr(0, answer.size() * (chance % 100) / 100));
      return connection.close();
    }
    case Fault::ghost: {
      const std::lock_guard lock(mutex_);
      ghosts_.emplace_back([this, request, after = static_cast<int>(10 + chance % 200)] {
        sleep_ms(after);
        call_centre(centre_, lane_, request);
      });
      return connection.close();
    }
    case Fault::server_error:
      connection.answer(500, "");
      return;
    case Fault::unavailable:
      connection.answer(503, R"({"title":"Maintenance"})", "Retry-After: 0\r\n");
      return;
    case Fault::too_many:
      connection.answer(429, "", "Retry-After: 0\r\n");
      return;
    case Fault::not_found:
      connection.answer(404, "<html>No such page</html>", "Content-Type: text/html\r\n");
      return;
    case Fault::garbage:
      connection.send(std::string("\x16\x03\x01\x02garbage\r\n\r\n\0\xff", 20));
      return connection.close();
    case Fault::portal:
      connection.answer(200, "<html>Please sign in</html>", "Content-Type: text/html\r\n");
      return;
    case Fault::slow_drip:
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
      connection.drip_until_closed(" ");
      return connection.close();
    case Fault::wrong_certificate:
      server_->show_instead(stranger_certificate_, stranger_key_, static_cast<int>(1 + chance % 3));
      return connection.close();
  }
  auto answer = pass();
  if (answer.empty()) return connection.close();
  if (alter_) answer = alter_(request, std::move(answer));
  connection.send(answer);
}

}  // namespace torugart::central::testing
