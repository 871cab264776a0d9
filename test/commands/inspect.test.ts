import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startCluster } from '../support/cluster.ts';
import { helms, withHelmHome } from '../support/helms.ts';
import { inspectCommand } from '../support/inspect.ts';
import { chain, issue, key, pemBlock, pkcs1, pkcs8, sec1 } from '../support/pki.ts';
import { base64, inlineYaml, pemYaml } from '../support/values-yaml.ts';

const { leaf, intermediates, root, pem } = chain();
const KEY = pkcs8(leaf.privateKey);
const GOOD = pemYaml(pem, KEY);

const test = suite<{ folder: string; file(name: string, text: string | Buffer): string }>('inspect');

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'lightrun-cert-test-'));
  context.file = (name, text) => {
    const path = join(context.folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

/** What `inspect -` says of a string on standard input. */
const inspected = (stdin: string | Buffer, ...args: string[]) => inspectCommand(['-', ...args], { stdin });

test('0 where all that was found could be read, good or bad', async ({ file }) => {
  for (const text of [
    GOOD,
    pem,
    leaf.der,
    KEY,
    pem + KEY,
    pemYaml(pem, pkcs8(key('p256', 50))),
    pemYaml(root.pem + leaf.pem, null),
    pemYaml(chain({ at: new Date('2020-01-01') }).pem, null),
  ]) {
    const { status, stderr } = await inspectCommand([file('any', text)]);
    assert.is(stderr, '');
    assert.is(status, 0);
  }
});

test('2 where something could not be read; the rest is drawn all the same', async () => {
  const { status, stdout, stderr } = await inspected(inlineYaml(base64(pem), '****'));
  assert.is(status, 2);
  assert.match(stdout, /leaf +lightrun\.example\.com/);
  assert.match(stdout, /! certificate\.tls\.key is not valid base64/);
  assert.match(
    stderr,
    /^lightrun-cert: <stdin>: certificate\.tls\.key is not valid base64\n {2}lightrun-cert lint - says how to fix it\.\n$/,
  );
});

test('several such things each get a line', async () => {
  const damaged = leaf.pem + pemBlock('CERTIFICATE', Buffer.from('x'));
  const { status, stderr } = await inspected(pemYaml(damaged, 'hello'), '--root', '');
  assert.is(status, 2);
  assert.match(
    stderr,
    /^lightrun-cert: <stdin>: not all of it can be read\n {2}- the 2nd .*\n {2}- certificate\.tls\.key /,
  );
});

test('what can be read despite a mistake is drawn, with a line about the mistake', async () => {
  const wrapped = base64(pem).replace(/.{76}/g, '$& ');
  for (const [crt, mistake] of [
    [wrapped, 'is base64 with white space in it'],
    [base64(base64(pem)), 'was encoded 2 times'],
    [pem.replaceAll('\n', '\\n'), 'is PEM text that was not encoded as base64'],
  ] as const) {
    const { status, stdout } = await inspected(inlineYaml(crt, base64(KEY)));
    assert.ok(stdout.includes(`! certificate.tls.crt ${mistake}\n`), stdout.slice(0, 300));
    assert.is(status, 0);
    assert.match(stdout, /matches the leaf/);
  }
});

test('values.yaml of the current folder, where no FILE is named', async ({ folder, file }) => {
  file('values.yaml', GOOD);
  const before = process.cwd();
  process.chdir(folder);
  try {
    const { status, stdout } = await inspectCommand([]);
    assert.is(status, 0);
    assert.match(stdout, /^values\.yaml\n/);
  } finally {
    process.chdir(before);
  }
});

test('a values file that names a Secret: how to look into that', async () => {
  const { status, stdout, stderr } = await inspected('certificate: {existing_cert: my-tls}\n');
  assert.is(status, 2);
  assert.is(stdout, '');
  assert.match(stderr, /names the Secret my-tls/);
  assert.match(stderr, /\n {4}lightrun-cert inspect --secret my-tls --namespace NAMESPACE\n$/);
});

test('both sources at once: what is in the file is drawn, and that the Secret takes precedence', async () => {
  const both = GOOD.replace('certificate:\n', 'certificate:\n  existing_cert: my-tls\n');
  const { status, stdout } = await inspected(both);
  assert.is(status, 0);
  assert.match(
    stdout,
    /! certificate\.existing_cert is set too and takes precedence: the\s+chart\s+uses\s+the\s+Secret\s+my-tls/,
  );
});

test('nothing there to look into: what to do', async () => {
  const cases: [string | Buffer, RegExp][] = [
    [
      '',
      /holds no certificate: neither certificate\.existing_cert nor certificate\.tls is set\n.*--root lightrun/,
    ],
    ['certificate: [\n', /<stdin>:\d+: /],
    [
      'certificate: {tls: {crt: "ref+vault://x", key: "ref+vault://x"}}\n',
      /vals has yet to fill it in[\s\S]*\| lightrun-cert inspect -\n$/,
    ],
    ['certificate: {existing_cert: "ref+vault://x"}\n', /vals has yet to fill in its name/],
    ['certificate: {tls: hello}\n', /certificate\.tls is not a mapping/],
    ['certificate: {tls: {crt: 12, key: [a]}}\n', /crt is not a string\n.*key is not a string/],
    [pemYaml(pem.repeat(2000), KEY), /certificate\.tls\.crt and certificate\.tls\.key hold more than 1 MiB/],
    [
      pemBlock('CERTIFICATE REQUEST', leaf.der),
      /neither a certificate nor a private key, but: CERTIFICATE REQUEST/,
    ],
    [Buffer.from('\ufeffhello', 'utf16le'), /is UTF-16 text/],
    [Buffer.from('feedfeed00000002', 'hex'), /is a Java keystore[\s\S]*keytool/],
  ];
  for (const [text, message] of cases) {
    const { status, stdout, stderr } = await inspected(text);
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, message);
    assert.not.match(stderr, /^\s+at /m);
  }
});

test('large and hostile input ends in bounded time, without a stack trace', async () => {
  const many = issue({ san: Array.from({ length: 10_000 }, (_, at) => `host-${at}.example.com`) });
  const files = [
    'A'.repeat(8_000_000),
    '-----BEGIN '.repeat(200_000),
    `${' '.repeat(1_000_000)}\n-----BEGIN X-----\n`,
    `${'key\n'.repeat(200_000)}-----BEGIN X-----\n`,
    leaf.pem.repeat(400),
    many.pem,
  ];
  for (const file of files) {
    const began = Date.now();
    const { stdout, stderr } = await inspected(file);
    assert.ok(Date.now() - began < 10_000, `took ${Date.now() - began} ms`);
    assert.ok(stdout.length + stderr.length < 20_000);
  }
});

test('documents in which Helm 3 and Helm 4 find different certificates', async () => {
  const other = pemYaml(issue().pem, null);
  const { stdout } = await inspected(`${other}---\n${GOOD}`);
  assert.match(stdout, /! the file holds several documents: Helm 4 reads what is shown here/);
});

test('--root, --at and --ca-file mean what they mean in lint', async ({ file }) => {
  const umbrella = `lightrun:\n${GOOD.replace(/^/gm, '  ')}`;
  assert.is((await inspected(umbrella)).status, 2);
  assert.is((await inspected(umbrella, '--root', 'lightrun')).status, 0);
  assert.match((await inspected(GOOD, '--at', '2200-01-01')).stdout, /expired \d+ days ago/);
  const short = leaf.pem + intermediates.map((each) => each.pem).join('');
  const known = await inspected(short, '--ca-file', file('ca.pem', root.pem));
  assert.match(known.stdout, /anchor +a root of --ca-file, not in the file: Test Root/);
});

test('--format json gives the same as data, also where something could not be read', async () => {
  const good = await inspected(GOOD, '--format=json');
  assert.is(good.status, 0);
  assert.equal(JSON.parse(good.stdout).chain, [1, 2, 3]);
  const bad = await inspected(inlineYaml('****', base64(KEY)), '--format=json');
  assert.is(bad.status, 2);
  assert.equal(JSON.parse(bad.stdout).certificates, []);
  assert.is(JSON.parse(bad.stdout).problems[0].unread, true);
});

test('colour for a terminal, or where it is asked for', async () => {
  const isColored = async (args: string[], surroundings: object): Promise<boolean> => {
    const { stdout } = await inspectCommand(['-', ...args], { stdin: GOOD, ...surroundings });
    return stdout.includes('\x1b[');
  };
  assert.is(await isColored([], {}), false);
  assert.is(await isColored([], { terminal: 80 }), true);
  assert.is(await isColored([], { terminal: 80, env: { NO_COLOR: '1' } }), false);
  assert.is(await isColored([], { env: { FORCE_COLOR: '1' } }), true);
  assert.is(await isColored([], { terminal: 80, env: { TERM: 'dumb' } }), false);
  assert.is(await isColored(['--color=always'], {}), true);
  assert.is(await isColored(['--color=never'], { terminal: 80 }), false);
});

test('a terminal that is narrow, or does not know its size', async () => {
  const linesAt = async (terminal: number) =>
    (await inspectCommand(['-', '--color=never'], { stdin: GOOD, terminal })).stdout.split('\n');
  const longest = (lines: string[]) => Math.max(...lines.map(({ length }) => length));
  assert.equal(await linesAt(0), await linesAt(80));
  assert.equal(await linesAt(1), await linesAt(40));
  assert.equal(await linesAt(39), await linesAt(40));
  assert.not.equal(await linesAt(41), await linesAt(40));
  assert.ok(longest(await linesAt(80)) <= 80);
});

test('wrong usage says so', async ({ file }) => {
  const path = file('values.yaml', GOOD);
  const cases: [string[], RegExp][] = [
    [[path, path], /inspect takes one FILE/],
    [['--secret', 'a', path], /--secret reads the cluster, so no FILE/],
    [['--secret', 'a', '--root', 'b'], /--root is for files, and --secret reads none/],
    [['--secret', 'A_b'], /is not a valid name of a Secret/],
    [['--secret', base64(KEY)], /--secret \(redacted/],
    [['--secret='], /is not a valid name of a Secret/],
    [['--root', 'lightrun', file('chain.pem', pem)], /is for values files, which \S+ is not/],
    [['-', '--ca-file', '-'], /standard input \(-\) can be given only once/],
    [['--format', 'sarif', path], /--format sarif is not one of text, json/],
    [['--colour', path], /Did you mean --color\?/],
    [[join(path, 'x')], /cannot be read: a part of the path is not a folder/],
  ];
  for (const [args, message] of cases) {
    const { status, stdout, stderr } = await inspectCommand(args);
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, message);
  }
});

test('no piece of a private key is shown, wherever it is', async () => {
  const rsa = chain({ keyKind: 'rsa2048', depth: 0 });
  const keys = [KEY, sec1(leaf.privateKey), pkcs1(rsa.leaf.privateKey)];
  for (const text of keys) {
    const body = text.replace(/-----[^-]+-----|\s/g, '');
    const der = Buffer.from(body, 'base64');
    const files = [
      text,
      der,
      base64(text),
      pem + text,
      text.slice(0, 90),
      text.replace(/\n/g, '\r'),
      pemYaml(pem, text),
      pemYaml(text, pem),
      inlineYaml(text.replaceAll('\n', '\\n'), body),
      `certificate:\n  existing_cert: ${body}\n`,
      `certificate:\n  tls:\n    key: "${body}\n`,
      pemBlock(body.slice(44, 104), leaf.der),
    ];
    for (const file of files) {
      for (const format of ['text', 'json']) {
        const { stdout, stderr } = await inspected(file, '--format', format);
        const output = (stdout + stderr).replace(/\s/g, '');
        // Its first bytes are the same in every key.
        for (let at = 48; at + 16 <= body.length; at += 4)
          assert.not.ok(output.includes(body.slice(at, at + 16)));
        assert.not.ok(output.includes(der.subarray(40, 56).toString('hex')));
      }
    }
  }
});

test('--secret reads the cluster', () =>
  withHelmHome(async ({ folder, env }) => {
    const [helm] = await helms();
    const cluster = await startCluster(folder);
    const look = (name: string, ...args: string[]) =>
      inspectCommand(['--secret', name, '--kubeconfig', cluster.kubeconfig, ...args], {
        env: { ...(env as Record<string, string>), HOME: folder, HELM_BIN: helm?.bin ?? '' },
      });
    const TLS = 'kubernetes.io/tls';
    try {
      cluster.putSecret('lightrun', 'my-tls', TLS, { 'tls.crt': base64(pem), 'tls.key': base64(KEY) });
      cluster.putSecret('lightrun', 'half', 'Opaque', { 'tls.crt': base64(pem), 'tls.key': base64('hello') });
      cluster.putSecret('lightrun', 'other', 'Opaque', { 'ca.crt': base64(root.pem) });

      const found = await look('my-tls', '-n', 'lightrun');
      assert.is(found.stderr, '');
      assert.is(found.status, 0);
      assert.match(found.stdout, /^Secret lightrun\/my-tls\n\n {2}leaf[\s\S]*matches the leaf/);

      const half = await look('half', '-n', 'lightrun', '--format=json');
      assert.is(half.status, 2);
      assert.is(JSON.parse(half.stdout).source, 'secret');
      assert.match(half.stderr, /Secret lightrun\/half: tls\.key is data in an unknown format/);

      const other = await look('other', '-n', 'lightrun');
      assert.is(other.status, 2);
      assert.match(other.stderr, /holds neither tls\.crt nor tls\.key\n {2}It holds: ca\.crt\.\n/);

      const missing = await look('my-tsl', '-n', 'lightrun');
      assert.is(missing.status, 2);
      assert.match(
        missing.stderr,
        /there is no Secret my-tsl in the namespace lightrun\n.* kubectl get secrets --namespace lightrun/,
      );
      assert.equal(cluster.writes(), []);

      cluster.fail('forbidden');
      const forbidden = await look('my-tls', '-n', 'lightrun');
      assert.is(forbidden.status, 2);
      assert.is(forbidden.stdout, '');
      assert.match(forbidden.stderr, /credentials may not read it/);
    } finally {
      await cluster.close();
    }
  }));

test.run();
