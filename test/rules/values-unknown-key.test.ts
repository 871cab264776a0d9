import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lintText } from '../support/lint.ts';

/** The path that a key under `certificate`, or under `certificate.tls`, is taken for; null for none. */
async function meant(key: string, parent: 'certificate' | 'tls'): Promise<string | null> {
  const line = `${JSON.stringify(key)}: []`;
  const yaml = parent === 'tls' ? `certificate:\n  tls:\n    ${line}\n` : `certificate:\n  ${line}\n`;
  const { findings } = await lintText(yaml);
  const finding = findings.find(({ rule }) => rule === 'values-unknown-key');
  if (finding === undefined) throw new Error(`${key} is known`);
  return /certificate\.(?:tls\.crt|tls\.key|existing_cert)(?=\.| |,|$)/.exec(finding.help)?.[0] ?? null;
}

const CRT = 'certificate.tls.crt';
const KEY = 'certificate.tls.key';
const SECRET = 'certificate.existing_cert';

const SYNONYMS: readonly [key: string, underCertificate: string | null, underTls: string | null][] = [
  ['cert', CRT, CRT],
  ['certificate', CRT, CRT],
  ['chain', CRT, CRT],
  ['fullChain', CRT, CRT],
  ['privateKey', KEY, KEY],
  ['private_key', KEY, KEY],
  ['existingSecret', SECRET, null],
  ['existing_secret', SECRET, null],
  ['secretName', SECRET, null],
  ['secret_name', SECRET, null],
  ['comment', null, null],
  ['tls.crt', null, CRT],
  ['tls.key', null, KEY],
  ['constructor', null, null],
  ['__proto__', null, null],
];
for (const [key, underCertificate, underTls] of SYNONYMS) {
  test(`${key} is taken for ${underCertificate ?? 'no other key'}`, async () => {
    assert.is(await meant(key, 'certificate'), underCertificate);
    assert.is(await meant(key, 'tls'), underTls);
  });
}

test('crt and key under certificate belong under tls', async () => {
  assert.is(await meant('crt', 'certificate'), CRT);
  assert.is(await meant('key', 'certificate'), KEY);
});

test('one key with a dot in its name is two keys', async () => {
  for (const name of ['tls.crt', 'tls.key']) {
    const { findings } = await lintText(`certificate:\n  ${name}: []\n`);
    const finding = findings.find(({ rule }) => rule === 'values-unknown-key');
    assert.match(finding?.help ?? '', 'Write two keys, one under the other', name);
  }
});

test('a hundred unknown keys of one mapping have a finding each, all others one together', async () => {
  for (const [count, expected, last] of [
    [100, 100, /certificate\.x99;|certificate\.x99\./],
    [101, 101, /does not read 1 further key of certificate\./],
    [150, 101, /does not read 50 further keys of certificate\./],
  ] as const) {
    const keys = Array.from({ length: count }, (_, at) => `  x${at}: y\n`).join('');
    const found = (await lintText(`certificate:\n${keys}`)).findings.filter(
      ({ rule }) => rule === 'values-unknown-key',
    );
    assert.is(found.length, expected);
    assert.match(found.at(-1)?.message ?? '', last);
    assert.is(found.at(-1)?.location?.line, expected + 1);
  }
});

test.run();
