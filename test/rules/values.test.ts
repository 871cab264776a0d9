/** The rules on values: which texts of a values file give which findings. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type LintOptions, lint } from '../../src/lint/lint.ts';
import { lintOptions, lintText, rulesOf } from '../support/lint.ts';
import { chain, pkcs8 } from '../support/pki.ts';
import { base64, inlineYaml, pemYaml } from '../support/values-yaml.ts';

const { leaf, pem } = chain();
const CRT = base64(pem);
const KEY = base64(pkcs8(leaf.privateKey));
const GOOD = inlineYaml(CRT, KEY);

type Case = [name: string, yaml: string, expected: string[], options?: Partial<LintOptions>];

const tls = (crt: string, key: string): string => `certificate:\n  tls:\n    crt: ${crt}\n    key: ${key}\n`;

const CASES: Case[] = [
  // What is right.
  ['both values inline', GOOD, []],
  ['the name of a Secret', 'certificate:\n  existing_cert: my-tls-secret\n', []],
  [
    "the chart's own defaults around it",
    `certificate:\n  existing_cert: ""\n  security_pinned_hashes: []\n  tls:\n    crt: ${CRT}\n    key: ${KEY}\n`,
    [],
  ],
  ['existing_cert: null', `certificate:\n  existing_cert:\n  tls:\n    crt: ${CRT}\n    key: ${KEY}\n`, []],
  [
    'existing_cert: false, which the chart takes for not set',
    `certificate:\n  existing_cert: no\n  tls:\n    crt: ${CRT}\n    key: ${KEY}\n`,
    [],
  ],
  ['tls: null beside a Secret', 'certificate:\n  existing_cert: my-tls-secret\n  tls:\n', []],
  ['a | block of one line', tls(`|\n      ${CRT}`, `|\n      ${KEY}`), []],
  ['an anchor and its alias', `x: &crt ${CRT}\n${tls('*crt', KEY)}`, []],
  ['a merge', `x: &tls\n  crt: ${CRT}\n  key: ${KEY}\ncertificate:\n  tls:\n    <<: *tls\n`, []],
  ['CRLF line ends', GOOD.replaceAll('\n', '\r\n'), []],
  ['a byte-order mark', `\ufeff${GOOD}`, []],
  [
    'inside an umbrella chart',
    `platform:\n  lightrun:\n${GOOD.replace(/^/gm, '    ')}\n`,
    [],
    { root: ['platform', 'lightrun'] },
  ],
  ['deploy_secrets as a plain bool', `general:\n  deploy_secrets: true\n${GOOD}`, []],
  ['internal TLS beside it', `general:\n  internal_tls:\n    enabled: true\n${GOOD}`, []],

  // values-syntax
  ['no YAML', 'certificate: [', ['values-syntax']],
  ['a list at the top', '- certificate\n', ['values-syntax']],
  ['a text at the top', 'certificate\n', ['values-syntax']],

  // values-type
  ['a number for a name', 'certificate:\n  existing_cert: 20260101\n', ['values-type']],
  ['an empty list for a name, which the chart takes for not set', `${GOOD}  existing_cert: []\n`, []],
  ['yes for a name', 'certificate:\n  existing_cert: yes\n', ['values-type']],
  ['a list for a certificate', tls('[a, b]', KEY), ['values-type']],
  ['a number for a key', tls(CRT, '5'), ['values-type']],
  ['a mapping for a key', tls(CRT, '{from: secret}'), ['values-type']],
  ['tls as a text', 'certificate:\n  tls: secret\n', ['values-type']],
  ['tls: null where it is meant', 'certificate:\n  tls:\n', ['values-type']],
  [
    'tls: null, but no Secret is made',
    'general: {deploy_secrets: {enabled: false}}\ncertificate:\n  tls:\n',
    ['source-missing'],
  ],
  ['tls: null in an overlay', 'certificate:\n  tls:\n', [], { partial: true }],
  ['certificate: null', 'certificate:\n', ['values-type']],
  ['certificate as a text', 'certificate: my-tls-secret\n', ['values-type']],
  ['pins as a number', `${GOOD}  security_pinned_hashes: 5\n`, ['values-type']],
  ['two of them', tls('[]', '{}'), ['values-type', 'values-type']],

  // values-unknown-key
  ['a key that the chart does not read', `${GOOD}  comment: x\n`, ['values-unknown-key']],
  ['existingCert', 'certificate:\n  existingCert: my-tls-secret\n', ['values-unknown-key', 'source-missing']],
  [
    'certificates at the top',
    'certificates:\n  existing_cert: my-tls-secret\n',
    ['values-unknown-key', 'source-missing'],
  ],
  [
    'tls.cert',
    `certificate:\n  tls:\n    cert: ${CRT}\n    key: ${KEY}\n`,
    ['values-unknown-key', 'source-incomplete'],
  ],
  ["another chart's key near it", `certmanager: {}\n${GOOD}`, []],

  // values-duplicate-key
  ['certificate twice', `certificate:\n  existing_cert: old\n${GOOD}`, ['values-duplicate-key']],
  ['existing_cert twice', 'certificate:\n  existing_cert: a\n  existing_cert: b\n', ['values-duplicate-key']],
  ['a key twice elsewhere', `x: {a: 1, a: 2}\n${GOOD}`, []],
  [
    'a root twice',
    `lightrun: {}\nlightrun:\n${GOOD.replace(/^/gm, '  ')}\n`,
    ['values-duplicate-key'],
    { root: ['lightrun'] },
  ],

  // values-many-documents
  [
    'a second document that matters',
    `${GOOD}---\ngeneral: {lightrun_endpoint: lightrun.example.com}\n`,
    ['values-many-documents'],
  ],
  ['a second document that does not', `${GOOD}---\nx: 1\n`, []],
  [
    'a certificate that Helm 3 would not see',
    `x: 1\n---\n${GOOD}`,
    ['values-many-documents', 'source-missing'],
  ],

  // source-*
  ['nothing at all', '', ['source-missing']],
  ['empty values', 'certificate:\n  existing_cert: ""\n  tls: {crt: "", key: ""}\n', ['source-missing']],
  ['nothing in an overlay', 'x: 1\n', [], { partial: true }],
  ['a root that is not there', GOOD, ['source-missing'], { root: ['lightrun'] }],
  ['both ways', `${GOOD}  existing_cert: my-tls-secret\n`, ['source-conflict']],
  [
    'a Secret and half a pair',
    `certificate:\n  existing_cert: my-tls-secret\n  tls:\n    crt: ${CRT}\n`,
    ['source-conflict'],
  ],
  ['no key', inlineYaml(CRT, null), ['source-incomplete']],
  ['no certificate', inlineYaml(null, KEY), ['source-incomplete']],
  ['an empty key', inlineYaml(CRT, ''), ['source-incomplete']],
  ['no key in an overlay', inlineYaml(CRT, null), [], { partial: true }],
  ['half a pair that is broken too', inlineYaml('LS0t LS0t', null), ['source-incomplete', 'base64-wrapped']],
  ['deploy_secrets off', `general:\n  deploy_secrets:\n    enabled: false\n${GOOD}`, ['source-ignored']],
  ['deploy_secrets: false', `general:\n  deploy_secrets: false\n${GOOD}`, ['source-ignored']],
  [
    'deploy_secrets off, but a Secret is named',
    'general: {deploy_secrets: false}\ncertificate: {existing_cert: a}\n',
    [],
  ],

  // placeholder
  [
    'the text of the page',
    tls('"<base64-encoded-certificate>"', '"<base64-encoded-private-key>"'),
    ['placeholder', 'placeholder'],
  ],
  ['<BASE64_CRT>', tls('<BASE64_CRT>', KEY), ['placeholder']],
  ['an ellipsis', tls('LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t...', KEY), ['placeholder']],
  ['changeme', 'certificate:\n  existing_cert: changeme\n', ['placeholder']],
  ['a placeholder as host', `${GOOD}general:\n  lightrun_endpoint: <your-domain>\n`, ['placeholder']],

  // values-unresolved
  [
    'SOPS',
    tls('ENC[AES256_GCM,data:abc,iv:x,tag:y,type:str]', 'ENC[AES256_GCM,data:abc,iv:x,tag:y,type:str]'),
    ['values-unresolved', 'values-unresolved'],
  ],
  ['vals', tls('ref+vault://secret/tls#crt', KEY), ['values-unresolved']],
  ['Argo CD', tls(CRT, '<path:secret/data/tls#key>'), ['values-unresolved']],
  ['an environment variable', 'certificate:\n  existing_cert: "${SECRET_NAME}"\n', ['values-unresolved']],
  ['the whole certificate', 'certificate: "${CERTIFICATE}"\n', ['values-unresolved']],
  ['the host', `${GOOD}general:\n  lightrun_endpoint: "{{ .host }}"\n`, ['values-unresolved']],
  ['a pin', `${GOOD}  security_pinned_hashes: ["$(PIN)"]\n`, ['values-unresolved']],
  ['deploy_secrets', `${GOOD}general:\n  deploy_secrets: {enabled: "$DEPLOY"}\n`, ['values-unresolved']],

  // secret-name
  ...['My-Secret', 'a_b', '-a', 'a.', 'a b', 'x'.repeat(254)].map(
    (name): Case => [
      `name ${name.slice(0, 9)}`,
      `certificate:\n  existing_cert: "${name}"\n`,
      ['secret-name'],
    ],
  ),
  ...['20260101', '0x1f', '1e3', '1.5', '0o17', '0b1', '1.e3', 'true', 'no', 'y', 'on', 'null'].map(
    (name): Case => [`name "${name}"`, `certificate:\n  existing_cert: "${name}"\n`, ['secret-name']],
  ),
  ...['a', '1a', '2026-01-01', 'a.b', '1.2.3', 'e3', 'yes-1', 'x'.repeat(253)].map(
    (name): Case => [`good name ${name.slice(0, 10)}`, `certificate:\n  existing_cert: "${name}"\n`, []],
  ),

  // endpoint-format
  ...[
    'https://lightrun.example.com',
    'lightrun.example.com:443',
    'lightrun.example.com/',
    'Lightrun.example.com',
    'lightrun.example.com ',
    'a_b.example.com',
    '10.0.0.1',
  ].map(
    (host): Case => [
      `endpoint ${host}`,
      `${GOOD}general:\n  lightrun_endpoint: "${host}"\n`,
      ['endpoint-format'],
    ],
  ),
  ['endpoint as a number', `${GOOD}general:\n  lightrun_endpoint: 5\n`, ['endpoint-format']],
  ['no endpoint', `${GOOD}general:\n  lightrun_endpoint: ""\n`, []],

  // pin-format
  ...[
    '"abc"',
    `"${'0'.repeat(63)}"`,
    `"${'0'.repeat(65)}"`,
    '""',
    '5',
    `"${'g'.repeat(64)}"`,
    '"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"',
  ].map((pin): Case => [`pin ${pin}`, `${GOOD}  security_pinned_hashes: [${pin}]\n`, ['pin-format']]),
  ['pins in one text', `${GOOD}  security_pinned_hashes: "abc,def"\n`, ['pin-format', 'pin-format']],
  [
    'pins of a Secret',
    `certificate:\n  existing_cert: a\n  security_pinned_hashes: ["${'0'.repeat(64)}"]\n`,
    [],
  ],
  ["pins without the leaf's", `${GOOD}  security_pinned_hashes: ["${'0'.repeat(64)}"]\n`, ['pin-missing']],

  // secret-too-large
  [
    'more than 1 MiB',
    pemYaml(`${pem}${'x'.repeat(1024 * 1024)}\n`, pkcs8(leaf.privateKey)),
    ['pem-noise', 'secret-too-large'],
  ],
];

for (const [name, yaml, expected, options] of CASES) {
  test(`${name}: ${expected.join(', ') || 'nothing'}`, async () => {
    assert.equal(rulesOf(await lintText(yaml, options)).sort(), [...expected].sort());
  });
}

test("the leaf's own pin, in either case, is accepted", async () => {
  const { target } = await lintText(GOOD);
  const pin = target.material?.chain?.leaf.pinSha256 ?? '';
  assert.match(pin, /^[0-9a-f]{64}$/);
  for (const text of [pin, pin.toUpperCase()]) {
    assert.equal(rulesOf(await lintText(`${GOOD}  security_pinned_hashes: ["${text}"]\n`)), []);
    assert.equal(
      rulesOf(await lintText(`${GOOD}  security_pinned_hashes: "${text},${'0'.repeat(64)}"\n`)),
      [],
    );
  }
});

test('a missing pin is shown ready to paste', async () => {
  const { target, findings } = await lintText(`${GOOD}  security_pinned_hashes: ["${'0'.repeat(64)}"]\n`);
  assert.match(findings[0]?.help ?? '', target.material?.chain?.leaf.pinSha256 ?? 'none');
});

test('source-missing says that internal TLS is no replacement', async () => {
  const { findings } = await lintText('general:\n  internal_tls:\n    enabled: true\n');
  assert.match(findings[0]?.message ?? '', /internal_tls is on, but/);
});

test('source-missing says that --root names a path that is not there', async () => {
  const { findings } = await lintText('platform: {}\n', { root: ['platform', 'lightrun'] });
  assert.match(
    findings[0]?.message ?? '',
    /--root names platform\.lightrun, but there is no platform\.lightrun/,
  );
});

test('values-duplicate-key names both lines', async () => {
  const { findings } = await lintText('certificate:\n  existing_cert: a\n  existing_cert: b\n');
  assert.match(findings[0]?.message ?? '', /twice, on lines 2 and 3/);
  assert.is(findings[0]?.location?.line, 3);
});

test('values-unknown-key names the key that is meant', async () => {
  const { findings } = await lintText(`${GOOD}  existingCert: a\n`);
  assert.match(findings[0]?.message ?? '', /the chart reads certificate\.existing_cert/);
  assert.equal(findings[0]?.path, ['certificate', 'existingCert']);
});

test('values-syntax speaks in sentences, and says which Helm stops', async () => {
  const messageOf = async (text: string | Buffer): Promise<string> =>
    (await lintText(text)).findings[0]?.message ?? '';
  assert.match(await messageOf('a: "b\n'), /^A quoted string is not closed\. On install, Helm would stop/);
  assert.match(
    await messageOf(Buffer.from('\ufeffa: 1\n', 'utf16le')),
    /Helm 3 would read it.* On install, Helm 4 would stop/,
  );
});

test('values-type tells of a space that is missing behind a colon', async () => {
  const { findings } = await lintText('certificate:\n  existing_cert:a\n');
  assert.match(findings[0]?.help ?? '', /^Put a space behind the colon/);
});

test('values-unknown-key tells of a dot in a name', async () => {
  const { findings } = await lintText('certificate:\n  tls.crt: x\n');
  assert.match(findings[0]?.message ?? '', /one key "tls\.crt" with a dot in its name/);
});

test('source-missing finds the subchart', async () => {
  const { findings } = await lintText(`lightrun:\n${GOOD.replace(/^(?=.)/gm, '  ')}`);
  assert.match(findings[0]?.message ?? '', /lint with --root lightrun/);
});

test('values-unresolved shows a command that can be pasted whatever the name of the file', async () => {
  const helpFor = async (name: string): Promise<string> => {
    const { findings } = await lint(
      Buffer.from('certificate: {existing_cert: "ref+vault://x"}\n'),
      name,
      lintOptions(),
    );
    return findings[0]?.help ?? '';
  };
  assert.match(await helpFor('values.yaml'), /vals eval -f values\.yaml \|/);
  assert.match(await helpFor("it's mine.yaml"), /vals eval -f 'it'\\''s mine\.yaml' \|/);
  assert.match(await helpFor('<stdin>'), /vals eval -f FILE \|/);
  assert.match(await helpFor('a\nb; rm -rf x'), /vals eval -f FILE \|/);
});

test('endpoint-format shows the bare host', async () => {
  const { findings } = await lintText(
    `${GOOD}general:\n  lightrun_endpoint: "https://Lightrun.example.com:443/app"\n`,
  );
  assert.match(findings[0]?.help ?? '', /lightrun_endpoint: "lightrun\.example\.com"/);
});

test.run();
