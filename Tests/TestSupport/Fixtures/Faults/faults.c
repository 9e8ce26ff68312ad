// Runs a program of which one file-system call fails, or is the last. Only the calls of the program itself count, not those
// of its children, and only those that concern a file below ROOT, so that the same call has the same number every time.
//
//     faults LOG ROOT count -- PROGRAM ARGUMENT...            changes nothing
//     faults LOG ROOT fail NUMBER TURN -- PROGRAM ...         call NUMBER, counted from 1, fails: with the first of the errors
//                                                             that it can have where TURN is 0, with the next where it is 1,
//                                                             and with the first again after the last
//     faults LOG ROOT full NUMBER -- PROGRAM ...              from call NUMBER on, whatever needs room is told ENOSPC
//     faults LOG ROOT kill NUMBER -- PROGRAM ...              SIGKILL instead of call NUMBER
//
// LOG gets a line for each call: its number, its name, the errors that it can have, the error that it was given or -, and
// the path. The exit status is the program's, 128 and the signal where it died by one; 125 where this program cannot do its work. It ends when everything
// has ended that the program has left in the background.
//
// seccomp(2) hands each call over before the kernel carries it out (SECCOMP_RET_USER_NOTIF, Linux 5.5). It works on programs
// that are linked statically, too, and takes a small part of the time that ptrace(2) does. The program runs on one processor,
// where one thread does all that is done at all.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "which architecture is this?"
#endif

// Where a call names files: AT(i) a directory's descriptor in argument i and a name in the next one, PATH(i) a name, FD(i) a
// descriptor.
enum { none, at, path, fd };
struct place { unsigned char kind, argument; };
#define AT(i) {at, i}
#define PATH(i) {path, i}
#define FD(i) {fd, i}

// The errors that a call can have.
enum { E_IO = 1, E_SPACE = 2, E_ACCESS = 4, E_LINKS = 8, E_DEVICE = 16 };
static const struct { int bit, code; const char *name; } errors[] = {
    {E_IO, EIO, "EIO"}, {E_SPACE, ENOSPC, "ENOSPC"}, {E_ACCESS, EACCES, "EACCES"},
    {E_LINKS, EMLINK, "EMLINK"}, {E_DEVICE, EXDEV, "EXDEV"},
};
enum { error_count = sizeof errors / sizeof *errors, space = 1 };

// Calls that make or lengthen something are told ENOSPC, and of those open(2) only where it creates.
static const struct call { int number; const char *name; int errors; struct place places[2]; } calls[] = {
#define CALL(name, errors, ...) {SYS_##name, #name, errors, {__VA_ARGS__}},
    CALL(openat, E_IO | E_ACCESS, AT(0))
    CALL(openat2, E_IO | E_ACCESS | E_DEVICE, AT(0))
    CALL(newfstatat, E_IO | E_ACCESS, AT(0))
    CALL(statx, E_IO | E_ACCESS, AT(0))
    CALL(fstat, E_IO, FD(0))
    CALL(faccessat, E_IO | E_ACCESS, AT(0))
    CALL(faccessat2, E_IO | E_ACCESS, AT(0))
    CALL(readlinkat, E_IO | E_ACCESS, AT(0))
    CALL(statfs, E_IO | E_ACCESS, PATH(0))
    CALL(fstatfs, E_IO, FD(0))
    CALL(getdents64, E_IO, FD(0))
    CALL(read, E_IO, FD(0))
    CALL(pread64, E_IO, FD(0))
    CALL(readv, E_IO, FD(0))
    CALL(mmap, E_ACCESS, FD(4))
    CALL(flock, E_IO, FD(0))
    CALL(write, E_IO | E_SPACE, FD(0))
    CALL(pwrite64, E_IO | E_SPACE, FD(0))
    CALL(writev, E_IO | E_SPACE, FD(0))
    CALL(copy_file_range, E_IO | E_SPACE | E_DEVICE, FD(2))
    CALL(sendfile, E_IO | E_SPACE, FD(0))
    CALL(ftruncate, E_IO | E_SPACE, FD(0))
    CALL(truncate, E_IO | E_SPACE | E_ACCESS, PATH(0))
    CALL(fallocate, E_IO | E_SPACE, FD(0))
    CALL(fsync, E_IO | E_SPACE, FD(0))
    CALL(fdatasync, E_IO | E_SPACE, FD(0))
    CALL(ioctl, E_IO | E_SPACE | E_DEVICE, FD(0))
    CALL(mkdirat, E_IO | E_SPACE | E_ACCESS | E_LINKS, AT(0))
    CALL(linkat, E_IO | E_SPACE | E_ACCESS | E_LINKS | E_DEVICE, AT(0), AT(2))
    CALL(symlinkat, E_IO | E_SPACE | E_ACCESS, AT(1))
    CALL(renameat, E_IO | E_SPACE | E_ACCESS | E_LINKS | E_DEVICE, AT(0), AT(2))
    CALL(renameat2, E_IO | E_SPACE | E_ACCESS | E_LINKS | E_DEVICE, AT(0), AT(2))
    CALL(unlinkat, E_IO | E_ACCESS, AT(0))
    CALL(utimensat, E_IO | E_ACCESS, AT(0))
    CALL(fchmod, E_IO | E_ACCESS, FD(0))
    CALL(fchmodat, E_IO | E_ACCESS, AT(0))
    CALL(fchown, E_IO | E_ACCESS, FD(0))
    CALL(fchownat, E_IO | E_ACCESS, AT(0))
    CALL(chdir, E_IO | E_ACCESS, PATH(0))
    CALL(fchdir, E_IO | E_ACCESS, FD(0))
#ifdef __x86_64__
    CALL(open, E_IO | E_ACCESS, PATH(0))
    CALL(creat, E_IO | E_ACCESS | E_SPACE, PATH(0))
    CALL(stat, E_IO | E_ACCESS, PATH(0))
    CALL(lstat, E_IO | E_ACCESS, PATH(0))
    CALL(access, E_IO | E_ACCESS, PATH(0))
    CALL(readlink, E_IO | E_ACCESS, PATH(0))
    CALL(mkdir, E_IO | E_SPACE | E_ACCESS | E_LINKS, PATH(0))
    CALL(rmdir, E_IO | E_ACCESS, PATH(0))
    CALL(unlink, E_IO | E_ACCESS, PATH(0))
    CALL(link, E_IO | E_SPACE | E_ACCESS | E_LINKS | E_DEVICE, PATH(0), PATH(1))
    CALL(symlink, E_IO | E_SPACE | E_ACCESS, PATH(1))
    CALL(rename, E_IO | E_SPACE | E_ACCESS | E_LINKS | E_DEVICE, PATH(0), PATH(1))
    CALL(chmod, E_IO | E_ACCESS, PATH(0))
    CALL(chown, E_IO | E_ACCESS, PATH(0))
    CALL(lchown, E_IO | E_ACCESS, PATH(0))
    CALL(utime, E_IO | E_ACCESS, PATH(0))
    CALL(utimes, E_IO | E_ACCESS, PATH(0))
    CALL(futimesat, E_IO | E_ACCESS, AT(0))
#endif
};
enum { call_count = sizeof calls / sizeof *calls };

static void fail(const char *what, ...) {
    va_list arguments;
    int code = errno;
    va_start(arguments, what);
    fputs("faults: ", stderr);
    vfprintf(stderr, what, arguments);
    fprintf(stderr, ": %s\n", strerror(code));
    exit(125);
}

// MARK: The program

static int filter_calls(void) {
    struct sock_filter program[4 + call_count + 2];
    size_t count = 0;
    program[count++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    program[count++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    program[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    program[count++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (size_t index = 0; index < call_count; index++) {
        unsigned char to_notification = (unsigned char)(call_count - index);
        program[count++] = (struct sock_filter)BPF_JUMP(
            BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[index].number, to_notification, 0);
    }
    program[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    program[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    struct sock_fprog filter = {(unsigned short)count, program};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
}

// sendmsg and close are not among the calls that are handed over: nobody answers before the listener has arrived.
static void send_descriptor(int socket, int descriptor) {
    char byte = 0, control[CMSG_SPACE(sizeof descriptor)] = {0};
    struct iovec data = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof descriptor);
    memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    if (sendmsg(socket, &message, 0) != 1) _exit(125);
}

static int receive_descriptor(int socket) {
    char byte, control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec data = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != 1 || !CMSG_FIRSTHDR(&message)) return -1;
    int descriptor;
    memcpy(&descriptor, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof descriptor);
    return descriptor;
}

static void use_one_processor(void) {
    int own = sched_getcpu();
    if (own < 0) return;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(own, &one);
    sched_setaffinity(0, sizeof one, &one);
}

// MARK: Which files a call is about

static const char *root;
static size_t root_length;

// A NUL-ended text of another process. Reads page by page, since the text can end right before one that is not there.
static bool read_text(pid_t thread, uint64_t address, char *text, size_t size) {
    for (size_t done = 0; done < size;) {
        size_t piece = 4096 - (address + done) % 4096;
        if (piece > size - done) piece = size - done;
        struct iovec own = {text + done, piece}, other = {(void *)(address + done), piece};
        if (process_vm_readv(thread, &own, 1, &other, 1, 0) != (ssize_t)piece) return false;
        if (memchr(text + done, 0, piece)) return true;
        done += piece;
    }
    return false;
}

static bool read_link(const char *place, char *text, size_t size) {
    ssize_t count = readlink(place, text, size - 1);
    if (count < 0) return false;
    text[count] = 0;
    return true;
}

static bool path_of_descriptor(pid_t thread, int descriptor, char *text, size_t size) {
    char place[64];
    if (descriptor == AT_FDCWD) snprintf(place, sizeof place, "/proc/%d/cwd", (int)thread);
    else snprintf(place, sizeof place, "/proc/%d/fd/%d", (int)thread, descriptor);
    return read_link(place, text, size);
}

static bool path_of(const struct seccomp_notif *call, struct place place, char *text, size_t size) {
    const __u64 *arguments = call->data.args;
    if (place.kind == fd) return path_of_descriptor(call->pid, (int)arguments[place.argument], text, size);
    int directory = place.kind == at ? (int)arguments[place.argument] : AT_FDCWD;
    uint64_t address = arguments[place.argument + (place.kind == at)];
    char name[PATH_MAX] = "";
    if (address && !read_text(call->pid, address, name, sizeof name)) return false;
    if (name[0] == '/') return snprintf(text, size, "%s", name) < (int)size;
    char above[PATH_MAX];
    if (!path_of_descriptor(call->pid, directory, above, sizeof above)) return false;
    // Without a name it is the descriptor's own file.
    return snprintf(text, size, name[0] ? "%s/%s" : "%s", above, name) < (int)size;
}

static bool is_below_root(const char *text) {
    return strncmp(text, root, root_length) == 0 && (text[root_length] == '/' || text[root_length] == 0);
}

static int errors_of(const struct call *call, const struct seccomp_notif *made) {
    uint64_t flags = 0;
    switch (call->number) {
    case SYS_openat: flags = made->data.args[2]; break;
#ifdef SYS_open
    case SYS_open: flags = made->data.args[1]; break;
#endif
    case SYS_openat2: {
        struct open_how how;
        struct iovec own = {&how, sizeof how}, other = {(void *)made->data.args[2], sizeof how};
        if (process_vm_readv(made->pid, &own, 1, &other, 1, 0) == sizeof how) flags = how.flags;
        break;
    }
    }
    return call->errors | (flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)) ? E_SPACE : 0);
}

// MARK: Whose call it is

// The process of a thread, from /proc. Asked once for each.
static pid_t process_of(pid_t thread) {
    static struct { pid_t thread, process; } known[4096];
    static size_t count;
    for (size_t index = 0; index < count; index++) {
        if (known[index].thread == thread) return known[index].process;
    }
    char place[64], line[256];
    snprintf(place, sizeof place, "/proc/%d/status", (int)thread);
    FILE *file = fopen(place, "re");
    if (!file) return -1;
    int process = -1;
    while (fgets(line, sizeof line, file) && sscanf(line, "Tgid: %d", &process) != 1) {}
    fclose(file);
    if (count < sizeof known / sizeof *known) {
        known[count].thread = thread;
        known[count++].process = process;
    }
    return process;
}

// MARK: What becomes of it

static enum { counting, failing, filling, killing } mode;
static unsigned long wanted, number;
static unsigned turn;
static pid_t program;
static FILE *record;

// The one of the errors whose turn it is.
static int error_at_turn(int possible) {
    int count = 0;
    for (int index = 0; index < error_count; index++) count += (possible & errors[index].bit) != 0;
    int left = (int)(turn % (unsigned)count);
    for (int index = 0;; index++) {
        if ((possible & errors[index].bit) && left-- == 0) return index;
    }
}

// The error for a call, 0 where it is carried out, and -1 where the program was killed.
static int answer(const struct seccomp_notif *made) {
    const struct call *call = calls;
    while (call->number != made->data.nr) call++;
    // FICLONE is all that is asked of files.
    if (call->number == SYS_ioctl && (unsigned)made->data.args[1] != FICLONE) return 0;
    if (call->number == SYS_mmap && (made->data.args[3] & MAP_ANONYMOUS)) return 0;
    if (process_of(made->pid) != program) return 0;
    char text[2 * PATH_MAX];
    bool counts = false;
    for (int index = 0; index < 2 && !counts && call->places[index].kind != none; index++) {
        counts = path_of(made, call->places[index], text, sizeof text) && is_below_root(text);
    }
    if (!counts) return 0;
    number++;
    int possible = errors_of(call, made), given = -1;
    if (mode == filling && number >= wanted && possible & E_SPACE) given = space;
    if (mode == failing && number == wanted) given = error_at_turn(possible);
    fprintf(record, "%lu %s ", number, call->name);
    for (int index = 0, any = 0; index < error_count; index++) {
        if (possible & errors[index].bit) fprintf(record, any++ ? ",%s" : "%s", errors[index].name);
    }
    fprintf(record, " %s %s\n", given < 0 ? "-" : errors[given].name, text);
    if (mode == killing && number == wanted) {
        kill(program, SIGKILL);
        return -1;
    }
    return given < 0 ? 0 : errors[given].code;
}

static void serve(int listener) {
    static struct { struct seccomp_notif value; char room[256]; } made;
    static struct { struct seccomp_notif_resp value; char room[256]; } reply;
    struct pollfd waiting = {listener, POLLIN, 0};
    for (;;) {
        // A killed program leaves a zombie, which has no call to make any more; the listener's end comes with the last
        // process.
        int ready = poll(&waiting, 1, -1);
        if (ready < 0 && errno == EINTR) continue;
        if (ready < 0) fail("poll");
        if (!(waiting.revents & POLLIN)) return;
        memset(&made, 0, sizeof made);
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &made.value) != 0) {
            // The one who asked has died.
            if (errno == ENOENT || errno == EINTR) continue;
            fail("SECCOMP_IOCTL_NOTIF_RECV");
        }
        int code = answer(&made.value);
        if (code < 0) continue;
        memset(&reply, 0, sizeof reply);
        reply.value.id = made.value.id;
        if (code) reply.value.error = -code;
        else reply.value.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &reply.value) != 0 && errno != ENOENT) {
            fail("SECCOMP_IOCTL_NOTIF_SEND");
        }
    }
}

int main(int count, char **words) {
    if (count < 6) return 125;
    root = words[2];
    root_length = strlen(root);
    int next = 4;
    if (strcmp(words[3], "fail") == 0) mode = failing;
    else if (strcmp(words[3], "full") == 0) mode = filling;
    else if (strcmp(words[3], "kill") == 0) mode = killing;
    if (mode != counting) wanted = strtoul(words[next++], NULL, 10);
    if (mode == failing) turn = (unsigned)strtoul(words[next++], NULL, 10);
    if (next + 1 >= count || strcmp(words[next++], "--") != 0) return 125;
    record = fopen(words[1], "we");
    if (!record) fail("%s", words[1]);

    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) fail("socketpair");
    program = fork();
    if (program < 0) fail("fork");
    if (program == 0) {
        use_one_processor();
        // Closed by exec.
        int listener = filter_calls();
        if (listener < 0) _exit(125);
        send_descriptor(ends[1], listener);
        close(listener);
        execvp(words[next], words + next);
        _exit(125);
    }
    close(ends[1]);
    int listener = receive_descriptor(ends[0]);
    if (listener < 0) fail("seccomp");
    serve(listener);
    int status;
    while (waitpid(program, &status, 0) < 0) {
        if (errno != EINTR) fail("waitpid");
    }
    if (fclose(record) != 0) fail("%s", words[1]);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
