#define _GNU_SOURCE
#include "CPosix.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#if __has_include(<linux/openat2.h>)
#include <linux/openat2.h>
#endif
#endif
#ifdef __APPLE__
#include <libproc.h>
#include <sys/clonefile.h>
#define st_mtim st_mtimespec
#define st_ctim st_ctimespec
#endif

static void fill(struct wt_status *out, const struct stat *in) {
    out->mode = in->st_mode;
    out->uid = in->st_uid;
    out->gid = in->st_gid;
    out->device = (uint64_t)in->st_dev;
    out->inode = in->st_ino;
    out->links = in->st_nlink;
    out->size = in->st_size;
    out->blocks = in->st_blocks;
    out->mtime_seconds = in->st_mtim.tv_sec;
    out->mtime_nanoseconds = (int32_t)in->st_mtim.tv_nsec;
    out->ctime_seconds = in->st_ctim.tv_sec;
    out->ctime_nanoseconds = (int32_t)in->st_ctim.tv_nsec;
}

int wt_status_at(int directory, const char *name, struct wt_status *status) {
    struct stat found;
    if (fstatat(directory, name, &found, AT_SYMLINK_NOFOLLOW) != 0) return errno;
    fill(status, &found);
    return 0;
}

int wt_status_of(int descriptor, struct wt_status *status) {
    struct stat found;
    if (fstat(descriptor, &found) != 0) return errno;
    fill(status, &found);
    return 0;
}

int wt_birth_time_at(int directory, const char *name, int64_t *seconds, int32_t *nanoseconds) {
    *seconds = 0;
    *nanoseconds = 0;
#if defined(__linux__) && defined(STATX_BTIME)
    struct statx found;
    if (statx(directory, name, AT_SYMLINK_NOFOLLOW, STATX_BTIME, &found) != 0) return errno == ENOSYS ? 0 : errno;
    if (found.stx_mask & STATX_BTIME) {
        *seconds = found.stx_btime.tv_sec;
        *nanoseconds = (int32_t)found.stx_btime.tv_nsec;
    }
#elif defined(__APPLE__)
    struct stat found;
    if (fstatat(directory, name, &found, AT_SYMLINK_NOFOLLOW) != 0) return errno;
    *seconds = found.st_birthtimespec.tv_sec;
    *nanoseconds = (int32_t)found.st_birthtimespec.tv_nsec;
#else
    (void)directory, (void)name;
#endif
    return 0;
}

// For systems that cannot be asked about mounts: a bind mount of the same file system goes unnoticed here.
static int open_on_same_device(int directory, const char *name, int flags) {
    struct stat above, below;
    if (fstat(directory, &above) != 0) return -errno;
    int opened = openat(directory, name, flags);
    if (opened < 0) return -errno;
    int result = fstat(opened, &below) != 0 ? -errno : above.st_dev == below.st_dev ? opened : -EXDEV;
    if (result < 0) close(opened);
    return result;
}

int wt_open_directory_on_same_mount(int directory, const char *name) {
    const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
#if defined(SYS_openat2) && defined(RESOLVE_NO_XDEV)
    struct open_how how = {.flags = (uint64_t)flags, .resolve = RESOLVE_NO_XDEV};
    long opened = syscall(SYS_openat2, directory, name, &how, sizeof how);
    if (opened >= 0) return (int)opened;
    // Kernels before 5.6 do not have the call, and some sandboxes forbid it.
    if (errno != ENOSYS && errno != EPERM) return -errno;
#endif
    return open_on_same_device(directory, name, flags);
}

enum { entry_length = 16, entry_type = 18, entry_name = 19 };

static bool reserve(struct wt_entries *entries, size_t more) {
    if (entries->capacity - entries->size >= more) return true;
    size_t capacity = 2 * entries->capacity + more;
    char *bytes = realloc(entries->bytes, capacity);
    if (!bytes) return false;
    entries->bytes = bytes;
    entries->capacity = capacity;
    return true;
}

#ifdef __linux__
// readdir(3) would cost two more calls a directory, and memory for each.
static int read_all(int descriptor, bool fills, struct wt_entries *entries) {
    const size_t usual = 32 * 1024;
    // Names of FUSE file systems can have more than 255 bytes (FUSE_NAME_MAX of Linux), those of the others in
    // `wt_fills_reads` cannot.
    const size_t least = 8 * 1024, longest = 320;
    for (;;) {
        // The next read nearly always finds only the end: for that nothing is made larger, since realloc(3) may have to copy
        // what is there, and whether it has to goes by where the heap begins.
        if (!reserve(entries, entries->capacity ? least : usual)) return ENOMEM;
        size_t room = entries->capacity - entries->size;
        long count = syscall(SYS_getdents64, descriptor, entries->bytes + entries->size, room);
        if (count < 0) return errno;
        if (count == 0) return 0;
        entries->size += (size_t)count;
        if (fills && room - (size_t)count >= longest) return 0;
    }
}
#else
static int read_all(int descriptor, bool fills, struct wt_entries *entries) {
    (void)fills;
    int copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (copy < 0) return errno;
    DIR *stream = fdopendir(copy);
    if (!stream) {
        int code = errno;
        close(copy);
        return code;
    }
    int result = 0;
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(stream);
        if (!entry) {
            result = errno;
            break;
        }
        size_t name = strlen(entry->d_name) + 1;
        uint16_t length = (uint16_t)((entry_name + name + 7) & ~(size_t)7);
        if (!reserve(entries, length)) {
            result = ENOMEM;
            break;
        }
        char *record = entries->bytes + entries->size;
        memcpy(record + entry_length, &length, sizeof length);
        record[entry_type] = (char)entry->d_type;
        memcpy(record + entry_name, entry->d_name, name);
        entries->size += length;
    }
    closedir(stream);
    return result;
}
#endif

bool wt_fills_reads(int descriptor) {
#ifdef __linux__
    struct statfs found;
    if (fstatfs(descriptor, &found) != 0) return false;
    switch ((uint32_t)found.f_type) {
    case 0xEF53:     // ext2 to ext4
    case 0x58465342: // XFS
    case 0x9123683E: // btrfs
    case 0x01021994: // tmpfs
        return true;
    default:
        return false;
    }
#else
    (void)descriptor;
    return false;
#endif
}

int wt_read_entries(int descriptor, bool fills, struct wt_entries *entries) {
    entries->size = 0;
    int result = read_all(descriptor, fills, entries);
    if (result) return result;
    for (size_t position = 0; position < entries->size;) {
        char *record = entries->bytes + position;
        if (record[entry_type] == DT_UNKNOWN) {
            struct stat found;
            if (fstatat(descriptor, record + entry_name, &found, AT_SYMLINK_NOFOLLOW) != 0) return errno;
            record[entry_type] = (char)IFTODT(found.st_mode);
        }
        uint16_t length;
        memcpy(&length, record + entry_length, sizeof length);
        position += length;
    }
    return 0;
}

int wt_set_mtime_at(int directory, const char *name, int64_t seconds, int32_t nanoseconds) {
    struct timespec times[2] = {{0, UTIME_OMIT}, {seconds, nanoseconds}};
    return utimensat(directory, name, times, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno;
}

int wt_set_mtime_of(int descriptor, int64_t seconds, int32_t nanoseconds) {
    struct timespec times[2] = {{0, UTIME_OMIT}, {seconds, nanoseconds}};
    return futimens(descriptor, times) == 0 ? 0 : errno;
}

int wt_set_permissions_of(int descriptor, uint32_t permissions) {
    // Nearly always the umask took nothing away, and looking is cheaper than a change that the journal has to record.
    struct stat found;
    if (fstat(descriptor, &found) != 0) return errno;
    if ((found.st_mode & 07777) == permissions) return 0;
    return fchmod(descriptor, (mode_t)permissions) == 0 ? 0 : errno;
}

void wt_file_clock(int64_t *seconds, int32_t *nanoseconds) {
    struct timespec now;
#ifdef CLOCK_REALTIME_COARSE
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
#else
    clock_gettime(CLOCK_REALTIME, &now);
#endif
    *seconds = now.tv_sec;
    *nanoseconds = (int32_t)now.tv_nsec;
}

int wt_reflink(int source, int target) {
#ifdef FICLONE
    return ioctl(target, FICLONE, source) == 0 ? 0 : errno;
#else
    (void)source, (void)target;
    return EOPNOTSUPP;
#endif
}

int wt_open_nameless_file(const char *directory) {
#ifdef O_TMPFILE
    int opened = open(directory, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    return opened < 0 ? -errno : opened;
#else
    (void)directory;
    return -EOPNOTSUPP;
#endif
}

int wt_clone_at(int source_directory, const char *source, int target_directory, const char *target) {
#ifdef __APPLE__
    return clonefileat(source_directory, source, target_directory, target, CLONE_NOFOLLOW) == 0 ? 0 : errno;
#else
    (void)source_directory, (void)source, (void)target_directory, (void)target;
    return EOPNOTSUPP;
#endif
}

int wt_write_all(int target, const void *bytes, size_t count) {
    for (size_t done = 0; done < count;) {
        ssize_t written = write(target, (const char *)bytes + done, count - done);
        if (written < 0) {
            if (errno == EINTR) continue;
            return errno;
        }
        done += (size_t)written;
    }
    return 0;
}

static int copy_through_buffer(int source, int target) {
    static const size_t size = 128 * 1024;
    char *buffer = malloc(size);
    if (!buffer) return ENOMEM;
    int result = 0;
    while (!result) {
        ssize_t count = read(source, buffer, size);
        if (count == 0) break;
        if (count > 0) result = wt_write_all(target, buffer, (size_t)count);
        else if (errno != EINTR) result = errno;
    }
    free(buffer);
    return result;
}

#ifdef __linux__
// Across file systems, on those without the call, and in sandboxes, the kernel leaves the copying to its caller.
static bool is_left_to_caller(int code) {
    return code == EXDEV || code == EINVAL || code == ENOSYS || code == EOPNOTSUPP || code == EPERM;
}
#endif

int wt_copy_contents(int source, int target, int64_t size) {
#ifdef __linux__
    for (int64_t done = 0;;) {
        ssize_t count = copy_file_range(source, NULL, target, NULL, 1 << 30, 0);
        if (count > 0) done += count;
        if (count > 0 && done != size) continue;
        if (count >= 0 && done > 0) return 0;
        // Some file systems say 0 for files that have something to read: only read(2) tells an empty file for certain.
        if (count == 0) break;
        // The rest goes through a buffer.
        if (is_left_to_caller(errno)) break;
        if (errno != EINTR) return errno;
    }
#endif
    return copy_through_buffer(source, target);
}

int wt_copy_part(int source, int target, size_t limit, size_t *copied) {
    *copied = 0;
#ifdef __linux__
    ssize_t count;
    do count = copy_file_range(source, NULL, target, NULL, limit, 0);
    while (count < 0 && errno == EINTR);
    if (count > 0) {
        *copied = (size_t)count;
        return 0;
    }
    // As in wt_copy_contents: the end is believed to read(2) alone.
    if (count < 0 && !is_left_to_caller(errno)) return errno;
#endif
    char buffer[64 * 1024];
    while (*copied < limit) {
        size_t room = limit - *copied < sizeof buffer ? limit - *copied : sizeof buffer;
        ssize_t got = read(source, buffer, room);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errno;
        if (got == 0) return 0;
        int code = wt_write_all(target, buffer, (size_t)got);
        if (code != 0) return code;
        *copied += (size_t)got;
    }
    return 0;
}

int wt_processors(void) {
#ifdef __linux__
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return CPU_COUNT(&allowed);
#endif
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : (int)count;
}

const void *wt_find(const void *bytes, size_t size, const void *needle, size_t needle_size) {
    return memmem(bytes, size, needle, needle_size);
}

int wt_wait_for_lock(int descriptor) {
    while (flock(descriptor, LOCK_EX) != 0) {
        if (errno != EINTR) return errno;
    }
    return 0;
}

int wt_probe_lock(int descriptor) {
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) return errno;
    flock(descriptor, LOCK_UN);
    return 0;
}

int wt_remove_unless_open(int descriptor, const char *path) {
#ifdef __linux__
    struct stat opened, named;
    if (fstat(descriptor, &opened) != 0 || lstat(path, &named) != 0) return errno;
    if (opened.st_dev != named.st_dev || opened.st_ino != named.st_ino) return ESTALE;
    char aside[PATH_MAX];
    if ((size_t)snprintf(aside, sizeof aside, "%s.removed", path) >= sizeof aside) return ENAMETOOLONG;
    // Who opens the file from now on waits, and the kernel tells us with a signal: one that is ignored by default.
    if (fcntl(descriptor, F_SETSIG, SIGURG) != 0) return errno;
    if (fcntl(descriptor, F_SETLEASE, F_WRLCK) != 0) return errno == EAGAIN ? EBUSY : errno;
    int code = 0;
    if (renameat2(AT_FDCWD, path, AT_FDCWD, aside, RENAME_NOREPLACE) != 0) {
        code = errno;
    } else if (fcntl(descriptor, F_GETLEASE) == F_WRLCK) {
        // Nobody has come by the old name, and nobody can any more.
        if (unlink(aside) != 0) code = errno;
    } else {
        code = EBUSY;
        if (renameat2(AT_FDCWD, aside, AT_FDCWD, path, RENAME_NOREPLACE) != 0) code = errno;
    }
    fcntl(descriptor, F_SETLEASE, F_UNLCK);
    return code;
#else
    (void)descriptor;
    (void)path;
    return EOPNOTSUPP;
#endif
}

static int spawn(const char *path, char *const arguments[], char *const environment[], const char *directory,
                 int input, int output, int error, short more_flags, int32_t *pid) {
    // Whoever started us may ignore SIGCHLD; then the kernel would throw every exit status away.
    struct sigaction child_signal;
    if (sigaction(SIGCHLD, NULL, &child_signal) == 0 && child_signal.sa_handler == SIG_IGN) signal(SIGCHLD, SIG_DFL);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int result = posix_spawn_file_actions_init(&actions);
    if (result) return result;
    result = posix_spawnattr_init(&attributes);
    if (result) {
        posix_spawn_file_actions_destroy(&actions);
        return result;
    }
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, (short)(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | more_flags));
    if (directory) result = posix_spawn_file_actions_addchdir_np(&actions, directory);
    if (!result) result = posix_spawn_file_actions_adddup2(&actions, input, 0);
    if (!result) result = posix_spawn_file_actions_adddup2(&actions, output, 1);
    if (!result) result = posix_spawn_file_actions_adddup2(&actions, error, 2);
    pid_t child = -1;
    if (!result) result = posix_spawn(&child, path, &actions, &attributes, arguments, environment);
    *pid = child;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return result;
}

int wt_spawn(const char *path, char *const arguments[], char *const environment[], const char *directory,
             int input, int output, int error, int32_t *pid) {
    return spawn(path, arguments, environment, directory, input, output, error, 0, pid);
}

int wt_spawn_detached(const char *path, char *const arguments[], char *const environment[]) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0) return errno;
    int32_t pid;
    int result = spawn(path, arguments, environment, NULL, null, null, null, POSIX_SPAWN_SETSID, &pid);
    close(null);
    return result;
}

void wt_lower_priority(void) {
    setpriority(PRIO_PROCESS, 0, 19);
#ifdef SYS_ioprio_set
    // IOPRIO_WHO_PROCESS, this one; IOPRIO_CLASS_IDLE in the bits above 13 (ioprio_set(2)).
    syscall(SYS_ioprio_set, 1, 0, 3 << 13);
#endif
}

int wt_wait(int32_t pid) {
    int status;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int wt_open_process(int32_t pid) {
#ifdef SYS_pidfd_open
    return (int)syscall(SYS_pidfd_open, pid, 0);
#else
    (void)pid;
    return -1;
#endif
}

void wt_signal_process(int descriptor, int signal) {
#ifdef SYS_pidfd_send_signal
    if (descriptor >= 0) syscall(SYS_pidfd_send_signal, descriptor, signal, NULL, 0);
#else
    (void)descriptor, (void)signal;
#endif
}

int wt_children(int32_t pid, int32_t *found, int capacity) {
    int count = 0;
#ifdef __linux__
    // A list for each thread (proc(5)).
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *tasks = opendir(path);
    if (!tasks) return 0;
    for (struct dirent *task; (task = readdir(tasks));) {
        if (task->d_name[0] == '.') continue;
        char list[64];
        snprintf(list, sizeof list, "/proc/%d/task/%.12s/children", (int)pid, task->d_name);
        FILE *file = fopen(list, "re");
        if (!file) continue;
        for (int child; count < capacity && fscanf(file, "%d", &child) == 1;) found[count++] = child;
        fclose(file);
    }
    closedir(tasks);
#elif defined(__APPLE__)
    int listed = proc_listchildpids(pid, found, capacity * (int)sizeof *found);
    if (listed > 0) count = listed;
#else
    (void)pid, (void)found, (void)capacity;
#endif
    return count;
}

int wt_pipe(int ends[2]) {
#ifdef __linux__
    return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno;
#else
    if (pipe(ends) != 0) return errno;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return 0;
#endif
}

int wt_may_share_blocks(const char *path) {
#ifdef __linux__
    struct statfs found;
    if (statfs(path, &found) != 0) return -errno;
    // linux/magic.h does not have all of them.
    switch ((uint32_t)found.f_type) {
    case 0x9123683E: // btrfs
    case 0x58465342: // XFS
    case 0xCA451A4E: // bcachefs
    case 0x2FC12FC1: // ZFS
    case 0x7461636F: // OCFS2
    case 0x794C7630: // overlayfs, whatever is below
    case 0x6969:     // NFS, whatever is behind
    case 0xFF534D42: // CIFS
    case 0xFE534D42: // SMB
        return 1;
    default:
        return 0;
    }
#else
    // APFS.
    (void)path;
    return 1;
#endif
}
