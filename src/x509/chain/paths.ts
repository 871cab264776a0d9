import { LintError } from '../../errors.ts';
import type { Certificate } from '../certificate.ts';
import { type Issuers, matchesAuthorityKeyId } from './issuers.ts';

/** One way from the leaf up (RFC 5280 section 6.1), by signature. */
export interface Path {
  /** Leaf first. */
  certificates: readonly Certificate[];
  /**
   * `anchor`: the last is self-signed, or is a known root. `missing`: nothing of the issuer's name is here. `broken`: a
   * certificate of the issuer's name is here, and its key did not sign. `loop`: each issuer is in the path already.
   */
  end: 'anchor' | 'missing' | 'broken' | 'loop';
}

interface SearchOptions {
  isAnchor(certificate: Certificate): boolean;
  distanceOf(certificate: Certificate): number;
}

/** More than any real file has; each costs memory and checks. */
const MAX_PATHS = 2_000;
/** Steps of the search in all: most of a mesh may be dead ends. */
const MAX_STEPS = 200_000;

/**
 * Lists the paths from the leaf up, depth first (RFC 4158 section 2): at each step the issuers nearest to an anchor
 * first, then those that the authority key identifier names, then those valid longest. The list does not depend on the
 * order of the file.
 * @param options.isAnchor whether clients trust a certificate by itself, so that a path ends there
 * @param options.distanceOf how many steps a certificate is from the nearest anchor
 * @throws LintError while listing, where there are more than 2,000 paths
 */
export function* listPaths(
  leaf: Certificate,
  issuers: Issuers,
  { isAnchor, distanceOf }: SearchOptions,
): Generator<Path, void, void> {
  let [paths, steps] = [0, 0];
  const path = [leaf];
  const used = new Set(path);
  const pending: Certificate[][] = [];
  const endOf = (certificate: Certificate, next: readonly Certificate[]): Path['end'] | null => {
    if (isAnchor(certificate)) return 'anchor';
    if (next.length > 0) return null;
    if (issuers.of(certificate).length > 0) return 'loop';
    return issuers.namedBy(certificate).some((each) => each !== certificate) || certificate.selfIssued
      ? 'broken'
      : 'missing';
  };
  for (;;) {
    steps += 1;
    const last = path.at(-1) as Certificate;
    const next = issuers.of(last).filter((each) => !used.has(each));
    const end = endOf(last, next);
    if (end !== null) {
      paths += 1;
      if (paths > MAX_PATHS || steps > MAX_STEPS) throw tooManyPaths();
      yield { certificates: [...path], end };
    }
    pending.push(end === null ? ranked(last, next, distanceOf) : []);
    // Back to the last certificate that has another issuer to try.
    for (;;) {
      const step = pending.at(-1)?.shift();
      if (step) {
        path.push(step);
        used.add(step);
        break;
      }
      pending.pop();
      const done = path.pop();
      if (pending.length === 0 || !done) return;
      used.delete(done);
    }
  }
}

function ranked(
  certificate: Certificate,
  next: readonly Certificate[],
  distanceOf: SearchOptions['distanceOf'],
): Certificate[] {
  const isNamed = (issuer: Certificate) => Number(!matchesAuthorityKeyId(certificate, issuer));
  return next.toSorted(
    (one, other) =>
      compare(distanceOf(one), distanceOf(other)) ||
      isNamed(one) - isNamed(other) ||
      other.notAfter.getTime() - one.notAfter.getTime() ||
      (one.fingerprintSha256 < other.fingerprintSha256 ? -1 : 1),
  );
}

/** Infinity less infinity is no number. */
function compare(one: number, other: number): number {
  return one === other ? 0 : one - other;
}

function tooManyPaths(): LintError {
  return new LintError(
    `this chain is too costly to check: its certificates make more than ${MAX_PATHS} paths from the leaf up`,
    'Keep only the leaf, its intermediates and its root in the file.',
  );
}
