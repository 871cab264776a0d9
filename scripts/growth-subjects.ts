import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Issued, issue, key, pkcs8 } from '../test/support/pki.ts';
import { base64, inlineYaml, pemYaml } from '../test/support/values-yaml.ts';

/** A kind of input that can be made of any size. */
export interface Subject {
  name: string;
  /** The largest size that is measured; the others are a half and a quarter of it. */
  most: number;
  make(size: number, folder: string): Made;
}

/** A command line on such an input, and the status it must end with. */
interface Made {
  args: readonly string[];
  stdin?: string;
  status: 0 | 1 | 2;
}

const CERTIFICATES = 5000;
const FILES = 10_000;
const KEYS = 50;
/** Of the lines that fill a megabyte. */
const LINES = 60_000;

const leafKey = key('p256', 1);
const KEY = pkcs8(leafKey);
const ca = issue({ subject: 'CN=CA', key: key('p256', 2), ca: true });
const leaf = issue({ issuer: ca, key: leafKey });
const GOOD = pemYaml(leaf.pem + ca.pem, KEY);

const range = <T>(length: number, make: (at: number) => T): T[] =>
  Array.from({ length }, (_, at) => make(at));
const text = (issued: readonly Issued[]): string => issued.map(({ pem }) => pem).join('');

function write(folder: string, name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Many certificates of one issuer for the same key. */
const siblings = lazily(() => [
  ...range(CERTIFICATES - 1, (at) => issue({ subject: `CN=host-${at}`, issuer: ca, key: leafKey })),
  ca,
]);

/** A chain: each is issued by the one after it, the last is its root. */
const chain = lazily(() => {
  const links = [issue({ subject: 'CN=0', key: key('p256', 3), ca: true })];
  for (let at = 1; at < CERTIFICATES; at += 1) {
    const isLeaf = at === CERTIFICATES - 1;
    const privateKey = isLeaf ? leafKey : key('p256', 3 + (at % KEYS));
    const [issuer] = links as [Issued, ...Issued[]];
    links.unshift(issue({ subject: isLeaf ? 'CN=leaf' : `CN=${at}`, issuer, key: privateKey, ca: !isLeaf }));
  }
  return links;
});

const lint = (folder: string, yaml: string, status: Made['status'], ...flags: string[]): Made => ({
  args: ['lint', ...flags, write(folder, 'values.yaml', yaml)],
  status,
});

function encode(folder: string, certificates: string, status: Made['status']): Made {
  const files = ['--cert', write(folder, 'chain.pem', certificates), '--key', write(folder, 'tls.key', KEY)];
  return { args: ['encode', ...files], status };
}

function manyNames(size: number): string {
  const names = range(size, (at) => `host-${at}.example.com`);
  return pemYaml(issue({ issuer: ca, key: leafKey, san: names }).pem + ca.pem, KEY);
}

function manyFiles(size: number, folder: string, ...flags: string[]): Made {
  mkdirSync(join(folder, 'many'), { recursive: true });
  const names = range(size, (at) => `many/${at}.yaml`);
  for (const name of names) write(folder, name, GOOD);
  return { args: ['lint', ...flags, ...names], status: 0 };
}

const manifest = (at: number): string =>
  `---\napiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\nmetadata:\n  name: x${at}-certificate\ndata:\n  tls.crt: ${base64(leaf.pem + ca.pem)}\n  tls.key: ${base64(KEY)}\n`;

/** What grows: the file, the certificates, their names, the files, and what else a file may hold many of. */
export const SUBJECTS: readonly Subject[] = [
  {
    name: 'MB of YAML: keys',
    most: 8,
    make: (size, folder) =>
      lint(
        folder,
        `${range(size * LINES, (at) => (at % 1000 === 0 ? `key${at}:\n` : `  key${at}: value\n`)).join('')}${GOOD}`,
        0,
      ),
  },
  {
    name: 'MB of YAML: comments',
    most: 8,
    make: (size, folder) => lint(folder, `${'# comment of a line\n'.repeat(size * 50_000)}${GOOD}`, 0),
  },
  {
    name: 'MB of base64',
    most: 12,
    make: (size, folder) => lint(folder, inlineYaml('A'.repeat(size * 1e6), base64(KEY)), 1),
  },
  {
    name: 'MB of PEM without end',
    most: 12,
    make: (size, folder) =>
      lint(folder, pemYaml('-----BEGIN CERTIFICATE-----\n'.repeat(size * 26_000), KEY), 1),
  },
  {
    name: 'anchors and aliases',
    most: 20_000,
    make: (size, folder) =>
      lint(folder, `${range(size, (at) => `a${at}: &a${at} x\nb${at}: *a${at}\n`).join('')}${GOOD}`, 0),
  },
  {
    name: 'unknown keys',
    most: 80_000,
    make: (size, folder) => lint(folder, `${GOOD}${range(size, (at) => `    crt${at}: x\n`).join('')}`, 0),
  },
  {
    name: 'pins',
    most: 10_000,
    make: (size, folder) =>
      lint(folder, `${GOOD}  security_pinned_hashes:\n${`    - ${'0'.repeat(63)}x\n`.repeat(size)}`, 1),
  },
  {
    name: 'names of a certificate',
    most: 20_000,
    make: (size, folder) => lint(folder, manyNames(size), 0, '--host', 'host-1.example.com'),
  },
  {
    name: 'certificates of one CA, lint',
    most: 1400,
    make: (size, folder) => lint(folder, pemYaml(text(siblings().slice(-size)), KEY), 1),
  },
  {
    name: 'a chain of certificates, lint',
    most: 1400,
    make: (size, folder) =>
      lint(folder, pemYaml(text([...chain().slice(0, size - 1), ...chain().slice(-1)]), KEY), 1),
  },
  {
    name: 'certificates of one CA, encode',
    most: CERTIFICATES,
    make: (size, folder) => encode(folder, text(siblings().slice(-size)), 0),
  },
  {
    name: 'a chain of certificates, encode',
    most: CERTIFICATES,
    // A part of it lacks a link, and the whole is larger than a Secret may be: it is refused once it is in order.
    make: (size, folder) => encode(folder, text([...chain().slice(0, size - 1), ...chain().slice(-1)]), 1),
  },
  {
    name: 'certificates of one CA, --ca-file',
    most: CERTIFICATES,
    make: (size, folder) =>
      lint(folder, GOOD, 0, '--ca-file', write(folder, 'ca.pem', text(siblings().slice(-size)))),
  },
  {
    name: 'a chain of certificates, inspect',
    most: 1400,
    make: (size, folder) => ({
      args: ['inspect', write(folder, 'chain.pem', text(chain().slice(0, size)))],
      status: 0,
    }),
  },
  {
    name: 'Secrets in manifests, post-render',
    most: 2000,
    make: (size) => ({ args: ['post-render'], stdin: range(size, manifest).join(''), status: 0 }),
  },
  { name: 'files', most: FILES, make: (size, folder) => manyFiles(size, folder) },
  {
    name: 'files, as SARIF',
    most: FILES,
    make: (size, folder) => manyFiles(size, folder, '--format', 'sarif'),
  },
];
