/** Bad input never ends in a stack trace: it gets a finding or a message, in bounded time. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checked } from './hostile/checked.ts';
import { command } from './support/command.ts';
import { chain, issue, key, pemBlock, pkcs8 } from './support/pki.ts';
import { base64, inlineYaml, pemYaml } from './support/values-yaml.ts';

const { leaf, pem } = chain();
const KEY = pkcs8(leaf.privateKey);
const GOOD = pemYaml(pem, KEY);
/** For one input; the machines of CI are slow. */
const BOUND = 10_000;

async function lintRules(yaml: string | Buffer): Promise<{ status: number; rules: string[] }> {
  const args = ['lint', '--format', 'json', '-'];
  const { status, stdout } = await checked({ args, stdin: yaml, bound: BOUND });
  const [target] = JSON.parse(stdout).targets;
  return { status, rules: (target?.findings ?? []).map((finding: { rule: string }) => finding.rule) };
}

const test = suite('hostile input');

const manyNames = issue({
  san: Array.from({ length: 10_000 }, (_, index) => `host-${index}.example.com`),
  key: key('p256', 80),
});
const absurd = (hex: string): string => pemBlock('CERTIFICATE', Buffer.from(hex, 'hex'));

const CASES: [name: string, yaml: () => string | Buffer, rule: string | null][] = [
  [
    'invalid UTF-8',
    () => Buffer.concat([Buffer.from(GOOD), Buffer.from([0x23, 0xff, 0xfe, 0x0a])]),
    'values-syntax',
  ],
  ['UTF-16', () => Buffer.from(`\ufeff${GOOD}`, 'utf16le'), 'values-syntax'],
  ['NUL bytes', () => Buffer.alloc(1000), 'values-syntax'],
  ['an alias bomb', () => aliasBomb(), 'values-syntax'],
  ['brackets without end', () => '['.repeat(100_000), 'values-syntax'],
  ['a list in a list in a list', () => `a: ${'- '.repeat(20_000)}`, null],
  [
    'deep maps',
    () => Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join(''),
    'cannot check',
  ],
  ['a key of a megabyte', () => `${'k'.repeat(1e6)}: 1\n${GOOD}`, null],
  ['a line of a megabyte', () => `a: ${'v'.repeat(1e6)}\n${GOOD}`, null],
  [
    '100,000 lines',
    () =>
      `${'a: 1\nb: 2\n'.repeat(1)}${Array.from({ length: 99_990 }, (_, index) => `k${index}: v\n`).join('')}${GOOD}`,
    null,
  ],
  ['a thousand documents', () => `${'---\na: 1\n'.repeat(1000)}---\n${GOOD}`, 'values-many-documents'],
  [
    '10,000 subject alternative names',
    () => pemYaml(manyNames.pem, pkcs8(manyNames.privateKey)),
    'cert-self-signed',
  ],
  ['a thousand copies of a certificate', () => pemYaml(leaf.pem.repeat(1000), KEY), 'chain-incomplete'],
  ['a million BEGINs', () => pemYaml('-----BEGIN CERTIFICATE-----\n'.repeat(30_000), KEY), 'pem-malformed'],
  ['a certificate of absurd length', () => pemYaml(absurd('3084ffffffff'), KEY), 'cert-unreadable'],
  ['a length of 127 octets', () => pemYaml(absurd(`30ff${'ff'.repeat(127)}`), KEY), 'cert-unreadable'],
  ['indefinite lengths without end', () => pemYaml(absurd('3080'.repeat(5000)), KEY), 'cert-unreadable'],
  ['nested sequences', () => pemYaml(pemBlock('CERTIFICATE', nested(5000)), KEY), 'cert-unreadable'],
  [
    'a key of absurd length',
    () => pemYaml(pem, pemBlock('PRIVATE KEY', Buffer.from('3084ffffffff', 'hex'))),
    'key-unreadable',
  ],
  [
    'a date that cannot be read, for a key',
    () => pemYaml(pem, Buffer.from('30021800', 'hex')),
    'pem-missing',
  ],
  [
    'a date that cannot be read, for an encrypted key',
    () => pemYaml(pem, pemBlock('ENCRYPTED PRIVATE KEY', Buffer.from('30021800', 'hex'))),
    'key-unreadable',
  ],
  ['a megabyte of base64', () => inlineYaml('A'.repeat(1024 * 1024), base64(KEY)), 'pem-missing'],
  [
    'twelve megabytes of base64',
    () => inlineYaml('A'.repeat(12 * 1024 * 1024), base64(KEY)),
    'secret-too-large',
  ],
];

function aliasBomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let depth = 1; depth < 10; depth += 1) {
    lines.push(
      `a${depth}: &a${depth} [${Array(9)
        .fill(`*a${depth - 1}`)
        .join(', ')}]`,
    );
  }
  return `${lines.join('\n')}\n${GOOD}`;
}

function nested(depth: number): Buffer {
  let der = Buffer.from([0x05, 0x00]);
  for (let level = 0; level < depth; level += 1) {
    const { length } = der;
    const header =
      length < 0x80 ? [0x30, length] : [0x30, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
    der = Buffer.concat([Buffer.from(header), der]);
  }
  return der;
}

for (const [name, yaml, rule] of CASES) {
  test(name, async () => {
    const { status, rules } = await lintRules(yaml());
    if (rule === null) assert.ok(status === 0 || status === 1);
    else if (rule === 'cannot check') assert.is(status, 2);
    else assert.ok(rules.includes(rule), rules.join(', '));
  });
}

test('certificates: twice as many take about twice as long', async () => {
  const ca = issue({ subject: 'CN=CA', key: key('p256', 81), ca: true });
  const certificates = Array.from(
    { length: 200 },
    (_, index) => issue({ subject: `CN=host-${index}`, issuer: ca, key: key('p256', 82) }).pem,
  );
  const timeOf = async (count: number): Promise<number> => {
    const yaml = pemYaml(`${certificates.slice(0, count).join('')}${ca.pem}`, pkcs8(key('p256', 82)));
    const before = process.cpuUsage();
    await lintRules(yaml);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  await timeOf(50);
  const [half, whole] = [await timeOf(100), await timeOf(200)];
  assert.ok(whole < 4 * half + 200, `${Math.round(half)} ms, then ${Math.round(whole)} ms`);
});

test('half a boundary of PEM is repaired where only one repair is possible, else refused', async () => {
  for (const [text, expected] of [
    [KEY.slice(1), 0],
    [leaf.pem.slice(3), 0],
    [KEY.replace('BEGIN', ''), 2],
  ] as const) {
    const { status, stdout } = await checked({ args: ['inspect', '-'], stdin: text });
    assert.is(status, expected, stdout);
    if (status === 2) assert.is(stdout, '');
  }
});

test('a file of 50 MB: refused at once, and no more of it is read than could be checked', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lightrun-cert-hostile-'));
  try {
    const name = join(folder, 'values.yaml');
    writeFileSync(name, GOOD);
    truncateSync(name, 50 * 1024 * 1024);
    for (const args of [['lint'], ['lint', '--fix'], ['inspect'], ['encode', '--key', name, '--cert']]) {
      const before = process.memoryUsage().arrayBuffers;
      const { status, stdout, stderr } = await checked({ args: [...args, name] });
      assert.is(status, 2);
      assert.is(stdout, '');
      assert.match(stderr, 'is larger than 16 MiB');
      assert.ok(process.memoryUsage().arrayBuffers - before < 40 * 1024 * 1024);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('files that lie about themselves', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lightrun-cert-hostile-'));
  try {
    const name = join(folder, 'a\x1b[2J\n::error::b.yaml');
    writeFileSync(name, 'certificate:\n  existing_cert: "A"\n');
    const { status, stdout } = await command(['lint', name]);
    assert.is(status, 1);
    assert.not.ok(stdout.includes('\x1b'));
    assert.not.match(stdout, /^::error/m);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
