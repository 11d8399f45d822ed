#include "kiosk/inspection/event_json.h"

#include <array>
#include <utility>

#include "kiosk/inspection/value_json.h"

namespace torugart::inspection {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxEvent = 1 << 20;  // bytes
constexpr int kMaxDepth = 64;

struct Kind {  // one payload type
  std::string_view type;
  bool (*read)(ValueReader&, const json&, Payload&);
};

template <std::size_t I>
bool read_payload(ValueReader& reader, const json& source, Payload& out) {
  return reader.read(source, out.emplace<I>());
}

template <std::size_t... I>
constexpr auto make_kinds(std::index_sequence<I...>) {
  return std::array<Kind, sizeof...(I)>{
      Kind{Fields<std::variant_alternative_t<I, Payload>>::type, &read_payload<I>}...};
}

constexpr auto kKinds = make_kinds(std::make_index_sequence<std::variant_size_v<Payload>>{});

// nlohmann's parser does not recurse, but nothing of ours nests deeper than a few levels either.
bool too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxDepth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

}  // namespace

std::string_view type_of(const Payload& payload) {
  return payload.index() < kKinds.size() ? kKinds[payload.index()].type : std::string_view("valueless");
}

json to_json(const Event& event) {
  return json{{"seq", event.seq},
              {"lane", event.lane},
              {"crossing", event.crossing},
              {"actor", event.actor},
              {"role", event.role},
              {"second", event.second},
              {"device", event.device},
              {"mono_us", event.mono_us},
              {"wall_us", event.wall_us},
              {"clock", event.clock},
              {"boot", event.boot},
              {"schema", event.schema},
              {"type", std::string(type_of(event.payload))},
              {"payload", std::visit([](const auto& payload) { return write_value(payload); }, event.payload)}};
}

std::string canonical_text(const Event& event) {
  // A byte that is not UTF-8 becomes U+FFFD rather than an exception: the record is more important than the byte.
  return to_json(event).dump(-1, ' ', false, json::error_handler_t::replace);
}

tl::expected<Event, Error> event_from_json(const json& source) {
  ValueReader reader("");
  Event event;
  std::string type;
  if (!source.is_object()) {
    reader.fail("an object is expected");
    return tl::unexpected(*reader.error());
  }
  if (!reader.required(source, "seq", event.seq) || !reader.required(source, "lane", event.lane) ||
      !reader.required(source, "crossing", event.crossing) || !reader.required(source, "actor", event.actor) ||
      !reader.required(source, "role", event.role) || !reader.required(source, "second", event.second) ||
      !reader.required(source, "device", event.device) || !reader.required(source, "mono_us", event.mono_us) ||
      !reader.required(source, "wall_us", event.wall_us) || !reader.required(source, "clock", event.clock) ||
      !reader.required(source, "boot", event.boot) || !reader.required(source, "schema", event.schema) ||
      !reader.required(source, "type", type))
    return tl::unexpected(*reader.error());
  const auto payload = source.find("payload");
  ValueReader inner("/payload");
  if (payload == source.end()) {
    inner.fail("it is missing");
    return tl::unexpected(*inner.error());
  }
  for (const Kind& kind : kKinds) {
    if (kind.type != type) continue;
    if (!kind.read(inner, *payload, event.payload)) return tl::unexpected(*inner.error());
    return event;
  }
  return tl::unexpected(Error{"unknown event type '" + type.substr(0, 64) + "'", "/type",
                              "It was written by a later version of the program: use that version"});
}

tl::expected<Event, Error> event_from_text(std::string_view text) {
  const auto bad = [](std::string what) {
    return tl::unexpected(Error{std::move(what), "", "The text is not an event of this program"});
  };
  if (text.size() > kMaxEvent) return bad("the event is longer than 1 MiB");
  if (too_deep(text)) return bad("the event nests deeper than 64 levels");
  const json parsed = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_discarded()) return bad("this is not JSON");
  return event_from_json(parsed);
}

}  // namespace torugart::inspection
