import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readValues } from '../../src/values/read.ts';
import { canaryOf, leaked } from '../support/canary.ts';
import { command, type Ended } from '../support/command.ts';
import { pkcs12 } from '../support/pkcs12.ts';
import { chain, issue, key, pkcs1, pkcs8, sec1 } from '../support/pki.ts';
import { base64, inlineYaml, pemYaml } from '../support/values-yaml.ts';

interface Folder {
  folder: string;
  /** Writes a file and gives its path. */
  file(name: string, content: string | Buffer): string;
  /** Runs `encode` and looks for keys in what it printed. */
  encode(...args: string[]): Promise<Ended>;
}

const test = suite<Folder>('encode --write: what is not given is taken from the file');

const OLD = chain({ depth: 2, keyKind: 'rsa2048' });
const [CA] = OLD.intermediates as [(typeof OLD)['leaf']];
const CAS = OLD.all
  .slice(1)
  .map(({ pem }) => pem)
  .join('');
const NEW_KEY = key('rsa2048', 60);
const OTHER = chain({ depth: 2, keyKind: 'rsa2048', tag: 'other' });
/** Renewed with the same key, and with a new one. */
const RENEWED = issue({
  issuer: CA,
  key: OLD.leaf.privateKey,
  notAfter: new Date(Date.now() + 120 * 86_400_000),
});
const REISSUED = issue({ issuer: CA, key: NEW_KEY });

const OLD_KEY = pkcs8(OLD.leaf.privateKey);
const KEYS = [OLD_KEY, pkcs1(OLD.leaf.privateKey), pkcs8(NEW_KEY), pkcs8(OTHER.leaf.privateKey)];
const CANARY = canaryOf(KEYS, [OLD.pem, RENEWED.pem, REISSUED.pem, OTHER.pem]);

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'encode-write-'));
  context.file = (name, content) => {
    const path = join(context.folder, name);
    writeFileSync(path, content);
    return path;
  };
  context.encode = async (...args) => {
    const before = readdirSync(context.folder);
    const ended = await command(['encode', ...args]);
    assert.equal(readdirSync(context.folder), before, 'no file comes or goes');
    assert.is(ended.stdout, '');
    assert.equal(leaked(ended.stderr, CANARY), []);
    assert.not.match(ended.stderr, /\n\s+at /);
    return ended;
  };
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

async function pairIn(path: string, root: readonly string[] = []): Promise<{ crt: string; key: string }> {
  const read = await readValues(readFileSync(path), path);
  assert.ok(read.ok);
  const value = (name: string): string => {
    const found = read.ok ? read.values.get([...root, 'certificate', 'tls', name]).value : null;
    return Buffer.from(String(found), 'base64').toString('latin1');
  };
  return { crt: value('crt'), key: value('key') };
}

const below = (yaml: string): string => `lightrun:\n${yaml.replace(/^(?=.)/gm, '  ')}`;
const COMMENT = '# mine\n';

/** Values whose certificate is right, and each way in which it is not that has one fix. */
const CRTS: Record<string, string> = {
  present: base64(OLD.pem),
  'in another order': base64(CAS + OLD.leaf.pem),
  wrapped: base64(OLD.pem).replace(/.{76}/g, '$& '),
  'encoded twice': base64(base64(OLD.pem)),
  'not encoded': OLD.pem.replaceAll('\n', '\\n'),
  'with the key in it': base64(OLD.pem + OLD_KEY),
};
const ROWS: Record<string, string> = {
  present: base64(OLD_KEY),
  'PKCS#1': base64(pkcs1(OLD.leaf.privateKey)),
  wrapped: base64(OLD_KEY).replace(/.{64}/g, '$& '),
  'not encoded': OLD_KEY.replaceAll('\n', '\\n'),
  'with CRLF': base64(OLD_KEY.replaceAll('\n', '\r\n')),
  'with text around it': base64(`Bag Attributes\n${OLD_KEY}`),
  DER: base64(OLD.leaf.privateKey.export({ type: 'pkcs8', format: 'der' })),
};

for (const root of [[], ['lightrun']]) {
  const flags = root.length > 0 ? ['--root', 'lightrun'] : [];
  const at = root.length > 0 ? ' below --root' : '';
  const place = (yaml: string) => COMMENT + (root.length > 0 ? below(yaml) : yaml);

  for (const [what, value] of Object.entries(ROWS)) {
    test(`--cert keeps the key that is there${at}: ${what}`, async ({ file, encode }) => {
      const values = file('values.yaml', place(inlineYaml(base64(OLD.pem), value)));
      const answer = file('answer.crt', RENEWED.pem + CAS);
      const { status, stderr } = await encode('--cert', answer, '--write', values, ...flags);
      assert.is(status, 0, stderr);
      const pair = await pairIn(values, root);
      assert.is(pair.crt, RENEWED.pem + CAS);
      const isLeft = what === 'PKCS#1' || what === 'with CRLF';
      assert.is(pair.key, isLeft ? Buffer.from(value, 'base64').toString('latin1') : OLD_KEY);
      assert.match(stderr, /^pin unchanged$/m);
      assert.ok(readFileSync(values, 'utf8').startsWith(COMMENT));
    });
  }

  for (const [what, value] of Object.entries(CRTS)) {
    test(`--key keeps the certificates that are there${at}: ${what}`, async ({ file, encode }) => {
      const wrong = base64(pkcs8(OTHER.leaf.privateKey));
      const values = file('values.yaml', place(inlineYaml(value, what.includes('key') ? '' : wrong)));
      const right = file('right.key', pkcs1(OLD.leaf.privateKey));
      const { status, stderr } = await encode('--key', right, '--write', values, ...flags);
      assert.is(status, 0, stderr);
      assert.equal(await pairIn(values, root), { crt: OLD.pem, key: OLD_KEY });
      assert.not.match(stderr, /\bpin\b/);
    });
  }

  for (const [what, crt] of [
    ['in its place', OLD.leaf.pem + OLD.root.pem],
    ['at the end', OLD.leaf.pem],
  ] as const) {
    test(`--add puts a missing issuer ${what}${at}`, async ({ file, encode }) => {
      const values = file('values.yaml', place(pemYaml(crt, OLD_KEY)));
      const issuers = [file('intermediate.crt', CA.pem), file('root.crt', OLD.root.pem)];
      const { status, stderr } = await encode('--add', ...issuers, '--write', values, ...flags);
      assert.is(status, 0, stderr);
      assert.equal(await pairIn(values, root), { crt: OLD.pem, key: OLD_KEY });
      assert.match(stderr, /values\.yaml: (lightrun\.)?certificate\.tls\.crt was written$/m);
      assert.not.match(stderr, /\bpin\b/);
    });
  }

  test(`what is in neither is named, with the command${at}`, async ({ file, encode }) => {
    const crt = file('answer.crt', RENEWED.pem + CAS);
    const right = file('right.key', OLD_KEY);
    for (const [yaml, args, message, more] of [
      [
        'certificate: {}\n',
        ['--cert', crt],
        /holds no private key \((lightrun\.)?certificate\.tls\.key is not set\)/,
        '--key my-cert.key',
      ],
      [pemYaml(OLD.pem, null), ['--cert', crt], /holds no private key/, '--key my-cert.key'],
      [
        'certificate: {existing_cert: my-tls}\n',
        ['--cert', crt],
        /holds no private key/,
        '--key my-cert.key',
      ],
      [pemYaml(null, OLD_KEY), ['--key', right], /holds no certificate/, '--cert full-chain.crt'],
      [pemYaml(null, OLD_KEY), ['--add', crt], /holds no certificate/, '--cert full-chain.crt'],
      ['', ['--add-root'], /holds no private key/, '--key my-cert.key'],
    ] as const) {
      const text = yaml === '' ? yaml : place(yaml);
      const values = file('values.yaml', text);
      const { status, stderr } = await encode(...args, '--write', values, ...flags);
      assert.is(status, 2, stderr);
      assert.match(stderr, message);
      const line = stderr.trimEnd().split('\n').at(-1)?.trim() ?? '';
      assert.ok(line.startsWith('lightrun-cert encode '), line);
      assert.ok(line.includes(` ${more} `) && line.includes(` --write ${values}`), line);
      assert.is(line.includes(' --root lightrun'), root.length > 0);
      assert.is(readFileSync(values, 'utf8'), text);
    }
  });

  test(`a value that has yet to be filled in is not kept${at}`, async ({ file, encode }) => {
    const crt = file('answer.crt', RENEWED.pem + CAS);
    const sops = 'ENC[AES256_GCM,data:abc,iv:x,tag:y,type:str]';
    for (const [yaml, args] of [
      [inlineYaml(sops, sops), ['--cert', crt]],
      [inlineYaml(base64(OLD.pem), '${TLS_KEY}'), ['--cert', crt]],
      [inlineYaml('ref+vault://x', base64(OLD_KEY)), ['--key', file('right.key', OLD_KEY)]],
      [`certificate:\n  tls: "${sops}"\n`, ['--cert', crt]],
      [`certificate: "${sops}"\n`, ['--cert', crt]],
    ] as const) {
      const values = file('values.yaml', place(yaml));
      const { status, stderr } = await encode(...args, '--write', values, ...flags);
      assert.is(status, 2, stderr);
      assert.match(
        stderr,
        /cannot be kept: (SOPS|vals|a tool that fills in environment variables, such as envsubst or Flux) has yet to fill it in/,
      );
      assert.is(readFileSync(values, 'utf8'), place(yaml));
    }
  });
}

test('a new key: the pin before and after is said in one line', async ({ file, encode }) => {
  const values = file('values.yaml', pemYaml(OLD.pem, OLD_KEY));
  const args = ['--cert', file('a.crt', REISSUED.pem + CAS), '--key', file('a.key', pkcs8(NEW_KEY))];
  const { status, stderr } = await encode(...args, '--write', values);
  assert.is(status, 0, stderr);
  assert.match(stderr, /^pin changes: [0-9a-f]{64} → [0-9a-f]{64}$/m);
  const [, before, after] = /pin changes: (\w+) → (\w+)/.exec(stderr) ?? [];
  assert.is.not(before, after);
  assert.ok((await command(['inspect', values])).stdout.includes(after ?? ''));
});

test('no certificate before: nothing is said of the pin', async ({ file, encode }) => {
  const values = file('values.yaml', 'certificate: {existing_cert: mine}\n');
  const args = ['--cert', file('a.crt', OLD.pem), '--key', file('a.key', OLD_KEY), '--write', values];
  const { status, stderr } = await encode(...args);
  assert.is(status, 0, stderr);
  assert.not.match(stderr, /\bpin\b/);
});

test('a certificate of another key: key-mismatch, nothing is written, and the command that names it', async ({
  file,
  encode,
}) => {
  const yaml = pemYaml(OLD.pem, OLD_KEY);
  const values = file('values.yaml', yaml);
  for (const [args, more] of [
    [['--cert', file('new.crt', REISSUED.pem + CAS)], '--key my-cert.key'],
    [['--key', file('new.key', pkcs8(NEW_KEY))], '--cert full-chain.crt'],
  ] as const) {
    const { status, stderr } = await encode(...args, '--write', values);
    assert.is(status, 1);
    assert.match(stderr, /key-mismatch/);
    assert.ok(stderr.includes(` ${more} `), stderr);
    assert.not.match(stderr, /'?<encoded>'? --|--write '?<encoded>/);
    assert.match(stderr, /Nothing was written\.\n$/);
    assert.is(readFileSync(values, 'utf8'), yaml);
  }
});

test('the same key in another file of the same kind: values, Secret, Vault, PKCS#12', async ({
  file,
  encode,
}) => {
  const secret = (data: object) =>
    JSON.stringify({ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', ...data });
  const vault = (data: object) => JSON.stringify({ request_id: 'x', data });
  const passphrase = file('passphrase', 'secret\n');
  const sources: [string, string | Buffer, string[]?][] = [
    ['other.yaml', pemYaml(OLD.pem, OLD_KEY)],
    ['secret.yaml', secret({ data: { 'tls.crt': base64(OLD.pem), 'tls.key': base64(OLD_KEY) } })],
    ['secret2.yaml', secret({ stringData: { 'tls.crt': OLD.pem, 'tls.key': OLD_KEY } })],
    [
      'list.yaml',
      `kind: List\nitems: [${secret({ data: { 'tls.crt': base64(OLD.pem), 'tls.key': base64(OLD_KEY) } })}]\n`,
    ],
    [
      'answer.json',
      vault({
        certificate: OLD.leaf.pem,
        issuing_ca: CA.pem,
        ca_chain: [CA.pem, OLD.root.pem],
        private_key: pkcs1(OLD.leaf.privateKey),
        private_key_type: 'rsa',
      }),
    ],
    [
      'der.json',
      vault({
        certificate: base64(OLD.leaf.der),
        issuing_ca: base64(CA.der),
        ca_chain: [base64(CA.der), base64(OLD.root.der)],
        private_key: base64(OLD.leaf.privateKey.export({ type: 'pkcs1', format: 'der' })),
      }),
    ],
    [
      'data.json',
      JSON.stringify({ certificate: OLD.pem.trimEnd(), private_key: OLD_KEY.trimEnd() }, null, 2),
    ],
    ['text.crt', base64(OLD.pem + OLD_KEY)],
    ['utf16.pem', Buffer.from(`\ufeff${OLD.pem}${OLD_KEY}`, 'utf16le')],
    ['crlf.pem', `\ufeff${(OLD.pem + OLD_KEY).replaceAll('\n', '\r\n')}`],
    ['indented.pem', (OLD.pem + OLD_KEY).replace(/^/gm, '  ')],
    [
      'locked.pem',
      OLD.pem +
        OLD.leaf.privateKey.export({
          type: 'pkcs1',
          format: 'pem',
          cipher: 'aes-256-cbc',
          passphrase: 'secret',
        }),
      ['--passphrase-file', passphrase],
    ],
    [
      'locked.yaml',
      pemYaml(
        OLD.pem,
        OLD.leaf.privateKey
          .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
          .toString(),
        'secrets: {defaults: {keystore_password: secret}}\n',
      ),
    ],
  ];
  for (const [name, content, more = []] of sources) {
    const source = file(name, content);
    const target = file('values.yaml', 'certificate: {existing_cert: mine}\n');
    const { status, stderr } = await encode('--cert', source, '--key', source, '--write', target, ...more);
    assert.is(status, 0, `${name}: ${stderr}`);
    assert.equal(await pairIn(target), { crt: OLD.pem, key: OLD_KEY }, name);
    assert.is(readFileSync(source).equals(Buffer.from(content as string)), true, name);
  }
});

test('PKCS#12 with several certificates and one key; without the key, that of the file', async ({
  file,
  encode,
}) => {
  const certificates = [RENEWED, CA, OLD.root].map(({ der }) => der);
  for (const keys of [[OLD.leaf.privateKey], []]) {
    const values = file('values.yaml', pemYaml(OLD.pem, OLD_KEY));
    const { status, stderr } = await encode(
      '--p12',
      file('my-cert.pfx', pkcs12({ certificates, keys })),
      '--write',
      values,
    );
    assert.is(status, 0, stderr);
    assert.equal(await pairIn(values), { crt: RENEWED.pem + CAS, key: OLD_KEY });
    assert.match(stderr, /^pin unchanged$/m);
  }
  const values = file('values.yaml', pemYaml(OLD.pem, null));
  const keyAlone = file('key.pfx', pkcs12({ keys: [OLD.leaf.privateKey] }));
  assert.is((await encode('--p12', keyAlone, '--write', values)).status, 0);
  assert.equal(await pairIn(values), { crt: OLD.pem, key: OLD_KEY });
});

test('an encrypted key of the file is decrypted in place', async ({ file, encode }) => {
  const locked = OLD.leaf.privateKey
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
    .toString();
  const passphrase = file('passphrase', 'secret\n');
  const values = join(file('values.yaml', ''));
  for (const args of [['--key', values], []]) {
    file('values.yaml', pemYaml(OLD.pem, locked));
    const ended = await encode(...args, '--write', values, '--passphrase-file', passphrase);
    assert.is(ended.status, 0, ended.stderr);
    assert.equal(await pairIn(values), { crt: OLD.pem, key: OLD_KEY });
  }
  file('values.yaml', pemYaml(OLD.pem, locked));
  const wrong = await encode('--key', values, '--write', values, '--passphrase-file', file('wrong', 'x'));
  assert.is(wrong.status, 2);
  assert.match(wrong.stderr, /the passphrase does not open .*values\.yaml: certificate\.tls\.key/);
});

test('keystore_password of the file opens its key before anybody is asked', async ({ file, encode }) => {
  const locked = (passphrase: string) =>
    OLD.leaf.privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
      .toString();
  const more = 'secrets: {defaults: {keystore_password: secret}}\n';
  const crt = file('new.crt', RENEWED.pem + CAS);
  const values = file('values.yaml', pemYaml(OLD.pem, locked('secret'), more));
  assert.is((await encode('--cert', crt, '--write', values)).status, 0);
  assert.is((await pairIn(values)).key, OLD_KEY);
  file('values.yaml', pemYaml(OLD.pem, locked('another'), more));
  const passphrase = file('passphrase', 'another\n');
  const { status, stderr } = await encode('--cert', crt, '--write', values, '--passphrase-file', passphrase);
  assert.is(status, 0, stderr);
  assert.is((await pairIn(values)).key, OLD_KEY);
});

test('a leaf that is renewed by --add takes the place of the old one', async ({ file, encode }) => {
  const values = file('values.yaml', pemYaml(OLD.pem, OLD_KEY));
  const { status, stderr } = await encode('--add', file('my-cert.crt', RENEWED.pem), '--write', values);
  assert.is(status, 0, stderr);
  assert.is((await pairIn(values)).crt, RENEWED.pem + CAS);
  assert.match(stderr, /left out: CN=lightrun\.example\.com/);
});

test('nothing to change: the file stays as it is', async ({ file, encode }) => {
  const yaml = pemYaml(OLD.pem, OLD_KEY);
  const values = file('values.yaml', yaml);
  const before = statSync(values).ino;
  const { status, stderr } = await encode('--cert', file('a.crt', OLD.pem), '--write', values);
  assert.is(status, 0, stderr);
  assert.match(stderr, /values\.yaml: nothing to change\n/);
  assert.is(readFileSync(values, 'utf8'), yaml);
  assert.is(statSync(values).ino, before);
});

test('--write refuses what is no values file, and leaves it alone', async ({ file, encode }) => {
  const crt = file('a.crt', OLD.pem);
  const privateKey = file('a.key', OLD_KEY);
  const secret = `apiVersion: v1\nkind: Secret\ndata: {tls.crt: "${base64(OLD.pem)}"}\n`;
  for (const [text, message] of [
    [secret, /is a Kubernetes manifest and not a values file/],
    [OLD_KEY, /so nothing was written/],
    ['a: [\n', /so nothing was written/],
  ] as const) {
    const path = file('target', text);
    const { status, stderr } = await encode('--cert', crt, '--key', privateKey, '--write', path);
    assert.is(status, 2);
    assert.match(stderr, message);
    assert.is(readFileSync(path, 'utf8'), text);
  }
  assert.match((await encode('--cert', crt, '--write', '-')).stderr, /--write edits a file in place/);
});

test('a file that holds the other half, or nothing of use, is named', async ({ file, encode }) => {
  const values = file('values.yaml', pemYaml(OLD.pem, OLD_KEY));
  const secret = (data: string) => `kind: Secret\ntype: kubernetes.io/tls\ndata: {${data}}\n`;
  const crtOnly = secret(`tls.crt: "${base64(OLD.pem)}"`);
  for (const [args, message] of [
    [['--key', file('crt.yaml', crtOnly)], /crt\.yaml: tls\.key is not set/],
    [['--cert', file('key.yaml', secret(`tls.key: "${base64(OLD_KEY)}"`))], /key\.yaml: tls\.crt is not set/],
    [['--cert', file('two.yaml', `${crtOnly}---\n${crtOnly}`)], /holds more than one Secret/],
    [
      ['--cert', file('v.json', JSON.stringify({ data: { private_key: OLD_KEY } }))],
      /v\.json: certificate is not set/,
    ],
    [
      ['--key', file('w.json', JSON.stringify({ data: { certificate: OLD.pem } }))],
      /w\.json: private_key is not set/,
    ],
    [
      ['--key', file('sops.yaml', secret('tls.key: "ENC[AES256_GCM,data:x]"'))],
      /sops\.yaml: tls\.key cannot be used: SOPS has yet to fill it in/,
    ],
    [['--key', file('bad.yaml', secret('tls.key: "****"'))], /bad\.yaml: tls\.key is not valid base64/],
    [
      ['--key', file('crt.p12', pkcs12({ keys: [OLD.leaf.privateKey] }))],
      /it is a PKCS#12 file\n {2}Name it with --p12/,
    ],
    [['--key', file('json', '{"data": {}}')], /holds no private key/],
    [
      ['--cert', file('none.yaml', 'certificate: {existing_cert: x}\n')],
      /none\.yaml: certificate\.tls\.crt is not set/,
    ],
  ] as const) {
    const { status, stderr } = await encode(...args, '--write', values);
    assert.is(status, 2, stderr);
    assert.match(stderr, message);
    assert.is(readFileSync(values, 'utf8'), pemYaml(OLD.pem, OLD_KEY));
  }
});

test('a values file named by --key is read at --root where it has that, else at its top', async ({
  file,
  encode,
}) => {
  const values = file('values.yaml', below(pemYaml(OLD.pem, null)));
  for (const yaml of [pemYaml(OLD.pem, OLD_KEY), below(pemYaml(OLD.pem, OLD_KEY))]) {
    const other = file('other.yaml', yaml);
    const { status, stderr } = await encode('--key', other, '--write', values, '--root', 'lightrun');
    assert.is(status, 0, stderr);
    assert.is((await pairIn(values, ['lightrun'])).key, OLD_KEY);
  }
});

test('a key of an elliptic curve in SEC1 is written as PKCS#8, kept or given', async ({ file, encode }) => {
  const ec = chain({ depth: 2 });
  const expected = { crt: ec.pem, key: pkcs8(ec.leaf.privateKey) };
  const values = file('values.yaml', pemYaml(ec.leaf.pem, sec1(ec.leaf.privateKey)));
  assert.is((await encode('--cert', file('a.crt', ec.pem), '--write', values)).status, 0);
  assert.equal(await pairIn(values), expected);
});

test('names of files with spaces, quotes and hyphens are quoted in commands', async ({
  file,
  encode,
  folder,
}) => {
  const values = file("my 'own' values.yaml", 'certificate: {}\n');
  const { stderr } = await encode('--cert', file('-a;b.crt', OLD.pem), '--write', values);
  assert.ok(stderr.includes(`--write '${folder}/my '\\''own'\\'' values.yaml'`), stderr);
  assert.ok(stderr.includes(`--cert '${folder}/-a;b.crt'`), stderr);
});

test.run();
