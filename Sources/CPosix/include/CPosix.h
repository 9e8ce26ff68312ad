// The few calls that Swift's Glibc and Darwin modules do not show, or show differently.
// Plain types only: a header that Swift imports must not ask for _GNU_SOURCE.
#ifndef WT_CPOSIX_H
#define WT_CPOSIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What wt needs of `struct stat`, with the fields that are named differently on Linux and macOS.
struct wt_status {
    uint32_t mode;
    uint32_t uid;
    uint32_t gid;
    uint64_t device;
    uint64_t inode;
    uint64_t links;
    int64_t size;
    /// In units of 512 bytes, as POSIX has it.
    int64_t blocks;
    int64_t mtime_seconds;
    int32_t mtime_nanoseconds;
    int64_t ctime_seconds;
    int32_t ctime_nanoseconds;
};

/// fstatat(2) with AT_SYMLINK_NOFOLLOW. Returns 0, or an errno value.
int wt_status_at(int directory, const char *name, struct wt_status *status);
/// fstat(2). Returns 0, or an errno value.
int wt_status_of(int descriptor, struct wt_status *status);

/// When the file came into being (statx(2), STATX_BTIME), not followed; both 0 where the file system does not keep it.
/// Returns 0, or an errno value.
int wt_birth_time_at(int directory, const char *name, int64_t *seconds, int32_t *nanoseconds);

/// Opens the child directory `name` unless something is mounted there (openat2(2) with RESOLVE_NO_XDEV, which notices
/// bind mounts too; elsewhere device numbers are compared). Follows no symlink. Returns a descriptor, or an errno value
/// below zero: -EXDEV for a mount point.
int wt_open_directory_on_same_mount(int directory, const char *name);

/// The entries of a directory, one behind the other: at each a 16-bit length of the whole record at byte 16, the type as in
/// `d_type` at byte 18, and the name with a NUL from byte 19 on (struct linux_dirent64 of getdents64(2)).
struct wt_entries {
    char *bytes;
    size_t size;
    size_t capacity;
};

/// Reads all entries of a directory that was just opened, `.` and `..` included, over what `entries` held before. Types are
/// found out by fstatat(2) where the file system does not tell them. With `fills`, a read that left room for another entry
/// was the last. The memory grows as needed and belongs to the caller, who frees `bytes`. Returns 0 or an errno value.
int wt_read_entries(int descriptor, bool fills, struct wt_entries *entries);

/// Whether the directory is on a file system that is known to fill the buffer of every getdents64(2) as long as there are
/// entries (ext4_readdir, xfs_readdir, btrfs_real_readdir and offset_readdir of Linux): others may stop short.
bool wt_fills_reads(int descriptor);

/// Sets the mtime and leaves the atime; never follows a symlink (utimensat(2), UTIME_OMIT). Returns 0 or errno.
int wt_set_mtime_at(int directory, const char *name, int64_t seconds, int32_t nanoseconds);
/// The same on an open file (futimens(2)).
int wt_set_mtime_of(int descriptor, int64_t seconds, int32_t nanoseconds);

/// Makes the permission bits of an open file exactly these, which open(2) leaves to the umask (fchmod(2)). Returns 0 or
/// errno.
int wt_set_permissions_of(int descriptor, uint32_t permissions);

/// The clock that the kernel stamps files with: CLOCK_REALTIME_COARSE where there is one.
void wt_file_clock(int64_t *seconds, int32_t *nanoseconds);

/// Makes `target` share all blocks of `source` (FICLONE). Returns 0 or errno; EOPNOTSUPP where there is no such call.
int wt_reflink(int source, int target);
/// Opens a new file in `directory` that has no name and goes with its descriptor (O_TMPFILE). Returns a descriptor, or an
/// errno value below zero: -EOPNOTSUPP where there is no such thing.
int wt_open_nameless_file(const char *directory);
/// clonefileat(2) on macOS; EOPNOTSUPP elsewhere. Returns 0 or errno.
int wt_clone_at(int source_directory, const char *source, int target_directory, const char *target);
/// write(2) until all is written. Returns 0 or errno.
int wt_write_all(int target, const void *bytes, size_t count);
/// Copies the whole of `source` to `target`, in the kernel where it can. `size` is the length that the source had when it
/// was opened: with that many bytes copied nobody is asked whether there are more. 0 where it is not known, and for files
/// that say so and have something to read. Returns 0 or errno.
int wt_copy_contents(int source, int target, int64_t size);
/// Copies at most `limit` bytes more from where both files are, in the kernel where it can, and says how many; 0 at the end.
/// Returns 0 or errno.
int wt_copy_part(int source, int target, size_t limit, size_t *copied);

/// Whether files of the file system can share blocks below the inode, or compress them, so that the blocks of an inode do
/// not tell what its removal frees (statfs(2), f_type): 1 or 0, or an errno value below zero.
int wt_may_share_blocks(const char *path);

/// How many processors this process may run on (sched_getaffinity(2), as nproc(1) says); at least 1.
int wt_processors(void);

/// memmem(3): the first place of `needle` in `bytes`, or null.
const void *wt_find(const void *bytes, size_t size, const void *needle, size_t needle_size);

/// flock(2) with LOCK_EX, after waiting for whoever holds it. Returns 0 or errno.
int wt_wait_for_lock(int descriptor);
/// flock(2) LOCK_EX|LOCK_NB, released at once. Returns 0 when the lock was free, EWOULDBLOCK when it is held, or errno.
int wt_probe_lock(int descriptor);
/// Removes the file at `path`, on which `descriptor` is open, unless another process has it open, or opens it while this
/// goes on (fcntl(2), F_SETLEASE). Returns 0; EBUSY when somebody has it open; or an errno value, for example where the
/// system has no such thing. The file is where it was then.
int wt_remove_unless_open(int descriptor, const char *path);

/// Starts a program. A null `directory` keeps the current one; descriptors are duplicated to 0, 1 and 2.
/// The child has the default disposition of every signal. Stops ignoring SIGCHLD where it was ignored, because
/// wt_wait could not learn the status. Returns 0 or an errno value.
int wt_spawn(const char *path, char *const arguments[], char *const environment[], const char *directory,
             int input, int output, int error, int32_t *pid);
/// The same in a session of its own (setsid(2)), with the null device for all three streams: it outlives its starter,
/// and no terminal's signals reach it.
int wt_spawn_detached(const char *path, char *const arguments[], char *const environment[]);
/// Lets everybody else go first: the lowest priority for the processor, and the idle class for disks where there is one.
void wt_lower_priority(void);
/// waitpid(2), restarted after EINTR. Returns the exit status, 128 plus the number of a fatal signal, or -1.
int wt_wait(int32_t pid);
/// A descriptor that poll(2) finds readable once the child has ended (pidfd_open(2)); -1 where there is no such call.
int wt_open_process(int32_t pid);
/// Sends a signal to the process of such a descriptor, and to no other one that has got its number since
/// (pidfd_send_signal(2)).
void wt_signal_process(int descriptor, int signal);
/// The processes that `pid` has started and that still run, as many of them as there is room for, in `found`. Returns
/// their number; 0 where the system does not say.
int wt_children(int32_t pid, int32_t *found, int capacity);
/// pipe(2) with both ends close-on-exec. Returns 0 or errno.
int wt_pipe(int ends[2]);

#endif
