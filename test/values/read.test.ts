import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { test } from 'uvu';
import { readValues } from '../../src/values/read.ts';
import type { Location, SyntaxDiagnostic, Values } from '../../src/values/values.ts';

async function valuesOf(text: string | Buffer): Promise<Values> {
  const file = await readValues(Buffer.from(text), 'values.yaml');
  if (!file.ok) throw new Error(file.diagnostic.reason);
  return file.values;
}

async function diagnosticOf(text: string | Buffer): Promise<SyntaxDiagnostic> {
  const file = await readValues(Buffer.from(text), 'values.yaml');
  ok(!file.ok, 'the file is refused');
  return file.diagnostic;
}

/** A place as `line:column-endLine:endColumn`. */
function at(location: Location | null | undefined): string | null {
  if (!location) return null;
  const { line, column, endLine, endColumn } = location;
  return `${line}:${column}-${endLine}:${endColumn}`;
}

async function placeOf(text: string, ...path: string[]) {
  const { style, location, keyLocation } = (await valuesOf(text)).get(path);
  return { style, value: at(location), key: at(keyLocation) };
}

test('the place of a plain scalar is from its first character to its last', async () => {
  deepStrictEqual(await placeOf('a:\n  b: some text # note\n', 'a', 'b'), {
    style: 'plain',
    value: '2:6-2:15',
    key: '2:3-2:4',
  });
});

test('the place of a quoted scalar is from quote to quote, over several lines too', async () => {
  deepStrictEqual(await placeOf('a: "x"\n', 'a'), {
    style: 'double-quoted',
    value: '1:4-1:7',
    key: '1:1-1:2',
  });
  deepStrictEqual(await placeOf("a: 'x\n  y'\n", 'a'), {
    style: 'single-quoted',
    value: '1:4-2:5',
    key: '1:1-1:2',
  });
});

test('the place of a block scalar is from its indicator to the end of its last line', async () => {
  deepStrictEqual(await placeOf('a: |\n  x\n  yz\n\nb: 1\n', 'a'), {
    style: 'literal',
    value: '1:4-3:5',
    key: '1:1-1:2',
  });
  deepStrictEqual(await placeOf('a: >-\r\n  x\r\n  y\r\n', 'a'), {
    style: 'folded',
    value: '1:4-3:4',
    key: '1:1-1:2',
  });
});

test('the place of a mapping is from its first key to its last value, of a flow collection from bracket to bracket', async () => {
  strictEqual((await placeOf('a:\n  b: 1\n  c: xy\n  # note\nd: 1\n', 'a')).value, '2:3-3:8');
  strictEqual((await placeOf('a: {b: 1,\n  c: 2}\n', 'a')).value, '1:4-2:8');
  strictEqual((await placeOf('a:\n  - 1\n  - "x"\n', 'a')).value, '2:3-3:8');
});

test('a value that is not written is placed right after its key', async () => {
  deepStrictEqual(await placeOf('a:\n  b:   # note\n', 'a', 'b'), {
    style: 'plain',
    value: '2:4-2:4',
    key: '2:3-2:4',
  });
});

test('what is absent has the place of the nearest key above it, else of the start of the file', async () => {
  const values = await valuesOf('x: 1\na:\n  b: 1\n');
  deepStrictEqual(at(values.get(['a', 'tls', 'crt']).location), '2:1-2:2');
  deepStrictEqual(at(values.get(['a', 'b', 'c']).location), '3:3-3:4');
  deepStrictEqual(at(values.get(['z']).location), '1:1-1:1');
  deepStrictEqual(
    [values.get(['z']).present, values.get(['z']).value, values.get(['z']).keyLocation],
    [false, undefined, null],
  );
});

test('an alias has its own place, and what it brings has the place where that is written', async () => {
  const values = await valuesOf('base: &x\n  crt: A\ntls: *x\nother:\n  <<: *x\n');
  strictEqual(at(values.get(['tls']).location), '3:6-3:8');
  strictEqual(at(values.get(['tls', 'crt']).location), '2:8-2:9');
  strictEqual(at(values.get(['other', 'crt']).location), '2:8-2:9');
  strictEqual(at(values.get(['other', 'crt']).keyLocation), '2:3-2:6');
});

test('columns count UTF-16 units, and a byte-order mark in none of them', async () => {
  strictEqual((await placeOf('\ufeffa: x\n', 'a')).value, '1:4-1:5');
  strictEqual((await placeOf('a: {"😀": x}\n', 'a', '😀')).value, '1:11-1:12');
});

test('places in a later document, and after a bracket that is indented too little, are those of the file', async () => {
  strictEqual((await placeOf('a: 1\n---\n# c\nb: xy\n', 'b')).value, '4:4-4:6');
  strictEqual((await placeOf('a: [\n1\n]\nb: "x\ny"\nc: z\n', 'c')).value, '6:4-6:5');
  strictEqual((await placeOf('a: [\n1\n]\nb: "x\ny"\nc: z\n', 'b')).value, '4:4-5:3');
});

test('a duplicate key is listed with all its places, and only in its own mapping', async () => {
  const values = await valuesOf('a:\n  b: 1\n  c: 2\n  b: 3\n  "b": 4\nc: 5\n');
  deepStrictEqual(values.get(['a', 'b']).value, 4);
  deepStrictEqual(
    values.duplicates(['a']).map(({ path, locations }) => [path, locations.map(at)]),
    [
      [
        ['a', 'b'],
        ['2:3-2:4', '4:3-4:4', '5:3-5:6'],
      ],
    ],
  );
  deepStrictEqual(values.duplicates([]), []);
  deepStrictEqual(values.duplicates(['a', 'b']), []);
});

test('entries come in file order with whole paths; what is not a mapping has none', async () => {
  const values = await valuesOf('b: 1\na: &x {z: 1, d: [2]}\n"1": ~\n');
  deepStrictEqual(
    values.entries([]).map(({ path, value }) => [path, value]),
    [
      [['b'], 1],
      [['a'], { z: 1, d: [2] }],
      [['1'], null],
    ],
  );
  deepStrictEqual(
    values.entries(['a']).map(({ path }) => path),
    [
      ['a', 'z'],
      ['a', 'd'],
    ],
  );
  deepStrictEqual(values.entries(['b']), []);
  deepStrictEqual(values.entries(['nothing']), []);
});

test('several documents are merged, and the first is there by itself; comments before the first mark are none', async () => {
  const file = await readValues(Buffer.from('a: {b: 1, c: 1}\n---\na: {b: 2}\n'), 'values.yaml');
  ok(file.ok);
  deepStrictEqual(file.values.get(['a']).value, { b: 2, c: 1 });
  deepStrictEqual(file.firstDocument?.get(['a']).value, { b: 1, c: 1 });
  strictEqual(file.secondDocument?.line, 3);
  const single = await readValues(Buffer.from('# c\n---\na: 1\n'), 'values.yaml');
  ok(single.ok);
  deepStrictEqual([single.firstDocument, single.secondDocument], [null, null]);
});

/** A line as `base64` wraps them. */
const LINE = 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSURVVENDQWptZ0F3SUJBZ0lJSEI2cVB4aTE0'.slice(0, 76);

const PROBLEMS: readonly [title: string, text: string | Buffer, place: string, reason: RegExp][] = [
  ['an open quote', 'a: 1\nb: "x\n', '2:4', /quoted string is not closed/],
  ['a tab', 'a:\n\tb: 1\n', '2:1', /tab/],
  ['an invisible tab', 'a:\n  b: 1\n\t\nc: 2\n', '3:1', /tab/],
  ['a key out of line', 'a:\n  b: 1\n c: 2\n', '3:1', /not indented like/],
  ['a second colon', 'a: 1\nb: c: d\n', '2:', /second key on the line/],
  ['an unknown anchor', 'a: 1\nb: *nowhere\n', '2:4', /anchor/],
  ['a list at the top', '- a\n', '1:1', /list/],
  ['a control character', 'a: 1\nb: x\u0001\n', '2:5', /U\+0001/],
  ['broken UTF-8', Buffer.from([0x61, 0x3a, 0x20, 0x0a, 0x62, 0x3a, 0x20, 0xff, 0x0a]), '2:4', /UTF-8/],
  ['UTF-16', Buffer.from('\ufeffa: 1\n', 'utf16le'), '1:1', /Helm 3 reads it, Helm 4 refuses/],
  ['UTF-16, big-endian', Buffer.from('\ufeffa: 1\n', 'utf16le').swap16(), '1:1', /Helm 3 reads it/],
  ['half a mark of UTF-16', Buffer.from([0xff, 0x61, 0x3a, 0x0a]), '1:1', /not UTF-8/],
  ['the other half', Buffer.from([0xfe, 0xfe, 0x3a, 0x0a]), '1:1', /not UTF-8/],
  ['a reserved character', 'a: @x\n', '1:4', /starts with a character/],
  ['a value that is not what its tag says', 'a: !!int canary\n', '1:10', /!!int/],
  ['no space after a colon', 'a: 1\nb:2\nc: 3\n', '2:1', /no space after/],
  ['a line without a colon', 'a: 1\nb\nc: 2\n', '2:1', /not a `key: value` pair/],
  ['a key under a value', 'tls:\n  crt: x\n    key: y\n', '3:1', /indented as if it continued/],
  ['an item out of line', 'a:\n  - 1\n - 2\n', '3:1', /not indented like/],
  ['a bracket that is not closed', 'a: [1, 2\nb: 3\n', '1:', /bracket is not closed/],
  ['a bracket too many', 'a: [1, 2]]\n', '1:10', /no opening one/],
  ['text after a closing quote', 'a: "x" y\n', '1:8', /after its closing quote/],
  ['a single quote inside single quotes', "a: 'it's'\n", '1:8', /after its closing quote/],
  ['a backslash', 'a: "C:\\windows"\n', '1:7', /backslash/],
  ['a template', 'a: {{ .Values.x }}\n', '1:5', /template/],
  [
    'base64 in lines, at column 0',
    `a: b\ncrt: ${LINE}\n${LINE}\n${LINE}\n`,
    '3:1',
    /^base64 was pasted with its line breaks/,
  ],
  ['base64 in lines, as far in as its key', `a:\n  crt: ${LINE}\n  ${LINE}\n`, '3:3', /^base64 was pasted/],
  ['base64 in lines, in a block', `a:\n  crt: |\n${LINE}\n${LINE}\n`, '3:1', /^base64 was pasted/],
  [
    'base64 in lines, of a block whose first line is right',
    `a:\n  crt: |\n    ${LINE}\n${LINE}\n`,
    '4:1',
    /^base64 was pasted/,
  ],
  ['base64 in lines, below its key', `a:\n  crt:\n${LINE}\n${LINE}\n`, '3:1', /^base64 was pasted/],
  [
    'base64 in lines after a quote',
    `crt: "${LINE}\n${LINE}\nkey: "${LINE}"\n`,
    '3:7',
    /^base64 .* the quote is not closed/,
  ],
  [
    'base64 in lines after a quote, up to the end',
    `crt: "${LINE}\n${LINE}\n`,
    '1:6',
    /^base64 .* the quote is not closed/,
  ],
  ['40 characters of base64 are a line', `crt: x\n${'A'.repeat(40)}\nb: 1\n`, '2:1', /^base64 was pasted/],
  ['39 are a word', `crt: x\n${'A'.repeat(39)}\nb: 1\n`, '2:1', /key spans several lines/],
  ['200 are a line', `crt: x\n${'A'.repeat(200)}\nb: 1\n`, '2:1', /^base64 was pasted/],
  ['201 were not wrapped', `crt: x\n${'A'.repeat(201)}\nb: 1\n`, '2:1', /key spans several lines/],
  ['PEM after a quote', 'a: "-----BEGIN X-----\nMIIB\nb: 1\n', '1:4', /PEM/],
  ['PEM lines', 'a: -----BEGIN X-----\nMIIB\n-----END X-----\n', '2:1', /PEM/],
  ['PEM lines in a block, not indented', 'tls:\n  crt: |\n  -----BEGIN X-----\n  MIIB\n', '3:3', /PEM/],
  [
    'PEM in a block, at column 0',
    'tls:\n  crt: |\n-----BEGIN X-----\nMIIB\n-----END X-----\n',
    '3:1',
    /^PEM was pasted/,
  ],
  ['dashes at column 0 that are no PEM', 'a: |\n----- x\nb: 1\n', '2:1', /starts with `---`/],
  ['a block that is not indented', 'tls:\n  crt: |\n  LS0t\n', '3:1', /not indented more than its key/],
  ['text after a block indicator', 'a: | x\n  y\n', '1:6', /same line/],
  ['a list on the line of its key', 'a: - x\n', '1:4', /on the line of its key/],
  ['a conflict left in', '<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> other\n', '1:1', /Git merge conflict/],
  ['a no-break space as indentation', 'a:\n\u00a0   c: "2"\n    d: "3"\n', '3:1', /no-break space/],
  ['a no-break space', 'a: 1\nb:\u00a02\nc: 3\n', '2:1', /no-break space/],
  ['a directive', '%YAML 1.1\n---\na: 1\n', '2:1', /starts with `%`/],
  ['a second document', 'a: 1\n---\nb: "x\n', '3:4', /quoted string/],
  ['a key in braces that is broken', 'r: {cpu: 250m, memo\n\nry: 512Mi}\nc: 1\n', '3:3', /not on one line/],
  ['a key in braces before its colon', 'a: {c\n: 1}\nb: 2\n', '2:1', /not on one line/],
  ['a stray line with a percent sign', 'a:\n  b: 1\n% x\nc: 2\n', '3:1', /starts with `%`/],
  ['a separator that goes on', 'a: 1\n---b: 2\n', '2:1', /starts with `---` and goes on/],
  ['an error before a separator that goes on', 'a: "1\n---b: 2\n', '1:4', /quoted string/],
];

test('a tag of exclamation marks is read as Helm reads it: as one that means nothing', async () => {
  deepStrictEqual((await valuesOf('x: !!!str tr 5\ncertificate:\n  existing_cert: my-tls\n')).get([]).value, {
    x: 'tr 5',
    certificate: { existing_cert: 'my-tls' },
  });
});

for (const [title, text, place, reason] of PROBLEMS) {
  test(`a diagnostic is named with its place: ${title}`, async () => {
    const diagnostic = await diagnosticOf(text);
    match(diagnostic.reason, reason);
    ok(
      `${diagnostic.location.line}:${diagnostic.location.column}`.startsWith(place),
      `it is at ${at(diagnostic.location)}`,
    );
    ok(diagnostic.byHelm && diagnostic.help.length > 0);
  });
}

const LONG_LINE: readonly [length: number, reason: RegExp][] = [
  [998, /template/],
  [999, /starts with a character/],
];
for (const [length, reason] of LONG_LINE) {
  test(`the words go by what is in the first 1,000 characters of a line: a template at ${length}`, async () => {
    match((await diagnosticOf(`${'a: @'.padEnd(length, 'x')}{{\n`)).reason, reason);
  });
}

test('the place of a bad escape starts at its backslash', async () => {
  for (const [sequence, place] of [
    ['\\/', '1:5-1:7'],
    ['\\q', '1:5-1:6'],
    ['\\ud800', '1:5-1:11'],
    ['\\U0000d800', '1:5-1:15'],
  ] as const) {
    strictEqual(at((await diagnosticOf(`a: "${sequence}"\n`)).location), place, sequence);
  }
});

test('no diagnostic quotes a value', async () => {
  const canary = 'cAnArY0123456789';
  for (const value of [
    `"${canary}`,
    `@${canary}`,
    `*${canary}`,
    `!!int ${canary}`,
    `[${canary}`,
    `${canary}: ${canary}: `,
    `!${canary}!x y`,
    `{${canary}\n: 1}`,
    `1\n---${canary}`,
    `1\n%${canary}`,
    `"\\q${canary}"`,
  ]) {
    const { reason, help } = await diagnosticOf(`a: ${value}\n`);
    ok(!`${reason} ${help}`.includes(canary), reason);
  }
});

const BOMB = `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 10 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]\n`).join('')}`;
const HOSTILE: Readonly<Record<string, [text: string, outcome: true | RegExp]>> = {
  'a scalar of 4 MiB': [`certificate: ${'A'.repeat(1 << 22)}\n`, true],
  '100,000 keys': [Array.from({ length: 100_000 }, (_, i) => `k${i}: v`).join('\n'), true],
  '100,000 times one key': ['a: 1\n'.repeat(100_000), true],
  'tens of thousands of keys that need a parser, and as many that do not': [
    Array.from({ length: 20_000 }, (_, i) => `k${i}: !!str v\nl${i}: v\n`).join(''),
    true,
  ],
  'ten thousand brackets closed in column 1': ['"a": [\n1\n]\n'.repeat(10_000), true],
  'maps deeper than can be read here': [
    Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
    /was not checked/,
  ],
  'brackets without end': [`a: ${'['.repeat(1 << 20)}`, /10,000 levels/],
  'dashes without end': ['- '.repeat(1 << 19), /10,000 levels/],
  'deeper than can be read here': [`a: ${'['.repeat(9000)}${']'.repeat(9000)}\n`, /was not checked/],
  'an alias bomb': [BOMB, /excessive aliasing/],
  'a hundred thousand aliases': [`a: &x 1\n${'b: *x\n'.repeat(50_000)}`, true],
  'thousands of documents': ['a: 1\n---\n'.repeat(100_000), /was not checked/],
  'a key of 1 MiB': [`${'k'.repeat(1 << 20)}: 1\n`, /1,024 characters/],
  'a million blank lines': ['\n'.repeat(1_000_001), /was not checked/],
  'a million closing brackets': [']'.repeat(1 << 20), /no opening one/],
  'quotes that never close': ["a: '".repeat(1 << 18), /goes on after its closing quote/],
};

for (const [title, [text, outcome]] of Object.entries(HOSTILE)) {
  test(`hostile input ends soon, in a true answer: ${title}`, async () => {
    const began = performance.now();
    const file = await readValues(Buffer.from(text), 'values.yaml');
    const seconds = (performance.now() - began) / 1000;
    if (outcome === true) strictEqual(file.ok, true);
    else match(file.ok ? 'read' : file.diagnostic.reason, outcome);
    ok(seconds < 10, `it took ${seconds} s`);
  });
}

test('aliases are shared, not copied', async () => {
  const values = await valuesOf(`a: &x {b: [1]}\nc: [*x, *x]\n`);
  const list = values.get(['c']).value as unknown[];
  strictEqual(list[0], list[1]);
});

test.run();
