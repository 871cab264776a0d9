import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LintError } from '../../src/errors.ts';
import {
  createFiles,
  createOrReplaceFiles,
  makeFolder,
  type NewFile,
  refuseExisting,
} from '../../src/files/write.ts';
import { fakeIo } from '../support/command.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'new-file-'));
const [KEY, CRT] = [join(FOLDER, 'tls.key'), join(FOLDER, 'tls.crt')];
const FILES: readonly NewFile[] = [
  { path: KEY, text: 'new key', mode: 0o600 },
  { path: CRT, text: 'new certificate', mode: 0o644 },
];

test.before.each(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
});
test.after(() => rmSync(FOLDER, { recursive: true, force: true }));

const contents = () =>
  readdirSync(FOLDER).map((name) => `${name}: ${readFileSync(join(FOLDER, name), 'utf8')}`);
const WRITTEN = ['tls.crt: new certificate', 'tls.key: new key'];
const modes = () => [CRT, KEY].map((path) => statSync(path).mode & 0o7777);

/** Whatever refuses has to say so for a person. */
function refuses(work: () => void, message: RegExp): void {
  assert.throws(work, (error: unknown) => error instanceof LintError && message.test(error.message));
}

const replaceFiles = (files: readonly NewFile[]) => createOrReplaceFiles(files, fakeIo());

for (const [name, write] of Object.entries({ createFiles, createOrReplaceFiles: replaceFiles })) {
  test(`${name}: files are there with their modes, whatever the umask`, () => {
    for (const umask of [0o000, 0o022, 0o077]) {
      const before = process.umask(umask);
      try {
        write(FILES);
      } finally {
        process.umask(before);
      }
      assert.equal([contents(), modes()], [WRITTEN, [0o644, 0o600]]);
      for (const path of [CRT, KEY]) rmSync(path);
    }
  });

  test(`${name}: where the second cannot be written, the first is not there either`, () => {
    const missing = join(FOLDER, 'none', 'tls.crt');
    refuses(
      () => write([...FILES, { path: missing, text: '', mode: 0o644 }]),
      /none\/tls\.crt cannot be written: there is no such file/,
    );
    assert.equal(contents(), []);
  });

  test(`${name}: a signal that comes meanwhile is not left without its old effect`, () => {
    const before = process.listenerCount('SIGINT');
    write(FILES);
    refuses(() => createFiles(FILES), /already/);
    assert.is(process.listenerCount('SIGINT'), before);
  });
}

test('createFiles: where one already exists, nothing is written', () => {
  for (const path of [KEY, CRT]) {
    writeFileSync(path, 'old');
    refuses(() => createFiles(FILES), /^\S+tls\.\w+ already exists, so nothing was written$/);
    refuses(() => refuseExisting([KEY, CRT]), /already/);
    assert.equal(contents(), [`${path.slice(-7)}: old`]);
    rmSync(path);
  }
  refuseExisting([KEY, CRT]);
});

test('createFiles: one that comes into being after the look is not touched, and the others are taken away', () => {
  // The same name twice: the second is not there when it is looked for.
  refuses(
    () => createFiles([...FILES, { path: CRT, text: 'third', mode: 0o644 }]),
    /tls\.crt already exists/,
  );
  assert.equal(contents(), []);
});

test('createFiles: a link is not followed, not even one that leads nowhere', () => {
  const elsewhere = join(FOLDER, 'elsewhere');
  symlinkSync(elsewhere, KEY);
  refuses(() => createFiles(FILES), /tls\.key already exists/);
  assert.equal(readdirSync(FOLDER), ['tls.key']);
});

test('createOrReplaceFiles: old files are replaced, and none of their modes kept', () => {
  for (const path of [KEY, CRT]) writeFileSync(path, 'old', { mode: 0o666 });
  replaceFiles(FILES);
  assert.equal([contents(), modes()], [WRITTEN, [0o644, 0o600]]);
});

test('createOrReplaceFiles: a link is replaced itself', () => {
  const elsewhere = join(FOLDER, 'elsewhere');
  writeFileSync(elsewhere, 'of someone else');
  symlinkSync(elsewhere, KEY);
  replaceFiles(FILES);
  assert.equal(contents(), ['elsewhere: of someone else', ...WRITTEN]);
  assert.ok(lstatSync(KEY).isFile());
});

test('createOrReplaceFiles: what is not a file stays, and so do all others', () => {
  writeFileSync(KEY, 'old');
  mkdirSync(CRT);
  refuses(() => replaceFiles(FILES), /tls\.crt is not a file, so nothing was written/);
  assert.is(readFileSync(KEY, 'utf8'), 'old');
  assert.equal(readdirSync(FOLDER), ['tls.crt', 'tls.key']);
});

test('makeFolder: makes it with those above it, and leaves one that is there as it is', () => {
  const deep = join(FOLDER, 'a', 'b');
  const before = process.umask(0o022);
  try {
    makeFolder(deep);
  } finally {
    process.umask(before);
  }
  assert.is(statSync(deep).mode & 0o777, 0o755);
  writeFileSync(join(deep, 'file'), '');
  makeFolder(deep);
  assert.equal(readdirSync(deep), ['file']);
});

test('makeFolder: says so where a file has the name', () => {
  writeFileSync(KEY, 'old');
  refuses(() => makeFolder(KEY), /tls\.key is not a folder/);
  refuses(
    () => makeFolder(join(KEY, 'a')),
    /the folder \S+tls\.key\/a cannot be created: a part of the path is not a folder/,
  );
});

test.run();
