/** A certificate chain and its private key as the chart wants them. */
export interface PemPair {
  /** Certificates as PEM, in order: leaf, intermediates, root. */
  crt: string;
  /** One PKCS#8 or PKCS#1 key as PEM. */
  key: string;
}

/** Both as the texts for values.yaml: base64 (RFC 4648 section 4) on one line each. */
export function encodedPair({ crt, key }: PemPair): PemPair {
  return { crt: encoded(crt), key: encoded(key) };
}

function encoded(pem: string): string {
  return Buffer.from(pem, 'latin1').toString('base64');
}
