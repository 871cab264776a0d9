import type { Certificate } from '../../x509/certificate.ts';
import type { Chain } from '../../x509/chain/chain.ts';
import type { PublicKeyFacts } from '../../x509/public-key.ts';
import type { RawFinding, Rule } from '../rule.ts';
import { mismatchOf } from './keys.ts';
import type { Target } from './target.ts';

/** Whether a certificate was changed after the issuer that its key identifier names signed it. */
export function wasChanged(certificate: Certificate, issuers: readonly Certificate[]): boolean {
  const { authorityKeyId, selfIssued } = certificate;
  return (
    selfIssued || issuers.some(({ subjectKeyId }) => subjectKeyId !== null && subjectKeyId === authorityKeyId)
  );
}

/** As many bytes of a public key as damage in one place may have changed. */
const MOST_CHANGED = 8;

/**
 * What the damage to a leaf explains, which `chain-broken` reports alone: its other faults may not be in the copy that is to
 * come, and the private key belongs to that.
 * @returns whether a rule's finding is such a fault; null where the leaf is not damaged
 */
export function symptomsOfDamage(target: Target): ((rule: Rule, finding: RawFinding) => boolean) | null {
  const chain = target.material?.chain;
  const link = chain?.broken.find(({ certificate }) => certificate === chain.leaf);
  if (!link || !wasChanged(link.certificate, link.issuers)) return null;
  return ({ id, stage }, { about }) => {
    if (id === 'key-mismatch') return isKeyChanged(target);
    // That nothing can verify such a signature is why it is broken.
    if (id === 'cert-weak-signature') return false;
    return stage === 'certificate' || (stage === 'private key' && about === 'crt');
  };
}

function isKeyChanged(target: Target): boolean {
  const mismatch = mismatchOf(target);
  return mismatch !== null && isAlmost(mismatch.publicKey, mismatch.expected.publicKey);
}

/** Whether two keys differ in one place alone. */
function isAlmost({ spki: one }: PublicKeyFacts, { spki: other }: PublicKeyFacts): boolean {
  const most = Math.max(one.length, other.length);
  const isSame = (at: number) => one[at] === other[at];
  const isSameFromEnd = (at: number) => one[one.length - 1 - at] === other[other.length - 1 - at];
  const same = alikeUpTo(most, isSame) + alikeUpTo(most, isSameFromEnd);
  return same >= most - MOST_CHANGED;
}

function alikeUpTo(most: number, isSame: (at: number) => boolean): number {
  let at = 0;
  while (at < most && isSame(at)) at += 1;
  return at;
}

/**
 * The certificate of the file whose key identifier the last one of a path names, under another name than the issuer's: one
 * of the two was changed after it was signed.
 */
export function renamedIssuer({ certificates }: Chain, { authorityKeyId }: Certificate): Certificate | null {
  if (authorityKeyId === null) return null;
  return certificates.find(({ subjectKeyId }) => subjectKeyId === authorityKeyId) ?? null;
}
