import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
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
import { replaceFile } from '../../src/files/write.ts';

const FOLDER = realpathSync(mkdtempSync(join(tmpdir(), 'replace-')));
const FILE = join(FOLDER, 'values.yaml');
const [OLD, NEW] = [Buffer.from('old'), Buffer.from('new')];

test.before.each(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  writeFileSync(FILE, OLD);
});
test.after(() => rmSync(FOLDER, { recursive: true, force: true }));

test('the new bytes are there, the mode stays, and no temporary file is left', () => {
  for (const mode of [0o644, 0o755, 0o600, 0o664]) {
    writeFileSync(FILE, OLD);
    chmodSync(FILE, mode);
    replaceFile(FILE, OLD, NEW);
    assert.is(readFileSync(FILE, 'utf8'), 'new');
    assert.is(statSync(FILE).mode & 0o777, mode);
    assert.equal(readdirSync(FOLDER), ['values.yaml']);
  }
});

test('a symbolic link is followed, also through another, and stays one', () => {
  const link = join(FOLDER, 'link.yaml');
  mkdirSync(join(FOLDER, 'sub'));
  const deep = join(FOLDER, 'sub', 'deep.yaml');
  symlinkSync('../values.yaml', deep);
  symlinkSync('sub/deep.yaml', link);
  replaceFile(link, OLD, NEW);
  assert.is(readFileSync(FILE, 'utf8'), 'new');
  assert.is(realpathSync(link), FILE);
  assert.equal(readdirSync(join(FOLDER, 'sub')), ['deep.yaml']);
});

test('a file that someone else changed meanwhile is left alone', () => {
  assert.throws(() => replaceFile(FILE, Buffer.from('older'), NEW), /changed by someone else/);
  assert.is(readFileSync(FILE, 'utf8'), 'old');
});

test('what cannot be replaced is unchanged, and the message says why', () => {
  for (const [path, message] of [
    [join(FOLDER, 'none.yaml'), /no such file/],
    [FOLDER, /not a file that can be edited/],
    ['/dev/null', /not a file that can be edited/],
  ] as const) {
    assert.throws(
      () => replaceFile(path, OLD, NEW),
      (error: unknown) => error instanceof LintError && message.test(error.message),
    );
  }
});

test('a failure in between leaves the file unchanged, and no temporary file', () => {
  // Not bytes: the write fails once the temporary file exists.
  const before = readdirSync(FOLDER);
  const bytes = new Proxy(NEW, {
    get: (target, name) => (name === 'length' ? 10 : Reflect.get(target, name)),
  });
  assert.throws(() => replaceFile(FILE, OLD, bytes));
  assert.is(readFileSync(FILE, 'utf8'), 'old');
  assert.equal(readdirSync(FOLDER), before);
});

test.run();
