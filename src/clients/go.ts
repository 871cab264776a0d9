import type { PemNoise } from '../x509/pem.ts';
import type { PemBlock } from '../x509/pem-block.ts';

/**
 * Whether an Ingress controller, which is written in Go, does not see the first block of a file for what is besides the
 * blocks: a byte-order mark before it, or another label than CERTIFICATE. Of a file it reads that block and the private
 * key alone, and validates no chain.
 * @see Go, encoding/pem Decode; crypto/tls X509KeyPair; ingress-nginx, CreateSSLCert
 */
export function hidesFirstBlock(noise: PemNoise, [first]: readonly PemBlock[]): boolean {
  if (noise.kind === 'byte-order-mark') return true;
  return noise.kind === 'label' && noise.line === first?.line;
}
