#define _GNU_SOURCE
#include "CPosix.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/fs.h>
#include <sys/ioctl.h>
#endif
#ifdef __APPLE__
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

int wt_set_mtime_at(int directory, const char *name, int64_t seconds, int32_t nanoseconds) {
    struct timespec times[2] = {{0, UTIME_OMIT}, {seconds, nanoseconds}};
    return utimensat(directory, name, times, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno;
}

int wt_set_mtime_of(int descriptor, int64_t seconds, int32_t nanoseconds) {
    struct timespec times[2] = {{0, UTIME_OMIT}, {seconds, nanoseconds}};
    return futimens(descriptor, times) == 0 ? 0 : errno;
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

int wt_clone_at(int source_directory, const char *source, int target_directory, const char *target) {
#ifdef __APPLE__
    return clonefileat(source_directory, source, target_directory, target, CLONE_NOFOLLOW) == 0 ? 0 : errno;
#else
    (void)source_directory, (void)source, (void)target_directory, (void)target;
    return EOPNOTSUPP;
#endif
}

static int copy_through_buffer(int source, int target) {
    static const size_t size = 128 * 1024;
    char *buffer = malloc(size);
    if (!buffer) return ENOMEM;
    int result = 0;
    for (;;) {
        ssize_t count = read(source, buffer, size);
        if (count == 0) break;
        if (count < 0) {
            if (errno == EINTR) continue;
            result = errno;
            break;
        }
        for (ssize_t done = 0; done < count;) {
            ssize_t written = write(target, buffer + done, (size_t)(count - done));
            if (written < 0) {
                if (errno == EINTR) continue;
                result = errno;
                break;
            }
            done += written;
        }
        if (result) break;
    }
    free(buffer);
    return result;
}

int wt_copy_contents(int source, int target) {
#ifdef __linux__
    for (;;) {
        ssize_t count = copy_file_range(source, NULL, target, NULL, 1 << 30, 0);
        if (count == 0) return 0;
        if (count > 0 || errno == EINTR) continue;
        // Across file systems, and on those without the call, the rest goes through a buffer.
        if (errno == EXDEV || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP) break;
        return errno;
    }
#endif
    return copy_through_buffer(source, target);
}

const void *wt_find(const void *bytes, size_t size, const void *needle, size_t needle_size) {
    return memmem(bytes, size, needle, needle_size);
}

int wt_probe_lock(int descriptor) {
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) return errno;
    flock(descriptor, LOCK_UN);
    return 0;
}

int wt_spawn(const char *path, char *const arguments[], char *const environment[], const char *directory,
             int input, int output, int error, int32_t *pid) {
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
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
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

int wt_wait(int32_t pid) {
    int status;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
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
