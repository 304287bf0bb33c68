// What Swift cannot call directly: variadic functions, system calls without a libc wrapper, spawn attributes.
#pragma once
#include <stdint.h>
#include <sys/types.h>

/// Starts a program. Returns 0 or an errno value. Each of the three descriptors becomes 0, 1 and 2 of the child;
/// -1 gives the child the parent's own. Every other descriptor is closed in the child. `directory` may be NULL.
/// With `new_group` the child leads a process group of its own, so that it can be stopped with its descendants.
int plumb_spawn(
  const char *path, char *const *arguments, char *const *environment, const char *directory, int input, int output,
  int error, int new_group, pid_t *pid);

/// A descriptor that becomes readable when the process ends, or -1 with errno set (kernels before 5.3).
int plumb_pidfd_open(pid_t pid);

/// An event descriptor (close-on-exec, non-blocking) or -1 with errno set.
int plumb_event_open(void);
/// Adds one to the event; callable from any thread.
void plumb_event_signal(int descriptor);

/// A pipe with both ends close-on-exec. Returns 0 or an errno value.
int plumb_pipe(int ends[2]);
int plumb_set_nonblocking(int descriptor);

/// From now on SIGINT and SIGTERM write their number as one byte to `descriptor`. Returns 0 or an errno value.
int plumb_signals_watch(int descriptor);
/// Restores what the two signals did before.
void plumb_signals_restore(void);
/// A write to a closed pipe or socket answers EPIPE from now on instead of ending the process.
void plumb_ignore_sigpipe(void);

/// Columns of the terminal behind the descriptor; 0 where it is none.
int plumb_terminal_width(int descriptor);

/// The exit of a child already known to have ended: waits for `pid`; `*signalled` tells which of the two `*code` is.
int plumb_reap(pid_t pid, int block, int *signalled, int *code);

/// Fills the buffer from the kernel's generator: the count of bytes, or -1 with errno set.
ssize_t plumb_random(void *buffer, size_t count);
/// Names the calling thread (at most 15 bytes are kept) and keeps SIGPIPE from it: writes answer EPIPE instead.
void plumb_begin_thread(const char *name);
