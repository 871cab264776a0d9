import { createRequire } from 'node:module';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const { hasWildcard, isMatch } = createRequire(import.meta.url)('../../scripts/glob.cjs');

const CASES: readonly [glob: string, matches: readonly string[], others: readonly string[]][] = [
  ['values.yaml', ['values.yaml', './values.yaml'], ['a/values.yaml', 'valuesXyaml']],
  ['*.yaml', ['a.yaml', '.yaml', '.a.yaml', 'a b.yaml'], ['a/b.yaml', 'a.yml', 'a.yaml.bak']],
  ['./*/values.yaml', ['a/values.yaml'], ['values.yaml', 'a/b/values.yaml']],
  ['**/values.yaml', ['values.yaml', 'a/values.yaml', 'a/b/values.yaml'], ['a/xvalues.yaml']],
  ['a/**', ['a/b', 'a/b/c'], ['a', 'b/a/c']],
  ['a/**/b/*', ['a/b/x', 'a/c/d/b/x'], ['a/b', 'a/b/x/y']],
  ['?.yaml', ['a.yaml'], ['ab.yaml', '/.yaml']],
  ['[ab].yaml', ['a.yaml', 'b.yaml'], ['c.yaml', 'ab.yaml']],
  ['[a-c]x', ['bx'], ['dx']],
  ['[!a]x', ['bx'], ['ax', '/x']],
  ['[^a]x', ['bx'], ['ax']],
  ['[]]x', [']x'], ['ax']],
  ['[a', ['[a'], ['a']],
  ['{dev,prod}.yaml', ['dev.yaml', 'prod.yaml'], ['dev,prod.yaml', 'test.yaml']],
  ['{a,b/{c,d}}.yaml', ['a.yaml', 'b/c.yaml', 'b/d.yaml'], ['c.yaml']],
  ['a,b}.yaml', ['a,b}.yaml'], ['a.yaml']],
  ['a+(b)^$|.yaml', ['a+(b)^$|.yaml'], ['aab.yaml']],
  ['/tmp/*.yaml', ['/tmp/a.yaml'], ['tmp/a.yaml']],
];

for (const [glob, matches, others] of CASES) {
  test(`${glob} matches what it says`, () => {
    for (const path of matches) assert.ok(isMatch(glob, path), path);
    for (const path of others) assert.not.ok(isMatch(glob, path), path);
  });
}

test('a wildcard is told from a name', () => {
  for (const glob of ['*', 'a?', '[a]', '{a}', 'a/**/b']) assert.ok(hasWildcard(glob), glob);
  for (const name of ['values.yaml', '!a', 'a b', 'a]', 'a}', '']) assert.not.ok(hasWildcard(name), name);
});

test.run();
