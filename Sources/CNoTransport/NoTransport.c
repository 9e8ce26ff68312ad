// wt never opens a network connection through libgit2, but git_libgit2_init() prepares for one all the same: Debian's
// build parses the whole bundle of certificates with mbedTLS, which is most of the time that a short program takes, and
// initialises libssh2. libgit2 has no option to skip that. A symbol that the executable defines goes before the same
// one in a shared library, so these stand in for the real functions; a libgit2 that uses another TLS library never
// calls them.
#include "CNoTransport.h"

#include <stddef.h>

/// X509: "the file could not be read" (MBEDTLS_ERR_X509_FILE_IO_ERROR). libgit2 goes on without certificates.
int mbedtls_x509_crt_parse_file(void *chain, const char *path);
int mbedtls_x509_crt_parse_file(void *chain, const char *path) {
    (void)chain, (void)path;
    return -0x2900;
}

/// The same for a directory of certificates.
int mbedtls_x509_crt_parse_path(void *chain, const char *path);
int mbedtls_x509_crt_parse_path(void *chain, const char *path) {
    (void)chain, (void)path;
    return -0x2900;
}

/// Nothing is encrypted, so no randomness is gathered for it: that takes a million instructions.
void mbedtls_entropy_init(void *context);
void mbedtls_entropy_init(void *context) { (void)context; }

/// Success, with nothing done.
int mbedtls_ctr_drbg_seed(void *context, void *source, void *state, const unsigned char *text, size_t length);
int mbedtls_ctr_drbg_seed(void *context, void *source, void *state, const unsigned char *text, size_t length) {
    (void)context, (void)source, (void)state, (void)text, (void)length;
    return 0;
}

/// Success, with nothing done.
int libssh2_init(int flags);
int libssh2_init(int flags) {
    (void)flags;
    return 0;
}

/// Its counterpart.
void libssh2_exit(void);
void libssh2_exit(void) {}
