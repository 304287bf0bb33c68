#include "CBuiltins.h"

// One array a file, and one line in the table below. `#embed` is of C23, and an extension before.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char policies_baseline[] = {
#embed "Policies/baseline.yaml"
};

static const unsigned char kubernetes_core[] = {
#embed "Kubernetes/core.json"
};

static const unsigned char policies_cost[] = {
#embed "Policies/cost.yaml"
};

static const unsigned char policies_encryption[] = {
#embed "Policies/encryption.yaml"
};

static const unsigned char policies_least_privilege[] = {
#embed "Policies/leastPrivilege.yaml"
};

static const unsigned char policies_production[] = {
#embed "Policies/production.yaml"
};

static const unsigned char policies_residency[] = {
#embed "Policies/residency.yaml"
};

static const unsigned char prices_list[] = {
#embed "Prices/list.yaml"
};

#define EMBEDDED(name, array) {name, array, sizeof(array)}

static const plumb_builtin_file files[] = {
  EMBEDDED("Kubernetes/core.json", kubernetes_core),
  EMBEDDED("Policies/baseline.yaml", policies_baseline),
  EMBEDDED("Policies/cost.yaml", policies_cost),
  EMBEDDED("Policies/encryption.yaml", policies_encryption),
  EMBEDDED("Policies/leastPrivilege.yaml", policies_least_privilege),
  EMBEDDED("Policies/production.yaml", policies_production),
  EMBEDDED("Policies/residency.yaml", policies_residency),
  EMBEDDED("Prices/list.yaml", prices_list),
};

const plumb_builtin_file *plumb_builtin_files(void) { return files; }
size_t plumb_builtin_count(void) { return sizeof(files) / sizeof(files[0]); }
