#include <fmt/format.h>

#include <ctime>

#include "kiosk/reports/reports.h"

namespace torugart::reports {

using namespace inspection;

namespace {

struct Moment {
  std::int64_t wall_us = 0, mono_us = 0;
  std::string boot;
};

Moment moment_of(const Event& event) {
  return {event.wall_us, event.mono_us, event.boot};
}

ActivityRow begin_row(const std::string& crossing, std::string activity, const Moment& begin) {
  ActivityRow row;
  row.crossing = crossing;
  row.activity = std::move(activity);
  row.start_wall_us = begin.wall_us;
  return row;
}

void end_row(ActivityRow& row, const Moment& begin, const Moment& end) {
  row.end_wall_us = end.wall_us;
  row.by_monotonic_clock = begin.boot == end.boot;
  const std::int64_t us = row.by_monotonic_clock ? end.mono_us - begin.mono_us : end.wall_us - begin.wall_us;
  // A wall clock that was set back in between measures nothing.
  if (us >= 0) row.seconds = static_cast<double>(us) * 1e-6;
}

std::string iso8601(std::int64_t wall_us) {
  const std::time_t seconds = wall_us / 1'000'000;
  std::tm utc{};
  if (gmtime_r(&seconds, &utc) == nullptr) return {};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, wall_us / 1000 % 1000);
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text)
    out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

}  // namespace

std::vector<ActivityRow> activities(std::span<const Event> events) {
  std::vector<ActivityRow> rows;
  Crossing crossing;
  Moment arrived, begin;
  for (const Event& event : events) {
    const std::size_t before = crossing.stage_times.size();
    apply(crossing, event);
    if (crossing.stage_times.size() == before) continue;
    const Moment now = moment_of(event);
    if (before == 0) arrived = now;
    if (before > 0 && !rows.empty()) end_row(rows.back(), begin, now);
    if (crossing.stage == Stage::closed) {
      auto whole = begin_row(crossing.id, "whole", arrived);
      end_row(whole, arrived, now);
      rows.push_back(std::move(whole));
      return rows;
    }
    begin = now;
    rows.push_back(begin_row(crossing.id, std::string(to_string(crossing.stage)), now));
  }
  if (!rows.empty()) rows.push_back(begin_row(crossing.id, "whole", arrived));
  return rows;
}

std::string activities_csv(std::span<const ActivityRow> rows) {
  std::string csv = "crossing,activity,start,end,seconds,source\r\n";
  for (const ActivityRow& row : rows)
    csv += fmt::format("{},{},{},{},{},{}\r\n", quoted(row.crossing), quoted(row.activity),
                       iso8601(row.start_wall_us), row.end_wall_us ? iso8601(*row.end_wall_us) : "",
                       row.seconds ? fmt::format("{:.3f}", *row.seconds) : "", row.source);
  return csv;
}

}  // namespace torugart::reports
