import type { Certificate } from '../x509/certificate.ts';
import { buildChain, type Chain, type KnownRoots } from '../x509/chain/chain.ts';
import { lowestAmong } from '../x509/chain/leaf.ts';
import { type PublicKeyFacts, sameKey } from '../x509/public-key.ts';

/** The certificates of one file in their right order, each once. */
export interface OrderedChain {
  chain: Chain;
  /** Leaf, intermediates, root; then what else is on some way from the leaf up. */
  members: readonly Certificate[];
  /** Certificates without a part in the chain. */
  unrelated: readonly Certificate[];
  /** CA certificates that hang on nothing and belong above a gap, in the order in which they should stand there. */
  disconnected: readonly Certificate[];
  /** Second and further copies. */
  copies: readonly Certificate[];
  /** Whether the certificates stood in a right order already, copies aside. */
  wasInOrder: boolean;
}

/**
 * Puts the certificates of one file in order.
 * @param certificates in file order, at least one
 * @param keyOwner the public half of the private key, where it is known
 * @returns null where there is more than one right answer: more than one could be the leaf, and no key tells which
 */
export function orderedChain(
  certificates: readonly Certificate[],
  keyOwner: PublicKeyFacts | null,
  roots: KnownRoots,
): OrderedChain | null {
  const chain = buildChain(certificates, { keyOwner, roots });
  const copies = chain.duplicates.map(({ certificate }) => certificate);
  if (!chain.inOrder && !isLeafClear(chain, certificates, copies, keyOwner)) return null;
  const disconnected = chain.top.kind === 'missing' ? chain.top.disconnected : [];
  const { path, unrelated, inOrder } = chain;
  const outside = new Set([...copies, ...unrelated, ...disconnected]);
  const inFile = certificates.filter((each) => !outside.has(each));
  const members = inOrder ? inFile : [...path, ...inFile.filter((each) => !path.includes(each))];
  return { chain, members, unrelated, disconnected, copies, wasInOrder: inOrder };
}

/** The private key belongs to it, or it alone issued no other. */
function isLeafClear(
  { leaf }: Chain,
  certificates: readonly Certificate[],
  copies: readonly Certificate[],
  keyOwner: PublicKeyFacts | null,
): boolean {
  if (keyOwner && sameKey(leaf.publicKey, keyOwner)) return true;
  const lowest = lowestAmong(certificates.filter((each) => !copies.includes(each)));
  return lowest.length === 1 && lowest[0] === leaf;
}
