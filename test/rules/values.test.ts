/** The rules on values, beyond single cases (test/rules/cases/): what they say. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lintText, rulesOf } from '../support/lint.ts';
import { CRT_VALUE, GOOD_YAML, KEY_VALUE, tlsYaml } from '../support/rule-case.ts';

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
  const below = (key: string, name: string) => `${key}:\n  certificate: {existing_cert: ${name}}\n`;
  for (const key of ['general', 'secrets', 'deployments', 'serviceAccount']) {
    const { findings } = await lintText(below(key, '""'));
    assert.match(findings[0]?.message ?? '', 'No certificate is given');
    assert.not.match(findings[0]?.message ?? '', '--root');
  }
  const { findings } = await lintText(below('general', '""') + below('lightrun', 'a'));
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

test('values-unresolved is one finding that names every value and tool', async () => {
  const { findings } = await lintText(tlsYaml('"$(TLS_CRT)"', '"#{TLS_KEY}"'));
  assert.is(findings.length, 1);
  assert.match(findings[0]?.message ?? '', /tls\.crt and certificate\.tls\.key were not checked/);
  assert.match(findings[0]?.message ?? '', /Azure Pipelines, and by Octopus Deploy/);
  assert.equal(
    findings[0]?.related.map(({ path, location }) => [path.join('.'), location?.line]),
    [['certificate.tls.key', 4]],
  );
});

test('the same mistake in both values is one finding, with the second as a related place', async () => {
  const { findings } = await lintText(tlsYaml('"***"', '"***"'));
  assert.equal(
    findings.map(({ rule, path, related }) => [
      rule,
      path.join('.'),
      related.map((each) => each.path.join('.')),
    ]),
    [['placeholder', 'certificate.tls.crt', ['certificate.tls.key']]],
  );
  const { findings: two } = await lintText(tlsYaml('"***"', './tls.key'));
  assert.equal(
    two.map(({ path, related }) => [path.join('.'), related]),
    [
      ['certificate.tls.crt', []],
      ['certificate.tls.key', []],
    ],
  );
});

test('one value that is stopped does not keep the other from being checked', async () => {
  const { findings } = await lintText(tlsYaml('"***"', '"LS0t LS0t"'));
  assert.equal(
    findings.map(({ rule, path }) => [rule, path.at(-1)]),
    [
      ['placeholder', 'crt'],
      ['base64-wrapped', 'key'],
    ],
  );
});

test('values-misplaced shows the block as it should be, and nothing of what is there', async () => {
  const yaml = `general:\n  name: acme\n  certificate:\n    tls:\n      crt: ${CRT_VALUE}\n      key: ${KEY_VALUE}\n`;
  const [finding] = (await lintText(yaml)).findings;
  assert.match(finding?.message ?? '', /general\.certificate is under general, and belongs at the top/);
  assert.is(
    finding?.help,
    'Move general.certificate two columns to the left:\n  certificate:\n    tls:\n      crt: …  # what is now in general.certificate.tls.crt (line 5)\n      key: …  # what is now in general.certificate.tls.key (line 6)',
  );
  assert.equal(
    finding?.related.map(({ path }) => path.join('.')),
    ['general.certificate.tls.key'],
  );
});

test('values-misplaced says how far a block has to move', async () => {
  const helpFor = async (yaml: string) => (await lintText(yaml)).findings[0]?.help.split('\n')[0];
  const pair = `crt: ${CRT_VALUE}\nKEY: ${KEY_VALUE}`.replace('KEY', 'key');
  const below = (columns: number) => pair.replace(/^/gm, ' '.repeat(columns));
  assert.is(
    await helpFor(`certificate:\ntls:\n${below(2)}\n`),
    'Move tls two columns to the right, under certificate:',
  );
  assert.is(
    await helpFor(`certificate:\n  tls:\n${below(2)}\n`),
    'Move certificate.crt and certificate.key two columns to the right, under certificate.tls:',
  );
  assert.is(
    await helpFor(`general:\n    certificate:\n        tls:\n${below(12)}\n`),
    'Move general.certificate 4 columns to the left:',
  );
  assert.is(await helpFor(`tls:\n${below(2)}\n`), 'Move each value to its place:');
});

test('endpoint-format shows the bare host', async () => {
  const { findings } = await lintText(
    `${GOOD_YAML}general:\n  lightrun_endpoint: "https://Lightrun.example.com:443/app"\n`,
  );
  assert.match(findings[0]?.help ?? '', /lightrun_endpoint: "lightrun\.example\.com"/);
});

test.run();
