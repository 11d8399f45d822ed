#include "hal/drivers/gst_camera/faults.h"

#include <algorithm>
#include <initializer_list>
#include <memory>

namespace torugart::hal::gst_camera {
Error fault_of(GstMessage* message, const CameraSettings& settings, bool connected) {
  GError* raw = nullptr;
  gst_message_parse_error(message, &raw, nullptr);
  const std::unique_ptr<GError, void (*)(GError*)> error(raw, &g_error_free);
  const auto is = [&](GQuark domain, std::initializer_list<int> codes) {
    return error->domain == domain && std::find(codes.begin(), codes.end(), error->code) != codes.end();
  };
  const auto say = [&](ErrorCode code, const char* what, const char* remedy) {
    return Error{code, what, settings.id, remedy};
  };
  const auto resource = GST_RESOURCE_ERROR;
  const auto stream = GST_STREAM_ERROR;
  if (is(resource, {GST_RESOURCE_ERROR_NOT_AUTHORIZED}))
    return say(ErrorCode::refused, "the camera refuses the login", "set the camera's user and password file");
  if (is(resource, {GST_RESOURCE_ERROR_NOT_FOUND})) {
    if (settings.source == Source::v4l2)
      return say(ErrorCode::unreachable, "there is no such camera device", "plug the camera in");
    if (settings.source == Source::file)
      return say(ErrorCode::unreachable, "there is no such clip", "correct the clip's path");
    return say(ErrorCode::refused, "the camera has no such stream", "correct the path in the camera's address");
  }
  if (is(resource, {GST_RESOURCE_ERROR_OPEN_READ, GST_RESOURCE_ERROR_OPEN_WRITE, GST_RESOURCE_ERROR_OPEN_READ_WRITE}))
    return say(ErrorCode::unreachable, "the camera does not answer", "check the camera's cable, power and address");
  if (is(resource, {GST_RESOURCE_ERROR_BUSY}))
    return say(ErrorCode::refused, "the camera is used by another program", "end the other program");
  if (is(resource, {GST_RESOURCE_ERROR_READ, GST_RESOURCE_ERROR_WRITE})) {
    if (connected)
      return say(ErrorCode::unreachable, "the line to the camera broke",
                 "check the camera's cable, power and address");
    return say(ErrorCode::bad_data, "what answers there is no camera, or it hung up", "check the camera's address");
  }
  if (is(stream, {GST_STREAM_ERROR_CODEC_NOT_FOUND}))
    return say(ErrorCode::unsupported, "the camera sends a picture format that is not read here",
               "set the camera to H.264, H.265 or MJPEG");
  if (is(stream, {GST_STREAM_ERROR_TYPE_NOT_FOUND, GST_STREAM_ERROR_WRONG_TYPE}))
    return say(ErrorCode::bad_data, "this is no camera's stream", "check the camera's address");
  return say(ErrorCode::bad_data, "the camera's stream cannot be read", "restart the camera, then look at its log");
}

}  // namespace torugart::hal::gst_camera
