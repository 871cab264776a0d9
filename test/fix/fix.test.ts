import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fix } from '../../src/fix/fix.ts';
import { readPem } from '../../src/x509/pem.ts';
import { publicRoots } from '../../src/x509/roots.ts';
import { constructed, decoded, encoded, oid, sequence } from '../support/asn1.ts';
import { lintText } from '../support/lint.ts';
import { pkcs12 } from '../support/pkcs12.ts';
import { chain, issue, key, pemBlock, pkcs1, pkcs8, sec1, spkiOf } from '../support/pki.ts';
import { tries } from '../support/property.ts';
import { inlineYaml } from '../support/values-yaml.ts';

const ROOTS = publicRoots();
const CHAIN = chain({ depth: 3 });
const PEMS = CHAIN.all.map(({ pem }) => pem);
const [LEAF = '', LOWER = '', UPPER = '', ROOT = ''] = PEMS;
const KEY = pkcs8(CHAIN.leaf.privateKey);

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const textOf = (text: string | null): string => Buffer.from(text ?? '', 'base64').toString('latin1');
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

const der = (type: 'pkcs8' | 'sec1'): Buffer => CHAIN.leaf.privateKey.export({ type, format: 'der' });
const bodyOf = (pem: string): string => pem.replace(/-----.*-----|\n/g, '');
const PARAMETERS = pemBlock('EC PARAMETERS', Buffer.from('06082a8648ce3d030107', 'hex'));
/** With as many line breaks after it as its base64 needs to end in padding. */
const padded = (pem: string): string => (pem.length % 3 === 0 ? `${pem}\n` : pem);

const DERS = Buffer.concat(CHAIN.all.map((each) => each.der));
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
    'a certificate and a private key in DER',
    base64(DERS),
    base64(der('pkcs8')),
    ['crt pem-from-der', 'key pem-from-der'],
  ],
  [
    'a chain in DER, and a private key in SEC1',
    base64(DERS),
    base64(der('sec1')),
    ['crt pem-from-der', 'key pem-from-der', 'key pkcs8'],
  ],
  [
    'DER with a line break after it',
    base64(Buffer.concat([DERS, Buffer.from('\r\n')])),
    base64(KEY),
    ['crt pem-from-der'],
  ],
  [
    'DER, swapped and in lines',
    wrapped(base64(der('pkcs8'))),
    base64(DERS),
    ['crt swapped', 'crt pem-from-der', 'key swapped', 'key unwrapped', 'key pem-from-der'],
  ],
  ['the body of the PEM alone', base64(CHAIN.pem), bodyOf(KEY), ['key pem-from-der']],
  [
    'an empty line after each line',
    base64(CHAIN.pem.replaceAll('\n', '\n\n')),
    base64(KEY.replaceAll('\n', '\r\n\r\n')),
    ['crt pem-layout', 'key pem-layout'],
  ],
  [
    'an empty line before END',
    base64(CHAIN.pem.replaceAll('\n-----END', '\n\n-----END')),
    base64(KEY),
    ['crt pem-layout'],
  ],
  [
    'byte-order marks between the blocks',
    base64(PEMS.map((pem) => `\ufeff${pem}`).join('')),
    base64(KEY),
    ['crt pem-layout'],
  ],
  [
    'invisible characters in the PEM',
    base64(CHAIN.pem.replace('\nMII', '\n\u00a0MII').replaceAll('BEGIN ', 'BEGIN\u00a0')),
    base64(KEY.replace('-\nM', '-\n\u200bM')),
    ['crt pem-layout', 'key pem-layout'],
  ],
  [
    'a no-break space in the base64',
    base64(CHAIN.pem).replace(/^.{80}/, '$&\u00a0'),
    `\u200b${base64(KEY)}\ufeff`,
    ['crt invisible', 'key invisible'],
  ],
  [
    'no-break spaces and lines in the base64',
    wrapped(base64(CHAIN.pem)).replaceAll('\n', '\u00a0\n'),
    base64(KEY),
    ['crt invisible', 'crt unwrapped'],
  ],
  ['the % of zsh after the base64', `${base64(CHAIN.pem)}%`, `${base64(KEY)}% `, ['crt glued', 'key glued']],
  [
    'a prompt after the base64',
    `${base64(padded(CHAIN.pem))}me@host:~$`,
    `${base64(padded(KEY))}[me@host certs]# `,
    ['crt glued', 'key glued'],
  ],
  [
    'a quotation mark or comma after the base64',
    `${base64(padded(CHAIN.pem))}"`,
    `${base64(padded(KEY))}',`,
    ['crt glued', 'key glued'],
  ],
  [
    'an END line that is too short',
    base64(CHAIN.pem.replace('END CERTIFICATE-----', 'END CERTIFICATE--').trimEnd().slice(0, -3)),
    base64(KEY.trimEnd().slice(0, -12)),
    ['crt pem-layout', 'key pem-layout'],
  ],
  [
    'no END line',
    base64(CHAIN.pem.replace(/\n-----END.*-----\n$/, '')),
    base64(KEY.replace(/-----END.*-----\n$/, '')),
    ['crt pem-layout', 'key pem-layout'],
  ],
  ['a missing END', base64(CHAIN.pem.replace(/-----END.*\n/, '')), base64(KEY), ['crt pem-layout']],
  [
    'four and six hyphens',
    base64(CHAIN.pem.replace('-----BEGIN', '------BEGIN').replaceAll('E-----', 'E----')),
    base64(KEY),
    ['crt pem-layout'],
  ],
  [
    'dashes in place of hyphens',
    base64(CHAIN.pem.replaceAll('-----', '\u2014\u2014-')),
    KEY.replaceAll('-----', '\u2013\u2013\u2013\u2013\u2013'),
    ['crt pem-layout', 'key encoded', 'key pem-layout'],
  ],
  [
    'the wrapper of certutil around PEM',
    pemBlock('CERTIFICATE', Buffer.from(CHAIN.pem)),
    base64(pemBlock('CERTIFICATE', Buffer.from(KEY))),
    ['crt encoded', 'crt pem-wrapper', 'key pem-wrapper'],
  ],
  [
    'the wrapper of certutil around a private key in DER',
    base64(CHAIN.pem),
    base64(pemBlock('CERTIFICATE', der('pkcs8'))),
    ['key pem-wrapper'],
  ],
  [
    'a private key under the label of another container',
    base64(CHAIN.pem),
    base64(pemBlock('PRIVATE KEY', der('sec1'))),
    ['key key-label', 'key pkcs8'],
  ],
  [
    'each file encoded by itself',
    PEMS.map((pem) => base64(padded(pem))).join(''),
    base64(KEY),
    ['crt parts'],
  ],
  ['the private key twice', base64(CHAIN.pem), base64(KEY + KEY), ['key key-copies']],
  [
    'the private key in two containers',
    base64(CHAIN.pem),
    base64(KEY + sec1(CHAIN.leaf.privateKey)),
    ['key key-copies'],
  ],
  ['PKCS#8 with the parameters of SEC1', base64(CHAIN.pem), base64(PARAMETERS + KEY), ['key parameters']],
  [
    'one joined file in both',
    base64(CHAIN.pem + PARAMETERS + sec1(CHAIN.leaf.privateKey)),
    base64(CHAIN.pem + PARAMETERS + sec1(CHAIN.leaf.privateKey)),
    ['crt foreign-blocks', 'key foreign-blocks', 'key pkcs8'],
  ],
  [
    'the private key in another container in crt',
    base64(KEY + CHAIN.pem),
    base64(sec1(CHAIN.leaf.privateKey)),
    ['crt foreign-blocks', 'key pkcs8'],
  ],
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
  assert.ok(createPublicKey(textOf(privateKey)).equals(createPublicKey(CHAIN.leaf.privateKey)));
  assert.equal(await errorsOf(crt, privateKey), []);
  assert.equal(fixed(crt, privateKey).applied, []);
}

async function errorsOf(crt: string, privateKey: string): Promise<string[]> {
  const { findings } = await lintText(inlineYaml(crt, privateKey));
  return findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule);
}

test('DER becomes PEM', () => {
  const { crt, applied } = fixed(base64(CHAIN.leaf.der), base64(KEY));
  assert.is(textOf(crt), LEAF);
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
  assert.is(textOf(fixed(wrapped(base64(pem)), null).crt), pem);
});

test('an encrypted private key is not encoded again', () => {
  const text = `Bag Attributes\r\n${encrypted.replaceAll('\n', '\r\n')}`;
  const result = fixed(null, base64(text));
  assert.equal(result.applied, [{ about: 'key', kind: 'pem-text' }]);
  assert.is(textOf(result.key), encrypted);
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
/** Base64 of the beginning of a text, so that what is left has this many characters over whole groups. */
const truncated = (text: string, left: number): string => base64(text).slice(0, 200 + (left % 4));
const P7B = encoded(
  sequence([
    oid('1.2.840.113549.1.7.2'),
    constructed(0, [sequence(CHAIN.all.map((each) => decoded(each.der)))]),
  ]),
);
const P12 = pkcs12({ certificates: CHAIN.all.map((each) => each.der), keys: [CHAIN.leaf.privateKey] });
const REQUEST = pemBlock('CERTIFICATE REQUEST', Buffer.from('3003020101', 'hex'));
const HALF = CHAIN.leaf.der.subarray(0, 150);
const HALF_KEY = CHAIN.leaf.privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(0, 60);
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
  [
    'a missing END, and the end of the body too',
    base64(LEAF.replace(/\S+\n-----END.*\n/, '') + LOWER),
    base64(KEY),
  ],
  ['text that only looks like base64', 'YOUR/CERT/HERE==', 'YOUR/KEY/HERE='],
  ['text that looks like wrapped base64', 'paste the certificate here', 'and the key here'],
  ['base64 truncated where = is missing', truncated(CHAIN.pem, 2), truncated(KEY, 3)],
  ['base64 truncated where = is there', truncated(CHAIN.pem, 4), truncated(KEY, 4)],
  ['base64 truncated, and in lines', wrapped(truncated(CHAIN.pem, 4)), wrapped(truncated(KEY, 4))],
  ['base64 truncated, and encoded again', base64(truncated(CHAIN.pem, 4)), base64(truncated(KEY, 4))],
  ['PKCS#7', wrapped(base64(P7B)), wrapped(base64(KEY.slice(0, 60)))],
  ['PKCS#12', wrapped(base64(P12)), wrapped(base64(P12))],
  ['the wrapper of certutil around PKCS#12', pemBlock('CERTIFICATE', P12), base64(KEY)],
  ['the wrapper of certutil around PKCS#7', base64(pemBlock('CERTIFICATE', P7B)), base64(KEY)],
  ['the wrapper of certutil around a request', pemBlock('CERTIFICATE', Buffer.from(REQUEST)), base64(KEY)],
  ['a public key as the private key', base64(CHAIN.pem), wrapped(base64(PUBLIC_KEY))],
  ['raw, and a public key as the private key', base64(CHAIN.pem), PUBLIC_KEY],
  ['raw, and a request as the certificate', REQUEST, base64(KEY)],
  ['the certificates as the private key too, in lines', base64(CHAIN.pem), wrapped(base64(CHAIN.pem))],
  ['a certificate cut to half, in lines', wrapped(base64(pemBlock('CERTIFICATE', HALF))), base64(KEY)],
  [
    'a private key cut to half, in lines',
    base64(CHAIN.pem),
    wrapped(base64(pemBlock('PRIVATE KEY', HALF_KEY))),
  ],
  ['half of a certificate in DER', base64(HALF), base64(HALF_KEY)],
  ['a prompt after half of the base64', `${truncated(CHAIN.pem, 4)}me@host:~$`, base64(KEY)],
  ['a prompt alone', '[me@host ~]$', '%'],
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
      assert.ok(createPrivateKey(textOf(after[1])).equals(of.leaf.privateKey));
      assert.equal(fixed(...after).applied, []);
    }),
    tries(60),
  );
});

test('an encrypted private key gets the empty line that it lacks, where it has its END', () => {
  for (const text of [
    encrypted.replace('\n\n', '\n'),
    encrypted.replaceAll('\n', '\r'),
    encrypted.replaceAll('\n', '\n\n'),
  ]) {
    const result = fixed(null, base64(text));
    assert.equal(result.applied, [{ about: 'key', kind: 'pem-layout' }]);
    assert.is(textOf(result.key), encrypted);
  }
  assert.equal(kinds(null, base64(encrypted.replace('\n\n', '\n').replace(/-----END.*/, ''))), []);
});

test('ten copies of a private key are one, of more it stays', () => {
  assert.equal(kinds(base64(CHAIN.pem), base64(KEY.repeat(10))), ['key key-copies']);
  assert.equal(kinds(base64(CHAIN.pem), base64(KEY.repeat(11))), []);
});

test('a prompt of 120 characters is a prompt, a longer one is not', () => {
  const prompt = (length: number) => `${base64(padded(CHAIN.pem))}@${'x'.repeat(length - 2)}$`;
  assert.equal(kinds(prompt(120), null), ['crt glued']);
  assert.equal(kinds(prompt(121), null), []);
});

test('the time grows with the size only', () => {
  const many = 300_000;
  for (const text of [
    `-----BEGIN X-----${' '.repeat(many)}-x`,
    `-----BEGIN X-----\nAAAA\n-----END X${'-'.repeat(many)}\n-----BEGIN`,
    `-----BEGIN X-----\nAAAA\n-----END X-----${'\n'.repeat(many)}-----BEGIN`,
    '-'.repeat(many),
    '-----BEGIN X-----\n'.repeat(many / 10),
    `${'A'.repeat(many)}@${'b'.repeat(100)}`,
    `${'A='.repeat(many)}@$`,
    `${'A'.repeat(many)}${'\u200b'.repeat(many)}!`,
  ]) {
    const start = performance.now();
    fixed(text, base64(text));
    assert.ok(performance.now() - start < 2000, text.slice(0, 40));
  }
});

test.run();
