import type { KeyContainer, PrivateKeyFacts } from '../x509/private-key.ts';
import { rule } from './rule.ts';
import { encodeOwn } from './shared/commands.ts';
import { privateKey } from './shared/needs.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';

interface Format {
  what: string;
  help: string;
  /** Whether the user's own file of the key can take its place. */
  isEncodable: boolean;
}

const SEC1: Format = {
  what: 'SEC1 (-----BEGIN EC PRIVATE KEY-----)',
  help: 'Convert it to PKCS#8: encode does so.',
  isEncodable: true,
};

const DSA: Format = {
  what: "DSA's own format",
  help: 'Make a new key (RSA 2048 or EC P-256), and have the certificate reissued for it.',
  isEncodable: false,
};

const FORMATS: Partial<Record<KeyContainer, Format>> = {
  sec1: SEC1,
  'sec1-encrypted': SEC1,
  dsa: DSA,
  'dsa-encrypted': DSA,
  openssh: {
    what: 'OpenSSH format (-----BEGIN OPENSSH PRIVATE KEY-----)',
    help: 'An OpenSSH key is seldom that of a certificate: the key that came with yours is the right one. If it is this one, convert a copy of it with ssh-keygen -p -m PKCS8.',
    isEncodable: true,
  },
  other: {
    what: 'a format that OpenSSL does not know',
    help: 'Export it as PKCS#8 from the program that made it.',
    isEncodable: false,
  },
};

export const keyFormat = rule({
  id: 'key-format',
  severity: 'error',
  refusedBy: [],
  stage: 'private key',
  title: 'the private key is neither PKCS#1 nor PKCS#8',
  means: 'The private key is in SEC1 (BEGIN EC PRIVATE KEY), DSA or OpenSSH format.',
  why: "Lightrun's page allows only PKCS#1 and PKCS#8. nginx loads SEC1 keys, but other readers of the Secret may not.",
  sources: [LIGHTRUN_PAGE, measured('nginx, OpenSSL and Node load SEC1; none loads an OpenSSH key')],
  bad: '-----BEGIN EC PRIVATE KEY-----',
  good: '-----BEGIN PRIVATE KEY-----',
  fix: 'helm lightrun-cert encode --key my-cert.key --write values.yaml',
  needs: privateKey,
  checkMaker({ certificate }) {
    if (certificate?.algorithm !== 'ECDSA' || certificate.encoding === 'PKCS8') return null;
    return {
      field: ['spec', 'privateKey', 'encoding'],
      message:
        'cert-manager would write this ECDSA key as SEC1 (-----BEGIN EC PRIVATE KEY-----), its default; Lightrun accepts PKCS#1 and PKCS#8. On install, some readers of the Secret may not load it.',
      help: 'Set spec.privateKey.encoding to PKCS8.',
    };
  },
  check({ privateKey, ...context }) {
    const format = FORMATS[privateKey.container];
    if (!format) return null;
    const { what, help, isEncodable } = format;
    const isLoaded = format === SEC1 || format === DSA;
    return {
      refusedBy: isLoaded ? [] : ['openssl', 'nginx', 'go'],
      message: `The private key in ${context.path('key')} is in ${what}; Lightrun accepts PKCS#1 and PKCS#8. ${consequence(privateKey)}`,
      help,
      commands: isEncodable ? encodeOwn(context, 'key') : [],
    };
  },
});

function consequence({ container, state }: PrivateKeyFacts): string {
  if (container.startsWith('dsa'))
    return 'On install, every connection would fail: TLS clients no longer accept DSA.';
  if (state === 'unreadable') return 'On install, the router would not start.';
  return 'On install, some readers of the Secret may not load it.';
}
