import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { changedFile, digestsOf } from '../../src/files/digest.ts';

const MIB = 1024 * 1024;

test('a file that changed, came or went is named; the same content is none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
  try {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    await writeFile(one, 'a');
    const before = digestsOf([one, two]);
    assert.is(changedFile(before, digestsOf([one, two])), null);
    await writeFile(one, 'a');
    assert.is(changedFile(before, digestsOf([one, two])), null);
    await writeFile(two, '');
    assert.is(changedFile(before, digestsOf([one, two])), two);
    assert.is(changedFile(before, digestsOf([one])), two);
    await writeFile(one, 'b');
    assert.is(changedFile(before, digestsOf([one, two])), one);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a file of more than 16 MiB is told by its size and time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
  try {
    const file = join(folder, 'large');
    await writeFile(file, '');
    await truncate(file, 16 * MIB);
    assert.match(digestsOf([file]).get(file) ?? '', /=$/);
    await truncate(file, 16 * MIB + 1);
    assert.match(digestsOf([file]).get(file) ?? '', /^16777217 /);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a folder has no digest', () => {
  assert.is(digestsOf([tmpdir()]).get(tmpdir()), '');
});

test.run();
