import type { Certificate } from '../../x509/certificate.ts';
import type { Chain } from '../../x509/chain/chain.ts';
import type { Misled } from '../../x509/chain/misleading-issuer.ts';
import { isForServers } from '../../x509/chain/usable.ts';
import { excludedNames } from '../../x509/name-constraints.ts';
import type { Severity } from '../rule.ts';

/** Whether a certificate is valid at a time, both ends included (RFC 5280, section 4.1.2.5). */
export function isValidAt(certificate: Certificate, at: Date): boolean {
  return certificate.notBefore <= at && at <= certificate.notAfter;
}

/** Whether no critical extension or name constraint of a certificate makes clients refuse it, or it and the leaf. */
export function isAcceptable(certificate: Certificate, leaf: Certificate): boolean {
  if (certificate.unknownCritical.length > 0) return false;
  const { nameConstraints } = certificate;
  return (
    certificate === leaf || nameConstraints === null || excludedNames(nameConstraints, leaf).length === 0
  );
}

/** Whether clients accept a certificate above the leaf at a time; CA checks are another question. */
export function isUsableAt(certificate: Certificate, { leaf }: Chain, at: Date): boolean {
  return isValidAt(certificate, at) && isForServers(certificate) && isAcceptable(certificate, leaf);
}

/** Where the order of the file leads OpenSSL clients to a dead end at a time (see `Chain.misled`), else null. */
export function misledAt(chain: Chain, at: Date): Misled | null {
  return chain.misled({
    isValid: (certificate) => isValidAt(certificate, at),
    isUsable: (certificate) => isUsableAt(certificate, chain, at),
  });
}

/** An error for the leaf, and where no other path to a root is valid; else a warning. */
export function validitySeverity(certificate: Certificate, chain: Chain, at: Date): Severity {
  if (certificate === chain.leaf) return 'error';
  return chain.hasPath((each) => each === chain.leaf || isValidAt(each, at)) ? 'warning' : 'error';
}

/** What that means, as a sentence. */
export function validityConsequence(severity: Severity): string {
  return severity === 'error'
    ? 'Clients refuse it: agents and IDE plugins could not connect.'
    : `${NOT_NEEDED}; an old client may still fail on it.`;
}

/** Of a certificate that no client needs, the beginning of a sentence. */
export const NOT_NEEDED = 'There is another path to a root, so it is not needed';

type Missing = Extract<Chain['top'], { kind: 'missing' }>;

/** The certificate whose issuer is missing between leaf and root; null where at most the top is missing. */
export function missingLink({ leaf, top }: Chain): Missing | null {
  if (top.kind !== 'missing' || top.known !== null) return null;
  return top.certificate === leaf || top.disconnected.length > 0 ? top : null;
}
