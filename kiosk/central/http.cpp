#include "kiosk/central/http.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <mutex>

#include "kiosk/central/wire.h"

namespace torugart::central {
namespace {

struct Globals {  // libcurl asks to be initialised once, before threads use it
  Globals() { curl_global_init(CURL_GLOBAL_DEFAULT); }
};

struct Incoming {
  HttpResponse response;
  std::size_t limit = 0;
  bool too_big = false;
};

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) {
  auto& in = *static_cast<Incoming*>(user);
  if (in.response.body.size() + size > in.limit) {
    in.too_big = true;
    return 0;  // libcurl breaks the transfer off
  }
  in.response.body.append(data, size);
  return size;
}

std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) {
  auto& in = *static_cast<Incoming*>(user);
  std::string_view line(data, size);
  if (line.starts_with("HTTP/")) {  // a new head, after 100-continue
    in.response.headers.clear();
    return size;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || in.response.headers.size() >= 64) return size;
  std::string name(line.substr(0, colon));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  auto value = line.substr(colon + 1);
  const auto first = value.find_first_not_of(" \t");
  const auto last = value.find_last_not_of(" \t\r\n");
  in.response.headers[name] =
      first == std::string_view::npos ? std::string() : std::string(value.substr(first, last - first + 1));
  return size;
}

struct Failed {
  Failure failure;
  std::string what, remedy;
};

Failed words_of(CURLcode code, std::string_view detail, bool too_big, long verify_result) {
  if (too_big)
    return {Failure::bad_answer, "The answer of the centre is larger than any answer may be",
            "Tell the centre's administrators"};
  // A chain whose signature fails is told as a plain TLS error, with the reason only here.
  if (verify_result != 0 && code == CURLE_SSL_CONNECT_ERROR) code = CURLE_PEER_FAILED_VERIFICATION;
  // A refused client certificate comes back as a TLS alert, in TLS 1.3 only after the handshake seemed to be done.
  if (detail.find("alert") != std::string_view::npos &&
      detail.find("sslv3 alert handshake") == std::string_view::npos)
    return {Failure::refused, "The centre refuses this lane's certificate",
            "Have the lane's certificate issued by the centre's authority"};
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {Failure::no_line, "The centre's name is not known to the network", "Check the line and the address"};
    case CURLE_COULDNT_CONNECT:
      return {Failure::no_line, "The centre cannot be reached", "Check the line"};
    case CURLE_OPERATION_TIMEDOUT:
      return {Failure::no_line, "The centre did not answer in time", "Check the line"};
    case CURLE_PEER_FAILED_VERIFICATION:
      return {Failure::not_trusted, "The other side is not the centre: its certificate is not trusted",
              "Check central.ca_file and the address; do not go on if nobody changed them"};
    case CURLE_SSL_CACERT_BADFILE:
      return {Failure::configuration, "The file of the centre's authority cannot be read", "Check central.ca_file"};
    case CURLE_SSL_CERTPROBLEM:
      return {Failure::configuration, "The lane's certificate or key cannot be used",
              "Check central.certificate_file and central.key_file"};
    case CURLE_SSL_CONNECT_ERROR:
      return {Failure::no_line, "No secure connection to the centre came about", "Check the line and the address"};
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return {Failure::bad_answer, "What answered does not speak HTTP", "Check the address"};
    default:
      return {Failure::no_line, "The connection to the centre broke", "Check the line"};
  }
}

}  // namespace

struct Http::Impl {
  explicit Impl(const Config& config_in)
      : config(config_in), identity(config.certificate_file, config.key_file, config.lane) {
    static const Globals globals;
    open();
  }
  ~Impl() { close(); }
  void open() {
    easy = curl_easy_init();
    multi = curl_multi_init();
  }
  void close() {
    curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
  }
  bool refresh() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    if (!identity.refresh(std::chrono::duration_cast<std::chrono::microseconds>(now).count())) return false;
    close();  // and with it the connection that was made with the certificate before
    open();
    return true;
  }

  void prepare(const HttpRequest& request, Incoming& in, curl_slist* headers) {
    curl_easy_reset(easy);  // keeps the connection
    const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(easy, option, value); };
    set(CURLOPT_URL, (config.url + request.path).c_str());
    set(CURLOPT_PROTOCOLS_STR, "https");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_SESSIONID_CACHE, 0L);  // certificates are looked at on every connection, on both sides
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_CAINFO, config.ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<char*>(nullptr));  // or the machine's own store would be trusted too
    if (!config.certificate_file.empty()) {            // central-check also tries without
      set(CURLOPT_SSLCERT, config.certificate_file.c_str());
      set(CURLOPT_SSLKEY, config.key_file.c_str());
    }
    if (!identity.certificate_pem().empty()) {
      // from memory, so that a pair that is being replaced is never half of one and half of the other
      const auto blob = [](const std::string& pem) {
        return curl_blob{const_cast<char*>(pem.data()), pem.size(), CURL_BLOB_COPY};
      };
      auto certificate = blob(identity.certificate_pem()), key = blob(identity.key_pem());
      set(CURLOPT_SSLCERT_BLOB, &certificate);
      set(CURLOPT_SSLKEY_BLOB, &key);
    }
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(config.connect_deadline_ms));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(1, request.deadline_ms)));
    set(CURLOPT_LOW_SPEED_LIMIT, 64L);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(config.stalled_after_s));
    set(CURLOPT_USERAGENT, "torugart");
    set(CURLOPT_HTTPHEADER, headers);
    set(CURLOPT_WRITEFUNCTION, &on_body);
    set(CURLOPT_WRITEDATA, &in);
    set(CURLOPT_HEADERFUNCTION, &on_header);
    set(CURLOPT_HEADERDATA, &in);
    set(CURLOPT_ERRORBUFFER, detail.data());
    if (request.method == "HEAD") {
      set(CURLOPT_NOBODY, 1L);
    } else if (request.method != "GET") {
      set(CURLOPT_POST, 1L);
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      set(CURLOPT_POSTFIELDS, request.body.data());
      set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
  }

  // nullopt: broken off.
  std::optional<CURLcode> perform(const std::stop_token& stop) {
    const std::stop_callback wake(stop, [this] { curl_multi_wakeup(multi); });
    curl_multi_add_handle(multi, easy);
    std::optional<CURLcode> result;
    int running = 1;
    while (!stop.stop_requested()) {
      if (curl_multi_perform(multi, &running) != CURLM_OK) result = CURLE_FAILED_INIT;
      int left = 0;
      while (const CURLMsg* message = curl_multi_info_read(multi, &left))
        if (message->msg == CURLMSG_DONE) result = message->data.result;
      if (result) break;
      if (running == 0) {
        result = CURLE_FAILED_INIT;
        break;
      }
      curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
    }
    curl_multi_remove_handle(multi, easy);
    return result;
  }

  Config config;
  ClientIdentity identity;
  CURL* easy = nullptr;
  CURLM* multi = nullptr;
  std::array<char, CURL_ERROR_SIZE> detail{};
};

Http::Http(const Config& config) : impl_(std::make_unique<Impl>(config)) {}
Http::~Http() = default;

tl::expected<HttpResponse, Error> Http::call(const HttpRequest& request, std::stop_token stop) {
  Incoming in;
  in.limit = static_cast<std::size_t>(impl_->config.max_answer_bytes);
  curl_slist* headers = curl_slist_append(nullptr, "Expect:");  // no waiting for 100-continue
  for (const auto& header : request.headers)
    headers = curl_slist_append(headers, header.c_str());
  impl_->detail[0] = 0;
  impl_->refresh();
  impl_->prepare(request, in, headers);
  const auto code = impl_->perform(stop);
  curl_slist_free_all(headers);
  if (!code) return tl::unexpected(Error{Failure::no_line, "The call was broken off", request.path, ""});
  if (*code != CURLE_OK) {
    long verify_result = 0;
    curl_easy_getinfo(impl_->easy, CURLINFO_SSL_VERIFYRESULT, &verify_result);
    auto failed = words_of(*code, impl_->detail.data(), in.too_big, verify_result);
    curl_off_t handshake_us = 0;
    curl_easy_getinfo(impl_->easy, CURLINFO_APPCONNECT_TIME_T, &handshake_us);
    if (failed.failure == Failure::no_line && handshake_us > 0 && *code != CURLE_OPERATION_TIMEDOUT)
      failed.remedy = "Check the line; if it stays so, the centre may be refusing this lane's certificate";
    const std::string detail = printable(impl_->detail[0] ? impl_->detail.data() : curl_easy_strerror(*code), 200);
    return tl::unexpected(
        Error{failed.failure, failed.what, fmt::format("{}: {}", request.path, detail), std::move(failed.remedy)});
  }
  curl_off_t total_us = 0;
  curl_easy_getinfo(impl_->easy, CURLINFO_RESPONSE_CODE, &in.response.status);
  curl_easy_getinfo(impl_->easy, CURLINFO_TOTAL_TIME_T, &total_us);
  in.response.round_trip_us = total_us;
  if (const auto* date = in.response.header("date")) {
    const auto seconds = curl_getdate(date->c_str(), nullptr);
    if (seconds > 0) in.response.date_s = seconds;
  }
  return std::move(in.response);
}

bool Http::refresh_identity() {
  return impl_->refresh();
}

const ClientIdentity& Http::identity() const {
  return impl_->identity;
}

const std::string* HttpResponse::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? nullptr : &found->second;
}

std::optional<Error> error_of(const HttpResponse& response, const std::string& path) {
  if (response.status >= 200 && response.status < 300) return std::nullopt;
  const std::string said = problem_words(response.body);
  const auto error = [&](Failure failure, std::string_view what, std::string remedy) {
    return Error{failure, fmt::format("{} ({}{}{})", what, response.status, said.empty() ? "" : ": ", said), path,
                 std::move(remedy)};
  };
  switch (response.status) {
    case 401:
    case 403:
      return error(Failure::refused, "The centre refuses this lane",
                   "Ask the centre to admit the lane's certificate");
    case 409:
      return error(Failure::conflict, "The centre holds another record than this lane",
                   "Do not delete anything; call support");
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
    case 507:
      return error(Failure::busy, "The centre cannot serve at the moment", "");
    default:
      return error(Failure::bad_answer, "The centre does not accept what this lane says",
                   "Check that both follow the same contract version");
  }
}

}  // namespace torugart::central
