#include "kiosk/central_dev/server.h"

#include <fmt/format.h>
#include <httplib.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <charconv>
#include <ctime>
#include <fstream>
#include <mutex>

#include "base/disk/disk.h"
#include "kiosk/central_dev/event_store.h"
#include "kiosk/central_dev/file_store.h"
#include "kiosk/central_dev/receipts.h"
#include "kiosk/central_dev/rules.h"
#include "kiosk/central_dev/signer.h"
#include "kiosk/central_dev/witness.h"

namespace torugart::central_dev {
namespace {

using httplib::Request;
using httplib::Response;
using nlohmann::json;

constexpr std::size_t kMaxBody = 16 << 20;

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 40> text{};
  std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return text.data();
}

void put(Response& response, const Reply& reply) {
  response.status = reply.status;
  response.set_content(reply.body.dump(-1, ' ', false, json::error_handler_t::replace),
                       reply.status >= 400 ? "application/problem+json" : "application/json");
}

std::int64_t whole_number(const std::string& text) {
  std::int64_t value = -1;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? value : -1;
}

// The lane is who its certificate says it is.
std::string lane_of(const Request& request) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get_peer_certificate(request.ssl), &X509_free);
  if (!certificate) return {};
  std::array<char, 128> name{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(),
                            static_cast<int>(name.size()));
  return valid_lane_name(name.data()) ? name.data() : "";
}

}  // namespace

struct Server::Impl {
  Impl(ServerOptions options_in, TestKeys keys_in)
      : options(std::move(options_in)),
        keys(std::move(keys_in)),
        http(keys.certificate_file.c_str(), keys.key_file.c_str(), keys.ca_file.c_str()),
        events(options.folder),
        files(options.folder),
        receipts(options.folder, keys, events, files),
        witness(options.folder, keys, events) {}

  using Handler = std::function<Reply(const std::string& lane, const Request&)>;
  httplib::Server::Handler with_lane(Handler handler) {
    return [handler = std::move(handler)](const Request& request, Response& response) {
      const auto lane = lane_of(request);
      put(response, lane.empty() ? problem_reply(403, "lane", "Not admitted", "The certificate names no lane")
                                 : handler(lane, request));
    };
  }

  void routes() {
    http.Get("/v1/time", with_lane([](const auto&, const auto&) { return Reply{200, {{"time", now_rfc3339()}}}; }));
    http.Post("/v1/risk-assessments", with_lane([this](const auto& lane, const Request& request) {
                return rules->assess(lane, request.body);
              }));
    http.Get("/v1/watch-list", with_lane([this](const auto&, const Request& request) {
               if (!request.has_param("since")) return rules->watch_list(keys);
               const auto since = whole_number(request.get_param_value("since"));
               if (since < 0) return problem_reply(400, "invalid", "No watch list", "since is no version number");
               return rules->watch_list(keys, since);
             }));
    http.Post("/v1/events", with_lane([this](const auto& lane, const Request& request) {
                if (request.get_header_value("Content-Type").rfind("application/cloudevents-batch+json", 0) != 0)
                  return problem_reply(415, "media-type", "The batch was not taken",
                                       "Send application/cloudevents-batch+json");
                return events.take(lane, request.body);
              }));
    http.Post("/v1/receipts", with_lane([this](const auto& lane, const Request& request) {
                return receipts.give(lane, request.body);
              }));
    http.Get(R"(/v1/receipts/([A-Za-z0-9-]{1,64}))", with_lane([this](const auto& lane, const Request& request) {
               return receipts.find(lane, request.matches[1].str());
             }));
    http.Get("/v1/crossings", with_lane([this](const auto& lane, const auto&) {
               json out = json::array();
               for (const auto& crossing : events.crossings(lane))
                 out.push_back(about(lane, crossing));
               return Reply{200, {{"lane", lane}, {"last_seq", events.last_seq(lane)}, {"crossings", out}}};
             }));
    http.Get(R"(/v1/crossings/([^/]{1,200}))", with_lane([this](const auto& lane, const Request& request) {
               const auto crossing = events.crossing(lane, request.matches[1].str());
               if (!crossing)
                 return problem_reply(404, "unknown-crossing", "No such crossing", "No event of it has arrived");
               auto out = about(lane, *crossing);
               out["records"] = events.events_of(lane, crossing->id);
               return Reply{200, std::move(out)};
             }));
    http.Post("/v1/witness/keys", with_lane([this](const auto& lane, const Request& request) {
                return witness.admit_key(lane, request.body);
              }));
    http.Post("/v1/witness/add-checkpoint", [this](const Request& request, Response& response) {
      const auto lane = lane_of(request);
      if (lane.empty())
        return put(response, problem_reply(403, "lane", "Not admitted", "The certificate names no lane"));
      const auto answer = witness.add_checkpoint(lane, request.body);
      response.status = answer.status;
      response.set_content(answer.body, answer.media_type);
    });
    http.Post("/v1/dev/rules",
              with_lane([this](const auto&, const Request& request) { return rules->replace(request.body); }));
    tus();
  }

  json about(const std::string& lane, const HeldCrossing& crossing) const {
    json held = json::array();
    for (const auto& file : crossing.files)
      held.push_back({{"sha256", file.sha256},
                      {"role", file.role},
                      {"media_type", file.media_type},
                      {"bytes", file.bytes},
                      {"present", files.complete(file.sha256)}});
    const auto receipt = receipts.latest(lane, crossing.id);
    return {{"crossing", crossing.id},
            {"events", crossing.events.size()},
            {"types", crossing.types},
            {"last_seq", crossing.events.back()},
            {"closed", crossing.closed},
            {"files", std::move(held)},
            {"receipt", receipt.empty() ? json(nullptr) : json(receipt)}};
  }

  static bool speaks_tus(const Request& request, Response& response) {
    response.set_header("Tus-Resumable", "1.0.0");
    response.set_header("Cache-Control", "no-store");
    if (request.get_header_value("Tus-Resumable") == "1.0.0") return true;
    response.set_header("Tus-Version", "1.0.0");
    put(response, problem_reply(412, "tus", "Unknown tus version", "This server speaks tus 1.0.0"));
    return false;
  }

  void tus() {
    http.Options("/v1/files", [](const Request&, Response& response) {
      response.set_header("Tus-Resumable", "1.0.0");
      response.set_header("Tus-Version", "1.0.0");
      response.set_header("Tus-Extension", "creation");
      response.status = 204;
    });
    http.Post("/v1/files", [this](const Request& request, Response& response) {
      if (!speaks_tus(request, response)) return;
      const auto begun = files.begin(lane_of(request), whole_number(request.get_header_value("Upload-Length")),
                                     request.get_header_value("Upload-Metadata"));
      if (begun.refused) return put(response, *begun.refused);
      response.status = 201;
      response.set_header("Location", "/v1/files/" + begun.id);
      response.set_header("Upload-Offset", std::to_string(begun.held.offset));
    });
    // HEAD comes here too
    http.Get(R"(/v1/files/([0-9a-f]{64}))", [this](const Request& request, Response& response) {
      if (!speaks_tus(request, response)) return;
      const auto held = files.held(request.matches[1].str());
      if (!held) return put(response, problem_reply(404, "unknown-upload", "No such upload", "It was not begun"));
      response.status = 200;
      response.set_header("Upload-Offset", std::to_string(held->offset));
      response.set_header("Upload-Length", std::to_string(held->length));
    });
    http.Patch(R"(/v1/files/([0-9a-f]{64}))",
               [this](const Request& request, Response& response, const httplib::ContentReader& body) {
                 // A body that is not read would be taken for the next request on this connection.
                 const auto drain = [&] { body([](const char*, std::size_t) { return true; }); };
                 if (!speaks_tus(request, response)) return drain();
                 if (request.get_header_value("Content-Type") != "application/offset+octet-stream") {
                   drain();
                   return put(response, problem_reply(415, "media-type", "Nothing was written",
                                                      "Send application/offset+octet-stream"));
                 }
                 bool pulled = false;
                 const auto patched =
                     files.append(request.matches[1].str(), whole_number(request.get_header_value("Upload-Offset")),
                                  [&](const FileStore::Sink& sink) {
                                    pulled = true;
                                    return body([&](const char* data, std::size_t size) { return sink(data, size); });
                                  });
                 if (patched.refused) {
                   if (!pulled)
                     drain();
                   else
                     response.set_header("Connection", "close");  // the rest of the body was not wanted
                   return put(response, *patched.refused);
                 }
                 response.status = 204;
                 response.set_header("Upload-Offset", std::to_string(patched.offset));
               });
  }

  void record(const Request& request, const Response& response) {
    if (!recording.is_open()) return;
    const auto all = [](const httplib::Headers& headers) {
      json out = json::object();
      for (const auto& header : headers)
        out[header.first] = header.second;
      return out;
    };
    const json line{
        {"request",
         {{"method", request.method},
          {"path", request.path},
          {"headers", all(request.headers)},
          {"body", request.body}}},
        {"response", {{"status", response.status}, {"headers", all(response.headers)}, {"body", response.body}}}};
    const std::lock_guard lock(recording_mutex);
    recording << line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n" << std::flush;
  }

  ServerOptions options;
  TestKeys keys;
  httplib::SSLServer http;
  EventStore events;
  FileStore files;
  Receipts receipts;
  Witness witness;
  std::unique_ptr<Rules> rules;
  std::ofstream recording;
  std::mutex recording_mutex;
  int port = 0;
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

tl::expected<std::unique_ptr<Server>, Problem> Server::open(ServerOptions options, TestKeys keys) {
  auto rules = Rules::open(options.folder, options.rules_file);
  if (!rules) return tl::unexpected(Problem{rules.error()});
  auto impl = std::make_unique<Impl>(std::move(options), std::move(keys));
  impl->rules = std::move(*rules);
  auto& http = impl->http;
  if (!http.is_valid()) return tl::unexpected(Problem{"The server's key or certificate cannot be used"});
  // a resumed session without a context of its own is a fatal error to OpenSSL when certificates are asked for
  SSL_CTX_set_session_cache_mode(http.ssl_context(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(http.ssl_context(), SSL_OP_NO_TICKET);
  SSL_CTX_set_min_proto_version(http.ssl_context(), TLS1_2_VERSION);
  // the library's default lets two servers share a port, and half of the calls would go to the wrong one
  http.set_socket_options([](socket_t sock) {
    const int yes = 1;
    ::setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  http.set_payload_max_length(kMaxBody);
  http.set_read_timeout(20, 0);
  http.set_write_timeout(20, 0);
  http.set_keep_alive_timeout(30);
  http.set_keep_alive_max_count(1'000'000);
  http.set_tcp_nodelay(true);
  http.set_post_routing_handler([](const Request&, Response& response) {
    response.set_header("Date", http_date());
    response.set_header("X-Torugart-Development", "true");
  });
  http.set_error_handler([](const Request&, Response& response) {
    if (response.body.empty())
      put(response,
          problem_reply(response.status, "http", "Not served", "No such endpoint, or a request that is too large"));
  });
  http.set_logger(
      [raw = impl.get()](const Request& request, const Response& response) { raw->record(request, response); });
  impl->routes();
  if (!impl->options.record_file.empty()) {
    disk::whole_lines(impl->options.record_file);  // the process before may have died in the middle of a line
    impl->recording.open(impl->options.record_file, std::ios::app);
  }
  if (impl->options.port == 0) {
    impl->port = http.bind_to_any_port(impl->options.host.c_str());
  } else {
    impl->port = http.bind_to_port(impl->options.host.c_str(), impl->options.port) ? impl->options.port : -1;
  }
  if (impl->port <= 0)
    return tl::unexpected(Problem{fmt::format("Cannot listen on {}:{}", impl->options.host, impl->options.port)});
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

int Server::port() const {
  return impl_->port;
}
void Server::run() {
  impl_->http.listen_after_bind();
}
void Server::stop() {
  impl_->http.stop();
}

}  // namespace torugart::central_dev
