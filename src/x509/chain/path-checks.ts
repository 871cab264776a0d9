import { LintError } from '../../errors.ts';
import { Budget } from '../budget.ts';
import type { Certificate } from '../certificate.ts';
import type { NameConstraints } from '../extensions.ts';
import { checkNames, comparisonsOf } from '../name-constraints.ts';
import { unmetPolicyRequirement } from '../policies.ts';
import { matchesAuthorityKeyId } from './issuers.ts';
import type { Path } from './paths.ts';

/** Why a certificate may not issue another (RFC 5280 section 6.1.4). */
export type NotCaReason =
  | { kind: 'no-basic-constraints' }
  | { kind: 'ca-false' }
  | { kind: 'key-usage' }
  | { kind: 'path-length'; allowed: number; actual: number };

/** A condition of path validation that a certificate of a path does not meet. */
export type Violation = {
  /** The certificate that does not meet it. */
  certificate: Certificate;
  /** Whether that is the trust anchor at the end of the path, some of whose conditions not every client asks for. */
  isAnchor: boolean;
} & (
  | { kind: 'expired' }
  | { kind: 'not-yet-valid' }
  /** It issued the one below it, and may not. */
  | { kind: 'not-a-ca'; issued: Certificate; reason: NotCaReason }
  /** Its extended key usage lacks server authentication. */
  | { kind: 'not-for-servers'; allowsAny: boolean }
  | { kind: 'critical-extension'; oids: readonly string[] }
  /** Its name constraints exclude names of a certificate below it. */
  | { kind: 'excluded-names'; below: Certificate; names: readonly string[] }
  /** It has too many name constraints for clients to compare with the names of a certificate below it. */
  | { kind: 'too-many-names'; below: Certificate }
  /** It asks for a certificate policy that the path does not have. */
  | { kind: 'no-policy' }
  /** Its authority key identifier names another certificate than the one that signed it. */
  | { kind: 'other-issuer-named'; issuer: Certificate }
);

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const ANY_PURPOSE = '2.5.29.37.0';

/**
 * What is wrong with a path at a time, as all clients together see it; each client then asks for its own part.
 * Signatures are right by construction of the path (RFC 5280 section 6.1).
 * @param budget pays for comparing names with constraints
 * @returns from the leaf up; empty for a path that every client can validate
 * @throws LintError where there are too many names to compare
 */
export function violationsOn(
  { certificates, end }: Path,
  at: Date,
  budget = new Budget(),
): readonly Violation[] {
  const found: Violation[] = [];
  let between = 0;
  for (const [place, certificate] of certificates.entries()) {
    const isAnchor = end === 'anchor' && place > 0 && place === certificates.length - 1;
    const issued = certificates[place - 1];
    const add = (violation: Own<Violation>) =>
      found.push({ certificate, isAnchor, ...violation } as Violation);
    if (certificate.notAfter < at) add({ kind: 'expired' });
    if (at < certificate.notBefore) add({ kind: 'not-yet-valid' });
    if (issued) {
      const reason = whyNotCa(certificate, isAnchor) ?? pathLengthExceeded(certificate, between);
      if (reason) add({ kind: 'not-a-ca', issued, reason });
      if (!certificate.selfIssued) between += 1;
    }
    const { extendedKeyUsage, unknownCritical, nameConstraints } = certificate;
    if (extendedKeyUsage && !extendedKeyUsage.includes(SERVER_AUTH))
      add({ kind: 'not-for-servers', allowsAny: extendedKeyUsage.includes(ANY_PURPOSE) });
    if (unknownCritical.length > 0) add({ kind: 'critical-extension', oids: unknownCritical });
    if (nameConstraints) {
      for (const below of constrained(certificates, place)) {
        const excluded = namesChecked(nameConstraints, below, below === certificates[0], budget);
        if (excluded === null) add({ kind: 'too-many-names', below });
        else if (excluded.length > 0)
          add({ kind: 'excluded-names', below, names: [...new Set(excluded.map(({ name }) => name))] });
      }
    }
    const issuer =
      certificates[place + 1] ?? (end === 'anchor' && certificate.selfIssued ? certificate : null);
    if (issuer && !matchesAuthorityKeyId(certificate, issuer)) add({ kind: 'other-issuer-named', issuer });
  }
  const unmet = unmetPolicyRequirement(end === 'anchor' ? certificates.slice(0, -1) : certificates);
  if (unmet) found.push({ certificate: unmet, isAnchor: false, kind: 'no-policy' });
  return found;
}

/** By constraints and certificate: most paths share both. */
const checked = new WeakMap<NameConstraints, Map<Certificate, ReturnType<typeof checkNames>>>();

function namesChecked(
  constraints: NameConstraints,
  below: Certificate,
  isLeaf: boolean,
  budget: Budget,
): ReturnType<typeof checkNames> {
  const known = checked.get(constraints) ?? new Map<Certificate, ReturnType<typeof checkNames>>();
  checked.set(constraints, known);
  const before = known.get(below);
  if (before !== undefined) return before;
  const cost = comparisonsOf(constraints, below) / COMPARISONS_PER_ROUND;
  if (!budget.spend(cost)) throw tooManyNames();
  const found = checkNames(constraints, below, isLeaf);
  known.set(below, found);
  return found;
}

/** A comparison costs a quarter of a unit of a budget. */
const COMPARISONS_PER_ROUND = 4;

function tooManyNames(): LintError {
  return new LintError(
    'this chain is too costly to check: too many names would have to be compared with name constraints',
    'Keep only the leaf, its intermediates and its root in the file.',
  );
}

type Own<T> = T extends unknown ? Omit<T, 'certificate' | 'isAnchor'> : never;

/** The certificates below a CA that its name constraints apply to: not self-issued intermediates (RFC 5280 section 6.1.3 (b)). */
function constrained(certificates: readonly Certificate[], place: number): readonly Certificate[] {
  return certificates.slice(0, place).filter((each, at) => at === 0 || !each.selfIssued);
}

/**
 * Why a certificate may not issue others whatever they are (RFC 5280 section 6.1.4 (k) and (n)); null where it may.
 * A root of version 1 may: it has no extensions to say so.
 */
export function whyNotCa({ version, isCa, keyUsage }: Certificate, isRoot: boolean): NotCaReason | null {
  if (isCa === false) return { kind: 'ca-false' };
  if (isCa === null && !(version === 1 && isRoot)) return { kind: 'no-basic-constraints' };
  return keyUsage && !keyUsage.includes('keyCertSign') ? { kind: 'key-usage' } : null;
}

/** The path length counts the intermediates below that are not self-issued (RFC 5280 section 6.1.4 (l) and (m)). */
function pathLengthExceeded({ pathLength }: Certificate, between: number): NotCaReason | null {
  return pathLength !== null && between > pathLength
    ? { kind: 'path-length', allowed: pathLength, actual: between }
    : null;
}
