// The row passes once more, as the amd64 baseline has them: without the second version for AVX2, in a namespace of their
// own.
#define TORUGART_MULTIVERSION
#define detail baseline
#include "imaging/display/passes.cpp"
