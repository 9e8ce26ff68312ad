// usage: RUSTC_WRAPPER=stand-in-for-rustc EMPTY=<path without suffix> cargo build
// Leaves what rustc leaves for a library with nothing in it, without compiling: copies of EMPTY.rlib and EMPTY.rmeta under
// the names that cargo asks for, dep-info, and the lines by which cargo learns of them. Thousands of compilations would take
// longer than all that is measured behind them. Fingerprints are cargo's own. What else cargo asks of the compiler, the
// compiler answers.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

static const char *text(const char *format, const char *first, const char *second, const char *third) {
    char *made;
    if (asprintf(&made, format, first, second, third) < 0) exit(1);
    return made;
}

static void must(int holds, const char *what) {
    if (!holds) {
        perror(what);
        exit(1);
    }
}

static void copy(const char *from, const char *to) {
    int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    must(in >= 0, from);
    must(out >= 0, to);
    ssize_t count;
    while ((count = sendfile(out, in, NULL, 1 << 20)) > 0) {}
    must(count == 0, to);
    close(in);
    must(close(out) == 0, to);
}

// The argument behind `word`.
static const char *after(char **words, const char *word) {
    for (; *words; words++)
        if (strcmp(*words, word) == 0) return words[1];
    return NULL;
}

int main(int count, char **words) {
    const char *empty = getenv("EMPTY"), *directory = after(words, "--out-dir"), *suffix = "", *source = NULL;
    if (count < 2 || !empty) return 1;
    if (!directory) {
        execvp(words[1], words + 1);
        must(0, words[1]);
    }
    for (char **word = words; *word; word++) {
        size_t length = strlen(*word);
        if (strncmp(*word, "extra-filename=", 15) == 0) suffix = *word + 15;
        if (length > 6 && strcmp(*word + length - 6, "lib.rs") == 0) source = *word;
    }
    const char *name = after(words, "--crate-name");
    if (!name || !source) return 1;
    const char *unit = text("%s/%s%s", directory, name, suffix), *library = text("%s/lib%s%s", directory, name, suffix);
    const char *dep_info = text("%s%s%s", unit, ".d", ""), *metadata = text("%s%s%s", library, ".rmeta", "");
    const char *archive = text("%s%s%s", library, ".rlib", "");
    copy(text("%s%s%s", empty, ".rmeta", ""), metadata);
    copy(text("%s%s%s", empty, ".rlib", ""), archive);
    FILE *file = fopen(dep_info, "w");
    must(file != NULL, dep_info);
    fprintf(file, "%s: %s\n\n%s: %s\n\n%s: %s\n\n%s:\n", dep_info, source, archive, source, metadata, source, source);
    must(fclose(file) == 0, dep_info);
    fprintf(stderr, "{\"$message_type\":\"artifact\",\"artifact\":\"%s\",\"emit\":\"metadata\"}\n", metadata);
    fprintf(stderr, "{\"$message_type\":\"artifact\",\"artifact\":\"%s\",\"emit\":\"link\"}\n", archive);
    return 0;
}
