#include "CBuiltins.h"

// Written by `.ci/embed`. `#embed` is of C23, and an extension before.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char file0[] = {
#embed "Blueprints/Cloud/aws.yaml"
};

static const unsigned char file1[] = {
#embed "Blueprints/Cloud/gcp.yaml"
};

static const unsigned char file2[] = {
#embed "Blueprints/Cloud/kind.yaml"
};

static const unsigned char file3[] = {
#embed "Blueprints/Cloud/kubernetes.yaml"
};

static const unsigned char file4[] = {
#embed "Blueprints/Network/aws.yaml"
};

static const unsigned char file5[] = {
#embed "Blueprints/Network/gcp.yaml"
};

static const unsigned char file6[] = {
#embed "Blueprints/Network/kind.yaml"
};

static const unsigned char file7[] = {
#embed "Blueprints/Network/kubernetes.yaml"
};

static const unsigned char file8[] = {
#embed "Blueprints/Organization/aws.yaml"
};

static const unsigned char file9[] = {
#embed "Blueprints/Organization/gcp.yaml"
};

static const unsigned char file10[] = {
#embed "Blueprints/Organization/kind.yaml"
};

static const unsigned char file11[] = {
#embed "Blueprints/Organization/kubernetes.yaml"
};

static const unsigned char file12[] = {
#embed "Blueprints/Principal/aws.yaml"
};

static const unsigned char file13[] = {
#embed "Blueprints/Principal/gcp.yaml"
};

static const unsigned char file14[] = {
#embed "Blueprints/Principal/kind.yaml"
};

static const unsigned char file15[] = {
#embed "Blueprints/Principal/kubernetes.yaml"
};

static const unsigned char file16[] = {
#embed "Blueprints/Project/aws.yaml"
};

static const unsigned char file17[] = {
#embed "Blueprints/Project/gcp.yaml"
};

static const unsigned char file18[] = {
#embed "Blueprints/Project/kind.yaml"
};

static const unsigned char file19[] = {
#embed "Blueprints/Project/kubernetes.yaml"
};

static const unsigned char file20[] = {
#embed "Blueprints/Quota/aws.yaml"
};

static const unsigned char file21[] = {
#embed "Blueprints/Quota/gcp.yaml"
};

static const unsigned char file22[] = {
#embed "Blueprints/Quota/kind.yaml"
};

static const unsigned char file23[] = {
#embed "Blueprints/Quota/kubernetes.yaml"
};

static const unsigned char file24[] = {
#embed "Blueprints/RoleBinding/aws.yaml"
};

static const unsigned char file25[] = {
#embed "Blueprints/RoleBinding/gcp.yaml"
};

static const unsigned char file26[] = {
#embed "Blueprints/RoleBinding/kind.yaml"
};

static const unsigned char file27[] = {
#embed "Blueprints/RoleBinding/kubernetes.yaml"
};

static const unsigned char file28[] = {
#embed "Blueprints/Storage/aws.yaml"
};

static const unsigned char file29[] = {
#embed "Blueprints/Storage/gcp.yaml"
};

static const unsigned char file30[] = {
#embed "Blueprints/Storage/kind.yaml"
};

static const unsigned char file31[] = {
#embed "Blueprints/Storage/kubernetes.yaml"
};

static const unsigned char file32[] = {
#embed "Kubernetes/core.json"
};

static const unsigned char file33[] = {
#embed "Kubernetes/kueue.json"
};

static const unsigned char file34[] = {
#embed "Policies/baseline.yaml"
};

static const unsigned char file35[] = {
#embed "Policies/cost.yaml"
};

static const unsigned char file36[] = {
#embed "Policies/encryption.yaml"
};

static const unsigned char file37[] = {
#embed "Policies/leastPrivilege.yaml"
};

static const unsigned char file38[] = {
#embed "Policies/production.yaml"
};

static const unsigned char file39[] = {
#embed "Policies/residency.yaml"
};

static const unsigned char file40[] = {
#embed "Prices/list.yaml"
};

#define EMBEDDED(name, array) {name, array, sizeof(array)}

static const plumb_builtin_file files[] = {
  EMBEDDED("Blueprints/Cloud/aws.yaml", file0),
  EMBEDDED("Blueprints/Cloud/gcp.yaml", file1),
  EMBEDDED("Blueprints/Cloud/kind.yaml", file2),
  EMBEDDED("Blueprints/Cloud/kubernetes.yaml", file3),
  EMBEDDED("Blueprints/Network/aws.yaml", file4),
  EMBEDDED("Blueprints/Network/gcp.yaml", file5),
  EMBEDDED("Blueprints/Network/kind.yaml", file6),
  EMBEDDED("Blueprints/Network/kubernetes.yaml", file7),
  EMBEDDED("Blueprints/Organization/aws.yaml", file8),
  EMBEDDED("Blueprints/Organization/gcp.yaml", file9),
  EMBEDDED("Blueprints/Organization/kind.yaml", file10),
  EMBEDDED("Blueprints/Organization/kubernetes.yaml", file11),
  EMBEDDED("Blueprints/Principal/aws.yaml", file12),
  EMBEDDED("Blueprints/Principal/gcp.yaml", file13),
  EMBEDDED("Blueprints/Principal/kind.yaml", file14),
  EMBEDDED("Blueprints/Principal/kubernetes.yaml", file15),
  EMBEDDED("Blueprints/Project/aws.yaml", file16),
  EMBEDDED("Blueprints/Project/gcp.yaml", file17),
  EMBEDDED("Blueprints/Project/kind.yaml", file18),
  EMBEDDED("Blueprints/Project/kubernetes.yaml", file19),
  EMBEDDED("Blueprints/Quota/aws.yaml", file20),
  EMBEDDED("Blueprints/Quota/gcp.yaml", file21),
  EMBEDDED("Blueprints/Quota/kind.yaml", file22),
  EMBEDDED("Blueprints/Quota/kubernetes.yaml", file23),
  EMBEDDED("Blueprints/RoleBinding/aws.yaml", file24),
  EMBEDDED("Blueprints/RoleBinding/gcp.yaml", file25),
  EMBEDDED("Blueprints/RoleBinding/kind.yaml", file26),
  EMBEDDED("Blueprints/RoleBinding/kubernetes.yaml", file27),
  EMBEDDED("Blueprints/Storage/aws.yaml", file28),
  EMBEDDED("Blueprints/Storage/gcp.yaml", file29),
  EMBEDDED("Blueprints/Storage/kind.yaml", file30),
  EMBEDDED("Blueprints/Storage/kubernetes.yaml", file31),
  EMBEDDED("Kubernetes/core.json", file32),
  EMBEDDED("Kubernetes/kueue.json", file33),
  EMBEDDED("Policies/baseline.yaml", file34),
  EMBEDDED("Policies/cost.yaml", file35),
  EMBEDDED("Policies/encryption.yaml", file36),
  EMBEDDED("Policies/leastPrivilege.yaml", file37),
  EMBEDDED("Policies/production.yaml", file38),
  EMBEDDED("Policies/residency.yaml", file39),
  EMBEDDED("Prices/list.yaml", file40),
};

const plumb_builtin_file *plumb_builtin_files(void) { return files; }
size_t plumb_builtin_count(void) { return sizeof(files) / sizeof(files[0]); }
