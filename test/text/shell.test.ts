import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isPrintable, programOf, shellFile, shellWord } from '../../src/text/shell.ts';
import { tries } from '../support/property.ts';

const test = suite('the shell');

test('the program is named in the form in which it was called', () => {
  assert.is(programOf({}), 'lightrun-cert');
  assert.is(programOf({ HELM_PLUGIN_NAME: 'lightrun-cert' }), 'helm lightrun-cert');
  assert.is(programOf({ HELM_PLUGIN_NAME: 'lightrun-cert-post-renderer' }), 'helm lightrun-cert');
  assert.is(programOf({ HELM_PLUGIN_NAME: 'secrets' }), 'lightrun-cert');
  assert.is(programOf({ HELM_PLUGIN_NAME: 'lightrun-certs' }), 'lightrun-cert');
  assert.is(programOf({ npm_lifecycle_event: 'npx' }), 'npx helm-lightrun-cert');
  assert.is(programOf({ npm_lifecycle_event: 'test' }), 'lightrun-cert');
});

test('a word that needs no quotes gets none', () => {
  for (const word of ['values.yaml', './a/b-c_d.yaml', 'a=b', 'x@y:z', '100%', 'a,b', 'a+b'])
    assert.is(shellWord(word), word);
});

test('everything else reaches a program as it is', () => {
  const echoed = (word: string) =>
    execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' });
  for (const word of [
    '',
    'a b',
    "it's",
    '$(id)',
    '`id`',
    'a;b',
    '~',
    '*',
    '#a',
    '!x',
    'ä',
    '"',
    '\\',
    '{a,b}',
  ])
    assert.is(echoed(word), word);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 12 }), (word) =>
      assert.is(echoed(word), word),
    ),
    tries(50),
  );
});

test('no file is taken for a flag', () => {
  assert.is(shellFile('-rf'), './-rf');
  assert.is(shellFile('- a'), "'./- a'");
  assert.is(shellFile('a-b'), 'a-b');
});

test('a name that a terminal would act on is not printable', () => {
  assert.ok(isPrintable('values.yaml', 'värde å.yaml'));
  for (const name of ['a\nb', 'a\u001b[31m', 'a\u202eb', 'a\rb']) assert.not.ok(isPrintable('x', name), name);
});

test.run();
