import type { Certificate } from '../x509/certificate.ts';
import type { Chain } from '../x509/chain/chain.ts';
import type { Path } from '../x509/chain/paths.ts';
import {
  type Answer,
  likelyIssuers,
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
export function askBrowser(client: Browser, chain: Chain, at: Date): Answer {
  const question = { chain, at, client, minds: () => true };
  return client === 'vscode' ? askElectron(question) : tryAllPaths(question);
}

/**
 * VS Code runs on Electron's own TLS, BoringSSL, which takes the first issuer of the file.
 * @see BoringSSL, `X509_verify_cert` and `find_issuer` in crypto/x509/x509_vfy.cc
 */
function askElectron(question: Question): Answer {
  return walkOnce({ ...question, minds: ({ kind }) => kind !== 'no-policy' }, firstIssuerPath);
}

/** BoringSSL passes over a certificate of the issuer's name whose key usage lacks keyCertSign (`X509_check_issued`). */
function maySign({ keyUsage }: Certificate): boolean {
  return keyUsage === null || keyUsage.includes('keyCertSign');
}

/**
 * The path of a client that takes the first issuer of the file up to its end, and only then looks for a root: for the
 * last certificate, then for each one below it.
 */
export function firstIssuerPath({ order, graph }: Walkable): Path {
  const sent = [order[0] as Certificate];
  for (;;) {
    const last = sent.at(-1) as Certificate;
    const next = graph.issuers.isSelfSigned(last) ? null : likelyIssuers(last, order, sent).find(maySign);
    if (!next) break;
    sent.push(next);
  }
  const { anchors } = graph;
  const top = sent.at(-1) as Certificate;
  if (anchors.includes(top)) return { certificates: sent, end: 'anchor' };
  if (sent.length > 1 && graph.issuers.isSelfSigned(top)) sent.pop();
  for (let length = sent.length; length > 0; length -= 1) {
    const [root] = likelyIssuers(sent[length - 1] as Certificate, anchors);
    if (root) return { certificates: [...sent.slice(0, length), root], end: 'anchor' };
  }
  return { certificates: sent, end: 'missing' };
}
