// Subcommands that work on files alone: read, image.
#include "kiosk/app/commands.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "imaging/commands/commands.h"
#include "ocr/commands/commands.h"

namespace torugart::app {
namespace {

namespace fs = std::filesystem;
namespace image = imaging::commands;

template <class T>
int print(const imaging::Result<T>& result) {
  if (!result) {
    const auto& error = result.error();
    std::cerr << "torugart: " << error.what << (error.where.empty() ? "" : " (" + error.where + ")")
              << (error.remedy.empty() ? "" : ". " + error.remedy) << '\n';
    return 1;
  }
  if constexpr (std::is_same_v<T, std::string>) std::cout << *result << '\n';
  return 0;
}

image::Inputs inputs_of(const std::vector<std::string>& files) {
  return {files.begin(), files.end()};
}

void add_inputs(CLI::App& command, std::vector<std::string>& files) {
  command.add_option("IN", files, "a DICOS or DICOM file, a TIFF or PNG, or two of them: high low")
      ->required()
      ->expected(1, 2);
}

void add_calibration(CLI::App& command, std::string& file) {
  command.add_option("--calibration", file, "made by image calibrate; for raw counts without dark and air");
}

void add_calibrate(CLI::App& parent, Action& chosen) {
  struct Wish {
    std::vector<std::string> dark, air, wedge;
    std::string steps, out;
  };
  auto wish = std::make_shared<Wish>();
  auto* command = parent.add_subcommand("calibrate", "makes a calibration of a dark, an air and a step-wedge scan");
  command->add_option("--dark", wish->dark, "without beam: one file, or high low")->required()->expected(1, 2);
  command->add_option("--air", wish->air, "with beam, nothing in it: one file, or high low")
      ->required()
      ->expected(1, 2);
  auto* wedge = command->add_option("--wedge", wish->wedge, "the step wedge: high low")->expected(2);
  auto* steps = command->add_option("--steps", wish->steps, "where its steps are: lines of x,y,w,h,z,g/cm2");
  wedge->needs(steps);
  steps->needs(wedge);
  command->add_option("--out", wish->out, "JSON file")->required();
  command->callback([wish, &chosen] {
    chosen = [wish] {
      return print(image::calibrate(
          {inputs_of(wish->dark), inputs_of(wish->air), inputs_of(wish->wedge), wish->steps, wish->out}));
    };
  });
}

void add_render(CLI::App& parent, Action& chosen) {
  struct Wish {
    std::vector<std::string> in;
    std::string out;
    std::string calibration;
    image::RenderWords words;
  };
  auto wish = std::make_shared<Wish>();
  auto* command = parent.add_subcommand("render", "draws a picture as the screen would");
  add_inputs(*command, wish->in);
  auto& words = wish->words;
  command->add_option("--out", wish->out, "PNG file")->required();
  command->add_option("--viewport", words.viewport, "x,y,w,h in image pixels; else the whole image");
  command->add_option("--size", words.size, "WxH of the PNG; else the viewport's");
  command->add_option("--tone", words.tone, "linear or log")->capture_default_str();
  command->add_option("--window", words.window, "lo,hi in transmission, or auto")->capture_default_str();
  command->add_option("--palette", words.palette, "grey, or a colour palette's name")->capture_default_str();
  command->add_option("--material", words.material, "on or off");
  command->add_option("--enhance", words.enhance, "edge, local or none")->capture_default_str();
  add_calibration(*command, wish->calibration);
  command->add_option("--strip", words.strip, "fades organic or metal; none")->capture_default_str();
  command->add_flag("--invert", words.invert, "dense is bright");
  command->callback([wish, &chosen] {
    chosen = [wish] {
      auto request = image::parse(wish->words);
      if (!request) return print(request);
      request->calibration = wish->calibration;
      return print(image::render_to_png(inputs_of(wish->in), *request, wish->out));
    };
  });
}

}  // namespace

void add_read_command(CLI::App& program, Action& chosen) {
  struct Wish {
    std::vector<std::string> files;
    std::string video;
    bool json = false;
    ocr::ReadCommand command;
  };
  auto wish = std::make_shared<Wish>();
  auto* command = program.add_subcommand("read", "reads plates and container numbers from pictures or a clip");
  command->add_option("FILE", wish->files, "pictures; one JSON object a line is printed for each");
  command->add_flag("--crop", wish->command.crop, "the files are plates already");
  command->add_flag("--json", wish->json, "JSON lines (the default; kept so that scripts may say it)");
  command->add_option("--countries", wish->command.countries, "expected, as KZ,KG; ranks readings, excludes none")
      ->delimiter(',');
  command->add_option("--models", wish->command.engine.models, "folder of the nets; the program's own if not given");
  command->add_option("--owners", wish->command.engine.owners, "register of container owners, CSV");
  command->add_option("--video", wish->video, "a clip: prints the voted result of each vehicle");
  command->callback([wish, &chosen] {
    if (wish->files.empty() && wish->video.empty()) throw CLI::RequiredError("FILE or --video");
    chosen = [wish] {
      if (!wish->video.empty()) return ocr::read_video(wish->video, wish->command, std::cout);
      return ocr::read_files({wish->files.begin(), wish->files.end()}, wish->command, std::cout);
    };
  });
}

void add_image_command(CLI::App& program, Action& chosen) {
  auto* command = program.add_subcommand("image", "x-ray pictures: look at, convert, draw, analyse, compare");
  command->require_subcommand(1);
  auto files = std::make_shared<std::vector<std::string>>();
  auto calibration = std::make_shared<std::string>();

  auto* info = command->add_subcommand("info", "size, energies, calibration, who made it");
  add_inputs(*info, *files);
  add_calibration(*info, *calibration);
  info->callback([files, calibration, &chosen] {
    chosen = [files, calibration] { return print(image::info_json(inputs_of(*files), *calibration)); };
  });

  auto* analyse = command->add_subcommand("analyse", "what the aids find, as JSON");
  add_inputs(*analyse, *files);
  auto json = std::make_shared<bool>(true);
  analyse->add_flag("--json", *json, "JSON (the only form)");
  add_calibration(*analyse, *calibration);
  analyse->callback([files, json, calibration, &chosen] {
    chosen = [files, calibration] { return print(image::analyse_json(inputs_of(*files), *calibration)); };
  });

  auto out = std::make_shared<std::string>();
  auto* convert = command->add_subcommand("convert", "IN… OUT: *.dcs is DICOS, *.png and *.tiff are 16-bit pairs");
  convert->add_option("IN", *files, "inputs, then OUT")->required()->expected(2, 3);
  convert->callback([files, &chosen] {
    chosen = [files] {
      const std::string target = files->back();
      const auto written =
          image::convert(inputs_of({files->begin(), files->end() - 1}), target, imaging::ScanMetadata{});
      if (written) {
        for (const auto& file : *written)
          std::cout << file.string() << '\n';
      }
      return print(written);
    };
  });

  auto* diff = command->add_subcommand("diff", "B against A around middle grey; bright where B attenuates more");
  diff->add_option("IN", *files, "A B, or A-high A-low B-high B-low")->required()->expected(2, 4);
  diff->add_option("--out", *out, "PNG file")->required();
  diff->callback([files, out, &chosen] {
    if (files->size() == 3) throw CLI::ValidationError("IN", "give A B, or both energies of both");
    chosen = [files, out] {
      const auto half = static_cast<std::ptrdiff_t>(files->size() / 2);
      return print(image::diff(inputs_of({files->begin(), files->begin() + half}),
                               inputs_of({files->begin() + half, files->end()}), *out));
    };
  });

  add_render(*command, chosen);
  add_calibrate(*command, chosen);
}

}  // namespace torugart::app
