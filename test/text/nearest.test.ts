import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nearest } from '../../src/text/nearest.ts';

test('finds what is meant', () => {
  assert.is(nearest('--stict', ['--strict', '--root']), '--strict');
  assert.is(nearest('Certificates', ['certificate'], 2), 'certificate');
});

test('names nothing where nothing is near', () => {
  assert.is(nearest('--values', ['--root', '--at']), null);
  assert.is(nearest('x', []), null);
  assert.is(nearest('certmanager', ['certificate'], 2), null);
  assert.is(nearest('x'.repeat(1e6), ['certificate']), null);
});

test('what begins with the other is meant, from five letters on, where no distance is given', () => {
  for (const [word, candidate, found] of [
    ['certificate-authority', 'certificate', 'certificate'],
    ['certi', 'certificate', 'certificate'],
    ['cert', 'certificate', null],
    ['roots-and-more', 'roots', 'roots'],
    ['root-and-more', 'root', null],
    ['my-certificate-here', 'certificate', null],
    ['tific', 'certificate', null],
  ] as const) {
    assert.is(nearest(word, [candidate]), found, word);
  }
  assert.is(nearest('certi', ['certificate'], 2), null);
});

test('else a third of the letters may differ, or as many as are given', () => {
  assert.is(nearest('abcdxx', ['abcdef']), 'abcdef');
  assert.is(nearest('abcxxx', ['abcdef']), null);
  assert.is(nearest('abcxxx', ['abcdefg']), null);
  assert.is(nearest('abcdxxx', ['abcdefg']), 'abcdefg');
  assert.is(nearest('abcdxx', ['abcdef'], 1), null);
  assert.is(nearest('abcdex', ['abcdef'], 1), 'abcdef');
});

test('of a word only the first 60 letters count', () => {
  const candidate = 'x'.repeat(60);
  assert.is(nearest(`${candidate}${'y'.repeat(90)}`, [candidate], 0), candidate);
  assert.is(nearest(`${'x'.repeat(59)}${'y'.repeat(90)}`, [candidate], 0), null);
});

test.run();
