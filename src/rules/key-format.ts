import type { KeyContainer, PrivateKeyFacts } from '../x509/private-key.ts';
import type { Rule } from './rule.ts';
import { encodeFile } from './shared/commands.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';
import { pathOf } from './shared/words.ts';

const TO_PKCS8 = 'openssl pkcs8 -topk8 -nocrypt -in leaf.key -out leaf.pkcs8.key';

const CONTAINERS: Partial<Record<KeyContainer, { what: string; help: string; isConverted?: true }>> = {
  sec1: {
    what: 'SEC1 (-----BEGIN EC PRIVATE KEY-----)',
    help: `Convert it to PKCS#8, and encode that:\n  ${TO_PKCS8}`,
    isConverted: true,
  },
  'sec1-encrypted': {
    what: 'SEC1 (-----BEGIN EC PRIVATE KEY-----)',
    help: `Convert it to PKCS#8, and encode that:\n  ${TO_PKCS8}`,
    isConverted: true,
  },
  dsa: { what: 'a format of its own, for DSA', help: newKey() },
  'dsa-encrypted': { what: 'a format of its own, for DSA', help: newKey() },
  openssh: {
    what: 'the format of OpenSSH (-----BEGIN OPENSSH PRIVATE KEY-----)',
    help: 'Is it really the key of this certificate? Then convert a copy of it in place:\n  ssh-keygen -p -N "" -m PKCS8 -f COPY_OF_KEY',
  },
  other: {
    what: 'a format that OpenSSL does not know',
    help: `Convert it to PKCS#8 with the program that made it, or with:\n  ${TO_PKCS8}`,
    isConverted: true,
  },
};

function consequence({ container, state }: PrivateKeyFacts): string {
  if (container.startsWith('dsa'))
    return 'On install, every connection would fail: TLS clients no longer accept DSA.';
  if (state === 'unreadable') return 'On install, the router would not start.';
  return 'On install, it depends on the program whether the key is read.';
}

function newKey(): string {
  return 'Make a new key, RSA or EC P-256, and have the certificate issued anew:\n  openssl req -new -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr';
}

export const keyFormat: Rule = {
  id: 'key-format',
  severity: 'error',
  stage: 'private key',
  title: 'the private key is neither PKCS#1 nor PKCS#8',
  means: 'The private key is in SEC1 (BEGIN EC PRIVATE KEY), DSA or OpenSSH format.',
  why: "Lightrun's page allows PKCS#1 and PKCS#8 alone. nginx loads SEC1 keys, but not all that read the Secret do.",
  sources: [LIGHTRUN_PAGE, measured('nginx, OpenSSL and Node load SEC1; none loads an OpenSSH key')],
  bad: '-----BEGIN EC PRIVATE KEY-----',
  good: '-----BEGIN PRIVATE KEY-----',
  fix: `${TO_PKCS8}\nbase64 < leaf.pkcs8.key | tr -d '\\n'`,
  appliesTo: [['key']],
  check(target) {
    const { privateKey } = target.material ?? {};
    const found = privateKey && CONTAINERS[privateKey.container];
    if (!found) return [];
    return [
      {
        about: 'key',
        message: `The private key in ${pathOf(target, 'key')} is in ${found.what}; Lightrun takes PKCS#1 or PKCS#8. ${consequence(privateKey)}`,
        help: found.isConverted
          ? `${found.help}\n  ${encodeFile(target, 'key', 'leaf.pkcs8.key')}`
          : found.help,
      },
    ];
  },
};
