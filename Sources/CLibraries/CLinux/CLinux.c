#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int add_descriptor(posix_spawn_file_actions_t *actions, int from, int to) {
  return from < 0 ? 0 : posix_spawn_file_actions_adddup2(actions, from, to);
}

int plumb_spawn(
  const char *path, char *const *arguments, char *const *environment, const char *directory, int input, int output,
  int error, int new_group, pid_t *pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  int result = posix_spawn_file_actions_init(&actions);
  if (result != 0) return result;
  result = posix_spawnattr_init(&attributes);
  if (result != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return result;
  }
  sigemptyset(&none);
  sigfillset(&all);
  short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  if (new_group) flags |= POSIX_SPAWN_SETPGROUP;
  posix_spawnattr_setflags(&attributes, flags);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  if (result == 0) result = add_descriptor(&actions, input, 0);
  if (result == 0) result = add_descriptor(&actions, output, 1);
  if (result == 0) result = add_descriptor(&actions, error, 2);
  if (result == 0) result = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  if (result == 0 && directory) result = posix_spawn_file_actions_addchdir_np(&actions, directory);
  if (result == 0) result = posix_spawn(pid, path, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return result;
}

int plumb_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int plumb_event_open(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void plumb_event_signal(int descriptor) {
  uint64_t one = 1;
  // A full counter (EAGAIN) is readable already, which is all that the reader needs.
  ssize_t ignored = write(descriptor, &one, sizeof one);
  (void)ignored;
}

int plumb_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno; }

int plumb_set_nonblocking(int descriptor) {
  int flags = fcntl(descriptor, F_GETFL);
  return flags >= 0 && fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0 ? 0 : errno;
}

static atomic_int signal_descriptor = -1;
static struct sigaction previous_interrupt, previous_terminate;

static void note_signal(int number) {
  int saved = errno;
  unsigned char byte = (unsigned char)number;
  int descriptor = atomic_load(&signal_descriptor);
  if (descriptor >= 0) {
    ssize_t ignored = write(descriptor, &byte, 1);
    (void)ignored;
  }
  errno = saved;
}

int plumb_signals_watch(int descriptor) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  atomic_store(&signal_descriptor, descriptor);
  if (sigaction(SIGINT, &action, &previous_interrupt) != 0) return errno;
  if (sigaction(SIGTERM, &action, &previous_terminate) != 0) {
    int reason = errno;
    sigaction(SIGINT, &previous_interrupt, NULL);
    return reason;
  }
  return 0;
}

void plumb_signals_restore(void) {
  sigaction(SIGINT, &previous_interrupt, NULL);
  sigaction(SIGTERM, &previous_terminate, NULL);
  atomic_store(&signal_descriptor, -1);
}

void plumb_ignore_sigpipe(void) { signal(SIGPIPE, SIG_IGN); }

int plumb_terminal_width(int descriptor) {
  struct winsize size;
  return isatty(descriptor) && ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int plumb_reap(pid_t pid, int block, int *signalled, int *code) {
  int status;
  pid_t result;
  do result = waitpid(pid, &status, block ? 0 : WNOHANG);
  while (result < 0 && errno == EINTR);
  if (result <= 0) return 0;
  *signalled = WIFSIGNALED(status);
  *code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  return 1;
}

ssize_t plumb_random(void *buffer, size_t count) { return getrandom(buffer, count, 0); }

void plumb_begin_thread(const char *name) {
  char short_name[16];
  strncpy(short_name, name, sizeof short_name - 1);
  short_name[sizeof short_name - 1] = 0;
  pthread_setname_np(pthread_self(), short_name);
  sigset_t pipe_signal;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);
}
