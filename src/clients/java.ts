import type { Certificate } from '../x509/certificate.ts';
import type { Chain } from '../x509/chain/chain.ts';
import { isSameCa } from '../x509/chain/issuers.ts';
import type { Violation } from '../x509/chain/path-checks.ts';
import type { Path } from '../x509/chain/paths.ts';
import { type Answer, type PathChecks, type Walkable, walkOnce } from './path-building.ts';
import type { Java } from './refusal.ts';

/** `jdk.tls.maxCertificateChainLength`, since 2023 `jdk.tls.client.maxInboundCertificateChainLength`; 8u252 has no bound. */
const MAX_SENT = 10;

/**
 * Agents on Java, JetBrains IDEs. The dates, usages and constraints of a root count for nothing, nor do the extended key
 * usages of a CA or key identifiers but for that of the root; policies do.
 * @see JDK, sun.security.provider.certpath.PKIXCertPathValidator, ForwardBuilder, ConstraintsChecker, PolicyChecker
 */
export function askJava(client: Java, chain: Chain, checks: PathChecks): Answer {
  const answer = walkOnce({ chain, checks, client, minds }, listedPath, mindsWhenBuilding);
  if (client === 'java8' || chain.roles.length <= MAX_SENT) return answer;
  const tooMany = { kind: 'too-many' as const, certificate: chain.leaf, allowed: MAX_SENT };
  return { path: null, causes: [...answer.causes, tooMany] };
}

function minds(violation: Violation, path: Path): boolean {
  const { kind, isAnchor } = violation;
  // A trusted leaf is taken as it is (`PKIXValidator.engineValidate`).
  const isTrustedLeaf = path.end === 'anchor' && path.certificates.length === 1;
  if (kind === 'too-many-names' || isTrustedLeaf) return false;
  // `AdaptableX509CertSelector` compares what leads to the root.
  if (kind === 'other-issuer-named')
    return !isAnchor && path.end === 'anchor' && violation.issuer === path.certificates.at(-1);
  return !isAnchor || (kind === 'not-a-ca' && violation.reason.kind !== 'path-length');
}

/** Where Java builds a path, it passes over roots that are not valid. */
function mindsWhenBuilding(violation: Violation, path: Path): boolean {
  return minds(violation, path) || violation.kind === 'expired' || violation.kind === 'not-yet-valid';
}

/**
 * The path where the names of the file chain, each certificate's issuer being the next one's subject, up to the first
 * trusted one: Java validates exactly this list, and builds no other path.
 * @returns null where the names do not chain, so that Java builds a path
 * @see JDK, sun.security.validator.PKIXValidator.engineValidate
 */
function listedPath({ order, graph }: Walkable): Path | null {
  const { anchors, isKnown, issuers } = graph;
  for (const [place, certificate] of order.entries()) {
    const below = order[place - 1];
    if (below && certificate.subjectKey !== below.issuerKey) return null;
    if (below && anchors.some((each) => isSameCa(each, certificate))) {
      // Java tries every root of the name that it has.
      const root = issuers.of(below).find((each) => anchors.includes(each) && isKnown(each));
      return { certificates: [...order.slice(0, place), root ?? certificate], end: 'anchor' };
    }
  }
  const last = order.at(-1) as Certificate;
  const root = issuers.of(last).find((each) => anchors.includes(each));
  if (root) return { certificates: root === last ? order : [...order, root], end: 'anchor' };
  return anchors.length === 0 ? { certificates: order, end: 'missing' } : null;
}
