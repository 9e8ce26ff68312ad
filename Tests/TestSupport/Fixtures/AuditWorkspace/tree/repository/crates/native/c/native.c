int native_add(int a, int b) { return a + b; }
const char *native_file(void) { return __FILE__; }
