import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fix } from '../../src/fix/fix.ts';
import { readPem } from '../../src/x509/pem.ts';
import { publicRoots } from '../../src/x509/roots.ts';
import { lintText } from '../support/lint.ts';
import { chain, issue, key, pemBlock, pkcs1, pkcs8, sec1, spkiOf } from '../support/pki.ts';
import { tries } from '../support/property.ts';
import { inlineYaml } from '../support/values-yaml.ts';

const ROOTS = publicRoots();
const CHAIN = chain({ depth: 3 });
const PEMS = CHAIN.all.map(({ pem }) => pem);
const [LEAF = '', LOWER = '', UPPER = '', ROOT = ''] = PEMS;
const KEY = pkcs8(CHAIN.leaf.privateKey);

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const decoded = (text: string | null): string => Buffer.from(text ?? '', 'base64').toString('latin1');
const fixed = (crt: string | null, privateKey: string | null) =>
  fix(crt, privateKey, { roots: ROOTS, at: new Date() });
const kinds = (crt: string | null, privateKey: string | null) =>
  fixed(crt, privateKey).applied.map(({ about, kind }) => `${about} ${kind}`);
const wrapped = (text: string): string => text.replace(/.{76}/g, '$&\n');

test('a good pair is left alone, whatever its layout', () => {
  for (const crt of [
    CHAIN.pem,
    LEAF,
    CHAIN.pem.replaceAll('\n', '\r\n'),
    CHAIN.pem.trimEnd(),
    CHAIN.pem.replaceAll('\n', '  \n'),
  ]) {
    assert.equal(fixed(base64(crt), base64(KEY)), { crt: null, key: null, applied: [] });
  }
  const rsa = issue({ key: 'rsa2048' });
  assert.equal(fixed(base64(rsa.pem), base64(pkcs1(rsa.privateKey))).applied, []);
});

const bigEndian = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

const FIXABLE: [what: string, crt: string, key: string, applied: string[]][] = [
  ['wrapped base64', wrapped(base64(CHAIN.pem)), base64(KEY), ['crt unwrapped']],
  [
    'base64 whose lines YAML joined by spaces',
    base64(CHAIN.pem),
    wrapped(base64(KEY)).replaceAll('\n', ' '),
    ['key unwrapped'],
  ],
  ['encoded twice', base64(base64(CHAIN.pem)), base64(base64(KEY)), ['crt decoded', 'key decoded']],
  ['raw PEM', CHAIN.pem, KEY, ['crt encoded', 'key encoded']],
  [
    'raw PEM whose lines YAML joined by spaces',
    CHAIN.pem.trimEnd().replaceAll('\n', ' '),
    base64(KEY),
    ['crt encoded', 'crt pem-layout'],
  ],
  ['the two swapped', base64(KEY), base64(CHAIN.pem), ['crt swapped', 'key swapped']],
  ['swapped and raw', KEY, CHAIN.pem, ['crt swapped', 'crt encoded', 'key swapped', 'key encoded']],
  ['joined boundaries', base64(CHAIN.pem.replaceAll('-\n-', '--')), base64(KEY), ['crt pem-layout']],
  [
    'CR alone',
    base64(CHAIN.pem.replaceAll('\n', '\r')),
    base64(KEY.replaceAll('\n', '\r')),
    ['crt pem-layout', 'key pem-layout'],
  ],
  ['escaped line breaks', base64(CHAIN.pem.replaceAll('\n', '\\n')), base64(KEY), ['crt pem-layout']],
  ['indented', base64(CHAIN.pem.replace(/^/gm, '    ')), base64(KEY), ['crt pem-layout']],
  ['all on one line', base64(CHAIN.pem.replaceAll('\n', '')), base64(KEY), ['crt pem-layout']],
  ['UTF-16', base64(Buffer.from(`\ufeff${CHAIN.pem}`, 'utf16le')), base64(KEY), ['crt pem-layout']],
  ['UTF-16 without a mark', base64(Buffer.from(CHAIN.pem, 'utf16le')), base64(KEY), ['crt pem-layout']],
  ['big-endian UTF-16', base64(bigEndian(`\ufeff${CHAIN.pem}`)), base64(KEY), ['crt pem-layout']],
  ['big-endian UTF-16 without a mark', base64(bigEndian(CHAIN.pem)), base64(KEY), ['crt pem-layout']],
  [
    'UTF-16 with half a character at its end, and text around the blocks',
    base64(Buffer.concat([Buffer.from(`x\n${CHAIN.pem}`, 'utf16le'), Buffer.of(0x2d)])),
    base64(KEY),
    ['crt pem-layout', 'crt pem-text'],
  ],
  [
    'a bad layout, and 31 characters that could be base64',
    base64(`${'A'.repeat(31)}\r${CHAIN.pem.replaceAll('\n', '\r')}`),
    base64(KEY),
    ['crt pem-layout'],
  ],
  [
    'text around',
    base64(`subject=x\n${CHAIN.pem}`),
    base64(`Bag Attributes\n${KEY}`),
    ['crt pem-text', 'key pem-text'],
  ],
  ['a byte-order mark', base64(`\ufeff${CHAIN.pem}`), base64(KEY), ['crt pem-text']],
  ['another label', base64(CHAIN.pem.replaceAll(' CERT', ' X509 CERT')), base64(KEY), ['crt pem-labels']],
  ['root first', base64(ROOT + UPPER + LOWER + LEAF), base64(KEY), ['crt order']],
  ['intermediates swapped', base64(LEAF + UPPER + LOWER + ROOT), base64(KEY), ['crt order']],
  ['a certificate twice', base64(LEAF + LEAF + LOWER + UPPER), base64(KEY), ['crt copies']],
  ['the key in both', base64(KEY + CHAIN.pem), base64(KEY), ['crt foreign-blocks']],
  ['certificates beside the key', base64(CHAIN.pem), base64(KEY + LEAF), ['key foreign-blocks']],
  ['SEC1', base64(CHAIN.pem), base64(sec1(CHAIN.leaf.privateKey)), ['key pkcs8']],
  [
    'SEC1 with its parameters',
    base64(CHAIN.pem),
    base64(
      pemBlock('EC PARAMETERS', Buffer.from('06082a8648ce3d030107', 'hex')) + sec1(CHAIN.leaf.privateKey),
    ),
    ['key pkcs8'],
  ],
];

for (const [what, crt, privateKey, applied] of FIXABLE) {
  test(`${what}: fixed with the same certificates and private key, without an error left`, async () => {
    const result = fixed(crt, privateKey);
    const after = { crt: result.crt ?? crt, key: result.key ?? privateKey };
    assert.equal(kinds(crt, privateKey), applied);
    await assertGood(after.crt, after.key, CHAIN.all.length);
  });
}

async function assertGood(crt: string, privateKey: string, most: number): Promise<void> {
  const facts = readPem(Buffer.from(crt, 'base64'));
  assert.is(facts.diagnostic, null);
  const fingerprints = facts.blocks.map(({ der }) => new X509Certificate(der).fingerprint256);
  assert.is(new Set(fingerprints).size, fingerprints.length);
  assert.ok(fingerprints.length <= most);
  assert.ok(createPublicKey(decoded(privateKey)).equals(createPublicKey(CHAIN.leaf.privateKey)));
  assert.equal(await errorsOf(crt, privateKey), []);
  assert.equal(fixed(crt, privateKey).applied, []);
}

async function errorsOf(crt: string, privateKey: string): Promise<string[]> {
  const { findings } = await lintText(inlineYaml(crt, privateKey));
  return findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule);
}

test('DER becomes PEM', () => {
  const { crt, applied } = fixed(base64(CHAIN.leaf.der), base64(KEY));
  assert.is(decoded(crt), LEAF);
  assert.equal(applied, [{ about: 'crt', kind: 'pem-from-der' }]);
});

test('base64url and wrong padding are fixed', () => {
  const pem = [CHAIN.pem, LEAF, `${LEAF} `, `${LEAF}  `, `${LEAF}~~~~????`].find((text) =>
    base64(text).endsWith('='),
  );
  const text = base64(pem ?? '');
  assert.equal(kinds(text.replace(/=+$/, ''), null), ['crt padding']);
  assert.equal(kinds(`${text}=`, null), ['crt padding']);
  const url = base64(`${LEAF}\u00bf\u00bf???>>>`);
  assert.match(url, /[+/]/);
  assert.ok(kinds(url.replaceAll('+', '-').replaceAll('/', '_'), null).includes('crt alphabet'));
});

test('a value keeps its bytes where only its base64 is wrong', () => {
  const pem = CHAIN.pem.replaceAll('\n', '\r\n');
  assert.is(decoded(fixed(wrapped(base64(pem)), null).crt), pem);
});

test('an encrypted private key is not encoded again', () => {
  const text = `Bag Attributes\r\n${encrypted.replaceAll('\n', '\r\n')}`;
  const result = fixed(null, base64(text));
  assert.equal(result.applied, [{ about: 'key', kind: 'pem-text' }]);
  assert.is(decoded(result.key), encrypted);
});

test('without a private key, the leaf is the only certificate that issued no other, copies aside', () => {
  assert.equal(kinds(base64(ROOT + UPPER + LOWER + LEAF), null), ['crt order']);
  assert.equal(kinds(base64(LEAF + ROOT + UPPER + LOWER + LEAF), null), ['crt order', 'crt copies']);
  assert.equal(kinds(base64(ROOT + UPPER + LOWER + LEAF + OTHER.pem), null), []);
  assert.equal(kinds(base64(KEY + CHAIN.pem), null), []);
});

test('a mistake in one value does not keep the other from being fixed', () => {
  assert.equal(kinds('not base64 at all!', wrapped(base64(KEY))), ['key unwrapped']);
  assert.equal(kinds(wrapped(base64(CHAIN.pem)), null), ['crt unwrapped']);
});

const OTHER = issue({ subject: 'CN=other', key: key('p256', 7) });
const encrypted = CHAIN.leaf.privateKey
  .export({ type: 'sec1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' })
  .toString();
const NOT_ONE = pemBlock('CERTIFICATE', Buffer.from('3003020101', 'hex'));
const EMPTY = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n';
const PUBLIC_KEY = pemBlock('PUBLIC KEY', spkiOf(CHAIN.leaf.privateKey));
const UNCLEAR: [what: string, crt: string, key: string][] = [
  ['a key of another certificate', base64(CHAIN.pem), base64(pkcs8(OTHER.privateKey))],
  ['a missing intermediate', base64(LEAF + UPPER + ROOT), base64(KEY)],
  ['an encrypted key', base64(CHAIN.pem), base64(encrypted)],
  ['two keys', base64(CHAIN.pem), base64(KEY + pkcs8(OTHER.privateKey))],
  ['a certificate that is not part of the chain', base64(CHAIN.pem + OTHER.pem), base64(KEY)],
  [
    'two that could be the leaf, and a key of neither',
    base64(ROOT + LEAF + OTHER.pem),
    base64(pkcs8(key('p256', 9))),
  ],
  ['another key in the certificate', base64(CHAIN.pem + pkcs8(OTHER.privateKey)), base64(KEY)],
  ['a truncated certificate', base64(LEAF.replace(/\n[^\n]+\n-----END/, '\n-----END')), base64(KEY)],
  ['a missing END', base64(LEAF.replace(/-----END.*\n/, '') + LOWER), base64(KEY)],
  ['an END of another label', base64(LEAF.replace('END CERTIFICATE', 'END PKCS7')), base64(KEY)],
  ['a stray character', `${base64(CHAIN.pem)}!`, base64(KEY)],
  ['a private key in both', base64(KEY), base64(KEY)],
  ['certificates as the private key, and nothing as the certificate', '', base64(CHAIN.pem)],
  ['a private key in both, and another', base64(KEY + CHAIN.pem), base64(KEY + pkcs8(OTHER.privateKey))],
  ['another certificate beside the private key', base64(CHAIN.pem), base64(KEY + OTHER.pem)],
  ['a certificate beside the private key that cannot be read', base64(CHAIN.pem), base64(KEY + NOT_ONE)],
  ['a SEC1 key and another block', base64(CHAIN.pem), base64(sec1(CHAIN.leaf.privateKey) + PUBLIC_KEY)],
  [
    'a bad layout, and 32 characters that could be base64',
    base64(`${'A'.repeat(32)}\r${CHAIN.pem.replaceAll('\n', '\r')}`),
    base64(KEY),
  ],
  ['a bad layout, and an empty block', base64(`${EMPTY}${CHAIN.pem}`.replaceAll('\n', '\r')), base64(KEY)],
  [
    'a bad layout, and a block that is not base64',
    base64(`${EMPTY.replace('\n', '\n=!\n')}${CHAIN.pem}`.replaceAll('\n', '\r')),
    base64(KEY),
  ],
  [
    'a bad layout, and a certificate that cannot be read',
    base64((NOT_ONE + CHAIN.pem).replaceAll('\n', '\r')),
    base64(KEY),
  ],
];
for (const [what, crt, privateKey] of UNCLEAR) {
  test(`${what} has more than one right answer: left alone`, () => {
    assert.equal(fixed(crt, privateKey), { crt: null, key: null, applied: [] });
  });
}

type Spoil = (text: string) => string;
const SPOILT_PEM: Spoil[] = [
  (pem) => pem,
  (pem) => pem.replaceAll('\n', '\r'),
  (pem) => pem.replaceAll('\n', '\\n'),
  (pem) => pem.replaceAll('-\n-', '--'),
  (pem) => pem.replace(/^/gm, '\t'),
  (pem) => pem.replaceAll('\n', ''),
  (pem) => `Bag Attributes\n  friendlyName: x\n${pem}`,
];
const SPOILT_TEXT: Spoil[] = [
  base64,
  (pem) => wrapped(base64(pem)),
  (pem) => wrapped(base64(pem)).replaceAll('\n', ' '),
  (pem) => base64(base64(pem)),
  (pem) => base64(wrapped(base64(pem))),
  (pem) => base64(pem).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
  (pem) => pem,
];

test('any order, copies and any two mistakes in layers: fixed in one run, with the same certificates, without an error', async () => {
  const chains = [1, 2, 3, 5].map((depth) => chain({ depth, tag: `fix ${depth}` }));
  const pick = fc.record({
    of: fc.constantFrom(...chains),
    seed: fc.array(fc.nat(), { minLength: 6, maxLength: 8 }),
    crtPem: fc.constantFrom(...SPOILT_PEM),
    keyPem: fc.constantFrom(...SPOILT_PEM),
    crtText: fc.constantFrom(...SPOILT_TEXT),
    keyText: fc.constantFrom(...SPOILT_TEXT),
    isSec1: fc.boolean(),
    isSwapped: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(pick, async ({ of, seed, crtPem, keyPem, crtText, keyText, isSec1, isSwapped }) => {
      const copies = seed.map((at) => of.all[at % of.all.length]?.pem ?? '');
      const file = [...new Set([...copies, ...of.all.map(({ pem }) => pem)]), ...copies.slice(0, 2)];
      const privateKey = isSec1 ? sec1(of.leaf.privateKey) : pkcs8(of.leaf.privateKey);
      const pair = [crtText(crtPem(file.join(''))), keyText(keyPem(privateKey))];
      const [crt = '', keyValue = ''] = isSwapped ? pair.reverse() : pair;
      const result = fixed(crt, keyValue);
      const after = [result.crt ?? crt, result.key ?? keyValue] as const;
      assert.equal(await errorsOf(...after), []);
      const { blocks } = readPem(Buffer.from(after[0], 'base64'));
      assert.equal(
        blocks.map(({ der }) => der.toString('hex')),
        of.all.map(({ der }) => der.toString('hex')),
      );
      assert.ok(createPrivateKey(decoded(after[1])).equals(of.leaf.privateKey));
      assert.equal(fixed(...after).applied, []);
    }),
    tries(60),
  );
});

test.run();
