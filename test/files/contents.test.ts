import { mkdtemp, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { changedFile, contentsOf } from '../../src/files/contents.ts';

const MIB = 1024 * 1024;

const inFolder = async (use: (folder: string) => Promise<void>) => {
  const folder = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

test('a file that changed, came or went is named; the same content is none', () =>
  inFolder(async (folder) => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    await writeFile(one, 'a');
    const before = contentsOf([one, two]);
    assert.is(changedFile(before, contentsOf([one, two])), null);
    await writeFile(one, 'a');
    assert.is(changedFile(before, contentsOf([one, two])), null);
    await writeFile(two, '');
    assert.is(changedFile(before, contentsOf([one, two])), two);
    assert.is(changedFile(before, contentsOf([one])), two);
    await writeFile(one, 'b');
    assert.is(changedFile(before, contentsOf([one, two])), one);
  }));

test('content of the same size, written at the same time, is another', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'file');
    const time = new Date('2026-01-01T00:00:00Z');
    await writeFile(file, 'a');
    await utimes(file, time, time);
    const before = contentsOf([file]);
    await writeFile(file, 'b');
    await utimes(file, time, time);
    assert.is(changedFile(before, contentsOf([file])), file);
  }));

test('beyond 16 MiB in all, digests are kept', () =>
  inFolder(async (folder) => {
    const names = ['one', 'two', 'three'].map((name) => join(folder, name));
    const [one = '', two = '', three = ''] = names;
    await writeFile(one, '');
    await truncate(one, 16 * MIB - 1);
    await writeFile(two, 'x');
    await writeFile(three, 'y');
    const before = contentsOf(names);
    assert.type(before.get(one), 'object');
    assert.type(before.get(two), 'object');
    assert.match(String(before.get(three)), /=$/);
    assert.is(changedFile(before, contentsOf(names)), null);
    assert.is(changedFile(before, contentsOf([three, two, one])), null);
    await writeFile(three, 'z');
    assert.is(changedFile(before, contentsOf(names)), three);
    await writeFile(three, 'y');
    await writeFile(two, 'xx');
    assert.is(changedFile(before, contentsOf(names)), two);
  }));

test('a file of more than 16 MiB is told by its size and times', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'large');
    await writeFile(file, '');
    await truncate(file, 16 * MIB);
    assert.type(contentsOf([file]).get(file), 'object');
    await truncate(file, 16 * MIB + 1);
    const time = new Date('2026-01-01T00:00:00Z');
    await utimes(file, time, time);
    const before = contentsOf([file]);
    assert.match(String(before.get(file)), /^16777217 /);
    assert.is(changedFile(before, contentsOf([file])), null);
    // A time can be set; that of the last change to the file cannot.
    await utimes(file, time, time);
    assert.is(changedFile(before, contentsOf([file])), file);
  }));

test('a folder has no content', () => {
  assert.is(contentsOf([tmpdir()]).get(tmpdir()), '');
});

test.run();
