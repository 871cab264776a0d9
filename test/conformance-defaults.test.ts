/** No false alarm: what public CAs deliver, and what the usual tools make by default, once their root is known. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bundles } from './conformance/bundles.ts';
import type { Case } from './conformance/case.ts';
import { checked } from './conformance/checked.ts';
import { clientCases } from './conformance/client-cases.ts';
import { defaults } from './conformance/defaults.ts';

/** Errors of cases whose root is in `--ca-file`, but for the rules that are left out. */
async function alarms(cases: readonly Case[], expected: RegExp): Promise<string[]> {
  const found: string[] = [];
  for (const each of cases) {
    const made = each.make();
    if (made.caFile === undefined) continue;
    const { errors } = await checked(each, made, new Map());
    const left = errors.filter((rule) => !expected.test(`${each.name}: ${rule}`));
    if (left.length > 0) found.push(`${each.name}: ${left.join(', ')}`);
  }
  return found;
}

test('the bundles of public CAs have no error', async () => {
  assert.equal(await alarms(bundles(), /^$/), []);
});

test('what tools make has no error, but for SEC1, an empty issuer, PSS (Java 8) and what lacks an intermediate', async () => {
  const expected =
    /^Caddy: .*key-format$|\(an empty issuer\)|signed with PSS: .*: cert-weak-signature$|the leaf alone.*: chain-incomplete$/;
  assert.equal(await alarms(defaults(), expected), []);
});

test('the corpus for clients has thousands of cases, each with a name of its own', () => {
  const cases = clientCases();
  assert.ok(cases.length > 2500);
  assert.is(new Set(cases.map(({ family, name }) => `${family}: ${name}`)).size, cases.length);
});

test.run();
