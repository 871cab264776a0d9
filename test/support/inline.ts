import { chain, pkcs8 } from './pki.ts';
import { base64 } from './values-yaml.ts';

const { leaf, all, pem } = chain();

/** A leaf, its intermediate and its root, as PEM in this order. */
export const CHAIN = pem;
/** The same, root first. */
export const MISORDERED = all
  .map((each) => each.pem)
  .reverse()
  .join('');
/** The leaf's private key, as base64 of PEM. */
export const KEY = base64(pkcs8(leaf.privateKey));

/** A values file with these certificates, PEM, and the leaf's key; the certificate is on line 3. */
export function inline(certificates: string): string {
  return `certificate:\n  tls:\n    crt: ${base64(certificates)}\n    key: ${KEY}\n`;
}
