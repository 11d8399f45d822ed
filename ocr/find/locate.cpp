#include "ocr/find/locate.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace torugart::ocr {
namespace {

constexpr int stride = 4;                    // input pixels a cell
constexpr int least_cells = 3;               // fewer are noise
constexpr std::size_t most_components = 64;  // a map of noise must not cost time
constexpr double inset = 0.2;                // of the short side, on every side: how the hearts are labelled
constexpr double stands = 3.0;               // a code so much taller than wide is read downwards
constexpr double same_place = 0.5;
constexpr double most_enlarged = 2.0;

double sigmoid(double x) {
  return 1.0 / (1.0 + std::exp(-x));
}

// Corners of a box given by its middle, sides and the direction of its top edge (within 45 degrees of horizontal).
std::array<cv::Point2f, 4> corners(cv::Point2d middle, double along, double down, double angle) {
  const cv::Point2d u(std::cos(angle) * along / 2, std::sin(angle) * along / 2);
  const cv::Point2d v(-std::sin(angle) * down / 2, std::cos(angle) * down / 2);
  return {middle - u - v, middle + u - v, middle + u + v, middle - u + v};
}

// The object whose heart is `heart`, in pixels of the network's input.
Region grown(const cv::RotatedRect& heart, RegionKind kind) {
  constexpr double pi = 3.14159265358979323846;
  double angle = static_cast<double>(heart.angle) * pi / 180;
  double along = static_cast<double>(heart.size.width);
  double down = static_cast<double>(heart.size.height);
  while (angle > pi / 4) {
    angle -= pi / 2;
    std::swap(along, down);
  }
  while (angle < -pi / 4) {
    angle += pi / 2;
    std::swap(along, down);
  }
  const double added = 2 * inset / (1 - 2 * inset) * std::min(along, down);
  along += added;
  down += added;
  Region region;
  region.kind = kind;
  region.quad = corners(heart.center, along, down, angle);
  region.vertical = kind == RegionKind::code && down >= stands * along;
  return region;
}

// One component of cells -> the box around where the map, drawn finer, is above the threshold.
cv::RotatedRect heart_of(const cv::Mat& map, const cv::Mat& labels, int label, const cv::Rect& cells,
                         double threshold) {
  const cv::Rect around =
      cv::Rect(cells.x - 1, cells.y - 1, cells.width + 2, cells.height + 2) & cv::Rect({}, map.size());
  // Cells of neighbours must not lend their height to this one's rim.
  cv::Mat part = map(around).clone();
  for (int y = 0; y < part.rows; ++y) {
    for (int x = 0; x < part.cols; ++x) {
      const int owner = labels.at<int>(around.y + y, around.x + x);
      if (owner != 0 && owner != label) part.at<float>(y, x) = 0;
    }
  }
  cv::Mat fine;
  cv::resize(part, fine, part.size() * stride, 0, 0, cv::INTER_LINEAR);
  std::vector<cv::Point> points;
  cv::findNonZero(fine >= threshold, points);
  cv::RotatedRect box = cv::minAreaRect(points);
  box.center +=
      cv::Point2f(static_cast<float>(around.x * stride) + 0.5F, static_cast<float>(around.y * stride) + 0.5F);
  box.size += cv::Size2f(1, 1);  // points are the pixels' middles
  return box;
}

cv::Rect2f bounds(const Region& region) {
  float left = region.quad[0].x, right = left, top = region.quad[0].y, bottom = top;
  for (const cv::Point2f& p : region.quad) {
    left = std::min(left, p.x);
    right = std::max(right, p.x);
    top = std::min(top, p.y);
    bottom = std::max(bottom, p.y);
  }
  return {left, top, right - left, bottom - top};
}

}  // namespace

std::vector<Region> decode_regions(const cv::Mat& logits, double threshold, double to_frame) {
  CV_Assert(logits.dims == 4 && logits.size[1] >= 2 && logits.type() == CV_32F);
  std::vector<Region> out;
  const int rows = logits.size[2];
  const int cols = logits.size[3];
  for (const RegionKind kind : {RegionKind::plate, RegionKind::code}) {
    const auto* plane = logits.ptr<float>(0, kind == RegionKind::plate ? 0 : 1);
    cv::Mat map(rows, cols, CV_32F);
    for (int i = 0; i < rows * cols; ++i)
      map.at<float>(i / cols, i % cols) = static_cast<float>(sigmoid(static_cast<double>(plane[i])));
    cv::Mat labels, stats, middles;
    const int n = cv::connectedComponentsWithStats(map >= threshold, labels, stats, middles, 8, CV_32S);
    std::vector<int> largest;
    for (int label = 1; label < n; ++label)
      if (stats.at<int>(label, cv::CC_STAT_AREA) >= least_cells) largest.push_back(label);
    std::stable_sort(largest.begin(), largest.end(), [&stats](int a, int b) {
      return stats.at<int>(a, cv::CC_STAT_AREA) > stats.at<int>(b, cv::CC_STAT_AREA);
    });
    if (largest.size() > most_components) largest.resize(most_components);
    for (const int label : largest) {
      const cv::Rect cells(stats.at<int>(label, cv::CC_STAT_LEFT), stats.at<int>(label, cv::CC_STAT_TOP),
                           stats.at<int>(label, cv::CC_STAT_WIDTH), stats.at<int>(label, cv::CC_STAT_HEIGHT));
      Region region = grown(heart_of(map, labels, label, cells, threshold), kind);
      for (cv::Point2f& corner : region.quad)
        corner *= to_frame;
      region.score = cv::mean(map(cells), labels(cells) == label)[0];
      out.push_back(region);
    }
  }
  return out;
}

std::vector<Region> best_regions(std::vector<Region> regions, std::size_t most) {
  std::stable_sort(regions.begin(), regions.end(),
                   [](const Region& a, const Region& b) { return a.score > b.score; });
  std::vector<Region> out;
  for (const Region& region : regions) {
    if (out.size() == most) break;
    const cv::Rect2f box = bounds(region);
    const bool known = std::any_of(out.begin(), out.end(), [&](const Region& other) {
      const cv::Rect2f its = bounds(other);
      return other.kind == region.kind && (its & box).area() > same_place * std::min(its.area(), box.area());
    });
    if (!known) out.push_back(region);
  }
  return out;
}

tl::expected<Locator, Error> Locator::load(const std::filesystem::path& onnx) {
  auto file = read_model(onnx);
  if (!file) return tl::unexpected(file.error());
  auto net = Net::make(*file, {width, height}, 2);
  if (!net) return tl::unexpected(net.error());
  return Locator(std::move(*net));
}

Locator::Locator(Net net) : net_(std::move(net)) {}

std::vector<Region> Locator::find(const cv::Mat& grey, const LocateOptions& options) {
  if (grey.empty() || grey.type() != CV_8UC1) return {};
  const double by =
      std::min({most_enlarged, static_cast<double>(width) / grey.cols, static_cast<double>(height) / grey.rows});
  const cv::Size size(std::clamp(static_cast<int>(std::lround(grey.cols * by)), 1, width),
                      std::clamp(static_cast<int>(std::lround(grey.rows * by)), 1, height));
  cv::Mat input(height, width, CV_8UC1, cv::Scalar(128));
  cv::resize(grey, input(cv::Rect({}, size)), size, 0, 0, by < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  return best_regions(decode_regions(net_.run(input), options.threshold, 1 / by), options.most);
}

}  // namespace torugart::ocr
