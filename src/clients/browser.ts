import type { Certificate } from '../x509/certificate.ts';
import type { Path } from '../x509/chain/paths.ts';
import {
  type Answer,
  likelyIssuers,
  type Question,
  tryAllPaths,
  type Walkable,
  walkOnce,
} from './path-building.ts';

/**
 * Chrome, Edge, Firefox and Safari: each tries every path.
 * @see BoringSSL, pki/path_builder.cc; Firefox, security/nss/lib/mozpkix/lib/pkixbuild.cpp
 */
export function askBrowsers(question: Question): Answer {
  return tryAllPaths(question, () => true);
}

/**
 * VS Code: Electron's own TLS on BoringSSL, which takes the first issuer of the file.
 * @see BoringSSL, `X509_verify_cert` and `find_issuer` in crypto/x509/x509_vfy.cc
 */
export function askElectron(question: Question): Answer {
  return walkOnce(question, ({ kind }) => kind !== 'no-policy', firstIssuerPath);
}

/**
 * The path of a client that takes the first issuer of the file up to its end, and only then looks for a root: for the
 * last certificate, then for each one below it.
 */
export function firstIssuerPath({ order, graph }: Walkable): Path {
  const sent = [order[0] as Certificate];
  for (;;) {
    const last = sent.at(-1) as Certificate;
    const [next] = graph.issuers.isSelfSigned(last) ? [] : likelyIssuers(last, order, sent);
    if (!next) break;
    sent.push(next);
  }
  const { anchors } = graph;
  const top = sent.at(-1) as Certificate;
  if (anchors.includes(top)) return { certificates: sent, end: 'anchor' };
  for (let length = sent.length; length > 0; length -= 1) {
    const [root] = likelyIssuers(sent[length - 1] as Certificate, anchors);
    if (root) return { certificates: [...sent.slice(0, length), root], end: 'anchor' };
  }
  return { certificates: sent, end: 'missing' };
}
