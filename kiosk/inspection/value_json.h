// Values to and from JSON by the field tables. Internal to kiosk/inspection.
//
// Absent in the JSON means the default of the struct; an empty std::optional is left out. A double that is no number
// (NaN, infinity) is written as null, since JSON has no word for it, and null is read as NaN.
#pragma once

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "kiosk/inspection/event_json.h"
#include "kiosk/inspection/fields.h"
#include "kiosk/inspection/words.h"

namespace torugart::inspection {

inline constexpr std::size_t kMaxText = 4096;    // bytes
inline constexpr std::size_t kMaxList = 10'000;  // elements

// ---- out

template <typename T>
nlohmann::json write_value(const T& value);

template <typename T>
nlohmann::json write_value(const std::vector<T>& list) {
  nlohmann::json json = nlohmann::json::array();
  for (const T& item : list)
    json.push_back(write_value(item));
  return json;
}

template <typename C, typename T>
void write_field(nlohmann::json& json, const C& object, const Field<C, T>& field) {
  json[std::string(field.name)] = write_value(object.*field.member);
}
template <typename C, typename T>
void write_field(nlohmann::json& json, const C& object, const Field<C, std::optional<T>>& field) {
  if (const auto& value = object.*field.member) json[std::string(field.name)] = write_value(*value);
}

template <typename T>
nlohmann::json write_value(const T& value) {
  if constexpr (std::is_enum_v<T>) {
    return std::string(word_of(value));
  } else if constexpr (std::is_same_v<T, double>) {
    return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
  } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
    return value;
  } else {
    nlohmann::json json = nlohmann::json::object();
    std::apply([&](const auto&... fields) { (write_field(json, value, fields), ...); }, Fields<T>::list);
    return json;
  }
}

// ---- in

// Remembers where in the document it is, and the first thing that is wrong.
class ValueReader {
 public:
  explicit ValueReader(std::string path) : path_(std::move(path)) {}

  const std::optional<Error>& error() const { return error_; }
  bool fail(std::string what) {
    if (!error_)
      error_ = Error{std::move(what), path_,
                     "The record was written by another version or was changed; verify the journal it came from"};
    return false;
  }

  template <typename T>
  bool read(const nlohmann::json& json, std::vector<T>& out) {
    if (!json.is_array()) return fail("a list is expected");
    if (json.size() > kMaxList) return fail("the list is too long");
    out.clear();
    out.reserve(json.size());
    for (std::size_t i = 0; i < json.size(); ++i) {
      const Step step(*this, std::to_string(i));
      if (!read(json[i], out.emplace_back())) return false;
    }
    return true;
  }

  template <typename T>
  bool read(const nlohmann::json& json, std::optional<T>& out) {
    return read(json, out.emplace());
  }

  template <typename T>
  bool read(const nlohmann::json& json, T& out) {
    if constexpr (std::is_enum_v<T>) {
      if (!json.is_string()) return fail("a word is expected");
      const auto value = from_word<T>(json.get_ref<const std::string&>());
      if (!value) return fail("unknown word '" + json.get_ref<const std::string&>().substr(0, 64) + "'");
      out = *value;
      return true;
    } else if constexpr (std::is_same_v<T, std::string>) {
      if (!json.is_string()) return fail("a text is expected");
      const auto& text = json.get_ref<const std::string&>();
      if (text.size() > kMaxText) return fail("the text is longer than 4096 bytes");
      out = text;
      return true;
    } else if constexpr (std::is_same_v<T, bool>) {
      if (!json.is_boolean()) return fail("true or false is expected");
      out = json.get<bool>();
      return true;
    } else if constexpr (std::is_same_v<T, double>) {
      if (json.is_null()) {
        out = std::numeric_limits<double>::quiet_NaN();
        return true;
      }
      if (!json.is_number()) return fail("a number is expected");
      out = json.get<double>();
      return true;
    } else if constexpr (std::is_integral_v<T>) {
      if (!json.is_number_integer()) return fail("a whole number is expected");
      if (json.is_number_unsigned() &&
          json.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<T>::max()))
        return fail("the number is out of range");
      const auto wide = json.get<std::int64_t>();
      if (wide < std::numeric_limits<T>::min() || wide > std::numeric_limits<T>::max())
        return fail("the number is out of range");
      out = static_cast<T>(wide);
      return true;
    } else {
      if (!json.is_object()) return fail("an object is expected");
      return std::apply([&](const auto&... fields) { return (read_field(json, out, fields) && ...); },
                        Fields<T>::list);
    }
  }

  // A field that must be there.
  template <typename T>
  bool required(const nlohmann::json& json, const char* name, T& out) {
    const Step step(*this, name);
    const auto found = json.find(name);
    if (found == json.end()) return fail("it is missing");
    return read(*found, out);
  }

 private:
  class Step {
   public:
    Step(ValueReader& reader, std::string_view name) : reader_(reader), length_(reader.path_.size()) {
      reader.path_.append("/").append(name);
    }
    ~Step() { reader_.path_.resize(length_); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    ValueReader& reader_;
    std::size_t length_;
  };

  template <typename C, typename T>
  bool read_field(const nlohmann::json& json, C& object, const Field<C, T>& field) {
    const auto found = json.find(std::string(field.name));
    if (found == json.end()) return true;
    const Step step(*this, field.name);
    return read(*found, object.*field.member);
  }

  std::string path_;
  std::optional<Error> error_;
};

}  // namespace torugart::inspection
