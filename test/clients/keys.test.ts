import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { KEY_CASES } from './key-cases.ts';
import { MEASURED } from './measured.ts';
import { clientsOf, refusalsOf } from './measured-refusals.ts';

for (const make of KEY_CASES) {
  const made = make();
  test(`measured: ${made.name}`, () => {
    const refusals = refusalsOf(made);
    assert.ok(refusals);
    assert.is(clientsOf(refusals), MEASURED[made.name]);
  });
}

test.run();
