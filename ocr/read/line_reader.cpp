#include "ocr/read/line_reader.h"

#include <dlfcn.h>
#include <tesseract/baseapi.h>

#include <algorithm>
#include <vector>

namespace torugart::ocr::detail {
namespace {

// Tesseract splits even one line over four OpenMP threads, which costs more than it gains and takes the core that the
// scan needs. The environment variable OMP_THREAD_LIMIT would come too late here, so the library is asked directly;
// it is libgomp's, which libtesseract brings along.
void one_thread_only() {
  static const bool done = [] {
    using Call = void (*)(int);
    if (auto levels = reinterpret_cast<Call>(dlsym(RTLD_DEFAULT, "omp_set_max_active_levels"))) levels(0);
    return true;
  }();
  (void)done;
  using Call = void (*)(int);
  if (auto threads = reinterpret_cast<Call>(dlsym(RTLD_DEFAULT, "omp_set_num_threads"))) threads(1);
}

constexpr std::size_t most_choices = 6;

std::vector<Choice> second_choices(const tesseract::ResultIterator& it, const std::string& first) {
  std::vector<Choice> out;
  tesseract::ChoiceIterator choice(it);
  do {
    const char* text = choice.GetUTF8Text();
    if (text == nullptr) continue;
    const std::u32string one = to_code_points(normalised(text));
    if (one.size() != 1 || to_utf8(one) == first) continue;
    out.push_back({one[0], std::clamp(static_cast<double>(choice.Confidence()) / 100.0, 0.0, 1.0)});
  } while (out.size() < most_choices && choice.Next());
  return out;
}

}  // namespace

struct LineReader::Tesseract {
  tesseract::TessBaseAPI api;
};

LineReader::LineReader(std::unique_ptr<Tesseract> tesseract) : tesseract_(std::move(tesseract)) {}
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader& LineReader::operator=(LineReader&&) noexcept = default;
LineReader::~LineReader() = default;

tl::expected<LineReader, Error> LineReader::make(const std::filesystem::path& tessdata, const std::string& language,
                                                 const std::string& alphabet) {
  one_thread_only();
  auto tesseract = std::make_unique<Tesseract>();
  // Words of a language are no help with numbers, and a dictionary would bend them.
  const std::vector<std::string> names{"load_system_dawg",  "load_freq_dawg",   "load_punc_dawg", "load_number_dawg",
                                       "load_unambig_dawg", "load_bigram_dawg", "debug_file"};
  const std::vector<std::string> values{"0", "0", "0", "0", "0", "0", "/dev/null"};
  const int failed = tesseract->api.Init(tessdata.empty() ? nullptr : tessdata.c_str(), language.c_str(),
                                         tesseract::OEM_LSTM_ONLY, nullptr, 0, &names, &values, false);
  if (failed != 0) {
    return tl::unexpected(Error{"Tesseract's model '" + language + "' does not load",
                                tessdata.empty() ? "the system's tessdata folder" : tessdata.string(),
                                "Install the package tesseract-ocr-" + language + ", or correct the tessdata path"});
  }
  tesseract->api.SetVariable("tessedit_char_whitelist", alphabet.c_str());
  tesseract->api.SetVariable("tessedit_do_invert", "0");
  tesseract->api.SetVariable("classify_enable_learning", "0");
  tesseract->api.SetVariable("lstm_choice_mode", "2");  // second choices of each character
  tesseract->api.SetPageSegMode(tesseract::PSM_RAW_LINE);
  return LineReader(std::move(tesseract));
}

Seen LineReader::read(const cv::Mat& line) {
  Seen seen;
  if (line.empty() || line.type() != CV_8UC1 || line.cols > 4000 || line.rows > 400) return seen;
  try {
    auto& api = tesseract_->api;
    api.SetImage(line.data, line.cols, line.rows, 1, static_cast<int>(line.step));
    api.SetSourceResolution(200);
    if (api.Recognize(nullptr) != 0) return seen;
    const std::unique_ptr<tesseract::ResultIterator> it(api.GetIterator());
    if (!it) return seen;
    do {
      const std::unique_ptr<char[]> symbol(it->GetUTF8Text(tesseract::RIL_SYMBOL));
      if (!symbol) continue;
      const double confidence = static_cast<double>(it->Confidence(tesseract::RIL_SYMBOL)) / 100.0;
      const std::string text = normalised(symbol.get());
      const std::size_t length = to_code_points(text).size();
      if (length == 0) continue;
      seen.text += text;
      seen.confidences.insert(seen.confidences.end(), length, confidence);
      seen.choices.resize(seen.confidences.size());
      if (length == 1) seen.choices.back() = second_choices(*it, text);
    } while (it->Next(tesseract::RIL_SYMBOL));
    api.Clear();
  } catch (const std::exception&) {
    return {};
  }
  return seen;
}

}  // namespace torugart::ocr::detail
