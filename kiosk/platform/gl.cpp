#include "kiosk/platform/gl.h"

#include <SDL.h>

namespace torugart::platform {
namespace {

template <typename Function>
bool fetch(Function& function, const char* name) {
  function = reinterpret_cast<Function>(SDL_GL_GetProcAddress(name));
  return function != nullptr;
}

}  // namespace

bool Gl::load() {
  loaded = fetch(GenTextures, "glGenTextures") && fetch(DeleteTextures, "glDeleteTextures") &&
           fetch(BindTexture, "glBindTexture") && fetch(TexImage2D, "glTexImage2D") &&
           fetch(TexSubImage2D, "glTexSubImage2D") && fetch(TexParameteri, "glTexParameteri") &&
           fetch(PixelStorei, "glPixelStorei") && fetch(ReadPixels, "glReadPixels") &&
           fetch(Viewport, "glViewport") && fetch(ClearColor, "glClearColor") && fetch(Clear, "glClear") &&
           fetch(Finish, "glFinish") && fetch(GetError, "glGetError") && fetch(GetString, "glGetString") &&
           fetch(Enable, "glEnable") && fetch(Disable, "glDisable") && fetch(Scissor, "glScissor") &&
           fetch(GenFramebuffers, "glGenFramebuffers") && fetch(DeleteFramebuffers, "glDeleteFramebuffers") &&
           fetch(BindFramebuffer, "glBindFramebuffer") && fetch(FramebufferTexture2D, "glFramebufferTexture2D") &&
           fetch(CheckFramebufferStatus, "glCheckFramebufferStatus") && fetch(BlitFramebuffer, "glBlitFramebuffer");
  return loaded;
}

Gl& gl() {
  static Gl functions;
  return functions;
}

}  // namespace torugart::platform
