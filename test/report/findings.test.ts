import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { relativePath, uriOf } from '../../src/report/findings.ts';
import { tries } from '../support/property.ts';

const FOLDER = '/home/me/repo';

test('from the folder where the file is in it, absolute elsewhere', () => {
  for (const [file, path] of [
    ['values.yaml', 'values.yaml'],
    ['./a/../b/values.yaml', 'b/values.yaml'],
    ['/home/me/repo/values.yaml', 'values.yaml'],
    ['..values.yaml', '..values.yaml'],
    ['.', '/home/me/repo'],
    ['..', '/home/me'],
    ['a/..values.yaml', 'a/..values.yaml'],
    ['../values.yaml', '/home/me/values.yaml'],
    ['/home/me/repository/values.yaml', '/home/me/repository/values.yaml'],
  ] as const) {
    assert.is(relativePath(FOLDER, file), path);
  }
});

test('a URI leads back to the file, whatever its name', () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((text) => !/^\.{1,2}$|[/\0]/.test(text) && Buffer.from(text).toString() === text);
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 3 }), fc.boolean(), (parts, isElsewhere) => {
      const path = `${isElsewhere ? '/other/' : ''}${parts.join('/')}`;
      const uri = uriOf(path);
      assert.match(uri, /^[!-~]+$/);
      const url = new URL(uri, 'file:///home/me/repo/');
      assert.is(fileURLToPath(url), isAbsolute(path) ? path : `${FOLDER}/${path}`);
    }),
    tries(),
  );
});

test('half a surrogate pair becomes U+FFFD', () => {
  assert.is(uriOf('a\ud800'), 'a%EF%BF%BD');
  assert.is(uriOf('/a\ud800'), 'file:///a%EF%BF%BD');
});

test.run();
