"""BoringSSL with the ClientHello of a browser, as curl_cffi has it. It verifies as BoringSSL does by itself; Chrome,
Safari and Firefox build paths with code of their own, but offer these signature algorithms and groups.

    boringssl.py chrome|firefox|safari

Reads lines `id TAB port TAB host TAB base64 of the roots' PEM`, shakes hands with 127.0.0.1:port as if that were the
host (an empty host is not checked), and writes `id TAB accepts|refuses TAB reason`.
"""

import base64
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import curl_cffi
from curl_cffi import Curl, CurlError, CurlOpt
from curl_cffi.requests import impersonate as profiles

PROFILE = getattr(profiles, f"DEFAULT_{sys.argv[1].upper()}")


def handshake(port, host, roots):
    descriptor, path = tempfile.mkstemp(suffix=".pem")
    os.write(descriptor, roots)
    os.close(descriptor)
    curl = Curl()
    try:
        curl.impersonate(PROFILE, default_headers=False)
        curl.setopt(CurlOpt.URL, f"https://{host or 'localhost'}:{port}/".encode())
        curl.setopt(CurlOpt.RESOLVE, [f"{host or 'localhost'}:{port}:127.0.0.1".encode()])
        curl.setopt(CurlOpt.PROXY, b"")
        curl.setopt(CurlOpt.CAINFO, path.encode())
        curl.setopt(CurlOpt.SSL_VERIFYPEER, 1)
        curl.setopt(CurlOpt.SSL_VERIFYHOST, 2 if host else 0)
        curl.setopt(CurlOpt.CONNECT_ONLY, 1)
        curl.setopt(CurlOpt.TIMEOUT_MS, 20000)
        curl.perform()
    finally:
        curl.close()
        os.unlink(path)


def answer(line):
    identifier, port, host, roots = line.rstrip("\n").split("\t")
    try:
        handshake(int(port), host, base64.b64decode(roots))
        verdict = "accepts\t"
    except CurlError as error:
        verdict = "refuses\t" + " ".join(str(error).split(" See https://")[0].split())
    except Exception as error:
        verdict = f"fails\t{error!r}"
    sys.stdout.write(f"{identifier}\t{verdict}\n")
    sys.stdout.flush()


print(f"version\tcurl_cffi {curl_cffi.__version__} as {PROFILE}", flush=True)
with ThreadPoolExecutor(3) as pool:
    for each in sys.stdin:
        pool.submit(answer, each)
