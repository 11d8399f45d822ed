// For the builds with AddressSanitizer: libraries that were loaded stay loaded until the program ends. SDL lets go of the
// graphics driver with the last window. The driver's tables are held by its own variables; once those are unmapped,
// LeakSanitizer takes the tables for leaked, by an "unknown module" which no line of lsan.supp could name.
extern "C" int dlclose(void* library) {
  (void)library;
  return 0;
}
