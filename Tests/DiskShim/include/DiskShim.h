// A disk for SQLite that forgets what was not flushed, tears what was being written, and fills up. It stands between
// SQLite and the system's own files as its default VFS; files outside its folders pass through untouched.
#ifndef DISK_SHIM_H
#define DISK_SHIM_H

#include <stdint.h>

/// Watches the files below a folder; gives the disk's number, or -1.
int disk_attach(const char *_Nonnull folder);
void disk_detach(int disk);

/// From now on nothing is read or written any more.
void disk_power_off(int disk);

/// How many bytes files may still grow by; -1 for no limit.
void disk_limit(int disk, int64_t room);
/// Takes room for bytes that are written past SQLite; 0 where there is not enough.
int disk_take(int disk, int64_t bytes);

/// How much of a file's unflushed writes is there after the power failed: each write is there, lost or torn, drawn from
/// the seed. With seed 0 all of it is there, as after a process was killed. The caller frees it; NULL without memory.
void *_Nullable disk_survivor(int disk, const char *_Nonnull path, uint64_t seed, int64_t *_Nonnull size);

/// Writes so far, flushes so far, and flushes that are not done although they are answered for.
int64_t disk_writes(int disk);
int64_t disk_flushes(int disk);
/// A planted bug: flushes are answered and do nothing.
void disk_ignore_flushes(int disk);

#endif
