import type { Cause } from '../../clients/cause.ts';
import type { ChainRefusal } from '../../clients/clients.ts';
import type { Consumer, Refusal } from '../../clients/refusal.ts';
import { count } from '../../text/amount.ts';
import { capitalized } from '../../text/display.ts';
import type { Certificate } from '../../x509/certificate.ts';
import type { NotCaReason, Violation } from '../../x509/chain/path-checks.ts';
import type { Material } from '../../x509/material.ts';
import { day, list, nameOf, publicName } from './words.ts';

/** A cause of one kind, with who refuses for it. */
export interface CauseOf<Kind extends Cause['kind']> {
  cause: Extract<Cause, { kind: Kind }>;
  by: readonly Refusal[];
}

/** The causes of these kinds for which clients refuse a chain. */
export function causesOf<Kind extends Cause['kind']>(
  refusals: readonly ChainRefusal[],
  ...kinds: Kind[]
): readonly CauseOf<Kind>[] {
  return refusals.filter(({ cause }) => kinds.includes(cause.kind as Kind)) as unknown as CauseOf<Kind>[];
}

/** The certificates that the order of the file makes clients take instead of others: `chain-order` reports them. */
export function misleadingIn(refusals: readonly ChainRefusal[]): readonly Certificate[] {
  return causesOf(refusals, 'order').map(({ cause }) => cause.misleading);
}

/** The consumers of some refusals. */
export function consumersOf(by: readonly Refusal[]): readonly Consumer[] {
  return by.map(({ consumer }) => consumer);
}

/** Who refuses, as the subject of a sentence: `agents on Java 8 and 11, and Chrome and Edge`. */
export function whoOf(by: readonly Refusal[]): string {
  if (['openssl', 'java', 'browser'].every((each) => by.some(({ consumer }) => consumer === each)))
    if (by.every(({ isWhole }) => isWhole)) return 'every client';
  const all = by.map(({ who }) => who);
  if (all.length < 3) return all.join(', and ');
  return `${all.slice(0, -1).join('; ')}; and ${all.at(-1)}`;
}

/** Likewise, at the beginning of a sentence. */
export function whoRefuses(by: readonly Refusal[]): string {
  return capitalized(whoOf(by));
}

/** Why a certificate may not issue another, as half a sentence. */
export function whyNotCa(reason: NotCaReason): string {
  switch (reason.kind) {
    case 'no-basic-constraints':
      return 'it does not say that it is a CA (no basic constraints)';
    case 'ca-false':
      return 'it says that it is not a CA (CA:FALSE)';
    case 'key-usage':
      return 'its key usage does not allow it to sign certificates';
    default:
      return `it allows ${count(reason.allowed, 'intermediate')} below it, and ${reason.actual === 1 ? 'there is 1' : `there are ${reason.actual}`}`;
  }
}

/**
 * Which certificate clients take, in place of which, and why that fails: sentences, with a space in front.
 * @param right the path they should take, leaf first
 */
export function describeMisleading({ cause, by }: CauseOf<'order'>, right: readonly Certificate[]): string {
  const { certificates } = cause.path;
  const place = certificates.findIndex((each, step) => each !== right[step]);
  const [issued, taken, better] = [certificates[place - 1], certificates[place], right[place]];
  const turn =
    issued && taken && better
      ? ` Both ${nameOf(taken)} and ${nameOf(better)} match as the issuer of ${nameOf(issued)}; ${whoOf(by)} take the first and look no further.`
      : ` ${whoRefuses(by)} take the certificates as they are listed.`;
  const reason =
    cause.because.kind === 'broken-signature'
      ? `${capitalized(nameOf(cause.misleading))} has another key than the one that signed ${nameOf(cause.certificate)}`
      : `${capitalized(nameOf(cause.because.certificate))} ${because(cause.because)}`;
  return `${turn} ${reason}. They would refuse the connection.`;
}

/** What is wrong with the certificate at which they stop. */
function because(cause: Cause): string {
  const { certificate } = cause;
  switch (cause.kind) {
    case 'no-issuer':
      return `then has no issuer in the file (${publicName(certificate.issuer)})`;
    case 'broken-signature':
      return 'was not signed by the key of the next one';
    case 'issuer-key':
    case 'signature':
      return `has ${cause.what}`;
    case 'order':
      return because(cause.because);
    case 'too-many':
      return `comes with more than ${cause.allowed} certificates`;
    default:
      return describeViolation(cause);
  }
}

/** A violation, as the predicate of a sentence about its certificate. */
function describeViolation(violation: Violation): string {
  const { certificate } = violation;
  switch (violation.kind) {
    case 'expired':
      return `expired on ${day(certificate.notAfter)}`;
    case 'not-yet-valid':
      return `is not valid before ${day(certificate.notBefore)}`;
    case 'not-a-ca':
      return `may not issue it: ${whyNotCa(violation.reason)}`;
    case 'not-for-servers':
      return 'may not be used for servers';
    case 'critical-extension':
      return `has a critical extension that TLS clients do not know: ${list(violation.oids)}`;
    case 'excluded-names':
      return `may not issue for ${list(violation.names)}`;
    case 'too-many-names':
      return `has more name constraints than clients compare with the names of ${nameOf(violation.below)}`;
    case 'no-policy':
      return 'asks for a certificate policy that the chain does not have';
    case 'other-issuer-named':
      return 'names another certificate in its authority key identifier';
  }
}

/**
 * Who refuses a certificate that cannot be read: some of them nginx still loads, and an Ingress controller reads the first
 * alone.
 * @param index its place in the file, from 0
 */
export function refusedAt(material: Material, index: number): readonly Consumer[] {
  const loaders: Consumer[] = material.refusal() === null ? [] : ['nginx'];
  return ['openssl', ...loaders, ...(index === 0 ? (['go'] as const) : []), 'java', 'browser'];
}
