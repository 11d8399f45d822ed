#include "imaging/commands/commands.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "imaging/files/reader.h"
#include "imaging/files/writer.h"
#include "tests/imaging/files/test_files.h"

namespace torugart::imaging::commands {
namespace {

using nlohmann::json;
using test::Folder;

// Raw counts of both energies as 16-bit PNG: air, a block, air.
Inputs raw_pair(const Folder& folder) {
  std::mt19937 random(2);
  std::normal_distribution<double> normal(0, 300);
  for (const char* name : {"high.png", "low.png"}) {
    Raster16 picture(300, 120);
    for (int y = 0; y < 120; ++y) {
      for (int x = 0; x < 300; ++x) {
        const double t = x > 100 && x < 200 && y > 40 ? 0.3 : 1.0;
        picture.at(x, y) = static_cast<std::uint16_t>(50000 * t + normal(random));
      }
    }
    EXPECT_TRUE(write_png(picture, folder.path() / name));
  }
  return {folder.path() / "high.png", folder.path() / "low.png"};
}

TEST(Commands, info_says_what_it_is_and_that_it_is_not_calibrated) {
  const Folder folder("info");
  const auto text = info_json(raw_pair(folder));
  ASSERT_TRUE(text) << text.error().text();
  const json info = json::parse(*text);
  EXPECT_EQ(info["format"], "PNG");
  EXPECT_EQ(info["width"], 300);
  EXPECT_EQ(info["height"], 120);
  EXPECT_EQ(info["energies"], 2);
  EXPECT_EQ(info["quantity"], "counts");
  EXPECT_EQ(info["calibrated"], false);
  EXPECT_TRUE(info["pixel_mm"].is_null());
}

TEST(Commands, convert_keeps_every_pixel_and_comes_back) {
  const Folder folder("convert");
  const Inputs pair = raw_pair(folder);
  const auto dicos = convert(pair, folder.path() / "out.dcs", test::metadata());
  ASSERT_TRUE(dicos) << dicos.error().text();
  ASSERT_EQ(dicos->size(), 2U);
  const auto back = convert({folder.path() / "out-raw.dcs"}, folder.path() / "back.tiff", test::metadata());
  ASSERT_TRUE(back) << back.error().text();
  for (std::size_t e = 0; e < 2; ++e) {
    EXPECT_EQ(read_plane(pair[e])->pixels, read_plane((*back)[e])->pixels);
  }
  const auto nothing = convert(pair, folder.path() / "out.bmp", test::metadata());
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().remedy, "use one of .dcs, .png, .tiff, .tif");
}

TEST(Commands, analyse_gives_all_keys) {
  const Folder folder("analyse");
  const auto text = analyse_json(raw_pair(folder));
  ASSERT_TRUE(text) << text.error().text();
  const json a = json::parse(*text);
  for (const char* key : {"container", "empty", "empty_probability", "saturated_percent", "ambiguous_percent",
                          "material_percent", "mass_kg", "proposals", "ms"}) {
    EXPECT_TRUE(a.contains(key)) << key;
  }
  EXPECT_NEAR(a["object"]["x"].get<int>(), 101, 2);
  EXPECT_NEAR(a["object"]["w"].get<int>(), 99, 4);
}

TEST(Commands, render_draws_the_size_that_was_asked_for) {
  const Folder folder("render");
  const Inputs pair = raw_pair(folder);
  RenderWords words;
  words.viewport = "50,10,200,100";
  words.size = "400x200";
  words.material = "on";
  words.enhance = "edge";
  words.invert = true;
  const auto request = parse(words);
  ASSERT_TRUE(request) << request.error().text();
  EXPECT_EQ(request->options.palette, Palette::material);
  ASSERT_TRUE(render_to_png(pair, *request, folder.path() / "p.png"));
  words = {};
  words.window = "0.1,0.9";
  ASSERT_TRUE(render_to_png(pair, *parse(words), folder.path() / "q.png"));
  const auto drawn = read_plane(folder.path() / "q.png");
  ASSERT_FALSE(drawn);
  EXPECT_NE(drawn.error().what.find("3 channels"), std::string::npos) << "a picture for people, not a scan";
}

TEST(Commands, options_that_are_wrong_name_themselves) {
  const auto where = [](auto change) {
    RenderWords words;
    change(words);
    const auto r = parse(words);
    return r ? std::string("ok") : r.error().where;
  };
  EXPECT_EQ(where([](auto&) {}), "ok");
  for (const char* bad : {"1,2,3", "1,2,3,x", "1,2,0,4", "1,2,3,4,5", "99999999999,0,1,1", ",,,"}) {
    EXPECT_EQ(where([&](auto& w) { w.viewport = bad; }), "--viewport") << bad;
  }
  EXPECT_EQ(where([](auto& w) { w.size = "1920*1080"; }), "--size");
  EXPECT_EQ(where([](auto& w) { w.size = "0x10"; }), "--size");
  EXPECT_EQ(where([](auto& w) { w.tone = "cubic"; }), "--tone");
  EXPECT_EQ(where([](auto& w) { w.window = "1,0.5"; }), "--window");
  EXPECT_EQ(where([](auto& w) { w.window = "0.1,0.5,0.7"; }), "--window");
  EXPECT_EQ(where([](auto& w) { w.palette = "pink"; }), "--palette");
  EXPECT_EQ(where([](auto& w) { w.material = "maybe"; }), "--material");
  EXPECT_EQ(where([](auto& w) { w.enhance = "more"; }), "--enhance");
}

TEST(Commands, diff_and_errors) {
  const Folder folder("diff");
  const Inputs pair = raw_pair(folder);
  const auto text = diff(pair, pair, folder.path() / "d.png");
  ASSERT_TRUE(text) << text.error().text();
  EXPECT_EQ(json::parse(*text)["changed_percent"], 0);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "d.png"));
  EXPECT_FALSE(open({}));
  EXPECT_FALSE(open({pair[0], pair[1], pair[0]}));
  const auto missing = open({folder.path() / "none.dcs"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  ASSERT_TRUE(write_png(Raster16(10, 10, 5), folder.path() / "small.png"));
  EXPECT_FALSE(open({pair[0], folder.path() / "small.png"}));
}

}  // namespace
}  // namespace torugart::imaging::commands
