import * as clients from '../clients/clients.ts';
import { type ConsumerAnswer, checkTarget } from '../lint/check.ts';
import { pairTarget } from '../lint/target.ts';
import { DAY } from '../text/amount.ts';
import { PROGRAM } from '../text/shell.ts';
import type { Certificate } from '../x509/certificate.ts';
import { buildChain, type Chain, type Role, type Trust } from '../x509/chain/chain.ts';
import type { Material } from '../x509/material.ts';
import type { PrivateKeyFacts } from '../x509/private-key.ts';
import { publicRoots } from '../x509/roots.ts';
import { type Anchor, anchorOf, issuerIn } from './anchor.ts';
import type { Found } from './found.ts';

/** All that is shown of a certificate file and its key, as data. */
export interface Inspection extends Omit<Found, 'material' | 'target'> {
  /** Those that can be read, in file order. */
  certificates: readonly InspectedCertificate[];
  /** From the leaf up, as far as the file goes; empty where there is no certificate. */
  path: readonly InspectedCertificate[];
  /** The others, in file order: copies, those of other paths, those without a part in the chain. */
  beside: readonly InspectedCertificate[];
  /** Whether the file has the order of the chain. */
  isInOrder: boolean;
  /** Null where there is none, or it cannot be recognized as one: then `hasKey` is true. */
  key: InspectedKey | null;
  hasKey: boolean;
  /** Whether all certificates could be read. */
  isComplete: boolean;
  /**
   * SHA-256 of the leaf's SubjectPublicKeyInfo, 64 lower-case hexadecimal digits; null where it may not be a server's:
   * a certificate could not be read, or it is a CA's, and the key fits none.
   */
  pin: string | null;
  /** Null where it may be a certificate that could not be read. */
  anchor: Anchor | null;
  /** Who accepts it. */
  consumers: readonly ConsumerAnswer[];
}

export interface InspectedCertificate {
  certificate: Certificate;
  /** In the file, from 1, counting those that cannot be read. */
  position: number;
  role: Role;
  /** The position of its issuer, its own where it is self-signed; null where that is not in the file. */
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

/** How a pair is checked for the answers of its consumers: what is missing in it counts for nothing. */
const ONLY_LOOKING = {
  invocation: { program: PROGRAM, caFiles: [], caFileFlag: '--ca-file', kubectl: 'kubectl' },
  expiresWithin: 0,
  host: null,
  partial: true,
  severities: new Map(),
};

/** Collects what is shown. */
export function inspect({ material, target, ...found }: Found, trust: Trust): Inspection {
  const { at } = trust;
  const chain = material && chainOf(material, trust);
  const certificates = material && chain ? inspectCertificates(material.certificates, chain, at) : [];
  const byCertificate = new Map(certificates.map((each) => [each.certificate, each]));
  const path = (chain?.path ?? []).flatMap((certificate) => byCertificate.get(certificate) ?? []);
  const isComplete = material?.unreadable.length === 0 && (material.crt?.pem?.diagnostic ?? null) === null;
  const key = material?.privateKey ? inspectKey(material.privateKey, material, chain) : null;
  const checked = material && (target ?? pairTarget(found.name, material, clients));
  return {
    ...found,
    certificates,
    path,
    beside: certificates.filter((each) => !path.includes(each)),
    isInOrder: chain?.isInOrder ?? true,
    key,
    hasKey: material?.key != null,
    isComplete,
    pin: chain && (key?.fits || (isComplete && !chain.leaf.isCa)) ? chain.leaf.pinSha256 : null,
    consumers: checked ? checkTarget(checked, { ...ONLY_LOOKING, at }).consumers : [],
    anchor:
      chain && (isComplete || chain.top.kind !== 'missing')
        ? anchorOf(chain, trust.roots ?? publicRoots())
        : null,
  };
}

/** The chain of the certificates that can be read, where others cannot. */
function chainOf({ chain, certificates, privateKey }: Material, trust: Trust): Chain | null {
  if (chain !== null || certificates.length === 0) return chain;
  return buildChain(certificates, privateKey?.publicKey ?? null, trust);
}

function inspectCertificates(
  certificates: readonly Certificate[],
  chain: Chain,
  at: Date,
): InspectedCertificate[] {
  const issuerOf = issuerIn(chain);
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

const HOUR = DAY / 24;
const SECOND = 1000;
/** A shorter validity is counted in hours. */
const SHORT = 3 * DAY;

/** How much of a certificate's validity has passed and is left, in whole units. */
export interface Validity {
  /** `never` where it ends before it begins. */
  state: 'valid' | 'expired' | 'not-yet-valid' | 'never';
  unit: 'day' | 'hour';
  /** `used` and `left` add up to it. */
  total: number;
  used: number;
  left: number;
  /** How long ago it ended, or how long until it begins; 0 where it is valid. */
  away: number;
}

/** How much of the validity has passed and is left; both ends belong to it (RFC 5280 section 4.1.2.5). */
export function validityAt({ notBefore, notAfter }: { notBefore: Date; notAfter: Date }, at: Date): Validity {
  const span = notAfter.getTime() - notBefore.getTime() + SECOND;
  const isShort = span < SHORT;
  const whole = (time: number): number => Math.max(0, Math.floor(time / (isShort ? HOUR : DAY)));
  const unit = isShort ? 'hour' : 'day';
  const total = whole(span);
  if (span <= 0) return { state: 'never', unit, total, used: 0, left: 0, away: 0 };
  if (at < notBefore) {
    const away = whole(notBefore.getTime() - at.getTime());
    return { state: 'not-yet-valid', unit, total, used: 0, left: total, away };
  }
  if (at > notAfter) {
    const away = whole(at.getTime() - notAfter.getTime());
    return { state: 'expired', unit, total, used: total, left: 0, away };
  }
  const left = Math.min(total, whole(notAfter.getTime() - at.getTime()));
  return { state: 'valid', unit, total, used: total - left, left, away: 0 };
}
