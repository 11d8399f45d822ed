# Build types, warnings, sanitizers, compiler cache and linker.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Dev CACHE STRING "Dev, Release" FORCE)
endif()
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1" CACHE STRING "" FORCE) # FORCE: project() made an empty one
set(CMAKE_C_FLAGS_DEV "-O1 -g1" CACHE STRING "" FORCE)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG" CACHE STRING "" FORCE)

set(TORUGART_SANITIZE "" CACHE STRING "Comma-separated sanitizers for all targets: address,undefined or thread")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
add_compile_options(-fstack-protector-strong -fno-omit-frame-pointer)
if(TORUGART_SANITIZE)
  add_compile_options(-fsanitize=${TORUGART_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TORUGART_SANITIZE})
else()
  # glibc's fortified calls and the sanitizers disagree
  add_compile_options($<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
endif()
