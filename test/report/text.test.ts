import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LintOptions } from '../../src/lint/lint.ts';
import { formatText } from '../../src/report/text.ts';
import { COLORED, PLAIN } from '../../src/text/paint.ts';
import { lintSummary } from '../support/lint.ts';
import { PAIRS } from '../support/pairs.ts';
import { chain, issue, pkcs8 } from '../support/pki.ts';
import { contextOf } from '../support/report.ts';
import { base64, inlineYaml, pemYaml } from '../support/values-yaml.ts';

const AT = new Date('2026-11-24T12:00:00Z');
const { leaf, intermediates, root, pem } = chain({ at: AT });
const context = contextOf({ at: AT });
const layout = { paint: PLAIN, width: 80 };

const show = async (yaml: string, options: Partial<LintOptions> = {}) =>
  formatText([await lintSummary(yaml, { at: AT, ...options })], context, layout);

test('a good file: what was checked, the chain from the leaf up, the days left', async () => {
  assert.is(
    await show(pemYaml(pem, pkcs8(leaf.privateKey))),
    `values.yaml  ok
    The certificate in certificate.tls was checked; the private key matches it.
    leaf             lightrun.example.com  EC P-256, 89 days left
    └─ intermediate  Test Intermediate     EC P-256, 3649 days left
       └─ root       Test Root             EC P-256, 3649 days left

1 file: no findings
`,
  );
});

test('a misordered chain: where, what is wrong, what would happen, the right order by name', async () => {
  const misordered = [root, ...intermediates, leaf].map((each) => each.pem).join('');
  assert.is(
    await show(pemYaml(misordered, pkcs8(leaf.privateKey))),
    `values.yaml  failed  1 error
  values.yaml:3:10  error  chain-order
    fix: helm lightrun-cert encode --cert full-chain.crt --write values.yaml

    The certificates in certificate.tls.crt are in the wrong order: root,
    intermediate, leaf. On install, the router would not start (key values
    mismatch), and clients would be told to pin the wrong key.

    The right order:
      1. leaf          CN=lightrun.example.com  (now 3)
      2. intermediate  CN=Test Intermediate,O=Test  (now 2)
      3. root          CN=Test Root,O=Test  (now 1)

More: lightrun-cert explain chain-order (docs/rules.md#chain-order)

1 file: 1 error
`,
  );
});

test('a Secret: only the values were checked', async () => {
  assert.match(
    await show('certificate: {existing_cert: my-tls-secret}\n'),
    /names the Secret my-tls-secret.*\n.*what is in the Secret was not/,
  );
});

test('what is not there, or not resolved, is not called checked', async () => {
  assert.match(await show('x: 1\n', { partial: true }), /No certificate is set here, so none was checked/);
  const unresolved = await show('certificate: {tls: {crt: "ref+vault://x", key: "ref+vault://x"}}\n');
  assert.match(unresolved, /certificate\.tls\.crt was not checked: it is filled in later by vals/);
  assert.match(
    await show(inlineYaml(null, 'ref+vault://x'), { partial: true }),
    /certificate\.tls\.crt was not checked: it is not set here/,
  );
});

test('nothing that was not checked is called ok', async () => {
  assert.match(
    await show('x: 1\n', { partial: true }),
    /^values\.yaml {2}not checked\n[\s\S]*\n1 file: no findings, 1 not checked\n$/u,
  );
  const off = new Map([
    ['values-unresolved', 'off'],
    ['base64-invalid', 'off'],
    ['pair-refused', 'off'],
    ['secret-too-large', 'off'],
  ] as const);
  const key = pkcs8(leaf.privateKey);
  for (const yaml of [
    inlineYaml('ref+vault://x', base64(key)),
    inlineYaml('*AAAA', base64(key)),
    pemYaml(pem.repeat(2000), key),
    `${pemYaml(pem, key)}general: {lightrun_endpoint: "{{ .host }}"}\n`,
  ]) {
    assert.match(await show(yaml, { severities: off }), /^values\.yaml {2}not fully checked\n/);
  }
  const all = await show('certificate: ref+vault://x\n', { severities: off });
  assert.match(all, /^values\.yaml {2}not checked\n/);
});

test('with strict, warnings fail', async () => {
  const summaries = [await lintSummary('certificate: {existing_cert: a, foo: b}\n')];
  assert.match(formatText(summaries, context, layout), /values\.yaml {2}not fully checked {2}1 warning/);
  assert.match(
    formatText(summaries, { ...context, strict: true }, layout),
    /values\.yaml {2}failed {2}1 warning/,
  );
});

test('several files: one block each, one line of summary', async () => {
  const summaries = [await lintSummary(''), await lintSummary('certificate: {existing_cert: a}\n')];
  const text = formatText(summaries, context, layout);
  assert.match(text, /\n\n2 files: 1 error, 1 not fully checked\n$/);
});

test('no line is wider than the terminal, commands and names aside', async () => {
  for (const { crt, key, more, options } of PAIRS) {
    const text = formatText([await lintSummary(inlineYaml(crt, key, more), options)], context, layout);
    const wide = text.split('\n').filter((line) => line.length > 80 && !/^ {4}fix: | {6}/.test(line));
    assert.equal(wide, []);
  }
});

test('colour only paints: the text is the same', async () => {
  const summaries = [await lintSummary('')];
  const colored = formatText(summaries, context, { ...layout, paint: COLORED });
  assert.ok(colored.includes('\x1b[31m'));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are taken away
  assert.is(colored.replace(/\x1b\[\d+m/g, ''), formatText(summaries, context, layout));
});

test('names in certificates cannot reach the terminal', async () => {
  const evil = 'CN=\x1b[2J\u202e\nok';
  const own = issue({ subject: evil, san: ['\x1b]0;title\x07.example', 'a\r\n::error::b'] });
  const text = await show(pemYaml(own.pem, pkcs8(own.privateKey)), { host: 'lightrun.example.com' });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  assert.not.match(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  assert.not.match(text, /^\s*::error/m);
});

test.run();
