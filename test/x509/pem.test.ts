import { createPrivateKey } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readPem } from '../../src/x509/pem.ts';
import type { PemBlock } from '../../src/x509/pem-block.ts';
import { issue, key, pemBlock, pkcs8, sec1 } from '../support/pki.ts';
import { tries } from '../support/property.ts';

const LEAF = issue({ subject: 'CN=leaf' });
const OTHER = issue({ subject: 'CN=other', key: key('p256', 1) });
const A = LEAF.pem;
const B = OTHER.pem;
const KEY = pkcs8(LEAF.privateKey);
const LINES = A.split('\n').length - 1;

const read = (text: string) => readPem(Buffer.from(text, 'latin1'));
const accepts = (act: () => unknown): boolean => {
  try {
    act();
    return true;
  } catch {
    return false;
  }
};
const openssl = (text: string) =>
  text.includes('PRIVATE')
    ? accepts(() => createPrivateKey(Buffer.from(text, 'latin1')))
    : accepts(() => createSecureContext({ cert: Buffer.from(text, 'latin1'), ca: [] }));

test('blocks are given with label, lines, bytes and text', () => {
  const facts = read(A + B);
  assert.is(facts.diagnostic, null);
  assert.equal(facts.noise, []);
  assert.equal(
    facts.blocks.map(({ label, line, endLine, encrypted }) => [label, line, endLine, encrypted]),
    [
      ['CERTIFICATE', 1, LINES, false],
      ['CERTIFICATE', LINES + 1, LINES + B.split('\n').length - 1, false],
    ],
  );
  assert.equal(
    facts.blocks.map((block) => block.der),
    [LEAF.der, OTHER.der],
  );
  assert.equal(facts.blocks.map((block) => block.text).join('\n'), (A + B).trimEnd());
});

test('every label is a block', () => {
  for (const label of [
    'PKCS7',
    'CERTIFICATE REQUEST',
    'PUBLIC KEY',
    'EC PARAMETERS',
    'OPENSSH PRIVATE KEY',
  ]) {
    const facts = read(pemBlock(label, LEAF.der));
    assert.is(facts.diagnostic, null);
    assert.is(facts.blocks[0]?.label, label);
  }
});

test('an encrypted block in the traditional form is marked, its header left out of the bytes', () => {
  const pem = LEAF.privateKey.export({ type: 'sec1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' });
  const [block] = read(pem.toString()).blocks;
  assert.is(block?.encrypted, true);
  assert.is((block?.der.length ?? 1) % 16, 0);
});

const tidy: Record<string, string> = {
  'CR LF': A.replaceAll('\n', '\r\n'),
  'no line break at the end': A.trimEnd(),
  'empty lines around': `\n\n${A}\n \n${B}\n`,
  'spaces after lines': A.replaceAll('\n', '  \t\n'),
  'an indented body': A.replace(/^(?!-)/gm, '  '),
  'the body on one line': A.replace(/([^-])\n(?!-)/g, '$1'),
  'an empty line before the body': A.replace('\n', '\n\n'),
};
for (const [name, text] of Object.entries(tidy)) {
  test(`OpenSSL reads ${name}: no diagnostic, no noise`, () => {
    assert.ok(openssl(text));
    assert.is(read(text).diagnostic, null);
    assert.equal(read(text).noise, []);
    assert.equal(read(text).blocks[0]?.der, LEAF.der);
  });
}

test('what loads but is untidy is noise', () => {
  for (const [text, noise] of [
    [`\xef\xbb\xbf${A}`, { kind: 'byte-order-mark' }],
    [`Bag Attributes\n    friendlyName: x\n${A}`, { kind: 'text', line: 1 }],
    [`${A}# the root\n${B}`, { kind: 'text', line: LINES + 1 }],
    [`# -----BEGIN CERTIFICATE-----\n# MIIB\n# -----END CERTIFICATE-----\n${A}`, { kind: 'text', line: 1 }],
    [`${A}-----END CERTIFICATE-----\n`, { kind: 'text', line: LINES + 1 }],
    [pemBlock('X509 CERTIFICATE', LEAF.der), { kind: 'label', line: 1, label: 'X509 CERTIFICATE' }],
    [pemBlock('TRUSTED CERTIFICATE', LEAF.der), { kind: 'label', line: 1, label: 'TRUSTED CERTIFICATE' }],
  ] as const) {
    assert.ok(openssl(text));
    assert.is(read(text).diagnostic, null, text);
    assert.equal(read(text).noise, [noise]);
  }
});

const malformed: [text: string, reason: string, line: number, blocks: number][] = [
  [A.trimEnd() + B, 'glued-boundaries', LINES, 2],
  [A.trimEnd() + B.trimEnd() + A, 'glued-boundaries', LINES, 3],
  [A.replace('END CERT', 'END X509 CERT'), 'label-mismatch', LINES, 0],
  [A.replace(/-----END.*\n/, ''), 'end-missing', 1, 0],
  [A.slice(A.indexOf('\n') + 1), 'begin-missing', LINES - 1, 0],
  [A.replaceAll('\n', '\r'), 'cr-line-ends', 1, 0],
  [`x\n${A.replaceAll('\n', '\r')}`, 'cr-line-ends', 2, 0],
  [A.replace(/^/gm, '  '), 'indented', 1, 0],
  [A.replace(/^-----END/m, '  -----END'), 'indented', LINES, 0],
  [A.replaceAll('\n', ' '), 'single-line', 1, 0],
  [A.replaceAll('\n', ''), 'single-line', 1, 0],
  [A.replaceAll('\n', '\\n'), 'literal-escapes', 1, 0],
  [A.replaceAll('\n', '\\r\\n'), 'literal-escapes', 1, 0],
  [A.replace(/([^-])\n(?!-)/g, '$1\\n'), 'literal-escapes', 2, 0],
  [A.replace(/^MII/m, 'M*I'), 'bad-body', 2, 0],
  [A.replace(/^(?=MII)/m, 'A'), 'bad-body', LINES - 1, 0],
  [A.replace(/\n(?=-----END)/, '\n\n'), 'blank-line', LINES, 0],
  ['-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n', 'bad-body', 1, 0],
  [A.replace('-----BEGIN', '----BEGIN'), 'bad-boundary', 1, 0],
  [A.replace('-----BEGIN', '\xe2\x80\x94BEGIN'), 'dashes', 1, 0],
  [A.replace('E-----\n', 'E----\n'), 'bad-boundary', 1, 0],
  [A.replace('-----END', '----END'), 'bad-boundary', LINES, 0],
  [A.replace('E-----\n-----', 'E-----\n-----').replace(/-----\n$/, '----- x\n'), 'bad-boundary', LINES, 0],
  [A.replace(/-----\n$/, '-----\0x\n'), 'bad-boundary', LINES, 0],
  [`tls.crt: ${A}`, 'bad-boundary', 1, 0],
];
for (const [text, reason, line, blocks] of malformed) {
  test(`OpenSSL refuses, and the cause is ${reason}: ${JSON.stringify(text.slice(0, 30))}…`, () => {
    const facts = read(text);
    assert.equal(facts.diagnostic, { kind: 'malformed', line, reason });
    assert.is(facts.blocks.length, blocks);
    assert.not(openssl(text));
  });
}

test('a block that OpenSSL would silently lose gives a diagnostic', () => {
  for (const [text, reason, line] of [
    [A + B.replace('-----BEGIN', '----BEGIN'), 'bad-boundary', LINES + 1],
    [A + B.replace(/^/gm, ' '), 'indented', LINES + 1],
    [A + B.slice(B.indexOf('\n') + 1), 'begin-missing', LINES + B.split('\n').length - 2],
    [`${A}\xef\xbb\xbf${B}`, 'byte-order-mark', LINES + 1],
    [A.replace(/-----END.*\n/, '') + B, 'end-missing', 1],
    [A.replace('-----END', ' -----END') + B, 'indented', LINES],
  ] as const) {
    const facts = read(text);
    assert.ok(openssl(text));
    assert.equal(facts.diagnostic, { kind: 'malformed', line, reason });
    assert.is(facts.blocks.length, 1);
  }
});

test('behind an empty line OpenSSL wants lines of 64 columns, and so does this', () => {
  const body = LEAF.der.toString('base64');
  for (const [columns, isRead] of [
    [48, false],
    [63, false],
    [64, true],
    [65, false],
    [76, false],
    [body.length, false],
  ] as const) {
    const lines = body.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [];
    const text = ['-----BEGIN CERTIFICATE-----', '', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
    assert.is(read(text).diagnostic === null, isRead, `${columns}`);
    assert.is(openssl(text), isRead, `${columns}`);
  }
});

test('what follows a NUL in a line is not read', () => {
  for (const text of [
    A.replace('\n', '\0x\n'),
    A.replace('-----\n', '\0-----\n'),
    A.replace(/^(MII.*)$/m, '$1\0x'),
    A.replace(/^(MII.*)$/m, '$1\0'),
    A.replace(/^(MII)/m, '\0$1'),
    A.replace(/^(MII.{20})/m, '$1\0'),
  ]) {
    const { diagnostic, blocks } = read(text);
    assert.is(
      diagnostic === null && openssl(tidied(blocks)),
      openssl(text),
      JSON.stringify(text.slice(0, 120)),
    );
  }
});

test('a BEGIN that is no boundary at all tells where it stands', () => {
  const begin = '-----BEGIN SSH2 ';
  for (const [text, reason, line] of [
    [begin, 'bad-boundary', 1],
    [`x\n${begin}`, 'bad-boundary', 2],
    [`x\r${begin}`, 'cr-line-ends', 1],
    [`x\r\n${begin}`, 'bad-boundary', 2],
  ] as const) {
    assert.equal(read(text).diagnostic, { kind: 'malformed', line, reason }, text);
  }
});

test('no block at all: the real format is named', () => {
  for (const [bytes, format] of [
    [Buffer.alloc(0), 'empty'],
    [LEAF.der, 'der-certificate'],
    [Buffer.from(`\ufeff${A}`, 'utf16le'), 'utf16'],
    [Buffer.from('hello'), 'unknown'],
  ] as const) {
    assert.equal(readPem(bytes), {
      blocks: [],
      diagnostic: { kind: 'missing', format },
      noise: readPem(bytes).noise,
    });
  }
});

const FRAGMENTS = [
  '\n',
  '\r',
  '\r\n',
  '\n\n',
  ' ',
  '\t',
  '-',
  '-----',
  '=',
  'A',
  'AAAA',
  '\0',
  '\\n',
  ':',
  '_',
]
  .concat(['\xef\xbb\xbf', 'a: b\n', 'Bag Attributes\n', ' '.repeat(70), 'A'.repeat(64), 'A'.repeat(250)])
  .concat(['-----BEGIN CERTIFICATE-----', '\n-----END CERTIFICATE-----\n']);
const WHOLE: ((text: string) => string)[] = [
  (text) => text,
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => text.replaceAll('\n', '\n\n'),
  (text) => text.replaceAll('\n', ' \n'),
  (text) => text.replace(/([^-])\n(?!-)/g, '$1'),
];

interface Edit {
  /** Counted among the places next to a line's end or a boundary. */
  at: number;
  cut: number;
  insert: string;
}
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(1000),
  cut: fc.constantFrom(0, 0, 0, 1, 2, 5, 64, 120),
  insert: fc.constantFrom('', ...FRAGMENTS),
});

function edited(text: string, { at, cut, insert }: Edit): string {
  const places = [...text.matchAll(/\n|-----|BEGIN|END/g)].flatMap(({ index }) => [index, index + 1]);
  const place = places[at % Math.max(1, places.length)] ?? 0;
  return text.slice(0, place) + insert + text.slice(place + cut);
}

const tidied = (blocks: PemBlock[]) => blocks.map(({ label, der }) => pemBlock(label, der)).join('');

test('however a file is spoilt: no diagnostic means OpenSSL reads the same blocks', () => {
  const sources = fc.constantFrom(A, A + B, KEY, sec1(LEAF.privateKey));
  fc.assert(
    fc.property(
      sources,
      fc.constantFrom(...WHOLE),
      fc.array(edit, { maxLength: 2 }),
      (source, whole, edits) => {
        const text = edits.reduce(edited, whole(source));
        const facts = read(text);
        if (facts.diagnostic === null)
          assert.is(openssl(text), openssl(tidied(facts.blocks)), JSON.stringify(text));
      },
    ),
    tries(1000),
  );
});

test('however a single block is spoilt: a diagnostic means OpenSSL refuses the file', () => {
  const boundary = /-----(BEGIN|END)/g;
  fc.assert(
    fc.property(fc.constantFrom(A, KEY), fc.constantFrom(...WHOLE), edit, (source, whole, change) => {
      const text = edited(whole(source), change);
      fc.pre((text.match(boundary) ?? []).length <= 2);
      if (read(text).diagnostic !== null) assert.not(openssl(text), JSON.stringify(text));
    }),
    tries(1000),
  );
});

test('a hostile megabyte takes linear time', () => {
  const size = 1 << 20;
  const start = performance.now();
  for (const unit of [
    '-----BEGIN ',
    '-----BEGIN A-----\n',
    '-----BEGIN A-----\n----END A----\n',
    '-----END A-----\n',
    '-----BEGIN A-----\nAAAA\n-----END A-----',
    'x -----BEGIN A-----\n',
    '-',
    ' ',
    '\n',
    'A',
  ]) {
    assert.type(read(unit.repeat(size / unit.length)).blocks.length, 'number');
  }
  assert.ok(performance.now() - start < 8000);
});

test.run();
