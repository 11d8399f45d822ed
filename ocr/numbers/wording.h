// Words of container doors. Reentrant.
#pragma once

#include <string>

namespace torugart::ocr {

// A line of a container's weight table or a piece of it, as readers see them without spaces ("TARE3820KG",
// "SS30480KG", "CUCAP677CUM"): never a plate and never a container's number. ISO 6346, operational markings.
bool is_weight_table(const std::string& text);

}  // namespace torugart::ocr
