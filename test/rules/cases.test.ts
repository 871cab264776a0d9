/**
 * Which values and pairs give which findings: the cases of test/rules/cases/. The pairs are given to real consumers in
 * test/conformance.test.ts too.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { RULES } from '../../src/rules/index.ts';
import { lintText, rulesOf } from '../support/lint.ts';
import { CASES } from '../support/pairs.ts';
import { inlineYaml } from '../support/values-yaml.ts';

for (const [file, cases] of CASES) {
  for (const each of cases) {
    test(`${file}: ${each.name}: ${each.expected.join(', ') || 'nothing'}`, async () => {
      const yaml = 'yaml' in each ? each.yaml : inlineYaml(each.crt, each.key, each.more);
      const found = rulesOf(await lintText(yaml, each.options));
      assert.equal(found.sort(), [...each.expected].sort());
    });
  }
}

/** The rules that a file's cases expect to find something, and not to find anything. */
const expectations = [...CASES].map(([file, cases]) => ({
  file,
  bad: new Set(cases.flatMap(({ expected }) => expected.map((each) => each.split('=')[0]))),
  hasGood: (id: string) => cases.some(({ expected }) => !expected.some((each) => each.split('=')[0] === id)),
}));

test('every rule has a case in which it finds something (pair-refused is for what no other rule names)', () => {
  const found = new Set(expectations.flatMap(({ bad }) => [...bad]));
  const without = RULES.filter(({ id }) => id !== 'pair-refused' && !found.has(id));
  assert.equal(
    without.map(({ id }) => id),
    [],
  );
});

test("a rule's own file of cases has a bad one and a good one", () => {
  const ids = new Set(RULES.map(({ id }) => id));
  for (const { file, bad, hasGood } of expectations.filter((each) => ids.has(each.file))) {
    assert.ok(bad.has(file), `${file} has no bad case`);
    assert.ok(hasGood(file), `${file} has no good case`);
  }
});

test.run();
