import type { Certificate } from '../certificate.ts';
import { groupBy } from '../group-by.ts';
import { matchesAuthorityKeyId } from './issuer-match.ts';
import type { Issuer, Link, Links } from './links.ts';

type Ends = (certificate: Certificate, link: Link) => boolean;
type MayIssue = (certificate: Certificate) => boolean;

/** Takes part in the search for the best way. */
export interface PathOptions {
  /** Whether a certificate's issuer, missing in the file, is a known root. Asked only where no way ends in a root of the file. */
  isKnown(certificate: Certificate): boolean;
  /** Whether a certificate may issue others. Ways on such certificates alone are better. */
  mayIssue: MayIssue;
}

/** An end of ways, and the certificates they may stand on. */
type Class = readonly [ends: Ends, mayIssue: MayIssue];

const isRoot: Ends = (_, link) => link.kind === 'self-signed';
const isMissing: Ends = (_, link) => link.kind === 'missing';
const isBroken: Ends = (_, link) => link.kind === 'broken';
const any: MayIssue = () => true;

/**
 * The best way from the leaf up: one that ends in a root of the file, else in a known root, else where the file
 * ends, else at a broken signature (and beyond it by name), else round a circle until it repeats. Among equals
 * the shortest; then, certificate by certificate, those that the key identifiers name and that have room for those
 * below, and of these the one valid longest. Never depends on the order of the file.
 */
export function bestPath(leaf: Certificate, links: Links, { isKnown, mayIssue }: PathOptions): Certificate[] {
  const knownEnd = endsKnown(isKnown);
  const nearest = nearestIn(links, [
    [isRoot, mayIssue],
    [knownEnd, mayIssue],
    [isRoot, any],
    [knownEnd, any],
    [isMissing, mayIssue],
    [isMissing, any],
    [isBroken, any],
  ]);
  const way: Certificate[] = [];
  const used = new Set<Issuer>();
  let starts: readonly Certificate[] = [leaf];
  while (starts.length > 0) {
    way.push(...(nearest(starts) ?? circle(starts, links)));
    const last = way.at(-1) as Certificate;
    const link = links.of(last);
    if (link.kind !== 'broken' || last.selfIssued || used.has(link.by)) break;
    used.add(link.by);
    starts = link.by.certificates.filter((certificate) => certificate !== leaf);
  }
  return [...new Set(way)];
}

/** Likewise, on certificates alone that may issue; null where no such way ends in a root, in a known one, or where the file ends. */
export function bestPathOn(
  leaf: Certificate,
  links: Links,
  { isKnown, mayIssue }: PathOptions,
): Certificate[] | null {
  const ends = [isRoot, endsKnown(isKnown), isMissing];
  return nearestIn(
    links,
    ends.map((end): Class => [end, mayIssue]),
  )([leaf]);
}

const endsKnown =
  (isKnown: PathOptions['isKnown']): Ends =>
  (certificate, link) =>
    link.kind === 'missing' && isKnown(certificate);

/** Gives the shortest way from one of some certificates up, of the first class that has one; null where none has. */
function nearestIn(
  links: Links,
  classes: readonly Class[],
): (starts: readonly Certificate[]) => Certificate[] | null {
  const issuedBy = groupBy(links.reachable, (certificate) => {
    const link = links.of(certificate);
    return link.kind === 'issued' ? link.by : null;
  });
  const computed: Map<Certificate, number>[] = [];
  return (starts) => {
    for (const [at, [ends, mayIssue]] of classes.entries()) {
      computed[at] ??= distancesToEnd(links, issuedBy, ends, mayIssue);
      const distances = computed[at];
      if (starts.some((start) => distances.has(start))) return descend(starts, links, distances, mayIssue);
    }
    return null;
  };
}

/** How many certificates the shortest way from each certificate to an end has; breadth first from the ends down. */
function distancesToEnd(
  links: Links,
  issuedBy: ReadonlyMap<Issuer | null, readonly Certificate[]>,
  ends: Ends,
  mayIssue: MayIssue,
): Map<Certificate, number> {
  const queue = links.reachable.filter((certificate) => ends(certificate, links.of(certificate)));
  const distances = new Map(queue.map((certificate) => [certificate, 1]));
  const done = new Set<Issuer>();
  for (const certificate of queue) {
    const [issuer] = links.issuerGroups(certificate);
    if (!mayIssue(certificate) || done.has(issuer)) continue;
    done.add(issuer);
    for (const issued of issuedBy.get(issuer) ?? []) {
      if (distances.has(issued)) continue;
      distances.set(issued, (distances.get(certificate) ?? 0) + 1);
      queue.push(issued);
    }
  }
  return distances;
}

function descend(
  starts: readonly Certificate[],
  links: Links,
  distances: ReadonlyMap<Certificate, number>,
  mayIssue: MayIssue,
): Certificate[] {
  const way: Certificate[] = [];
  let between = 0;
  let candidates: readonly Certificate[] = starts.filter((certificate) => distances.has(certificate));
  while (candidates.length > 0) {
    const nearest = candidates.reduce(
      (least, each) => Math.min(least, distances.get(each) ?? least),
      Infinity,
    );
    const chosen = longestValid(candidates.filter((each) => distances.get(each) === nearest));
    if (way.length > 0 && !chosen.selfIssued) between += 1;
    way.push(chosen);
    const link = links.of(chosen);
    if (nearest === 1 || link.kind !== 'issued') break;
    candidates = [
      (each: Certificate) => matchesAuthorityKeyId(chosen, each),
      (each: Certificate) => each.pathLength === null || each.pathLength >= between,
    ].reduce(
      narrowed,
      link.by.certificates.filter((each) => distances.has(each) && mayIssue(each)),
    );
  }
  return way;
}

/** Those that are better; all, where none is. */
function narrowed(
  certificates: readonly Certificate[],
  isBetter: (certificate: Certificate) => boolean,
): readonly Certificate[] {
  const better = certificates.filter(isBetter);
  return better.length > 0 ? better : certificates;
}

function circle(starts: readonly Certificate[], links: Links): Certificate[] {
  const way = new Set<Certificate>();
  const used = new Set<Issuer>();
  let candidates = starts;
  while (candidates.length > 0) {
    const chosen = longestValid(candidates);
    way.add(chosen);
    const link = links.of(chosen);
    if (link.kind !== 'issued' || used.has(link.by)) break;
    used.add(link.by);
    candidates = link.by.certificates.filter((each) => !way.has(each));
  }
  return [...way];
}

function longestValid(certificates: readonly Certificate[]): Certificate {
  return certificates.reduce((best, each) => {
    const later = each.notAfter.getTime() - best.notAfter.getTime();
    return later > 0 || (later === 0 && each.fingerprintSha256 < best.fingerprintSha256) ? each : best;
  });
}

/**
 * Whether some whole way from the leaf up stands on usable certificates alone. It ends in a root of the file,
 * where the file ends, or where a known root issued its last certificate; known roots are asked for last.
 */
export function hasPath(
  leaf: Certificate,
  links: Links,
  usable: (certificate: Certificate) => boolean,
  isKnown: (certificate: Certificate) => boolean,
): boolean {
  const queue = usable(leaf) ? [leaf] : [];
  const seen = new Set<Issuer>();
  for (const certificate of queue) {
    const link = links.of(certificate);
    if (link.kind === 'self-signed' || link.kind === 'missing') return true;
    if (link.kind === 'broken' || seen.has(link.by)) continue;
    seen.add(link.by);
    queue.push(...link.by.certificates.filter(usable));
  }
  return queue.some(isKnown);
}

/**
 * Whether some whole way from the leaf up, by name, stands in the order given.
 * @param order certificates of the file in its order, without copies and what is unrelated
 */
export function standsInOrder(leaf: Certificate, links: Links, order: readonly Certificate[]): boolean {
  if (order[0] !== leaf) return false;
  const whole = new Set<Issuer>();
  let isWhole = false;
  for (const certificate of order.toReversed()) {
    const link = links.of(certificate);
    const ends = !('by' in link) || (link.kind === 'broken' && certificate.selfIssued);
    isWhole = ends || whole.has(link.by);
    if (isWhole) for (const issuer of links.issuerGroups(certificate)) whole.add(issuer);
  }
  // The last one looked at was the leaf.
  return isWhole;
}
