/** What a run that was killed leaves beside a file: the next one removes it, and nothing else. */
import { spawn } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { removeLeftovers, temporaryPath } from '../../src/files/temporary.ts';
import { createFiles, createOrReplaceFiles, replaceFile } from '../../src/files/write.ts';
import { fakeIo } from '../support/command.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'leftovers-'));
const FILE = join(FOLDER, 'values.yaml');
/** Larger than any that Linux or macOS gives a process. */
const NOBODY = 4_194_305;

test.before.each(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
});
test.after(() => rmSync(FOLDER, { recursive: true, force: true }));

/** A temporary file of another process. */
function leftover(pid: number, of = FILE): string {
  const path = temporaryPath(of).replace(`-${process.pid}-`, `-${pid}-`);
  writeFileSync(path, 'a key');
  return basename(path);
}

test('that of a process which is gone is removed, whatever writes next', () => {
  const file = { path: FILE, text: 'old', mode: 0o600 };
  for (const write of [
    () => createFiles([file]),
    () => createOrReplaceFiles([file], fakeIo()),
    () => replaceFile(FILE, Buffer.from('old'), Buffer.from('new')),
  ]) {
    leftover(NOBODY);
    leftover(process.pid);
    write();
    assert.equal(readdirSync(FOLDER), ['values.yaml']);
  }
});

test('that of a process which runs stays', async () => {
  const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
  try {
    const name = leftover(other.pid as number);
    removeLeftovers(FILE);
    assert.equal(readdirSync(FOLDER), [name]);
  } finally {
    other.kill('SIGKILL');
    await new Promise((resolve) => other.once('exit', resolve));
  }
  removeLeftovers(FILE);
  assert.equal(readdirSync(FOLDER), []);
});

test('of another machine only old ones are removed, and a fresh one stays', () => {
  const name = leftover(NOBODY);
  const elsewhere = name.replace(/cert-[0-9a-f]{8}/, 'cert-00000000');
  writeFileSync(join(FOLDER, elsewhere), 'a key');
  removeLeftovers(FILE);
  assert.equal(readdirSync(FOLDER), [elsewhere]);
  const now = Date.now;
  for (const [minutes, left] of [
    [9, [elsewhere]],
    [11, []],
  ] as const) {
    Date.now = () => now() + minutes * 60_000;
    try {
      removeLeftovers(FILE);
    } finally {
      Date.now = now;
    }
    assert.equal(readdirSync(FOLDER), left);
  }
});

test('other names, other kinds and other files stay', () => {
  const stay = [
    leftover(NOBODY, join(FOLDER, 'other.yaml')),
    leftover(NOBODY).replace('lightrun-cert', 'someone'),
    `${leftover(NOBODY)}x`,
    '.values.yaml.lightrun-cert-notes',
    '.values.yaml.swp',
  ];
  for (const name of stay) writeFileSync(join(FOLDER, name), 'of someone');
  const [link, folder] = [temporaryPath(FILE), temporaryPath(FILE)];
  symlinkSync('.values.yaml.swp', link);
  mkdirSync(folder);
  removeLeftovers(FILE);
  assert.equal(readdirSync(FOLDER).sort(), [...stay, basename(link), basename(folder)].sort());
});

test('of folders, when asked for them, with all in them', () => {
  const [file, own] = [leftover(NOBODY), temporaryPath(FILE)];
  const gone = own.replace(`-${process.pid}-`, `-${NOBODY}-`);
  mkdirSync(gone);
  writeFileSync(join(gone, 'values.yaml'), 'a key');
  symlinkSync(join(FOLDER, file), join(gone, 'link'));
  removeLeftovers(FILE, 'folder');
  assert.equal(readdirSync(FOLDER), [file]);
});

if (process.getuid?.() === 0) {
  test("another user's stays, unless that user owns the file", () => {
    const name = leftover(NOBODY);
    chownSync(join(FOLDER, name), 5001, 5001);
    removeLeftovers(FILE);
    assert.equal(readdirSync(FOLDER), [name]);
    writeFileSync(FILE, 'old');
    chownSync(FILE, 5001, 5001);
    removeLeftovers(FILE);
    assert.equal(readdirSync(FOLDER), ['values.yaml']);
  });
}

test.run();
