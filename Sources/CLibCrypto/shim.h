// SHA-1 of OpenSSL's libcrypto, which libgit2's SSH library has loaded in any case. The functions of this header need
// no provider to be looked up and loaded first, which the newer ones do at every start.
#ifndef WT_CLIBCRYPTO_SHIM_H
#define WT_CLIBCRYPTO_SHIM_H

#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#endif
