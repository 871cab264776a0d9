import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { canaryOf, leaked } from '../support/canary.ts';
import { inspectCommand } from '../support/inspect.ts';
import { pkcs12 } from '../support/pkcs12.ts';
import { chain, key, pemBlock, pkcs1, pkcs8 } from '../support/pki.ts';
import { base64 } from '../support/values-yaml.ts';

const test = suite<{ file(name: string, content: string | Buffer): string }>('inspect: files as they come');

const { leaf, intermediates, root, all, pem } = chain({ keyKind: 'rsa2048' });
const KEY = pkcs8(leaf.privateKey);
const CANARY = canaryOf([KEY, pkcs1(leaf.privateKey), pkcs8(key('rsa2048', 9))], [pem]);
const WHOLE = { certificates: all.map(({ der }) => der), keys: [leaf.privateKey] };
const LOCKED = leaf.privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
  .toString();

const FOLDER = mkdtempSync(join(tmpdir(), 'inspect-files-'));
test.before.each((context) => {
  context.file = (name, content) => {
    const path = join(FOLDER, name);
    writeFileSync(path, content);
    return path;
  };
});
test.after(() => rmSync(FOLDER, { recursive: true, force: true }));

/** Looks, and finds no key in what was printed, in either format. */
async function look(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const asJson = await inspectCommand([...args, '--format', 'json']);
  const ended = await inspectCommand(args);
  for (const { stdout, stderr } of [asJson, ended]) assert.equal(leaked(stdout + stderr, CANARY), []);
  assert.is(asJson.status, ended.status);
  assert.not.match(ended.stderr, /\n\s+at /);
  return ended;
}

const secret = (data: object) =>
  JSON.stringify({ kind: 'Secret', type: 'kubernetes.io/tls', metadata: { name: 'x' }, ...data });
const wrapped = (bytes: string | Buffer) => pemBlock('CERTIFICATE', Buffer.from(bytes as string));

for (const [name, content] of [
  ['a PKCS#12 file without a passphrase', pkcs12(WHOLE)],
  ['the base64 of one', base64(pkcs12(WHOLE))],
  ['one wrapped by certutil -encode', wrapped(pkcs12(WHOLE))],
  ['a Secret manifest', secret({ data: { 'tls.crt': base64(pem), 'tls.key': base64(KEY) } })],
  ['its stringData', secret({ stringData: { 'tls.crt': pem, 'tls.key': KEY } })],
  [
    'one among other documents',
    `kind: Pod\n---\n${secret({ data: { 'tls.crt': base64(pem), 'tls.key': base64(KEY) } })}\n---\nkind: Service\n`,
  ],
  [
    'an answer of Vault',
    JSON.stringify({
      data: { certificate: leaf.pem, ca_chain: [intermediates[0]?.pem, root.pem], private_key: KEY },
    }),
  ],
  [
    'its answer in DER',
    JSON.stringify({
      data: {
        certificate: base64(leaf.der),
        ca_chain: [base64(intermediates[0]?.der ?? ''), base64(root.der)],
        private_key: base64(leaf.privateKey.export({ type: 'pkcs1', format: 'der' })),
      },
    }),
  ],
  ['UTF-16 PEM', Buffer.from(`\ufeff${pem}${KEY}`, 'utf16le')],
  ['indented PEM', (pem + KEY).replace(/^/gm, '  ')],
  ['PEM wrapped by certutil -encode', wrapped(pem + KEY)],
] as const) {
  test(`${name}: chain, key and pin are shown`, async ({ file }) => {
    const { status, stdout, stderr } = await look(file('file', content));
    assert.is(status, 0, stderr);
    assert.match(stdout, /leaf +lightrun\.example\.com/);
    assert.match(stdout, /root +Test Root/);
    assert.match(stdout, /key +matches the leaf: RSA 2048/);
    assert.match(stdout, /security_pinned_hashes/);
    assert.is(/is not PEM that OpenSSL reads/.test(stdout), /^(UTF-16|indented)/.test(name), stdout);
  });
}

test('an encrypted PKCS#12 file: its passphrase, a wrong one, none', async ({ file }) => {
  const path = file('locked.p12', pkcs12({ ...WHOLE, passphrase: 'secret' }));
  const opened = await look(path, '--passphrase-file', file('passphrase', 'secret\n'));
  assert.is(opened.status, 0, opened.stderr);
  assert.match(opened.stdout, /matches the leaf/);
  const wrong = await look(path, '--passphrase-file', file('wrong', 'other\n'));
  assert.equal([wrong.status, wrong.stdout], [2, '']);
  assert.match(wrong.stderr, /the passphrase does not open .*locked\.p12/);
});

test('a PKCS#12 file with several keys, or without any', async ({ file }) => {
  const keys = [leaf.privateKey, key('rsa2048', 9)];
  const several = await look(file('several.p12', pkcs12({ ...WHOLE, keys })));
  assert.is(several.status, 0);
  assert.match(several.stdout, /holds 2 private keys, of which the\s+first\s+is\s+shown/);
  const none = await look(file('none.p12', pkcs12({ certificates: WHOLE.certificates })));
  assert.is(none.status, 0);
  assert.match(none.stdout, /key +none here/);
  const empty = await look(file('empty.p12', pkcs12({})));
  assert.is(empty.status, 2);
  assert.match(empty.stderr, /holds neither a certificate nor a private key/);
});

test('an encrypted private key: with --passphrase-file, and without', async ({ file }) => {
  const path = file('my cert.pem', pem + LOCKED);
  const locked = await look(path);
  assert.is(locked.status, 2);
  assert.match(locked.stderr, /is encrypted/);
  assert.ok(locked.stderr.includes(`lightrun-cert inspect '${path}' --passphrase-file FILE`), locked.stderr);
  const opened = await look(path, '--passphrase-file', file('passphrase', 'secret\n'));
  assert.is(opened.status, 0, opened.stderr);
  assert.match(
    opened.stdout,
    /matches the leaf: [^:]*opened\s+with\s+the\s+passphrase\s+of\s+--passphrase-file/,
  );
});

test('what a Secret manifest lacks, or has yet to get', async ({ file }) => {
  const crtOnly = await look(file('crt.yaml', secret({ data: { 'tls.crt': base64(pem) } })));
  assert.is(crtOnly.status, 0);
  assert.match(crtOnly.stdout, /key +none here/);
  const sops = secret({ data: { 'tls.crt': base64(pem), 'tls.key': 'ENC[AES256_GCM,data:x]' } });
  const unresolved = await look(file('sops.yaml', sops));
  assert.is(unresolved.status, 2);
  assert.match(unresolved.stderr, /tls\.key cannot be read: SOPS has yet to fill it in/);
  const two = await look(file('two.yaml', `${sops}\n---\n${sops}\n`));
  assert.is(two.status, 2);
  assert.match(two.stderr, /holds more than one Secret/);
  const known = { data: { 'tls.crt': base64(leaf.pem + intermediates[0]?.pem), 'ca.crt': base64(root.pem) } };
  const ca = await look(file('ca.yaml', secret(known)));
  assert.match(ca.stdout, /anchor +the root in ca\.crt of the same Secret/);
});

test('--passphrase-file is for files', async () => {
  const { status, stderr } = await inspectCommand(['--secret', 'a', '--passphrase-file', 'x']);
  assert.is(status, 2);
  assert.match(stderr, /--passphrase-file is for files, and --secret reads none/);
});

test.run();
