import type { Certificate } from '../x509/certificate.ts';
import type { Chain } from '../x509/chain/chain.ts';
import type { Path } from '../x509/chain/paths.ts';
import {
  type Answer,
  likelyIssuers,
  type PathChecks,
  type Question,
  tryAllPaths,
  type Walkable,
  walkOnce,
} from './path-building.ts';
import type { Browser } from './refusal.ts';

/**
 * Chrome with Edge, Safari and Firefox try every path.
 * @see BoringSSL, pki/path_builder.cc; Firefox, security/nss/lib/mozpkix/lib/pkixbuild.cpp
 */
export function askBrowser(client: Browser, chain: Chain, checks: PathChecks): Answer {
  const question = { chain, checks, client, minds: () => true };
  return client === 'vscode' ? askElectron(question) : tryAllPaths(question);
}

/**
 * VS Code runs on Electron's own TLS, BoringSSL, which takes a trusted root first, else the first issuer of the
 * file.
 * @see BoringSSL, `X509_verify_cert` and `find_issuer` in crypto/x509/x509_vfy.cc
 */
function askElectron(question: Question): Answer {
  return walkOnce(question, firstIssuerPath);
}

/** BoringSSL passes over a certificate of the issuer's name whose key usage lacks keyCertSign (`X509_check_issued`). */
function maySign({ keyUsage }: Certificate): boolean {
  return keyUsage === null || keyUsage.includes('keyCertSign');
}

/**
 * The path of a client that takes a trusted root at the first certificate that has one, and up to there the first issuer
 * of the file.
 */
function firstIssuerPath({ order, graph }: Walkable): Path {
  const path = [order[0] as Certificate];
  for (;;) {
    const last = path.at(-1) as Certificate;
    if (graph.issuers.isSelfSigned(last))
      return { certificates: path, end: graph.anchors.includes(last) ? 'anchor' : 'missing' };
    const [trusted] = likelyIssuers(last, graph.anchors);
    if (trusted) return { certificates: [...path, trusted], end: 'anchor' };
    const next = likelyIssuers(last, order, path).find(maySign);
    if (!next) return { certificates: path, end: 'missing' };
    path.push(next);
  }
}
