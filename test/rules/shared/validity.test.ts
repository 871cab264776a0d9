/** The rules on validity: both ends belong to it (RFC 5280 section 4.1.2.5). */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lintText, rulesOf } from '../../support/lint.ts';
import { issue, key, pkcs8 } from '../../support/pki.ts';
import { readOne } from '../../support/read.ts';
import { base64, inlineYaml } from '../../support/values-yaml.ts';

const NOT_BEFORE = new Date('2026-01-01T00:00:00Z');
const NOT_AFTER = new Date('2026-12-31T23:59:59Z');
const DAY = 24 * 60 * 60 * 1000;
const LIFE = { notBefore: NOT_BEFORE, notAfter: NOT_AFTER };

const root = issue({ subject: 'CN=root', key: key('p256', 1), ca: true, at: NOT_BEFORE });
const leaf = issue({ issuer: root, ...LIFE });
const LEAF_KEY = base64(pkcs8(leaf.privateKey));

/** The findings on validity at a time, `expiresWithin` as the flag has it. */
async function found(pem: string, at: Date, expiresWithin = 30): Promise<string[]> {
  const outcome = await lintText(inlineYaml(base64(pem), LEAF_KEY), { at, expiresWithin });
  return rulesOf(outcome).filter((rule) => /^cert-(expir|not-yet)/.test(rule));
}
const after = (time: Date, milliseconds: number) => new Date(time.getTime() + milliseconds);

test('valid from the first second to the last', () => {
  const valid = (at: Date) => readOne(leaf).isValidAt(at);
  assert.equal([after(NOT_BEFORE, -1), NOT_BEFORE, NOT_AFTER, after(NOT_AFTER, 1)].map(valid), [
    false,
    true,
    true,
    false,
  ]);
});

const CASES: readonly [name: string, at: Date, rules: string[]][] = [
  ['before the first second', after(NOT_BEFORE, -1), ['cert-not-yet-valid']],
  ['in the first second', NOT_BEFORE, []],
  ['31 days before the end', after(NOT_AFTER, -31 * DAY), []],
  ['exactly 30 days before the end', after(NOT_AFTER, -30 * DAY), []],
  ['less than 30 days before the end', after(NOT_AFTER, 1 - 30 * DAY), ['cert-expiring']],
  ['in the last second', NOT_AFTER, ['cert-expiring']],
  ['after the last second', after(NOT_AFTER, 1), ['cert-expired']],
];
for (const [name, at, rules] of CASES) {
  test(`${name}: ${rules.join(', ') || 'nothing'}`, async () => {
    assert.equal(await found(leaf.pem + root.pem, at), rules);
  });
}

test('--expires-within counts whole days', async () => {
  const at = after(NOT_AFTER, -7 * DAY);
  assert.equal(await found(leaf.pem + root.pem, at, 7), []);
  assert.equal(await found(leaf.pem + root.pem, at, 8), ['cert-expiring']);
  assert.equal(await found(leaf.pem + root.pem, NOT_AFTER, 0), []);
});

const until = (notAfter: Date, issuer: typeof root) =>
  issue({ subject: 'CN=middle', key: key('p256', 2), ca: true, issuer, notBefore: NOT_BEFORE, notAfter });
const [expired, valid] = [until(NOT_AFTER, root), until(after(NOT_AFTER, 90 * DAY), root)];
const lower = issue({ issuer: expired, notBefore: NOT_BEFORE, notAfter: after(NOT_AFTER, 80 * DAY) });
const file = (...above: { pem: string }[]) => [lower, ...above, root].map(({ pem }) => pem).join('');

test('an intermediate that expires soon is reported where no path does without it', async () => {
  const at = after(NOT_AFTER, -10 * DAY);
  assert.equal(await found(file(expired), at), ['cert-expiring']);
  assert.equal(await found(file(valid, expired), at), []);
});

test('an expired certificate that another path does without is a warning, else an error', async () => {
  const at = after(NOT_AFTER, 1);
  assert.equal(await found(file(expired), at), ['cert-expired']);
  assert.equal(await found(file(valid, expired), at), ['cert-expired=warning']);
  assert.equal(await found(file(valid), at), []);
});

test.run();
