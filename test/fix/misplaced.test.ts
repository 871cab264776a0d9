/** The certificate in another place than the chart reads: `lint --fix` moves it, with its comments. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fixInput } from '../../src/fix/fix-file.ts';
import { lint } from '../../src/lint/lint.ts';
import cases from '../rules/cases/values-misplaced.ts';
import { command } from '../support/command.ts';
import { KEY } from '../support/inline.ts';
import { lintOptions, rulesOf } from '../support/lint.ts';
import { chain, pkcs8 } from '../support/pki.ts';
import { base64 } from '../support/values-yaml.ts';

const { leaf, all, pem } = chain({ tag: 'misplaced' });
const [CRT, OWN_KEY] = [base64(pem), base64(pkcs8(leaf.privateKey))];
const LEAF = base64(leaf.pem);
const ABOVE = all.slice(1).map((each) => base64(each.pem)) as [string, string];

async function fixed(text: string, root: readonly string[] = []) {
  const { bytes, fixed } = await fixInput(
    { bytes: Buffer.from(text), name: 'v.yaml' },
    lintOptions({ root }),
  );
  return { text: bytes.toString(), fixed };
}

const commentsIn = (text: string) => (text.match(/# .*/g) ?? []).sort();

for (const { name, yaml, expected, options } of cases) {
  const isMisplaced = expected.includes('values-misplaced');
  test(`${isMisplaced ? 'moved' : 'left'}: ${name}`, async () => {
    const root = options?.root ?? [];
    const commented = yaml.replace(/^( *)(?=\w)/gm, (indent, _, at) => `${indent}# above ${at}\n${indent}`);
    for (const text of [yaml, `# mine\nother: [1,  2]\n${yaml}`, commented]) {
      const { text: after, fixed: lines } = await fixed(text, root);
      if (!isMisplaced) {
        assert.is(after, text);
        continue;
      }
      const left = rulesOf(await lint(Buffer.from(after), 'v.yaml', lintOptions({ ...options, root })));
      if (text === commented && lines.length === 0) continue;
      assert.not.ok(left.includes('values-misplaced'), `${after}\n${left}`);
      assert.not.ok(left.includes('values-unknown-key'), `${after}\n${left}`);
      if (!name.includes('issuers apart')) assert.equal(commentsIn(after), commentsIn(text));
      assert.is((await fixed(after, root)).text, after, 'a second time');
    }
  });
}

test('a block with all that belongs to it, its comments and its indentation', async () => {
  const before = `# production
general:
  lightrun_endpoint: lightrun.example.com
  # from our CA
  certificate:
    existing_cert: ""
    security_pinned_hashes: []  # none
    tls:
      crt: ${CRT}   # full chain
      key: ${OWN_KEY}
  name: acme
`;
  const { text, fixed: lines } = await fixed(before);
  assert.is(
    text,
    `# production
general:
  lightrun_endpoint: lightrun.example.com
  name: acme
# from our CA
certificate:
  existing_cert: ""
  security_pinned_hashes: []  # none
  tls:
    crt: ${CRT}   # full chain
    key: ${OWN_KEY}
`,
  );
  assert.equal(lines, ['general.certificate (line 5): moved to certificate']);
});

test('where empty values are in the right place', async () => {
  const empty = 'certificate:\n  existing_cert: ""\n  tls:\n    crt: ""\n    key: ""\n';
  const { text } = await fixed(`${empty}tls:\n  crt: ${CRT}\n  key: ${OWN_KEY}\n`);
  assert.is(text, `certificate:\n  existing_cert: ""\n  tls:\n    crt: "${CRT}"\n    key: "${OWN_KEY}"\n`);
  const secret = await fixed('certificate:\n  existing_cert: ""\nexisting_cert: my-tls\n');
  assert.is(secret.text, 'certificate:\n  existing_cert: "my-tls"\n');
});

for (const [where, before] of [
  [
    'under tls',
    `certificate:\n  tls:\n    crt: ${LEAF}\n    chain: ${ABOVE[0]}\n    ca: ${ABOVE[1]}\n    key: ${OWN_KEY}\n`,
  ],
  [
    'under certificate',
    `certificate:\n  ca: |\n    ${base64(
      all
        .slice(1)
        .map((each) => each.pem)
        .join(''),
    )}\n  tls:\n    crt: ${LEAF}\n    key: ${OWN_KEY}\n`,
  ],
  ['in both places', `certificate:\n  tls:\n    crt: ${CRT}\n    key: ${OWN_KEY}\n    ca: ${ABOVE[1]}\n`],
] as const) {
  test(`issuers ${where} go after the leaf, and nothing remains`, async () => {
    const { text, fixed: lines } = await fixed(before);
    assert.is(text, `certificate:\n  tls:\n    crt: ${CRT}\n    key: ${OWN_KEY}\n`);
    assert.match(lines[0] ?? '', /: moved into certificate\.tls\.crt, after the leaf$/);
  });
}

test('an issuer of another chain stays, and is said', async () => {
  const other = base64(chain({ tag: 'of another' }).root.pem);
  const text = `certificate:\n  tls:\n    crt: ${CRT}\n    key: ${OWN_KEY}\n    ca: ${other}\n`;
  assert.is((await fixed(text)).text, text);
  const { findings } = await lint(Buffer.from(text), 'v.yaml', lintOptions());
  assert.equal(
    findings.map(({ rule }) => rule),
    ['values-unknown-key'],
  );
});

test('encode --add leaves no copy of what it adds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'misplaced-'));
  const [file, issuer] = [join(folder, 'values.yaml'), join(folder, 'intermediate.crt')];
  try {
    writeFileSync(
      issuer,
      all
        .slice(1)
        .map((each) => each.pem)
        .join(''),
    );
    writeFileSync(
      file,
      `certificate:\n  tls:\n    crt: ${LEAF}\n    key: ${OWN_KEY}\n    chain: ${ABOVE[0]}\n`,
    );
    const { status, stderr } = await command(['encode', '--add', issuer, '--write', file]);
    assert.equal(
      [status, readFileSync(file, 'utf8')],
      [0, `certificate:\n  tls:\n    crt: ${CRT}\n    key: ${OWN_KEY}\n`],
    );
    assert.match(stderr, /certificate\.tls\.chain was removed, since certificate\.tls\.crt holds it/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('lint offers it; where it cannot move them, encode with the user’s own files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'misplaced-'));
  const file = join(folder, 'values.yaml');
  const commandsOf = async (text: string) => {
    writeFileSync(file, text);
    const { stdout } = await command(['lint', '--format', 'json', file]);
    const [finding] = JSON.parse(stdout).targets[0].findings;
    return finding.commands.map((line: string) => line.replace(`${folder}/`, ''));
  };
  try {
    const tls = `tls:\n  crt: ${CRT}\n  key: ${OWN_KEY}\n`;
    assert.equal(await commandsOf(tls), ['lightrun-cert lint --fix values.yaml']);
    assert.equal(await commandsOf('certificate:\n  existingCert: my-tls\n'), [
      'lightrun-cert lint --fix values.yaml',
    ]);
    const own = 'lightrun-cert encode --cert full-chain.crt --key my-cert.key --write values.yaml';
    assert.equal(await commandsOf(`x: {tls: {crt: ${CRT}, key: ${OWN_KEY}}}\n`.replace('x', 'general')), [
      own,
    ]);
    assert.equal(
      await commandsOf(`certificate: {tls: {crt: ${CRT}}}\ngeneral: {tls: {key: ${OWN_KEY}}, a: 1}\n`),
      ['lightrun-cert encode --key my-cert.key --write values.yaml'],
    );
    assert.equal(await commandsOf('general: {existing_cert: my-tls, a: 1}\n'), []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a key of another certificate is moved too, and then said', async () => {
  const { text } = await fixed(`tls:\n  crt: ${CRT}\n  key: ${KEY}\n`);
  assert.is(text, `certificate:\n  tls:\n    crt: ${CRT}\n    key: ${KEY}\n`);
});

test.run();
