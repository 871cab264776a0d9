import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { command, type Ended, type Surroundings } from '../support/command.ts';
import { inline } from '../support/inline.ts';
import { lintText, rulesOf } from '../support/lint.ts';
import { chain, key, pkcs8 } from '../support/pki.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'generate-'));
const VALUES = join(FOLDER, 'values.yaml');
const DIR = join(FOLDER, 'out');
const HOST = ['--host', 'lightrun.example.com'] as const;
const QUICK = [...HOST, '--key', 'ec256'] as const;

test.after(() => rmSync(FOLDER, { recursive: true, force: true }));
test.after.each(() => rmSync(DIR, { recursive: true, force: true }));

const generate = (args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> =>
  command(['generate', ...args], surroundings);

const decode = (text: unknown): string => Buffer.from(String(text), 'base64').toString();
const fits = (crt: string, key: string): boolean =>
  new X509Certificate(crt).checkPrivateKey(createPrivateKey(key));
/** A piece of a private key that must not be said. */
const pieceOf = (pem: string): string => (pem.split('\n')[2] ?? '').slice(0, 16);

test('--out-dir: two files that match, the private key with mode 0600, and what to do next', async () => {
  const { status, stdout, stderr } = await generate([...HOST, '--out-dir', DIR]);
  assert.equal([status, stdout], [0, '']);
  const [crt, key] = [join(DIR, 'tls.crt'), join(DIR, 'tls.key')];
  assert.equal(readdirSync(DIR), ['tls.crt', 'tls.key']);
  assert.equal([statSync(crt).mode & 0o777, statSync(key).mode & 0o777], [0o644, 0o600]);
  assert.ok(fits(readFileSync(crt, 'utf8'), readFileSync(key, 'utf8')));
  assert.match(stderr, /^Self-signed, for testing only: clients refuse it until they are told to trust it\./);
  assert.match(stderr, /\n {2}names {2}lightrun\.example\.com\n {2}key {4}RSA 2048\n/);
  assert.match(stderr, /an hour ago, for slow clocks/);
  assert.ok(stderr.includes(`lightrun-cert encode --cert ${crt} --key ${key} --write values.yaml`));
  assert.ok(stderr.includes(`kubectl create secret tls lightrun-tls --cert=${crt} --key=${key} `));
  assert.not.ok(stderr.includes(pieceOf(readFileSync(key, 'utf8'))));
});

test('--out-dir: directories are created, and quoted where a shell needs it', async () => {
  const deep = join(DIR, "a b's", 'c');
  const { status, stderr } = await generate([...QUICK, '--out-dir', deep]);
  assert.is(status, 0);
  assert.equal(readdirSync(deep), ['tls.crt', 'tls.key']);
  assert.ok(stderr.includes(`--key '${DIR}/a b'\\''s/c/tls.key' `));
});

test('--out-dir: nothing is overwritten without --force, neither a file nor a link', async () => {
  await generate([...QUICK, '--out-dir', DIR]);
  const [crt, key] = [join(DIR, 'tls.crt'), join(DIR, 'tls.key')];
  const before = readFileSync(crt, 'utf8');
  for (const gone of [null, key]) {
    if (gone) rmSync(gone);
    const { status, stderr } = await generate([...QUICK, '--out-dir', DIR]);
    assert.is(status, 2);
    assert.match(stderr, /tls\.(crt|key) already exists, so nothing was written\n {2}.*--force/);
    assert.is(readFileSync(crt, 'utf8'), before);
    assert.is(existsSync(key), gone === null);
  }
  symlinkSync(join(FOLDER, 'elsewhere'), key);
  assert.is((await generate([...QUICK, '--out-dir', DIR])).status, 2);

  const { status } = await generate([...QUICK, '--out-dir', DIR, '--force']);
  assert.is(status, 0);
  assert.not.ok(existsSync(join(FOLDER, 'elsewhere')));
  assert.is(statSync(key).mode & 0o777, 0o600);
  assert.is.not(readFileSync(crt, 'utf8'), before);
  assert.ok(fits(readFileSync(crt, 'utf8'), readFileSync(key, 'utf8')));
});

test('--print: only the block on standard output, everything else on standard error', async () => {
  const { status, stdout, stderr } = await generate([...QUICK, '--print']);
  assert.is(status, 0);
  assert.match(stdout, /^# Self-signed, for testing only\.\ncertificate:\n/);
  assert.equal(rulesOf(await lintText(stdout)), ['cert-self-signed']);
  const { crt, key } = parse(stdout).certificate.tls;
  assert.ok(fits(decode(crt), decode(key)));
  assert.match(stderr, /for testing only[\s\S]*\n {2}lightrun-cert lint values\.yaml\n$/);
  assert.not.ok(stderr.includes(key.slice(60, 76)) || stderr.includes(pieceOf(decode(key))));
});

test('--print --root: the block is below it, and the next command names it', async () => {
  const { stdout, stderr } = await generate([...QUICK, '--print', '--root', 'platform.lightrun']);
  assert.ok(parse(stdout).platform.lightrun.certificate.tls.key);
  assert.equal(rulesOf(await lintText(stdout, { root: ['platform', 'lightrun'] })), ['cert-self-signed']);
  assert.match(stderr, /lint --root platform\.lightrun values\.yaml\n$/);
});

test('--write: edits the file in place and keeps the rest', async () => {
  writeFileSync(VALUES, '# mine\nlightrun:\n  certificate:\n    existing_cert: old # gone\nother: 1\n', {
    mode: 0o640,
  });
  const { status, stdout, stderr } = await generate([...QUICK, '--write', VALUES, '--root', 'lightrun']);
  assert.equal([status, stdout], [0, '']);
  const text = readFileSync(VALUES, 'utf8');
  assert.match(text, /^# mine\nlightrun:\n {2}certificate:\n {4}existing_cert: \S* ?# gone\n/);
  const { lightrun, other } = parse(text);
  assert.equal([lightrun.certificate.existing_cert, other], ['', 1]);
  assert.equal(rulesOf(await lintText(text, { root: ['lightrun'] })), ['cert-self-signed']);
  assert.is(statSync(VALUES).mode & 0o777, 0o640);
  assert.ok(stderr.endsWith(`\n  lightrun-cert lint --root lightrun ${VALUES}\n`), stderr);
  assert.not.ok(stderr.includes(pieceOf(decode(lightrun.certificate.tls.key))));
  assert.equal(readdirSync(FOLDER), ['values.yaml']);
});

test('--write: overwrites a private key in the file only with --force', async () => {
  for (const text of [inline(chain().pem), inline(chain().pem).replace('crt:', 'xxx:')]) {
    writeFileSync(VALUES, text);
    const { status, stderr } = await generate([...QUICK, '--write', VALUES]);
    assert.is(status, 2);
    assert.match(
      stderr,
      /certificate\.tls\.key already holds a private key, so nothing was written\n.*--force/,
    );
    assert.is(readFileSync(VALUES, 'utf8'), text);
  }
  assert.is((await generate([...QUICK, '--write', VALUES, '--force'])).status, 0);
  const { tls } = parse(readFileSync(VALUES, 'utf8')).certificate;
  assert.ok(fits(decode(tls.crt), decode(tls.key)));
});

test('--write: replaces placeholders, and a truncated certificate', async () => {
  for (const values of [
    '{crt: "<crt>", key: "<key>"}',
    '{crt: "", key: }',
    'null',
    '{crt: LS0tLS1CRUdJTi..., key: changeme}',
  ]) {
    writeFileSync(VALUES, `certificate:\n  tls: ${values}\n`);
    assert.is((await generate([...QUICK, '--write', VALUES])).status, 0, values);
    assert.equal(rulesOf(await lintText(readFileSync(VALUES))), ['cert-self-signed']);
  }
});

test('several hosts, each with its own flag or after one; the first is the common name', async () => {
  const names = ['lightrun.example.com', '*.example.com', '10.0.0.5', 'bücher.example'] as const;
  const [one, two, ...more] = names;
  for (const hosts of [['--host', one, '--host', two, ...more], names.flatMap((name) => ['--host', name])]) {
    const { stdout, stderr } = await generate([...hosts, '--key', 'ec384', '--print']);
    const x509 = new X509Certificate(decode(parse(stdout).certificate.tls.crt));
    assert.is(x509.subject, 'CN=lightrun.example.com');
    assert.is(
      x509.subjectAltName,
      'DNS:lightrun.example.com, DNS:*.example.com, IP Address:10.0.0.5, DNS:xn--bcher-kva.example',
    );
    assert.match(
      stderr,
      /names {2}lightrun\.example\.com, \*\.example\.com, xn--bcher-kva\.example, 10\.0\.0\.5\n {2}key {4}EC P-384/,
    );
  }
});

test('a certificate for a wildcard, for an address, or for a very long name passes lint like any other', async () => {
  for (const host of ['*.example.com', '2001:db8::1', `${'a.'.repeat(120)}example.com`]) {
    const { status, stderr } = await generate(['--host', host, '--key', 'ec256', '--print']);
    assert.is(status, 0, stderr);
  }
});

test('--days: counted from now; says from when on Apple refuses it', async () => {
  const now = new Date('2026-11-25T12:00:00Z');
  for (const [days, end, isLong] of [
    ['1', '2026-11-26', false],
    ['30', '2026-12-25', false],
    ['824', '2029-02-26', false],
    ['825', '2029-02-27', true],
    ['3650', '2036-11-22', true],
  ] as const) {
    const { status, stderr } = await generate([...QUICK, '--print', '--days', days], { now });
    assert.is(status, 0, stderr);
    assert.ok(stderr.includes(`to ${end}T12:00:00Z.`), stderr);
    assert.is(stderr.includes("Apple's systems refuse more than 825 days"), isLong);
  }
});

test('wrong usage: status 2, what to write, and nothing written', async () => {
  for (const [args, message] of [
    [['--print'], /needs a host[\s\S]*--host lightrun\.example\.com/],
    [['a.example.com', '--print'], /needs a host[\s\S]*--host a\.example\.com/],
    [HOST, /where to put the certificate and its private key\n.*--out-dir DIR.*--write FILE.*--print/],
    [[...HOST, '--print', '--out-dir', DIR], /--out-dir and --print cannot be used together/],
    [[...HOST, '--write', VALUES, '--out-dir', DIR], /--out-dir and --write cannot be used together/],
    [[...HOST, '--out-dir', DIR, '--root', 'lightrun'], /--root names a place in a values file/],
    [[...HOST, '--print', '--force'], /--print, which writes no file/],
    [[...HOST, '--print', '--root', 'a..b'], /is not a valid path/],
    [[...HOST, '--print', '--days', '0'], /--days 0 is not a valid number of days\n.*from 1 to 3650/],
    [[...HOST, '--print', '--days=-1'], /--days -1 is not a valid number of days/],
    [[...HOST, '--print', '--days', '1.5'], /is not a valid number of days/],
    [[...HOST, '--print', '--days', '3651'], /more than ten years, too long/],
    [
      [...HOST, '--print', '--key', 'rsa1024'],
      /is not one of rsa2048, rsa4096, ec256, ec384\n.*Did you mean rsa\d+\?/,
    ],
    [[...HOST, '--print', '--hots', 'a'], /Did you mean --host\?/],
    [['--host', 'https://a.example.com', '--print'], /is a URL\n.*--host a\.example\.com/],
    [[...HOST, 'values.yaml', '--print'], /values\.yaml is a file/],
    [[...QUICK, '--write', join(FOLDER, 'none.yaml')], /none\.yaml cannot be read: there is no such file/],
    [[...QUICK, '--write', '-'], /which standard input \(-\) is not/],
    [[...QUICK, '--out-dir', VALUES], /values\.yaml\/tls\.crt cannot be written|is not a (folder|directory)/],
  ] as const) {
    writeFileSync(VALUES, 'a: 1\n');
    const { status, stdout, stderr } = await generate(args);
    assert.equal([status, stdout], [2, ''], JSON.stringify(args));
    assert.match(stderr, message);
    assert.equal(readdirSync(FOLDER), ['values.yaml']);
    assert.is(readFileSync(VALUES, 'utf8'), 'a: 1\n');
  }
});

test('a values file that cannot be edited is left unchanged', async () => {
  for (const text of ['a: [\n', 'certificate: text\n']) {
    writeFileSync(VALUES, text);
    const { status, stderr } = await generate([...QUICK, '--write', VALUES]);
    assert.is(status, 2);
    assert.match(stderr, /nothing was written/);
    assert.is(readFileSync(VALUES, 'utf8'), text);
  }
});

test('a warning stops nothing: lint warns of a certificate for one day, which expires soon', async () => {
  const { status, stdout } = await generate([...QUICK, '--print', '--days', '1'], { now: new Date() });
  assert.is(status, 0);
  assert.equal(rulesOf(await lintText(stdout)), ['cert-expiring', 'cert-self-signed']);
});

test('a certificate in which a rule finds an error is not written', async () => {
  // It would end after the year 9999, the last that a certificate can name.
  const { status, stderr, stdout } = await generate([...QUICK, '--print'], { now: new Date('9999-06-01') });
  assert.equal([status, stdout], [2, ''], stderr);
  assert.match(stderr, /the new certificate does not pass lint, so nothing was written: cert-[\s\S]*clock/);
});

test('a private key in place of the directory is not shown', async () => {
  const secret = Buffer.from(pkcs8(key('p256'))).toString('base64');
  for (const folder of [join(VALUES, secret), join(FOLDER, 'x', secret.slice(0, 120))]) {
    writeFileSync(VALUES, 'a: 1\n');
    const { stdout, stderr } = await generate([...QUICK, '--out-dir', folder]);
    assert.equal([stdout, (stdout + stderr).includes(secret.slice(60, 72))], ['', false], stderr);
  }
});

test.run();
