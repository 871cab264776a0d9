/** The globs of the configuration file and of the Action, which takes them from the build. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { filesMatching, globPattern, isGlob } from '../../src/files/glob.ts';

const CASES: readonly [glob: string, matches: readonly string[], others: readonly string[]][] = [
  ['values.yaml', ['values.yaml'], ['a/values.yaml', 'valuesXyaml']],
  ['./a.yaml', ['a.yaml'], ['./a.yaml', 'ayaml']],
  ['*.yaml', ['a.yaml', '.yaml', '.a.yaml', 'a b.yaml'], ['a/b.yaml', 'a.yml', 'a.yaml.bak', 'xyaml']],
  ['./*/values.yaml', ['a/values.yaml'], ['values.yaml', 'a/b/values.yaml']],
  ['**/values.yaml', ['values.yaml', 'a/values.yaml', 'a/b/values.yaml'], ['a/xvalues.yaml', 'xvalues.yaml']],
  ['a/**', ['a/b', 'a/b/c', 'a/b/c.yaml'], ['a', 'b/a/c', 'ab/c']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/xb']],
  ['a/**/b/*', ['a/b/x', 'a/c/d/b/x'], ['a/b', 'a/b/x/y']],
  ['?.yaml', ['a.yaml'], ['ab.yaml', '.yaml', '/.yaml']],
  ['[ab].yaml', ['a.yaml', 'b.yaml'], ['c.yaml', 'ab.yaml']],
  ['[ab]-[!c].yaml', ['a-b.yaml', 'b-d.yaml'], ['c-b.yaml', 'a-c.yaml', 'a-/.yaml']],
  ['[a-c]x', ['bx'], ['dx']],
  ['[!a]x', ['bx'], ['ax', '/x']],
  ['[^a]x', ['bx'], ['ax']],
  ['[]]x', [']x'], ['ax']],
  ['[a', ['[a'], ['a']],
  ['{dev,prod}.yaml', ['dev.yaml', 'prod.yaml'], ['dev,prod.yaml', 'test.yaml']],
  ['{dev,prod}/*.{yaml,yml}', ['dev/a.yaml', 'prod/b.yml'], ['test/a.yaml', 'dev/a.json']],
  ['{a,b/{c,d}}.yaml', ['a.yaml', 'b/c.yaml', 'b/d.yaml'], ['c.yaml']],
  ['a,b}.yaml', ['a,b}.yaml'], ['a.yaml', 'b.yaml']],
  ['a+(b)^$|.yaml', ['a+(b)^$|.yaml'], ['aab.yaml']],
  ['/tmp/*.yaml', ['/tmp/a.yaml'], ['tmp/a.yaml']],
];

for (const [glob, matches, others] of CASES) {
  test(`the glob ${glob}`, () => {
    for (const path of matches) assert.ok(globPattern(glob).test(path), path);
    for (const path of others) assert.not.ok(globPattern(glob).test(path), path);
  });
}

test('a glob is what has a wildcard', () => {
  for (const glob of ['*', 'a?', '[a]', '{a,b}', 'a/**/b']) assert.ok(isGlob(glob), glob);
  for (const path of ['values.yaml', 'a/b.yaml', '!a', 'a b', 'a]', 'a}', 'a,b', ''])
    assert.not.ok(isGlob(path), path);
});

test('files: as deep as the glob says, links to files too; not those of Git and npm', () => {
  const folder = `${mkdtempSync(join(tmpdir(), 'glob-'))}/`;
  try {
    for (const path of [
      'a.yaml',
      'b/a.yaml',
      'b/c/a.yaml',
      'b/c/b.yaml',
      '.git/a.yaml',
      'b/node_modules/a.yaml',
    ]) {
      mkdirSync(dirname(folder + path), { recursive: true });
      writeFileSync(folder + path, '');
    }
    symlinkSync('a.yaml', `${folder}link.yaml`);
    symlinkSync('b', `${folder}linked`);
    symlinkSync('none', `${folder}dangling.yaml`);
    const found = (glob: string) => filesMatching(glob, folder).map((path) => path.slice(folder.length));
    assert.equal(found('*.yaml'), ['a.yaml', 'link.yaml']);
    assert.equal(found('./*.yaml'), ['a.yaml', 'link.yaml']);
    assert.equal(found('*/a.yaml'), ['b/a.yaml']);
    assert.equal(found('b/*/a.yaml'), ['b/c/a.yaml']);
    assert.equal(found('b/c/?.yaml'), ['b/c/a.yaml', 'b/c/b.yaml']);
    assert.equal(found('**/a.yaml'), ['a.yaml', 'b/a.yaml', 'b/c/a.yaml']);
    assert.equal(found('{a,b/c/b}.yaml'), ['a.yaml', 'b/c/b.yaml']);
    assert.equal(found('none/*.yaml'), []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
