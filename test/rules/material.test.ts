/**
 * The rules on what is in the two values: which pairs of certificate and key give which findings. The same pairs
 * are given to real consumers in test/conformance.test.ts.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lintText, rulesOf } from '../support/lint.ts';
import { PAIRS } from '../support/pairs.ts';
import { inlineYaml } from '../support/values-yaml.ts';

for (const { name, crt, key, expected, options, more } of PAIRS) {
  test(`${name}: ${expected.join(', ') || 'nothing'}`, async () => {
    assert.equal(rulesOf(await lintText(inlineYaml(crt, key, more), options)).sort(), [...expected].sort());
  });
}

test.run();
