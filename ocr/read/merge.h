// Two looks at one place made one: what only one of them saw is half as likely there, and a character that both saw is
// what both together take it for. Pure. Internal to ocr/read.
#pragma once

#include "ocr/read/spell.h"

namespace torugart::ocr::detail {

// In the canvas of `first`. Characters are the same when their middles in the frame are nearer than half a character.
Spelling merged(const Spelling& first, const Spelling& second);

}  // namespace torugart::ocr::detail
