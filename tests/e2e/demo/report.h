// What the demo leaves behind: report.json, one JSON per inspection, the DICOS files. And its own judgement of them.
#pragma once

#include <string>
#include <vector>

#include "tests/e2e/demo/stage.h"
#include "tests/e2e/demo/story.h"

namespace torugart::demo {

// Writes everything into the stage's folder. Returns what is missing, in words; empty when nothing is.
std::vector<std::string> write_report(Stage& stage, const std::vector<Walk>& walks);

}  // namespace torugart::demo
