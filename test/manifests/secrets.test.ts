import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findSecrets, type ManifestSecret } from '../../src/manifests/secrets.ts';

const test = suite('the certificate Secret in rendered manifests');

const SECRET =
  'apiVersion: v1\nkind: Secret\nmetadata:\n  name: x-certificate\ndata:\n  tls.crt: QUJD\n  tls.key: REVG\ntype: kubernetes.io/tls\n';
const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n';

function find(text: string, wanted: string | null = null): ManifestSecret[] {
  const found = findSecrets(text, '<stdin>', wanted);
  if (!Array.isArray(found)) throw new Error(`line ${found.line}`);
  return found;
}

const crtOf = (secret: ManifestSecret | undefined) => secret?.values.get(['certificate', 'tls', 'crt']);

test('by type and name, with the line in the whole text', () => {
  const [secret, ...others] = find(`---\n# Source: a\n${POD}---\n# Source: b\n${SECRET}---\n${POD}`);
  assert.is(others.length, 0);
  assert.is(secret?.name, 'x-certificate');
  const crt = crtOf(secret);
  assert.is(crt?.value, 'QUJD');
  assert.equal(crt?.path, ['data', 'tls.crt']);
  assert.equal(crt?.location, { file: '<stdin>', line: 14, column: 12, endLine: 14, endColumn: 16 });
});

for (const [what, text] of [
  ['another type', SECRET.replace('kubernetes.io/tls', 'Opaque')],
  ['another name', SECRET.replace('x-certificate', 'x-other')],
  ['another kind', SECRET.replace('kind: Secret', 'kind: ConfigMap')],
  ['no manifests', ''],
  ['only comments', '# kind: Secret kubernetes.io/tls\n'],
] as const) {
  test(`none: ${what}`, () => assert.equal(find(text), []));
}

test('by a name, whatever its type', () => {
  assert.is(find(SECRET.replace('kubernetes.io/tls', 'Opaque'), 'x-certificate').length, 1);
  assert.is(find(SECRET, 'x').length, 0);
});

test('in JSON, in a List, behind an anchor, with CR LF', () => {
  const json = {
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { name: 'j-certificate' },
    data: { 'tls.crt': 'QUJD' },
  };
  assert.is(crtOf(find(JSON.stringify(json))[0])?.value, 'QUJD');
  assert.is(crtOf(find(JSON.stringify({ kind: 'List', items: [{ kind: 'Pod' }, json] }))[0])?.value, 'QUJD');
  assert.is(crtOf(find(SECRET.replaceAll('\n', '\r\n'))[0])?.value, 'QUJD');
  assert.is(crtOf(find(SECRET.replace('tls.crt: QUJD', 'a: &x QUJD\n  tls.crt: *x'))[0])?.value, 'QUJD');
});

test('plain text in stringData is judged as the API server would encode it, and goes first', () => {
  const secret = find(`${SECRET}stringData:\n  tls.crt: |\n    plain\n`)[0];
  assert.is(crtOf(secret)?.value, Buffer.from('plain\n').toString('base64'));
  assert.equal(crtOf(secret)?.path, ['stringData', 'tls.crt']);
});

test('what stands empty is read as empty', () => {
  assert.is(crtOf(find(SECRET.replace('QUJD', ''))[0])?.value, null);
});

test('what is no YAML is told by its line', () => {
  const found = findSecrets(`${POD}---\n${SECRET}x: [\n`, '<stdin>', null);
  assert.not.ok(Array.isArray(found));
});

test('thousands of documents are searched in little time', () => {
  const text = `${`${POD}---\n`.repeat(20_000)}${SECRET}`;
  const start = performance.now();
  assert.is(find(text).length, 1);
  assert.ok(performance.now() - start < 1000);
});

test.run();
