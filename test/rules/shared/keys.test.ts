import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isUnsupported, isWeak } from '../../../src/rules/shared/keys.ts';
import type { PublicKeyFacts } from '../../../src/x509/public-key.ts';

const facts = (type: string, bits: number | null, curve: string | null = null): PublicKeyFacts => ({
  description: '',
  type,
  bits,
  curve,
  exponent: null,
  spki: Buffer.alloc(0),
});

test('RSA is weak under 2048 bits, EC under 256; others have no such bound', () => {
  for (const [type, bits, weak] of [
    ['rsa', 2047, true],
    ['rsa', 2048, false],
    ['rsa-pss', 2047, true],
    ['rsa-pss', 2048, false],
    ['ec', 255, true],
    ['ec', 256, false],
    ['dsa', 1024, false],
    ['ed25519', 1, false],
    ['rsa', null, false],
    ['ec', null, false],
  ] as const) {
    assert.is(isWeak(facts(type, bits)), weak, `${type} ${bits}`);
  }
});

test('clients accept three curves, RSA and Ed25519 and Ed448', () => {
  for (const curve of ['P-256', 'P-384', 'P-521']) assert.not(isUnsupported(facts('ec', 256, curve)), curve);
  for (const curve of ['P-224', 'secp256k1', 'explicit', null]) {
    assert.ok(isUnsupported(facts('ec', 256, curve)), `${curve}`);
  }
  for (const type of ['rsa', 'rsa-pss', 'ed25519', 'ed448'])
    assert.not(isUnsupported(facts(type, 4096)), type);
  for (const type of ['dsa', 'dh', 'x25519', 'x448', 'unknown']) {
    assert.ok(isUnsupported(facts(type, 4096, 'P-256')), type);
  }
});

test.run();
