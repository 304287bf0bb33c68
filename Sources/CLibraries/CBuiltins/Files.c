#include "CBuiltins.h"

// One array a file, and one line in the table below. `#embed` is of C23, and an extension before.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char policies_baseline[] = {
#embed "Policies/baseline.yaml"
};

static const unsigned char kubernetes_core[] = {
#embed "Kubernetes/core.json"
};

#define EMBEDDED(name, array) {name, array, sizeof(array)}

static const plumb_builtin_file files[] = {
  EMBEDDED("Kubernetes/core.json", kubernetes_core),
  EMBEDDED("Policies/baseline.yaml", policies_baseline),
};

const plumb_builtin_file *plumb_builtin_files(void) { return files; }
size_t plumb_builtin_count(void) { return sizeof(files) / sizeof(files[0]); }
