// What Swift cannot import from libgit2 itself: variadic functions and initialiser macros.
#ifndef WT_CLIBGIT2_SHIM_H
#define WT_CLIBGIT2_SHIM_H

#include <git2.h>

/// `git_libgit2_opts` is variadic; this passes the one integer that the switches of libgit2 take.
static inline int wt_git_libgit2_switch(int option, int enabled) {
    return git_libgit2_opts(option, enabled);
}

#endif
