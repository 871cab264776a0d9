import type { Certificate } from '../../x509/certificate.ts';
import type { Chain } from '../../x509/chain/chain.ts';
import type { Severity } from '../rule.ts';

/** Whether a certificate is valid at a time, both ends included (RFC 5280, section 4.1.2.5). */
export function isValidAt(certificate: Certificate, at: Date): boolean {
  return certificate.notBefore <= at && at <= certificate.notAfter;
}

/**
 * How bad it is that a certificate of the chain is not valid: an error on the leaf and wherever no other whole
 * way up is valid, else a warning.
 */
export function severityOf(certificate: Certificate, chain: Chain, at: Date): Severity {
  if (certificate === chain.leaf) return 'error';
  return chain.hasPath((each) => each === chain.leaf || isValidAt(each, at)) ? 'warning' : 'error';
}

/** The second half of a message on a certificate that is not valid. */
export function consequence(severity: Severity): string {
  return severity === 'error'
    ? 'Clients refuse it: agents and IDE plugins could not connect.'
    : 'There is another way to a root, so it is not needed; an old client may still stumble over it.';
}
