import { createPublicKey, type KeyObject } from 'node:crypto';
import { buildChain, type Chain } from '../../src/x509/chain/chain.ts';
import { publicKeyFacts } from '../../src/x509/public-key.ts';
import type { KnownRoots } from '../../src/x509/roots.ts';
import type { Issued } from './pki.ts';
import { read } from './read.ts';

/** Knows no root at all. */
export const NO_ROOTS: KnownRoots = { issuersNamedBy: () => [], kindOf: () => null };

/** What `buildChain` takes for the owner of a private key. */
export const ownerOf = (privateKey: KeyObject) => publicKeyFacts(createPublicKey(privateKey));

/** The chain of a file of issued certificates. */
export function build(
  file: readonly Issued[],
  options: { keyOf?: Issued; roots?: KnownRoots; at?: Date } = {},
): Chain {
  const { keyOf, roots = NO_ROOTS, at = new Date() } = options;
  return buildChain(read(...file), keyOf ? ownerOf(keyOf.privateKey) : null, { roots, at });
}

/** Which certificates of a list these are, by place; -1 for one that is not in it. */
export function places(found: readonly { der: Buffer }[], list: readonly Issued[]): number[] {
  return found.map(({ der }) => list.findIndex((each) => each.der.equals(der)));
}
