/*
 * A journal of what a process does to the files below one folder, so that a power cut can be simulated afterwards:
 * what was written but not forced is known byte by byte. Loaded with LD_PRELOAD.
 *
 *   POWERCUT_DIR      the folder that is watched (absolute, without a slash at the end)
 *   POWERCUT_JOURNAL  the file the journal is appended to (outside of that folder)
 *
 * An entry is written after the call has succeeded and before it returns to the process. A write that is not in the
 * journal is therefore one that nobody was told about, and a force that is in the journal covers the entries with a
 * lower number than the one it had when it began.
 *
 * Entry: u32 length of the rest, u8 type, u64 file number, u64 a, u64 b, payload (all little-endian).
 *   C created   file, payload path          O opened an existing file, payload path
 *   W write     file, a offset, payload data      T size set  file, a size
 *   F force     file, b entries covered           D force of a folder, b entries covered, payload path
 *   M mapped bytes forced, file, a offset, payload data
 *   R rename    payload from NUL to         U unlink payload path
 *   K mkdir     payload path                L link payload from NUL to
 * The file number is the inode; a new file that got the inode of a deleted one shows as created again.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAX_FD 65536
#define REAL(type, name, ...)                                                                                          \
    static type (*real)(__VA_ARGS__);                                                                                  \
    if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

struct slot {
    uint64_t ino; /* 0 = not watched */
    int sync_writes;
    int folder;
};

struct mapping {
    char *start;
    size_t length;
    uint64_t ino;
    uint64_t offset;
    struct mapping *next;
};

static struct slot slots[MAX_FD];
static struct mapping *mappings;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char watched[PATH_MAX];
static size_t watched_length;
static int journal = -1;
static _Atomic uint64_t entries;

static void fatal(const char *what) {
    fprintf(stderr, "powercut: %s: %s\n", what, strerror(errno));
    _exit(97);
}

__attribute__((constructor)) static void begin(void) {
    const char *dir = getenv("POWERCUT_DIR"), *file = getenv("POWERCUT_JOURNAL");
    if (!dir || !file) return;
    snprintf(watched, sizeof watched, "%s", dir);
    watched_length = strlen(watched);
    int fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0) fatal(file);
    journal = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 1000); /* out of the way of the process' own numbers */
    if (journal < 0) journal = fd;
    else syscall(SYS_close, fd);
}

/* Appends one entry; the caller holds the lock. */
static void entry_locked(char type, uint64_t file, uint64_t a, uint64_t b, const struct iovec *data, int count) {
    unsigned char head[4 + 1 + 24];
    struct iovec all[66];
    uint64_t payload = 0;
    if (count > 64) fatal("too many buffers");
    for (int i = 0; i < count; i++) {
        payload += data[i].iov_len;
        all[i + 1] = data[i];
    }
    uint32_t length = (uint32_t)(25 + payload);
    memcpy(head, &length, 4);
    head[4] = (unsigned char)type;
    memcpy(head + 5, &file, 8);
    memcpy(head + 13, &a, 8);
    memcpy(head + 21, &b, 8);
    all[0].iov_base = head;
    all[0].iov_len = sizeof head;
    ssize_t n = syscall(SYS_writev, journal, all, count + 1);
    if (n != (ssize_t)(sizeof head + payload)) fatal("journal");
    atomic_fetch_add(&entries, 1);
}

static void entry(char type, uint64_t file, uint64_t a, uint64_t b, const void *data, size_t length) {
    int saved = errno;
    struct iovec one = {(void *)data, length};
    pthread_mutex_lock(&lock);
    entry_locked(type, file, a, b, &one, length > 0 ? 1 : 0);
    pthread_mutex_unlock(&lock);
    errno = saved;
}

/* Makes a path absolute without resolving links; 0 when it is not below the watched folder. */
static int below(int dirfd, const char *path, char *out) {
    if (journal < 0 || !path) return 0;
    if (path[0] == '/') {
        snprintf(out, PATH_MAX, "%s", path);
    } else {
        char from[64], base[PATH_MAX];
        if (dirfd == AT_FDCWD) {
            if (!getcwd(base, sizeof base)) return 0;
        } else {
            snprintf(from, sizeof from, "/proc/self/fd/%d", dirfd);
            ssize_t n = readlink(from, base, sizeof base - 1);
            if (n < 0) return 0;
            base[n] = 0;
        }
        if ((size_t)snprintf(out, PATH_MAX, "%s/%s", base, path) >= PATH_MAX) return 0;
    }
    return strncmp(out, watched, watched_length) == 0 && (out[watched_length] == '/' || out[watched_length] == 0);
}

static void opened(int fd, const char *path, int flags, int existed) {
    struct stat st;
    if (fd < 0) return;
    if (fd >= MAX_FD) fatal("file number");
    if (syscall(SYS_newfstatat, fd, "", &st, AT_EMPTY_PATH) != 0) fatal("stat");
    slots[fd].ino = st.st_ino;
    slots[fd].sync_writes = (flags & (O_SYNC | O_DSYNC)) != 0;
    slots[fd].folder = S_ISDIR(st.st_mode);
    if (slots[fd].folder) return;
    entry(existed ? 'O' : 'C', st.st_ino, 0, 0, path, strlen(path));
    if ((flags & O_TRUNC) && existed) entry('T', st.st_ino, 0, 0, NULL, 0);
}

static int open_any(int dirfd, const char *path, int flags, mode_t mode) {
    char full[PATH_MAX];
    int watch = below(dirfd, path, full);
    struct stat st;
    int existed = watch && syscall(SYS_newfstatat, AT_FDCWD, full, &st, 0) == 0;
    int fd = (int)syscall(SYS_openat, dirfd, path, flags, mode);
    if (fd >= 0 && fd < MAX_FD) memset(&slots[fd], 0, sizeof slots[fd]);
    if (watch) opened(fd, full, flags, existed);
    return fd;
}

#define OPEN_BODY(dirfd)                                                                                               \
    mode_t mode = 0;                                                                                                   \
    if (flags & (O_CREAT | O_TMPFILE)) {                                                                               \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        mode = (mode_t)va_arg(rest, int);                                                                              \
        va_end(rest);                                                                                                  \
    }                                                                                                                  \
    return open_any(dirfd, path, flags, mode)

int open(const char *path, int flags, ...) { OPEN_BODY(AT_FDCWD); }
int open64(const char *path, int flags, ...) { OPEN_BODY(AT_FDCWD); }
int openat(int dirfd, const char *path, int flags, ...) { OPEN_BODY(dirfd); }
int openat64(int dirfd, const char *path, int flags, ...) { OPEN_BODY(dirfd); }
int creat(const char *path, mode_t mode) { return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

int close(int fd) {
    if (fd >= 0 && fd < MAX_FD) memset(&slots[fd], 0, sizeof slots[fd]);
    return (int)syscall(SYS_close, fd);
}

static void copy_slot(int from, int to) {
    if (from >= 0 && from < MAX_FD && to >= 0 && to < MAX_FD) slots[to] = slots[from];
}

int dup(int fd) {
    int to = (int)syscall(SYS_dup, fd);
    copy_slot(fd, to);
    return to;
}

int dup2(int fd, int to) {
    int n = (int)syscall(SYS_dup2, fd, to);
    if (n >= 0 && fd != to) copy_slot(fd, to);
    return n;
}

int dup3(int fd, int to, int flags) {
    int n = (int)syscall(SYS_dup3, fd, to, flags);
    if (n >= 0) copy_slot(fd, to);
    return n;
}

static struct slot *slot_of(int fd) {
    return journal >= 0 && fd >= 0 && fd < MAX_FD && slots[fd].ino && !slots[fd].folder ? &slots[fd] : NULL;
}

/* Notes that n bytes of the buffers are now at the offset. */
static void wrote(struct slot *s, uint64_t offset, const struct iovec *data, int count, ssize_t n) {
    int saved = errno;
    pthread_mutex_lock(&lock);
    ssize_t left = n;
    for (int i = 0; i < count && left > 0; i += 64) {
        struct iovec part[64];
        int k = 0;
        uint64_t bytes = 0;
        while (k < 64 && i + k < count && left > 0) {
            part[k] = data[i + k];
            if ((ssize_t)part[k].iov_len > left) part[k].iov_len = (size_t)left;
            left -= (ssize_t)part[k].iov_len;
            bytes += part[k].iov_len;
            k++;
        }
        entry_locked('W', s->ino, offset, 0, part, k);
        offset += bytes;
    }
    if (s->sync_writes) entry_locked('F', s->ino, 0, atomic_load(&entries), NULL, 0);
    pthread_mutex_unlock(&lock);
    errno = saved;
}

ssize_t write(int fd, const void *data, size_t length) {
    ssize_t n = syscall(SYS_write, fd, data, length);
    struct slot *s = slot_of(fd);
    if (s && n > 0) {
        struct iovec one = {(void *)data, length};
        wrote(s, (uint64_t)(syscall(SYS_lseek, fd, 0, SEEK_CUR) - n), &one, 1, n);
    }
    return n;
}

ssize_t writev(int fd, const struct iovec *data, int count) {
    ssize_t n = syscall(SYS_writev, fd, data, count);
    struct slot *s = slot_of(fd);
    if (s && n > 0) wrote(s, (uint64_t)(syscall(SYS_lseek, fd, 0, SEEK_CUR) - n), data, count, n);
    return n;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
    ssize_t n = syscall(SYS_pwrite64, fd, data, length, offset);
    struct slot *s = slot_of(fd);
    if (s && n > 0) {
        struct iovec one = {(void *)data, length};
        wrote(s, (uint64_t)offset, &one, 1, n);
    }
    return n;
}
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return pwrite64(fd, data, length, offset); }

ssize_t pwritev64(int fd, const struct iovec *data, int count, off64_t offset) {
    REAL(ssize_t, "pwritev64", int, const struct iovec *, int, off64_t);
    ssize_t n = real(fd, data, count, offset);
    struct slot *s = slot_of(fd);
    if (s && n > 0) wrote(s, (uint64_t)offset, data, count, n);
    return n;
}
ssize_t pwritev(int fd, const struct iovec *data, int count, off_t offset) { return pwritev64(fd, data, count, offset); }

/* Copies inside the kernel: what arrived is read back from the target. */
static void arrived(int fd, uint64_t offset, ssize_t n) {
    struct slot *s = slot_of(fd);
    if (!s || n <= 0) return;
    char path[64], *data = malloc((size_t)n);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int again = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (!data || again < 0 || syscall(SYS_pread64, again, data, n, offset) != n) fatal("read back");
    syscall(SYS_close, again);
    struct iovec one = {data, (size_t)n};
    wrote(s, offset, &one, 1, n);
    free(data);
}

ssize_t sendfile64(int out, int in, off64_t *offset, size_t count) {
    REAL(ssize_t, "sendfile64", int, int, off64_t *, size_t);
    ssize_t n = real(out, in, offset, count);
    if (n > 0 && slot_of(out)) arrived(out, (uint64_t)(syscall(SYS_lseek, out, 0, SEEK_CUR) - n), n);
    return n;
}
ssize_t sendfile(int out, int in, off_t *offset, size_t count) { return sendfile64(out, in, offset, count); }

ssize_t copy_file_range(int in, off64_t *in_at, int out, off64_t *out_at, size_t count, unsigned flags) {
    REAL(ssize_t, "copy_file_range", int, off64_t *, int, off64_t *, size_t, unsigned);
    ssize_t n = real(in, in_at, out, out_at, count, flags);
    if (n > 0 && slot_of(out))
        arrived(out, (uint64_t)((out_at ? *out_at : syscall(SYS_lseek, out, 0, SEEK_CUR)) - n), n);
    return n;
}

int ftruncate64(int fd, off64_t size) {
    int n = (int)syscall(SYS_ftruncate, fd, size);
    struct slot *s = slot_of(fd);
    if (s && n == 0) entry('T', s->ino, (uint64_t)size, 0, NULL, 0);
    return n;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int allocated(int fd, off64_t offset, off64_t length) {
    struct slot *s = slot_of(fd);
    struct stat st;
    (void)offset;
    (void)length;
    if (s && syscall(SYS_newfstatat, fd, "", &st, AT_EMPTY_PATH) == 0) entry('T', s->ino, (uint64_t)st.st_size, 0, NULL, 0);
    return 0;
}

int fallocate64(int fd, int mode, off64_t offset, off64_t length) {
    int n = (int)syscall(SYS_fallocate, fd, mode, offset, length);
    return n == 0 ? allocated(fd, offset, length) : n;
}
int fallocate(int fd, int mode, off_t offset, off_t length) { return fallocate64(fd, mode, offset, length); }

int posix_fallocate64(int fd, off64_t offset, off64_t length) {
    REAL(int, "posix_fallocate64", int, off64_t, off64_t);
    int n = real(fd, offset, length);
    return n == 0 ? allocated(fd, offset, length) : n;
}
int posix_fallocate(int fd, off_t offset, off_t length) { return posix_fallocate64(fd, offset, length); }

static int force(int fd, long call) {
    uint64_t covered = atomic_load(&entries);
    int n = (int)syscall(call, fd);
    if (n == 0 && journal >= 0 && fd >= 0 && fd < MAX_FD && slots[fd].ino) {
        if (slots[fd].folder) {
            char from[64], path[PATH_MAX];
            snprintf(from, sizeof from, "/proc/self/fd/%d", fd);
            ssize_t length = readlink(from, path, sizeof path - 1);
            if (length < 0) fatal("folder");
            entry('D', slots[fd].ino, 0, covered, path, (size_t)length);
        } else {
            entry('F', slots[fd].ino, 0, covered, NULL, 0);
        }
    }
    return n;
}
int fsync(int fd) { return force(fd, SYS_fsync); }
int fdatasync(int fd) { return force(fd, SYS_fdatasync); }

void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t offset) {
    void *start = (void *)syscall(SYS_mmap, address, length, protection, flags, fd, offset);
    struct slot *s = slot_of(fd);
    if (s && start != MAP_FAILED && (flags & MAP_SHARED) && (protection & PROT_WRITE)) {
        struct mapping *m = malloc(sizeof *m);
        if (!m) fatal("mapping");
        *m = (struct mapping){start, length, s->ino, (uint64_t)offset, NULL};
        pthread_mutex_lock(&lock);
        m->next = mappings;
        mappings = m;
        pthread_mutex_unlock(&lock);
    }
    return start;
}
void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
    return mmap64(address, length, protection, flags, fd, offset);
}

int munmap(void *address, size_t length) {
    if (journal >= 0 && mappings) {
        pthread_mutex_lock(&lock);
        for (struct mapping **at = &mappings; *at; at = &(*at)->next) {
            if ((*at)->start == address && (*at)->length == length) {
                struct mapping *gone = *at;
                *at = gone->next;
                free(gone);
                break;
            }
        }
        pthread_mutex_unlock(&lock);
    }
    return (int)syscall(SYS_munmap, address, length);
}

int msync(void *address, size_t length, int flags) {
    int n = (int)syscall(SYS_msync, address, length, flags);
    if (n != 0 || journal < 0) return n;
    pthread_mutex_lock(&lock);
    for (struct mapping *m = mappings; m; m = m->next) {
        char *from = address;
        if (from >= m->start && from + length <= m->start + ((m->length + 4095) & ~(size_t)4095)) {
            struct iovec one = {from, length};
            if (from + length > m->start + m->length) one.iov_len = (size_t)(m->start + m->length - from);
            entry_locked('M', m->ino, m->offset + (uint64_t)(from - m->start), 0, &one, 1);
            break;
        }
    }
    pthread_mutex_unlock(&lock);
    return n;
}

static void two(char type, const char *from, const char *to) {
    int saved = errno;
    struct iovec data[2] = {{(void *)from, strlen(from) + 1}, {(void *)to, strlen(to)}};
    pthread_mutex_lock(&lock);
    entry_locked(type, 0, 0, 0, data, 2);
    pthread_mutex_unlock(&lock);
    errno = saved;
}

static int rename_any(int fromfd, const char *from, int tofd, const char *to, unsigned flags) {
    char a[PATH_MAX], b[PATH_MAX];
    int watch = below(fromfd, from, a) && below(tofd, to, b);
    int n = (int)syscall(SYS_renameat2, fromfd, from, tofd, to, flags);
    if (n == 0 && watch) two('R', a, b);
    return n;
}
int rename(const char *from, const char *to) { return rename_any(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int fromfd, const char *from, int tofd, const char *to) { return rename_any(fromfd, from, tofd, to, 0); }
int renameat2(int fromfd, const char *from, int tofd, const char *to, unsigned flags) {
    return rename_any(fromfd, from, tofd, to, flags);
}

int link(const char *from, const char *to) {
    char a[PATH_MAX], b[PATH_MAX];
    int watch = below(AT_FDCWD, from, a) && below(AT_FDCWD, to, b);
    int n = (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
    if (n == 0 && watch) two('L', a, b);
    return n;
}

static int unlink_any(int dirfd, const char *path, int flags) {
    char full[PATH_MAX];
    int watch = below(dirfd, path, full);
    int n = (int)syscall(SYS_unlinkat, dirfd, path, flags);
    if (n == 0 && watch) entry('U', 0, 0, 0, full, strlen(full));
    return n;
}
int unlink(const char *path) { return unlink_any(AT_FDCWD, path, 0); }
int unlinkat(int dirfd, const char *path, int flags) { return unlink_any(dirfd, path, flags); }
int rmdir(const char *path) { return unlink_any(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
    int n = unlink_any(AT_FDCWD, path, 0);
    return n != 0 && errno == EISDIR ? unlink_any(AT_FDCWD, path, AT_REMOVEDIR) : n;
}

static int mkdir_any(int dirfd, const char *path, mode_t mode) {
    char full[PATH_MAX];
    int watch = below(dirfd, path, full);
    int n = (int)syscall(SYS_mkdirat, dirfd, path, mode);
    if (n == 0 && watch) entry('K', 0, 0, 0, full, strlen(full));
    return n;
}
int mkdir(const char *path, mode_t mode) { return mkdir_any(AT_FDCWD, path, mode); }
int mkdirat(int dirfd, const char *path, mode_t mode) { return mkdir_any(dirfd, path, mode); }
