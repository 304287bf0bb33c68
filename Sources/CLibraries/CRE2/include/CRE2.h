// RE2, the regular expressions of the Common Expression Language: linear time, no backtracking. C towards Swift.
//
// A pattern never changes once it is compiled, and any number of threads may match it at the same time.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct plumb_re2 plumb_re2;

/// Compiles UTF-8 text. NULL where it is no pattern or needs more than `max_memory` bytes; then `message` holds why,
/// cut to `capacity` bytes and ended with a zero.
plumb_re2 *plumb_re2_compile(
  const char *pattern, size_t count, int64_t max_memory, char *message, size_t capacity);
void plumb_re2_free(plumb_re2 *pattern);

/// How many `(…)` capture, without the whole match.
int plumb_re2_group_count(const plumb_re2 *pattern);

/// The first match that begins at `start` or later; `^` and `\b` see the text before it. 1 where there is one, 0 where
/// there is none, -1 where it cannot be told within the pattern's memory.
/// `spans` takes two offsets each for the whole match and the first `span_count` - 1 groups, -1 for a group without
/// part in the match; at most PLUMB_RE2_SPANS of them. With 0 spans only the answer is found, which is faster.
int plumb_re2_find(
  const plumb_re2 *pattern, const char *text, size_t count, size_t start, ptrdiff_t *spans, int span_count);

/// The whole match and the groups \1 to \9.
#define PLUMB_RE2_SPANS 10

#ifdef __cplusplus
}
#endif
