#include "hal/api/portal_monitor.h"

#include <charconv>
#include <cmath>
#include <numeric>
#include <system_error>
#include <utility>

namespace torugart::hal {
namespace {

struct CodeRow {
  std::string_view letters;
  PortalCode code;
};

constexpr CodeRow kCodes[] = {
    {"GB", PortalCode::gamma_background},   {"NB", PortalCode::neutron_background},
    {"GS", PortalCode::gamma_scan},         {"GA", PortalCode::gamma_alarm},
    {"NS", PortalCode::neutron_scan},       {"NA", PortalCode::neutron_alarm},
    {"GH", PortalCode::gamma_high_fault},   {"GL", PortalCode::gamma_low_fault},
    {"NH", PortalCode::neutron_high_fault}, {"SP", PortalCode::speed},
    {"GX", PortalCode::end_of_occupancy},   {"TC", PortalCode::tamper_closed},
    {"TT", PortalCode::tamper_open},        {"SG1", PortalCode::setting},
    {"SG2", PortalCode::setting},           {"SG3", PortalCode::setting},
    {"SN1", PortalCode::setting},           {"SN2", PortalCode::setting},
};

constexpr std::size_t kLongestLine = 256;

std::string printable(std::string_view line) {
  std::string out(line.substr(0, kLongestLine));
  for (char& c : out) {
    if (c < 0x20 || c > 0x7e) c = '?';
  }
  return out;
}

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const auto comma = line.find(',');
    fields.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

template <class T>
std::optional<T> number(std::string_view text) {
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ')
    text.remove_suffix(1);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool carries_counts(PortalCode code) {
  switch (code) {
    case PortalCode::gamma_background:
    case PortalCode::neutron_background:
    case PortalCode::gamma_scan:
    case PortalCode::gamma_alarm:
    case PortalCode::neutron_scan:
    case PortalCode::neutron_alarm:
    case PortalCode::gamma_high_fault:
    case PortalCode::gamma_low_fault:
    case PortalCode::neutron_high_fault:
      return true;
    default:
      return false;
  }
}

std::optional<std::array<int, 4>> four_counts(const std::vector<std::string_view>& fields) {
  if (fields.size() < 5) return std::nullopt;
  std::array<int, 4> counts{};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto value = number<int>(fields[i + 1]);
    if (!value || *value < 0) return std::nullopt;
    counts[i] = *value;
  }
  return counts;
}

}  // namespace

PortalLine parse_portal_line(std::string_view line, TimeStamp at) {
  PortalLine out;
  out.at = at;
  out.raw = printable(line);
  const auto fields = fields_of(out.raw);
  for (const auto& row : kCodes) {
    if (fields[0] == row.letters) out.code = row.code;
  }
  if (carries_counts(out.code)) out.counts = four_counts(fields);
  if (out.code == PortalCode::speed && fields.size() >= 4) {
    const auto speed = number<double>(fields[3]);
    if (speed && std::isfinite(*speed)) out.speed_km_h = speed;
  }
  if (out.code == PortalCode::end_of_occupancy && fields.size() >= 2) out.occupancy = number<int>(fields[1]);
  return out;
}

std::optional<double> PortalSigma::add(const PortalLine& line) {
  if (!line.counts) return std::nullopt;
  // Six-digit fields, but a hostile line may carry more: sums are made in 64 bits.
  const auto sum64 = std::accumulate(line.counts->begin(), line.counts->end(), std::int64_t{0});
  const int sum = static_cast<int>(std::min<std::int64_t>(sum64, 100'000'000));
  if (line.code == PortalCode::gamma_background) {
    background_ = sum;
    window_.clear();
    return std::nullopt;
  }
  if (line.code != PortalCode::gamma_scan && line.code != PortalCode::gamma_alarm) return std::nullopt;
  window_.push_back(sum);
  if (window_.size() > 5) window_.erase(window_.begin());
  if (window_.size() < 5 || !background_ || *background_ <= 0) return std::nullopt;
  const double total = std::accumulate(window_.begin(), window_.end(), 0.0);
  return (total - *background_) / std::sqrt(static_cast<double>(*background_));
}

const char* to_string(PortalCode code) {
  switch (code) {
    case PortalCode::gamma_background:
      return "gamma_background";
    case PortalCode::neutron_background:
      return "neutron_background";
    case PortalCode::gamma_scan:
      return "gamma_scan";
    case PortalCode::gamma_alarm:
      return "gamma_alarm";
    case PortalCode::neutron_scan:
      return "neutron_scan";
    case PortalCode::neutron_alarm:
      return "neutron_alarm";
    case PortalCode::gamma_high_fault:
      return "gamma_high_fault";
    case PortalCode::gamma_low_fault:
      return "gamma_low_fault";
    case PortalCode::neutron_high_fault:
      return "neutron_high_fault";
    case PortalCode::speed:
      return "speed";
    case PortalCode::end_of_occupancy:
      return "end_of_occupancy";
    case PortalCode::tamper_closed:
      return "tamper_closed";
    case PortalCode::tamper_open:
      return "tamper_open";
    case PortalCode::setting:
      return "setting";
    case PortalCode::unknown:
      return "unknown";
  }
  return "unknown";
}

}  // namespace torugart::hal
