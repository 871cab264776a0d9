/** The rules on values, and values that are right. */
import { internalTls } from '../../support/internal-tls.ts';
import {
  CRT_VALUE,
  GOOD_YAML,
  KEY_VALUE,
  leaf,
  pem,
  tlsYaml,
  type ValuesCase,
  valuesCase,
} from '../../support/rule-case.ts';
import { base64, inlineYaml } from '../../support/values-yaml.ts';

const wrapped = (text: string): string => text.replace(/.{76}(?=.)/g, '$&\n');

const cases: ValuesCase[] = [
  // What is right.
  valuesCase('both values inline', GOOD_YAML, []),
  valuesCase('the name of a Secret', 'certificate:\n  existing_cert: my-tls-secret\n', []),
  valuesCase(
    "the chart's own defaults around it",
    `certificate:\n  existing_cert: ""\n  security_pinned_hashes: []\n  tls:\n    crt: ${CRT_VALUE}\n    key: ${KEY_VALUE}\n`,
    [],
  ),
  valuesCase(
    'existing_cert: null',
    `certificate:\n  existing_cert:\n  tls:\n    crt: ${CRT_VALUE}\n    key: ${KEY_VALUE}\n`,
    [],
  ),
  valuesCase(
    'existing_cert: false, which the chart takes for not set',
    `certificate:\n  existing_cert: no\n  tls:\n    crt: ${CRT_VALUE}\n    key: ${KEY_VALUE}\n`,
    [],
  ),
  valuesCase('tls: null beside a Secret', 'certificate:\n  existing_cert: my-tls-secret\n  tls:\n', []),
  valuesCase('a | block of one line', tlsYaml(`|\n      ${CRT_VALUE}`, `|\n      ${KEY_VALUE}`), []),
  valuesCase('an anchor and its alias', `x: &crt ${CRT_VALUE}\n${tlsYaml('*crt', KEY_VALUE)}`, []),
  valuesCase(
    'a merge',
    `x: &tls\n  crt: ${CRT_VALUE}\n  key: ${KEY_VALUE}\ncertificate:\n  tls:\n    <<: *tls\n`,
    [],
  ),
  valuesCase('CRLF line ends', GOOD_YAML.replaceAll('\n', '\r\n'), []),
  valuesCase('a byte-order mark', `\ufeff${GOOD_YAML}`, []),
  valuesCase(
    'inside an umbrella chart',
    `platform:\n  lightrun:\n${GOOD_YAML.replace(/^/gm, '    ')}\n`,
    [],
    { root: ['platform', 'lightrun'] },
  ),
  valuesCase('deploy_secrets as a plain bool', `general:\n  deploy_secrets: true\n${GOOD_YAML}`, [
    'values-type',
  ]),
  valuesCase('internal TLS beside it', internalTls({}) + GOOD_YAML, []),

  // values-syntax
  valuesCase('no YAML', 'certificate: [', ['values-syntax']),
  valuesCase('a list at the top', '- certificate\n', ['values-syntax']),
  valuesCase('a string at the top', 'certificate\n', ['values-syntax']),
  valuesCase('wrapped base64 at column 0', tlsYaml(wrapped(CRT_VALUE), wrapped(KEY_VALUE)), [
    'values-syntax',
  ]),
  valuesCase('wrapped base64 at column 0, in a block', tlsYaml(`|\n${wrapped(CRT_VALUE)}`, KEY_VALUE), [
    'values-syntax',
  ]),
  valuesCase('wrapped base64 behind an open quote', tlsYaml(`"${wrapped(CRT_VALUE)}`, KEY_VALUE), [
    'values-syntax',
  ]),
  valuesCase('PEM at column 0', tlsYaml(`|\n${pem}`, KEY_VALUE), ['values-syntax']),

  // values-type
  valuesCase('a number for a name', 'certificate:\n  existing_cert: 20260101\n', ['values-type']),
  valuesCase(
    'an empty list for a name, which the chart takes for not set',
    `${GOOD_YAML}  existing_cert: []\n`,
    [],
  ),
  valuesCase('yes for a name', 'certificate:\n  existing_cert: yes\n', ['values-type']),
  valuesCase('a list for a certificate', tlsYaml('[a, b]', KEY_VALUE), ['values-type']),
  valuesCase('a number for a key', tlsYaml(CRT_VALUE, '5'), ['values-type']),
  valuesCase('a mapping for a key', tlsYaml(CRT_VALUE, '{from: secret}'), ['values-type']),
  valuesCase('tls as a string', 'certificate:\n  tls: secret\n', ['values-type']),
  valuesCase('tls: null where it is meant', 'certificate:\n  tls:\n', ['values-type']),
  valuesCase(
    'tls: null, but no Secret is made',
    'general: {deploy_secrets: {enabled: false}}\ncertificate:\n  tls:\n',
    ['source-missing'],
  ),
  valuesCase('tls: null in an overlay', 'certificate:\n  tls:\n', [], { partial: true }),
  valuesCase('certificate: null', 'certificate:\n', ['values-type']),
  valuesCase('certificate as a string', 'certificate: my-tls-secret\n', ['values-type']),
  valuesCase('pins as a number', `${GOOD_YAML}  security_pinned_hashes: 5\n`, ['values-type']),
  valuesCase('two of them', tlsYaml('[]', '{}'), ['values-type', 'values-type']),

  valuesCase('booleans for both values', tlsYaml('yes', 'no'), ['values-type']),
  valuesCase('lists for both values', tlsYaml('[a]', '[b]'), ['values-type']),
  valuesCase(
    'deploy_secrets: true beside a Secret',
    'general: {deploy_secrets: true}\ncertificate: {existing_cert: a}\n',
    ['values-type'],
  ),
  valuesCase(
    'deploy_secrets as the chart has it',
    `general: {deploy_secrets: {enabled: true}}\n${GOOD_YAML}`,
    [],
  ),

  // values-unknown-key
  valuesCase('a key that the chart does not read', `${GOOD_YAML}  comment: x\n`, ['values-unknown-key']),
  ...['constructor', '__proto__', 'toString'].map((name) =>
    valuesCase(`a key by the name ${name}`, `${GOOD_YAML}  ${name}: x\n`, ['values-unknown-key']),
  ),
  valuesCase('existingCert beside existing_cert', `certificate:\n  existingCert: a\n  existing_cert: b\n`, [
    'values-unknown-key',
  ]),
  valuesCase('existingCert that is empty', 'certificate:\n  existingCert: ""\n', [
    'values-unknown-key',
    'source-missing',
  ]),
  valuesCase('certificates beside certificate', `certificates:\n  existing_cert: a\n${GOOD_YAML}`, [
    'values-unknown-key',
  ]),
  valuesCase(
    'the issuers under ca, and missing after the leaf',
    `${tlsYaml(base64(leaf.pem), KEY_VALUE)}    ca: ${CRT_VALUE}\n`,
    ['chain-incomplete'],
  ),
  valuesCase(
    'the issuers under ca.crt, and missing after the leaf',
    `${tlsYaml(base64(leaf.pem), KEY_VALUE)}    ca.crt: ${CRT_VALUE}\n`,
    ['chain-incomplete'],
  ),
  valuesCase('the issuers under ca', `${GOOD_YAML}    ca: ${CRT_VALUE}\n`, ['values-unknown-key']),
  valuesCase(
    'the issuers under ca and chain',
    `${GOOD_YAML}    ca: ${CRT_VALUE}\n    chain: ${CRT_VALUE}\n`,
    ['values-unknown-key'],
  ),
  valuesCase("another chart's key near it", `certmanager: {}\n${GOOD_YAML}`, []),

  // switch-text
  valuesCase(
    'two switches that are the same string',
    `${GOOD_YAML}general: {router: {tls: {enabled: "no"}}, deploy_secrets: {enabled: "no"}}\n`,
    ['switch-text'],
  ),

  // values-duplicate-key
  valuesCase('certificate twice', `certificate:\n  existing_cert: old\n${GOOD_YAML}`, [
    'values-duplicate-key',
  ]),
  valuesCase('existing_cert twice', 'certificate:\n  existing_cert: a\n  existing_cert: b\n', [
    'values-duplicate-key',
  ]),
  valuesCase('a key twice elsewhere', `x: {a: 1, a: 2}\n${GOOD_YAML}`, []),
  valuesCase(
    'a root twice',
    `lightrun: {}\nlightrun:\n${GOOD_YAML.replace(/^/gm, '  ')}\n`,
    ['values-duplicate-key'],
    { root: ['lightrun'] },
  ),

  // values-many-documents
  valuesCase(
    'a second document that matters',
    `${GOOD_YAML}---\ngeneral: {lightrun_endpoint: lightrun.example.com}\n`,
    ['values-many-documents'],
  ),
  valuesCase('a second document that does not', `${GOOD_YAML}---\nx: 1\n`, []),
  valuesCase('a certificate that Helm 3 would not see', `x: 1\n---\n${GOOD_YAML}`, [
    'values-many-documents',
    'source-missing',
  ]),
  valuesCase('an empty document before the values', `---\n---\n${GOOD_YAML}`, [
    'values-many-documents=error',
  ]),
  valuesCase('a document of null before the values', `# mine\nnull\n---\n${GOOD_YAML}`, [
    'values-many-documents=error',
  ]),
  valuesCase(
    'an empty document before a Secret',
    '---\n# mine\n---\ncertificate: {existing_cert: my-tls}\n',
    ['values-many-documents=error'],
  ),
  valuesCase(
    'an empty document before one of several files',
    `---\n---\n${GOOD_YAML}`,
    ['values-many-documents=error'],
    { partial: true },
  ),
  valuesCase('an empty document after the values', `${GOOD_YAML}---\n`, []),

  // source-*
  valuesCase('nothing at all', '', ['source-missing']),
  valuesCase('empty values', 'certificate:\n  existing_cert: ""\n  tls: {crt: "", key: ""}\n', [
    'source-missing',
  ]),
  valuesCase('nothing in an overlay', 'x: 1\n', [], { partial: true }),
  valuesCase('a root that is not there', GOOD_YAML, ['source-missing'], { root: ['lightrun'] }),
  valuesCase('both sources', `${GOOD_YAML}  existing_cert: my-tls-secret\n`, ['source-conflict']),
  valuesCase(
    'a Secret and half a pair',
    `certificate:\n  existing_cert: my-tls-secret\n  tls:\n    crt: ${CRT_VALUE}\n`,
    ['source-conflict'],
  ),
  valuesCase('no key', inlineYaml(CRT_VALUE, null), ['source-incomplete']),
  valuesCase('no certificate', inlineYaml(null, KEY_VALUE), ['source-incomplete']),
  valuesCase('an empty key', inlineYaml(CRT_VALUE, ''), ['source-incomplete']),
  valuesCase('no key in an overlay', inlineYaml(CRT_VALUE, null), [], { partial: true }),
  valuesCase('half a pair that is broken too', inlineYaml('LS0t LS0t', null), [
    'source-incomplete',
    'base64-wrapped',
  ]),
  valuesCase('deploy_secrets off', `general:\n  deploy_secrets:\n    enabled: false\n${GOOD_YAML}`, [
    'source-ignored',
  ]),
  valuesCase('deploy_secrets: false', `general:\n  deploy_secrets: false\n${GOOD_YAML}`, ['source-ignored']),
  valuesCase(
    'deploy_secrets off, but a Secret is named',
    'general: {deploy_secrets: false}\ncertificate: {existing_cert: a}\n',
    [],
  ),

  // placeholder
  valuesCase(
    'the example of the page',
    tlsYaml('"<base64-encoded-certificate>"', '"<base64-encoded-private-key>"'),
    ['placeholder'],
  ),
  ...['cat my-cert.crt | base64 -w 0', '$ base64 -w0 < my-cert.crt', 'openssl base64 -A -in my-cert.crt'].map(
    (text) => valuesCase(`the command ${text}`, tlsYaml(text, KEY_VALUE), ['placeholder']),
  ),
  valuesCase('<BASE64_CRT>', tlsYaml('<BASE64_CRT>', KEY_VALUE), ['placeholder']),
  valuesCase('an ellipsis', tlsYaml('LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t...', KEY_VALUE), ['placeholder']),
  valuesCase('changeme', 'certificate:\n  existing_cert: changeme\n', ['placeholder']),
  valuesCase('a placeholder as host', `${GOOD_YAML}general:\n  lightrun_endpoint: <your-domain>\n`, [
    'placeholder',
  ]),

  // Words of examples, also as base64 leaves them.
  ...[
    'BASE64_CERT_HERE',
    'YOUR/CERT/HERA==',
    'YOURCERTHERE',
    'PasteYourBase64CertificateHere',
    'base64(cert)',
  ].map((text) => valuesCase(`the example ${text}`, tlsYaml(`"${text}"`, KEY_VALUE), ['placeholder'])),
  // Masks, and what kubectl describe shows.
  ...[
    '***',
    '********',
    '++++++++',
    '++++',
    '\u2022\u2022\u2022',
    '<redacted>',
    '(sensitive value)',
    '1196 bytes',
  ].map((text) => valuesCase(`the mask ${text}`, tlsYaml(CRT_VALUE, `"${text}"`), ['placeholder'])),
  // Paths, and their base64.
  ...[
    './certs/tls.crt',
    '/etc/ssl/private/tls.key',
    'tls.crt',
    'C:\\\\certs\\\\tls.crt',
    'certs/tlscrt12',
    '~/my cert.pem',
  ]
    .concat(['file:///tmp/full-chain.crt', '@full-chain.crt', 'L2V0Yy9zc2wvdGxzLmNydAo='])
    .map((text) => valuesCase(`the path ${text}`, tlsYaml(`"${text}"`, KEY_VALUE), ['placeholder'])),
  // What nothing expands.
  ...['$(base64 -w0 tls.crt)', '`base64 tls.crt`', '$(<tls.crt)', '$(cat tls.crt | base64)'].map((text) =>
    valuesCase(`the command ${text}`, tlsYaml(`'${text}'`, KEY_VALUE), ['placeholder']),
  ),
  valuesCase('.Files.Get', tlsYaml(`'{{ .Files.Get "tls.crt" | b64enc }}'`, KEY_VALUE), ['placeholder']),
  valuesCase('a mask in one, a path in the other', tlsYaml('"***"', 'tls.key'), [
    'placeholder',
    'placeholder',
  ]),
  valuesCase('a mask in both', tlsYaml('"***"', '"***"'), ['placeholder']),
  valuesCase('base64 that is short, and no example', tlsYaml('aGVsbG8gd29ybGQh', KEY_VALUE), ['pem-missing']),
  ...['my-tls-secret', 'your-company-tls', 'tls.crt', 'certs'].map((name) =>
    valuesCase(`the name ${name}`, `certificate:\n  existing_cert: ${name}\n`, []),
  ),

  // values-unresolved
  valuesCase('two tools', tlsYaml('"$(TLS_CRT)"', '"#{TLS_KEY}"'), ['values-unresolved']),
  valuesCase('a switch', `${GOOD_YAML}general: {router: {tls: {enabled: "\${TLS}"}}}\n`, [
    'values-unresolved',
  ]),
  valuesCase('values that no rule checks', `${GOOD_YAML}general: {name: "\${NAME}"}\n`, []),
  valuesCase(
    'SOPS',
    tlsYaml('ENC[AES256_GCM,data:abc,iv:x,tag:y,type:str]', 'ENC[AES256_GCM,data:abc,iv:x,tag:y,type:str]'),
    ['values-unresolved'],
  ),
  valuesCase('vals', tlsYaml('ref+vault://secret/tls#crt', KEY_VALUE), ['values-unresolved']),
  valuesCase('Argo CD', tlsYaml(CRT_VALUE, '<path:secret/data/tls#key>'), ['values-unresolved']),
  valuesCase('an environment variable', 'certificate:\n  existing_cert: "${SECRET_NAME}"\n', [
    'values-unresolved',
  ]),
  valuesCase('the whole certificate', 'certificate: "${CERTIFICATE}"\n', ['values-unresolved']),
  valuesCase('the host', `${GOOD_YAML}general:\n  lightrun_endpoint: "{{ .host }}"\n`, ['values-unresolved']),
  valuesCase('a pin', `${GOOD_YAML}  security_pinned_hashes: ["$(PIN)"]\n`, ['values-unresolved']),
  valuesCase('deploy_secrets', `${GOOD_YAML}general:\n  deploy_secrets: {enabled: "$DEPLOY"}\n`, [
    'values-unresolved',
  ]),

  // secret-name
  valuesCase('the certificate for a name', `certificate:\n  existing_cert: ${CRT_VALUE}\n`, ['secret-name']),
  valuesCase('PEM for a name', `certificate:\n  existing_cert: |\n${pem.replace(/^/gm, '    ')}\n`, [
    'secret-name',
  ]),
  valuesCase('a path for a name', 'certificate:\n  existing_cert: certs/tls.crt\n', ['secret-name']),
  ...['My-Secret', 'a_b', '-a', 'a.', 'a b', 'x'.repeat(254)].map((name) =>
    valuesCase(`name ${name.slice(0, 9)}`, `certificate:\n  existing_cert: "${name}"\n`, ['secret-name']),
  ),
  ...['20260101', '0x1f', '1e3', '1.5', '0o17', '0b1', '1.e3', 'true', 'no', 'y', 'on', 'null'].map((name) =>
    valuesCase(`name "${name}"`, `certificate:\n  existing_cert: "${name}"\n`, ['secret-name']),
  ),
  ...['a', '1a', '2026-01-01', 'a.b', '1.2.3', 'e3', 'yes-1', 'x'.repeat(253)].map((name) =>
    valuesCase(`good name ${name.slice(0, 10)}`, `certificate:\n  existing_cert: "${name}"\n`, []),
  ),
];

export default cases;
