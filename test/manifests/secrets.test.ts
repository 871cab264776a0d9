import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  cutManifests,
  findSecrets,
  looksLikeManifests,
  type ManifestSecret,
} from '../../src/manifests/secrets.ts';

const test = suite('the certificate Secret in rendered manifests');

const SECRET =
  'apiVersion: v1\nkind: Secret\nmetadata:\n  name: x-certificate\ndata:\n  tls.crt: QUJD\n  tls.key: REVG\ntype: kubernetes.io/tls\n';
const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n';

async function find(text: string, wanted: string | null = null): Promise<readonly ManifestSecret[]> {
  const found = await findSecrets(text, '<stdin>', wanted);
  if (!found.ok) throw new Error(`line ${found.location.line}: ${found.reason}`);
  return found.secrets;
}

const crtIn = (secret: ManifestSecret | undefined) => secret?.values.get(['certificate', 'tls', 'crt']);
const crtOf = async (text: string) => crtIn((await find(text))[0])?.value;

test('by type and name, with the line in the whole text', async () => {
  const [secret, ...others] = await find(`---\n# Source: a\n${POD}---\n# Source: b\n${SECRET}---\n${POD}`);
  assert.is(others.length, 0);
  assert.is(secret?.name, 'x-certificate');
  const crt = crtIn(secret);
  assert.is(crt?.value, 'QUJD');
  assert.equal(crt?.path, ['data', 'tls.crt']);
  assert.equal(crt?.location, { file: '<stdin>', line: 14, column: 12, endLine: 14, endColumn: 16 });
});

test('words that are spelled otherwise', async () => {
  for (const text of [
    SECRET.replace('Secret', '"S\\x65cret"'),
    SECRET.replace('Secret', '"\\u0053ecret"'),
    SECRET.replace('Secret', '"Sec\\\n  ret"'),
    SECRET.replace('Secret', '!!binary U2VjcmV0'),
    SECRET.replace('Secret', '!<tag:yaml.org,2002:binary> U2VjcmV0'),
    SECRET.replace('kind:', '"\\x6bind":'),
    SECRET.replace('kubernetes.io/tls', '"kubernetes.io\\x2ftls"'),
    SECRET.replace('x-certificate', '"x-\\U00000063ertificate"'),
    `kind: "\\x53ecretList"\nitems:\n- ${SECRET.replace('kind: Secret\n', '').trim().replaceAll('\n', '\n  ')}\n`,
  ]) {
    assert.is(await crtOf(text), 'QUJD', text);
  }
  assert.is(await crtOf(SECRET.replace('Secret', '"S\\x65crets"')), undefined);
  assert.is(await crtOf(SECRET.replace('Secret', "'S\\x65cret'")), undefined);
});

for (const [what, text] of [
  ['another type', SECRET.replace('kubernetes.io/tls', 'Opaque')],
  [
    'another type, with the right one in a comment',
    `${SECRET.replace('kubernetes.io/tls', 'Opaque')}# kubernetes.io/tls\n`,
  ],
  [
    'another name, with the right one in a comment',
    `${SECRET.replace('x-certificate', 'x-other')}# x-certificate\n`,
  ],
  ['a name that goes on after -certificate', SECRET.replace('x-certificate', 'x-certificates')],
  ['another name', SECRET.replace('x-certificate', 'x-other')],
  ['another kind', SECRET.replace('kind: Secret', 'kind: ConfigMap')],
  ['no manifests', ''],
  ['only comments', '# kind: Secret kubernetes.io/tls x-certificate\n'],
] as const) {
  test(`none: ${what}`, async () => assert.equal(await find(text), []));
}

test('by a name, whatever its type', async () => {
  assert.is((await find(SECRET.replace('kubernetes.io/tls', 'Opaque'), 'x-certificate')).length, 1);
  assert.is((await find(SECRET, 'x')).length, 0);
});

const JSON_SECRET = {
  type: 'kubernetes.io/tls',
  metadata: { name: 'j-certificate' },
  data: { 'tls.crt': 'QUJD' },
};
const inList = (kind: string, items: object[]): string => JSON.stringify({ kind, items });

test('in eight Lists, one in the other, and not in nine', async () => {
  const within = (lists: number): string => {
    let object: object = { kind: 'Secret', ...JSON_SECRET };
    for (let depth = 0; depth < lists; depth += 1) object = { kind: 'List', items: [object] };
    return JSON.stringify(object);
  };
  assert.is((await find(within(8))).length, 1);
  assert.is((await find(within(9))).length, 0);
});

test('in what is a list by its kind only', async () => {
  assert.is((await find(inList('ListOfMine', [{ kind: 'Secret', ...JSON_SECRET }]))).length, 0);
});

for (const [what, text] of [
  ['in JSON', JSON.stringify({ kind: 'Secret', ...JSON_SECRET })],
  ['in a List', inList('List', [{ kind: 'Pod' }, { kind: 'Secret', ...JSON_SECRET }])],
  ['in a SecretList, whose items need no kind', inList('SecretList', [JSON_SECRET])],
  ['in a List in a List', inList('List', [{ kind: 'List', items: [{ kind: 'Secret', ...JSON_SECRET }] }])],
  ['with CR LF', SECRET.replaceAll('\n', '\r\n')],
  ['after an anchor', SECRET.replace('tls.crt: QUJD', 'a: &x QUJD\n  tls.crt: *x')],
  ['after a byte-order mark', `\ufeff${SECRET}`],
  ['after --- and a comment', `--- # x\n${SECRET}`],
  ['with a line separator in quotes', `${SECRET}x: "a\u2028 b"\n`],
  ['beside a list that goes on in column 1, as Kubernetes reads it', `${SECRET}x: [a,\nb]\n`],
  ['written twice: the last counts, as in Kubernetes', SECRET.replace('tls.crt', 'tls.crt: REVG\n  tls.crt')],
  ['base64 in lines, which the API server joins', SECRET.replace('QUJD', '|\n    QU\n    JD')],
] as const) {
  test(what, async () => assert.is(await crtOf(text), 'QUJD'));
}

test('--- after a line separator in quotes is refused, as in go-yaml, wherever it is', async () => {
  for (const text of [`${SECRET}x: "a\u2028--- b"\n`, SECRET.replace('kind:', 'x: "a\u2028--- b"\nkind:')]) {
    assert.is((await findSecrets(text, 'rendered', 'c')).ok, false);
  }
});

test('plain text in stringData is checked as the API server would encode it, and goes first', async () => {
  const [secret] = await find(`${SECRET}stringData:\n  tls.crt: |\n    plain\n`);
  assert.is(crtIn(secret)?.value, Buffer.from('plain\n').toString('base64'));
  assert.equal(crtIn(secret)?.path, ['stringData', 'tls.crt']);
});

test('placeholders are kept as they are, in stringData too', async () => {
  const reference = 'ref+vault://secret/tls#crt';
  assert.is(await crtOf(SECRET.replace('QUJD', reference)), reference);
  assert.is(await crtOf(`${SECRET}stringData:\n  tls.crt: ${reference}\n`), reference);
});

test('what is empty, or not a string, is read as it is', async () => {
  assert.is(await crtOf(SECRET.replace('QUJD', '')), null);
  assert.is(await crtOf(SECRET.replace('QUJD', '17')), 17);
});

for (const [what, text] of [
  ['no YAML', `${POD}---\n${SECRET}x: [\n`],
  ['a control character', `${SECRET}# \x1b\n`],
  ['nested too deeply', `${SECRET}x: ${'['.repeat(20_000)}\n`],
  ['too many values', inList('List', Array(60_000).fill({ kind: 'Secret', ...JSON_SECRET }))],
] as const) {
  test(`not read, and never thrown: ${what}`, async () => {
    const { ok } = await findSecrets(text, '<stdin>', null);
    assert.not(ok);
  });
}

test('thousands of documents are searched in little time', async () => {
  const text = `${`${POD}---\n`.repeat(20_000)}${SECRET}`;
  const start = performance.now();
  assert.is((await find(text)).length, 1);
  assert.ok(performance.now() - start < 1000);
});

test('manifests are distinguished from other YAML', () => {
  for (const text of [SECRET, JSON.stringify({ kind: 'Pod' }), '', '---\n# nothing\n'])
    assert.ok(looksLikeManifests(text), text);
  for (const text of ['<html></html>', 'a: b\n']) assert.not(looksLikeManifests(text));
});

const cut = (text: string) => [...cutManifests(text)].map(({ start, end }) => text.slice(start, end));

const CASES: readonly [text: string, pieces: string[]][] = [
  ['', ['']],
  ['a: b', ['a: b']],
  ['---\na\n---\nb\n', ['\na\n', '\nb\n']],
  ['a\n---\nb', ['a\n', '\nb']],
  ['a\n--- # x\nb', ['a\n', ' # x\nb']],
  ['a\n---b', ['a\n', 'b']],
  ['a\n ---\nb', ['a\n ---\nb']],
  ['a\n--\nb', ['a\n--\nb']],
  ['a ---\nb', ['a ---\nb']],
  ['\ufeff---\na', ['\na']],
  ['\ufeffa', ['a']],
  ['a\ufeff\n---\nb', ['a\ufeff\n', '\nb']],
  ['\n---', ['\n', '']],
  ['---\n---\n', ['\n', '\n']],
];
for (const [text, pieces] of CASES) {
  test(`${JSON.stringify(text)}: ${JSON.stringify(pieces)}`, () => assert.equal(cut(text), pieces));
}

test.run();
