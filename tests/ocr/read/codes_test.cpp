#include "ocr/read/codes.h"

#define ZX_USE_UTF8 1
#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>
#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace torugart::ocr {
namespace {

cv::Mat code_in_frame(ZXing::BarcodeFormat format, const std::string& text, int width, int height) {
  ZXing::MultiFormatWriter writer(format);
  writer.setMargin(8);
  const auto matrix = writer.encode(std::wstring(text.begin(), text.end()), width, height);
  cv::Mat frame(720, 1280, CV_8UC3, cv::Scalar(170, 170, 170));
  for (int y = 0; y < matrix.height(); ++y) {
    for (int x = 0; x < matrix.width(); ++x) {
      const uchar v = matrix.get(x, y) ? 25 : 230;
      frame.at<cv::Vec3b>(200 + y, 300 + x) = {v, v, v};
    }
  }
  cv::GaussianBlur(frame, frame, {}, 0.6);
  return frame;
}

struct Case {
  ZXing::BarcodeFormat format;
  const char* name;
  const char* text;
  int width;
  int height;
};

TEST(Codes, AllFourKindsAreReadFromAFrame) {
  const Case cases[] = {{ZXing::BarcodeFormat::Code128, "Code128", "JX95000448", 400, 120},
                        {ZXing::BarcodeFormat::PDF417, "PDF417", "SAD 2026 KZ 000123", 500, 200},
                        {ZXing::BarcodeFormat::QRCode, "QRCode", "https://example.org/d/123", 240, 240},
                        {ZXing::BarcodeFormat::DataMatrix, "DataMatrix", "SEAL0012345", 200, 200}};
  for (const Case& one : cases) {
    const auto codes = read_codes(code_in_frame(one.format, one.text, one.width, one.height));
    ASSERT_EQ(codes.size(), 1U) << one.name;
    EXPECT_EQ(codes[0].symbology, one.name);
    EXPECT_EQ(codes[0].text, one.text);
    EXPECT_NEAR((codes[0].quad[0].x + codes[0].quad[2].x) / 2, 300 + one.width / 2, 60);
  }
}

TEST(Codes, TurnedByNinetyDegrees) {
  cv::Mat turned;
  cv::rotate(code_in_frame(ZXing::BarcodeFormat::Code128, "JX95000448", 400, 120), turned, cv::ROTATE_90_CLOCKWISE);
  const auto codes = read_codes(turned);
  ASSERT_EQ(codes.size(), 1U);
  EXPECT_EQ(codes[0].text, "JX95000448");
}

// ZXing 1.4 asserts when a linear code and another one are in one picture and are sought together.
TEST(Codes, ALinearCodeBesideAnother) {
  cv::Mat frame = code_in_frame(ZXing::BarcodeFormat::Code128, "JX95000448", 400, 120);
  const cv::Mat other = code_in_frame(ZXing::BarcodeFormat::QRCode, "SAD 12", 240, 240);
  other(cv::Rect(300, 200, 240, 240)).copyTo(frame(cv::Rect(900, 400, 240, 240)));
  frame(cv::Rect(300, 200, 400, 120)).copyTo(frame(cv::Rect(300, 500, 400, 120)));
  EXPECT_EQ(read_codes(frame).size(), 2U);
}

TEST(Codes, NothingInNothing) {
  EXPECT_TRUE(read_codes({}).empty());
  EXPECT_TRUE(read_codes(cv::Mat(1, 1, CV_8UC1, cv::Scalar(0))).empty());
  EXPECT_TRUE(read_codes(cv::Mat(720, 1280, CV_8UC3, cv::Scalar::all(200))).empty());
}

}  // namespace
}  // namespace torugart::ocr
