/* limit DONOR RECIPIENT <LIST
   Makes in RECIPIENT what LIST names, from DONOR: what has to be done at the least for a seeded build directory, by a
   program that has to find out nothing. A line each, in the order in which they are to be made:
       D path    a directory; the lines behind it, up to the next D, are in it
       L name    a hard link to the donor's file
       C name    a copy with the donor's mode and times
       S name    a symlink with the same target
   Every path counts from DONOR and from RECIPIENT, which exists. No line has a newline in its name. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define FICLONE_REQUEST _IOW(0x94, 9, int)

static void stop(const char *call, const char *path) {
    fprintf(stderr, "limit: %s: ", path);
    perror(call);
    exit(1);
}

static void copy_bytes(int from, int to, off_t size, const char *name) {
    if (ioctl(to, FICLONE_REQUEST, from) == 0) return;
    while (size > 0) {
        ssize_t done = copy_file_range(from, NULL, to, NULL, size, 0);
        if (done <= 0) stop("copy_file_range", name);
        size -= done;
    }
}

static void copy(int from_directory, int to_directory, const char *name) {
    struct stat status;
    int from = openat(from_directory, name, O_RDONLY | O_CLOEXEC);
    if (from < 0 || fstat(from, &status) < 0) stop("open", name);
    int to = openat(to_directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, status.st_mode & 07777);
    if (to < 0) stop("create", name);
    if (status.st_size > 0) copy_bytes(from, to, status.st_size, name);
    struct timespec times[2] = {status.st_atim, status.st_mtim};
    if (futimens(to, times) < 0) stop("futimens", name);
    close(from);
    close(to);
}

int main(int count, char **words) {
    if (count != 3) return 64;
    int donor = open(words[1], O_RDONLY | O_DIRECTORY), recipient = open(words[2], O_RDONLY | O_DIRECTORY);
    if (donor < 0 || recipient < 0) stop("open", words[donor < 0 ? 1 : 2]);
    int from = donor, to = recipient;
    char *line = NULL, target[PATH_MAX];
    size_t room = 0;
    ssize_t length;
    umask(0);
    while ((length = getline(&line, &room, stdin)) > 2) {
        line[length - 1] = 0;
        char *name = line + 2;
        switch (line[0]) {
        case 'D':
            if (from != donor) close(from);
            if (to != recipient) close(to);
            if (mkdirat(recipient, name, 0777) < 0) stop("mkdir", name);
            from = openat(donor, name, O_RDONLY | O_DIRECTORY);
            to = openat(recipient, name, O_RDONLY | O_DIRECTORY);
            if (from < 0 || to < 0) stop("open", name);
            break;
        case 'L':
            if (linkat(from, name, to, name, 0) < 0) stop("link", name);
            break;
        case 'C':
            copy(from, to, name);
            break;
        case 'S':
            length = readlinkat(from, name, target, sizeof target - 1);
            if (length < 0) stop("readlink", name);
            target[length] = 0;
            if (symlinkat(target, to, name) < 0) stop("symlink", name);
            break;
        default:
            fprintf(stderr, "limit: not understood: %s\n", line);
            return 1;
        }
    }
    return 0;
}
