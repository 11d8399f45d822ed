// The field's words for enums, and times as people read them. All texts are translated already (touch/i18n.h), so
// call these on the UI thread, at the moment of drawing.
//
// Times of day follow the process's time zone (TZ), which the application sets before the first frame.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "hal/api/device.h"
#include "kiosk/inspection/command.h"
#include "kiosk/lane/lane_view.h"
#include "kiosk/touch/theme.h"

namespace torugart::screens {

std::string colour_word(inspection::LaneColour colour);
touch::Tone colour_tone(inspection::LaneColour colour);
std::string stage_word(inspection::Stage stage);
std::string activity_word(std::string_view activity);  // of kiosk/reports: a stage, or the whole crossing
std::string slot_word(inspection::NumberKind kind, inspection::Place place);  // "Front plate", "Container"
std::string mark_word(inspection::MarkKind kind);
std::string certainty_word(inspection::Certainty certainty);
std::string verdict_word(inspection::Verdict verdict);
std::string outcome_word(inspection::ReviewOutcome outcome);
std::string role_word(inspection::Role role);
std::string cleared_word(inspection::ClearedHow how);
std::string driver_word(inspection::DriverPlace place);
std::string source_word(inspection::RiskSource source);
std::string against_word(std::string_view key);  // what a second person overrides

std::string device_word(hal::DeviceState state);
touch::Tone device_tone(hal::DeviceState state);
std::string device_kind_word(hal::DeviceKind kind);
std::string device_name(const hal::DeviceInfo& info);  // "Weighbridge", "Camera · Front"
std::string clock_word(hal::ClockState state);

// The reason of a Permission as a sentence; empty when it is allowed.
std::string why(const inspection::Permission& permission);
std::string why(const std::string& why_not, const std::string& detail);

std::string time_of_day(std::int64_t wall_us);                             // 14:32:07
std::string short_time(std::int64_t wall_us);                              // 14:32
std::string day_and_time(std::int64_t wall_us);                            // 24.11. 14:32
std::string duration(std::int64_t us);                                     // 0:42, 12:03, 1:12:03
std::string age(std::int64_t us);                                          // "4 s", "12 min", "3 h", "5 d"
std::string document_word(const inspection::DocumentPresented& document);  // "TIR XC12345678"; a number alone
std::string kilograms(double kg);                                          // "38,420 kg", thin groups
std::string bytes_word(std::int64_t bytes);                                // "1.2 GB"
std::string first_number(const std::string& title);                        // of a crossing's title, for narrow lists
std::string initials(const std::string& name);  // "A. Ivanova" stays, long names are shortened

}  // namespace torugart::screens
