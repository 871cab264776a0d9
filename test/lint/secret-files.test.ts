import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { command } from '../support/command.ts';
import { CHAIN, KEY, MISORDERED } from '../support/inline.ts';
import { base64 } from '../support/values-yaml.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'secret-files-'));
const FILE = join(FOLDER, 'secret.yaml');
test.after(() => rmSync(FOLDER, { recursive: true, force: true }));

const secret = (crt: string, name = 'a', key = KEY): string =>
  `kind: Secret\napiVersion: v1\nmetadata:\n  name: ${name}\ntype: kubernetes.io/tls\ndata:\n  tls.crt: ${crt}\n  tls.key: ${key}\n`;

async function targetsIn(text: string, ...flags: string[]) {
  writeFileSync(FILE, text);
  const { stdout, status, stderr } = await command(['lint', '--format', 'json', ...flags, FILE]);
  return { targets: JSON.parse(stdout).targets, status, stderr };
}

test('a Secret is a target of its own name, with the real lines; every consumer counts', async () => {
  const { targets, status } = await targetsIn(`# first\n---\n${secret(base64(MISORDERED))}`);
  assert.is(status, 1);
  const [{ name, source, findings, consumers }, ...others] = targets;
  assert.equal([name, source, others], [`${FILE} (Secret a)`, 'inline', []]);
  const [{ rule, file, line, column, path }] = findings;
  assert.equal([rule, file, line, column, path], ['chain-order', FILE, 9, 12, 'data.tls.crt']);
  assert.ok(consumers.length > 0 && consumers.every((each: { inUse: null }) => each.inUse === null));
});

test('each TLS Secret of a file is a target, in documents and in Lists; others and other kinds are not', async () => {
  const right = base64(CHAIN);
  const opaque = (name: string) => secret(right, name).replace('kubernetes.io/tls', 'Opaque');
  const none = opaque('none').replaceAll('tls.', 'no.');
  const list = JSON.stringify({
    kind: 'List',
    items: [{ kind: 'Secret', metadata: { name: 'd' }, type: 'kubernetes.io/tls', data: {} }],
  });
  const { targets } = await targetsIn(
    [secret(right, 'a'), none, opaque('b'), 'kind: Pod\nmetadata: {name: c}\n', list].join('---\n'),
  );
  assert.equal(
    targets.map(({ name }: { name: string }) => name),
    ['a', 'b', 'd'].map((name) => `${FILE} (Secret ${name})`),
  );
});

test('values that speak of Secrets stay values', async () => {
  for (const text of [
    'kind: Secret-ish\n',
    'extra:\n  kind: Secret\n',
    'extra: [{kind: Secret, type: kubernetes.io/tls, metadata: {name: x}}]\n',
    '{"extra": {"kind": "Secret"}}',
    'kind: List\nitems: []\n# Secret\n',
  ]) {
    const { targets } = await targetsIn(text);
    assert.equal([targets.length, targets[0].name], [1, FILE], text);
  }
});

test('no Secret for TLS, or no YAML: exit status 2, and what it is', async () => {
  for (const [text, message] of [
    [
      secret('x', 'db').replace('kubernetes.io/tls', 'Opaque').replaceAll('tls.', ''),
      /holds no TLS Secret.*db.*Opaque/,
    ],
    [secret(`[${base64(CHAIN)}`), /secret\.yaml:\d+: /],
  ] as const) {
    const { status, targets, stderr } = await targetsIn(text);
    assert.equal([status, targets], [2, []]);
    assert.match(stderr, message);
  }
});

test('--fix is offered for the Secret that it leaves right, edits the data in place, and keeps the rest', async () => {
  const twice = base64(base64(CHAIN));
  const text = `${secret(base64(MISORDERED), 'a')}---\n${secret(twice, 'b', base64('x'))}`;
  const { targets } = await targetsIn(text);
  const commands = targets.map(({ findings }: { findings: { rule: string; commands: string[] }[] }) =>
    findings.map((finding) => [finding.rule, finding.commands]),
  );
  assert.equal(commands[0], [['chain-order', [`lightrun-cert lint --fix ${FILE}`]]]);
  assert.equal(commands[1][0], ['base64-twice', [`lightrun-cert lint --fix ${FILE}`]]);
  assert.is(commands[1].length, 2);
  assert.not.match(String(commands[1][1][1]), /--fix/);

  const { stderr } = await command(['lint', '--fix', FILE]);
  assert.match(stderr, /data\.tls\.crt \(line 7\): put.*\n {2}data\.tls\.crt \(line 16\): removed/);
  assert.is(
    readFileSync(FILE, 'utf8'),
    `${secret(base64(CHAIN), 'a')}---\n${secret(base64(CHAIN), 'b', base64('x'))}`,
  );
});

test('on standard input too', async () => {
  const { status, stdout } = await command(['lint', '-'], { stdin: secret(base64(CHAIN)) });
  assert.is(status, 0);
  assert.match(stdout, /<stdin> \(Secret a\) {2}ok/);
});

test.run();
