/** The rules on values, beyond single cases (test/rules/cases/): what they say. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lint } from '../../src/lint/lint.ts';
import { lintOptions, lintText, rulesOf } from '../support/lint.ts';
import { GOOD_YAML } from '../support/rule-case.ts';

test("the leaf's own pin, in either case, is accepted", async () => {
  const { target } = await lintText(GOOD_YAML);
  const pin = target.material?.chain?.leaf.pinSha256 ?? '';
  assert.match(pin, /^[0-9a-f]{64}$/);
  for (const text of [pin, pin.toUpperCase()]) {
    assert.equal(rulesOf(await lintText(`${GOOD_YAML}  security_pinned_hashes: ["${text}"]\n`)), []);
    assert.equal(
      rulesOf(await lintText(`${GOOD_YAML}  security_pinned_hashes: "${text},${'0'.repeat(64)}"\n`)),
      [],
    );
  }
});

test('a missing pin is shown ready to paste', async () => {
  const { target, findings } = await lintText(
    `${GOOD_YAML}  security_pinned_hashes: ["${'0'.repeat(64)}"]\n`,
  );
  assert.match(findings[0]?.help ?? '', target.material?.chain?.leaf.pinSha256 ?? 'none');
});

test('source-missing says that internal TLS does not replace it', async () => {
  const { findings } = await lintText('general:\n  internal_tls:\n    enabled: true\n');
  assert.match(findings[0]?.message ?? '', /internal_tls is on, but/);
});

test('source-missing offers no key of the Lightrun chart itself as --root', async () => {
  const below = (key: string) => `${key}:\n  certificate: {existing_cert: a}\n`;
  for (const key of ['general', 'secrets', 'deployments', 'serviceAccount']) {
    const { findings } = await lintText(below(key));
    assert.match(findings[0]?.message ?? '', 'No certificate is given');
    assert.not.match(findings[0]?.message ?? '', '--root');
  }
  const { findings } = await lintText(below('general') + below('lightrun'));
  assert.match(findings[0]?.message ?? '', 'lint with --root lightrun');
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
  const { findings } = await lintText(`${GOOD_YAML}  existingCert: a\n`);
  assert.match(findings[0]?.message ?? '', /; it reads certificate\.existing_cert/);
  assert.equal(findings[0]?.path, ['certificate', 'existingCert']);
});

test('values-syntax speaks in sentences, and says which Helm stops', async () => {
  const messageOf = async (text: string | Buffer): Promise<string> =>
    (await lintText(text)).findings[0]?.message ?? '';
  assert.match(await messageOf('a: "b\n'), /^A quoted string is not closed\. On install, Helm would stop/);
  assert.match(
    await messageOf(Buffer.from('\ufeffa: 1\n', 'utf16le')),
    /Helm 3 reads it.* On install, Helm 4 would stop/,
  );
});

test('values-type recognises a space that is missing after a colon', async () => {
  const { findings } = await lintText('certificate:\n  existing_cert:a\n');
  assert.match(findings[0]?.help ?? '', /^Put a space after the colon/);
});

test('values-unknown-key recognises a dot in a name', async () => {
  const { findings } = await lintText('certificate:\n  tls.crt: x\n');
  assert.match(findings[0]?.message ?? '', /one key "tls\.crt" with a dot in its name/);
});

test('source-missing finds the subchart', async () => {
  const { findings } = await lintText(`lightrun:\n${GOOD_YAML.replace(/^(?=.)/gm, '  ')}`);
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
    `${GOOD_YAML}general:\n  lightrun_endpoint: "https://Lightrun.example.com:443/app"\n`,
  );
  assert.match(findings[0]?.help ?? '', /lightrun_endpoint: "lightrun\.example\.com"/);
});

test.run();
