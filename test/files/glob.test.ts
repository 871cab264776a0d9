import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { globPattern, isGlob } from '../../src/files/glob.ts';

for (const [glob, yes, no] of [
  ['*.yaml', ['a.yaml', '.a.yaml', '.yaml'], ['a/b.yaml', 'a.yml', 'xyaml']],
  ['./a.yaml', ['a.yaml'], ['./a.yaml', 'ayaml']],
  ['**/a.yaml', ['a.yaml', 'b/a.yaml', 'b/c/a.yaml'], ['ba.yaml', 'b/xa.yaml']],
  ['a/**', ['a/b', 'a/b/c.yaml'], ['a', 'ab/c']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/xb']],
  ['?.yaml', ['a.yaml'], ['ab.yaml', '.yaml', '/.yaml']],
  ['[ab]-[!c].yaml', ['a-b.yaml', 'b-d.yaml'], ['c-b.yaml', 'a-c.yaml', 'a-/.yaml']],
  ['{dev,prod}/*.{yaml,yml}', ['dev/a.yaml', 'prod/b.yml'], ['test/a.yaml', 'dev/a.json']],
  ['a+(b)|c.yaml', ['a+(b)|c.yaml'], ['aab.yaml', 'c.yaml']],
  ['a,b', ['a,b'], ['a', 'b']],
  ['a}', ['a}'], ['a']],
] as const) {
  test(`the glob ${glob}`, () => {
    for (const path of yes) assert.ok(globPattern(glob).test(path), path);
    for (const path of no) assert.not.ok(globPattern(glob).test(path), path);
  });
}

test('a glob is what has a wildcard', () => {
  for (const glob of ['*', 'a?', '[a]', '{a,b}']) assert.ok(isGlob(glob));
  for (const path of ['a', 'a/b.yaml', 'a]', 'a}', 'a,b']) assert.not.ok(isGlob(path));
});

test.run();
