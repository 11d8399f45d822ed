// Marks a function that the compiler builds twice, for the amd64 baseline and for AVX2, and picks at start.
// Both give the same bits: only instructions without fused multiply-add are enabled. Sanitized builds and compilers
// other than GCC use the baseline.
#pragma once

#if defined(TORUGART_MULTIVERSION)
// a test builds the baseline alone
#elif defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define TORUGART_MULTIVERSION __attribute__((target_clones("avx2", "default")))
#else
#define TORUGART_MULTIVERSION
#endif
