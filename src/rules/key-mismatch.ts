import type { Certificate } from '../x509/certificate.ts';
import { hasServerNames } from '../x509/server-names.ts';
import type { RawFinding, Rule } from './rule.ts';
import { encodeCommand } from './shared/commands.ts';
import { measured } from './shared/sources.ts';
import type { Target } from './shared/target.ts';
import { nameOf, pathOf } from './shared/words.ts';

/** The certificate that the key must belong to: the leaf, or the first one where no chain could be built. */
function expectedOwner(target: Target): Certificate | undefined {
  const { chain, certificates } = target.material ?? {};
  if (chain) return chain.leaf;
  return certificates?.[0]?.index === 0 ? certificates[0] : undefined;
}

/** Whether the key could be opened and does not belong to the leaf. */
export function isMismatch(target: Target): boolean {
  const owner = expectedOwner(target);
  const { privateKey, owned } = target.material ?? {};
  return Boolean(owner && privateKey?.publicKey && !owned?.includes(owner));
}

/**
 * Whether the file holds only CA certificates, none of them the key's: the certificate of the server is missing.
 * A self-signed one alone may be meant for a server, as `openssl req -x509` makes it.
 */
export function isServerMissing(target: Target): boolean {
  const { chain, owned } = target.material ?? {};
  if (!chain || owned?.length !== 0 || chain.top.kind === 'self-signed-leaf') return false;
  return isMismatch(target) && chain.leaf.isCa === true && !hasServerNames(chain.leaf);
}

export const keyMismatch: Rule = {
  id: 'key-mismatch',
  severity: 'error',
  stage: 'private key',
  title: 'the private key is not the one of the certificate',
  means:
    'The private key does not belong to the first certificate. Where it belongs to another one in the file, that is said.',
  why: 'nginx refuses to start: key values mismatch. With an RSA key and an EC certificate it starts, and every handshake fails.',
  sources: [
    measured('the key of another certificate is refused: key values mismatch'),
    measured('an RSA key with an EC certificate loads, and every handshake fails'),
  ],
  bad: 'certificate:\n  tls:\n    crt: "<base64 of new.crt>"\n    key: "<base64 of old.key>"',
  good: 'certificate:\n  tls:\n    crt: "<base64 of new.crt>"\n    key: "<base64 of new.key>"',
  fix: 'Find the key that the certificate was requested with.',
  appliesTo: [['crt', 'key']],
  check(target) {
    const owner = expectedOwner(target);
    if (!owner || !isMismatch(target)) return [];
    if (isServerMissing(target)) return [serverMissing(target)];
    const { privateKey, owned } = target.material ?? {};
    const [other] = owned ?? [];
    const found = other ? ` It belongs to ${nameOf(other)} in the same file.` : '';
    const isOtherType = privateKey?.publicKey?.type !== owner.publicKey.type;
    const consequence = isOtherType
      ? `(${privateKey?.publicKey?.description} and ${owner.publicKey.description}) On install, the router may even start, and every connection would fail.`
      : 'On install, the router would not start (key values mismatch).';
    return [
      {
        about: 'key',
        message: `The private key in ${pathOf(target, 'key')} does not belong to ${nameOf(owner)}.${found} ${consequence}`,
        help: [
          'Find the key that this certificate was requested with: both commands must print the same.',
          '  openssl x509 -in leaf.crt -noout -pubkey',
          '  openssl pkey -in leaf.key -pubout',
        ].join('\n'),
      },
    ];
  },
};

function serverMissing(target: Target): RawFinding {
  return {
    about: 'crt',
    message: `${pathOf(target, 'crt')} holds only CA certificates: the certificate of the server itself, to which the private key belongs, is missing. On install, the router would not start (key values mismatch), and clients would be told to pin the key of a CA.`,
    help: `Put the certificate of the server in front of them, and encode the file anew:\n  ${encodeCommand(target, 'crt')}`,
  };
}
