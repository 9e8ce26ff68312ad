// In a static executable there is no libssh2 and no Kerberos: neither has a form that could be linked. libgit2's transports
// name these functions, and nothing that wt calls leads there. In any other executable they go before those of the shared
// libraries, and are not called either.
#include <stdlib.h>

#define UNREACHABLE(name) \
    void name(void);      \
    void name(void) { abort(); }

UNREACHABLE(gss_delete_sec_context)
UNREACHABLE(gss_display_status)
UNREACHABLE(gss_import_name)
UNREACHABLE(gss_indicate_mechs)
UNREACHABLE(gss_init_sec_context)
UNREACHABLE(gss_release_buffer)
UNREACHABLE(gss_release_name)
UNREACHABLE(gss_release_oid_set)
UNREACHABLE(libssh2_agent_connect)
UNREACHABLE(libssh2_agent_disconnect)
UNREACHABLE(libssh2_agent_free)
UNREACHABLE(libssh2_agent_get_identity)
UNREACHABLE(libssh2_agent_init)
UNREACHABLE(libssh2_agent_list_identities)
UNREACHABLE(libssh2_agent_userauth)
UNREACHABLE(libssh2_channel_close)
UNREACHABLE(libssh2_channel_free)
UNREACHABLE(libssh2_channel_open_ex)
UNREACHABLE(libssh2_channel_process_startup)
UNREACHABLE(libssh2_channel_read_ex)
UNREACHABLE(libssh2_channel_set_blocking)
UNREACHABLE(libssh2_channel_write_ex)
UNREACHABLE(libssh2_hostkey_hash)
UNREACHABLE(libssh2_knownhost_checkp)
UNREACHABLE(libssh2_knownhost_free)
UNREACHABLE(libssh2_knownhost_init)
UNREACHABLE(libssh2_knownhost_readfile)
UNREACHABLE(libssh2_session_abstract)
UNREACHABLE(libssh2_session_disconnect_ex)
UNREACHABLE(libssh2_session_free)
UNREACHABLE(libssh2_session_handshake)
UNREACHABLE(libssh2_session_hostkey)
UNREACHABLE(libssh2_session_init_ex)
UNREACHABLE(libssh2_session_last_error)
UNREACHABLE(libssh2_session_method_pref)
UNREACHABLE(libssh2_session_set_blocking)
UNREACHABLE(libssh2_userauth_authenticated)
UNREACHABLE(libssh2_userauth_keyboard_interactive_ex)
UNREACHABLE(libssh2_userauth_list)
UNREACHABLE(libssh2_userauth_password_ex)
UNREACHABLE(libssh2_userauth_publickey)
UNREACHABLE(libssh2_userauth_publickey_fromfile_ex)
UNREACHABLE(libssh2_userauth_publickey_frommemory)

/// Of Kerberos, too: an object identifier that nobody asks for.
void *GSS_C_NT_HOSTBASED_SERVICE;
