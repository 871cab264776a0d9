import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { editSecrets } from '../../src/manifests/edit-secrets.ts';

const CRT = ['data', 'tls.crt'];
const NOTE = ['metadata', 'note'];

interface At {
  document?: number;
  object?: string[];
}

async function edited(
  text: string,
  path: readonly string[],
  value: string | null,
  { document = 0, object = [] }: At = {},
): Promise<string | null> {
  const bytes = Buffer.from(text);
  const result = await editSecrets(bytes, 'secret.yaml', [{ path, text: value, document, object }]);
  return result.ok ? result.bytes.toString() : null;
}

const SET: readonly (readonly [what: string, before: string, after: string, at?: At])[] = [
  [
    'a plain scalar',
    'kind: Secret\ndata:\n  tls.crt: OLD # c\n',
    'kind: Secret\ndata:\n  tls.crt: "NEW" # c\n',
  ],
  [
    'in JSON',
    '{"kind": "Secret", "data": {"tls.crt": "OLD"}}',
    '{"kind": "Secret", "data": {"tls.crt": "NEW"}}',
  ],
  [
    'in a List',
    'kind: List\nitems:\n- kind: Secret\n  data: {tls.crt: OLD}\n- kind: Secret\n  data: {tls.crt: OLD}\n',
    'kind: List\nitems:\n- kind: Secret\n  data: {tls.crt: OLD}\n- kind: Secret\n  data: {tls.crt: "NEW"}\n',
    { object: ['items', '1'] },
  ],
  [
    'in another document, after one that is no YAML',
    '\ufeff---\r\na: [\r\n---\r\nkind: Secret\r\ndata:\r\n  tls.crt: OLD\r\n',
    '\ufeff---\r\na: [\r\n---\r\nkind: Secret\r\ndata:\r\n  tls.crt: "NEW"\r\n',
    { document: 1 },
  ],
];
for (const [what, before, after, at] of SET) {
  test(`set ${what}`, async () => assert.is(await edited(before, CRT, 'NEW', at), after));
}

const head = 'kind: Secret\nmetadata:\n';
const REMOVED: readonly (readonly [what: string, before: string, after: string])[] = [
  ['the first key', `${head}  note: x\n  name: y # c\n`, `${head}  name: y # c\n`],
  ['the last key', `${head}  name: y\n  note: x\ntype: a\n`, `${head}  name: y\ntype: a\n`],
  ['at the end of the file', `${head}  name: y\n  note: x`, `${head}  name: y\n`],
  ['a block scalar', `${head}  note: |\n    a\n    b\n  name: y\n`, `${head}  name: y\n`],
  ['a block scalar at the end', `${head}  name: y\n  note: >-\n    a\n`, `${head}  name: y\n`],
  ['several lines in quotes', `${head}  note: "a\n    b"\n  name: y\n`, `${head}  name: y\n`],
  ['a mapping', `${head}  note:\n    a: b\n    c: d\n  name: y\n`, `${head}  name: y\n`],
  [
    'with CR LF',
    `${head}  note: x\n  name: y\n`.replaceAll('\n', '\r\n'),
    `${head}  name: y\n`.replaceAll('\n', '\r\n'),
  ],
  [
    'first of a flow mapping',
    '{kind: Secret, metadata: {note: x, name: y}}',
    '{kind: Secret, metadata: {name: y}}',
  ],
  [
    'last of a flow mapping',
    '{kind: Secret, metadata: {name: y, note: x}}',
    '{kind: Secret, metadata: {name: y}}',
  ],
  [
    'in JSON of several lines',
    '{\n  "kind": "Secret",\n  "metadata": {\n    "a": 1,\n    "note": "x",\n    "name": "y"\n  }\n}\n',
    '{\n  "kind": "Secret",\n  "metadata": {\n    "a": 1,\n    "name": "y"\n  }\n}\n',
  ],
];
for (const [what, before, after] of REMOVED) {
  test(`remove ${what}`, async () => assert.is(await edited(before, NOTE, null), after));
}

test('not where others would change, or there is no place for it', async () => {
  const shared = 'kind: Secret\ndata: &d {tls.crt: OLD}\nother: *d\n';
  assert.is(await edited(shared, CRT, 'NEW'), null);
  const anchored = 'kind: Secret\nmetadata:\n  note: &n x\n  name: *n\n';
  assert.is(await edited(anchored, NOTE, null), null);
  assert.is(await edited('kind: Secret\nmetadata: x\n', NOTE, null), null);
  assert.is(await edited('kind: Secret\nmetadata: {name: y}\n', NOTE, null), null);
  assert.is(await edited('kind: Secret\nitems: []\n', CRT, 'NEW', { object: ['items', '0'] }), null);
});

test.run();
