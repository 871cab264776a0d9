/**
 * Good input, changed at random: YAML, base64, PEM, DER, containers, manifests and arguments. Whatever comes of it is a
 * report or a message, in bounded time and memory. `npm run hostile` tries fifty times as many.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as asn1js from 'asn1js';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadCommands } from '../../src/cli.ts';
import { FORMATS } from '../../src/options/report.ts';
import { RULES } from '../../src/rules/index.ts';
import { constructed, decoded, encoded, oid, sequence } from '../support/asn1.ts';
import { pkcs12 } from '../support/pkcs12.ts';
import { chain, key, pemBlock, pkcs1, pkcs8, sec1 } from '../support/pki.ts';
import { tries } from '../support/property.ts';
import { base64, pemYaml } from '../support/values-yaml.ts';
import { checked, type Hostile, tried } from './checked.ts';
import { changedDer, edited, edits, nodeChanges } from './mutate.ts';

/** A process of Node with this program takes a sixth of it; what was read must not pile up. */
const MOST_MEGABYTES = 768;
const PASSPHRASE = 'passphrase';

const test = suite('mutations');
const { leaf, root, pem } = chain({ depth: 1 });
const rsaKey = key('rsa2048', 90);
const KEY = pkcs8(leaf.privateKey);
const ENCRYPTED = leaf.privateKey
  .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
  .toString();

const HOME = process.cwd();
const FOLDER = mkdtempSync(join(tmpdir(), 'lightrun-cert-mutations-'));
/** Arguments may name a file to write: it lies there. */
process.chdir(FOLDER);
test.after(() => {
  process.chdir(HOME);
  rmSync(FOLDER, { recursive: true, force: true });
});
const FILES: Readonly<Record<string, string | Buffer>> = {
  'values.yaml': pemYaml(pem, KEY),
  'other.yaml': 'certificate:\n  existing_cert: lightrun-tls\n',
  'bad.yaml': pemYaml(`${root.pem}${leaf.pem}`, KEY),
  'tls.crt': pem,
  'tls.key': KEY,
  'tls.p12': pkcs12({ certificates: [leaf.der, root.der], keys: [leaf.privateKey], passphrase: '' }),
  passphrase: `${PASSPHRASE}\n`,
};
function writeFiles(): void {
  for (const [name, content] of Object.entries(FILES)) writeFileSync(name, content);
}
writeFiles();

/** In the long form the seed is printed first: fast-check prints it for a failure, but not for a hang. */
async function tryAll<T>(
  name: string,
  count: number,
  arbitrary: fc.Arbitrary<T>,
  inputOf: (value: T) => Hostile,
): Promise<void> {
  const parameters = tries(count);
  const seed = parameters.seed ?? Date.now() % 2 ** 31;
  if (parameters.seed === undefined) console.log(`${name}: seed ${seed}`);
  const property = fc.asyncProperty(arbitrary, async (value) => {
    await checked(inputOf(value));
  });
  await fc.assert(property, { ...parameters, seed, includeErrorInReport: true });
}

const LINTS = [
  ...FORMATS.map((format) => ['lint', '--format', format, '-']),
  ['lint', '--partial', '-'],
  ['lint', '--root', 'lightrun', '-'],
  ['inspect', '-'],
  ['inspect', '--format', 'json', '-'],
];
const lints = fc.constantFrom(...LINTS);

const DOCUMENTS = [
  FILES['values.yaml'] as string,
  `# of the platform\nlightrun: {certificate: {existing_cert: "lightrun-tls", tls: {}}}\nlist:\n- a\n-  b: |\n    text\n`,
  `certificate:\n  tls:\n    crt: |\n      ${base64(pem)}\n    key: >-\n      ${base64(KEY)}\n`,
  `a: &a {existing_cert: "", <<: {x: 1}}\ncertificate:\n  <<: *a\n  tls: {crt: '${base64(pem)}', key: ${base64(KEY)}}\n`,
  `lightrun:\r\n  certificate:\r\n    existing_cert: 20260101 # tls\r\n    security_pinned_hashes:\r\n    - ${'ab'.repeat(32)}\r\n`,
  '--- !!map\ngeneral:\n  lightrun_endpoint: https://x.example:443\n  deploy_secrets: {enabled: no}\n---\ncertificate: ~\n...\n',
];
const YAML_TOKENS =
  '\n| \n|\n  |-\n |2+|: |- |? |# |"|\'|&a |*a|!!binary |<<: *a\n|{|}|[|]|,|\t|%YAML 1.1\n|---\n|...\n|null|~|0x1f|1e3|\\n|\\x|\ufeff|\u2028|\u0085|${X}|{{ x }}|certificate:\n|tls:\n|crt: |key: |existing_cert: |@|`';

test('YAML', () =>
  tryAll(
    'YAML',
    700,
    fc.tuple(fc.constantFrom(...DOCUMENTS), edits(YAML_TOKENS.split('|')), lints),
    ([yaml, changes, args]) => ({ args, stdin: edited(yaml, changes) }),
  ));

test('YAML, fixed', () =>
  tryAll(
    'YAML, fixed',
    80,
    fc.tuple(fc.constantFrom(...DOCUMENTS), edits(YAML_TOKENS.split('|'))),
    ([yaml, changes]) => {
      writeFileSync('fixed.yaml', edited(yaml, changes));
      return { args: ['lint', '--fix', '--dry-run', 'fixed.yaml'] };
    },
  ));

const BASE64_TOKENS = [
  '=',
  '==',
  '-',
  '_',
  '*',
  ' ',
  '\n',
  '\r\n',
  '\t',
  '\0',
  '%',
  '\ufeff',
  '\u00a0',
  'LS0tLS1',
  '...',
];

test('base64', () =>
  tryAll(
    'base64',
    200,
    fc.tuple(edits(BASE64_TOKENS), edits(BASE64_TOKENS), fc.nat({ max: 3 }), lints),
    ([crtChanges, keyChanges, which, args]) => {
      const again = which === 3 ? base64 : (text: string) => text;
      const crt = which === 1 ? base64(pem) : edited(again(base64(pem)), crtChanges).toString();
      const privateKey = which === 2 ? base64(KEY) : edited(again(base64(KEY)), keyChanges).toString();
      return { args, stdin: JSON.stringify({ certificate: { tls: { crt, key: privateKey } } }) };
    },
  ));

const PEM_TOKENS = [
  '-----BEGIN CERTIFICATE-----',
  '-----END CERTIFICATE-----\n',
  '-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n',
  '-----BEGIN PKCS7-----\n',
  '-----',
  'Bag Attributes\n',
  '\n',
  '\r',
  '\\n',
  '=',
  ' ',
  '\0',
  '\ufeff',
];
const PEMS = [
  pem,
  KEY,
  ENCRYPTED,
  sec1(leaf.privateKey),
  pkcs1(rsaKey),
  pem.replaceAll('\n', '\r\n'),
  KEY + pem,
];
/** Where the text or bytes of a file may be handed in. */
const asFile = fc.constantFrom<(bytes: Buffer) => Hostile>(
  (bytes) => ({ args: ['inspect', '-'], stdin: bytes }),
  (bytes) => ({ args: ['encode', '--cert', '-', '--key', 'tls.key'], stdin: bytes }),
  (bytes) => ({
    args: ['encode', '--cert', 'tls.crt', '--key', '-', '--passphrase-file', 'passphrase'],
    stdin: bytes,
  }),
  (bytes) => ({ args: ['lint', '--format', 'json', '-'], stdin: pemYaml(bytes, KEY) }),
  (bytes) => ({
    args: ['lint', '-'],
    stdin: pemYaml(pem, bytes, `secrets: {defaults: {keystore_password: ${PASSPHRASE}}}\n`),
  }),
  (bytes) => ({ args: ['lint', '--ca-file', '-', 'values.yaml'], stdin: bytes }),
);

test('PEM', () =>
  tryAll('PEM', 350, fc.tuple(fc.constantFrom(...PEMS), edits(PEM_TOKENS), asFile), ([text, changes, hand]) =>
    hand(edited(text, changes)),
  ));

const inPem = fc.boolean();

test('DER of certificates: nodes', () =>
  tryAll(
    'DER of certificates: nodes',
    200,
    fc.tuple(fc.constantFrom(leaf.der, root.der), nodeChanges, inPem, asFile),
    ([der, changes, isPem, hand]) => {
      const changed = changedDer(der, changes);
      return hand(isPem ? Buffer.from(pemBlock('CERTIFICATE', changed) + root.pem) : changed);
    },
  ));

test('DER of certificates: bytes', () =>
  tryAll(
    'DER of certificates: bytes',
    150,
    fc.tuple(fc.constantFrom(leaf.der, root.der), edits([]), asFile),
    ([der, changes, hand]) => hand(Buffer.from(pemBlock('CERTIFICATE', edited(der, changes)) + root.pem)),
  ));

const KEYS: readonly [label: string, der: Buffer][] = [
  ['PRIVATE KEY', leaf.privateKey.export({ format: 'der', type: 'pkcs8' })],
  ['EC PRIVATE KEY', leaf.privateKey.export({ format: 'der', type: 'sec1' })],
  ['RSA PRIVATE KEY', rsaKey.export({ format: 'der', type: 'pkcs1' })],
  [
    'ENCRYPTED PRIVATE KEY',
    leaf.privateKey.export({ format: 'der', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: PASSPHRASE }),
  ],
];

test('DER of keys', () =>
  tryAll(
    'DER of keys',
    120,
    fc.tuple(fc.constantFrom(...KEYS), nodeChanges, edits([]), fc.boolean(), inPem, asFile),
    ([[label, der], nodes, bytes, isTree, isPem, hand]) => {
      const changed = isTree ? changedDer(der, nodes) : edited(der, bytes);
      return hand(isPem ? Buffer.from(pemBlock(label, changed)) : changed);
    },
  ));

const pkcs7 = encoded(
  sequence([
    oid('1.2.840.113549.1.7.2'),
    constructed(0, [
      sequence([
        new asn1js.Integer({ value: 1 }),
        new asn1js.Set({ value: [] }),
        sequence([oid('1.2.840.113549.1.7.1')]),
        constructed(0, [decoded(leaf.der), decoded(root.der)]),
        new asn1js.Set({ value: [] }),
      ]),
    ]),
  ]),
);
const CONTAINERS = [
  FILES['tls.p12'] as Buffer,
  pkcs12({ certificates: [leaf.der], keys: [leaf.privateKey], passphrase: PASSPHRASE }),
  pkcs12({ certificates: [leaf.der], keys: [leaf.privateKey], passphrase: PASSPHRASE, encryption: '3des' }),
  pkcs7,
];

test('PKCS#12 and PKCS#7', () =>
  tryAll(
    'PKCS#12 and PKCS#7',
    60,
    fc.tuple(fc.constantFrom(...CONTAINERS), nodeChanges, edits([]), fc.boolean(), fc.boolean()),
    ([file, nodes, bytes, isTree, isInspected]) => {
      const stdin = isTree ? changedDer(file, nodes) : edited(file, bytes);
      const files = file === pkcs7 ? ['--cert', '-', '--key', 'tls.key'] : ['--p12', '-'];
      return {
        args: isInspected ? ['inspect', '-'] : ['encode', ...files, '--passphrase-file', 'passphrase'],
        stdin,
      };
    },
  ));

const MANIFESTS = `---\n# Source: lightrun/templates/secrets.yaml\napiVersion: v1\nkind: Secret\nmetadata:\n  name: x-certificate\ndata:\n  tls.crt: ${base64(pem)}\n  tls.key: ${base64(KEY)}\ntype: kubernetes.io/tls\n---\nkind: Pod\n`;

test('manifests', () =>
  tryAll('manifests', 80, edits([...YAML_TOKENS.split('|'), 'kind: Secret\n']), (changes) => ({
    args: ['post-render'],
    stdin: edited(MANIFESTS, changes),
  })));

/** A slash could lead out of the folder. */
const word = fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => !/[/\\]|\.\./.test(text));
const COMMANDS = await loadCommands();
const flagNames = COMMANDS.flatMap(({ flags }) =>
  flags.flatMap(({ name, short }) => [`--${name}`, ...(short ? [`-${short}`] : [])]),
);
const value = fc.oneof(
  fc.constantFrom(
    ...Object.keys(FILES),
    'absent',
    '.',
    '-',
    '',
    'json',
    'always',
    '2027-01-31',
    '0',
    '-1',
    '1e9',
    'ec256',
  ),
  fc.constantFrom(
    'lightrun',
    'lightrun.example.com',
    '*.example.com',
    'a=b',
    '{',
    ...RULES.slice(0, 3).map(({ id }) => `${id}=off`),
  ),
  word,
);
const argument = fc.oneof(
  value,
  fc.constantFrom(...flagNames, '--', '--help', '--print', '--no-such-flag'),
  fc.tuple(fc.constantFrom(...flagNames), value).map(([flag, text]) => `${flag}=${text}`),
);
const name = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...COMMANDS.map((each) => each.name)) },
  {
    weight: 1,
    arbitrary: fc.oneof(word, fc.constantFrom('help', '--version', '__complete', '--help', '-h', '')),
  },
);

const WRITING = /^--(?:fix|write|(?:lint-)?out)/;

test('arguments', async () => {
  let isWritten = false;
  await tryAll('arguments', 260, fc.tuple(name, fc.array(argument, { maxLength: 8 })), ([command, words]) => {
    if (isWritten) writeFiles();
    isWritten = words.some((each) => WRITING.test(each));
    // To make an RSA key may take a second by itself.
    const bound = command === 'generate' ? { bound: 10_000 } : {};
    return { args: [command, ...words], stdin: FILES['values.yaml'] as string, ...bound };
  });
});

test('in bounded time and memory', () => {
  const { inputs, slowest, memory } = tried();
  console.log(`${inputs} inputs, the slowest ${Math.round(slowest)} ms, ${Math.round(memory)} MB in all`);
  assert.ok(inputs >= tries(2000).numRuns, `${inputs} inputs`);
  assert.ok(memory < MOST_MEGABYTES, `${memory} MB`);
});

test.run();
