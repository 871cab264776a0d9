import type { Certificate } from '../x509/certificate.ts';
import { type Context, type RuleFinding, rule } from './rule.ts';
import { encodeFiles, OWN_FILES } from './shared/commands.ts';
import { isServerMissing, type Mismatch } from './shared/keys.ts';
import { mismatch } from './shared/needs.ts';
import { measured } from './shared/sources.ts';
import { nameOf } from './shared/words.ts';

export const keyMismatch = rule({
  id: 'key-mismatch',
  severity: 'error',
  refusedBy: ['openssl', 'nginx', 'go'],
  stage: 'private key',
  title: 'the private key does not belong to the certificate',
  means:
    'The private key does not belong to the first certificate. If it belongs to another one in the file, the message names that.',
  why: 'nginx refuses to start: key values mismatch. With an RSA key and an EC certificate it starts, and every handshake fails.',
  sources: [
    measured('the key of another certificate is refused: key values mismatch'),
    measured('an RSA key with an EC certificate loads, and every handshake fails'),
  ],
  bad: 'certificate:\n  tls:\n    crt: "<base64 of new.crt>"\n    key: "<base64 of old.key>"',
  good: 'certificate:\n  tls:\n    crt: "<base64 of new.crt>"\n    key: "<base64 of new.key>"',
  fix: 'Find the key that the certificate was requested with.',
  needs: mismatch,
  check({ mismatch, ...context }) {
    const { target, path } = context;
    if (isServerMissing(target)) return serverMissing(context);
    const [other] = mismatch.owned;
    if (other?.index === 0) return caFirst(context, mismatch, other);
    const found = {
      about: 'key',
      message: `The private key in ${path('key')} does not belong to ${nameOf(mismatch.expected)}.${other ? ` It belongs to ${nameOf(other)} in the same file.` : ''} ${consequence(mismatch)}`,
    } as const;
    if (other && other.isCa !== true) {
      return {
        ...found,
        help: `Put ${nameOf(other)} first in ${path('crt')}, and after it those that issued it; the key is right.`,
        commands: encodeFiles(context, { cert: [OWN_FILES.chain] }),
      };
    }
    return {
      ...found,
      help: `${other ? 'That is a CA certificate, and a server needs its own key. ' : ''}If these files do not belong together either, find the key that the certificate was requested with, or have the certificate reissued.`,
      commands: encodeFiles(context, { cert: [OWN_FILES.chain], key: OWN_FILES.key }),
    };
  },
});

function consequence({ publicKey, expected }: Mismatch): string {
  return publicKey.type === expected.publicKey.type
    ? 'On install, the router would not start (key values mismatch).'
    : `The key is ${publicKey.description}, the certificate ${expected.publicKey.description}: on install, the router might even start, and every connection would fail.`;
}

/** The pair loads, and is not that of a server. */
function caFirst(context: Context, { expected }: Mismatch, ca: Certificate): RuleFinding {
  const { path } = context;
  return {
    about: 'key',
    // It names no server: an Ingress controller serves its own certificate instead.
    refusedBy: ['openssl', 'go', 'java', 'browser'],
    message: `The private key in ${path('key')} belongs to ${nameOf(ca)}, a CA certificate, which comes first in ${path('crt')}, and not to ${nameOf(expected)}. On install, everything would start, and then clients would refuse the connection.`,
    help: `A server needs its own key: find the one that ${nameOf(expected)} was requested with, put that certificate first, and keep the key of the CA secret.`,
    commands: encodeFiles(context, { cert: [OWN_FILES.chain], key: OWN_FILES.key }),
  };
}

function serverMissing(context: Context): RuleFinding {
  return {
    about: 'crt',
    message: `${context.path('crt')} holds only CA certificates: the leaf, to which the private key belongs, is missing. On install, the router would not start (key values mismatch), and clients would be told to pin the key of a CA.`,
    help: "Put the server's certificate before them (certbot's fullchain.pem holds both, chain.pem only the CA's).",
    commands: encodeFiles(context, { cert: [OWN_FILES.chain] }),
  };
}
