import { Budget } from '../budget.ts';
import type { Certificate } from '../certificate.ts';
import { groupBy } from '../group-by.ts';
import type { PublicKeyFacts } from '../public-key.ts';
import { type KnownRoot, type KnownRoots, publicRoots } from '../roots.ts';
import { disconnectedAbove } from './disconnected.ts';
import { findIssuers, type Issuers, isSameCa, signatureChecks } from './issuers.ts';
import { chooseLeaf } from './leaf.ts';
import { violationsOn } from './path-checks.ts';
import { listPaths, type Path } from './paths.ts';

export type Role = 'leaf' | 'intermediate' | 'root' | 'extra';

/** Certificates, who issued whom among them, and the paths from the leaf up. */
export interface IssuerGraph {
  issuers: Issuers;
  /** The trust anchors that some path ends in: self-signed certificates and known roots. */
  anchors: readonly Certificate[];
  /** Whether clients have a certificate as a root, whatever is in the file. */
  isKnown(certificate: Certificate): boolean;
  /**
   * The paths from the leaf up, found as they are asked for.
   * @throws LintError while it is read, where there are too many
   */
  paths: Iterable<Path>;
}

/** How the certificates of one file form a chain. */
export interface Chain {
  leaf: Certificate;
  /** In file order, without copies. */
  certificates: readonly Certificate[];
  /** By position in the file: the role of each certificate. A copy is `extra`. */
  roles: readonly Role[];
  /**
   * The best path from the leaf up, as far as the file holds it: what the right order is. The same whatever the order of
   * the file. Beyond a broken signature it goes on by name.
   */
  path: readonly Certificate[];
  /** Every certificate on some path (cross-signed ones too), in file order, without copies. */
  members: readonly Certificate[];
  /**
   * Whether some path from the leaf up is in the order of the file, which begins with the leaf. Copies and unrelated
   * certificates do not count; disconnected ones belong after all others, in their order.
   */
  isInOrder: boolean;
  /** Second and further copies of a certificate. */
  duplicates: readonly { certificate: Certificate; first: Certificate }[];
  /** Certificates that have no part in the chain, copies aside. */
  unrelated: readonly Certificate[];
  /** What the path ends in. */
  top: Top;
  /** Certificates of the path whose issuer's name is in the file, where no key of that name made the signature. */
  broken: readonly { certificate: Certificate; issuers: readonly Certificate[] }[];
  /** The graph of the file alone. */
  inFile: IssuerGraph;
  /** The graph of the file and of the known roots above it. Looking them up takes time. */
  withKnownRoots(): IssuerGraph;
  /** What is left for checks of it. */
  budget: Budget;
}

export type Top =
  /** The leaf itself is self-signed. */
  | { kind: 'self-signed-leaf' }
  /** A self-signed root in the file. */
  | { kind: 'root'; certificate: Certificate }
  /** The issuer of `certificate` is not in the file. */
  | {
      kind: 'missing';
      certificate: Certificate;
      /** The kind of the known root above it; null where none is known. */
      known: KnownRoot | null;
      /** `certificate` has the name and key of that known root, and another CA signed it. */
      isCrossSigned: boolean;
      /** CA certificates of the file without a link to the leaf, which belong above the gap, in the right order. */
      disconnected: readonly Certificate[];
    }
  /** The issuer's name is in the file, and its key did not make the signature: see `broken`. */
  | { kind: 'broken'; certificate: Certificate }
  /** The certificates issue each other in a circle. */
  | { kind: 'loop'; certificate: Certificate };

/** What decides whether clients accept a path, beside its certificates. */
export interface Trust {
  /** The roots that clients have; null for the public ones. Looked up only where no path of the file alone is valid. */
  roots: KnownRoots | null;
  /** The time of the check. */
  at: Date;
  /** What the target may cost; a new one where it is not given. */
  budget?: Budget;
}

/**
 * Finds out how the certificates of one file form a chain.
 * @param certificates in file order, at least one
 * @param keyOwner the public half of the private key; null where it is not known
 * @throws RangeError where there is no certificate
 * @throws LintError where there are too many signatures or paths to check
 */
export function buildChain(
  certificates: readonly Certificate[],
  keyOwner: PublicKeyFacts | null,
  { roots: known, at, budget = new Budget() }: Trust,
): Chain {
  const roots = known ?? publicRoots();
  const { distinct, duplicates } = withoutCopies(certificates);
  const leaf = chooseLeaf(distinct, keyOwner);
  const isSignedBy = signatureChecks(distinct.length, budget);
  const isKnown = (each: Certificate) => roots.kindOf(each) !== null;
  const ownIssuers = findIssuers(distinct, null, isSignedBy);
  const inFile = { ...issuerGraph(leaf, ownIssuers, () => false), isKnown };
  const withKnownRoots = lazy(() => issuerGraph(leaf, findIssuers(distinct, roots, isSignedBy), isKnown));
  const own = bestPath(inFile, at, budget);
  const best = own.isValid ? own.path : better(own, bestPath(withKnownRoots(), at, budget)).path;
  const { path, broken } = beyondBroken(best, distinct, inFile.issuers);
  const isMember = new Set(reach(leaf, inFile.issuers, () => false));
  const members = distinct.filter((each) => isMember.has(each));
  const others = distinct.filter((each) => !isMember.has(each));
  const top = topOf(best, { path, broken }, inFile.issuers, roots, members, others);
  const disconnected = top.kind === 'missing' ? top.disconnected : [];
  const copies = new Set(duplicates.map(({ certificate }) => certificate));
  const roleOf = (certificate: Certificate): Role => {
    if (certificate === leaf) return 'leaf';
    const isPart = isMember.has(certificate) || disconnected.includes(certificate);
    if (copies.has(certificate) || !isPart) return 'extra';
    return certificate.selfIssued && !isIssuedByOther(certificate, inFile.issuers, isMember)
      ? 'root'
      : 'intermediate';
  };
  return {
    leaf,
    certificates: distinct,
    roles: certificates.map(roleOf),
    path,
    members,
    isInOrder: isInOrder(distinct, path, inFile.issuers, top, isMember),
    duplicates,
    unrelated: others.filter((each) => !disconnected.includes(each)),
    top,
    broken,
    inFile,
    withKnownRoots,
    budget,
  };
}

function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** What a generator gives, to be read again from its start. */
function replayable<T>(source: Iterator<T>): Iterable<T> {
  const seen: T[] = [];
  return {
    *[Symbol.iterator]() {
      for (let at = 0; ; at += 1) {
        if (at === seen.length) {
          const next = source.next();
          if (next.done) return;
          seen.push(next.value);
        }
        yield seen[at] as T;
      }
    },
  };
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

/** @param isKnown whether a certificate is a root that clients have, so that a path ends there */
function issuerGraph(
  leaf: Certificate,
  issuers: Issuers,
  isKnown: (certificate: Certificate) => boolean,
): IssuerGraph {
  const reachable = reach(leaf, issuers, isKnown);
  // Of a root that clients have in another form, theirs counts.
  const hasKnownForm = (each: Certificate) =>
    issuers.of(each).some((other) => other !== each && isKnown(other));
  const isAnchor = (each: Certificate) =>
    (each !== leaf && isKnown(each)) || (issuers.isSelfSigned(each) && !hasKnownForm(each));
  const anchors = reachable.filter(isAnchor);
  const distances = distancesTo(anchors, reachable, issuers);
  const distanceOf = (each: Certificate) => distances.get(each) ?? Number.POSITIVE_INFINITY;
  return { issuers, anchors, isKnown, paths: replayable(listPaths(leaf, issuers, { isAnchor, distanceOf })) };
}

/** Every certificate on some path from the leaf up, breadth first; over a broken signature all of the issuer's name. */
function reach(
  leaf: Certificate,
  issuers: Issuers,
  isKnown: (certificate: Certificate) => boolean,
): readonly Certificate[] {
  const reachable = [leaf];
  const seen = new Set(reachable);
  const expanded = new Set<readonly Certificate[]>();
  for (const certificate of reachable) {
    if (certificate !== leaf && isKnown(certificate)) continue;
    const signers = issuers.of(certificate);
    const above = signers.length > 0 ? signers : issuers.namedBy(certificate);
    if (expanded.has(above)) continue;
    expanded.add(above);
    for (const issuer of above) {
      if (seen.has(issuer)) continue;
      seen.add(issuer);
      reachable.push(issuer);
    }
  }
  return reachable;
}

/** How many steps the shortest path from each certificate to an anchor has; breadth first from the anchors down. */
function distancesTo(
  anchors: readonly Certificate[],
  reachable: readonly Certificate[],
  issuers: Issuers,
): ReadonlyMap<Certificate, number> {
  const issued = groupBy(reachable, issuers.of);
  const groups = new Map([...issued.keys()].flatMap((group) => group.map((each) => [each, group] as const)));
  const distances = new Map(anchors.map((each) => [each, 0]));
  const queue = [...anchors];
  for (const certificate of queue) {
    for (const each of issued.get(groups.get(certificate) ?? []) ?? []) {
      if (distances.has(each)) continue;
      distances.set(each, (distances.get(certificate) ?? 0) + 1);
      queue.push(each);
    }
  }
  return distances;
}

interface RankedPath {
  path: Path;
  /** It ends in an anchor, and nothing on it violates a condition. */
  isValid: boolean;
  rank: readonly number[];
}

/** The path that a client walks best: to an anchor rather than to a gap, without violations, short. */
function bestPath({ paths }: IssuerGraph, at: Date, budget: Budget): RankedPath {
  let best: RankedPath | null = null;
  for (const path of paths) {
    const violations = violationsOn(path, at, budget).length;
    const isValid = path.end === 'anchor' && violations === 0;
    const ranked = { path, isValid, rank: [ENDS.indexOf(path.end), violations, path.certificates.length] };
    best = best === null ? ranked : better(best, ranked);
    if (isValid) break;
  }
  // The leaf alone is a path.
  return best as RankedPath;
}

const ENDS: readonly Path['end'][] = ['anchor', 'missing', 'broken', 'loop'];

/** The one of lower rank; the first of equals. */
function better(one: RankedPath, other: RankedPath): RankedPath {
  const at = one.rank.findIndex((value, place) => value !== other.rank[place]);
  return at >= 0 && (other.rank[at] ?? 0) < (one.rank[at] ?? 0) ? other : one;
}

/** A path as far as it is in the file, and beyond a broken signature by name; with the signatures that are broken. */
function beyondBroken(
  { certificates, end }: Path,
  distinct: readonly Certificate[],
  issuers: Issuers,
): Pick<Chain, 'path' | 'broken'> {
  const path = certificates.filter((each) => distinct.includes(each));
  const anchor = certificates.at(-1) as Certificate;
  const ownForm = distinct.find((each) => isSameCa(each, anchor) && issuers.isSelfSigned(each));
  if (end === 'anchor' && ownForm && !distinct.includes(anchor)) path.push(ownForm);
  const broken: Chain['broken'][number][] = [];
  let isBroken = end === 'broken';
  while (isBroken) {
    const certificate = path.at(-1) as Certificate;
    const named = issuers.namedBy(certificate);
    broken.push({ certificate, issuers: named });
    const above = certificate.selfIssued ? [] : named.filter((each) => !path.includes(each));
    const next = above.map((each) => pathFrom(each, issuers)).find(({ end }) => end === 'anchor');
    const { certificates: more, end: nextEnd } = next ?? (above[0] ? pathFrom(above[0], issuers) : NO_PATH);
    path.push(...more.filter((each) => !path.includes(each)));
    isBroken = nextEnd === 'broken' && path.at(-1) !== certificate;
  }
  return { path, broken };
}

const NO_PATH: Path = { certificates: [], end: 'missing' };

function pathFrom(certificate: Certificate, issuers: Issuers): Path {
  const options = { isAnchor: issuers.isSelfSigned, distanceOf: () => 0 };
  return listPaths(certificate, issuers, options).next().value ?? NO_PATH;
}

/** Signed by another key of its own name, as in the rollover of a root's key (RFC 4210 section 4.4). */
function isIssuedByOther(
  certificate: Certificate,
  issuers: Issuers,
  isMember: ReadonlySet<Certificate>,
): boolean {
  return (
    isMember.has(certificate) && !issuers.isSelfSigned(certificate) && issuers.of(certificate).length > 0
  );
}

function topOf(
  best: Path,
  { path, broken }: Pick<Chain, 'path' | 'broken'>,
  { isSelfSigned }: Issuers,
  roots: KnownRoots,
  members: readonly Certificate[],
  others: readonly Certificate[],
): Top {
  const [first] = broken;
  if (first) return { kind: 'broken', certificate: first.certificate };
  const certificate = path.at(-1) as Certificate;
  const last = best.certificates.at(-1) as Certificate;
  if (best.end === 'loop') return { kind: 'loop', certificate };
  if (best.end === 'anchor' && isSelfSigned(certificate) && isSameCa(last, certificate)) {
    return path.length === 1 ? { kind: 'self-signed-leaf' } : { kind: 'root', certificate };
  }
  const known = best.end === 'anchor' ? roots.kindOf(last) : null;
  const crossSigned =
    known === null ? undefined : members.find((each) => each !== last && isSameCa(each, last));
  const disconnected = known === null ? disconnectedAbove(certificate, members, others) : [];
  return {
    kind: 'missing',
    certificate: crossSigned ?? certificate,
    known,
    isCrossSigned: crossSigned !== undefined,
    disconnected,
  };
}

function isInOrder(
  distinct: readonly Certificate[],
  path: readonly Certificate[],
  issuers: Issuers,
  top: Top,
  isMember: ReadonlySet<Certificate>,
): boolean {
  const [leaf] = path;
  const disconnected = top.kind === 'missing' ? top.disconnected : [];
  if (distinct[0] !== leaf) return false;
  const order = distinct.filter((each) => isMember.has(each) || disconnected.includes(each));
  if (disconnected.length === 0 && top.kind !== 'loop') return hasPathInOrder(order, issuers);
  const wanted = [...path, ...disconnected].map((each) => order.indexOf(each));
  return wanted.every((place, at) => at === 0 || place > (wanted[at - 1] ?? -1));
}

/** Whether some path, by name where a signature is broken, is in the order given, which begins with the leaf. */
function hasPathInOrder(order: readonly Certificate[], issuers: Issuers): boolean {
  const whole = new Set<Certificate>();
  const wholeGroups = new Set<readonly Certificate[]>();
  for (const certificate of order.toReversed()) {
    const signers = issuers.of(certificate);
    const above = signers.length > 0 ? signers : issuers.namedBy(certificate);
    const isEnd =
      issuers.isSelfSigned(certificate) ||
      above.length === 0 ||
      (certificate.selfIssued && signers.length === 0);
    if (!isEnd && !wholeGroups.has(above) && !above.some((each) => whole.has(each))) continue;
    whole.add(certificate);
    if (!isEnd) wholeGroups.add(above);
  }
  return order[0] !== undefined && whole.has(order[0]);
}
