#include "imaging/commands/commands.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include <fmt/core.h>

#include "imaging/analyse/analyse.h"
#include "imaging/commands/calibration_file.h"
#include "imaging/display/renderer.h"
#include "imaging/files/reader.h"
#include "imaging/files/writer.h"
#include "imaging/material/classifier.h"
#include "imaging/scan/scan_builder.h"

namespace torugart::imaging::commands {
namespace {

using nlohmann::json;

template <class T>
tl::unexpected<Error> pass(T&& failed) {
  return tl::unexpected<Error>(std::forward<T>(failed).error());
}

struct Opened {
  Plane high;
  std::optional<Plane> low;
  std::vector<std::filesystem::path> files;
};

// a-high.dcs -> a-low.dcs, and a.dcs -> a-high.dcs with a-low.dcs when convert made two of it.
std::filesystem::path sibling(const std::filesystem::path& file, std::string_view from, std::string_view to) {
  const std::string stem = file.stem().string();
  if (stem.size() < from.size() || stem.compare(stem.size() - from.size(), from.size(), from) != 0) return {};
  return file.parent_path() /
         (stem.substr(0, stem.size() - from.size()) + std::string(to) + file.extension().string());
}

Result<Opened> read(const Inputs& inputs) {
  if (inputs.empty() || inputs.size() > 2) {
    return fail(ErrorCode::bad_argument, "input", fmt::format("{} files given", inputs.size()),
                "give one DICOS, DICOM, TIFF or PNG file, or two: high and low energy");
  }
  Opened out;
  std::filesystem::path first = inputs[0];
  std::error_code ignored;
  if (!std::filesystem::exists(first, ignored)) {
    if (const auto high = sibling(first, "", "-high"); std::filesystem::exists(high, ignored)) first = high;
  }
  auto plane = read_plane(first);
  if (!plane) return pass(std::move(plane));
  out.files.push_back(first);
  std::optional<std::filesystem::path> second;
  if (inputs.size() == 2) {
    second = inputs[1];
  } else if (plane->energy) {
    const bool high = *plane->energy == Energy::high;
    const auto other = sibling(first, high ? "-high" : "-low", high ? "-low" : "-high");
    if (!other.empty() && std::filesystem::exists(other, ignored)) second = other;
  }
  if (!second) {
    out.high = std::move(*plane);
    return out;
  }
  auto low = read_plane(*second);
  if (!low) return pass(std::move(low));
  out.files.push_back(*second);
  // DICOS says which is which; then the order given does not matter.
  if (low->energy == Energy::high && plane->energy != Energy::high) std::swap(*plane, *low);
  if (plane->pixels.width() != low->pixels.width() || plane->pixels.height() != low->pixels.height()) {
    return fail(ErrorCode::bad_argument, second->string(),
                fmt::format("it has {} x {} pixels, the other energy {} x {}", low->pixels.width(),
                            low->pixels.height(), plane->pixels.width(), plane->pixels.height()),
                "give both energies of one scan");
  }
  if (plane->quantity != low->quantity) {
    return fail(ErrorCode::bad_argument, second->string(), "one file holds raw counts, the other transmission",
                "give both energies of one scan");
  }
  out.high = std::move(*plane);
  out.low = std::move(*low);
  return out;
}

// Samples of fewer than 16 bits fill the 16-bit range, so that full scale means the same everywhere.
void widen(Plane& plane) {
  if (plane.bits >= 16 || plane.bits < 1) return;
  const unsigned top = (1U << static_cast<unsigned>(plane.bits)) - 1U;
  for (std::uint16_t& v : plane.pixels.samples())
    v = static_cast<std::uint16_t>((v * 65535U + top / 2U) / top);
}

// What a file does not say about its object and scan is named after the files; the identifiers follow from the pixels, so
// that equal pictures get equal ones and different pictures never the same.
ScanMetadata with_names(ScanMetadata metadata, const Opened& opened, const std::filesystem::path& out) {
  const auto either = [](std::string& to, const std::string& first, const std::string& second) {
    if (to.empty()) to = first.empty() ? second : first;
  };
  either(metadata.ooi_id, opened.high.ooi_id, out.stem().string());
  either(metadata.scan_id, opened.high.scan_id, out.stem().string());
  either(metadata.station, opened.high.station, {});
  either(metadata.model, opened.high.model, {});
  if (metadata.uid_seed.empty()) {
    std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a, 64 bits
    const auto add = [&hash](const Raster16& plane) {
      for (const std::uint16_t v : plane.samples())
        hash = (hash ^ v) * 1099511628211ULL;
    };
    add(opened.high.pixels);
    if (opened.low) add(opened.low->pixels);
    metadata.uid_seed = fmt::format("{}/{}/{:016x}", metadata.ooi_id, metadata.scan_id, hash);
  }
  if (metadata.scan_start.date.empty()) {
    std::error_code none;
    const auto written = std::filesystem::last_write_time(opened.files.front(), none);
    const auto wall = std::chrono::file_clock::to_sys(written).time_since_epoch();
    metadata.scan_start =
        DicomTime::from_unix_us(none ? 0 : std::chrono::duration_cast<std::chrono::microseconds>(wall).count());
  }
  return metadata;
}

Result<ScanImagePtr> correct(Opened opened, const std::optional<CalibrationFile>& calibration) {
  if (opened.high.quantity == Quantity::transmission) {
    auto image = std::make_shared<ScanImage>();
    image->view = make_view(opened.high.pixels, opened.low ? opened.low->pixels : Raster16());
    ScanStatistics& s = image->statistics;
    s.lines = image->view.columns;
    s.calibrated = opened.high.calibrated;
    s.calibration = s.calibrated ? CalibrationVerdict::good : CalibrationVerdict::none;
    s.calibration_reason = opened.high.calibration_reason;
    if (s.calibrated && !s.calibration_reason.empty()) s.calibration = CalibrationVerdict::poor;
    s.pixel_mm = opened.high.pixel_mm;
    s.geometry_calibrated = s.pixel_mm > 0;
    if (!s.geometry_calibrated) s.geometry_reason = "the file does not give the size of a pixel";
    s.air_noise_high = opened.high.air_noise;
    s.air_noise_low = opened.low ? opened.low->air_noise : 0;
    return image;
  }
  widen(opened.high);
  RawPictures raw;
  raw.high = std::move(opened.high.pixels);
  if (opened.low) {
    widen(*opened.low);
    raw.low = std::move(opened.low->pixels);
  }
  return correct_pictures(raw, {}, calibration ? std::optional(calibration->calibration) : std::nullopt);
}

Result<std::optional<CalibrationFile>> calibration_of(const std::filesystem::path& file) {
  if (file.empty()) return std::optional<CalibrationFile>();
  auto read = read_calibration(file);
  if (!read) return pass(std::move(read));
  return std::optional(std::move(*read));
}

// The picture with the curves that it was measured with.
struct Measured {
  ScanImagePtr image;
  std::shared_ptr<const MaterialTable> table;
};

Result<Measured> measured(const Inputs& inputs, const std::filesystem::path& calibration, bool with_table) {
  const auto file = calibration_of(calibration);
  if (!file) return pass(file);
  auto opened = read(inputs);
  if (!opened) return pass(std::move(opened));
  const auto image = correct(std::move(*opened), *file);
  if (!image) return pass(image);
  Measured out{*image, nullptr};
  if (!with_table) return out;
  ClassifierConfig config;
  if (*file && !(*file)->wedge.empty()) {
    const auto curves = config.curves.calibrated((*file)->wedge);
    if (!curves) return pass(curves);
    config.curves = *curves;
  }
  out.table = MaterialTable::make(config_for(**image, config));
  return out;
}

json box(const Rect& r) {
  return {{"x", r.x}, {"y", r.y}, {"w", r.w}, {"h", r.h}};
}

Result<std::vector<int>> integers(const std::string& text, char separator, std::size_t count, const char* option,
                                  const char* expected) {
  std::vector<int> out;
  std::size_t at = 0;
  const auto wrong = [&] {
    return fail(ErrorCode::bad_argument, option, fmt::format("\"{}\" is not {}", text, expected));
  };
  while (at <= text.size()) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    const std::string part = text.substr(at, end - at);
    char* rest = nullptr;
    const long value = std::strtol(part.c_str(), &rest, 10);
    if (part.empty() || *rest != '\0' || value < -1'000'000 || value > 1'000'000) return wrong();
    out.push_back(static_cast<int>(value));
    at = end + 1;
  }
  if (out.size() != count) return wrong();
  return out;
}

}  // namespace

Result<ScanImagePtr> open(const Inputs& inputs, const std::filesystem::path& calibration) {
  const auto out = measured(inputs, calibration, false);
  if (!out) return pass(out);
  return out->image;
}

Result<std::string> info_json(const Inputs& inputs, const std::filesystem::path& calibration) {
  const auto known = calibration_of(calibration);
  if (!known) return pass(known);
  auto opened = read(inputs);
  if (!opened) return pass(std::move(opened));
  json out;
  const Plane& p = opened->high;
  for (const auto& file : opened->files)
    out["files"].push_back(file.string());
  out["format"] = to_string(p.format);
  out["width"] = p.pixels.width();
  out["height"] = p.pixels.height();
  out["bits"] = p.bits;
  out["energies"] = opened->low ? 2 : 1;
  out["quantity"] = p.quantity == Quantity::transmission ? "transmission" : "counts";
  if (p.format == FileFormat::dicos || p.format == FileFormat::dicom) {
    out["transfer_syntax"] = p.transfer_syntax;
    out["sop_class_uid"] = p.sop_class_uid;
    out["sop_instance_uid"] = p.sop_instance_uid;
    out["ooi_id"] = p.ooi_id;
    out["scan_id"] = p.scan_id;
    out["station"] = p.station;
    out["model"] = p.model;
  }
  auto image = correct(std::move(*opened), *known);
  if (!image) return pass(std::move(image));
  const ScanStatistics& s = (*image)->statistics;
  out["calibrated"] = s.calibrated;
  out["calibration"] = {{"verdict", to_string(s.calibration)}, {"reason", s.calibration_reason}};
  out["pixel_mm"] = s.geometry_calibrated ? json(s.pixel_mm) : json(nullptr);
  out["calibration"]["age_s"] = s.calibration_age_s ? json(*s.calibration_age_s) : json(nullptr);
  out["gain_drift_percent"] = s.gain_drift_percent;
  out["dead_detectors"] = s.dead_detectors.size();
  out["noisy_detectors"] = s.noisy_detectors.size();
  out["dropouts"] = s.dropouts;
  out["no_signal_percent"] = s.no_signal_percent;
  out["over_range_percent"] = s.over_range_percent;
  out["air_noise"] = {{"high", s.air_noise_high}, {"low", s.air_noise_low}};
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<std::string> analyse_json(const Inputs& inputs, const std::filesystem::path& calibration) {
  const auto begin = std::chrono::steady_clock::now();
  const auto opened = measured(inputs, calibration, true);
  if (!opened) return pass(opened);
  const auto analysis = analyse(*opened->image, *opened->table);
  if (!analysis) return pass(analysis);
  json out;
  out["container"] = analysis->container ? box(*analysis->container) : json(nullptr);
  out["object"] = analysis->object.empty() ? json(nullptr) : box(analysis->object);
  out["empty"] = analysis->empty;
  out["empty_probability"] = analysis->empty_probability;
  out["remains"] = analysis->remains_at ? box(*analysis->remains_at) : json(nullptr);  // the largest thing inside
  out["saturated_percent"] = analysis->saturated_percent;
  out["ambiguous_percent"] = analysis->ambiguous_percent;
  for (const MaterialClass c : kAllMaterialClasses) {
    if (c != MaterialClass::air) {
      out["material_percent"][key_of(c)] = analysis->material_percent[static_cast<std::size_t>(c)];
    }
  }
  const auto mass = [](const std::optional<MassEstimate>& m) {
    return m ? json{{"estimate", m->kg}, {"error", m->error_kg}, {"at_least", m->at_least}} : json(nullptr);
  };
  out["mass_kg"] = mass(analysis->mass);  // needs dark, air and the size of a pixel
  out["load_mass_kg"] = mass(analysis->load_mass);
  out["proposals"] = json::array();
  for (const Proposal& p : analysis->proposals) {
    out["proposals"].push_back({{"kind", key_of(p.kind)}, {"box", box(p.box)}, {"score", p.score}, {"why", p.why}});
  }
  out["calibrated"] = opened->image->statistics.calibrated;
  out["ms"] =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();  // with reading
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<std::vector<std::filesystem::path>> convert(const Inputs& inputs, const std::filesystem::path& out,
                                                   const ScanMetadata& metadata) {
  const WriterSeam* writer = writer_for(out);
  if (writer == nullptr) {
    std::string known;
    for (const auto& w : writers())
      known += (known.empty() ? "" : ", ") + std::string(w->extension());
    return fail(ErrorCode::unsupported, out.string(), fmt::format("no writer for \"{}\"", out.extension().string()),
                "use one of " + known);
  }
  auto opened = read(inputs);
  if (!opened) return pass(std::move(opened));
  // Pixels go over as they are: raw counts stay raw counts.
  ScanImage image;
  image.quantity = opened->high.quantity.value_or(Quantity::counts);
  image.view = make_view(opened->high.pixels, opened->low ? opened->low->pixels : Raster16(), false);
  ScanStatistics& s = image.statistics;
  s.calibrated = opened->high.calibrated;
  s.calibration_reason = opened->high.calibration_reason;
  s.pixel_mm = opened->high.pixel_mm;
  s.geometry_calibrated = s.pixel_mm > 0;
  s.air_noise_high = opened->high.air_noise;
  s.air_noise_low = opened->low ? opened->low->air_noise : 0;
  return writer->write(image, with_names(metadata, *opened, out), out);
}

Result<void> render_to_png(const Inputs& inputs, const RenderRequest& request, const std::filesystem::path& out) {
  const auto opened = measured(inputs, request.calibration,
                               shows_material(request.options.palette) || request.options.strip != Strip::none);
  if (!opened) return pass(opened);
  const ScanView& view = opened->image->view;
  const Rect part = request.viewport.value_or(view.bounds());
  Viewport viewport;
  viewport.image = {static_cast<double>(part.x), static_cast<double>(part.y), static_cast<double>(part.w),
                    static_cast<double>(part.h)};
  viewport.width = request.width.value_or(part.w);
  viewport.height = request.height.value_or(part.h);
  Renderer renderer(opened->table);
  RasterRgba picture;
  if (auto done = renderer.render(view, viewport, request.options, picture); !done) return pass(std::move(done));
  return write_png(picture, out);
}

Result<RenderRequest> parse(const RenderWords& words) {
  RenderRequest out;
  const auto wrong = [](const char* option, const std::string& word, const char* expected) {
    return fail(ErrorCode::bad_argument, option, fmt::format("\"{}\" is not {}", word, expected));
  };
  if (!words.viewport.empty()) {
    const auto v = integers(words.viewport, ',', 4, "--viewport", "x,y,w,h in whole image pixels");
    if (!v) return pass(v);
    out.viewport = Rect{(*v)[0], (*v)[1], (*v)[2], (*v)[3]};
    if (out.viewport->empty()) return wrong("--viewport", words.viewport, "x,y,w,h with w and h over zero");
  }
  if (!words.size.empty()) {
    const auto v = integers(words.size, 'x', 2, "--size", "WxH in pixels, e.g. 1920x1080");
    if (!v) return pass(v);
    out.width = (*v)[0];
    out.height = (*v)[1];
    if (*out.width <= 0 || *out.height <= 0) return wrong("--size", words.size, "WxH with both over zero");
  }
  if (words.tone != "linear" && words.tone != "log") return wrong("--tone", words.tone, "linear or log");
  out.options.tone = words.tone == "linear" ? Tone::linear : Tone::log;
  if (words.window != "auto") {
    float lo = 0;
    float hi = 0;
    char rest = '\0';
    if (std::sscanf(words.window.c_str(), "%f,%f%c", &lo, &hi, &rest) != 2 || !(lo < hi)) {
      return wrong("--window", words.window, "auto or lo,hi in transmission with lo < hi, e.g. 0.01,1");
    }
    out.options.window_lo = lo;
    out.options.window_hi = hi;
  }
  const auto palette = palette_named(words.palette);
  if (!palette) return wrong("--palette", words.palette, "grey, blue-yellow, hot, material or material-safe");
  out.options.palette = *palette;
  if (words.material == "on") {
    if (!shows_material(*palette)) out.options.palette = Palette::material;
  } else if (words.material == "off") {
    if (shows_material(*palette)) out.options.palette = Palette::grey;
  } else if (!words.material.empty()) {
    return wrong("--material", words.material, "on or off");
  }
  if (words.enhance == "edge") {
    out.options.enhance = Enhance::edge;
  } else if (words.enhance == "local") {
    out.options.enhance = Enhance::local;
  } else if (words.enhance != "none") {
    return wrong("--enhance", words.enhance, "edge, local or none");
  }
  if (words.strip == "organic") {
    out.options.strip = Strip::organic;
  } else if (words.strip == "metal") {
    out.options.strip = Strip::metal;
  } else if (words.strip != "none") {
    return wrong("--strip", words.strip, "organic, metal or none");
  }
  out.options.invert = words.invert;
  return out;
}

Result<std::string> diff(const Inputs& a, const Inputs& b, const std::filesystem::path& out) {
  const auto first = open(a);
  if (!first) return pass(first);
  const auto second = open(b);
  if (!second) return pass(second);
  const auto result = difference(**first, **second);
  if (!result) return pass(result);
  if (auto done = write_png(result->picture, out); !done) return pass(std::move(done));
  return json{{"mean_absolute_attenuation", result->mean_absolute},
              {"changed_percent", result->changed_percent},
              {"offset", {{"x", result->offset_x}, {"y", result->offset_y}}}}
      .dump();
}

}  // namespace torugart::imaging::commands
