#include "imaging/commands/commands.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "imaging/files/reader.h"
#include "imaging/files/writer.h"
#include "imaging/material/curves.h"
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

// As the command line calls it: a PNG pair says nothing about its object, and a DICOS file needs a name and identifiers.
TEST(Commands, convert_names_what_the_files_do_not_name) {
  const Folder folder("convert-names");
  const Inputs pair = raw_pair(folder);
  const auto first = convert(pair, folder.path() / "empty-box.dcs", ScanMetadata{});
  ASSERT_TRUE(first) << first.error().text();
  const auto plane = read_plane(first->front());
  ASSERT_TRUE(plane);
  EXPECT_EQ(plane->ooi_id, "empty-box");
  const auto again = convert(pair, folder.path() / "empty-box2.dcs", ScanMetadata{});
  ASSERT_TRUE(again) << again.error().text();
  const auto other = read_plane(again->front());
  ASSERT_TRUE(other);
  EXPECT_NE(other->sop_instance_uid, plane->sop_instance_uid);
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
  words.enhance = "local";
  ASSERT_TRUE(render_to_png(pair, *parse(words), folder.path() / "q.png"));
  const auto drawn = read_plane(folder.path() / "q.png");
  ASSERT_FALSE(drawn);
  EXPECT_NE(drawn.error().what.find("3 channels"), std::string::npos) << "a picture for people, not a scan";
}

// Counts of a scanner with uneven gains: 40 dark columns, 40 of open beam, a wedge of two steels and one plastic.
struct Scanner {
  std::mt19937 random{8};
  Raster16 picture(double transmission, bool low, bool wedge = false) {
    std::normal_distribution<double> normal;
    const auto& curves = MaterialCurves::defaults();
    Raster16 out(wedge ? 200 : 40, 60);
    for (int y = 0; y < 60; ++y) {
      for (int x = 0; x < out.width(); ++x) {
        double t = transmission;
        const int step = wedge ? x / 50 : 0;
        if (step > 0) {
          const double z = step == 3 ? 6 : 26;
          const double alpha = step == 1 ? 0.7 : step == 2 ? 2.1 : 1.4;
          // Beams 3 and 5 % softer than the model's.
          t = std::exp(low ? -1.05 * curves.alpha_low(z, alpha) : -1.03 * alpha);
        }
        const double gain = 1 + 0.2 * std::sin(y * 0.9);
        const double v = 400 + y % 5 + 40000 * gain * t + (t > 0 ? 80 * normal(random) : 2 * normal(random));
        out.at(x, y) = static_cast<std::uint16_t>(std::lround(v));
      }
    }
    return out;
  }
};

TEST(Commands, calibrate_makes_a_file_that_render_and_analyse_use) {
  const Folder folder("calibrate");
  Scanner scanner;
  const auto pair = [&](const char* name, double t, bool wedge = false) {
    const Inputs files = {folder.path() / (std::string(name) + "-h.png"),
                          folder.path() / (std::string(name) + "-l.png")};
    EXPECT_TRUE(write_png(scanner.picture(t, false, wedge), files[0]));
    EXPECT_TRUE(write_png(scanner.picture(t, true, wedge), files[1]));
    return files;
  };
  CalibrateRequest request;
  request.dark = pair("dark", 0);
  request.air = pair("air", 1);
  request.wedge = pair("wedge", 1, true);
  request.steps = folder.path() / "steps.txt";
  request.out = folder.path() / "cal.json";
  const auto& curves = MaterialCurves::defaults();
  const auto steps = [&](const std::string& more) {
    std::ofstream(request.steps) << "# x,y,w,h,z,g/cm2\n"
                                 << "55,5,40,50,26," << curves.area_density(26, 0.7) << "\n105,5,40,50,26,"
                                 << curves.area_density(26, 2.1) << "\n155,5,40,50,6," << curves.area_density(6, 1.4)
                                 << "\n"
                                 << more;
  };
  steps("");
  const auto text = calibrate(request);
  ASSERT_TRUE(text) << text.error().text();
  const json report = json::parse(*text);
  EXPECT_EQ(report["verdict"], "good") << report["reason"];
  EXPECT_EQ(report["detectors"], 60);
  ASSERT_EQ(report["wedge"].size(), 3U);
  EXPECT_NEAR(report["wedge"][1]["alpha_high"].get<double>(), 1.03 * 2.1, 0.01);
  EXPECT_NEAR(report["wedge"][1]["alpha_low"].get<double>(), 1.05 * curves.alpha_low(26, 2.1), 0.01);

  const auto image = open(request.wedge, request.out);
  ASSERT_TRUE(image) << image.error().text();
  EXPECT_TRUE((*image)->statistics.calibrated);
  EXPECT_EQ((*image)->statistics.calibration, CalibrationVerdict::good);
  EXPECT_NEAR(transmission_of((*image)->view.value(Energy::high, 20, 30)), 1.0, 0.02);
  EXPECT_FALSE(open(request.wedge).value()->statistics.calibrated);
  const auto info = info_json(request.wedge, request.out);
  ASSERT_TRUE(info);
  EXPECT_LT(json::parse(*info)["calibration"]["age_s"].get<double>(), 600);
  ASSERT_TRUE(analyse_json(request.wedge, request.out));

  steps("10,10,20\n");
  const auto wrong = calibrate(request);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().where.find("line 5"), std::string::npos);
  steps("195,5,40,50,26,50\n");
  EXPECT_NE(calibrate(request).error().what.find("195,5"), std::string::npos);
  steps("5,5,40,50,26,50\n");
  EXPECT_NE(calibrate(request).error().what.find("element 26"), std::string::npos) << "air is no steel";
}

TEST(Commands, calibration_files_that_lie_get_an_answer) {
  const Folder folder("badcal");
  const Inputs pair = raw_pair(folder);
  const auto file = folder.path() / "cal.json";
  const auto where = [&](const std::string& text) {
    std::ofstream(file) << text;
    const auto r = open(pair, file);
    return r ? std::string("ok") : r.error().where + ": " + r.error().what;
  };
  EXPECT_NE(where("{\"format\":").find("byte"), std::string::npos);
  EXPECT_NE(where("[]").find("key format"), std::string::npos);
  EXPECT_NE(where("{\"format\":\"torugart-xray-calibration\",\"version\":7}").find("key version"), std::string::npos);
  const std::string begin = "{\"format\":\"torugart-xray-calibration\",\"version\":1,";
  EXPECT_NE(where(begin + "\"high\":{\"dark\":[]}}").find("key high.dark"), std::string::npos);
  EXPECT_NE(where(begin + "\"high\":{\"dark\":[1,2],\"dark_noise\":[0]}}").find("key high.dark_noise"),
            std::string::npos);
  const std::string energy = "{\"dark\":[1],\"dark_noise\":[1],\"air\":[9],\"air_noise\":[1]}";
  const std::string rest = ",\"dark_lines\":9,\"air_lines\":99,\"noisy_detectors\":[],\"made_at\":1,\"wedge\":[]}";
  EXPECT_NE(where(begin + "\"high\":" + energy + ",\"dead_detectors\":[1]" + rest).find("key dead_detectors"),
            std::string::npos);
  EXPECT_NE(
      where(begin + "\"high\":" + energy + ",\"dead_detectors\":[]" + rest).find("calibration: it is of 1 detectors"),
      std::string::npos);
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
  EXPECT_EQ(where([](auto& w) { w.strip = "all"; }), "--strip");
  EXPECT_EQ(where([](auto& w) { w.strip = "metal"; }), "ok");
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
