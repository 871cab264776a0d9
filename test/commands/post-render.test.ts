import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { command } from '../support/command.ts';
import { chain, issue, pkcs8 } from '../support/pki.ts';
import { isWhole } from '../support/property.ts';
import { COMMAND, run, runCommand } from '../support/run.ts';

const test = suite('post-render');

const encode = (text: string) => Buffer.from(text).toString('base64');
const { leaf, all, pem, root } = chain();
const issuedAlone = issue({ issuer: root });
const KEY = encode(pkcs8(leaf.privateKey));
const secret = (crt: string, name = 'x-certificate') =>
  `---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\ndata:\n  tls.crt: ${encode(crt)}\n  tls.key: ${KEY}\ntype: kubernetes.io/tls\n`;
const MISORDERED = all
  .map((each) => each.pem)
  .reverse()
  .join('');

test('good manifests go through as they are; the report goes to standard error', async () => {
  const stdin = secret(pem);
  const { status, stdout, stderr } = await command(['post-render'], { stdin });
  assert.is(status, 0, stderr);
  assert.is(stdout, stdin);
  assert.match(stderr, 'Secret x-certificate  ok');
  assert.not.match(stderr, KEY.slice(0, 12));
});

test('broken ones do not, and the line in them is named', async () => {
  const { status, stdout, stderr } = await command(['post-render'], { stdin: secret(MISORDERED) });
  assert.is(status, 1);
  assert.is(stdout, '');
  assert.match(stderr, /<stdin>:7:12 {2}error {2}chain-order/);
  assert.match(stderr, 'data.tls.crt');
});

test('of several, all are checked', async () => {
  const stdin = secret(pem) + secret(MISORDERED, 'y-certificate');
  const { status, stderr } = await command(['post-render'], { stdin });
  assert.is(status, 1);
  assert.match(stderr, 'Secret x-certificate');
  assert.match(stderr, 'Secret y-certificate  failed');
  assert.is((await command(['post-render', '--secret', 'x-certificate'], { stdin })).status, 0);
});

test('its ca.crt is a known root', async () => {
  const alone = secret(issuedAlone.pem).replace(KEY, encode(pkcs8(issuedAlone.privateKey)));
  const beside = alone.replace('\ndata:\n', `\ndata:\n  ca.crt: ${encode(root.pem)}\n`);
  assert.match((await command(['post-render'], { stdin: alone })).stderr, 'chain-incomplete');
  const { status, stderr } = await command(['post-render'], { stdin: beside });
  assert.is(status, 0, stderr);
  assert.match(stderr, /ca\.crt of\s+the\s+same\s+Secret/);
});

test('without values every consumer counts: Ingress controllers do', async () => {
  const negative = issue({ serial: Buffer.from([0x80]) });
  const stdin = secret(negative.pem).replace(KEY, encode(pkcs8(negative.privateKey)));
  const { status, stderr } = await command(['post-render'], { stdin });
  assert.is(status, 1);
  assert.match(stderr, 'error  cert-nonstandard');
});

test('an empty Secret, as the chart renders it where nothing is set', async () => {
  const stdin = secret('').replace(KEY, '');
  const { status, stdout } = await command(['post-render'], { stdin });
  assert.is(status, 1);
  assert.is(stdout, '');
});

test('none to check: they are passed on, and that is said', async () => {
  const { status, stdout, stderr } = await command(['post-render'], { stdin: 'kind: Pod\n' });
  assert.is(status, 0);
  assert.is(stdout, 'kind: Pod\n');
  assert.match(stderr, 'no certificate was checked');
});

test('the named Secret is not there, or what should be YAML is none: nothing goes through', async () => {
  for (const [args, stdin] of [
    [['--secret=nope'], secret(pem)],
    [[], `${secret(pem)}x: [\n`],
    [[], Buffer.from('kind: \xe9\n', 'latin1')],
  ] as const) {
    const { status, stdout, stderr } = await command(['post-render', ...args], { stdin });
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, 'lightrun-cert: the manifests');
  }
});

test('what is not a manifest is not passed on', async () => {
  const { status, stdout, stderr } = await command(['post-render'], { stdin: '<html>\n' });
  assert.is(status, 2);
  assert.is(stdout, '');
  assert.match(stderr, 'holds no manifests');
});

test('a value of the wrong type, and one that is still to be filled in, are errors', async () => {
  for (const [value, rule] of [
    ['17', 'values-type'],
    ['ref+vault://secret/tls#crt', 'values-unresolved'],
  ] as const) {
    const { status, stderr } = await command(['post-render'], {
      stdin: secret(pem).replace(encode(pem), value),
    });
    assert.is(status, 1);
    assert.match(stderr, rule);
  }
});

test('a FILE is none of its arguments', async () => {
  const { status, stderr } = await command(['post-render', 'manifests.yaml'], { stdin: secret(pem) });
  assert.is(status, 2);
  assert.match(stderr, 'takes no FILE: manifests.yaml');
});

test('the file of --output holds all that is said, whatever an earlier run left there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lightrun-cert-'));
  try {
    const output = join(folder, 'report.txt');
    for (const [stdin, word] of [
      [secret(MISORDERED), 'chain-order'],
      [secret(pem), 'Secret x-certificate  ok'],
      ['kind: Pod\n', 'no certificate was checked'],
      ['<html>\n', 'holds no manifests'],
    ] as const) {
      const { stderr } = await command(['post-render', `--output=${output}`], { stdin });
      assert.match(stderr, word);
      assert.is(readFileSync(output, 'utf8'), stderr);
    }
    const json = await command(['post-render', `--output=${output}`, '--format=json'], {
      stdin: secret(MISORDERED),
    });
    assert.match(json.stderr, 'Secret x-certificate  failed');
    assert.is(JSON.parse(readFileSync(output, 'utf8')).summary.errors, 1);
    assert.is((await command(['post-render', `--output=${folder}`], { stdin: secret(pem) })).stdout, '');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('--output overwrites no --ca-file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lightrun-cert-'));
  try {
    const ca = join(folder, 'ca.crt');
    writeFileSync(ca, pem);
    const { status, stdout, stderr } = await command(['post-render', '--ca-file', ca, '--output', ca], {
      stdin: secret(pem),
    });
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, 'would overwrite a file that is read');
    assert.is(readFileSync(ca, 'utf8'), pem);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('--output overwrites no file that standard input comes from', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lightrun-cert-'));
  try {
    const manifests = join(folder, 'manifests.yaml');
    writeFileSync(manifests, secret(pem));
    const script = '"$0" "$1" post-render --output "$2" < "$2"';
    const ended = await run('sh', ['-c', script, process.execPath, COMMAND, manifests]);
    assert.is(ended.status, 2);
    assert.match(ended.stderr, 'would overwrite a file that is read');
    assert.is(readFileSync(manifests, 'utf8'), secret(pem));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('whatever is around it, what comes out is what went in, byte for byte', async () => {
  const noise = fc.oneof(
    fc.string({ unit: 'binary' }).map((text) => `# ${text.replace(/[\r\n\u0085\u2028\u2029\0]/g, ' ')}\n`),
    fc.constantFrom(
      'kind: Pod\r\n',
      '---\n',
      '--- # x\n',
      '\ufeff',
      'a: |\n  kind: Secret\n\n\n',
      '\n',
      'x: "ä€😀"\n',
    ),
  );
  const manifests = fc
    .tuple(fc.array(noise, { maxLength: 5 }), fc.array(noise, { maxLength: 5 }), fc.boolean())
    .map(([before, after, cut]) => {
      const text = `${before.join('')}\n${secret(pem)}---\n${after.join('')}`;
      return Buffer.from(cut ? text.trimEnd() : text);
    });
  await Promise.all(
    fc.sample(manifests, { numRuns: isWhole ? 30 : 15, seed: 3 }).map(async (stdin) => {
      const { status, stdout, stderr } = await runCommand(['post-render'], { stdin });
      assert.is(status, 0, stderr);
      assert.ok(Buffer.from(stdout).equals(stdin), JSON.stringify(stdin.toString()));
    }),
  );
});

test.run();
