#include "DiskShim.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_DISKS = 4096, SECTOR = 512 };

// One write or truncation that is not flushed. A truncation has no bytes.
typedef struct Pending {
  struct Pending *next;
  int64_t offset;
  int64_t count;
  unsigned char *bytes;
} Pending;

// A file with unflushed writes: what it held at its last flush, and what came since.
typedef struct Image {
  struct Image *next;
  char *path;
  unsigned char *base;
  int64_t size;
  Pending *first, **last;
} Image;

typedef struct Disk {
  char *folder;
  size_t length;
  Image *images;
  int64_t room, writes, flushes;
  int is_off, ignores_flushes;
} Disk;

typedef struct ShimFile {
  sqlite3_file base;
  Disk *disk;
  char *path;
  sqlite3_file *real;
} ShimFile;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static Disk *disks[MOST_DISKS];
static sqlite3_vfs *system_vfs;
static sqlite3_vfs shim_vfs;

#define REAL(file) (((ShimFile *)(file))->real)

static Disk *find_disk(const char *path) {
  for (int index = 0; path != NULL && index < MOST_DISKS; index++) {
    Disk *disk = disks[index];
    if (disk != NULL && strncmp(path, disk->folder, disk->length) == 0 && path[disk->length] == '/') return disk;
  }
  return NULL;
}

static Image *find_image(Disk *disk, const char *path) {
  for (Image *image = disk->images; image != NULL; image = image->next)
    if (strcmp(image->path, path) == 0) return image;
  return NULL;
}

// What was written to the file is on the disk, or the file is gone.
static void forget(Disk *disk, const char *path) {
  for (Image **place = &disk->images; *place != NULL; place = &(*place)->next) {
    Image *image = *place;
    if (strcmp(image->path, path) != 0) continue;
    *place = image->next;
    for (Pending *one = image->first; one != NULL;) {
      Pending *next = one->next;
      free(one->bytes);
      free(one);
      one = next;
    }
    free(image->path);
    free(image->base);
    free(image);
    return;
  }
}

static unsigned char *contents(const char *path, int64_t *size) {
  *size = 0;
  FILE *file = fopen(path, "rb");
  if (file == NULL) return calloc(1, 1);
  fseek(file, 0, SEEK_END);
  int64_t length = ftell(file);
  rewind(file);
  unsigned char *bytes = malloc((size_t)length + 1);
  if (bytes != NULL) *size = (int64_t)fread(bytes, 1, (size_t)length, file);
  fclose(file);
  return bytes;
}

// The file's image, made of what it holds now where there is none.
static Image *image_of(Disk *disk, const char *path) {
  Image *image = find_image(disk, path);
  if (image != NULL) return image;
  image = calloc(1, sizeof *image);
  if (image == NULL) return NULL;
  image->path = strdup(path);
  image->base = contents(path, &image->size);
  image->last = &image->first;
  image->next = disk->images;
  disk->images = image;
  return image;
}

static int note(Disk *disk, const char *path, int64_t offset, const void *bytes, int64_t count) {
  Image *image = image_of(disk, path);
  Pending *one = calloc(1, sizeof *one);
  if (image == NULL || one == NULL) return SQLITE_NOMEM;
  one->offset = offset;
  if (bytes != NULL) {
    one->count = count;
    one->bytes = malloc((size_t)count);
    memcpy(one->bytes, bytes, (size_t)count);
  }
  *image->last = one;
  image->last = &one->next;
  return SQLITE_OK;
}

static uint64_t draw(uint64_t *state) {
  uint64_t mixed = (*state += 0x9E3779B97F4A7C15u);
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
  return mixed ^ (mixed >> 31);
}

typedef struct Buffer {
  unsigned char *bytes;
  int64_t size;
} Buffer;

static void put(Buffer *buffer, int64_t offset, const unsigned char *bytes, int64_t count) {
  if (offset + count > buffer->size) {
    unsigned char *grown = realloc(buffer->bytes, (size_t)(offset + count) + 1);
    if (grown == NULL) return;
    memset(grown + buffer->size, 0, (size_t)(offset + count - buffer->size));
    buffer->bytes = grown;
    buffer->size = offset + count;
  }
  memcpy(buffer->bytes + offset, bytes, (size_t)count);
}

void *disk_survivor(int number, const char *path, uint64_t seed, int64_t *size) {
  pthread_mutex_lock(&mutex);
  Disk *disk = disks[number];
  Image *image = disk == NULL ? NULL : find_image(disk, path);
  Buffer buffer = {NULL, 0};
  if (image == NULL || seed == 0) {
    buffer.bytes = contents(path, &buffer.size);
  } else {
    buffer.bytes = malloc((size_t)image->size + 1);
    buffer.size = image->size;
    memcpy(buffer.bytes, image->base, (size_t)image->size);
    uint64_t state = seed;
    uint64_t mood = draw(&state) % 4;  // All is lost, or everything by itself.
    for (Pending *one = image->first; one != NULL && mood != 0; one = one->next) {
      uint64_t fate = draw(&state) % 3;
      if (fate == 0) continue;
      if (one->bytes == NULL) {
        if (one->offset < buffer.size) buffer.size = one->offset;
      } else if (fate == 1) {
        put(&buffer, one->offset, one->bytes, one->count);
      } else {
        for (int64_t start = 0; start < one->count; start += SECTOR) {
          int64_t rest = one->count - start;
          if (draw(&state) % 2 == 0) put(&buffer, one->offset + start, one->bytes + start, rest < SECTOR ? rest : SECTOR);
        }
      }
    }
  }
  *size = buffer.size;
  pthread_mutex_unlock(&mutex);
  return buffer.bytes;
}

// The methods of a file.

static int shim_close(sqlite3_file *file) {
  int status = REAL(file)->pMethods->xClose(REAL(file));
  free(((ShimFile *)file)->path);
  return status;
}

static int shim_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
  if (((ShimFile *)file)->disk->is_off) return SQLITE_IOERR_READ;
  return REAL(file)->pMethods->xRead(REAL(file), bytes, count, offset);
}

static int shim_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
  ShimFile *shim = (ShimFile *)file;
  Disk *disk = shim->disk;
  pthread_mutex_lock(&mutex);
  int status = disk->is_off ? SQLITE_IOERR_WRITE : SQLITE_OK;
  sqlite3_int64 size = 0;
  if (status == SQLITE_OK) status = REAL(file)->pMethods->xFileSize(REAL(file), &size);
  int64_t growth = offset + count > size ? offset + count - size : 0;
  if (status == SQLITE_OK && disk->room >= 0 && growth > disk->room) status = SQLITE_FULL;
  if (status == SQLITE_OK) status = note(disk, shim->path, offset, bytes, count);
  if (status == SQLITE_OK) {
    if (disk->room >= 0) disk->room -= growth;
    disk->writes++;
    status = REAL(file)->pMethods->xWrite(REAL(file), bytes, count, offset);
  }
  pthread_mutex_unlock(&mutex);
  return status;
}

static int shim_truncate(sqlite3_file *file, sqlite3_int64 size) {
  ShimFile *shim = (ShimFile *)file;
  pthread_mutex_lock(&mutex);
  int status = shim->disk->is_off ? SQLITE_IOERR_TRUNCATE : note(shim->disk, shim->path, size, NULL, 0);
  if (status == SQLITE_OK) status = REAL(file)->pMethods->xTruncate(REAL(file), size);
  pthread_mutex_unlock(&mutex);
  return status;
}

// Nothing is flushed really: what counts is what was asked for.
static int shim_sync(sqlite3_file *file, int flags) {
  (void)flags;
  ShimFile *shim = (ShimFile *)file;
  pthread_mutex_lock(&mutex);
  int status = shim->disk->is_off ? SQLITE_IOERR_FSYNC : SQLITE_OK;
  if (status == SQLITE_OK) {
    shim->disk->flushes++;
    if (!shim->disk->ignores_flushes) forget(shim->disk, shim->path);
  }
  pthread_mutex_unlock(&mutex);
  return status;
}

static int shim_size(sqlite3_file *file, sqlite3_int64 *size) { return REAL(file)->pMethods->xFileSize(REAL(file), size); }
static int shim_lock(sqlite3_file *file, int level) { return REAL(file)->pMethods->xLock(REAL(file), level); }
static int shim_unlock(sqlite3_file *file, int level) { return REAL(file)->pMethods->xUnlock(REAL(file), level); }
static int shim_reserved(sqlite3_file *file, int *out) {
  return REAL(file)->pMethods->xCheckReservedLock(REAL(file), out);
}
static int shim_control(sqlite3_file *file, int operation, void *argument) {
  return REAL(file)->pMethods->xFileControl(REAL(file), operation, argument);
}
static int shim_sector(sqlite3_file *file) { return REAL(file)->pMethods->xSectorSize(REAL(file)); }
// Neither atomic nor in order: SQLite may assume nothing of this disk.
static int shim_characteristics(sqlite3_file *file) {
  (void)file;
  return 0;
}
static int shim_map(sqlite3_file *file, int page, int size, int extends, void volatile **out) {
  return REAL(file)->pMethods->xShmMap(REAL(file), page, size, extends, out);
}
static int shim_map_lock(sqlite3_file *file, int offset, int count, int flags) {
  return REAL(file)->pMethods->xShmLock(REAL(file), offset, count, flags);
}
static void shim_barrier(sqlite3_file *file) { REAL(file)->pMethods->xShmBarrier(REAL(file)); }
static int shim_unmap(sqlite3_file *file, int deletes) {
  return REAL(file)->pMethods->xShmUnmap(REAL(file), deletes);
}

static const sqlite3_io_methods shim_methods = {
    2,           shim_close,  shim_read,   shim_write,   shim_truncate, shim_sync,     shim_size,
    shim_lock,   shim_unlock, shim_reserved, shim_control, shim_sector, shim_characteristics,
    shim_map,    shim_map_lock, shim_barrier, shim_unmap, NULL,         NULL,
};

// The methods of the VFS; all others are the system's.

static int shim_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out) {
  (void)vfs;
  pthread_mutex_lock(&mutex);
  Disk *disk = find_disk(path);
  pthread_mutex_unlock(&mutex);
  if (disk == NULL) return system_vfs->xOpen(system_vfs, path, file, flags, out);
  file->pMethods = NULL;
  if (disk->is_off) return SQLITE_CANTOPEN;
  ShimFile *shim = (ShimFile *)file;
  shim->disk = disk;
  shim->real = (sqlite3_file *)(shim + 1);
  int status = system_vfs->xOpen(system_vfs, path, shim->real, flags, out);
  if (status != SQLITE_OK) return status;
  shim->path = strdup(path);
  file->pMethods = &shim_methods;
  sqlite3_int64 size = 0;
  pthread_mutex_lock(&mutex);
  // An empty file is a new one under an old name.
  if (shim->real->pMethods->xFileSize(shim->real, &size) == SQLITE_OK && size == 0) forget(disk, path);
  pthread_mutex_unlock(&mutex);
  return SQLITE_OK;
}

static int shim_delete(sqlite3_vfs *vfs, const char *path, int is_durable) {
  (void)vfs;
  pthread_mutex_lock(&mutex);
  Disk *disk = find_disk(path);
  int is_off = disk != NULL && disk->is_off;
  if (disk != NULL && !is_off) forget(disk, path);
  pthread_mutex_unlock(&mutex);
  return is_off ? SQLITE_IOERR_DELETE : system_vfs->xDelete(system_vfs, path, is_durable);
}

static void install(void) {
  system_vfs = sqlite3_vfs_find(NULL);
  shim_vfs = *system_vfs;
  shim_vfs.zName = "disk-shim";
  shim_vfs.szOsFile = (int)sizeof(ShimFile) + system_vfs->szOsFile;
  shim_vfs.xOpen = shim_open;
  shim_vfs.xDelete = shim_delete;
  sqlite3_vfs_register(&shim_vfs, 1);
}

int disk_attach(const char *folder) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install);
  pthread_mutex_lock(&mutex);
  int number = -1;
  for (int index = 0; index < MOST_DISKS && number < 0; index++)
    if (disks[index] == NULL) number = index;
  if (number >= 0) {
    Disk *disk = calloc(1, sizeof *disk);
    disk->folder = strdup(folder);
    disk->length = strlen(folder);
    disk->room = -1;
    disks[number] = disk;
  }
  pthread_mutex_unlock(&mutex);
  return number;
}

// The disk itself stays for files that are open on it still.
void disk_detach(int number) {
  pthread_mutex_lock(&mutex);
  Disk *disk = disks[number];
  disks[number] = NULL;
  while (disk->images != NULL) forget(disk, disk->images->path);
  pthread_mutex_unlock(&mutex);
}

void disk_power_off(int number) {
  pthread_mutex_lock(&mutex);
  disks[number]->is_off = 1;
  pthread_mutex_unlock(&mutex);
}

void disk_limit(int number, int64_t room) {
  pthread_mutex_lock(&mutex);
  disks[number]->room = room;
  pthread_mutex_unlock(&mutex);
}

int disk_take(int number, int64_t bytes) {
  pthread_mutex_lock(&mutex);
  Disk *disk = disks[number];
  int has_room = !disk->is_off && (disk->room < 0 || disk->room >= bytes);
  if (has_room && disk->room >= 0) disk->room -= bytes;
  pthread_mutex_unlock(&mutex);
  return has_room;
}

int64_t disk_writes(int number) { return disks[number]->writes; }
int64_t disk_flushes(int number) { return disks[number]->flushes; }
void disk_ignore_flushes(int number) { disks[number]->ignores_flushes = 1; }
