import type { KeyContainer, PrivateKeyFacts } from '../x509/private-key.ts';
import { rule } from './rule.ts';
import { encodeFile } from './shared/commands.ts';
import { privateKey } from './shared/needs.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';

const CONVERTED = 'my-cert.pkcs8.key';
const TO_PKCS8 = `openssl pkcs8 -topk8 -nocrypt -in my-cert.key -out ${CONVERTED}`;

interface Format {
  what: string;
  help: string;
  /** The commands of `help` write the key to `CONVERTED`. */
  isConverted: boolean;
}

const SEC1: Format = {
  what: 'SEC1 (-----BEGIN EC PRIVATE KEY-----)',
  help: `Convert it to PKCS#8, and encode that:\n  ${TO_PKCS8}`,
  isConverted: true,
};

const DSA: Format = {
  what: "DSA's own format",
  help: 'Make a new key, RSA or EC P-256, and have the certificate reissued for it:\n  openssl req -new -newkey rsa:2048 -nodes -keyout new.key -out new.csr',
  isConverted: false,
};

const FORMATS: Partial<Record<KeyContainer, Format>> = {
  sec1: SEC1,
  'sec1-encrypted': SEC1,
  dsa: DSA,
  'dsa-encrypted': DSA,
  openssh: {
    what: 'OpenSSH format (-----BEGIN OPENSSH PRIVATE KEY-----)',
    help: `If it really is the key of this certificate, convert a copy of it, and encode that:\n  cp my-cert.key ${CONVERTED}\n  ssh-keygen -p -N "" -m PKCS8 -f ${CONVERTED}`,
    isConverted: true,
  },
  other: {
    what: 'a format that OpenSSL does not know',
    help: `Convert it to PKCS#8 with the program that made it, or with:\n  ${TO_PKCS8}`,
    isConverted: true,
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
  fix: `${TO_PKCS8}\nbase64 < ${CONVERTED} | tr -d '\\n'`,
  needs: privateKey,
  check({ target, privateKey, path }) {
    const format = FORMATS[privateKey.container];
    if (!format) return null;
    const { what, help, isConverted } = format;
    const isLoaded = format === SEC1 || format === DSA;
    return {
      refusedBy: isLoaded ? [] : ['openssl', 'nginx', 'go'],
      message: `The private key in ${path('key')} is in ${what}; Lightrun accepts PKCS#1 and PKCS#8. ${consequence(privateKey)}`,
      help: isConverted ? `${help}\n  ${encodeFile(target, 'key', CONVERTED)}` : help,
    };
  },
});

function consequence({ container, state }: PrivateKeyFacts): string {
  if (container.startsWith('dsa'))
    return 'On install, every connection would fail: TLS clients no longer accept DSA.';
  if (state === 'unreadable') return 'On install, the router would not start.';
  return 'On install, some readers of the Secret may not load it.';
}
