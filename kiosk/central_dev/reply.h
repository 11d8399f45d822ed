// What a part of the development centre answers; the server puts it on the wire.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace torugart::central_dev {

struct Reply {
  int status = 200;
  nlohmann::json body;
};

// RFC 9457. `type` is the last word of "urn:torugart:problem:…"; `more` adds members of its own.
inline Reply problem_reply(int status, const std::string& type, const std::string& title, const std::string& detail,
                           const nlohmann::json& more = nlohmann::json::object()) {
  nlohmann::json body{
      {"type", "urn:torugart:problem:" + type}, {"title", title}, {"status", status}, {"detail", detail}};
  body.update(more);
  return {status, std::move(body)};
}

}  // namespace torugart::central_dev
