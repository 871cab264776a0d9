/** A canary key: after every kind of run, in every format, no piece of it is found in any output. */
import type { KeyObject } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FORMATS } from '../src/options/report.ts';
import { type Canary, canaryOf, leaked } from './support/canary.ts';
import { command, type Ended, type Surroundings } from './support/command.ts';
import { pkcs12 } from './support/pkcs12.ts';
import { chain, key, pkcs1, pkcs8, sec1 } from './support/pki.ts';
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
const MORE = [['--color', 'always'], ['--partial'], ['--strict'], ['--root', 'certificate']];

for (const [at, [kind, crt, keyPem]] of KEYS.entries()) {
  const canary = canaryOf([keyPem], [crt]);
  for (const [how, write] of BREAKS) {
    test(`${kind}, ${how}`, async () => {
      const stdin = write(crt, keyPem) + PASSWORDS;
      // What is found depends on the key; how a format writes it does not.
      for (const format of at === 0 ? FORMATS : (['text'] as const))
        await runsWithoutLeak(['lint', '--format', format, '-'], canary, { stdin });
      await runsWithoutLeak(['lint', '--fix', '--dry-run', file('values.yaml', stdin)], canary);
      await runsWithoutLeak(['inspect', '-'], canary, { stdin });
      if (at > 0) return;
      for (const more of MORE) await runsWithoutLeak(['lint', ...more, '-'], canary, { stdin });
      await runsWithoutLeak(['inspect', '--format', 'json', '-'], canary, { stdin });
      const manifests = `apiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\nmetadata:\n  name: x-certificate\n${stdin.replace(/^certificate:\n {2}tls:\n {4}crt: (.*)\n {4}key: /, 'data:\n  tls.crt: $1\n  tls.key: ')}`;
      const { status, stdout, stderr } = await command(['post-render'], { stdin: manifests });
      assert.equal(leaked(stderr, canary), []);
      // On purpose: the manifests as they came, or nothing.
      assert.is(stdout, status === 0 ? manifests : '');
    });
  }
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
  for (const text of [base64(pkcs8(leaf.privateKey)), pkcs8(leaf.privateKey)]) {
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
      ['generate', '--host', text, '--print'],
      ['generate', '--host', 'a.example', '--key', text, '--print'],
      ['generate', '--host', 'a.example', '--days', text, '--print'],
      ['generate', '--host', 'a.example', '--key', 'ec256', '--write', text],
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
