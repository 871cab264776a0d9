import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import { readValues } from '../../src/values/read.ts';
import { type Helm, type HelmHome, helms, withHelmHome } from '../support/helms.ts';
import { run } from '../support/run.ts';

/** Documents that both Helms read, or both refuse, alike. */
const ALIKE: Readonly<Record<string, string>> = {
  'an empty file': '',
  'comments only': '# nothing\n  # here\n',
  'white space only': '  \n\n',
  'a null at the top': '~\n',
  'a mapping': 'a: 1\nb: {c: [x, "y"]}\n',
  'a list at the top': '- a\n- b\n',
  'a word at the top': 'word\n',
  'words that are booleans': 'a: yes\nb: y\nc: on\nd: off\ne: No\nf: TRUE\ng: yES\nh: "yes"\n',
  nulls: 'a: ~\nb: null\nc:\nd: NULL\ne: ""\nf: [~, null]\n',
  'integers in every base':
    'a: 017\nb: 0o17\nc: 1_000\nd: 0x1F\ne: 0b11\nf: -0b11\ng: +1\nh: 0_\ni: 0x\nj: 0o8\n',
  'integers that are none': 'a: 08\nb: 190:20:30\nc: 1__0\nd: _1\ne: 1 0\nf: -\ng: 99999999999999999999\n',
  floats: 'a: 1e3\nb: .5\nc: 5.\nd: 1.5e-3\ne: -.5\nf: 1e400\ng: 1.e2\nh: e3\ni: .e3\n',
  dates: 'a: 2001-12-14\nb: 2001-12-14t21:59:43.10-05:00\nc: !!timestamp 2001-12-14\n',
  infinity: 'a: .inf\n',
  'not a number': 'a: .NaN\n',
  'infinity overwritten': 'a: .inf\na: 1\n',
  'a key twice': 'a: 1\nb: 2\na: {c: 3}\n',
  'a mapping twice': 'a:\n  b: 1\na:\n  c: 2\n',
  'keys that are no strings': '1: x\n1.5: z\n1e6: q\n0.00001: e\n0x10: h\ntrue: t\noff: f\n',
  'a null key': 'null: x\n',
  'an empty key': ': x\n',
  'a key too large': '18446744073709551615: x\n',
  'a list as a key': '? [a]\n: b\n',
  'an explicit key': '? a\n: b\n',
  'a prototype as a key': '__proto__: {x: 1}\nconstructor: 2\n',
  'an alias': 'a: &x {b: [1, 2]}\nc: *x\nd: *x\n',
  'an alias as a key': 'a: &x name\n*x : 1\n',
  'an anchor twice': 'a: &x 1\nb: *x\nc: &x 2\nd: *x\n',
  'an anchor that is not there': 'a: *x\n',
  'an anchor that comes later': 'a: *x\nb: &x 1\n',
  'an alias in itself': 'a: &x [1, *x]\n',
  'an anchor with a dot': 'a: &x.y 1\n',
  'a merge': 'base: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n',
  'a merge after the key': 'base: &x {b: 1}\nd:\n  b: 0\n  <<: *x\n',
  'a merge of several': 'x: &x {a: 1}\ny: &y {a: 2, b: 2}\nd:\n  <<: [*x, *y]\n',
  'a merge at the top': '<<: {a: 1}\nb: 2\n',
  'a merge of no mapping': 'a:\n  <<: 1\n',
  'a quoted merge key': 'a:\n  "<<": {b: 1}\n',
  'binary data': 'a: !!binary aGVsbG8=\n',
  'binary data that is none': 'a: !!binary x\n',
  'standard tags': 'a: !!str 5\nb: !!int "5"\nc: !!float 5\nd: !!bool yes\ne: !!null ""\nf: !!map {}\n',
  'a standard tag that does not fit': 'a: !!int x\n',
  'unknown tags': 'a: !foo 5\nb: !foo {c: 1}\nd: !<tag:example.com,2000:x> y\ne: ! 5\n',
  'an undeclared tag handle': 'a: !e!x 1\n',
  'a literal block': 'a: |\n  x\n   y\n\n  z\n\nb: |-\n  x\n\nc: |+\n  x\n\nd: 1\n',
  'a folded block': 'a: >\n  x\n  y\n\n  z\n    more\n  end\nb: >-\n  x\n  y\n',
  'a block with a given indentation': 'a: |2\n    x\n  y\n',
  'a block in a list': 'a:\n  - |\n    x\n  - >-\n    y\n    z\n',
  'a tab that indents a block': 'a: |\n \tx\n',
  'a plain scalar on several lines': 'a: x\n  y\n\n  z\nb: 1\n',
  'quoted scalars on several lines': 'a: "x\n  y\\\n  z\n\n  w"\nb: \'x\n\n  y\'\n',
  'a quoted scalar that goes on in column 1': 'a: "x\ny"\nb: 1\n',
  escapes: "a: \"\\x41\\u00e9\\U0001F600\\n\\t\\0\\e\\\\\\\"\\N\\_\"\nb: 'it''s'\n",
  'an escape that is none': 'a: "\\q"\n',
  'an escaped slash': 'a: "\\/"\n',
  'half a surrogate pair': 'a: "\\ud83d\\ude00"\n',
  'flow collections': 'a: [1, {b: c}, [], {}, "x", d: e,]\nf: {g, h: , "i":1, j: [k]}\n',
  'a flow list closed in column 1': 'a: [\n1,\n2\n]\nb: 1\n',
  'a flow mapping closed in column 1': 'a: {\nb: "c\nd"\n}\n',
  'a flow list that is not closed': 'a: [1\nb: 2\n',
  'a comma too many': 'a: [1,,2]\n',
  'a flow mapping at the top': '{a: 1, "b": [2]}\n',
  'something behind a flow mapping at the top': '{a: 1}\nb: 2\n',
  'comments everywhere': '# c\na: 1 # c\n# c\nb: # c\n  # c\n  - x # c\n  - "y" # c\n#c\nd: e#f\n',
  'a comment right behind a quote': 'a: "x"#c\n',
  'reserved characters': 'a: @x\n',
  'a backtick': 'a: `x`\n',
  'a percent sign': 'a: %x\n',
  'braces of a template': 'a: {{ x }}\n',
  'a URL, a path, an image': 'a: https://h:8080/p?q=1#x\nb: /etc/x\nc: repo/image:1.2.3\n',
  'two colons': 'a: b: c\n',
  'a line without a colon': 'a: 1\nb\n',
  'a list on the line of its key': 'a: - b\n',
  'a list in the column of its key': 'a:\n- 1\n- b: 2\n  c: 3\nd: 4\n',
  'lists in lists': 'a:\n  - - 1\n    - 2\n  -\n    - 3\n  - \n',
  'an item out of line': 'a:\n  - 1\n - 2\n',
  'a key out of line': 'a:\n  b: 1\n c: 2\n',
  'a key under a scalar': 'a: 1\n  b: 2\n',
  'all indented': '  a: 1\n  b: 2\n',
  'only the first key indented': '  a: 1\nb: 2\n',
  'a tab as indentation': 'a:\n\tb: 1\n',
  'a tab on an empty line': 'a:\n  b: 1\n\t\nc: 2\n',
  'a tab on an empty line inside a value': 'a: x\n  \t\n  y\nb: 1\n',
  'a tab before a value': 'a:\t1\nb: x\ty\n',
  'a tab behind a dash': 'a:\n  -\t1\n',
  'an open quote': 'a: "x\nb: 1\n',
  'text behind a quote': 'a: "x" y\n',
  'CR LF': 'a: 1\r\nb:\r\n  - x\r\nc: |\r\n  x\r\n  y\r\nd: "x\r\n  y"\r\n',
  'CR alone': 'a: 1\rb: 2\r',
  'a byte-order mark': '\ufeffa: 1\n',
  'other scripts': 'a: Grüße\nb: "日本"\n"ключ": 😀\n',
  'a control character': 'a: \u0007\n',
  'a control character in a comment': 'a: 1 # \u001b[0m\n',
  'a NUL': 'a: "\u0000"\n',
  'a directive of version 1.2': '%YAML 1.2\n---\na: 1\n',
  'an unknown directive': '%FOO\n---\na: 1\n',
  'a document start': '---\na: 1\n',
  'a comment, then a document start': '# c\n---\na: 1\n',
  'a document end': 'a: 1\n...\n',
  'a document end, and more': 'a: 1\n...\nb: 2\n',
  'a document end first': '...\na: 1\n',
  'aliases of aliases': `a: &a [1, 2]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n`,
  'an alias bomb': `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]\n`).join('')}`,
  'a long key': `${'k'.repeat(1000)}: 1\n`,
  'a key that is too long': `${'k'.repeat(1100)}: 1\n`,
  'deep nesting': `a: ${'['.repeat(100)}${']'.repeat(100)}\n`,
  'what the chart looks like': `general:\n  name: "client"\n  ## Comment with "quotes" and {{ templates }}\n\n  endpoint: lightrun.example.com\n  size: 100Gi\n  policy:\n    {}\n    # when: "Retain"\n  list:\n    - "one"\n    - name: two\n      args: ["sh", "-c", "sleep 10"]\n  script: |\n    if true; then\n      echo "x: y"\n    fi\ncertificate:\n  tls:\n    crt: "LS0tLS1CRUdJTg=="\n    key: LS0tLS1CRUdJTg==\n`,
};

/** Documents of which Helm 3 reads the first only, and Helm 4 all. */
const SEVERAL: Readonly<Record<string, string>> = {
  'two documents': 'a: 1\nb: {c: 1, d: 1}\n---\nb: {c: 2}\ne: 3\n',
  'with comments behind the marks': '--- # one\na: 1\n--- # two\na: {b: 2}\n',
  'an empty one between': 'a: 1\n---\n---\n# nothing\n---\nb: 2\n',
  'a null over a value': 'a: {b: 1}\n---\na: ~\n',
  'a list over a mapping': 'a: {b: 1}\n---\na: [1]\n',
  'a mark at the end': 'a: 1\n---\n',
  'CR LF': 'a: 1\r\n---\r\nb: 2\r\n',
};

interface Rendered {
  accepted: boolean;
  values: unknown;
}

const test = suite<{ seen: Map<string, Record<Helm['name'], Rendered>> }>('Helm', { seen: new Map() });

async function render(helm: Helm, home: HelmHome, chart: string, yaml: string | Buffer): Promise<Rendered> {
  const file = join(home.folder, `${helm.name}.yaml`);
  await writeFile(file, yaml);
  const { status, stdout } = await run(helm.bin, ['template', 'x', chart, '-f', file], { env: home.env });
  const json = stdout.split('\n').find((line) => line.startsWith('{'));
  return { accepted: status === 0, values: status === 0 && json ? JSON.parse(json) : undefined };
}

/** As far as values without a chart's defaults go: numbers by what they are, a key with null left out by Helm. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (value === null || typeof value !== 'object') return Object.is(value, -0) ? 0 : value;
  const pairs = Object.entries(value).filter(([, inner]) => inner !== null);
  return new Map(
    pairs
      .map(([key, inner]): [string, unknown] => [key, comparable(inner)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

test.before(async (context) => {
  await withHelmHome(async (home) => {
    const chart = join(home.folder, 'probe');
    await mkdir(join(chart, 'templates'), { recursive: true });
    await writeFile(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: probe\nversion: 0.1.0\n');
    await writeFile(join(chart, 'templates', 'values.yaml'), '{{ .Values | toJson }}\n');
    const found = await helms();
    const documents = [...Object.values(ALIKE), ...Object.values(SEVERAL), FINAL, ...Object.keys(BYTES)];
    await Promise.all(
      found.map(async (helm) => {
        for (const document of documents) {
          const record = context.seen.get(document) ?? ({} as Record<Helm['name'], Rendered>);
          context.seen.set(document, record);
          record[helm.name] = await render(helm, home, chart, BYTES[document] ?? document);
        }
      }),
    );
  });
});

const FINAL = 'a: |\n  x';
const BYTES: Readonly<Record<string, Buffer>> = {
  'UTF-16': Buffer.from('\ufeffa: 1\n', 'utf16le'),
  'broken UTF-8': Buffer.concat([Buffer.from('a: '), Buffer.from([0xff, 0xfe, 0x0a])]),
};

for (const [title, yaml] of Object.entries(ALIKE)) {
  test(`reads as both Helms do: ${title}`, async ({ seen }) => {
    const file = await readValues(Buffer.from(yaml), 'values.yaml');
    for (const [name, helm] of Object.entries(seen.get(yaml) ?? {})) {
      strictEqual(file.ok, helm.accepted, `${name} ${helm.accepted ? 'reads' : 'refuses'} it`);
      if (file.ok) deepStrictEqual(comparable(file.values.get([]).value), comparable(helm.values), name);
    }
  });
}

for (const [title, yaml] of Object.entries(SEVERAL)) {
  test(`several documents, as each Helm reads them: ${title}`, async ({ seen }) => {
    const file = await readValues(Buffer.from(yaml), 'values.yaml');
    ok(file.ok);
    const rendered = seen.get(yaml) as Record<Helm['name'], Rendered>;
    deepStrictEqual(comparable(file.values.get([]).value), comparable(rendered['Helm 4'].values), 'Helm 4');
    const first = file.firstDocument ?? file.values;
    deepStrictEqual(comparable(first.get([]).value), comparable(rendered['Helm 3'].values), 'Helm 3');
  });
}

test('a block that ends the file without a line end is read as Helm 4 does', async ({ seen }) => {
  const file = await readValues(Buffer.from(FINAL), 'values.yaml');
  ok(file.ok);
  const rendered = seen.get(FINAL) as Record<Helm['name'], Rendered>;
  deepStrictEqual(rendered['Helm 3'].values, { a: 'x' });
  deepStrictEqual(rendered['Helm 4'].values, file.values.get([]).value);
});

test('UTF-16 is refused, as Helm 4 does and Helm 3 does not', async ({ seen }) => {
  const rendered = seen.get('UTF-16') as Record<Helm['name'], Rendered>;
  deepStrictEqual([rendered['Helm 3'].accepted, rendered['Helm 4'].accepted], [true, false]);
  const file = await readValues(BYTES['UTF-16'] as Buffer, 'values.yaml');
  ok(!file.ok && file.problem.reason.includes('Helm 4 refuses'));
});

test('broken UTF-8 is refused, as both Helms do', async ({ seen }) => {
  const rendered = seen.get('broken UTF-8') as Record<Helm['name'], Rendered>;
  deepStrictEqual([rendered['Helm 3'].accepted, rendered['Helm 4'].accepted], [false, false]);
  strictEqual((await readValues(BYTES['broken UTF-8'] as Buffer, 'values.yaml')).ok, false);
});

test.run();
