#include "hal/replay/recording.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>

#include "hal/api/portal_monitor.h"

namespace torugart::hal::replay {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargestText = 64U << 20;
constexpr const char* kPositions[] = {"front", "rear", "side"};

tl::unexpected<Error> bad(const fs::path& where, std::string what, std::string remedy) {
  return tl::unexpected(Error{ErrorCode::bad_setting, std::move(what), where.string(), std::move(remedy)});
}

bool has_extension(const fs::path& file, std::initializer_list<const char*> extensions) {
  std::string ending = file.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::any_of(extensions.begin(), extensions.end(), [&](const char* e) { return ending == e; });
}

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

std::string if_there(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored) ? file.string() : std::string();
}

Result<std::string> read_text(const fs::path& file) {
  std::error_code failed;
  const auto size = fs::file_size(file, failed);
  if (failed || size > kLargestText) return bad(file, "cannot be read, or is larger than 64 MiB", "check the file");
  std::ifstream in(file, std::ios::binary);
  std::string text(size, '\0');
  in.read(text.data(), static_cast<std::streamsize>(size));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return text;
}

std::vector<std::string> texts(const toml::node* node) {
  std::vector<std::string> out;
  if (const auto* list = node == nullptr ? nullptr : node->as_array()) {
    for (const auto& item : *list) {
      if (const auto text = item.value<std::string>()) out.push_back(*text);
    }
  }
  return out;
}

Result<void> read_description(const fs::path& file, RecordedCrossing& crossing) {
  const auto text = read_text(file);
  if (!text) return tl::unexpected(text.error());
  try {
    const auto table = toml::parse(*text, file.string());
    for (const auto& [key, node] : table) {
      const auto line = node.source().begin.line;
      if (key == "direction") {
        crossing.direction = node.value_or(std::string());
      } else if (key == "note") {
        crossing.note = node.value_or(std::string());
      } else if (key == "weight_kg") {
        crossing.weight_kg = node.value<double>();
      } else if (key == "document" && node.is_array()) {
        for (const auto& item : *node.as_array()) {
          if (const auto* document = item.as_table()) {
            crossing.documents.push_back(
                {(*document)["kind"].value_or(std::string("other")), (*document)["number"].value_or(std::string())});
          }
        }
      } else if (key == "truth" && node.is_table()) {
        crossing.true_plates = texts(node.as_table()->get("plates"));
        crossing.true_containers = texts(node.as_table()->get("containers"));
      } else {
        return bad(fmt::format("{}:{}", file.string(), line), fmt::format("unknown key \"{}\"", key.str()),
                   "use direction, note, weight_kg, [[document]], [truth]");
      }
    }
  } catch (const toml::parse_error& e) {
    return bad(fmt::format("{}:{}", file.string(), e.source().begin.line), std::string(e.description()),
               "mend the file, or remove it");
  }
  return {};
}

// "2016-05-31 09:30:00.899 -07" as the last column: µs of the day; nullopt when the line carries no time.
std::optional<std::int64_t> time_column_us(const std::string& line, std::size_t& cut) {
  static const std::regex form(R"(,\s*\d{4}-\d\d-\d\d (\d\d):(\d\d):(\d\d)(\.\d+)?( [+-]\d\d(:?\d\d)?)?\s*$)");
  if (line.size() > 512) return std::nullopt;
  std::smatch match;
  if (!std::regex_search(line, match, form)) return std::nullopt;
  cut = static_cast<std::size_t>(match.position(0));
  const double seconds = std::stod(match[3].str() + match[4].str());
  return (std::stoll(match[1]) * 3600 + std::stoll(match[2]) * 60) * 1'000'000 +
         static_cast<std::int64_t>(seconds * 1e6);
}

// Without times, lines come as a monitor would send them: gamma counts every 0.2 s, backgrounds shortly before.
std::int64_t usual_gap_us(const std::string& line) {
  const auto code = parse_portal_line(line, {}).code;
  if (code == PortalCode::gamma_scan || code == PortalCode::gamma_alarm) return 200'000;
  return code == PortalCode::gamma_background ? 100'000 : 0;
}

Result<void> read_portal(const fs::path& file, RecordedCrossing& crossing) {
  const auto text = read_text(file);
  if (!text) return tl::unexpected(text.error());
  std::int64_t at = 0;
  std::optional<std::int64_t> first;
  std::size_t start = 0;
  while (start < text->size()) {
    auto end = text->find('\n', start);
    if (end == std::string::npos) end = text->size();
    std::string line = text->substr(start, end - start);
    start = end + 1;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
      line.pop_back();
    if (line.empty()) continue;
    std::size_t cut = line.size();
    if (const auto time = time_column_us(line, cut)) {
      if (!first) first = *time;
      at = std::max(at, *time - *first);
    } else {
      at += usual_gap_us(line);
    }
    crossing.portal.push_back({at, line.substr(0, cut)});
  }
  return {};
}

void find_pictures(const fs::path& folder, RecordedCrossing& crossing) {
  for (const char* position : kPositions) {
    for (const auto& file : sorted_entries(folder / position)) {
      if (has_extension(file, {".jpg", ".jpeg", ".png"})) crossing.stills[position].push_back(file.string());
    }
    for (const char* ending : {".mp4", ".mkv", ".avi", ".mov"}) {
      const auto clip = if_there(folder / (std::string(position) + ending));
      if (!clip.empty() && !crossing.stills.contains(position)) crossing.clips[position] = clip;
    }
  }
  const auto xray = folder / "xray";
  crossing.xray_high = if_there(xray / "high.png");
  crossing.xray_low = if_there(xray / "low.png");
  crossing.xray_dark_high = if_there(xray / "dark.png");
  crossing.xray_dark_low = if_there(xray / "dark_low.png");
  crossing.xray_air_high = if_there(xray / "air.png");
  crossing.xray_air_low = if_there(xray / "air_low.png");
}

}  // namespace

Result<std::vector<RecordedCrossing>> read_recording(const std::string& directory) {
  std::vector<RecordedCrossing> out;
  for (const auto& folder : sorted_entries(directory)) {
    const auto name = folder.filename().string();
    if (!name.starts_with("crossing-") || !fs::is_directory(folder)) continue;
    if (out.size() == kMostCrossings) return bad(directory, "holds more than 10,000 crossings", "split the folder");
    RecordedCrossing crossing;
    crossing.name = name;
    crossing.folder = folder.string();
    find_pictures(folder, crossing);
    Result<void> read;
    if (fs::exists(folder / "crossing.toml")) read = read_description(folder / "crossing.toml", crossing);
    if (read && fs::exists(folder / "portal.csv")) read = read_portal(folder / "portal.csv", crossing);
    if (!read) return tl::unexpected(read.error());
    if (crossing.stills.empty() && crossing.clips.empty() && crossing.xray_high.empty()) {
      return bad(folder, "has neither camera pictures nor xray/high.png", "see hal/replay/README.md for the layout");
    }
    out.push_back(std::move(crossing));
  }
  if (out.empty())
    return bad(directory, "holds no crossing-0001, crossing-0002 …", "see hal/replay/README.md for the layout");
  return out;
}

}  // namespace torugart::hal::replay
