// Private to kiosk/platform: the few OpenGL functions the window needs beside Dear ImGui's backend, fetched through
// SDL so that nothing links a GL library: the driver of the day brings it.
#pragma once
#include <SDL_opengl.h>

#include <cstdint>
#include <unordered_map>

namespace torugart::platform {

struct Gl {
  decltype(&::glGenTextures) GenTextures = nullptr;
  decltype(&::glDeleteTextures) DeleteTextures = nullptr;
  decltype(&::glBindTexture) BindTexture = nullptr;
  decltype(&::glTexImage2D) TexImage2D = nullptr;
  decltype(&::glTexSubImage2D) TexSubImage2D = nullptr;
  decltype(&::glTexParameteri) TexParameteri = nullptr;
  decltype(&::glPixelStorei) PixelStorei = nullptr;
  decltype(&::glReadPixels) ReadPixels = nullptr;
  decltype(&::glViewport) Viewport = nullptr;
  decltype(&::glClearColor) ClearColor = nullptr;
  decltype(&::glClear) Clear = nullptr;
  decltype(&::glFinish) Finish = nullptr;
  decltype(&::glGetError) GetError = nullptr;
  decltype(&::glGetString) GetString = nullptr;
  decltype(&::glEnable) Enable = nullptr;
  decltype(&::glDisable) Disable = nullptr;
  decltype(&::glScissor) Scissor = nullptr;
  PFNGLGENFRAMEBUFFERSPROC GenFramebuffers = nullptr;
  PFNGLDELETEFRAMEBUFFERSPROC DeleteFramebuffers = nullptr;
  PFNGLBINDFRAMEBUFFERPROC BindFramebuffer = nullptr;
  PFNGLFRAMEBUFFERTEXTURE2DPROC FramebufferTexture2D = nullptr;
  PFNGLCHECKFRAMEBUFFERSTATUSPROC CheckFramebufferStatus = nullptr;
  PFNGLBLITFRAMEBUFFERPROC BlitFramebuffer = nullptr;

  /// With a current context. False if one of them is missing.
  bool load();
  bool loaded = false;

  /// How often each texture's pixels were replaced: what shows it has to be drawn again.
  std::unordered_map<std::uint32_t, std::uint64_t> versions;
};

/// The functions of the one window there is; not loaded while there is none.
Gl& gl();

}  // namespace torugart::platform
