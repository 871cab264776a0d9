import type { Certificate } from '../x509/certificate.ts';
import type { Chain } from '../x509/chain/chain.ts';
import { matchesAuthorityKeyId } from '../x509/chain/issuers.ts';
import type { Violation } from '../x509/chain/path-checks.ts';
import type { Path } from '../x509/chain/paths.ts';
import { type Answer, likelyIssuers, type PathChecks, type Walkable, walkOnce } from './path-building.ts';

/** OpenSSL's `X509_VERIFY_PARAM` goes no further up. */
const MAX_DEPTH = 100;

/**
 * OpenSSL 3: agents for Python and Node, curl. It asks all conditions of every certificate, those of the root too, but
 * no policies.
 * @see OpenSSL, `verify_chain` and `check_extensions` in crypto/x509/x509_vfy.c
 */
export function askOpenssl(chain: Chain, checks: PathChecks): Answer {
  const minds = ({ kind }: Violation) => kind !== 'no-policy';
  return walkOnce({ chain, checks, client: 'openssl', minds }, opensslPath);
}

/**
 * The path of OpenSSL: at each step a trusted root first, then the first issuer of the file that is valid, else the one
 * valid longest; it never looks back.
 * @see OpenSSL, `build_chain` and `find_issuer` in crypto/x509/x509_vfy.c, `X509_STORE_CTX_get1_issuer`
 */
function opensslPath({ order, graph, at }: Walkable): Path {
  const path = [order[0] as Certificate];
  const isRoot = (each: Certificate) => graph.issuers.isSelfSigned(each) && matchesAuthorityKeyId(each, each);
  for (;;) {
    const last = path.at(-1) as Certificate;
    if (graph.anchors.includes(last) && (isRoot(last) || path.length > 1))
      return { certificates: path, end: 'anchor' };
    const trusted = preferred(likelyIssuers(last, graph.anchors), at);
    if (trusted) return { certificates: [...path, trusted], end: 'anchor' };
    const next = isRoot(last) ? null : preferred(likelyIssuers(last, order, path), at);
    if (!next || path.length > MAX_DEPTH) return { certificates: path, end: 'missing' };
    path.push(next);
  }
}

/** The first that is valid; where none is, the one valid longest. */
function preferred(certificates: readonly Certificate[], at: Date): Certificate | null {
  const valid = certificates.find((each) => each.isValidAt(at));
  if (valid) return valid;
  return certificates.reduce<Certificate | null>(
    (best, each) => (best === null || each.notAfter > best.notAfter ? each : best),
    null,
  );
}
