#include "kiosk/exchange/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "kiosk/inspection/crossing.h"
#include "kiosk/inspection/event_json.h"

namespace torugart::exchange {
namespace {

using nlohmann::json;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string words(std::string_view key) {
  std::string out(key);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

// A value of an event or of the fold, as nested lists; a file as a link into the bundle.
std::string shown(const json& value) {
  if (value.is_string()) return escaped(value.get<std::string>());
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_object() && value.contains("sha256") && value.contains("role"))
    return fmt::format("{} <code>{}</code>", escaped(value.value("role", "")), escaped(value.value("sha256", "")));
  if (value.is_array() || value.is_object()) {
    if (value.empty()) return "none";
    std::string out = "<ul>";
    for (const auto& [key, inner] : value.items()) {
      if (inner.is_null() || (inner.is_string() && inner.get_ref<const std::string&>().empty())) continue;
      out += value.is_array() ? fmt::format("<li>{}</li>", shown(inner))
                              : fmt::format("<li><span>{}</span> {}</li>", escaped(words(key)), shown(inner));
    }
    return out + "</ul>";
  }
  return escaped(value.dump());
}

constexpr std::string_view kStyle = R"(body{font:15px/1.45 sans-serif;margin:2em auto;max-width:60em;color:#111}
table{border-collapse:collapse;width:100%}td,th{border-top:1px solid #bbb;padding:.35em .6em;text-align:left;vertical-align:top}
ul{margin:0;padding-left:1.1em}span{color:#555}code{font-size:.8em;overflow-wrap:anywhere}img{max-width:100%;display:block}
)";

std::string row(std::string_view name, std::string_view html) {
  return fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", name, html);
}

}  // namespace

std::string page_html(const PageFacts& facts, const std::vector<journal::Record>& records) {
  inspection::Crossing fold;
  for (const auto& record : records)
    apply(fold, record.event);
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title>\n<style>{1}</style></head>"
      "<body>\n<h1>Inspection {0}</h1>\n<table>\n",
      escaped(facts.crossing), kStyle);
  out += row("Lane", escaped(facts.lane));
  out += row("This copy made", escaped(facts.made));
  out += row("Record", fmt::format("{} events, in a journal signed over {} events{}", records.size(),
                                   facts.checkpoint, facts.witnessed ? "; the central system has witnessed it" : ""));
  out += row("Signed by", fmt::format("<code>{}</code>", escaped(facts.signer)));
  out += "</table>\n<h2>What it came to</h2>\n" + shown(inspection::to_json(fold)) +
         "\n<h2>What happened</h2>\n<table>\n<tr><th>Event</th><th>Time (UTC)</th><th>Who</th><th>What</th></tr>\n";
  for (const auto& record : records) {
    const auto& event = record.event;
    const json parsed = json::parse(record.text, nullptr, false);
    std::string who = escaped(event.actor);
    if (!event.second.empty()) who += " and " + escaped(event.second);
    out += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td><b>{}</b>{}</td></tr>\n", event.seq,
                       bundle::utc(event.wall_us), who, escaped(words(inspection::type_of(event.payload))),
                       parsed.contains("payload") ? shown(parsed["payload"]) : std::string());
  }
  out += "</table>\n<h2>Pictures and files</h2>\n<table>\n";
  for (const auto& file : facts.files) {
    const auto name = escaped(bundle::file_name(file));
    const bool absent = std::find(facts.absent.begin(), facts.absent.end(), file.sha256) != facts.absent.end();
    std::string html = fmt::format("<code>{}</code>", escaped(file.sha256));
    if (absent) {
      html += " is not in the lane's archive any more";
    } else {
      html += fmt::format(" <a href=\"{}\">{} bytes</a>", name, file.bytes);
      if (file.media_type == "image/jpeg" || file.media_type == "image/png")
        html += fmt::format("<img src=\"{}\" alt=\"{}\">", name, escaped(file.role));
    }
    out += row(escaped(words(file.role)), html);
  }
  return out +
         "</table>\n<p>This page repeats the events of the bundle that it came in. The events are the record; to "
         "prove "
         "them: <code>torugart journal verify-bundle FILE --key KEY</code>, with the lane's public key from another "
         "source than this bundle.</p>\n</body></html>\n";
}

}  // namespace torugart::exchange
