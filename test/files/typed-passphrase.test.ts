import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readTyped } from '../../src/files/passphrase.ts';

const done = (passphrase: string) => ({ state: 'done', passphrase });

test('it is open until Enter, and nothing after that counts', () => {
  for (const keys of ['', 'open', 'open sesame\x7f']) assert.equal(readTyped(keys), { state: 'open' });
  for (const end of ['\r', '\n', '\r\n', '\rls\r']) assert.equal(readTyped(`open${end}`), done('open'));
  assert.equal(readTyped('\r'), done(''));
});

test('backspace takes one character back, whole, and Ctrl-U all of them', () => {
  assert.equal(readTyped('opem\x7fn\r'), done('open'));
  assert.equal(readTyped('opem\bn\r'), done('open'));
  assert.equal(readTyped('a😀\x7f\x7f\x7f\x7fb\r'), done('b'));
  assert.equal(readTyped('wrong\x15open\r'), done('open'));
});

test('Ctrl-C and Ctrl-D', () => {
  assert.equal(readTyped('open\x03'), { state: 'interrupted' });
  assert.equal(readTyped('\x04'), { state: 'ended' });
  assert.equal(readTyped('a\x7f\x04'), { state: 'ended' });
  assert.equal(readTyped('open\x04'), done('open'));
});

test('keys without a character are ignored', () => {
  for (const key of ['\x1b[A', '\x1b[1;5D', '\x1bOP', '\x1b[15~', '\x1bb', '\x00', '\x07', '\x1b[200~']) {
    assert.equal(readTyped(`op${key}en\r`), done('open'), JSON.stringify(key));
  }
  assert.equal(readTyped('open\x1b\r'), done('open'));
  assert.equal(readTyped('a\tb\r'), done('a\tb'));
});

test.run();
