import type { Certificate } from '../x509/certificate.ts';
import type { Violation } from '../x509/chain/path-checks.ts';
import type { Path } from '../x509/chain/paths.ts';

/** Who consumes the certificate, in the order of the table that people see. */
export const CONSUMERS = ['helm', 'kubernetes', 'openssl', 'nginx', 'go', 'java', 'browser'] as const;
export type Consumer = (typeof CONSUMERS)[number];

/** Why a client refuses a pair. */
export type Cause =
  | Violation
  /** The issuer of the leaf is neither in the file nor known. */
  | { kind: 'no-issuer'; certificate: Certificate }
  /** No key of the issuer's name made its signature. */
  | { kind: 'broken-signature'; certificate: Certificate }
  /** The order of the file leads to this path, which fails at the certificate; another order avoids it. */
  | { kind: 'order'; certificate: Certificate; path: Path; because: readonly Cause[] };

/** A consumer refuses. */
export interface Refusal {
  consumer: Consumer;
  /** Its users' word for it, such as `agents on Java`. */
  who: string;
  cause: Cause;
}

/** Tells the same cause apart from others. */
export function causeKey(cause: Cause): string {
  const below = 'below' in cause ? cause.below.fingerprintSha256 : '';
  return `${cause.kind} ${cause.certificate.fingerprintSha256} ${below}`;
}
