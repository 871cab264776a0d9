/** A canary key: after every kind of run, in every format, no piece of it is found in any output. */
import type { KeyObject } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FORMATS } from '../src/options/report.ts';
import { isHostName } from '../src/text/names.ts';
import { type Canary, canaryOf, leaked } from './support/canary.ts';
import { command, type Ended, type Surroundings } from './support/command.ts';
import { pkcs12 } from './support/pkcs12.ts';
import { chain, key, pkcs1, pkcs8, sec1 } from './support/pki.ts';
import { sampled } from './support/property.ts';
import { base64, inlineYaml } from './support/values-yaml.ts';

const PASSWORD = 'canary-password-of-the-keystore';
const FOLDER = mkdtempSync(join(tmpdir(), 'lightrun-cert-canary-'));
test.after(() => rmSync(FOLDER, { recursive: true, force: true }));

const { leaf, pem } = chain({ tag: 'canary', depth: 1 });
const rsa = chain({ tag: 'canary', keyKind: 'rsa2048', depth: 1 });

function file(name: string, content: string | Buffer): string {
  const path = join(FOLDER, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

const encrypted = (privateKey: KeyObject): string =>
  privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: PASSWORD }).toString();

/** Runs a command, without any Helm, and finds nothing of the key or the password in what it says. */
async function runsWithoutLeak(
  args: readonly string[],
  canary: Canary,
  surroundings: Surroundings = {},
): Promise<Ended> {
  const ended = await command(args, { env: { HELM_BIN: '/nonexistent/helm' }, ...surroundings });
  const output = ended.stdout + ended.stderr;
  assert.equal(leaked(output, canary), [], `${args.join(' ').slice(0, 80)}: ${ended.status}`);
  assert.not.ok(output.includes(PASSWORD));
  return ended;
}

const KEYS: [name: string, crt: string, key: string][] = [
  ['PKCS#8', pem, pkcs8(leaf.privateKey)],
  ['SEC1', pem, sec1(leaf.privateKey)],
  ['PKCS#1', rsa.pem, pkcs1(rsa.leaf.privateKey)],
  ['the wrong key', pem, pkcs8(key('p256', 99))],
  ['encrypted', pem, encrypted(leaf.privateKey)],
];

/** Ways in which the value of the key, and the file, can be broken. */
const BREAKS: [name: string, write: (crt: string, key: string) => string][] = [
  ['right', (crt, keyPem) => inlineYaml(base64(crt), base64(keyPem))],
  ['not encoded', (crt, keyPem) => inlineYaml(base64(crt), keyPem.replaceAll('\n', '\\n'))],
  ['wrapped', (crt, keyPem) => inlineYaml(base64(crt), base64(keyPem).replace(/.{30}/g, '$& '))],
  [
    'a stray character',
    (crt, keyPem) => inlineYaml(base64(crt), `${base64(keyPem).slice(0, 60)}*${base64(keyPem).slice(60)}`),
  ],
  ['truncated', (crt, keyPem) => inlineYaml(base64(crt), base64(keyPem).slice(0, 77))],
  ['twice', (crt, keyPem) => inlineYaml(base64(crt), base64(base64(keyPem)))],
  ['swapped', (crt, keyPem) => inlineYaml(base64(keyPem), base64(crt))],
  ['in crt too', (crt, keyPem) => inlineYaml(base64(crt + keyPem), base64(keyPem))],
  ['damaged', (crt, keyPem) => inlineYaml(base64(crt), base64(keyPem.replace(/\n(.{20})/, '\n!$1')))],
  ['glued', (crt, keyPem) => inlineYaml(base64(crt), base64(keyPem.replaceAll('\n', '')))],
  ['under an unknown key', (_crt, keyPem) => `certificate:\n  private_key: ${base64(keyPem)}\n`],
  ['as a key', (_crt, keyPem) => `certificate:\n  "${base64(keyPem)}": 1\n`],
  ['as a name', (_crt, keyPem) => `certificate:\n  existing_cert: ${base64(keyPem)}\n`],
  ['as an endpoint', (_crt, keyPem) => `general:\n  lightrun_endpoint: ${base64(keyPem)}\n`],
  ['as a pin', (_crt, keyPem) => `certificate:\n  security_pinned_hashes: ["${base64(keyPem)}"]\n`],
  ['in broken YAML', (_crt, keyPem) => `certificate:\n  tls:\n    key: "${base64(keyPem)}\n`],
  ['as the whole file', (_crt, keyPem) => keyPem],
  [
    'of another type',
    (crt, keyPem) => `certificate:\n  tls: {crt: ${base64(crt)}, key: [${base64(keyPem)}]}\n`,
  ],
  ['in a map of its own', (_crt, keyPem) => `certificate: {tls: {key: {${base64(keyPem)}: 1}}}\n`],
  [
    'in pieces',
    (crt, keyPem) =>
      `certificate:\n  tls:\n    crt: ${base64(crt)}\n    key: >\n      ${base64(keyPem).replace(/.{40}/g, '$&\n      ')}\n`,
  ],
  [
    'indented wrongly',
    (_crt, keyPem) => `certificate:\n  tls:\n    key: |\n ${keyPem.replaceAll('\n', '\n ')}\n`,
  ],
  [
    'as PEM in a block',
    (crt, keyPem) =>
      `certificate:\n  tls:\n    crt: ${base64(crt)}\n    key: |\n${keyPem.replace(/^/gm, '      ')}\n`,
  ],
  ['doubled', (crt, keyPem) => inlineYaml(base64(crt), base64(keyPem + keyPem))],
  [
    'under a doubled key',
    (crt, keyPem) => `${inlineYaml(base64(crt), base64(keyPem))}    key: ${base64(keyPem)}\n`,
  ],
  [
    'in a comment and an anchor',
    (crt, keyPem) =>
      `a: &a ${base64(keyPem)} # ${base64(keyPem)}\ncertificate: {tls: {crt: ${base64(crt)}, key: *a}}\n`,
  ],
  ['in hexadecimal', (crt, keyPem) => inlineYaml(base64(crt), Buffer.from(keyPem).toString('hex'))],
  ['as a file name in a message', (crt, keyPem) => inlineYaml(base64(crt), `\${${base64(keyPem)}}`)],
  [
    'as a tag and an alias',
    (_crt, keyPem) =>
      `a: !${base64(keyPem).replace(/[+/=]/g, 'x')} b\nc: *${base64(keyPem).replace(/[+/=]/g, 'x')}\n`,
  ],
];

const PASSWORDS = `secrets:\n  defaults:\n    keystore_password: ${PASSWORD}\n`;
const OTHER = inlineYaml(
  base64(chain({ tag: 'previous' }).pem),
  base64(pkcs8(chain({ tag: 'previous' }).leaf.privateKey)),
);
const MORE = [['--color', 'always'], ['--partial'], ['--strict'], ['--root', 'certificate']];

// The first kind of key has all of these, the others take turns.
for (const [at, [kind, crt, keyPem]] of KEYS.entries()) {
  const canary = canaryOf([keyPem], [crt]);
  for (const [turn, [how, write]] of sampled(BREAKS, at === 0 ? 1 : KEYS.length - 1, at).entries()) {
    test(`${kind}, ${how}`, async () => {
      const stdin = write(crt, keyPem) + PASSWORDS;
      // What is found depends on the key; how a format writes it does not.
      for (const format of at === 0 ? sampled(FORMATS, 3, turn) : (['text'] as const))
        await runsWithoutLeak(['lint', '--format', format, '-'], canary, { stdin });
      await runsWithoutLeak(['lint', '--fix', '--dry-run', file('values.yaml', stdin)], canary);
      await runsWithoutLeak(['inspect', '-'], canary, { stdin });
      if (at > 0) return;
      for (const more of MORE) await runsWithoutLeak(['lint', ...more, '-'], canary, { stdin });
      // As the release before, and compared with one.
      const [now, old] = [file('now.yaml', stdin), file('old.yaml', OTHER)];
      for (const [name, previous] of [
        [now, old],
        [old, now],
        [now, now],
      ] as const) {
        await runsWithoutLeak(['lint', name, '--previous', previous, '--release', 'prod'], canary);
      }
      await runsWithoutLeak(['inspect', '--format', 'json', '-'], canary, { stdin });
      const manifests = `apiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\nmetadata:\n  name: x-certificate\n${stdin.replace(/^certificate:\n {2}tls:\n {4}crt: (.*)\n {4}key: /, 'data:\n  tls.crt: $1\n  tls.key: ')}`;
      const { status, stdout, stderr } = await command(['post-render'], { stdin: manifests });
      assert.equal(leaked(stderr, canary), []);
      // On purpose: the manifests as they came, or nothing.
      assert.is(stdout, status === 0 ? manifests : '');
    });
  }
}

/** Pieces of the key at hand, of 16 characters and more, in every form and split as a user might. */
const DER = leaf.privateKey.export({ format: 'der', type: 'pkcs8' });
/** Where the secret scalar of the key is, which no certificate holds. */
const SECRET = DER.subarray(36, 68);
const HEX = SECRET.toString('hex');
const PIECES: readonly [name: string, piece: string][] = [
  ['base64', base64(DER).slice(48, 88)],
  ['16 characters of base64', base64(DER).slice(50, 66)],
  ['base64 of PEM', base64(pkcs8(leaf.privateKey)).slice(110, 150)],
  ['URL-safe base64', DER.toString('base64url').slice(48, 88)],
  [
    'base64, split by -',
    base64(DER)
      .slice(48, 88)
      .replace(/.{8}(?=.)/g, '$&-'),
  ],
  [
    'base64, split by .',
    base64(DER)
      .slice(48, 88)
      .replace(/.{5}(?=.)/g, '$&.'),
  ],
  ['base64 in a URL', encodeURIComponent(base64(DER).slice(48, 88))],
  ['hexadecimal', HEX],
  ['16 digits of hexadecimal', HEX.slice(8, 24)],
  ['hexadecimal in capitals', HEX.toUpperCase()],
  ['hexadecimal, split by :', HEX.replace(/..(?=.)/g, '$&:')],
  ['hexadecimal, split by -', HEX.replace(/.{4}(?=.)/g, '$&-')],
  ['hexadecimal, split by .', HEX.replace(/.{8}(?=.)/g, '$&.')],
];

/** Where a piece of a key can be put beside the key itself. */
const PLACES: readonly [name: string, write: (piece: string, crt: string, key: string) => string][] = [
  [
    'existing_cert',
    (piece, crt, keyPem) => `${inlineYaml(base64(crt), base64(keyPem))}  existing_cert: "${piece}"\n`,
  ],
  [
    'existing_cert, the key under a key that the chart does not read',
    (piece, _crt, keyPem) =>
      `certificate:\n  existing_cert: "${piece}"\n  private: {keys: [1, ${base64(keyPem)}]}\n`,
  ],
  [
    'the endpoint',
    (piece, crt, keyPem) =>
      inlineYaml(base64(crt), base64(keyPem), `general:\n  lightrun_endpoint: "${piece}"\n`),
  ],
  [
    'the endpoint, as a URL',
    (piece, crt, keyPem) =>
      inlineYaml(base64(crt), base64(keyPem), `general:\n  lightrun_endpoint: "https://${piece}/${piece}"\n`),
  ],
  [
    'the user name of a URL',
    (piece, crt, keyPem) =>
      inlineYaml(base64(crt), base64(keyPem), `general:\n  lightrun_endpoint: "https://a:${piece}@b.c"\n`),
  ],
  [
    'a pin',
    (piece, crt, keyPem) =>
      `${inlineYaml(base64(crt), base64(keyPem))}  security_pinned_hashes: ["${piece}"]\n`,
  ],
  [
    'the name of a key',
    (piece, crt, keyPem) => `${inlineYaml(base64(crt), base64(keyPem))}    "${piece}": 1\n  "${piece}": 1\n`,
  ],
  [
    'a duplicate key',
    (piece, crt, keyPem) => `${inlineYaml(base64(crt), base64(keyPem))}  "${piece}": 1\n  "${piece}": 1\n`,
  ],
  [
    'the name of a subchart',
    (piece, crt, keyPem) =>
      `certificate: {tls: {key: ${base64(keyPem)}}}\n"${piece}":\n  ${inlineYaml(base64(crt), null).replaceAll('\n', '\n  ')}\n`,
  ],
  [
    'a PEM label',
    (piece, crt, keyPem) =>
      inlineYaml(
        base64(`${crt}-----BEGIN ${piece}-----\nAAAA\n-----END ${piece}-----\n`),
        base64(`-----BEGIN ${piece}-----\nAAAA\n-----END ${piece}-----\n${keyPem}`),
      ),
  ],
  [
    'a switch',
    (piece, crt, keyPem) =>
      inlineYaml(base64(crt), base64(keyPem), `general: {router: {tls: {enabled: "${piece}"}}}\n`),
  ],
  [
    'a placeholder',
    (piece, crt, keyPem) =>
      `${inlineYaml(base64(crt), base64(keyPem))}  existing_cert: "<your secret ${piece}>"\n`,
  ],
];

for (const [at, [what, piece]] of PIECES.entries()) {
  test(`a piece of the key at hand: ${what}`, async () => {
    const canary = canaryOf([pkcs8(leaf.privateKey)], [pem]);
    assert.is.not(leaked(piece, canary).length, 0);
    for (const [place, write] of sampled(PLACES, at === 0 ? 1 : 3, at)) {
      const stdin = write(piece, pem, pkcs8(leaf.privateKey));
      // How a format writes it does not depend on the piece.
      for (const format of at === 0 ? FORMATS : (['text', 'json'] as const)) {
        const { status } = await runsWithoutLeak(['lint', '--format', format, '-'], canary, { stdin });
        assert.is.not(status, 2, place);
      }
      await runsWithoutLeak(['lint', '--fix', '--dry-run', file('values.yaml', stdin)], canary);
      await runsWithoutLeak(['inspect', '-'], canary, { stdin });
      await runsWithoutLeak(['inspect', '--format', 'json', '-'], canary, { stdin });
    }
    const manifests = `apiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\nmetadata:\n  name: "${piece}-certificate"\ndata:\n  tls.crt: ${base64(pem)}\n  tls.key: ${base64(pkcs8(leaf.privateKey))}x\n`;
    const { stderr } = await command(['post-render'], { stdin: manifests });
    assert.equal(leaked(stderr, canary), []);
    for (const format of ['text', 'json', 'junit'] as const)
      await runsWithoutLeak(['lint', '--format', format, '-'], canary, { stdin: manifests });
    // On purpose: the manifests on standard output.
    const filtered = await command(['lint', '--fix', '-'], { stdin: manifests });
    assert.equal(leaked(filtered.stderr, canary), []);
  });
}

test('file paths, valid names and ordinary words are shown in full, whatever they look like', async () => {
  const folder = join(FOLDER, 'JohnDoe', 'Documents', 'GitHub', 'aB3dE5fG7hJ9kL2mN4pQ6rS8');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${'0123456789abcdef'.repeat(6)}.values`);
  const name = 'd41d8cd98f00b204e9800998ecf8427e.production';
  writeFileSync(path, `certificate:\n  existing_cert: ${name}\n  existingCertificateName: x\n`);
  for (const format of FORMATS) {
    const { stdout } = await command(['lint', '--format', format, path]);
    assert.ok(stdout.includes(path) || format === 'github' || stdout.includes(basename(path)), format);
    assert.ok(stdout.includes('existingCertificateName'), format);
    if (format === 'text' || format === 'json') assert.ok(stdout.includes(name), format);
    assert.not.ok(stdout.includes('redacted'), format);
  }
  const missing = '/Users/JohnDoe/Documents/GitHub/infrastructure/values.yaml';
  for (const [args, shown] of [
    [['lint', missing], missing],
    [['lint', join(folder, 'values')], join(folder, 'values')],
    [['lint', '--fix', missing], missing],
    [['lint', '-f', missing], missing],
    [['lint', '--ca-file', missing, path], missing],
    [['inspect', missing], missing],
    [['encode', '--cert', missing, '--key', missing], missing],
    [['lint', '--chart', missing], missing],
    [['lint', '-f', path, path], path],
  ] as const) {
    const { stderr } = await command(args, { env: { HELM_BIN: '/nonexistent/helm' } });
    assert.ok(stderr.replace(/\s+/g, '').includes(shown), stderr);
  }
});

test('user names and passwords in URLs are shown nowhere', async () => {
  for (const url of [
    `https://admin:${PASSWORD}@charts.example.com/values.yaml`,
    `https://admin:${encodeURIComponent(`${PASSWORD}/@`)}@charts.example.com/values.yaml`,
    encodeURIComponent(`https://admin:${PASSWORD}@charts.example.com/values.yaml`),
  ]) {
    const values = file(
      'values.yaml',
      `general:\n  lightrun_endpoint: "${url}"\n  router: {tls: {enabled: "${url}"}}\ncertificate:\n  existing_cert: "${url}"\n  security_pinned_hashes: ["${url}"]\n  "${url}": 1\n`,
    );
    for (const format of FORMATS) await masked(['lint', '--format', format, values], 1);
    await masked(['inspect', values], 2);
    for (const args of [
      [url],
      ['lint', url],
      ['lint', '-f', url],
      ['lint', '-f', values, '-f', url, '--format', 'junit'],
      ['lint', '--chart', 'lightrun', '--repo', url],
      ['lint', '--chart', url],
      ['lint', '--ca-file', url, values],
      ['lint', '--host', url, values],
      ['lint', '--at', url],
      ['lint', '--root', url, values],
      ['lint', '--rule', url],
      ['lint', '--output', join(FOLDER, url), values],
      ['encode', '--cert', url, '--key', url],
      ['encode', '--p12', url],
      ['generate', '--host', url, '--print'],
      ['generate', '--host', 'a.example', '--out-dir', join(FOLDER, 'values.yaml', url)],
      ['request', '--host', url],
      ['request', '--host', 'a.example', '--values', url],
      ['request', '--host', 'a.example', '--values', values, '--release', url],
      ['inspect', url],
      ['inspect', '--secret', url],
      ['install', 'lightrun', url],
      ['upgrade', url, 'chart', '-f', url],
      ['template', 'lightrun', 'chart', '--repo', url],
      ['post-render', url],
      ['explain', url],
    ]) {
      await masked(args, null);
    }
  }
});

async function masked(args: readonly string[], expected: number | null): Promise<void> {
  const { status, stdout, stderr } = await command(args, { env: { HELM_BIN: '/nonexistent/helm' } });
  const output = (stdout + stderr).replace(/\s+/g, '');
  assert.not.ok(output.includes(PASSWORD) || output.includes('admin'), `${args.join(' ')}\n${output}`);
  if (expected !== null) assert.is(status, expected, stderr);
}

/** A file of a key, and how it can be broken. */
const FILES: [name: string, write: (keyPem: string) => string | Buffer][] = [
  ['right', (keyPem) => keyPem],
  ['DER', (keyPem) => Buffer.from(keyPem.replace(/-----[^-]*-----|\s/g, ''), 'base64')],
  ['base64 of it', base64],
  ['truncated', (keyPem) => keyPem.slice(0, 120)],
  ['damaged', (keyPem) => keyPem.replace(/\n(.{20})/, '\n!$1')],
  ['glued', (keyPem) => keyPem.replaceAll('\n', '')],
  ['UTF-16', (keyPem) => Buffer.from(`\ufeff${keyPem}`, 'utf16le')],
  ['twice', (keyPem) => keyPem + keyPem],
  [
    'under another label',
    (keyPem) => keyPem.replaceAll(/ (EC |RSA |ENCRYPTED )?PRIVATE KEY/g, ' CERTIFICATE'),
  ],
];

for (const [kind, crt, keyPem] of KEYS) {
  const canary = canaryOf([keyPem, pkcs8(kind === 'PKCS#1' ? rsa.leaf.privateKey : leaf.privateKey)], [crt]);
  test(`${kind}, in files of encode and inspect`, async () => {
    const cert = file('tls.crt', crt);
    const passphrases = [file('right', `${PASSWORD}\n`), file('wrong', `${PASSWORD}x\n`)];
    for (const [, write] of FILES) {
      const keyFile = file('tls.key', write(keyPem));
      for (const passphrase of kind === 'encrypted' ? passphrases : passphrases.slice(1)) {
        const args = ['--key', keyFile, '--passphrase-file', passphrase];
        const { status, stdout, stderr } = await command(['encode', '--cert', cert, ...args]);
        assert.equal(leaked(stderr, canary), []);
        assert.not.ok(stderr.includes(PASSWORD));
        // On purpose: the block.
        if (status !== 0) assert.is(stdout, '');
      }
      await runsWithoutLeak(['encode', '--cert', keyFile, '--key', cert], canary);
      await runsWithoutLeak(['inspect', keyFile], canary);
      await runsWithoutLeak(['lint', keyFile], canary);
      await runsWithoutLeak(['lint', '--ca-file', keyFile, cert], canary);
    }
  });
}

test('PKCS#12: opened, and with another passphrase', async () => {
  const canary = canaryOf([pkcs8(leaf.privateKey)], [pem]);
  const p12 = file(
    'tls.p12',
    pkcs12({ certificates: [leaf.der], keys: [leaf.privateKey], passphrase: PASSWORD }),
  );
  for (const passphrase of [PASSWORD, `${PASSWORD}x`]) {
    const args = ['--p12', p12, '--passphrase-file', file('passphrase', passphrase)];
    await runsWithoutLeak(['encode', ...args, '--write', file('values.yaml', 'a: 1\n')], canary);
    await runsWithoutLeak(
      ['encode', '--p12', file('cut.p12', readFileSync(p12).subarray(0, 900)), ...args.slice(2)],
      canary,
    );
  }
  await runsWithoutLeak(['inspect', p12], canary);
});

test('a key that was pasted into the command line', async () => {
  const canary = canaryOf([pkcs8(leaf.privateKey)], [pem]);
  const cert = file('tls.crt', pem);
  const der = leaf.privateKey.export({ format: 'der', type: 'pkcs8' });
  for (const text of [
    base64(pkcs8(leaf.privateKey)),
    pkcs8(leaf.privateKey),
    base64(der),
    base64(der).slice(48, 64),
    der.toString('hex'),
    HEX.toUpperCase(),
    HEX.replace(/..(?=.)/g, '$&:').toUpperCase(),
    base64(der)
      .slice(48, 88)
      .replace(/.{8}(?=.)/g, '$&-'),
    base64(der)
      .slice(48, 88)
      .replace(/.{8}(?=.)/g, '$&.'),
    encodeURIComponent(base64(der)),
  ]) {
    for (const args of [
      [text],
      ['help', text, text],
      ['lint', text],
      ['lint', `--${text}`],
      ['lint', '--at', `x${text}`],
      ['lint', '--rule', text],
      ['lint', '--root', text, '--ca-file', text],
      ['lint', '--format', text],
      ['lint', '--host', text, cert, text],
      ['lint', '--output', join(FOLDER, 'none', text), file('values.yaml', 'a: 1\n')],
      ['lint', '--fix', text],
      ['lint', '-f', text],
      ['lint', '--set', `certificate.tls.key=${text}`],
      ['lint', '--chart', text],
      ['encode', '--cert', text, '--key', text],
      ['encode', '--cert', cert, '--key', text],
      ['encode', '--p12', text],
      ['encode', text],
      // A piece may be a valid host name, which is then in the certificate.
      ...(isHostName(text.toLowerCase()) ? [] : [['generate', '--host', text, '--print']]),
      ['generate', '--host', 'a.example', '--key', text, '--print'],
      ['generate', '--host', 'a.example', '--days', text, '--print'],
      ['generate', '--host', 'a.example', '--key', 'ec256', '--write', text],
      ['request', '--host', 'a.example', '--key', text],
      ['request', '--host', 'a.example', '--values', text],
      ['request', '--host', 'a.example', '--values', cert, '--release', text],
      ...(isHostName(text.toLowerCase()) ? [] : [['request', '--host', text]]),
      ['inspect', text],
      ['inspect', '--secret', text],
      ['post-render', text],
      ['post-render', '--secret', text],
      ['install', text],
      ['install', 'x', text],
      ['upgrade', text, 'chart', '-f', text],
      ['template', 'x', 'chart', `--set=certificate.tls.key=${text}`],
      ['template', 'x', 'chart', `--${text}`],
      ['explain', text],
    ]) {
      const { status } = await runsWithoutLeak(
        args.map((each) => (each.startsWith('-----') ? ` ${each}` : each)),
        canary,
      );
      if (args[0] !== 'help') assert.is(status, 2, args.join(' ').slice(0, 60));
    }
  }
});

test('a key that was made is only where it was asked for', async () => {
  const folder = mkdtempSync(join(FOLDER, 'made-'));
  const args = ['generate', '--host', 'a.example', '--key', 'ec256', '--out-dir', folder];
  const first = await command(args);
  assert.is(first.status, 0, first.stderr);
  const [made, cert] = ['tls.key', 'tls.crt'].map((name) => readFileSync(join(folder, name), 'utf8')) as [
    string,
    string,
  ];
  const canary = canaryOf([made], [cert]);
  assert.ok(canary.pieces.size > 200);
  assert.equal(leaked(first.stdout + first.stderr + cert, canary), []);
  assert.is((await runsWithoutLeak(args, canary)).status, 2);
  const values = file('values.yaml', inlineYaml(base64(cert), base64(made)));
  assert.is(
    (await runsWithoutLeak(['generate', '--host', 'a.example', '--write', values], canary)).status,
    2,
  );
  assert.equal(readdirSync(folder).sort(), ['tls.crt', 'tls.key']);
});

test('a request holds nothing of its private key, and neither does what is said of it', async () => {
  const folder = mkdtempSync(join(FOLDER, 'requested-'));
  const first = await command(['request', '--host', 'a.example', '--out-dir', folder]);
  assert.is(first.status, 0, first.stderr);
  const [made, csr] = ['tls.key', 'tls.csr'].map((name) => readFileSync(join(folder, name), 'utf8'));
  const canary = canaryOf([String(made)], [String(csr)]);
  assert.ok(canary.pieces.size > 200);
  assert.equal(leaked(first.stdout + first.stderr + csr, canary), []);
  const values = file('values.yaml', `certificate:\n  tls:\n    key: ${base64(String(made))}\n`);
  const again = join(folder, 'again');
  const args = ['request', '--host', 'a.example', '--values', values, '--out-dir', again];
  assert.is((await runsWithoutLeak(args, canary)).status, 0);
  assert.equal(readdirSync(again), ['tls.csr']);
  assert.equal(leaked(readFileSync(join(again, 'tls.csr'), 'utf8'), canary), []);
});

test('the canary is found where it is, in each form', () => {
  const keyPem = pkcs8(leaf.privateKey);
  const canary = canaryOf([keyPem], [pem]);
  const der = leaf.privateKey.export({ format: 'der', type: 'pkcs8' });
  for (const text of [
    keyPem,
    keyPem.replaceAll('\n', ' '),
    base64(`${pem}${keyPem}`),
    base64(base64(keyPem)),
    der.toString('base64url'),
    der.toString('hex'),
    der.toString('hex').toUpperCase().replace(/../g, '$&:'),
    `(${base64(der).slice(60, 72)})`,
  ])
    assert.is.not(leaked(text, canary).length, 0, text);
  assert.equal(leaked(pem + base64(pem), canary), []);
});

test.run();
