import { createPublicKey, type KeyObject } from 'node:crypto';
import { chainRefusals } from '../clients/clients.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { buildChain, type Chain, type Top, type Trust } from '../x509/chain/chain.ts';
import { lowestAmong } from '../x509/chain/leaf.ts';
import { readPem } from '../x509/pem.ts';
import { type PemBlock, pemText } from '../x509/pem-block.ts';
import { isCertificateBlock, isPrivateKeyBlock } from '../x509/pem-label.ts';
import { readPrivateKey } from '../x509/private-key.ts';
import { type PublicKeyFacts, publicKeyFacts, sameKey } from '../x509/public-key.ts';
import { readCertificates, readKey } from './loose-files.ts';

/** The certificates of one file in the right order, each once. */
export interface OrderedChain {
  chain: Chain;
  /** Leaf, intermediates, root; then the rest of those on any path from the leaf. */
  members: readonly Certificate[];
  /** Certificates that are not part of the chain. */
  unrelated: readonly Certificate[];
  /** CA certificates that belong above a gap, in the order for there. */
  disconnected: readonly Certificate[];
  /** Second and further copies. */
  copies: readonly Certificate[];
  /** Whether they were in a right order already, apart from copies. */
  wasInOrder: boolean;
}

/**
 * Puts the certificates of one file in order.
 * @param certificates in file order, at least one
 * @param keyOwner the public half of the private key, where it is known
 * @returns null where there is more than one right answer: any of several could be the leaf, and no private key decides
 */
export function orderedChain(
  certificates: readonly Certificate[],
  keyOwner: PublicKeyFacts | null,
  trust: Trust,
): OrderedChain | null {
  const chain = buildChain(certificates, keyOwner, trust);
  const copies = chain.duplicates.map(({ certificate }) => certificate);
  const isInOrder = chain.isInOrder && !isMisleading(chain, trust.at);
  if (!isInOrder && !isLeafClear(chain, certificates, copies, keyOwner)) return null;
  const disconnected = chain.top.kind === 'missing' ? chain.top.disconnected : [];
  const { path, unrelated } = chain;
  const outside = new Set([...copies, ...unrelated, ...disconnected]);
  const inFile = certificates.filter((each) => !outside.has(each));
  const members = isInOrder ? inFile : [...path, ...inFile.filter((each) => !path.includes(each))];
  return { chain, members, unrelated, disconnected, copies, wasInOrder: isInOrder };
}

/** Whether the order leads some client to a dead end that another order avoids. */
function isMisleading(chain: Chain, at: Date): boolean {
  return chainRefusals(chain, at).some(({ cause }) => cause.kind === 'order');
}

/** Whether the private key belongs to it, or it is the only one that issued no other. */
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

/** A certificate chain and its private key, as the chart takes them. */
export interface PemPair {
  /** Certificates in PEM, in order: leaf, intermediates, root. */
  crt: string;
  /** One private key in PEM, PKCS#8 or PKCS#1. */
  key: string;
}

/** A chain assembled from loose certificates, with its private key. */
export interface Assembled {
  pair: PemPair;
  /** Leaf, intermediates, root, as in the pair. */
  certificates: readonly Certificate[];
  /** Second and further copies, left out. */
  copies: readonly Certificate[];
  /** Certificates that are not part of the chain, left out. */
  unrelated: readonly Certificate[];
  /** What the chain ends in; null where it could not be put in order. */
  top: Top | null;
}

/**
 * Assembles the chain of a private key. Where several certificates have that key, the one that is valid longest is the
 * leaf; where none has, all stay in the order given.
 * @param certificates in the order given, at least one
 */
export function assemble(certificates: readonly Certificate[], key: KeyObject, trust: Trust): Assembled {
  const keyOwner = publicKeyFacts(createPublicKey(key));
  const owned = certificates
    .filter(({ publicKey }) => sameKey(publicKey, keyOwner))
    .sort((one, other) => other.notAfter.getTime() - one.notAfter.getTime());
  const others = certificates.filter((each) => !owned.includes(each));
  const ranked = [...owned, ...others].map((certificate, index) => certificate.withIndex(index));
  const ordered = owned.length > 0 ? orderedChain(ranked, keyOwner, trust) : null;
  const used = ordered ? [...ordered.members, ...ordered.disconnected] : certificates;
  return {
    pair: { crt: pemOf(used), key: pkcs8Of(key) },
    certificates: used,
    copies: ordered?.copies ?? [],
    unrelated: ordered?.unrelated ?? [],
    top: ordered?.chain.top ?? null,
  };
}

/**
 * The leaf of a values file before it is edited.
 * @param crt what its `tls.crt` holds
 * @param key what its `tls.key` holds, likewise; null for none
 * @returns null where there is none, or it cannot be read
 */
export function leafIn(crt: Buffer, key: Buffer | null, trust: Trust): Certificate | null {
  const found = readCertificates(crt);
  const read = found.ok ? found.certificates.map(readCertificate) : [];
  const certificates = read.flatMap((each) => (each.ok ? [each.certificate] : []));
  if (certificates.length === 0 || certificates.length < read.length) return null;
  return buildChain(certificates, keyOwnerIn(key), trust).leaf;
}

/** The public half of a private key, by its bytes; null where it cannot be read. */
export function keyOwnerIn(key: Buffer | null): PublicKeyFacts | null {
  const opened = key && readKey(key, null);
  return opened?.state === 'opened' ? publicKeyFacts(createPublicKey(opened.key)) : null;
}

/**
 * A pair in which each value that is already right stays as it was written.
 * @param crt the bytes of certificates that are kept; null where others come in their place
 * @param key those of a private key that is kept, likewise
 */
export function asWritten(assembled: Assembled, crt: Buffer | null, key: Buffer | null): PemPair {
  const { pair, certificates } = assembled;
  const found = crt && cleanBlocks(crt);
  const isSame =
    found?.length === certificates.length &&
    found.every((block, at) => isCertificateBlock(block) && certificates[at]?.der.equals(block.der));
  const [block, ...others] = (key && cleanBlocks(key)) ?? [];
  const isGood = block !== undefined && others.length === 0 && isReadByServers(block);
  return {
    crt: isSame && crt ? crt.toString('latin1') : pair.crt,
    key: isGood && key ? key.toString('latin1') : pair.key,
  };
}

/** The blocks of a file that is PEM and nothing else; null for any other. */
function cleanBlocks(bytes: Buffer): readonly PemBlock[] | null {
  const { blocks, diagnostic, noise } = readPem(bytes);
  return diagnostic === null && noise.length === 0 ? blocks : null;
}

function isReadByServers(block: PemBlock): boolean {
  if (!isPrivateKeyBlock(block)) return false;
  const { state, container } = readPrivateKey(block, null);
  return state === 'opened' && (container === 'pkcs8' || container === 'pkcs1');
}

/** The same chain with a root added. */
export function withRoot(assembled: Assembled, root: Certificate): Assembled {
  const certificates = [...assembled.certificates, root];
  return { ...assembled, certificates, pair: { ...assembled.pair, crt: pemOf(certificates) } };
}

function pemOf(certificates: readonly Certificate[]): string {
  return certificates.map(({ der }) => pemText('CERTIFICATE', der)).join('');
}

/** Unencrypted PKCS#8 in PEM (RFC 5958, RFC 7468 section 10). */
function pkcs8Of(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
