import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { canaryOf, leaked } from '../support/canary.ts';
import { command } from '../support/command.ts';
import { CHAIN, inline, KEY, MISORDERED } from '../support/inline.ts';
import { base64 } from '../support/values-yaml.ts';

const PEM = Buffer.from(KEY, 'base64').toString();
const CANARY = canaryOf([PEM], [CHAIN]);
const filter = (stdin: string, ...flags: string[]) => command(['lint', '--fix', ...flags, '-'], { stdin });

/** As `kubectl get secret -o yaml` writes it. */
const secret = (crt: string, key: string, annotations = ''): string => `apiVersion: v1
data:
  tls.crt: ${crt}
  tls.key: ${key}
kind: Secret
metadata:
${annotations}  creationTimestamp: "2026-11-01T10:00:00Z"
  name: my-tls
  namespace: lightrun
  resourceVersion: "4711"
  uid: 5f9d6f3c-0000-4000-8000-000000000000
type: kubernetes.io/tls
`;
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const copy = JSON.stringify({ kind: 'Secret', data: { 'tls.crt': 'x', 'tls.key': KEY } });
/** As `-o json` writes it, in a List where there are several names. */
const json = (object: object): string => `${JSON.stringify(object, null, 4)}\n`;
const object = (crt: string, key: string, annotations?: Record<string, string>, name = 'my-tls') => ({
  apiVersion: 'v1',
  data: { 'tls.crt': crt, 'tls.key': key },
  kind: 'Secret',
  metadata: { ...(annotations && { annotations }), name, resourceVersion: '4711' },
  type: 'kubernetes.io/tls',
});
const RIGHT = base64(CHAIN);
const WRONG = base64(MISORDERED);

test('a values file: the fixed text to standard output, all else to standard error', async () => {
  const { status, stdout, stderr } = await filter(`# mine\n${inline(MISORDERED)}`);
  assert.equal([status, stdout], [0, `# mine\n${inline(CHAIN)}`]);
  assert.match(
    stderr,
    /^<stdin>: fixed\n {2}certificate\.tls\.crt \(line 4\): put the certificates in order[^\n]*\n<stdin> {2}ok/,
  );
});

test('unchanged where there is nothing to fix, also where an error is left', async () => {
  for (const [text, expected] of [
    [inline(CHAIN), 0],
    [secret(RIGHT, KEY), 0],
    [`certificate:\n  tls: {crt: "<crt>", key: ${KEY}}\n`, 1],
    ['a: [\n', 1],
    ['', 1],
  ] as const) {
    const { status, stdout } = await filter(text);
    assert.equal([status, stdout], [expected, text]);
  }
});

test('nothing on standard output where not all of it could be checked', async () => {
  for (const text of [
    inline(MISORDERED).replace('tls:', 'tls:\n    <<: x'),
    secret(WRONG, KEY).replace('data:', 'data: ['),
    secret(WRONG, KEY).replaceAll('tls.', 'other.').replace('kubernetes.io/tls', 'Opaque'),
  ]) {
    const { status, stdout, stderr } = await filter(text, '--rule', 'values-syntax=off');
    assert.equal([status, stdout], [2, ''], text);
    assert.not.equal(stderr, '');
  }
});

test('a Secret that is not for TLS: what it is', async () => {
  const other = 'apiVersion: v1\nkind: Secret\nmetadata: {name: db}\ntype: Opaque\ndata: {password: eA==}\n';
  const { status, stdout, stderr } = await filter(other);
  assert.equal([status, stdout], [2, '']);
  assert.match(
    stderr,
    /<stdin> holds no TLS Secret: Secret "db" is of type "Opaque"|Secret db is of type Opaque/,
  );
});

test('--dry-run passes the input on unchanged, says what would be fixed, and checks it as it is', async () => {
  const text = inline(MISORDERED);
  const { status, stdout, stderr } = await filter(text, '--dry-run');
  assert.equal([status, stdout], [1, text]);
  assert.match(stderr, /would be fixed\n[\s\S]*chain-order/);
});

test('a report in another format goes to standard error, or to its file', async () => {
  const { stdout, stderr } = await filter(inline(CHAIN), '--format', 'json');
  assert.is(stdout, inline(CHAIN));
  assert.is(JSON.parse(stderr).summary.errors, 0);
});

test('a Secret from the cluster: only the value changes, resourceVersion stays', async () => {
  const { status, stdout, stderr } = await filter(secret(base64(WRONG), KEY));
  assert.equal([status, stdout], [0, secret(RIGHT, KEY)]);
  assert.match(stderr, /data\.tls\.crt \(line 3\): removed the second layer of base64/);
  assert.match(stderr, /<stdin> \(Secret my-tls\) {2}ok/);
});

test("kubectl's copy that holds the private key goes, in YAML and JSON, with annotations that are then empty", async () => {
  const note = '    note: kept\n';
  const yaml = (more: string) =>
    secret(WRONG, KEY, `  annotations:\n${more}    ${LAST_APPLIED}: |\n      ${copy}\n`);
  assert.is((await filter(yaml(''))).stdout, secret(RIGHT, KEY));
  assert.is((await filter(yaml(note))).stdout, secret(RIGHT, KEY, `  annotations:\n${note}`));

  const stdoutOf = async (annotations: Record<string, string>) =>
    (await filter(json(object(WRONG, KEY, annotations)))).stdout;
  assert.is(await stdoutOf({ [LAST_APPLIED]: copy }), json(object(RIGHT, KEY)));
  for (const annotations of [
    { [LAST_APPLIED]: copy, z: '1' },
    { a: '1', [LAST_APPLIED]: copy },
    { a: '1', [LAST_APPLIED]: copy, z: '1' },
  ]) {
    const { [LAST_APPLIED]: _, ...kept } = annotations as Record<string, string>;
    assert.is(await stdoutOf(annotations), json(object(RIGHT, KEY, kept)));
  }
  const harmless = secret(RIGHT, KEY, `  annotations:\n    ${LAST_APPLIED}: |\n      {"kind":"Secret"}\n`);
  assert.is((await filter(harmless)).stdout, harmless);
});

test('each Secret in a List and in several documents; what is no Secret need not even be YAML', async () => {
  const list = (crt: string) => ({
    apiVersion: 'v1',
    items: [object(crt, KEY), { kind: 'Pod' }, object(crt, KEY, undefined, 'other-tls')],
    kind: 'List',
  });
  const inList = await filter(json(list(WRONG)));
  assert.is(inList.stdout, json(list(RIGHT)));
  assert.match(inList.stderr, /\(Secret my-tls\) {2}ok[\s\S]*\(Secret other-tls\) {2}ok[\s\S]*2 targets/);

  const documents = (crt: string) =>
    `---\n${secret(crt, KEY)}--- # next\nno: [yaml\n---\n${secret(crt, KEY)}`;
  assert.is((await filter(documents(WRONG))).stdout, documents(RIGHT));
});

test('swapped in a Secret; in block scalars; raw PEM in data', async () => {
  assert.is((await filter(secret(KEY, RIGHT))).stdout, secret(RIGHT, KEY));
  const block = (text: string) => `|\n${text.replace(/^(?=.)/gm, '    ').trimEnd()}`;
  assert.is((await filter(secret(block(MISORDERED), KEY))).stdout, secret(block(RIGHT), KEY));
});

test('stringData is checked, and not edited: standard error says what to do', async () => {
  const text = `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: kubernetes.io/tls\nstringData:\n  tls.crt: |\n${MISORDERED.replace(/^(?=.)/gm, '    ')}data:\n  tls.key: ${KEY}\n`;
  const { status, stdout, stderr } = await filter(text);
  assert.equal([status, stdout], [1, text]);
  assert.match(
    stderr,
    /stringData\.tls\.crt was not fixed: it is plain text in stringData[^\n]*\n {2}Write it as base64/,
  );
  assert.match(stderr, /chain-order/);
});

test('nothing of the private key is on standard error, whatever is wrong with it', async () => {
  const broken = secret(
    WRONG,
    base64(PEM.replace('-----END', '')),
    `  annotations:\n    ${LAST_APPLIED}: |\n      ${copy}\n`,
  );
  for (const text of [secret(KEY, KEY), secret(RIGHT, base64(KEY)), broken, secret(RIGHT, `${KEY}%`)]) {
    for (const format of ['text', 'json', 'sarif', 'github']) {
      const { stderr } = await filter(text, '--format', format);
      assert.equal(leaked(stderr, CANARY), []);
    }
  }
});

test.run();
