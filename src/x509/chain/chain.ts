import type { Certificate } from '../certificate.ts';
import type { PublicKeyFacts } from '../public-key.ts';
import { type NotCaReason, notCaOn, reasonNotCa } from './ca-checks.ts';
import { disconnectedAbove } from './disconnected.ts';
import { matchesAuthorityKeyId } from './issuer-match.ts';
import { chooseLeaf } from './leaf.ts';
import { type Links, linkUp } from './links.ts';
import { type Misled, misledIn } from './misleading-issuer.ts';
import type { Acceptance } from './openssl-path.ts';
import { bestPath, bestPathOn, hasPath, standsInOrder as hasPathInOrder } from './paths.ts';
import { areValidTogether, isUsableAbove } from './usable.ts';

export type Role = 'leaf' | 'intermediate' | 'root' | 'extra';

/**
 * How the certificates of one file hang together. Holds no opinion on dates, keys or names of servers but that a way
 * which clients may accept is better than one which they never do.
 */
export interface Chain {
  leaf: Certificate;
  /** By position in the file: the role of each certificate. A second copy is `extra`. */
  roles: readonly Role[];
  /**
   * One best way from the leaf up, leaf first, as far as the file goes, over a broken signature by name: what the
   * right order is. On usable certificates alone (see `isUsableAbove`) where there is such a way. The same whatever the
   * order of the file.
   */
  path: readonly Certificate[];
  /**
   * Every certificate that is on some way from the leaf up (cross-signed ones too), in file order, without copies.
   * Over a broken signature the way goes on to all certificates of the issuer's name.
   */
  members: readonly Certificate[];
  /**
   * Whether some whole way from the leaf up stands in the file in its order, starting with the first certificate.
   * Further copies and unrelated certificates do not count; stranded ones belong behind all others, in their order.
   */
  standsInOrder: boolean;
  /**
   * That, and the order leads no client astray (see `astray`) to which a certificate is usable where there is a time
   * at which it may be so (see `isUsableAbove`).
   */
  inOrder: boolean;
  /** Second and further copies of a certificate. */
  duplicates: readonly { certificate: Certificate; first: Certificate }[];
  /** Certificates without a part in the chain, copies aside. */
  unrelated: readonly Certificate[];
  /** What the path ends in. */
  top: Top;
  /**
   * Certificates of the path whose issuer's name is in the file (or which are self-issued), where no key of that
   * name verifies the signature. With `gaveUp` there were too many keys of that name to try them all.
   */
  broken: readonly { certificate: Certificate; issuers: readonly Certificate[]; gaveUp: boolean }[];
  /**
   * Certificates of the path whose authority key identifier names another issuer than the one that signed them, which
   * is the next of the path, or themselves where they are self-signed.
   */
  misnamed: readonly { certificate: Certificate; issuer: Certificate }[];
  /** Certificates of the path that issue the one below and may not. */
  notCa: readonly { certificate: Certificate; issued: Certificate; reason: NotCaReason }[];
  /**
   * Whether some whole way from the leaf up to a top (a self-signed root of the file, a known root, or where
   * the file ends) stands on usable certificates only. A way ends at a known root as soon as one issued its
   * last certificate, whatever else the file holds above it.
   */
  hasPath(usable: (certificate: Certificate) => boolean): boolean;
  /** The path on usable certificates alone, leaf aside; `path` itself where there is none. */
  pathOn(usable: (certificate: Certificate) => boolean): readonly Certificate[];
  /**
   * The way of clients that take the first fitting issuer in the file and never look back (see `opensslPath`),
   * where it does not bring them to a top, though it would in the right order: `pathOn` the usable ones, then the other
   * members. Else null, and where the chain is faulty whatever its order.
   */
  misled(view: Acceptance): Misled | null;
}

export type Top =
  /** The leaf itself is self-signed. */
  | { kind: 'self-signed-leaf' }
  /** A self-signed root in the file. */
  | { kind: 'root'; certificate: Certificate }
  /** `certificate`'s issuer is not in the file. */
  | {
      kind: 'missing';
      certificate: Certificate;
      /**
       * Who the missing issuer is, where known: one of Node's public roots, one of `--ca-file`, or null. Also
       * where `certificate` is a cross-signed form of such a root, and so needs none above it.
       */
      known: 'public' | 'ca-file' | null;
      /** It is `certificate` itself that is known: another certificate of that root's name and key. */
      isCrossSigned: boolean;
      /** CA certificates of the file that hang on nothing and so belong above the gap, in the order they should stand in. */
      disconnected: readonly Certificate[];
    }
  /** The issuer's name is there, its signature does not fit: see `broken`. */
  | { kind: 'broken'; certificate: Certificate }
  /** The certificates issue each other in a circle. */
  | { kind: 'loop'; certificate: Certificate };

/** Finds the root that issued a certificate outside its own file. */
export interface KnownRoots {
  /** The kind of the root by whose key this certificate is signed; the signature is verified. */
  issuerOf(certificate: Certificate): KnownRoot | null;
}
export type KnownRoot = 'public' | 'ca-file';

/**
 * Finds out how the certificates of one file hang together. Linear in their number; signature checks are
 * bounded (see `linkUp`).
 * @param certificates in file order, at least one
 * @param options.keyOwner the public half of the private key, where it is known
 * @param options.roots asked only where no usable way ends in a root of the file, or clients come to none
 * @throws RangeError where there is no certificate
 */
export function buildChain(
  certificates: readonly Certificate[],
  options: { keyOwner: PublicKeyFacts | null; roots: KnownRoots },
): Chain {
  const { distinct, duplicates } = withoutCopies(certificates);
  const leaf = chooseLeaf(distinct, options.keyOwner);
  const links = linkUp(leaf, distinct);
  const known = new Map<Certificate, KnownRoot | null>();
  const knownIssuer = (certificate: Certificate): KnownRoot | null => {
    let found = known.get(certificate);
    if (found === undefined) {
      found = options.roots.issuerOf(certificate);
      known.set(certificate, found);
    }
    return found;
  };
  const isKnown = (certificate: Certificate): boolean => knownIssuer(certificate) !== null;
  const mayIssue = (certificate: Certificate): boolean => reasonNotCa(certificate, links) === null;

  const usablePath = (usable: (certificate: Certificate) => boolean): Certificate[] | null =>
    bestPathOn(leaf, links, { isKnown, mayIssue: (each) => mayIssue(each) && usable(each) });
  const isUsable = (certificate: Certificate): boolean => isUsableAbove(leaf, certificate);

  const path = usablePath(isUsable) ?? bestPath(leaf, links, { isKnown, mayIssue });
  const pathOn = (usable: (certificate: Certificate) => boolean): readonly Certificate[] =>
    usablePath(usable) ?? path;
  const reachable = new Set(links.reachable);
  const members = distinct.filter((certificate) => reachable.has(certificate));
  const others = distinct.filter((certificate) => !reachable.has(certificate));
  const top = topOf(path, links, knownIssuer, members, others);
  const disconnected = top.kind === 'missing' ? top.disconnected : [];
  const disconnectedSet = new Set(disconnected);
  const copies = new Set(duplicates.map(({ certificate }) => certificate));
  const standsInOrder = isInOrder(distinct, leaf, path, links, top, reachable, disconnected);

  const roleOf = (certificate: Certificate): Role => {
    if (certificate === leaf) return 'leaf';
    if (copies.has(certificate) || !(reachable.has(certificate) || disconnectedSet.has(certificate)))
      return 'extra';
    return certificate.selfIssued && !isIssued(certificate, links, reachable) ? 'root' : 'intermediate';
  };
  const misled = (view: Acceptance): Misled | null => {
    if (!standsInOrder || disconnected.length > 0 || !isTop(top)) return null;
    const right = () => pathOn(view.isUsable);
    const isOpen = () => {
      const last = right().at(-1) as Certificate;
      return links.of(last).kind === 'missing' && !isKnown(last);
    };
    const better = () => [...new Set([...right(), ...members, ...others])];
    return misledIn(distinct, better, view, { links, isKnown, isOpen });
  };
  return {
    leaf,
    roles: certificates.map(roleOf),
    path,
    members,
    standsInOrder,
    inOrder: standsInOrder && misled({ isValid: (each) => areValidTogether(leaf, each), isUsable }) === null,
    duplicates,
    unrelated: others.filter((certificate) => !disconnectedSet.has(certificate)),
    top,
    broken: path.flatMap((certificate) => {
      const link = links.of(certificate);
      return link.kind === 'broken'
        ? [{ certificate, issuers: link.by.certificates, gaveUp: link.gaveUp }]
        : [];
    }),
    misnamed: misnamedOn(path, links),
    notCa: notCaOn(path, links),
    hasPath: (usable) => hasPath(leaf, links, usable, isKnown),
    pathOn,
    misled,
  };
}

/** Of a self-signed certificate all those of its name and key are asked: clients go on to the one that fits. */
function misnamedOn(path: readonly Certificate[], links: Links): Chain['misnamed'] {
  return path.flatMap((certificate, at) => {
    const { kind } = links.of(certificate);
    const issuer = kind === 'issued' ? path[at + 1] : certificate;
    const asked = kind === 'self-signed' ? links.issuerGroups(certificate)[0].certificates : [issuer];
    const isMisnamed = asked.every((each) => each && !matchesAuthorityKeyId(certificate, each));
    return issuer && isMisnamed && (kind === 'issued' || kind === 'self-signed')
      ? [{ certificate, issuer }]
      : [];
  });
}

/** Whether clients may arrive there, as they do not at a broken link, and need not above a self-signed leaf. */
function isTop({ kind }: Top): boolean {
  return kind === 'root' || kind === 'missing';
}

function withoutCopies(certificates: readonly Certificate[]): {
  distinct: Certificate[];
  duplicates: { certificate: Certificate; first: Certificate }[];
} {
  const firsts = new Map<string, Certificate>();
  const duplicates: { certificate: Certificate; first: Certificate }[] = [];
  for (const certificate of certificates) {
    const first = firsts.get(certificate.fingerprintSha256);
    if (first) duplicates.push({ certificate, first });
    else firsts.set(certificate.fingerprintSha256, certificate);
  }
  return { distinct: [...firsts.values()], duplicates };
}

/** Signed by another key of its own name, as in the rollover of a root's key (RFC 4210 section 4.4). */
function isIssued(certificate: Certificate, links: Links, reachable: ReadonlySet<Certificate>): boolean {
  return reachable.has(certificate) && links.of(certificate).kind === 'issued';
}

function topOf(
  path: readonly Certificate[],
  links: Links,
  knownIssuer: (certificate: Certificate) => KnownRoot | null,
  members: readonly Certificate[],
  others: readonly Certificate[],
): Top {
  const broken = path.find((each) => links.of(each).kind === 'broken');
  if (broken) return { kind: 'broken', certificate: broken };
  const certificate = path.at(-1) as Certificate;
  const link = links.of(certificate);
  if (link.kind === 'self-signed') {
    return path.length === 1 ? { kind: 'self-signed-leaf' } : { kind: 'root', certificate };
  }
  if (link.kind !== 'missing') return { kind: 'loop', certificate };
  const below = path.at(-2);
  const issuer = knownIssuer(certificate);
  const known = issuer ?? (below ? knownIssuer(below) : null);
  const disconnected = known === null ? disconnectedAbove(certificate, members, others) : [];
  return {
    kind: 'missing',
    certificate,
    known,
    isCrossSigned: issuer === null && known !== null,
    disconnected,
  };
}

function isInOrder(
  distinct: readonly Certificate[],
  leaf: Certificate,
  path: readonly Certificate[],
  links: Links,
  top: Top,
  reachable: ReadonlySet<Certificate>,
  disconnected: readonly Certificate[],
): boolean {
  if (distinct[0] !== leaf) return false;
  const part = new Set(disconnected);
  const order = distinct.filter((certificate) => reachable.has(certificate) || part.has(certificate));
  if (disconnected.length === 0 && top.kind !== 'loop') return hasPathInOrder(leaf, links, order);
  const places = new Map(order.map((certificate, at) => [certificate, at]));
  const wanted = [...path, ...disconnected].map((certificate) => places.get(certificate) ?? -1);
  return wanted.every((place, at) => at === 0 || place > (wanted[at - 1] ?? -1));
}
