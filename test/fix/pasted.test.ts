/** Base64 and PEM that were pasted as they came, so that the file is not YAML: `lint --fix` puts them on one line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fixInput } from '../../src/fix/fix-file.ts';
import { joinPasted } from '../../src/fix/pasted.ts';
import { command } from '../support/command.ts';
import { CHAIN, inline, KEY } from '../support/inline.ts';
import { lintOptions } from '../support/lint.ts';
import { base64 } from '../support/values-yaml.ts';

const CRT = base64(CHAIN);
const LINES = CRT.replace(/.{76}(?=.)/g, '$&\n');
const KEY_LINES = KEY.replace(/.{64}(?=.)/g, '$&\n');
const pair = (crt: string, key = `    key: ${KEY}\n`): string =>
  `# mine\ncertificate: # here\n  tls:\n${crt}${key}other: [1,  2]\n`;

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pasted-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function fixed(text: string): Promise<string> {
  const input = { bytes: Buffer.from(text), name: 'values.yaml' };
  const { bytes, fixed } = await fixInput(input, lintOptions());
  assert.is(bytes === input.bytes, fixed.length === 0);
  return bytes.toString();
}

for (const [form, before, after = pair(`    crt: ${CRT}\n`)] of [
  ['at column 0', pair(`    crt: ${LINES}\n`)],
  ['too little indented', pair(`    crt: ${LINES.replaceAll('\n', '\n  ')}\n`)],
  ['in the column of its key', pair(`    crt: ${LINES.replaceAll('\n', '\n    ')}\n`)],
  ['below its key', pair(`    crt:\n${LINES}\n`)],
  ['in a block', pair(`    crt: |\n${LINES}\n`)],
  ['in a block with a comment', pair(`    crt: |- # ours\n${LINES}\n`), pair(`    crt: ${CRT} # ours\n`)],
  ['behind an open quote', pair(`    crt: "${LINES}\n`), pair(`    crt: "${CRT}"\n`)],
  [
    'behind an open quote, indented',
    pair(`    crt: '${LINES.replaceAll('\n', '\n      ')}\n`),
    pair(`    crt: '${CRT}'\n`),
  ],
  ['in quotes', pair(`    crt: "${LINES}"\n`), pair(`    crt: "${CRT}"\n`)],
  ['with the quote on a line of its own', pair(`    crt: "${LINES}\n"\n`), pair(`    crt: "${CRT}"\n`)],
  ['both values', pair(`    crt: ${LINES}\n`, `    key: ${KEY_LINES}\n`)],
  ['one value after the other', pair(`    crt: ${CRT}\n`, `    key:\n${KEY_LINES}\n`)],
  ['PEM at column 0', pair(`    crt: ${CHAIN}`)],
  ['PEM below its key', pair(`    crt:\n${CHAIN}`)],
  ['PEM in a block', pair(`    crt: |\n${CHAIN}`)],
  [
    'PEM with blank lines between its blocks',
    pair(`    crt: |\n${CHAIN.replaceAll('\n-----B', '\n\n-----B')}\n`),
    pair(`    crt: ${CRT}\n`, `\n    key: ${KEY}\n`),
  ],
  ['PEM behind an open quote', pair(`    crt: "${CHAIN}`), pair(`    crt: "${CRT}"\n`)],
] as const) {
  test(`it is joined ${form}; every other line stays`, async () => {
    assert.is(await fixed(before), after);
    assert.is(await fixed(after), after, 'a second time');
    const windows = await fixed(before.replaceAll('\n', '\r\n'));
    assert.is(windows, after.replaceAll('\n', '\r\n'));
  });
}

test('what was joined is then fixed as any value', async () => {
  const misordered = CHAIN.split(/(?<=END CERTIFICATE-----\n)/)
    .reverse()
    .join('');
  const text = inline(misordered).replace(
    /(crt: )(\S+)/,
    (_, key, value) => key + value.replace(/.{64}/g, '$&\n'),
  );
  assert.is(await fixed(text), inline(CHAIN));
});

test('what is not certain stays as it is', async () => {
  for (const text of [
    // Not a certificate.
    pair(`    crt: ${Buffer.alloc(300, 'a').toString('base64').replace(/.{76}/g, '$&\n')}\n`),
    // Something else is wrong with the file too.
    pair(`    crt: ${LINES}\n`).replace('[1,', '[1, ['),
    pair(`    crt: ${LINES}\n`).replace('# mine', '\tkey: {'),
    // A line that is not base64 is in between.
    pair(`    crt: ${LINES.replace('\n', '\n<here>\n')}\n`),
    // PEM without its end.
    pair(`    crt: |\n${CHAIN.slice(0, -30)}\n`),
    // Helm reads the file.
    pair(`    note: |\n      crt: ${LINES.replaceAll('\n', '\n      ')}\n    crt: ${CRT}\n`),
  ]) {
    assert.is(await fixed(text), text);
  }
});

test('each line is looked at once, however many values begin as PEM does', async () => {
  const many = 'a: -----BEGIN CERTIFICATE-----\n'.repeat(100_000);
  const start = performance.now();
  assert.is(await joinPasted(Buffer.from(many), 'values.yaml'), null);
  assert.ok(performance.now() - start < 2_000);
});

test('a line of megabytes is not one that somebody wrapped', async () => {
  const long = 'QUJD'.repeat(3_000_000);
  for (const text of [
    `crt: ${long}\n`,
    `crt: "${long}\n`,
    `crt: QUJD\n${long}\n${long}\n`,
    `crt: |\n${long}\n`,
  ]) {
    assert.is(await joinPasted(Buffer.from(text), 'values.yaml'), null);
  }
  const wide = CRT.replace(/.{1000}(?=.)/g, '$&\n');
  assert.is(await fixed(pair(`    crt: ${wide}\n`)), pair(`    crt: ${CRT}\n`));
});

test('lint offers it, says what it did, and shows no private key', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'values.yaml');
    writeFileSync(file, pair(`    crt: ${CRT}\n`, `    key: ${KEY_LINES}\n`));
    const { stdout } = await command(['lint', '--format', 'json', file]);
    const [finding] = JSON.parse(stdout).targets[0].findings;
    assert.equal([finding.rule, finding.commands], ['values-syntax', [`lightrun-cert lint --fix ${file}`]]);
    const { status, stderr } = await command(['lint', '--fix', file]);
    assert.is(stderr, `${file}: fixed\n  key (line 5): joined the pasted lines of base64 into one\n`);
    assert.equal([status, readFileSync(file, 'utf8')], [0, pair(`    crt: ${CRT}\n`)]);
  });
});

test('encode --write takes it: what it keeps and what it replaces', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'values.yaml');
    const cert = join(folder, 'full-chain.crt');
    writeFileSync(cert, CHAIN);
    for (const crt of [LINES, base64('x').padEnd(200, 'A'), CRT]) {
      const before = pair(`    crt: ${crt}\n`, `    key: ${KEY_LINES}\n`);
      writeFileSync(file, before);
      const { status, stderr } = await command(['encode', '--cert', cert, '--write', file]);
      assert.equal([status, readFileSync(file, 'utf8')], [0, pair(`    crt: ${CRT}\n`)]);
      assert.match(stderr, /values\.yaml: what was pasted in lines was joined/);
    }
  });
});

test('generate does not overwrite a private key that was pasted in lines', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'values.yaml');
    const before = pair(`    crt: ${CRT}\n`, `    key: ${KEY_LINES}\n`);
    writeFileSync(file, before);
    const { status, stderr } = await command(['generate', '--host', 'a.test', '--write', file]);
    assert.equal([status, readFileSync(file, 'utf8')], [2, before]);
    assert.match(stderr, /already holds a private key/);
  });
});

test('the filter takes it', async () => {
  const { status, stdout } = await command(['lint', '--fix', '-'], { stdin: pair(`    crt: ${LINES}\n`) });
  assert.equal([status, stdout], [0, pair(`    crt: ${CRT}\n`)]);
});

test.run();
