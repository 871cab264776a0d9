"""A client on GnuTLS, by its shared library.

Reads lines `id TAB port TAB host TAB base64 of the roots' PEM`, shakes hands with 127.0.0.1:port as if that were the
host (an empty host is not checked), and writes `id TAB accepts|refuses TAB reason`.
"""

import base64
import ctypes
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from ctypes import byref, c_char_p, c_int, c_size_t, c_uint, c_void_p

gnutls = ctypes.CDLL("libgnutls.so.30")
gnutls.gnutls_strerror.restype = c_char_p
gnutls.gnutls_check_version.restype = c_char_p
gnutls.gnutls_session_get_verify_cert_status.restype = c_uint
gnutls.gnutls_session_get_verify_cert_status.argtypes = [c_void_p]
gnutls.gnutls_session_set_verify_cert.argtypes = [c_void_p, c_char_p, c_uint]
gnutls.gnutls_server_name_set.argtypes = [c_void_p, c_int, c_char_p, c_size_t]
gnutls.gnutls_transport_set_int2.argtypes = [c_void_p, c_int, c_int]
gnutls.gnutls_handshake_set_timeout.argtypes = [c_void_p, c_uint]
gnutls.gnutls_credentials_set.argtypes = [c_void_p, c_int, c_void_p]
gnutls.gnutls_set_default_priority.argtypes = [c_void_p]
gnutls.gnutls_handshake.argtypes = [c_void_p]
gnutls.gnutls_deinit.argtypes = [c_void_p]
gnutls.gnutls_certificate_free_credentials.argtypes = [c_void_p]
gnutls.gnutls_certificate_set_x509_trust_mem.argtypes = [c_void_p, c_void_p, c_int]

GNUTLS_CLIENT = 2
GNUTLS_CRD_CERTIFICATE = 1
GNUTLS_NAME_DNS = 1
GNUTLS_X509_FMT_PEM = 1
GNUTLS_CRT_X509 = 1
E_AGAIN = (-28, -52, -16, -112)


class Datum(ctypes.Structure):
    _fields_ = [("data", c_char_p), ("size", c_uint)]


def check(code):
    if code < 0:
        raise ValueError(gnutls.gnutls_strerror(code).decode())
    return code


def handshake(port, host, roots):
    credentials, session = c_void_p(), c_void_p()
    check(gnutls.gnutls_certificate_allocate_credentials(byref(credentials)))
    connection = socket.create_connection(("127.0.0.1", port), 20)
    connection.settimeout(None)
    try:
        pem = Datum(roots, len(roots))
        check(gnutls.gnutls_certificate_set_x509_trust_mem(credentials, byref(pem), GNUTLS_X509_FMT_PEM))
        check(gnutls.gnutls_init(byref(session), GNUTLS_CLIENT))
        name = host.encode() if host else None
        if name and not name.replace(b".", b"").isdigit():
            gnutls.gnutls_server_name_set(session, GNUTLS_NAME_DNS, name, len(name))
        gnutls.gnutls_session_set_verify_cert(session, name, 0)
        check(gnutls.gnutls_set_default_priority(session))
        check(gnutls.gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials))
        gnutls.gnutls_transport_set_int2(session, connection.fileno(), connection.fileno())
        gnutls.gnutls_handshake_set_timeout(session, 20000)
        code = gnutls.gnutls_handshake(session)
        while code in E_AGAIN:
            code = gnutls.gnutls_handshake(session)
        if code < 0:
            raise ValueError(gnutls.gnutls_strerror(code).decode() + status_of(session))
    finally:
        connection.close()
        if session:
            gnutls.gnutls_deinit(session)
        gnutls.gnutls_certificate_free_credentials(credentials)


def status_of(session):
    status = gnutls.gnutls_session_get_verify_cert_status(session)
    if status in (0, 0xFFFFFFFF):
        return ""
    text = Datum()
    if gnutls.gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, byref(text), 0) < 0:
        return ""
    return " " + ctypes.string_at(text.data, text.size).decode().rstrip("\0")


def answer(line):
    identifier, port, host, roots = line.rstrip("\n").split("\t")
    try:
        handshake(int(port), host, base64.b64decode(roots))
        verdict = "accepts\t"
    except (ValueError, OSError) as error:
        verdict = "refuses\t" + " ".join(str(error).split())
    except Exception as error:
        verdict = f"fails\t{error!r}"
    sys.stdout.write(f"{identifier}\t{verdict}\n")
    sys.stdout.flush()


print(f"version\t{gnutls.gnutls_check_version(None).decode()}", flush=True)
with ThreadPoolExecutor(3) as pool:
    for each in sys.stdin:
        pool.submit(answer, each)
