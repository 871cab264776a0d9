import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decryptRc2 } from '../../../src/x509/pkcs12/rc2.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

test('the test vectors of RFC 2268 section 5 whose keys are effective in all bits', () => {
  for (const [key, plain, cipher] of [
    ['ffffffff ffffffff', 'ffffffff ffffffff', '278b27e4 2e2f0d49'],
    ['30000000 00000000', '10000000 00000001', '30649edf 9be7d2c2'],
    ['88bca90e 90875a7f 0f79c384 627bafb2', '00000000 00000000', '2269552a b0f85ca6'],
  ] as const) {
    assert.equal(decryptRc2(hex(key), Buffer.alloc(8), hex(cipher)), hex(plain));
  }
});

test('each block is chained to the one before', () => {
  const key = hex('30000000 00000000');
  const cipher = hex('30649edf 9be7d2c2');
  const iv = hex('01020304 05060708');
  const plain = decryptRc2(key, iv, Buffer.concat([cipher, cipher]));
  assert.equal(plain.subarray(0, 8), hex('11020304 05060709'));
  assert.equal(plain.subarray(8), hex('20649edf 9be7d2c3'));
});

test.run();
