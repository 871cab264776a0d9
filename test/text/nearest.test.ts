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

test.run();
