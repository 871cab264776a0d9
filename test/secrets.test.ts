/** A canary key: after every kind of run, in every format, no piece of it is found in any output. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { RULES } from '../src/rules/index.ts';
import { command } from './support/command.ts';
import { chain, key, pkcs1, pkcs8, sec1 } from './support/pki.ts';
import { runCommand } from './support/run.ts';
import { base64, inlineYaml } from './support/values-yaml.ts';

const PIECE = 12;
const FORMATS = ['json', 'sarif', 'github', 'gitlab', 'junit'].map((format) => ['--format', format]);
/** The first lines of every key stand in the examples of rules, which a report may hold. */
const EXAMPLES = RULES.map(({ bad, good }) => bad + good).join('');
const PASSWORD = 'canary-password-of-the-keystore';

const { leaf, pem } = chain({ tag: 'canary' });
const rsa = chain({ tag: 'canary', keyKind: 'rsa2048', depth: 1 });

/** Every piece of a text, of so many characters. */
function piecesOf(text: string): Set<string> {
  return new Set(
    Array.from({ length: Math.max(text.length - PIECE + 1, 0) }, (_, index) =>
      text.slice(index, index + PIECE),
    ),
  );
}

/** What must never be seen of a key: its PEM, the base64 of that, its bytes in hexadecimal; what a certificate shows is no secret. */
function secretsOf(keyPem: string, publicText: string): Set<string> {
  const body = keyPem.replace(/-----[^-]*-----|\s/g, '');
  const texts = [body, base64(keyPem), Buffer.from(body, 'base64').toString('hex')];
  const known = piecesOf(publicText + EXAMPLES);
  return new Set(texts.flatMap((text) => [...piecesOf(text)]).filter((piece) => !known.has(piece)));
}

function leaked(output: string, secrets: ReadonlySet<string>): string[] {
  const text = output.replace(/\s+/g, '');
  return [...piecesOf(text)].filter((piece) => secrets.has(piece));
}

const KEYS: [name: string, crt: string, key: string][] = [
  ['PKCS#8', pem, pkcs8(leaf.privateKey)],
  ['SEC1', pem, sec1(leaf.privateKey)],
  ['PKCS#1', rsa.pem, pkcs1(rsa.leaf.privateKey)],
  ['the wrong key', pem, pkcs8(key('p256', 99))],
  [
    'encrypted',
    pem,
    leaf.privateKey
      .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: PASSWORD })
      .toString(),
  ],
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
  ['cut off', (crt, keyPem) => inlineYaml(base64(crt), base64(keyPem).slice(0, 77))],
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
    'as a tag and an alias',
    (_crt, keyPem) =>
      `a: !${base64(keyPem).replace(/[+/=]/g, 'x')} b\nc: *${base64(keyPem).replace(/[+/=]/g, 'x')}\n`,
  ],
];

for (const [kind, crt, keyPem] of KEYS) {
  for (const [how, write] of BREAKS) {
    test(`${kind}, ${how}`, async () => {
      const yaml = `${write(crt, keyPem)}secrets:\n  defaults:\n    keystore_password: ${PASSWORD}\n`;
      const secrets = secretsOf(keyPem, crt + base64(crt));
      for (const args of [[], ...FORMATS, ['--color', 'always'], ['--partial'], ['--strict']]) {
        const { stdout, stderr } = await command(['lint', ...args, '-'], { stdin: yaml });
        assert.equal(leaked(stdout + stderr, secrets), []);
        assert.not.ok((stdout + stderr).includes(PASSWORD));
      }
    });
  }
}

test('a key that was pasted into the command line', async () => {
  const keyPem = pkcs8(leaf.privateKey);
  const secrets = secretsOf(keyPem, pem);
  const text = base64(keyPem);
  for (const args of [
    [text],
    ['lint', text],
    ['lint', `--${text}`],
    ['lint', '--at', text],
    ['lint', '--rule', text],
    ['explain', text],
  ]) {
    const { status, stdout, stderr } = await command(args);
    assert.is(status, 2);
    assert.equal(leaked(stdout + stderr, secrets), []);
  }
});

test('the built program leaves nothing behind and prints nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lightrun-cert-canary-'));
  try {
    const keyPem = pkcs8(leaf.privateKey);
    const values = join(folder, 'values.yaml');
    writeFileSync(values, inlineYaml(base64(pem), base64(keyPem)), { mode: 0o600 });
    const before = createHash('sha256').update(readFileSync(values)).digest('hex');
    const secrets = secretsOf(keyPem, pem + base64(pem));
    for (const args of [
      ['lint', values],
      ['lint', '--format', 'json', '--output', join(folder, 'report'), values],
    ]) {
      const { status, stdout, stderr } = await runCommand(args, {
        env: { ...process.env, TMPDIR: folder, NODE_DEBUG: 'fs,tls' },
      });
      assert.is(status, 0);
      assert.equal(leaked(stdout + stderr, secrets), []);
    }
    assert.equal(readdirSync(folder).sort(), ['report', 'values.yaml']);
    assert.equal(leaked(readFileSync(join(folder, 'report'), 'utf8'), secrets), []);
    assert.is(createHash('sha256').update(readFileSync(values)).digest('hex'), before);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
