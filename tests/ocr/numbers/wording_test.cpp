// Words of container doors and plates that resemble them.
#include "ocr/numbers/wording.h"

#include <gtest/gtest.h>

namespace torugart::ocr {
namespace {

TEST(Wording, WeightTablesAreToldFromPlates) {
  for (const char* text : {"TARE3820KG", "TARE3820", "SS30480KG", "E3820KG", "677CUM", "KG677CUM", "CUCAP677CUM",
                           "MAXGROSS30480KG", "67200LBS"})
    EXPECT_TRUE(is_weight_table(text)) << text;
  for (const char* text : {"01KG123ABC", "123ABC02", "209999KG", "A123BC77", "4321KG01", "MSKU4135329", "KG123AB"})
    EXPECT_FALSE(is_weight_table(text)) << text;
}

}  // namespace
}  // namespace torugart::ocr
