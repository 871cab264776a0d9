// A throw-away chain and values that carry it, made on the spot: for the demonstration, the warm-up, the benchmark.
import { register } from 'tsx/esm/api';

register();
const { chain, pkcs8 } = await import('../test/support/pki.ts');

/**
 * Issues leaf, intermediate and root with RSA keys for `lightrun.example.com`.
 *
 * @returns the certificates as PEM, leaf first, and the leaf's private key as PEM in PKCS#8
 */
export function exampleChain() {
  const { all, leaf } = chain({ depth: 2, keyKind: 'rsa2048' });
  return { certificates: all.map((issued) => issued.pem), key: pkcs8(leaf.privateKey) };
}

/**
 * Writes the `certificate:` block of a values file.
 *
 * @param {readonly string[]} certificates PEM, in the order wanted
 * @param {string} [key] the private key as PEM; left out, the block has no `key`
 */
export function inlineValues(certificates, key) {
  const lines = ['certificate:', '  tls:', `    crt: ${base64(certificates.join(''))}`];
  if (key) lines.push(`    key: ${base64(key)}`);
  return `${lines.join('\n')}\n`;
}

/** Values of the other source: the name of a Secret that exists already. */
export const EXISTING_CERT_VALUES = 'certificate:\n  existing_cert: my-tls-secret\n';

function base64(/** @type {string} */ text) {
  return Buffer.from(text).toString('base64');
}
