import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readValues } from '../../src/values/read.ts';
import { readPem } from '../../src/x509/pem.ts';
import { command } from '../support/command.ts';
import { pkcs12 } from '../support/pkcs12.ts';
import { chain, issue, key, pemBlock, pkcs1, pkcs8, sec1 } from '../support/pki.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'encode-'));
test.after(() => rmSync(FOLDER, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(FOLDER, name);
  writeFileSync(path, content);
  return path;
}

const CHAIN = chain({ depth: 3 });
const RSA = chain({ depth: 2, keyKind: 'rsa2048', tag: 'rsa' });
const [LEAF, LOWER, UPPER, ROOT] = CHAIN.all.map(({ pem }, at) => file(`${at}.pem`, pem)) as [
  string,
  string,
  string,
  string,
];
const KEY = file('key.pem', pkcs8(CHAIN.leaf.privateKey));

/** The whole chain and its key, in good order. */
const WHOLE = ['--cert', LEAF, LOWER, UPPER, ROOT, '--key', KEY];

async function valuesOf(
  yaml: string,
  root: string[] = [],
): Promise<{ crt: string; key: string; secret: unknown }> {
  const read = await readValues(Buffer.from(yaml), 'values.yaml');
  assert.ok(read.ok);
  const get = (...path: string[]) =>
    read.ok ? read.values.get([...root, 'certificate', ...path]).value : null;
  const decoded = (value: unknown) => Buffer.from(String(value), 'base64').toString('latin1');
  return { crt: decoded(get('tls', 'crt')), key: decoded(get('tls', 'key')), secret: get('existing_cert') };
}

test('certificates in any order, in one file or many: the block, chain in order, key in PKCS#8', async () => {
  const all = file(
    'all.pem',
    [...CHAIN.all]
      .reverse()
      .map(({ pem }) => pem)
      .join(''),
  );
  for (const certs of [
    ['--cert', LEAF, '--cert', LOWER, '--cert', UPPER, '--cert', ROOT],
    ['--cert', ROOT, UPPER, LEAF, LOWER],
    ['--cert', all],
    ['--cert', all, LEAF],
  ]) {
    const { status, stdout, stderr } = await command(['encode', ...certs, '--key', KEY]);
    assert.is(status, 0, stderr);
    const { crt, key: privateKey, secret } = await valuesOf(stdout);
    assert.is(crt, CHAIN.pem);
    assert.is(privateKey, pkcs8(CHAIN.leaf.privateKey));
    assert.is(secret, '');
    assert.match(stderr, /<encoded> {2}ok/);
  }
});

test('below --root', async () => {
  const { stdout } = await command(['encode', ...WHOLE, '--root', 'platform.lightrun']);
  assert.is((await valuesOf(stdout, ['platform', 'lightrun'])).crt, CHAIN.pem);
});

test('every container of a key', async () => {
  const { leaf } = RSA;
  const der = (of: typeof leaf, type: 'pkcs1' | 'pkcs8' | 'sec1') =>
    of.privateKey.export({ type, format: 'der' } as never) as unknown as Buffer;
  for (const [of, content] of [
    [RSA, pkcs1(leaf.privateKey)],
    [RSA, der(leaf, 'pkcs1')],
    [RSA, der(leaf, 'pkcs8')],
    [RSA, `Bag Attributes\n${pkcs8(leaf.privateKey).replaceAll('\n', '\r\n')}${RSA.pem}`],
    [CHAIN, sec1(CHAIN.leaf.privateKey)],
    [CHAIN, der(CHAIN.leaf, 'sec1')],
  ] as const) {
    const crt = file('crt.pem', of.pem);
    const { status, stdout, stderr } = await command(['encode', '--cert', crt, '--key', file('k', content)]);
    assert.is(status, 0, stderr);
    assert.is((await valuesOf(stdout)).key, pkcs8(of.leaf.privateKey));
  }
});

test('an encrypted key, by its passphrase file; a wrong one; none', async () => {
  const passphrase = file('passphrase', 'pä ss\n');
  for (const options of [
    { type: 'pkcs8', cipher: 'aes-256-cbc' },
    { type: 'sec1', cipher: 'aes-128-cbc' },
  ] as const) {
    const pem = CHAIN.leaf.privateKey.export({ ...options, format: 'pem', passphrase: 'pä ss' });
    const args = ['encode', '--cert', LEAF, LOWER, UPPER, ROOT, '--key', file('k', pem)];
    const opened = await command([...args, '--passphrase-file', passphrase]);
    assert.is(opened.status, 0, opened.stderr);
    assert.is((await valuesOf(opened.stdout)).key, pkcs8(CHAIN.leaf.privateKey));
    const wrong = await command([...args, '--passphrase-file', file('wrong', 'other')]);
    assert.equal([wrong.status, wrong.stdout], [2, '']);
    assert.match(wrong.stderr, /the passphrase does not open/);
  }
});

test('--p12: opened without a passphrase where that is enough, else with the one of the file', async () => {
  const passphrase = file('passphrase', 'secret\n');
  const whole = { certificates: CHAIN.all.map(({ der }) => der), keys: [CHAIN.leaf.privateKey] };
  const open = file('open.p12', pkcs12(whole));
  const locked = file('locked.p12', pkcs12({ ...whole, passphrase: 'secret' }));
  for (const args of [[open], [locked, '--passphrase-file', passphrase]]) {
    const { status, stdout, stderr } = await command(['encode', '--p12', ...args]);
    assert.is(status, 0, stderr);
    assert.equal(await valuesOf(stdout), {
      crt: CHAIN.pem,
      key: pkcs8(CHAIN.leaf.privateKey),
      secret: '',
    });
  }
  const wrong = await command(['encode', '--p12', locked, '--passphrase-file', file('wrong', 'other')]);
  assert.equal([wrong.status, wrong.stdout], [2, '']);
  assert.match(wrong.stderr, /the passphrase does not open .*locked\.p12/);
});

test('--p12: certificates and one private key, or it says what is missing', async () => {
  const certificates = CHAIN.all.map(({ der }) => der);
  const keys = [CHAIN.leaf.privateKey];
  const damaged = Buffer.from('3003020101', 'hex');
  for (const [options, message] of [
    [{ certificates }, /holds no private key\n {2}Export it again/],
    [{ certificates, keys: [...keys, key('p256', 9)] }, /holds more than one private key/],
    [{ keys }, /holds no certificate\n/],
    [{}, /holds no private key/],
    [{ certificates: [damaged], keys }, /\.p12:1: a certificate cannot be read: .*\n {2}Get a fresh copy/],
    [{ certificates, keys, encryption: 'rc4', mac: 'sha1' }, /uses RC4, which is not supported\n.*OpenSSL 3/],
  ] as const) {
    const path = file('x.p12', pkcs12(options));
    const { status, stdout, stderr } = await command(['encode', '--p12', path]);
    assert.equal([status, stdout], [2, ''], stderr);
    assert.match(stderr, message);
  }
});

test('unrelated certificates and copies are left out, and named', async () => {
  const other = file('other.pem', issue({ subject: 'CN=other', key: key('p256', 9) }).pem);
  const { status, stdout, stderr } = await command([
    'encode',
    '--cert',
    other,
    LEAF,
    LEAF,
    LOWER,
    UPPER,
    ROOT,
    '--key',
    KEY,
  ]);
  assert.is(status, 0);
  assert.is((await valuesOf(stdout)).crt, CHAIN.pem);
  assert.match(stderr, /left out: CN=other, which is not part of the chain\n/);
  assert.match(stderr, /left out: a second copy of CN=lightrun\.example\.com\n/);
});

test('of two certificates of one key the one that is valid longest is used', async () => {
  const [upper] = CHAIN.intermediates as [(typeof CHAIN)['leaf']];
  const old = issue({
    issuer: upper,
    key: CHAIN.leaf.privateKey,
    at: new Date(Date.now() - 60 * 24 * 3600 * 1000),
  });
  const { stdout } = await command([
    'encode',
    '--cert',
    file('old.pem', old.pem),
    LEAF,
    LOWER,
    UPPER,
    ROOT,
    '--key',
    KEY,
  ]);
  assert.is((await valuesOf(stdout)).crt, CHAIN.pem);
});

test('an error: nothing is printed or written, the report says why, status 1', async () => {
  const otherKey = file('other.key', pkcs8(key('p256', 9)));
  const values = file('values.yaml', 'certificate:\n  existing_cert: mine\n');
  for (const [args, rule] of [
    [['--cert', LEAF, LOWER, UPPER, ROOT, '--key', otherKey], 'key-mismatch'],
    [['--cert', LEAF, '--key', KEY], 'chain-incomplete'],
    [['--cert', LEAF, UPPER, ROOT, '--key', KEY], 'chain-incomplete'],
    [[...WHOLE, '--at', '2040-01-01'], 'cert-expired'],
    [['--cert', LEAF, LOWER, UPPER, '--key', KEY, '--strict'], 'chain-no-root'],
  ] as const) {
    for (const write of [[], ['--write', values]]) {
      const { status, stdout, stderr } = await command(['encode', ...args, ...write]);
      assert.equal([status, stdout], [1, ''], stderr);
      assert.match(stderr, new RegExp(rule));
      assert.match(stderr, /Nothing was (printed|written)\.\n$/);
      assert.is(readFileSync(values, 'utf8'), 'certificate:\n  existing_cert: mine\n');
    }
  }
});

test('--rule lets a broken one pass, as in lint', async () => {
  const { status } = await command([
    'encode',
    '--cert',
    LEAF,
    '--key',
    KEY,
    '--rule',
    'chain-incomplete=warning',
  ]);
  assert.is(status, 0);
});

test('--write edits a file in place, empties existing_cert, and checks the whole file', async () => {
  const values = file(
    'values.yaml',
    '# mine\ngeneral:\n  lightrun_endpoint: other.example.com # host\ncertificate:\n  existing_cert: mine # before\n',
  );
  const { status, stdout, stderr } = await command(['encode', ...WHOLE, '--write', values]);
  assert.equal([status, stdout], [1, ''], 'the host of the file is not covered');
  const text = readFileSync(values, 'utf8');
  assert.ok(
    text.startsWith(
      '# mine\ngeneral:\n  lightrun_endpoint: other.example.com # host\ncertificate:\n  existing_cert: "" # before\n  tls:\n    crt: "',
    ),
  );
  assert.is((await valuesOf(text)).crt, CHAIN.pem);
  assert.match(
    stderr,
    /certificate\.tls\.crt and certificate\.tls\.key were written, and certificate\.existing_cert was emptied\n/,
  );
  assert.match(stderr, /cert-host-mismatch/);
  const again = await command(['encode', ...WHOLE, '--write', values]);
  assert.is(again.status, 1);
  assert.is(readFileSync(values, 'utf8'), text);
});

test('--write where the rest of the file is wrong: written, and said, status 1', async () => {
  const values = file('values.yaml', 'general:\n  deploy_secrets: {enabled: false}\n');
  const { status, stderr } = await command(['encode', ...WHOLE, '--write', values]);
  assert.is(status, 1);
  assert.match(stderr, /source-ignored/);
  assert.is((await valuesOf(readFileSync(values, 'utf8'))).crt, CHAIN.pem);
});

test('--write where there is no place: status 2, and the file is unchanged', async () => {
  for (const text of ['certificate: text\n', 'a: [\n', 'a: &a {crt: x}\ncertificate: {tls: *a}\n']) {
    const values = file('values.yaml', text);
    const { status, stderr } = await command(['encode', ...WHOLE, '--write', values]);
    assert.is(status, 2);
    assert.match(stderr, /nothing was written/);
    assert.is(readFileSync(values, 'utf8'), text);
  }
});

test('--add-root: a root that is not public cannot be added, and the message says what to do', async () => {
  const { status, stdout, stderr } = await command([
    'encode',
    '--cert',
    LEAF,
    LOWER,
    UPPER,
    '--key',
    KEY,
    '--add-root',
  ]);
  assert.equal([status, stdout], [2, '']);
  assert.match(stderr, /is not a public root.*\n.*name it with --add/);
  const whole = await command(['encode', ...WHOLE, '--add-root']);
  assert.is((await valuesOf(whole.stdout)).crt, CHAIN.pem);
});

const OPENSSH = file('id_ed25519', pemBlock('OPENSSH PRIVATE KEY', Buffer.from('openssh-key-v1\0')));
const DAMAGED = file('damaged.key', pemBlock('PRIVATE KEY', Buffer.from('3003020101', 'hex')));
const NO_CERTIFICATE = file('no.crt', pemBlock('CERTIFICATE', Buffer.from('3003020101', 'hex')));

test('a file that is of no use is named, with what to do', async () => {
  const request = file(
    'request.pem',
    '-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n',
  );
  for (const [args, message] of [
    [['--cert', KEY, '--key', KEY], /holds no certificate: it holds a private key/],
    [['--cert', LEAF, '--key', LEAF], /holds no private key: it holds a certificate/],
    [['--cert', request, '--key', KEY], /it holds a certificate request/],
    [['--cert', file('empty', ''), '--key', KEY], /it is empty/],
    [['--cert', file('text', 'hello'), '--key', KEY], /neither PEM, DER nor PKCS#7/],
    [['--cert', file('cut.pem', CHAIN.pem.slice(0, 300)), '--key', KEY], /damaged/],
    [
      ['--cert', LEAF, '--key', file('two.pem', pkcs8(key('p256', 9)) + pkcs8(key()))],
      /more than one private key/,
    ],
    [
      ['--cert', LEAF, '--key', OPENSSH],
      /is an OpenSSH private key, which TLS servers do not read\n {2}Convert .*\n {4}install -m 600 .*\n {4}ssh-keygen -p -N '' -m PKCS8 -f /,
    ],
    [['--cert', LEAF, '--key', DAMAGED], /the private key in \S+ cannot be read\n {2}Get a fresh copy/],
    [['--cert', NO_CERTIFICATE, '--key', KEY], /:1: a certificate cannot be read: .*\n {2}Get a fresh copy/],
    [['--cert', join(FOLDER, 'none'), '--key', KEY], /no such file/],
    [['--cert', LEAF], /needs the private key/],
    [['--key', KEY], /needs certificates/],
    [['--p12', LEAF, '--key', KEY], /both give a private key/],
    [['--p12', LEAF], /is not a readable PKCS#12 file/],
  ] as const) {
    const { status, stdout, stderr } = await command(['encode', ...args]);
    assert.equal([status, stdout], [2, ''], stderr);
    assert.match(stderr, message);
    assert.not.match(stderr, /\n\s+at /);
  }
});

test('damage that has one right answer is repaired', async () => {
  for (const spoilt of [
    CHAIN.pem.replaceAll('\n', '\r'),
    CHAIN.pem.replaceAll('-\n-', '--'),
    Buffer.from(`\ufeff${CHAIN.pem}`, 'utf16le'),
  ]) {
    const { status, stdout, stderr } = await command([
      'encode',
      '--cert',
      file('spoilt.pem', spoilt),
      '--key',
      KEY,
    ]);
    assert.is(status, 0, stderr);
    assert.is((await valuesOf(stdout)).crt, CHAIN.pem);
  }
});

test('the private key is in the block alone', async () => {
  const { stderr } = await command(['encode', ...WHOLE]);
  const body = pkcs8(CHAIN.leaf.privateKey).split('\n')[1] ?? '';
  assert.not.ok(stderr.includes(body.slice(0, 12)));
  assert.ok(readPem(readFileSync(KEY)).blocks.length === 1);
  assert.ok(createPublicKey(createPrivateKey(readFileSync(KEY))));
});

test.run();
