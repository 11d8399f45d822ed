// The table of plates. Order is rank: the region first, then its neighbours, then those whose trucks come through.
// A new country is a new row; the pattern language is in plates.h.
#include "ocr/numbers/plates.h"

namespace torugart::ocr {
namespace {

constexpr PlateRule rules[] = {
    {"KZ", "standard", "999 AAA {01|02|03|04|05|06|07|08|09|10|11|12|13|14|15|16|17|18|19|20}", false},
    {"KZ", "company", "999 AA {01|02|03|04|05|06|07|08|09|10|11|12|13|14|15|16|17|18|19|20}", false},
    {"KZ", "trailer", "99 AAA {01|02|03|04|05|06|07|08|09|10|11|12|13|14|15|16|17|18|19|20}", false},
    {"KZ", "old", "A 999 AAA", false},
    {"KZ", "old", "A 999 AA", false},
    {"KG", "standard", "{01|02|03|04|05|06|07|08|09} KG 999 AAA", false},
    {"KG", "standard", "{01|02|03|04|05|06|07|08|09} 999 AAA", false},
    {"KG", "company", "{01|02|03|04|05|06|07|08|09} 999 AA", false},
    {"KG", "old", "A 9999 A", true},
    {"KG", "old", "A 9999 AA", true},
    {"UZ", "standard", "{01|10|20|25|30|40|50|60|70|75|80|85|90|95} A 999 AA", false},
    {"UZ", "company", "{01|10|20|25|30|40|50|60|70|75|80|85|90|95} 999 AAA", false},
    {"UZ", "trailer", "{01|10|20|25|30|40|50|60|70|75|80|85|90|95} 9999 AA", false},
    {"TJ", "standard", "9999 AA {01|02|03|04|05|06|07|08}", false},
    {"TM", "standard", "AA 9999 {AG|AH|BN|DZ|LB|MR}", false},
    {"TM", "standard", "A 9999 {AG|AH|BN|DZ|LB|MR}", false},
    {"MN", "standard", "9999 ЯЯЯ", false},
    {"AZ", "standard", "99 AA 999", false},
    {"GE", "standard", "AA 999 AA", false},
    {"GE", "old", "AAA 999", true},
    {"RU", "standard", "@ 999 @@ 99", false},
    {"RU", "standard", "@ 999 @@ 999", false},
    {"RU", "trailer", "@@ 9999 99", false},
    {"RU", "trailer", "@@ 9999 999", false},
    {"CN", "standard", "省A WWWWW", false},
    {"CN", "new energy", "省A WWWWWW", false},
    {"CN", "trailer", "省A WWWW挂", false},
    {"PK", "standard", "AAA 999", true},
    {"PK", "standard", "AAA 9999", true},
    {"PK", "standard", "AA 9999", true},
    {"BY", "truck", "AA 9999 9", false},
    {"BY", "standard", "9999 AA 9", false},
    {"UA", "standard", "AA 9999 AA", false},
    {"TR", "standard", "99 A 9999", false},
    {"TR", "standard", "99 AA 999", false},
    {"TR", "standard", "99 AA 9999", false},
    {"TR", "standard", "99 AAA 99", false},
    {"TR", "standard", "99 AAA 999", false},
    {"LT", "standard", "AAA 999", true},
    {"LT", "trailer", "AA 999", true},
    {"LV", "standard", "AA 9999", true},
    {"EE", "standard", "999 AAA", true},
    {"PL", "standard", "AA 99999", false},
    {"PL", "standard", "AA 9999A", false},
    {"PL", "standard", "AAA 9999", true},
    {"PL", "standard", "AAA AA99", true},
    {"DE", "standard", "AA AA 9999", true},
    {"DE", "standard", "A AA 9999", true},
    {"DE", "standard", "AA AA 999", true},
    {"DE", "standard", "AA A 9999", true},
    {"CZ", "standard", "9A9 9999", true},
    {"CZ", "standard", "9AA 9999", false},
    {"SK", "standard", "AA 999AA", false},
    {"HU", "standard", "AAA 999", true},
    // no I and no O at the head of the three: they would be 1 and 0
    {"RO", "standard", "AA 99 {A|B|C|D|E|F|G|H|J|K|L|M|N|P|Q|R|S|T|U|V|W|X|Y|Z}AA", false},
    {"RO", "standard", "A 999 AAA", false},
    {"BG", "standard", "AA 9999 AA", false},
    {"BG", "standard", "A 9999 AA", true},
    {"HR", "standard", "AA 999 AA", false},
    {"HR", "standard", "AA 9999 AA", false},
    {"HR", "standard", "AA 9999 A", false},
    {"HR", "standard", "AA 999 A", true},
    {"IT", "standard", "AA 999 AA", false},
    {"FR", "standard", "AA 999 AA", false},
    {"GB", "standard", "AA99 AAA", false},
    {"VN", "standard", "99A 99999", false},
    {"VN", "standard", "99A 9999", false},
    {"VN", "motorcycle", "99A9 99999", false},
    {"VN", "motorcycle", "99A9 9999", false},
    {"VN", "company", "99AA 99999", false},
};

}  // namespace

std::span<const PlateRule> plate_rules() {
  return rules;
}

}  // namespace torugart::ocr
