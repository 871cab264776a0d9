import { rootCertificates } from 'node:tls';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Inspection } from '../../src/inspect/inspect.ts';
import { drawFields, fold, formatInspection } from '../../src/report/inspection-text.ts';
import { COLORED, PLAIN } from '../../src/text/paint.ts';
import { displayWidth } from '../../src/text/width.ts';
import { inspectFile } from '../support/inspect.ts';
import { PAIRS } from '../support/pairs.ts';
import { chain, issue, key, pemBlock, pkcs8 } from '../support/pki.ts';
import { tries } from '../support/property.ts';
import { inlineYaml, pemYaml } from '../support/values-yaml.ts';

const AT = new Date('2026-11-24T12:00:00Z');
const LAYOUT = { paint: PLAIN, width: 80 };
const { leaf, intermediates, root, pem } = chain({ at: AT });
const KEY = pkcs8(leaf.privateKey);

const show = async (file: string | Buffer, layout = LAYOUT): Promise<string> =>
  formatInspection(await inspectFile(file, AT), layout);

test('what people look for first comes first; then each certificate in full', async () => {
  const text = await show(pemYaml(pem, KEY));
  const digits = text.replace(/[0-9A-F]{32}\b/g, '(serial)').replace(/\b[0-9a-f]{64}\b/g, '(digest)');
  assert.is(
    digits,
    `values.yaml

  leaf             lightrun.example.com  89 days left
  └─ intermediate  Test Intermediate     3649 days left
     └─ root       Test Root             3649 days left

  key          matches the leaf: EC P-256, PKCS#8
  anchor       a private root, in the file: Test Root

who accepts it
  Helm and the chart                              accepts
  Kubernetes                                      accepts
  OpenSSL: the pin, Python and Node agents, curl  accepts
  nginx: the router's own TLS                     accepts (not in use here)
  Ingress controllers (Go)                        accepts
  Java agents, JetBrains IDEs                     accepts
  browsers, VS Code                               accepts

pin, to paste below certificate: in values.yaml
  security_pinned_hashes:
    - "(digest)"
and in agent.config of the agents (several pins with commas)
  pinned_certs=(digest)

leaf: lightrun.example.com
  names        lightrun.example.com
  valid        2026-11-23 to 2027-02-21 (UTC)
               [--------------------]  1 of 90 days used, 89 left
  subject      CN=lightrun.example.com
  issuer       CN=Test Intermediate,O=Test
  key          EC P-256
  signature    ecdsa-with-SHA256
  serial       (serial)
  fingerprint  (digest)

intermediate: Test Intermediate
  valid        2026-11-23 to 2036-11-20 (UTC)
               [--------------------]  1 of 3650 days used, 3649 left
  subject      CN=Test Intermediate,O=Test
  issuer       CN=Test Root,O=Test
  key          EC P-256
  signature    ecdsa-with-SHA256
  serial       (serial)
  fingerprint  (digest)

root: Test Root
  valid        2026-11-23 to 2036-11-20 (UTC)
               [--------------------]  1 of 3650 days used, 3649 left
  subject      CN=Test Root,O=Test
  issuer       itself
  key          EC P-256
  signature    ecdsa-with-SHA256
  serial       (serial)
  fingerprint  (digest)
`,
  );
});

test('another order in the file, copies, and what is not part of the chain', async () => {
  const stray = issue({ subject: 'CN=Stray CA', ca: true, key: key('p256', 90), at: AT });
  const file = [root, leaf, stray, ...intermediates, leaf].map((each) => each.pem).join('');
  const text = await show(pemYaml(file, KEY));
  assert.is(
    text.slice(0, text.indexOf('\n  key')),
    `values.yaml
  ! the file is not in the order of the chain, which is: 2, 4, 1
    lightrun-cert lint values.yaml says how to fix it.

  leaf             lightrun.example.com  2nd  89 days left
  └─ intermediate  Test Intermediate     4th  3649 days left
     └─ root       Test Root             1st  3649 days left

Also in the file
  not part of the chain  Stray CA              3rd  3649 days left
  a copy of the 2nd      lightrun.example.com  5th  89 days left
`,
  );
  assert.match(text, /\nleaf, 2nd in the file: lightrun\.example\.com\n/);
  assert.match(text, /\nextra, 3rd in the file: Stray CA\n/);
  assert.not.match(text, /5th in the file/);
});

test('an order that is wrong in a bare file: the command that puts it right', async () => {
  const text = await show(root.pem + leaf.pem);
  assert.match(text, /which is: 2\n {4}lightrun-cert encode puts them in order\.\n/);
});

test('the key: matches, does not, cannot be read, is locked, is not there', async () => {
  const locked = leaf.privateKey.export({
    format: 'pem',
    type: 'pkcs8',
    cipher: 'aes-128-cbc',
    passphrase: 'x',
  });
  const cases: [string, RegExp][] = [
    [pemYaml(pem, KEY), /^ {2}key {10}matches the leaf: EC P-256, PKCS#8$/m],
    [pemYaml(pem, pkcs8(key('ed25519', 5))), /^ {2}key {10}does not match the leaf: Ed25519, PKCS#8$/m],
    [pemYaml(pem, 'hello'), /^ {2}key {10}cannot be read$/m],
    [pemYaml(pem, pemBlock('PRIVATE KEY', Buffer.from('x'))), /^ {2}key {10}cannot be read: PKCS#8$/m],
    [pemYaml(pem, String(locked)), /^ {2}key {10}locked: encrypted PKCS#8; unknown whether it matches$/m],
    [
      pemYaml(pem, String(locked), 'secrets: {defaults: {keystore_password: x}}\n'),
      /^ {2}key {10}matches the leaf: EC P-256, encrypted PKCS#8, opened with\n {15}secrets\.defaults\.keystore_password$/m,
    ],
    [pem, /^ {2}key {10}none here$/m],
    [KEY, /^ {2}key {10}EC P-256, PKCS#8\n$/m],
  ];
  for (const [file, line] of cases) assert.match(await show(file), line);
});

test('the anchor and the pin are shown only where they are certain', async () => {
  const broken = `${leaf.pem}${pemBlock('CERTIFICATE', Buffer.from('x'))}`;
  const unsure = await show(pemYaml(broken, 'hello'));
  assert.match(unsure, /^ {2}anchor {7}unknown, because not all certificates can be read$/m);
  assert.match(unsure, /^ {2}pin {10}unknown, because not all certificates can be read$/m);
  assert.match(await show(pemYaml(broken, KEY)), /security_pinned_hashes:\n {4}- "[0-9a-f]{64}"\n/);
  const authority = await show(root.pem);
  assert.match(authority, /^ {2}anchor {7}none: the leaf is self-signed$/m);
  assert.match(authority, /^ {2}pin {10}none: this is a CA certificate, not a server's$/m);
  assert.match(await show(leaf.pem), /^ {2}anchor {7}not in the file and not public: Test Intermediate$/m);
});

test('what the chain hangs on, in words', async () => {
  const forged = issue({ subject: root.subject, ca: true, key: key('p256', 91) });
  const short = [leaf, ...intermediates].map((each) => each.pem).join('');
  const cases: [string, RegExp][] = [
    [
      String(rootCertificates[0]),
      /^ {2}anchor {7}a public root \(Mozilla's list in Node\), in the file: \S/m,
    ],
    [short, /^ {2}anchor {7}not in the file and not public: Test Root$/m],
    [short + forged.pem, /none: no certificate here verifies the signature of Test\n {15}Intermediate$/m],
  ];
  for (const [file, words] of cases) assert.match(await show(file), words);
});

test('many names: the first dozen, and how many more', async () => {
  const names = Array.from({ length: 100 }, (_, at) => `host-${at}.example.com`);
  const text = await show(issue({ san: [...names.slice(0, 99), '10.0.0.1'] }).pem);
  assert.match(text, /names {8}host-0\.example\.com, host-1/);
  assert.match(text, /host-11\.example\.com\n {15}and 88 more\n/);
  assert.not.match(text, /host-12/);
  const none = await show(issue({ san: ['email:a@example.com'] }).pem);
  assert.match(none, /names {8}none that names a server\n/);
});

test('deep and crowded files are cut, and say so', async () => {
  const deep = await show(chain({ depth: 24 }).pem);
  assert.match(deep, /\n {2}and 5 more\n/);
  assert.match(deep, /\nand 5 more; all of them: --format json\n$/);
  const strangers = Array.from(
    { length: 25 },
    (_, at) => issue({ subject: `CN=Stranger ${at}`, ca: true }).pem,
  );
  const crowded = await show(pemYaml(leaf.pem + strangers.join(''), KEY));
  assert.match(crowded, /Stranger 19[^\n]*\n {2}and 5 more\n/);
});

const LONG = chain({
  at: AT,
  depth: 1,
  leaf: { subject: `CN=${'long '.repeat(60)}`, san: [`${'a.'.repeat(120)}b`] },
});

test('no line is wider than the terminal', async () => {
  const files = [
    LONG.pem,
    chain({ depth: 24 }).pem,
    chain({ depth: 1, root: { subject: `O=${'x'.repeat(300)}` } }).pem,
    ...PAIRS.map(({ crt, key: keyText, more }) => inlineYaml(crt, keyText, more)),
  ];
  for (const file of files) {
    const inspection = await inspectFile(file, AT).catch(() => null);
    for (const width of inspection ? [80, 100] : []) {
      const text = formatInspection(inspection as Inspection, { ...LAYOUT, width });
      assert.equal(
        text.split('\n').filter((line) => line.length > width),
        [],
      );
    }
  }
});

test('colour only paints: the text is the same', async () => {
  for (const file of [pemYaml(pem, KEY), pemYaml(root.pem + leaf.pem, 'hello'), LONG.pem + KEY]) {
    const colored = await show(file, { ...LAYOUT, paint: COLORED });
    assert.ok(colored.includes('\x1b[1m'));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are taken away
    assert.is(colored.replace(/\x1b\[\d+m/g, ''), await show(file));
  }
});

test('names in certificates cannot reach the terminal or a CI command', async () => {
  const evil = issue({
    subject: 'CN=\x1b[2J\u202e\n::error::x',
    san: ['\x1b]0;title\x07.example', 'a\r\n::error::b', 'c ::warning::d', `${' '.repeat(70)}::error::e`],
  });
  const text = await show(pemYaml(evil.pem, KEY));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  assert.not.match(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  assert.not.match(text, /^\s*::/m);
});

test('names in one column, values in another', () => {
  const fields = drawFields(
    [
      ['key', ['fits']],
      ['fingerprint', ['a', 'b']],
    ],
    (text) => text,
  );
  assert.equal(fields, ['  key          fits', '  fingerprint  a', '               b']);
});

test('text breaks at spaces and after commas, else where the line is full', () => {
  assert.equal(fold('one two three', 8, 9), ['one two', 'three']);
  assert.equal(fold('CN=a,O=b,C=de', 8, 9), ['CN=a,', 'O=b,C=de']);
  assert.equal(fold('CN=abcd,O', 8, 9), ['CN=abcd,', 'O']);
  assert.equal(fold('CN=abcde,O', 8, 9), ['CN=abcde', ',O']);
  assert.equal(fold(`,${'x'.repeat(9)}`, 8, 9), [`,${'x'.repeat(7)}`, 'xx']);
  assert.equal(fold(`x,${'x'.repeat(9)}`, 8, 9), ['x,', 'xxxxxxxx', 'x']);
  assert.equal(fold('x'.repeat(8), 8, 9), ['x'.repeat(8)]);
  assert.equal(fold('x'.repeat(20), 8, 9), ['x'.repeat(8), 'x'.repeat(8), 'x'.repeat(4)]);
});

test('too much of it ends with …', () => {
  assert.equal(fold('x'.repeat(16), 8, 2), ['x'.repeat(8), 'x'.repeat(8)]);
  assert.equal(fold('x'.repeat(9), 8, 1), [`${'x'.repeat(7)}…`]);
  assert.equal(fold('x'.repeat(20), 8, 2), ['x'.repeat(8), `${'x'.repeat(7)}…`]);
});

test('no line is too wide, and no character is cut in two', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 80 }),
      fc.integer({ min: 3, max: 20 }),
      (text, width) => {
        const lines = fold(text.replace(/\s/g, ' '), width, 5);
        assert.ok(lines.length <= 5);
        for (const line of lines) {
          assert.ok(displayWidth(line) <= width);
          assert.not.match(line, /[\ud800-\udfff]/u);
        }
      },
    ),
    tries(),
  );
});

test.run();
