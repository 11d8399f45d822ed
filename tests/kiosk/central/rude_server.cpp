#include "tests/kiosk/central/rude_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>

namespace torugart::central::testing {

std::string RudeRequest::header(const std::string& name) const {
  const auto at = head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const auto from = at + name.size() + 4;
  return head.substr(from, head.find("\r\n", from) - from);
}

bool RudeConnection::send(const std::string& bytes) {
  return ended_ ? false : SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) > 0;
}

bool RudeConnection::answer(int status, const std::string& body, const std::string& headers) {
  return send(fmt::format("HTTP/1.1 {} X\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(), headers, body));
}

void RudeConnection::drip_until_closed(const std::string& byte) {
  while (send(byte))
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

namespace {

SSL_CTX* context_with(const std::string& certificate, const std::string& key) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1)
    throw std::runtime_error("cannot use " + certificate);
  return context;
}

}  // namespace

RudeServer::RudeServer(const std::string& certificate, const std::string& key, Behaviour behaviour)
    : behaviour_(std::move(behaviour)) {
  signal(SIGPIPE, SIG_IGN);
  context_ = context_with(certificate, key);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("cannot listen");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_loop(); });
}

RudeServer::~RudeServer() {
  ended_ = true;
  acceptor_.join();
  ::close(listener_);
  for (auto& connection : connections_)
    connection.join();
  SSL_CTX_free(context_);
  SSL_CTX_free(other_);
}

void RudeServer::show_instead(const std::string& certificate, const std::string& key, int connections) {
  const std::lock_guard lock(mutex_);
  if (other_ == nullptr) other_ = context_with(certificate, key);
  other_for_ = connections;
}

std::string RudeServer::url() const {
  return fmt::format("https://127.0.0.1:{}", port_);
}

void RudeServer::accept_loop() {
  while (!ended_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, 20) <= 0) continue;
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) connections_.emplace_back([this, fd] { serve(fd); });
  }
}

void RudeServer::serve(int fd) {
  const timeval brief{0, 50'000};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &brief, sizeof brief);
  const timeval patient{2, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patient, sizeof patient);
  SSL* ssl = SSL_new(other_for_ > 0 && other_for_-- > 0 ? other_ : context_);
  SSL_set_mode(ssl, SSL_MODE_AUTO_RETRY);
  SSL_set_fd(ssl, fd);
  int accepted = -1;
  while (!ended_ && (accepted = SSL_accept(ssl)) <= 0 && SSL_get_error(ssl, accepted) == SSL_ERROR_WANT_READ) {
  }
  RudeConnection connection(ssl, ended_);
  std::string bytes;
  while (accepted == 1 && !ended_) {
    char piece[16384];
    const int n = SSL_read(ssl, piece, sizeof piece);
    if (n <= 0) {
      if (SSL_get_error(ssl, n) == SSL_ERROR_WANT_READ) continue;
      break;
    }
    bytes.append(piece, static_cast<std::size_t>(n));
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string::npos) continue;
    RudeRequest request;
    request.head = bytes.substr(0, end + 2);
    const auto length = request.header("Content-Length");
    const auto whole = end + 4 + (length.empty() ? 0 : std::stoul(length));
    if (bytes.size() < whole) continue;
    request.body = bytes.substr(end + 4, whole - end - 4);
    request.method = request.head.substr(0, request.head.find(' '));
    request.path = request.head.substr(request.method.size() + 1,
                                       request.head.find(' ', request.method.size() + 1) - request.method.size() - 1);
    bytes.erase(0, whole);
    ++requests_;
    behaviour_(connection, request);
    if (connection.closed()) break;
  }
  SSL_free(ssl);
  ::close(fd);
}

namespace {

std::string base64(const std::string& bytes, int variant) {
  std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    variant);
  out.pop_back();
  return out;
}

}  // namespace

TestSigner::TestSigner(unsigned char seed_byte) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium");
  unsigned char seed[32];
  for (auto& byte : seed)
    byte = seed_byte;
  crypto_sign_seed_keypair(public_, secret_, seed);
}

std::string TestSigner::public_pem() const {
  const std::string der = std::string("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12) +
                          std::string(reinterpret_cast<const char*>(public_), 32);
  return "-----BEGIN PUBLIC KEY-----\n" + base64(der, sodium_base64_VARIANT_ORIGINAL) +
         "\n-----END PUBLIC KEY-----\n";
}

std::string TestSigner::key_id() const {
  unsigned char hash[32];
  crypto_hash_sha256(hash, public_, sizeof public_);
  std::string out;
  for (int i = 0; i < 8; ++i)
    out += fmt::format("{:02x}", hash[i]);
  return out;
}

std::string TestSigner::sign(const std::string& payload, const std::string& type) const {
  return sign_with_header(payload, fmt::format(R"({{"alg":"EdDSA","kid":"{}","typ":"{}"}})", key_id(), type));
}

std::string TestSigner::sign_with_header(const std::string& payload, const std::string& header) const {
  const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  const auto head = base64(header, variant) + "." + base64(payload, variant);
  unsigned char signature[crypto_sign_BYTES];
  crypto_sign_detached(signature, nullptr, reinterpret_cast<const unsigned char*>(head.data()), head.size(), secret_);
  return head + "." + base64(std::string(reinterpret_cast<const char*>(signature), sizeof signature), variant);
}

}  // namespace torugart::central::testing
