import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findReleases } from '../../src/delivery/find.ts';
import { filesInMemory } from '../../src/delivery/other-files.ts';
import { isMap } from '../../src/values/values.ts';
import { PRECEDENCE, recordedValues } from './precedence.ts';

const RECORDED = recordedValues();

for (const { name, files } of PRECEDENCE) {
  test(`${name}: the same values as the tool`, async () => {
    const inputs = Object.entries(files).map(([file, text]) => ({ name: file, bytes: Buffer.from(text) }));
    const [manifest] = inputs as [(typeof inputs)[0]];
    const { releases } = await findReleases(manifest, { root: [], others: filesInMemory(inputs) });
    assert.is(releases.length, 1);
    const { value } = releases[0]?.values.get([]) ?? {};
    assert.equal(isMap(value) ? value : null, RECORDED[name]);
  });
}

test('there are at least 40 cases, of all tools', () => {
  assert.ok(PRECEDENCE.length >= 40);
  assert.equal(
    Object.keys(RECORDED),
    PRECEDENCE.map(({ name }) => name),
  );
});

test.run();
