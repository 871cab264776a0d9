import type { Certificate } from '../x509/certificate.ts';
import type { Chain, IssuerGraph } from '../x509/chain/chain.ts';
import { isLikelyIssuer } from '../x509/chain/issuers.ts';
import { type Violation, violationsOn, whyNotCa } from '../x509/chain/path-checks.ts';
import type { Path } from '../x509/chain/paths.ts';
import { type Cause, causeKey } from './cause.ts';
import { issuerKeyRefusals, signatureRefusals } from './keys.ts';
import type { Client, Refusal } from './refusal.ts';
import { extendedKeyUsageRefusals } from './usages.ts';

/** What is wrong with paths at a time. */
export interface PathChecks {
  at: Date;
  violationsOn(path: Path): readonly Violation[];
}

/** Checks each path once, however many clients take it. */
export function pathChecks({ budget }: Chain, at: Date): PathChecks {
  const known = new Map<string, readonly Violation[]>();
  return {
    at,
    violationsOn(path) {
      const key = [path.end, ...path.certificates.map(({ fingerprintSha256 }) => fingerprintSha256)].join();
      const found = known.get(key) ?? violationsOn(path, at, budget);
      known.set(key, found);
      return found;
    },
  };
}

/** What a client is asked about. */
export interface Question {
  chain: Chain;
  checks: PathChecks;
  client: Client;
  /** Which violations on a path it refuses; who asks extended key usages is known for all clients. */
  minds(violation: Violation, path: Path): boolean;
}

/** What a client does with the certificates that a server sends. */
export interface Answer {
  /** The path by which it accepts; null where it refuses. */
  path: Path | null;
  causes: readonly Cause[];
}

/** The certificates that a client gets, and the roots it has. */
export interface Walkable {
  /** As the server sends them. */
  order: readonly Certificate[];
  graph: IssuerGraph;
  at: Date;
}

/**
 * Asks a client that tries every path (RFC 4158): it accepts where one holds. Where all fail, the causes are those of
 * the paths that need least to hold: a fault on another path than these takes nothing away.
 */
export function tryAllPaths(question: Question): Answer {
  const { chain } = question;
  const failed: (readonly Cause[])[] = [];
  const attempt = (path: Path): boolean => {
    const causes = causesOn(path, question);
    if (causes.length > 0) failed.push(causes);
    return causes.length === 0;
  };
  for (const graph of graphsOf(chain)) {
    for (const path of graph.paths) {
      if (path.end === 'anchor' && attempt(path)) return { path, causes: [] };
    }
  }
  if (failed.length > 0) return { path: null, causes: leastOf(failed) };
  for (const path of chain.withKnownRoots().paths) {
    if (isOpen(path) && attempt(path)) return { path, causes: [] };
  }
  return { path: null, causes: failed.length > 0 ? leastOf(failed) : whyNoPath(chain) };
}

/** Why a client refuses a path: the conditions that it asks for, and keys and signatures that it does not take. */
function causesOn(path: Path, { checks, client, minds }: Question): readonly Cause[] {
  const { certificates, end } = path;
  const isRefused = ({ clients }: Refusal) => clients.includes(client);
  const refusals = certificates.flatMap((certificate, place): Cause[] => {
    const isAnchor = end === 'anchor' && place === certificates.length - 1;
    const key = place > 0 ? issuerKeyRefusals(certificate.publicKey).find(isRefused) : undefined;
    const signature = signatureRefusals(certificate, isAnchor).find(isRefused);
    return [
      ...(key ? [{ kind: 'issuer-key' as const, certificate, what: key.what }] : []),
      ...(signature ? [{ kind: 'signature' as const, certificate, what: signature.what }] : []),
    ];
  });
  const isMinded = (violation: Violation) => {
    if (violation.kind !== 'not-for-servers') return minds(violation, path);
    const isLeaf = violation.certificate === certificates[0];
    return minds(violation, path) && extendedKeyUsageRefusals(violation.certificate, isLeaf).some(isRefused);
  };
  return [...checks.violationsOn(path).filter(isMinded), ...refusals];
}

/** The graph of the file, where it has a root; then the one with known roots, whose lookup takes time. */
function* graphsOf(chain: Chain): Generator<IssuerGraph, void, void> {
  if (chain.inFile.anchors.length > 0) yield chain.inFile;
  yield chain.withKnownRoots();
}

/** Beside known roots, those of the file; where one is sound, that clients trust one that is not is not assumed. */
function trustedOf({ anchors, isKnown }: IssuerGraph, at: Date): readonly Certificate[] {
  const isSound = (each: Certificate) =>
    each.isValidAt(at) && whyNotCa(each, true) === null && each.extendedKeyUsage === null;
  const sound = anchors.filter((each) => isKnown(each) || isSound(each));
  return sound.length > 0 ? sound : anchors;
}

/** It ends above an intermediate, so nobody can tell whether clients have the root above. */
function isOpen({ certificates, end }: Path): boolean {
  return end === 'loop' || (end === 'missing' && certificates.length > 1);
}

function whyNoPath({ leaf, broken }: Chain): readonly Cause[] {
  if (broken.length === 0) return [{ kind: 'no-issuer', certificate: leaf }];
  return broken.map(({ certificate }) => ({ kind: 'broken-signature', certificate }));
}

/** All causes of those sets that hold no other set. */
function leastOf(sets: readonly (readonly Cause[])[]): readonly Cause[] {
  const distinct = [...new Map(sets.map((set) => [set.map(causeKey).toSorted().join('\n'), set])).values()];
  const keys = distinct.map((set) => new Set(set.map(causeKey)));
  const isLeast = (own: ReadonlySet<string>) =>
    !keys.some((other) => other !== own && other.size < own.size && [...other].every((key) => own.has(key)));
  const least = distinct.filter((_, at) => isLeast(keys[at] as Set<string>)).flat();
  return [...new Map(least.map((cause) => [causeKey(cause), cause])).values()];
}

/**
 * Asks a client that walks one path only, which depends on the order of the file.
 * @param walk gives that path; null where the client tries all paths in this order
 * @param whenBuilding what it minds then
 */
export function walkOnce(
  question: Question,
  walk: (from: Walkable) => Path | null,
  whenBuilding: Question['minds'] = question.minds,
): Answer {
  const { chain, checks } = question;
  const { at } = checks;
  const attempt = (order: readonly Certificate[]): Answer & { walked?: Path } => {
    let answer: Answer & { walked?: Path } = { path: null, causes: [] };
    for (const each of graphsOf(chain)) {
      const graph = { ...each, anchors: trustedOf(each, at) };
      const walked = walk({ order, graph, at });
      if (walked === null) return tryAllPaths({ ...question, minds: whenBuilding });
      const causes = [...deadEnd(walked, graph, at), ...causesOn(walked, question)];
      answer = { path: causes.length === 0 ? walked : null, causes, walked };
      if (answer.path) break;
    }
    return answer;
  };
  const answer = attempt(chain.certificates);
  if (answer.path || !answer.walked) return answer;
  const right = tryAllPaths(question);
  if (!right.path) return right;
  const first = right.path.certificates.filter((each) => chain.certificates.includes(each));
  const rest = chain.certificates.filter((each) => !first.includes(each));
  const [because] = answer.causes;
  if (!because || !attempt([...first, ...rest]).path) return answer;
  const { certificate } = because;
  const path = answer.walked;
  const misleading = path.certificates.find((each) => !first.includes(each)) ?? certificate;
  return { path: null, causes: [{ kind: 'order', certificate, path, because, misleading }] };
}

/** A path that ends nowhere, though the graph has one that ends in an anchor. */
function deadEnd(path: Path, { anchors, issuers }: IssuerGraph, at: Date): readonly Cause[] {
  const { certificates, end } = path;
  const unsigned = certificates.find(
    (each, place) =>
      place + 1 < certificates.length && !issuers.of(each).includes(certificates[place + 1] as Certificate),
  );
  if (unsigned) return [{ kind: 'broken-signature', certificate: unsigned }];
  if (end === 'anchor' || (anchors.length === 0 && isOpen(path))) return [];
  const last = certificates.at(-1) as Certificate;
  // A root of the file is trusted unless it is not valid, which is a cause of its own.
  return issuers.isSelfSigned(last) && !last.isValidAt(at) ? [] : [{ kind: 'no-issuer', certificate: last }];
}

/** The certificates of a list that a client takes for the issuer of one, before it checks the signature. */
export function likelyIssuers(
  certificate: Certificate,
  among: readonly Certificate[],
  used: readonly Certificate[] = [],
): readonly Certificate[] {
  return among.filter(
    (each) =>
      each.subjectKey === certificate.issuerKey && !used.includes(each) && isLikelyIssuer(certificate, each),
  );
}
