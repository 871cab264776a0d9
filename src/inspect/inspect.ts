import type { Certificate } from '../x509/certificate.ts';
import { buildChain, type Chain, type KnownRoots, type Role } from '../x509/chain/chain.ts';
import type { Material } from '../x509/material.ts';
import type { PrivateKeyFacts } from '../x509/private-key.ts';
import { publicRoots } from '../x509/roots.ts';
import { type Anchor, anchorOf } from './anchor.ts';
import type { Found } from './found.ts';
import { issuersAmong } from './issuers.ts';
import { type Validity, validityAt } from './validity.ts';

/** All that is shown of a certificate file and its key, as data. */
export interface Inspection extends Omit<Found, 'material'> {
  /** Those that can be read, in file order. */
  certificates: readonly InspectedCertificate[];
  /** From the leaf up, as far as the file goes; empty where there is no certificate. */
  path: readonly InspectedCertificate[];
  /** The others, in file order: copies, those without a part in the chain, other ways up. */
  beside: readonly InspectedCertificate[];
  /** Whether the file has the order of the chain. */
  isInOrder: boolean;
  /** Null where there is none, or only something that is no key: then `hasKey` is true. */
  key: InspectedKey | null;
  hasKey: boolean;
  /** Whether all certificates could be read. */
  isComplete: boolean;
  /**
   * SHA-256 of the leaf's SubjectPublicKeyInfo, 64 lower-case hexadecimal digits; null where no certificate is surely
   * a server's: some could not be read, or it is that of a CA, and the key fits none.
   */
  pin: string | null;
  /** Null where it may be one that could not be read. */
  anchor: Anchor | null;
}

export interface InspectedCertificate {
  certificate: Certificate;
  /** In the file, from 1; those that cannot be read count too. */
  position: number;
  role: Role;
  /** The position of the one that issued it, its own where it is self-signed; null where that is not in the file. */
  issuer: number | null;
  /** The position of the one that it is a copy of. */
  copyOf: number | null;
  validity: Validity;
}

/** What is shown of a private key: nothing of the key itself. */
export interface InspectedKey extends Omit<PrivateKeyFacts, 'publicKey'> {
  /** Such as `EC P-256`; null where it could not be opened. */
  description: string | null;
  /** Whether it belongs to the leaf; null where there is no leaf, or it could not be opened. */
  fits: boolean | null;
}

/**
 * Puts together what is to be shown.
 * @param roots what counts as a known root; null for the public ones alone
 * @param at the time for which validity is told
 */
export function inspect({ material, ...found }: Found, roots: KnownRoots | null, at: Date): Inspection {
  const known = roots ?? publicRoots();
  const chain = material && chainOf(material, known);
  const certificates = material && chain ? inspectCertificates(material.certificates, chain, at) : [];
  const byCertificate = new Map(certificates.map((each) => [each.certificate, each]));
  const path = (chain?.path ?? []).flatMap((certificate) => byCertificate.get(certificate) ?? []);
  const isComplete = material?.unreadable.length === 0 && (material.crt?.pem?.problem ?? null) === null;
  const key = material?.privateKey ? inspectKey(material.privateKey, material, chain) : null;
  return {
    ...found,
    certificates,
    path,
    beside: certificates.filter((each) => !path.includes(each)),
    isInOrder: chain?.inOrder ?? true,
    key,
    hasKey: material?.key != null,
    isComplete,
    pin: chain && (key?.fits || (isComplete && !chain.leaf.isCa)) ? chain.leaf.pinSha256 : null,
    anchor: chain && (isComplete || chain.top.kind !== 'missing') ? anchorOf(chain, known) : null,
  };
}

/** The chain of those that can be read, also where others cannot. */
function chainOf({ chain, certificates, privateKey }: Material, roots: KnownRoots): Chain | null {
  if (chain !== null || certificates.length === 0) return chain;
  return buildChain(certificates, { keyOwner: privateKey?.publicKey ?? null, roots });
}

function inspectCertificates(
  certificates: readonly Certificate[],
  chain: Chain,
  at: Date,
): InspectedCertificate[] {
  const issuerOf = issuersAmong(certificates, chain);
  const originals = new Map(chain.duplicates.map(({ certificate, first }) => [certificate, first]));
  const positionOf = (certificate: Certificate | null | undefined): number | null =>
    certificate ? certificate.index + 1 : null;
  return certificates.map((certificate, place) => ({
    certificate,
    position: certificate.index + 1,
    role: chain.roles[place] ?? 'extra',
    issuer: positionOf(issuerOf(certificate)),
    copyOf: positionOf(originals.get(certificate)),
    validity: validityAt(certificate, at),
  }));
}

function inspectKey(
  { publicKey, ...facts }: PrivateKeyFacts,
  { owned }: Material,
  chain: Chain | null,
): InspectedKey {
  return {
    ...facts,
    description: publicKey?.description ?? null,
    fits: publicKey && chain ? owned.includes(chain.leaf) : null,
  };
}
