import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formatInspectionJson } from '../../src/report/inspection-json.ts';
import { publicRoots, rootsOf, together } from '../../src/x509/roots.ts';
import { inspectFile } from '../support/inspect.ts';
import { PAIRS } from '../support/pairs.ts';
import { chain, issue, key, pemBlock, pkcs8, sec1 } from '../support/pki.ts';
import { tries } from '../support/property.ts';
import { read } from '../support/read.ts';
import { inlineYaml, pemYaml } from '../support/values-yaml.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../schema/inspection.schema.json', import.meta.url), 'utf8'),
);
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

const AT = new Date('2026-11-24T12:00:00Z');
const { leaf, intermediates, root, all, pem } = chain({ at: AT });
const KEY = pkcs8(leaf.privateKey);
const pems = (...issued: readonly { pem: string }[]): string => issued.map((each) => each.pem).join('');

async function display(file: string | Buffer, roots: Parameters<typeof inspectFile>[2] = null) {
  const report = JSON.parse(formatInspectionJson(await inspectFile(file, AT, roots), AT));
  assert.ok(validate(report) as boolean, JSON.stringify(validate.errors));
  return report;
}

test('every output validates against its schema', async () => {
  let drawn = 0;
  for (const { crt, key: keyText, more } of PAIRS) {
    await display(inlineYaml(crt, keyText, more)).then(
      () => {
        drawn += 1;
      },
      // Only a Secret is named, or the file cannot be read: there is nothing to show.
      (error) => assert.is(error.constructor.name, 'LintError'),
    );
  }
  assert.ok(drawn > PAIRS.length / 2, `${drawn} of ${PAIRS.length}`);
  for (const file of [pem, KEY, pem + KEY, leaf.der, Buffer.from(pem, 'utf16le')]) await display(file);
});

test('certificates in file order, the chain from the leaf up, who issued whom', async () => {
  const stray = issue({ subject: 'CN=Stray', key: key('p256', 91), ca: true });
  const report = await display(pemYaml(pems(root, leaf, stray, ...intermediates, leaf), KEY));
  const of = (name: string) => report.certificates.map((each: Record<string, unknown>) => each[name]);
  assert.equal(of('position'), [1, 2, 3, 4, 5]);
  assert.equal(of('role'), ['root', 'leaf', 'extra', 'intermediate', 'extra']);
  assert.equal(of('issuerPosition'), [1, 4, 3, 1, 4]);
  assert.equal(of('copyOf'), [null, null, null, null, 2]);
  assert.equal(report.chain, [2, 4, 1]);
  assert.is(report.inOrder, false);
  assert.is((await display(pem)).inOrder, true);
  assert.is((await display(leaf.pem)).certificates[0].issuerPosition, null);
});

test('the issuer is who signed it, not who is only called so', async () => {
  const impostor = issue({ subject: root.subject, ca: true, key: key('p256', 92) });
  const { certificates } = await display(pems(leaf, ...intermediates, impostor));
  assert.is(certificates[1].issuerPosition, null);
});

test('certificates that cannot be read keep their place', async () => {
  const file = pems(leaf) + pemBlock('CERTIFICATE', Buffer.from('x')) + pems(...intermediates);
  const report = await display(pemYaml(file, KEY));
  assert.equal(report.chain, [1, 3]);
  assert.equal(report.anchor, null);
  assert.match(report.problems[0].message, /^the 2nd certificate in certificate\.tls\.crt \(its line \d+\)/);
  assert.is(report.problems[0].unread, true);
});

test('the key: its container, and whether it fits', async () => {
  const keyOf = async (file: string) => (await display(file)).key;
  const opened = { state: 'opened', encrypted: false, description: 'EC P-256' };
  assert.equal(await keyOf(pem + KEY), { ...opened, container: 'pkcs8', fits: true });
  assert.equal(await keyOf(pem + sec1(leaf.privateKey)), { ...opened, container: 'sec1', fits: true });
  assert.equal(await keyOf(pem + pkcs8(key('p256', 93))), { ...opened, container: 'pkcs8', fits: false });
  assert.equal(await keyOf(KEY), { ...opened, container: 'pkcs8', fits: null });
  assert.is(await keyOf(pem), null);
});

test('the pin is that of the leaf, wherever it is', async () => {
  const [first] = read(leaf);
  for (const file of [pem, pems(...all.toReversed())]) {
    assert.is((await display(pemYaml(file, KEY))).pin, first?.pinSha256);
  }
  assert.is((await display(root.pem)).pin, null);
});

test('the anchor: public, of --ca-file, private, the leaf itself, missing, broken, a circle', async () => {
  const known = together(rootsOf('ca-file', read(root)), publicRoots());
  const own = issue({ subject: 'CN=own', key: key('p256', 94) });
  const forged = issue({ subject: root.subject, ca: true, key: key('p256', 95) });
  const open = publicRoots(() => [root.pem]);
  const cases: [string, Parameters<typeof display>[1], object][] = [
    [pem, null, { kind: 'private', name: 'Test Root', position: 3 }],
    [pem, known, { kind: 'ca-file', name: 'Test Root', position: 3 }],
    [pems(leaf, ...intermediates), known, { kind: 'ca-file', name: 'Test Root', position: null }],
    [pems(leaf, ...intermediates), open, { kind: 'public', name: 'Test Root', position: null }],
    [pems(leaf, ...intermediates), null, { kind: 'missing', name: 'Test Root', position: null }],
    [own.pem, null, { kind: 'self-signed', name: 'own', position: 1 }],
    [
      pems(leaf, ...intermediates, forged),
      null,
      { kind: 'broken', name: 'Test Intermediate', position: null },
    ],
  ];
  for (const [file, roots, anchor] of cases) assert.equal((await display(file, roots)).anchor, anchor);
  assert.is((await display(rootCertificates[0] as string)).anchor.kind, 'public');
});

test('no characters reach a terminal, and none are lost', async () => {
  const name = '\x1b[2J\u202e##[x';
  const json = formatInspectionJson(await inspectFile(issue({ subject: `CN=${name}` }).pem, AT), AT);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  assert.not.match(json, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]|##\[/);
  assert.ok(JSON.parse(json).anchor.name.includes('\u202e'));
});

test('however a file is cut or damaged, it validates', async () => {
  const whole = pems(...all) + KEY;
  await fc.assert(
    fc.asyncProperty(
      fc.nat(whole.length),
      fc.nat(whole.length),
      fc.constantFrom('', '\n', 'A', '-'),
      async (from, to, put) => {
        const file = whole.slice(0, Math.min(from, to)) + put + whole.slice(Math.max(from, to));
        await display(`-----BEGIN ${file}`);
        if (file.startsWith('-----BEGIN ')) await display(file);
      },
    ),
    tries(30),
  );
});

test.run();
