import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
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
import { command, type Ended, type Surroundings } from '../support/command.ts';
import { openssl } from '../support/openssl.ts';
import { chain, issue, key, pkcs8, sec1 } from '../support/pki.ts';
import { base64 } from '../support/values-yaml.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'request-'));
const VALUES = join(FOLDER, 'values.yaml');
const DIR = join(FOLDER, 'out');
const HOST = 'lightrun.example.com';
const [CSR, KEY] = [join(DIR, 'tls.csr'), join(DIR, 'tls.key')];

test.after(() => rmSync(FOLDER, { recursive: true, force: true }));
test.after.each(() => rmSync(DIR, { recursive: true, force: true }));

function request(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  return command(['request', '--out-dir', DIR, ...args], surroundings);
}

/** A values file with a private key, and what else is wanted. */
function write(values: { crt?: string; key?: string; more?: string }): string {
  const lines = [
    'certificate:',
    '  tls:',
    `    crt: ${values.crt ? base64(values.crt) : '""'}`,
    `    key: ${values.key ? base64(values.key) : '""'}`,
  ];
  writeFileSync(VALUES, `${lines.join('\n')}\n${values.more ?? ''}`);
  return VALUES;
}

/** What OpenSSL makes of the request; it verifies the signature first. */
const asText = () => openssl(FOLDER, 'req', '-verify', '-in', CSR, '-noout', '-text', '-nameopt', 'RFC2253');
const pinOfPem = (pem: string) =>
  createHash('sha256')
    .update(createPublicKey(pem).export({ type: 'spki', format: 'der' }))
    .digest('hex');
const pinInRequest = async () => pinOfPem(await openssl(FOLDER, 'req', '-in', CSR, '-pubkey', '-noout'));
const pinOf = (privateKey: KeyObject) => pinOfPem(pkcs8(privateKey));

const INTERNAL = 'general:\n  internal_tls:\n    enabled: true\n';
const VERIFIED = `${INTERNAL}    certificates:\n      existing_ca_secret_name: my-ca\n`;

for (const [kind, publicKey, usage] of [
  ['rsa2048', 'Public-Key: (2048 bit)', 'Digital Signature, Key Encipherment'],
  ['rsa4096', 'Public-Key: (4096 bit)', 'Digital Signature, Key Encipherment'],
  ['ec256', 'NIST CURVE: P-256', 'Digital Signature'],
  ['ec384', 'NIST CURVE: P-384', 'Digital Signature'],
] as const) {
  test(`--key ${kind}: OpenSSL verifies the request, which has every name`, async () => {
    const { status, stdout, stderr } = await request([
      '--host',
      HOST,
      '*.apps.example.com',
      '10.0.0.5',
      '2001:db8::ff',
      '--key',
      kind,
    ]);
    assert.equal([status, stdout], [0, ''], stderr);
    const text = await asText();
    assert.match(text, publicKey);
    assert.match(text, new RegExp(`X509v3 Key Usage: critical\\s+${usage}\\n`));
    assert.match(text, `Subject: CN=${HOST}`);
    assert.match(
      text,
      `DNS:${HOST}, DNS:*.apps.example.com, IP Address:10.0.0.5, IP Address:2001:DB8:0:0:0:0:0:FF`,
    );
    assert.equal(readdirSync(DIR), ['tls.csr', 'tls.key']);
    assert.equal([statSync(CSR).mode & 0o777, statSync(KEY).mode & 0o777], [0o644, 0o600]);
    assert.is(pinOfPem(readFileSync(KEY, 'utf8')), await pinInRequest());
    assert.match(stderr, `  pin    ${await pinInRequest()}\n`);
    assert.match(stderr, `lightrun-cert encode --cert full-chain.crt --key ${KEY} --write values.yaml\n`);
  });
}

test('a name too long for a common name leaves the subject empty', async () => {
  const long = `${'a'.repeat(60)}.example.com`;
  assert.is((await request(['--host', long])).status, 0);
  assert.match(await asText(), /Subject:\s*\n/);
  assert.match(await asText(), `DNS:${long}`);
});

test('a host has to be named, and to be one', async () => {
  for (const args of [[], ['--host', 'https://a.example'], ['--host', 'a.example', '--key', 'dsa']]) {
    const { status, stderr } = await request(args);
    assert.is(status, 2);
    assert.match(stderr, /--host|--key/);
    assert.not.ok(existsSync(DIR));
  }
});

test('--values: the key that is there stays, and so does the pin', async () => {
  const { leaf, pem } = chain();
  const { status, stderr } = await request([
    '--host',
    HOST,
    '--values',
    write({ crt: pem, key: pkcs8(leaf.privateKey) }),
  ]);
  assert.is(status, 0, stderr);
  assert.equal(readdirSync(DIR), ['tls.csr']);
  const pin = pinOf(leaf.privateKey);
  assert.is(await pinInRequest(), pin);
  assert.match(stderr, `for the private key in ${VALUES}: certificate.tls.key.`);
  assert.match(stderr, `  pin    ${pin} (as before)\n`);
  assert.match(stderr, `lightrun-cert encode --cert full-chain.crt --write ${VALUES}\n`);
});

test('--values with --key: a new key, and the pins before and after', async () => {
  const { leaf, pem } = chain();
  const file = write({ crt: pem, key: pkcs8(leaf.privateKey) });
  const before = readFileSync(file, 'utf8');
  const { status, stderr } = await request(['--host', HOST, '--values', file, '--key', 'ec256']);
  assert.is(status, 0, stderr);
  assert.match(stderr, `  pin    ${pinOf(leaf.privateKey)} → ${await pinInRequest()}\n`);
  assert.match(stderr, 'lightrun-cert explain pin-changes');
  assert.match(stderr, `encode --cert full-chain.crt --key ${KEY} --write ${file}\n`);
  assert.is(readFileSync(file, 'utf8'), before);
});

for (const [name, pem] of [
  ['PKCS#1 or PKCS#8, RSA', () => pkcs8(key('rsa2048'))],
  ['SEC1', () => sec1(key('p384'))],
] as const) {
  test(`--values: a key in ${name}`, async () => {
    const { status, stderr } = await request(['--host', HOST, '--values', write({ key: pem() })]);
    assert.is(status, 0, stderr);
    assert.is(await pinInRequest(), pinOfPem(pem()));
  });
}

test('--values: the passphrase of an encrypted key comes from the same file, or from one that is named', async () => {
  const pem = String(
    key('p256').export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'passphrase' }),
  );
  const password = 'secrets:\n  defaults:\n    keystore_password: passphrase\n';
  assert.is((await request(['--host', HOST, '--values', write({ key: pem, more: password })])).status, 0);
  rmSync(DIR, { recursive: true });
  const file = join(FOLDER, 'passphrase');
  writeFileSync(file, 'passphrase\n');
  const args = ['--host', HOST, '--values', write({ key: pem })];
  assert.is((await request([...args, '--passphrase-file', file])).status, 0);
  rmSync(DIR, { recursive: true });
  assert.is((await request(args)).status, 2);
});

for (const kind of ['rsa1024', 'p521', 'ed25519', 'rsa-pss'] as const) {
  test(`--values: a key that not every client accepts is refused: ${kind}`, async () => {
    const { status, stderr } = await request(['--host', HOST, '--values', write({ key: pkcs8(key(kind)) })]);
    assert.is(status, 2);
    assert.match(stderr, /which not every client accepts, so nothing was written\n {2}.*--key rsa2048/);
    assert.not.ok(existsSync(DIR));
  });
}

test('--values -, and the manifest of a Secret', async () => {
  const { leaf, pem } = chain();
  const manifest = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { name: 'my-tls' },
    data: { 'tls.crt': base64(pem), 'tls.key': base64(pkcs8(leaf.privateKey)) },
  });
  const { status, stderr } = await request(['--host', HOST, '--values', '-'], { stdin: manifest });
  assert.is(status, 0, stderr);
  assert.is(await pinInRequest(), pinOf(leaf.privateKey));
  assert.match(stderr, 'kubectl patch secret NAME');
  assert.match(stderr, '(as before)');
  rmSync(DIR, { recursive: true });
  const values = readFileSync(write({ key: pkcs8(leaf.privateKey) }), 'utf8');
  const piped = await request(['--host', HOST, '--values', '-'], { stdin: values });
  assert.match(piped.stderr, 'encode --cert full-chain.crt --write values.yaml');
});

test('--values without a private key: no new one is made unless it is asked for', async () => {
  const existing = 'certificate:\n  existing_cert: my-tls\n';
  writeFileSync(VALUES, existing);
  const { status, stderr } = await request(['--host', HOST, '--values', VALUES]);
  assert.is(status, 2);
  assert.match(stderr, 'holds no private key (certificate.tls.key is not set)');
  assert.match(stderr, `kubectl get secret my-tls -o yaml | lightrun-cert request --host ${HOST} --values -`);
  assert.not.ok(existsSync(DIR));
  assert.is((await request(['--host', HOST, '--values', VALUES, '--key', 'ec256'])).status, 0);
});

test('--values: a key that has yet to be filled in is not taken for none', async () => {
  writeFileSync(VALUES, 'certificate:\n  tls:\n    key: "ENC[AES256_GCM,data:abc,type:str]"\n');
  const { status, stderr } = await request(['--host', HOST, '--values', VALUES]);
  assert.is(status, 2);
  assert.match(stderr, /SOPS has yet to fill it in\n {2}.*--values -/);
});

test('verified internal TLS: the backend is named too, and its name has to be known', async () => {
  const values = { key: pkcs8(key('p256')) };
  const args = ['--host', HOST, '--values', VALUES];
  write({ ...values, more: VERIFIED });
  const unknown = await request(args);
  assert.is(unknown.status, 2);
  assert.match(unknown.stderr, '--release NAME');
  assert.not.ok(existsSync(DIR));
  assert.is((await request([...args, '--release', 'prod'])).status, 0);
  assert.match(await asText(), `DNS:${HOST}, DNS:prod-backend\n`);
  rmSync(DIR, { recursive: true });
  write({ ...values, more: `${VERIFIED}  nameOverride: lightrun\n` });
  assert.is((await request([...args, '--release', 'prod'])).status, 0);
  assert.match(await asText(), `DNS:${HOST}, DNS:lightrun-backend\n`);
});

for (const [name, more] of [
  ['off', VERIFIED.replace('true', 'false')],
  ['without a CA', INTERNAL],
  ['not verified', `${VERIFIED}      verification: false\n`],
] as const) {
  test(`internal TLS ${name}: the backend is not named`, async () => {
    const file = write({ key: pkcs8(key('p256')), more });
    assert.is((await request(['--host', HOST, '--values', file, '--release', 'prod'])).status, 0);
    assert.match(await asText(), `DNS:${HOST}\n`);
  });
}

test('names that get lost, and an endpoint that is not covered, are named', async () => {
  const leaf = issue({ san: [HOST, 'a.apps.example.com', 'old.example.com'], key: 'p256' });
  const file = write({
    crt: leaf.pem,
    key: pkcs8(leaf.privateKey),
    more: 'general:\n  lightrun_endpoint: other.example.com\n',
  });
  const { stderr } = await request(['--host', HOST, '*.apps.example.com', '--values', file]);
  assert.match(stderr, '  note   the certificate now also names old.example.com\n');
  assert.match(stderr, '  note   no name covers general.lightrun_endpoint, other.example.com\n');
  assert.is(new X509Certificate(leaf.pem).subjectAltName?.includes('a.apps'), true);
});

test('nothing is overwritten, neither a file nor a link', async () => {
  assert.is((await request(['--host', HOST, '--key', 'ec256'])).status, 0);
  const [csr, privateKey] = [CSR, KEY].map((file) => readFileSync(file, 'utf8'));
  for (const gone of [null, CSR]) {
    if (gone) rmSync(gone);
    const { status, stderr } = await request(['--host', HOST]);
    assert.is(status, 2);
    assert.match(stderr, /already exists, so nothing was written\n {2}Name another folder: --out-dir DIR/);
    assert.not.match(stderr, '--force');
    assert.is(readFileSync(KEY, 'utf8'), privateKey);
    if (gone === null) assert.is(readFileSync(CSR, 'utf8'), csr);
  }
  rmSync(KEY);
  symlinkSync(join(FOLDER, 'elsewhere'), KEY);
  assert.is((await request(['--host', HOST])).status, 2);
  assert.not.ok(existsSync(join(FOLDER, 'elsewhere')));
});

test('flags about the values need them, and a file that is none is refused', async () => {
  for (const flag of ['--root=lightrun', '--release=prod', '--passphrase-file=x']) {
    assert.is((await request(['--host', HOST, flag])).status, 2, flag);
  }
  const file = write({ key: pkcs8(key('p256')) });
  for (const args of [
    ['--values', join(FOLDER, 'none.yaml')],
    ['--values', file, '--root', 'lightrun'],
    ['--values', file, '--release', 'Prod'],
    ['--values', file, '--release', 'a'.repeat(54)],
  ]) {
    const { status } = await request(['--host', HOST, ...args]);
    assert.is(status, 2, args.join(' '));
    assert.not.ok(existsSync(DIR));
  }
  assert.is((await request(['--host', HOST, '--values', file, '--release', 'a'.repeat(53)])).status, 0);
});

test('the values of a subchart', async () => {
  const pem = pkcs8(key('p256'));
  writeFileSync(VALUES, `lightrun:\n  certificate:\n    tls:\n      key: ${base64(pem)}\n`);
  const { status, stderr } = await request(['--host', HOST, '--values', VALUES, '--root', 'lightrun']);
  assert.is(status, 0, stderr);
  assert.is(await pinInRequest(), pinOfPem(pem));
  assert.match(stderr, `--write ${VALUES} --root lightrun\n`);
});

test.run();
