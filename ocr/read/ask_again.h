// Characters of a plate asked one by one of the character network, after the spelling network saw them all. Internal to
// ocr/read.
//
// The province of a Chinese plate is looked for where one would stand: behind it are a letter and five or six characters
// (GA 36), all in cells of one width, so its place is one step to the left of the letter, whether or not the spelling
// network saw anything there. Other characters are asked again where they are doubtful.
#pragma once

#include "ocr/read/character.h"
#include "ocr/read/layout.h"
#include "ocr/read/spell.h"

namespace torugart::ocr::detail {

// CJK unified ideographs: the provinces of China and the words on her plates.
bool is_chinese(char32_t c);
bool is_chinese(const SpelledGlyph& g);  // what it most likely is

// `grey`: the frame. Changes `spelling`, of which `layout` was made: provinces are named, or added where none was seen, and become
// unlikely where none is; doubtful characters are what both networks take them for together. The layout must be
// made anew.
void ask_again(Spelling& spelling, const Layout& layout, const cv::Mat& grey, Namer& namer);

}  // namespace torugart::ocr::detail
