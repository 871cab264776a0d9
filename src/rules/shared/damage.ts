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

/** The certificates of a chain that were changed after they were signed. */
function changedIn({ broken }: Chain): Certificate[] {
  const changed = broken.filter(({ certificate, issuers }) => wasChanged(certificate, issuers));
  return changed.filter((link) => !isByChanged(link, changed)).map(({ certificate }) => certificate);
}

type Link = Chain['broken'][number];

/** Whether the key of a changed issuer is why a signature does not verify. */
function isByChanged({ certificate, issuers }: Link, changed: readonly Link[]): boolean {
  return changed.some((other) => other.certificate !== certificate && issuers.includes(other.certificate));
}

/** The broken links of a chain, without those that a changed issuer explains. */
export function brokenLinks({ broken }: Chain): Link[] {
  const changed = broken.filter(({ certificate, issuers }) => wasChanged(certificate, issuers));
  return broken.filter((link) => !isByChanged(link, changed));
}

/**
 * What the damage to certificates explains, which `chain-broken` reports alone: their other faults may not be in the copy that
 * is to come, and the private key belongs to that.
 * @returns whether a rule's finding is such a fault; null where none is damaged
 */
export function symptomsOfDamage(target: Target): ((rule: Rule, finding: RawFinding) => boolean) | null {
  const chain = target.material?.chain;
  if (!chain) return null;
  const changed = [...changedIn(chain), ...Object.values(renamedIssuer(chain) ?? {})];
  if (changed.length === 0) return null;
  const isLeafChanged = changed.includes(chain.leaf);
  return ({ id, stage }, { about, certificates }) => {
    if (id === 'key-mismatch') return isLeafChanged && isKeyChanged(target);
    // That nothing can verify such a signature is why it is broken.
    if (id === 'cert-weak-signature') return false;
    const isOfOne = stage === 'certificate' || (stage === 'private key' && about === 'crt');
    return isOfOne && (certificates?.every((each) => changed.includes(each)) ?? isLeafChanged);
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
 * The last certificate of a path, and the one of the file whose key identifier it names, under another name than its
 * issuer's: one of the two was changed after it was signed.
 */
export function renamedIssuer({
  top,
  certificates,
}: Chain): { certificate: Certificate; issuer: Certificate } | null {
  if (top.kind !== 'missing' || top.known !== null) return null;
  const { certificate } = top;
  const issuer = certificates.find(
    ({ subjectKeyId }) => subjectKeyId !== null && subjectKeyId === certificate.authorityKeyId,
  );
  return issuer && issuer !== certificate ? { certificate, issuer } : null;
}
