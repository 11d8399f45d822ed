#include "ocr/numbers/confusion.h"

#include <algorithm>
#include <iterator>

namespace torugart::ocr {
namespace {

struct Pair {
  char32_t a;
  char32_t b;
  double cost;
};

// Below 0.3: the same shape in most plate fonts. To 0.7: look-alikes. To 1.4: alike under dirt, blur or a hard edge.
constexpr Pair pairs[] = {
    {U'0', U'O', 0.2},
    {U'1', U'I', 0.25},
    {U'0', U'Q', 0.5},
    {U'0', U'D', 0.5},
    {U'8', U'B', 0.5},
    {U'5', U'S', 0.45},
    {U'2', U'Z', 0.45},
    {U'6', U'G', 0.55},
    {U'1', U'L', 0.6},
    {U'1', U'T', 0.8},
    {U'1', U'J', 0.8},
    {U'7', U'T', 0.7},
    {U'7', U'Z', 0.7},
    {U'7', U'Y', 1.0},
    {U'4', U'A', 0.6},
    {U'9', U'G', 0.9},
    {U'9', U'P', 1.2},
    {U'9', U'Q', 1.0},
    {U'3', U'B', 0.9},
    {U'3', U'J', 1.1},
    {U'3', U'E', 1.2},
    {U'3', U'Z', 1.1},
    {U'6', U'B', 0.9},
    {U'6', U'E', 1.3},
    {U'8', U'S', 1.0},
    {U'8', U'R', 1.3},
    {U'8', U'G', 1.1},
    {U'0', U'U', 1.1},
    {U'0', U'C', 1.0},
    {U'0', U'G', 1.0},
    {U'4', U'H', 1.3},
    {U'4', U'K', 1.4},
    {U'5', U'B', 1.3},
    {U'5', U'G', 1.3},
    {U'2', U'E', 1.4},
    // digit with digit
    {U'8', U'6', 0.9},
    {U'8', U'9', 0.9},
    {U'8', U'3', 0.9},
    {U'8', U'0', 0.9},
    {U'5', U'6', 0.9},
    {U'1', U'7', 0.8},
    {U'2', U'7', 1.0},
    {U'5', U'3', 1.1},
    {U'0', U'6', 1.0},
    {U'0', U'9', 1.0},
    {U'3', U'9', 1.1},
    {U'1', U'4', 1.2},
    {U'5', U'9', 1.3},
    {U'4', U'9', 1.3},
    {U'5', U'8', 1.0},
    // letter with letter
    {U'O', U'Q', 0.5},
    {U'O', U'D', 0.6},
    {U'O', U'C', 0.9},
    {U'O', U'G', 0.9},
    {U'O', U'U', 1.0},
    {U'D', U'U', 1.2},
    {U'D', U'B', 1.1},
    {U'C', U'G', 0.7},
    {U'B', U'R', 1.0},
    {U'B', U'E', 1.2},
    {U'P', U'R', 1.0},
    {U'P', U'F', 0.9},
    {U'E', U'F', 0.8},
    {U'U', U'V', 0.8},
    {U'U', U'J', 1.1},
    {U'U', U'W', 1.3},
    {U'U', U'L', 1.2},
    {U'V', U'Y', 0.8},
    {U'V', U'W', 1.1},
    {U'M', U'N', 1.0},
    {U'M', U'W', 1.1},
    {U'M', U'H', 1.1},
    {U'N', U'H', 0.9},
    {U'K', U'X', 0.9},
    {U'K', U'R', 1.2},
    {U'K', U'H', 1.2},
    {U'X', U'Y', 1.0},
    {U'I', U'T', 0.8},
    {U'I', U'L', 0.6},
    {U'I', U'J', 0.8},
    {U'L', U'J', 1.3},
    {U'L', U'T', 1.3},
    {U'S', U'Z', 1.2},
    {U'T', U'Y', 0.9},
    {U'A', U'R', 1.3},
    // Cyrillic with the Latin letter or digit of the same shape: readers of shapes name it as that, and it is no repair.
    // Then with what looks like it.
    {U'А', U'A', 0.02},
    {U'В', U'B', 0.02},
    {U'С', U'C', 0.02},
    {U'Е', U'E', 0.02},
    {U'Н', U'H', 0.02},
    {U'К', U'K', 0.02},
    {U'М', U'M', 0.02},
    {U'О', U'O', 0.02},
    {U'Р', U'P', 0.02},
    {U'Т', U'T', 0.02},
    {U'У', U'Y', 0.4},
    {U'Х', U'X', 0.02},
    {U'Ү', U'Y', 0.02},
    {U'О', U'0', 0.2},
    {U'З', U'3', 0.02},
    {U'Б', U'6', 0.5},
    {U'Ч', U'4', 0.7},
    {U'Ө', U'0', 0.4},
    {U'Ө', U'O', 0.4},
    {U'Ө', U'О', 0.4},
    {U'Ө', U'8', 0.8},
    {U'Ү', U'У', 0.4},
    {U'Ү', U'V', 0.5},
    {U'В', U'8', 0.5},
    {U'Г', U'T', 1.0},
    {U'И', U'N', 0.6},
    {U'Я', U'R', 0.7},
    {U'Л', U'N', 1.3},
    {U'Л', U'П', 0.9},
    {U'П', U'N', 0.9},
    {U'П', U'H', 1.2},
    {U'Д', U'A', 1.1},
    {U'Д', U'Л', 0.9},
    {U'Э', U'3', 0.6},
    {U'Ш', U'W', 0.9},
    {U'Ц', U'U', 0.7},
    {U'Ь', U'B', 0.8},
    {U'Б', U'B', 0.9},
    {U'Ө', U'E', 1.0},
};

}  // namespace

double confusion_cost(char32_t seen, char32_t meant) {
  if (seen == meant) return 0;
  const auto it = std::find_if(std::begin(pairs), std::end(pairs), [seen, meant](const Pair& pair) {
    return (pair.a == seen && pair.b == meant) || (pair.a == meant && pair.b == seen);
  });
  return it == std::end(pairs) ? impossible_repair : it->cost;
}

bool same_shape(char32_t a, char32_t b) {
  constexpr double one_shape = 0.3;
  return confusion_cost(a, b) < one_shape;
}

}  // namespace torugart::ocr
