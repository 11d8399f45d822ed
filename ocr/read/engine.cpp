// Our own engine: locate -> spell -> grammars. See ocr/read/README.md for the flow.
#include <algorithm>
#include <optional>

#include "ocr/find/locate.h"
#include "ocr/read/codes.h"
#include "ocr/read/engine.h"
#include "ocr/read/frame.h"
#include "ocr/read/gather.h"
#include "ocr/read/look.h"

namespace torugart::ocr {
namespace {

using Clock = std::chrono::steady_clock;
using detail::Quad;
using detail::RegionReads;

constexpr double hardly_a_plate = 0.7;  // regions of a lower score are passed over once a plate was surely read
// A code without its check digit and hardly sure is lettering.
constexpr double least_without_check_digit = 0.15;

class NetEngine final : public Engine {
 public:
  NetEngine(Locator locator, detail::Speller speller, detail::Namer namer, std::optional<OwnerTable> owners)
      : locator_(std::move(locator)),
        speller_(std::move(speller)),
        namer_(std::move(namer)),
        owners_(std::move(owners)) {}

  std::string name() const override { return "net (locate, spell)"; }

  FrameReads read(const cv::Mat& frame, const ReadOptions& options) override {
    const auto start = Clock::now();
    FrameReads reads;
    try {
      const auto deadline = start + options.budget;
      const detail::WorkFrame work = detail::work_frame(frame);
      if (!work.grey.empty()) {
        detail::Reader reader(speller_, namer_, work.grey, [deadline] { return Clock::now() < deadline; });
        if (options.cropped_plate) {
          put(reads.plates, reader.whole_plate(options.countries), frame, work.to_frame, Orientation::horizontal);
        } else if (options.plates || options.containers) {
          read_frame(reader, work, frame, options, deadline, reads);
        }
        if (options.codes) reads.codes = read_codes(frame);
      }
    } catch (const std::exception&) {
      // OpenCV or memory gave up on this picture: what was read until then stands.
    }
    detail::keep_best(reads.plates);
    detail::keep_best(reads.containers);
    reads.ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    return reads;
  }

 private:
  void read_frame(detail::Reader& reader, const detail::WorkFrame& work, const cv::Mat& frame,
                  const ReadOptions& options, Clock::time_point deadline, FrameReads& reads) {
    const OwnerTable* owners = owners_ ? &*owners_ : nullptr;
    std::vector<cv::Rect> codes;  // read for certain
    const auto read_code = [&](const Region& region) {
      RegionReads found = reader.container(region.quad, region.vertical, owners);
      std::erase_if(found.reads,
                    [](const Read& r) { return !r.check_digit && r.confidence < least_without_check_digit; });
      if (!found.reads.empty() && found.reads[0].check_digit) codes.push_back(detail::bounds(found.quad));
      put(reads.containers, std::move(found), frame, work.to_frame,
          region.vertical ? Orientation::vertical : Orientation::horizontal);
    };
    for (const Region& region : locator_.find(work.grey)) {
      const bool plate = region.kind == RegionKind::plate;
      if (plate ? !options.plates && !options.containers : !options.containers) continue;
      if (Clock::now() >= deadline) {
        reads.out_of_time = true;
        break;
      }
      const cv::Rect box = detail::bounds(region.quad);
      if (std::any_of(codes.begin(), codes.end(),
                      [&box](const cv::Rect& c) { return 2 * (c & box).area() > box.area(); }))
        continue;
      if (!plate) {
        read_code(region);
        continue;
      }
      if (region.score < hardly_a_plate && surely_read(reads.plates)) continue;
      RegionReads found = reader.plate(region.quad, options.countries);
      // Codes on white boards look like plates from afar.
      if (options.containers && reader.saw_part_of_a_code() && found.worth() < 1) {
        const std::size_t before = codes.size();
        read_code(region);
        if (codes.size() > before) continue;
      }
      if (options.plates) put(reads.plates, std::move(found), frame, work.to_frame, Orientation::horizontal);
    }
  }

  static bool surely_read(const std::vector<Read>& all) {
    return std::any_of(all.begin(), all.end(), [](const Read& r) { return r.confidence > 0.85; });
  }

  static void put(std::vector<Read>& into, RegionReads found, const cv::Mat& frame, double to_frame,
                  Orientation orientation) {
    Quad quad = found.quad;
    for (cv::Point2f& corner : quad)
      corner *= to_frame;
    detail::put_at(found.reads, frame, quad, orientation);
    for (Read& read : found.reads)
      into.push_back(std::move(read));
  }

  Locator locator_;
  detail::Speller speller_;
  detail::Namer namer_;
  std::optional<OwnerTable> owners_;
};

}  // namespace

tl::expected<std::unique_ptr<Engine>, Error> make_engine(const EngineSettings& settings) {
  auto locator = Locator::load(settings.models / "locate.onnx");
  if (!locator) return tl::unexpected(locator.error());
  auto speller = detail::Speller::load(settings.models / "spell.onnx", settings.models / "spell.txt");
  if (!speller) return tl::unexpected(speller.error());
  auto namer = detail::Namer::load(settings.models / "character.onnx", speller->classes());
  if (!namer) return tl::unexpected(namer.error());
  std::optional<OwnerTable> owners;
  if (!settings.owners.empty()) {
    auto table = OwnerTable::load(settings.owners);
    if (!table) return tl::unexpected(table.error());
    owners = std::move(*table);
  }
  return std::make_unique<NetEngine>(std::move(*locator), std::move(*speller), std::move(*namer), std::move(owners));
}

}  // namespace torugart::ocr
