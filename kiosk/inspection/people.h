// Who acts at the lane, and in which role.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace torugart::inspection {

enum class Role { inspector, supervisor, administrator };

// An account that has authenticated. `lane` itself acts under account "lane" for what devices report.
struct Actor {
  std::string account;  // sign-in name, unique at this lane; never reused
  std::string name;     // as shown: "A. Ivanova"
  Role role = Role::inspector;

  friend bool operator==(const Actor&, const Actor&) = default;
};

inline constexpr std::string_view kLaneAccount = "lane";

std::string_view to_string(Role role);
std::optional<Role> role_from(std::string_view text);

}  // namespace torugart::inspection
