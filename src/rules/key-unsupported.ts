import type { Clients } from '../clients/clients.ts';
import { type RuleFinding, rule } from './rule.ts';
import { findingsFor } from './shared/chain.ts';
import { isUnsupported, isWeak, type NamedKey } from './shared/keys.ts';
import { publicKeys } from './shared/needs.ts';
import { causesOf, consumersOf, whoOf } from './shared/refusals.ts';
import { measured, rfc } from './shared/sources.ts';
import { nameOf } from './shared/words.ts';

export const keyUnsupported = rule({
  id: 'key-unsupported',
  severity: 'error',
  refusedBy: ['openssl', 'go', 'java', 'browser'],
  stage: 'private key',
  title: 'a kind of key that TLS clients refuse',
  means:
    'The key loads, but a client does not take its kind: P-521, Ed25519, Ed448, RSA-PSS, a curve other than P-256, P-384 and P-521, explicit curve parameters, DSA. Of a CA certificate on the only path of a client its key counts too.',
  why: 'Everything starts, and then these clients cannot connect. An Ingress controller that cannot load the key serves its own certificate.',
  sources: [
    rfc(8446, '4.2.3'),
    rfc(5480, '2.1.1'),
    measured(
      'Chrome, Safari and Firefox refuse Ed25519, Ed448 and RSA-PSS keys; Java 8 and 11 refuse the first two',
    ),
    measured('Go, and so every Ingress controller, cannot load Ed448 and RSA-PSS keys'),
    measured('with another curve or DSA the server starts, and every handshake fails'),
  ],
  bad: 'openssl ecparam -name secp256k1 -genkey',
  good: 'openssl ecparam -name prime256v1 -genkey',
  fix: 'Make a new key, and have the certificate reissued for it.',
  needs: publicKeys,
  checkMaker({ certificate }) {
    const isP521 = certificate?.algorithm === 'ECDSA' && certificate.size === 521;
    if (certificate?.algorithm !== 'Ed25519' && !isP521) return null;
    return {
      field: ['spec', 'privateKey', isP521 ? 'size' : 'algorithm'],
      message: `cert-manager would make a key of a kind that not every client takes: ${isP521 ? 'P-521' : 'Ed25519'}. On install, everything would start, and then browsers would refuse the connection.`,
      help: 'Set spec.privateKey to algorithm: RSA and size: 2048, or to algorithm: ECDSA, size: 256 and encoding: PKCS8.',
    };
  },
  followsUse: true,
  check({ publicKeys, about, chainRefusals, clients, path }) {
    const issuers = about === 'crt' ? causesOf(chainRefusals(), 'issuer-key') : [];
    return [
      ...publicKeys
        .filter(({ publicKey, isLeaf }) => !isWeak(publicKey) && (isLeaf || isUnsupported(publicKey)))
        // `key-format` explains DSA's own format.
        .filter(({ container }) => !container?.startsWith('dsa'))
        .flatMap((key) => leafFinding(key, clients)),
      ...findingsFor(issuers, ({ certificate }, who) => ({
        message: `In ${path('crt')}, ${nameOf(certificate)} has a key that not every client takes: ${certificate.publicKey.description}. On install, everything would start, and then ${who} would refuse the connection.`,
        help: 'Have the certificate issued by a CA whose key is RSA, EC P-256 or EC P-384.',
      })),
    ];
  },
});

function leafFinding({ what, publicKey, isLeaf, certificate }: NamedKey, clients: Clients): RuleFinding[] {
  const by = isLeaf ? clients.leafKeyRefusals(publicKey) : clients.issuerKeyRefusals(publicKey);
  if (by.length === 0 && !isUnsupported(publicKey)) return [];
  const who = by.length > 0 ? whoOf(by) : 'every client';
  return [
    {
      ...(by.length > 0 ? { refusedBy: consumersOf(by) } : {}),
      ...(certificate === null ? {} : { certificates: [certificate] }),
      message: `${what()} is of a kind that ${who} would refuse: ${publicKey.description}. On install, everything would start, and then they could not connect.`,
      help: 'Make a new key (RSA 2048 or EC P-256), and have the certificate reissued for it.',
    },
  ];
}
