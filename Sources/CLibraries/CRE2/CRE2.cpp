#include "CRE2.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstring>
#include <new>

// C++ exceptions end here: of what is called only the allocator throws.

struct plumb_re2 {
  re2::RE2 expression;
};

static void copy_text(const char *text, char *message, size_t capacity) {
  if (capacity == 0) return;
  size_t count = std::min(std::strlen(text), capacity - 1);
  std::memcpy(message, text, count);
  message[count] = 0;
}

plumb_re2 *plumb_re2_compile(
  const char *pattern, size_t count, int64_t max_memory, char *message, size_t capacity) {
  try {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(max_memory);
    auto compiled = new plumb_re2{{re2::StringPiece(pattern, count), options}};
    if (compiled->expression.ok()) return compiled;
    copy_text(compiled->expression.error().c_str(), message, capacity);
    delete compiled;
  } catch (const std::bad_alloc &) {
    copy_text("out of memory", message, capacity);
  }
  return nullptr;
}

void plumb_re2_free(plumb_re2 *pattern) { delete pattern; }

int plumb_re2_group_count(const plumb_re2 *pattern) { return pattern->expression.NumberOfCapturingGroups(); }

int plumb_re2_find(
  const plumb_re2 *pattern, const char *text, size_t count, size_t start, ptrdiff_t *spans, int span_count) {
  re2::StringPiece found[PLUMB_RE2_SPANS];
  re2::StringPiece whole(text, count);
  try {
    if (!pattern->expression.Match(whole, start, count, re2::RE2::UNANCHORED, found, span_count)) return 0;
  } catch (const std::bad_alloc &) {
    return -1;
  }
  for (int index = 0; index < span_count; index++) {
    const char *begin = found[index].data();
    spans[2 * index] = begin ? begin - text : -1;
    spans[2 * index + 1] = begin ? begin - text + (ptrdiff_t)found[index].size() : -1;
  }
  return 1;
}
