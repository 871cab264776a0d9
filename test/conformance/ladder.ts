import { type Issued, type IssueOptions, issue, key, pkcs8 } from '../support/pki.ts';
import type { Files } from './case.ts';

/** What differs at a level of a ladder: 0 is the leaf. */
export type ChangeOf = (level: number) => IssueOptions;

const usual = new Map<number, Issued[]>();
let ladders = 0;

/**
 * A chain of so many certificates, leaf first, each issued by the next and the last by itself. Keys are P-256 and shared
 * by level; names are each ladder's own. Without changes the same ladder each time.
 */
export function ladder(length: number, changeOf?: ChangeOf): Issued[] {
  if (changeOf) return issueLadder(length, changeOf);
  const known = usual.get(length) ?? issueLadder(length, () => ({}));
  usual.set(length, known);
  return known;
}

function issueLadder(length: number, changeOf: ChangeOf): Issued[] {
  ladders += 1;
  const all: Issued[] = [];
  for (let level = length - 1; level >= 0; level -= 1) {
    const issuer = all[0];
    const usually = level === 0 ? {} : { subject: `CN=Ladder ${ladders} Level ${level}`, ca: true };
    all.unshift(issue({ ...usually, ...(issuer ? { issuer } : {}), key: keyAt(level), ...changeOf(level) }));
  }
  return all;
}

/** The key of a level. */
export const keyAt = (level: number) => key('p256', 200 + level);

/** Certificates as one PEM file. */
export const pemOf = (certificates: readonly Issued[]): Buffer =>
  Buffer.from(certificates.map(({ pem }) => pem).join(''));

/** The files of a chain whose leaf comes first, for clients that trust its last certificate. */
export function filesOf(
  certificates: readonly Issued[],
  owner = certificates[0],
  root = certificates.at(-1),
): Files {
  return {
    crt: pemOf(certificates),
    key: Buffer.from(pkcs8((owner as Issued).privateKey)),
    root: root?.pem ?? null,
  };
}
