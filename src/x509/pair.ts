/**
 * Asks OpenSSL, which nginx runs too, to load a certificate file with its key, as a TLS server does.
 * @param crt the decoded bytes of `tls.crt`
 * @param key the decoded bytes of `tls.key`
 * @param passphrase for an encrypted key
 * @returns why it refuses, in OpenSSL's own words, which quote nothing of the input; null where it loads
 */
export function refusalOfPair(crt: Buffer, key: Buffer, passphrase: string | null): string | null {
  const tls = process.getBuiltinModule('node:tls');
  try {
    // An empty list of CAs keeps Node from parsing all its public roots.
    tls.createSecureContext({ cert: crt, key, ca: [], ...(passphrase === null ? {} : { passphrase }) });
    return null;
  } catch (error) {
    const { code, reason } = error as { code?: string; reason?: string };
    return reason ?? code ?? 'no reason given';
  }
}
