/** The last guard: what a run has read it does not write, whatever named the file. */
import { linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readInput } from '../../src/files/read.ts';
import { createOrReplaceFiles, writeReportFile } from '../../src/files/write.ts';
import { fakeIo } from '../support/command.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'guard-'));
test.after(() => rmSync(FOLDER, { recursive: true, force: true }));

test('a file that was read is not written, by any of its names; another one is', () => {
  const [file, link, hard, other] = ['file', 'link', 'hard', 'other'].map((name) => join(FOLDER, name)) as [
    string,
    string,
    string,
    string,
  ];
  writeFileSync(file, 'read');
  writeFileSync(other, 'not read');
  symlinkSync(file, link);
  linkSync(file, hard);
  const io = fakeIo();
  readInput(link, io);
  for (const path of [file, link, hard]) {
    assert.throws(() => writeReportFile(path, 'report', io), /would overwrite a file that is read/);
    const files = [
      { path: other, text: 'new', mode: 0o600 },
      { path, text: 'new', mode: 0o600 },
    ];
    assert.throws(() => createOrReplaceFiles(files, io), /would overwrite a file that is read/);
  }
  assert.equal(
    [file, other].map((path) => readFileSync(path, 'utf8')),
    ['read', 'not read'],
  );
  writeReportFile(other, 'report', io);
  assert.is(readFileSync(other, 'utf8'), 'report');
  writeReportFile(file, 'report', fakeIo());
});

test.run();
