import type { Certificate } from '../x509/certificate.ts';
import type { Violation } from '../x509/chain/path-checks.ts';
import type { Path } from '../x509/chain/paths.ts';

/** Why a client refuses a chain. */
export type Cause =
  | Violation
  /** A CA certificate of the path has a key that it does not take. */
  | { kind: 'issuer-key'; certificate: Certificate; what: string }
  /** Its signature has an algorithm that it does not take. */
  | { kind: 'signature'; certificate: Certificate; what: string }
  /** So many certificates come with the leaf that it looks at none. */
  | { kind: 'too-many'; certificate: Certificate; allowed: number }
  /** The issuer of a certificate is neither in the file nor known. */
  | { kind: 'no-issuer'; certificate: Certificate }
  /** No key of the issuer's name made its signature. */
  | { kind: 'broken-signature'; certificate: Certificate }
  /**
   * The order of the file leads to a path that fails at this certificate; another order avoids it. `misleading` is the
   * first certificate of that path which is not on the right one.
   */
  | { kind: 'order'; certificate: Certificate; path: Path; because: Cause; misleading: Certificate };

/** Tells causes apart. */
export function causeKey(cause: Cause): string {
  const below = 'below' in cause ? cause.below.fingerprintSha256 : '';
  return `${cause.kind} ${cause.certificate.fingerprintSha256} ${below}`;
}
