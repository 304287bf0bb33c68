// Files that are embedded when the program is built: policies, prices, kinds.
#pragma once
#include <stddef.h>

typedef struct {
  /// The path below this folder, such as `Policies/baseline.yaml`.
  const char *_Nonnull name;
  const unsigned char *_Nonnull bytes;
  size_t count;
} plumb_builtin_file;

/// All embedded files, sorted by name.
const plumb_builtin_file *_Nonnull plumb_builtin_files(void);
size_t plumb_builtin_count(void);
