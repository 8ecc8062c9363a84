# SPDX-License-Identifier: Apache-2.0
"""Keeps the list of calls that can fail honest: whatever musterd asks of a library either can be made to fail (failing_shim.c), or
stands here with the reason why it need not. A new call makes this red until somebody has thought about it."""
import re
import subprocess

from failing import SHIM
from harness.places import BUILD

# By their documentation they do not fail, or say no more than that what they were given is none: pure functions, and locks between threads
# of our own.
CANNOT_FAIL = """
    CRYPTO_memcmp ERR_clear_error ERR_error_string_n ERR_peek_error ERR_peek_last_error OPENSSL_cleanse EVP_CIPHER_get_iv_length
    EVP_EncodeBlock EVP_KDF_CTX_free EVP_KDF_free EVP_aes_256_cbc EVP_sha1 EVP_sha256 EVP_sha512 OSSL_PARAM_construct_end
    OSSL_PARAM_construct_octet_string
    OSSL_PARAM_construct_utf8_string SSL_CTX_free SSL_CTX_get_ex_data SSL_CTX_up_ref SSL_free SSL_get_SSL_CTX SSL_get_error
    SSL_get0_peer_certificate SSL_get_peer_cert_chain SSL_get_security_level SSL_get_verify_mode SSL_get_verify_result SSL_set_verify_result
    X509_STORE_CTX_free X509_STORE_CTX_get0_param X509_STORE_CTX_get_error X509_STORE_CTX_set_error X509_verify_cert_error_string
    X509_VERIFY_PARAM_set_auth_level
    X509_get_X509_PUBKEY CRYPTO_free
    SSL_has_pending SSL_is_init_finished SSL_select_next_proto SSL_set_accept_state SSL_version TLS_server_method
    PQclear PQconninfoFree PQerrorMessage PQfinish PQfreemem PQgetisnull PQgetlength PQgetvalue PQhost PQisBusy PQnfields PQnotifies
    PQntuples PQresultStatus PQsetErrorVerbosity PQsetNoticeReceiver
    crypto_aead_chacha20poly1305_ietf_encrypt crypto_aead_xchacha20poly1305_ietf_decrypt
    crypto_aead_xchacha20poly1305_ietf_encrypt crypto_core_hchacha20 crypto_generichash crypto_generichash_final
    crypto_generichash_init crypto_generichash_update crypto_kdf_derive_from_key crypto_scalarmult_base randombytes_buf sodium_bin2base64
    sodium_base642bin sodium_hex2bin sodium_memcmp sodium_memzero sodium_unpad sodium_free
    event_active event_base_free event_base_loopbreak event_free event_pending evconnlistener_free evconnlistener_get_fd
    json_delete json_false json_null json_true json_integer_value json_object_get json_object_del json_object_size json_array_get json_object_iter
    json_object_iter_key json_object_iter_next json_object_iter_value json_object_key_to_iter json_string_length json_string_value
    alphasort asin atan2 clock_gettime closedir cos dirfd exit _exit abort ferror fmin getenv geteuid getpid getppid inet_ntop inet_pton
    memchr memcmp memcpy memmove memset munmap memrchr memmem memccpy qsort round fmax floor ceil trunc fabs log exp pow lround llround
    sigaddset sigemptyset sigfillset sin sincos snprintf vsnprintf sqrt strchr strcmp strcspn strerror strlen strncmp strncasecmp strcasecmp
    strnlen strrchr strspn strstr strtod strtol strtoll strtoul strtoull explicit_bzero bcmp
    pthread_mutex_destroy pthread_mutex_lock pthread_mutex_unlock pthread_cond_broadcast pthread_cond_destroy pthread_cond_signal
    pthread_cond_wait __errno_location __stack_chk_fail __assert_fail
"""
# They fail for want of memory alone, and every malloc, calloc and realloc fails in its turn.
BY_MEMORY = """
    json_array json_array_append_new json_dumps json_integer json_loadb json_object json_object_set_new json_real json_sprintf
    json_string json_stringn json_set_alloc_funcs strdup EVP_Digest i2d_X509_PUBKEY SSL_set_SSL_CTX
    X509_STORE_CTX_init X509_STORE_CTX_new X509_STORE_CTX_set_default X509_verify_cert EVP_KDF_CTX_new EVP_KDF_derive EVP_KDF_fetch HMAC
"""
# At the start, at the end or at a change of certificate, and not while a submission is taken: failing there ends the process with a word
# in the log, and the supervisor starts another.
NOT_ON_THE_PATH = """
    CRYPTO_get_ex_new_index SSL_CTX_check_private_key SSL_CTX_ctrl SSL_CTX_new SSL_CTX_set_alpn_select_cb SSL_CTX_set_cipher_list
    SSL_CTX_set_ciphersuites SSL_CTX_set_ex_data SSL_CTX_set_max_early_data SSL_CTX_set_num_tickets SSL_CTX_set_options
    SSL_CTX_set_session_id_context SSL_CTX_set_timeout SSL_CTX_set_tlsext_ticket_key_evp_cb SSL_CTX_use_PrivateKey_file
    SSL_CTX_get_cert_store SSL_CTX_load_verify_file SSL_CTX_set0_CA_list SSL_CTX_set_client_CA_list SSL_CTX_set_verify SSL_CTX_set_cert_verify_callback SSL_load_client_CA_file
    X509_LOOKUP_file X509_STORE_add_lookup X509_STORE_set_flags X509_load_crl_file OPENSSL_sk_pop_free X509_NAME_free
    SSL_CTX_use_certificate_chain_file event_base_dispatch event_base_new evconnlistener_new evconnlistener_set_error_cb
    sodium_allocarray sodium_init sodium_malloc crypto_scalarmult seccomp_init seccomp_load seccomp_release seccomp_rule_add
    bind listen eventfd fork getrlimit kill mmap prctl setrlimit getopt getpwnam setgroups setresgid setresuid signal sigprocmask sigtimedwait
    pthread_sigmask pthread_create pthread_join pthread_cond_init pthread_mutex_init waitpid scandir fopen fclose fgets fread fwrite
    fprintf vfprintf fchmod sysconf syscall PQmakeEmptyPGresult PQsetResultAttrs PQsetvalue
"""
# An epoch's keys are wrapped once in minutes, by arithmetic; a listener is stopped and started by epoll_ctl, which fails in its turn.
BY_ANOTHER = "crypto_box_keypair crypto_box_seal evconnlistener_disable evconnlistener_enable"
# Asked for the figures, and of no submission.
FIGURES = "faccessat"
# What makes a page smaller, or prettier: without it the page goes out as it is, the code in letters alone (lib/page/encoding.c, card.c). They take their
# memory from malloc, which fails in its turn.
PAGES = """
    BrotliEncoderCompress BrotliEncoderMaxCompressedSize QRcode_encodeString8bit QRcode_free deflate deflateBound deflateEnd deflateInit2_
"""
# The desk and the courier alone; a submission does not pass there.
OTHER_ROLES = """
    crypto_box_seal_open crypto_pwhash_str crypto_pwhash_str_verify oath_base32_decode oath_init oath_totp_validate4
    curl_easy_cleanup curl_easy_getinfo curl_easy_init curl_easy_setopt curl_global_cleanup curl_global_init curl_multi_add_handle
    curl_multi_assign curl_multi_cleanup curl_multi_info_read curl_multi_init curl_multi_remove_handle curl_multi_setopt
    curl_multi_socket_action json_pack curl_slist_append curl_slist_free_all randombytes_random sodium_bin2hex
"""
# C++ (libphonenumber), the compiler's own, and sanitizers.
COMPILERS = re.compile(r"_Z|__cxa_|_Unwind_|__gxx_|__gmon|_ITM_|__(a|ub|t|l)san|__sanitizer|__libc_start|__interceptor|__dynamic_cast|__popcountdi2")


def _names(binary, which):
    said = subprocess.run(["nm", "-D", which, binary], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1].split("@")[0] for line in said.splitlines()}


def _plain(name):
    """memcpy, of a fortified __memcpy_chk."""
    return re.sub(r"^__(\w+)_chk$", r"\1", name)


def test_every_call_of_musterd_fails_or_is_excused():
    excused = set(" ".join((CANNOT_FAIL, BY_MEMORY, NOT_ON_THE_PATH, BY_ANOTHER, FIGURES, PAGES, OTHER_ROLES)).split())
    failing = _names(SHIM, "--defined-only")
    asked = {name if name in excused else _plain(name) for name in _names(BUILD / "musterd", "--undefined-only")
             if not COMPILERS.match(name)}
    assert {"fdatasync", "write", "PQsendQueryPrepared", "SSL_read_ex"} <= asked & failing, "nothing was compared"
    unknown = asked - failing - excused
    assert not unknown, f"fail them in failing_shim.c, or say in this file why not: {sorted(unknown)}"
    assert not failing & excused, f"excused, and yet made to fail: {sorted(failing & excused)}"
