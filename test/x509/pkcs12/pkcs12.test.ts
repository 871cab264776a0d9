import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { Set as Asn1Set, Integer, Null, OctetString, type Sequence } from 'asn1js';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Budget } from '../../../src/x509/budget.ts';
import { CostlyError, derivePkcs12, KEY } from '../../../src/x509/pkcs12/key-derivation.ts';
import { readPkcs12 } from '../../../src/x509/pkcs12/pkcs12.ts';
import { type Asn1, constructed, decoded, encoded, oid, sequence } from '../../support/asn1.ts';
import { bag, type Pkcs12Options, pkcs12 } from '../../support/pkcs12.ts';
import { chain, issue, key, spkiOf } from '../../support/pki.ts';
import { tries } from '../../support/property.ts';

const { leaf, all } = chain();
const PASSPHRASE = 'open sesame';
const CERTIFICATES = all.map(({ der }) => der);
const WHOLE = { certificates: CERTIFICATES, keys: [leaf.privateKey], passphrase: PASSPHRASE };

const make = (changes: Pkcs12Options = {}): Buffer => pkcs12({ ...WHOLE, ...changes });
const stateOf = (file: Buffer, passphrase = PASSPHRASE): string => readPkcs12(file, passphrase).state;
const octets = (hex: string): Asn1 => new OctetString({ valueHex: Buffer.from(hex, 'hex') });
const segmented = (segment: Asn1): Asn1 =>
  new OctetString({ isConstructed: true, value: [segment as never] });
const spkis = (keys: readonly KeyObject[]): Buffer[] => keys.map(spkiOf);

function opened(file: Buffer, passphrase = PASSPHRASE): { certificates: Buffer[]; keys: KeyObject[] } {
  const read = readPkcs12(file, passphrase);
  if (read.state !== 'opened') throw new Error(`not opened: ${JSON.stringify(read)}`);
  return read;
}

function reasonOf(file: Buffer): string {
  const read = readPkcs12(file, PASSPHRASE);
  return read.state === 'unreadable' ? read.reason : read.state;
}

function openssl(pfx: Buffer, passphrase: string): boolean {
  try {
    createSecureContext({ pfx, passphrase, ca: [] });
    return true;
  } catch {
    return false;
  }
}

for (const [name, options] of [
  ['AES-256, as OpenSSL 3, Java and new Windows write it', {}],
  ['triple DES with SHA-1, as older Windows and OpenSSL write it', { encryption: '3des', mac: 'sha1' }],
  ['triple DES of two keys', { encryption: '2des', mac: 'sha1' }],
  ['certificates by AES-128, the key by triple DES', { encryption: 'aes-128', keyEncryption: '3des' }],
  ['certificates that are not encrypted', { encryption: 'none', keyEncryption: 'aes-256' }],
  ['nothing encrypted', { encryption: 'none' }],
  ['PBKDF2 with HMAC-SHA1, the default', { prf: 'sha1' }],
  ['PBKDF2 with HMAC-SHA512', { prf: 'sha512' }],
  ['a MAC with SHA-224', { mac: 'sha224' }],
  ['a MAC with SHA-384', { mac: 'sha384' }],
  ['a MAC with SHA-512', { mac: 'sha512' }],
  ['a MAC of one iteration, which is left out', { iterations: 1 }],
  ['BER: indefinite lengths and content in segments', { ber: true }],
  ['BER and triple DES', { ber: true, encryption: '3des' }],
  ['a SafeContents bag', { nested: true }],
  ['a key of RSA', { keys: [key('rsa2048')], certificates: [issue({ key: 'rsa2048' }).der] }],
  ['a long passphrase', { passphrase: 'long '.repeat(60) }],
  ['a passphrase that is not ASCII', { passphrase: 'Grüße, 世界 😀' }],
  ['a passphrase that is not ASCII, and triple DES', { passphrase: 'Grüße, 世界 😀', encryption: '3des' }],
] satisfies [string, Pkcs12Options][]) {
  test(`opened as OpenSSL opens it: ${name}`, () => {
    const { passphrase, certificates, keys }: Pkcs12Options & typeof WHOLE = { ...WHOLE, ...options };
    const file = make(options);
    const read = opened(file, passphrase);
    assert.equal(read.certificates, certificates);
    assert.equal(spkis(read.keys), spkis(keys));
    assert.ok(openssl(file, passphrase));
    for (const wrong of ['', 'wrong', `${passphrase} `]) assert.is(stateOf(file, wrong), 'locked');
  });
}

test('a file without a MAC is opened; its padding shows whether the passphrase is right', () => {
  for (const encryption of ['aes-256', '3des'] as const) {
    const file = make({ mac: null, encryption });
    assert.equal(opened(file).certificates, CERTIFICATES);
    assert.is(stateOf(file, 'wrong'), 'locked');
  }
});

test('where nothing is encrypted or authenticated, any passphrase will do', () => {
  const file = make({ mac: null, encryption: 'none' });
  for (const passphrase of ['', PASSPHRASE])
    assert.equal(spkis(opened(file, passphrase).keys), spkis([leaf.privateKey]));
});

test('PBMAC1 (RFC 9579)', () => {
  for (const mac of ['sha1', 'sha256', 'sha512'] as const) {
    const file = make({ pbmac1: true, mac });
    assert.equal(opened(file).certificates, CERTIFICATES);
    assert.is(stateOf(file, 'wrong'), 'locked');
  }
});

test('an empty passphrase is tried with and without its terminator, as Azure Key Vault and Windows write it', () => {
  for (const encryption of ['aes-256', '3des'] as const) {
    for (const bmp of [Buffer.alloc(2), Buffer.alloc(0)]) {
      const file = make({ passphrase: '', bmp, encryption });
      assert.equal(opened(file, '').certificates, CERTIFICATES);
      assert.ok(openssl(file, ''));
      assert.is(stateOf(file), 'locked');
    }
  }
});

test('the encodings that OpenSSL gives a passphrase that is not ASCII', () => {
  const passphrase = 'Grüße';
  const bytes = Buffer.from(passphrase);
  const everyByte = Buffer.from(`${bytes.toString('latin1')}\0`, 'utf16le').swap16();
  for (const encryption of ['aes-256', '3des'] as const) {
    assert.is(stateOf(make({ passphrase, bmp: everyByte, encryption }), passphrase), 'opened');
  }
  const latin1 = Buffer.from(passphrase, 'latin1');
  assert.is(stateOf(make({ passphrase, bytes: latin1 }), passphrase), 'opened');
  assert.is(stateOf(make({ passphrase: '世', bytes: Buffer.from('世', 'latin1') }), '世'), 'unreadable');
});

test('certificates encrypted with 40-bit RC2, as OpenSSL 1.1, Java 8 and older Windows write them', () => {
  const { certificates, keys } = opened(RC2_FILE, 'secret');
  assert.equal(
    certificates.map((der) => new X509Certificate(der).subject),
    ['CN=lightrun.example.com'],
  );
  assert.is(keys.length, 0);
  assert.is(stateOf(RC2_FILE, 'wrong'), 'locked');
});

test('RC4 is named, once the passphrase is known to be right', () => {
  const file = make({ encryption: 'rc4', mac: 'sha1' });
  assert.equal(readPkcs12(file, PASSPHRASE), { state: 'unsupported', algorithm: 'RC4' });
  assert.is(stateOf(file, 'wrong'), 'locked');
});

test('several keys are all returned; other bags are ignored', () => {
  const keys = [key('p256', 1), key('ed25519'), key('p384')];
  const crl = bag(4, sequence([oid('1.2.840.113549.1.9.23.1')]));
  const read = opened(make({ keys, bags: [crl] }));
  assert.equal(spkis(read.keys), spkis(keys));
  assert.equal(read.certificates, CERTIFICATES);
});

test('certificates alone, as in a Java truststore; and nothing at all', () => {
  assert.equal(opened(make({ keys: [] })), { state: 'opened', certificates: CERTIFICATES, keys: [] });
  assert.equal(opened(make({ keys: [], certificates: [] })), { state: 'opened', certificates: [], keys: [] });
});

test('a file that was changed after its MAC was made is not opened', () => {
  assert.is(stateOf(make({ spoil: true })), 'locked');
  assert.not(openssl(make({ spoil: true }), PASSPHRASE));
});

test('a part with another passphrase is distinguished from a wrong passphrase', () => {
  const bmp = Buffer.from(`${PASSPHRASE}\0`, 'utf16le').swap16();
  const file = make({ bmp, bytes: Buffer.from('another') });
  assert.is(reasonOf(file), 'a part of it has another passphrase, or is damaged');
});

test('a private key that cannot sign is not returned', () => {
  const wrong = encoded(
    sequence([
      ...(
        decoded(key('p256').export({ type: 'pkcs8', format: 'der' })) as never as {
          valueBlock: { value: never[] };
        }
      ).valueBlock.value.slice(0, 2),
      decoded(Buffer.from('0403010203', 'hex')),
    ]),
  );
  const file = make({ keys: [], bags: [bag(1, decoded(wrong))] });
  assert.match(reasonOf(file), /^a private key in it is damaged/);
});

test('other files are unreadable, with the reason', () => {
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('no file'),
    leaf.der,
    Buffer.from(leaf.pem),
    make().subarray(0, 500),
  ]) {
    assert.is(stateOf(bytes), 'unreadable');
  }
  assert.is(reasonOf(make().subarray(0, 500)), `it is truncated: 500 of ${make().length} bytes`);
  assert.is(reasonOf(leaf.der), 'it is not a PKCS#12 file of version 3');
});

test('the public-key modes are unsupported (RFC 7292 section 3.1)', () => {
  for (const [type, algorithm] of [
    ['1.2.840.113549.1.7.2', 'public-key integrity mode'],
    ['1.2.840.113549.1.7.3', 'public-key privacy mode'],
  ] as const) {
    const authSafe = sequence([oid(type), decoded(Buffer.from('a0023000', 'hex'))]);
    const file = encoded(sequence([decoded(Buffer.from('020103', 'hex')), authSafe]));
    assert.equal(readPkcs12(file, ''), { state: 'unsupported', algorithm });
  }
});

test('an unknown algorithm is named by its OID, whatever its parameters are', () => {
  const algorithm = sequence([oid('1.2.3.4'), new Null()]);
  const shrouded = bag(2, sequence([algorithm, octets('00'.repeat(16))]));
  const file = make({ keys: [], bags: [shrouded], encryption: 'none' });
  assert.equal(readPkcs12(file, PASSPHRASE), { state: 'unsupported', algorithm: '1.2.3.4' });
});

test('only PBKDF2 is read in PBES2', () => {
  const scrypt = sequence([oid('1.3.6.1.4.1.11591.4.11'), sequence([octets('00')])]);
  const aes = sequence([oid('2.16.840.1.101.3.4.1.42'), octets('00'.repeat(16))]);
  const algorithm = sequence([oid('1.2.840.113549.1.5.13'), sequence([scrypt, aes])]);
  const file = make({ keys: [], bags: [bag(2, sequence([algorithm, octets('00')]))], encryption: 'none' });
  assert.equal(readPkcs12(file, PASSPHRASE), { state: 'unsupported', algorithm: 'scrypt' });
});

test('a malformed part is unreadable, with the reason', () => {
  const x509 = oid('1.2.840.113549.1.9.22.1');
  const number = new Integer({ value: 1 });
  const pbe = (count: Asn1) => sequence([oid('1.2.840.113549.1.12.1.3'), sequence([octets('00'), count])]);
  for (const [value, reason] of [
    [bag(3, sequence([x509, constructed(0, [octets('00')])])), 'opened'],
    [bag(3, sequence([x509, constructed(1, [octets('00')])])), 'a part of it is missing'],
    [bag(3, sequence([x509, constructed(0, [])])), 'a part of it is missing'],
    [bag(3, sequence([x509, constructed(0, [segmented(octets('00'))])])), 'opened'],
    [bag(3, sequence([x509, constructed(0, [sequence([number])])])), 'an octet string was expected'],
    [bag(2, sequence([pbe(octets('01')), octets('00')])), 'an integer was expected'],
  ] as const) {
    assert.is(reasonOf(make({ keys: [], bags: [value] })), reason);
  }
});

test('only version 3 is read', () => {
  for (const version of [2, 3, 4]) {
    const file = make();
    file.writeUInt8(version, file.indexOf(Buffer.from('020103', 'hex')) + 2);
    assert.is(stateOf(file), version === 3 ? 'opened' : 'unreadable');
  }
});

test('a file that asks for very many iterations is refused at once', () => {
  const start = performance.now();
  const asked: Pkcs12Options[] = [{}, { pbmac1: true }, { mac: null }, { mac: null, encryption: '3des' }];
  for (const options of asked) {
    for (const claimedIterations of [5_000_000, 2 ** 31, 2 ** 47]) {
      const reason = reasonOf(make({ ...options, claimedIterations }));
      assert.is(reason, 'it asks for more iterations of key derivation than are allowed');
    }
  }
  assert.ok(performance.now() - start < 2000);
});

test('an iteration count must be positive', () => {
  assert.is(reasonOf(make({ claimedIterations: 0 })), 'an iteration count is not positive');
  assert.is(reasonOf(make({ claimedIterations: -1 })), 'an iteration count is not positive');
  assert.is(stateOf(make({ iterations: 1, mac: null })), 'opened');
});

test('a file may cost 2,400,000 iterations, and not one more', () => {
  // One derivation, which a wrong count sends wrong.
  const claiming = (claimedIterations: number, prf: 'sha1' | 'sha256') =>
    stateOf(make({ keys: [], mac: null, claimedIterations, prf }));
  assert.is(claiming(2_400_000, 'sha256'), 'locked');
  assert.is(claiming(2_400_001, 'sha256'), 'unreadable');
  // A key of 32 bytes takes two digests of 20.
  assert.is(claiming(1_200_000, 'sha1'), 'locked');
  assert.is(claiming(1_200_001, 'sha1'), 'unreadable');
});

test('the derivation of PKCS#12 costs its iterations for each digest that it takes', () => {
  const derivation = { digest: 'sha1', salt: Buffer.alloc(8), iterations: 3 } as const;
  const cost = (length: number): number => {
    for (let limit = 0; ; limit += 1) {
      try {
        assert.is(derivePkcs12(derivation, Buffer.alloc(2), KEY, length, new Budget(limit)).length, length);
        return limit;
      } catch (error) {
        if (!(error instanceof CostlyError)) throw error;
      }
    }
  };
  assert.equal([1, 20, 21, 40, 41].map(cost), [3, 3, 6, 6, 9]);
});

test('PBMAC1: the file gives the length of the key, from 20 to 64 bytes', () => {
  for (const macKeyLength of [19, 20, 64, 65]) {
    const isAllowed = macKeyLength === 20 || macKeyLength === 64;
    const reason = reasonOf(make({ pbmac1: true, macKeyLength }));
    assert.is(reason, isAllowed ? 'opened' : 'a key length is not allowed');
  }
  assert.is(reasonOf(make({ pbmac1: true, macKeyLength: null })), 'a key length is not allowed');
});

test('an initialization vector has the length of a block', () => {
  const spoil = (change: (iv: Buffer) => Buffer) => reasonOf(make({ spoilIv: change }));
  const reason = 'an initialization vector has the wrong length';
  assert.is(
    spoil((iv) => iv.subarray(1)),
    reason,
  );
  assert.is(
    spoil((iv) => Buffer.concat([iv, Buffer.alloc(1)])),
    reason,
  );
});

test('the padding is 1 to 16 bytes of that value, and the ciphertext whole blocks', () => {
  const padded = (padding: Buffer) => (plaintext: Buffer) => {
    const filler = Buffer.alloc(16 - ((plaintext.length + padding.length) % 16));
    return Buffer.concat([plaintext, filler, padding]);
  };
  const opens = (options: Pkcs12Options) => stateOf(make({ mac: null, keys: [], ...options })) === 'opened';
  for (const [length, value, isValid] of [
    [16, 0, false],
    [1, 1, true],
    [16, 16, true],
    [17, 17, false],
    [32, 32, false],
    [1, 2, false],
    [15, 16, false],
  ] as const) {
    assert.is(opens({ pad: padded(Buffer.alloc(length, value)) }), isValid, `${length} times ${value}`);
  }
  assert.ok(opens({}));
  for (const change of [(all: Buffer) => all.subarray(1), () => Buffer.alloc(0)]) {
    assert.not.ok(opens({ spoilCiphertext: change }));
  }
});

test('a file may have 2 MiB, and not one byte more', () => {
  const sized = (bytes: number) =>
    make({ keys: [], encryption: 'none', certificates: [Buffer.alloc(bytes)] });
  const most = 2 * 1024 * 1024;
  const bytes = 2 * most - sized(most).length;
  assert.equal([sized(bytes).length, stateOf(sized(bytes))], [most, 'opened']);
  assert.is(reasonOf(sized(bytes + 1)), 'it is larger than 2 MiB');
});

test('a file may hold 100 private keys, and not one more', () => {
  const holding = (count: number) =>
    reasonOf(make({ encryption: 'none', keys: Array(count).fill(key('p256')) }));
  assert.is(holding(100), 'opened');
  assert.is(holding(101), 'it holds more than 100 private keys');
});

test('a private key may have 32 KiB in DER, and not one byte more', () => {
  const most = 32 * 1024;
  // RFC 5958 section 2: attributes, which OpenSSL ignores.
  const sized = (bytes: number): Buffer => {
    const info = decoded(leaf.privateKey.export({ type: 'pkcs8', format: 'der' }));
    const attribute = sequence([
      oid('1.2.3.4'),
      new Asn1Set({ value: [new OctetString({ valueHex: Buffer.alloc(bytes) })] }),
    ]);
    (info as Sequence).valueBlock.value.push(constructed(0, [attribute]));
    return encoded(info);
  };
  const bytes = 2 * most - sized(most).length;
  const reason = (der: Buffer) => reasonOf(make({ keys: [], bags: [bag(1, decoded(der))] }));
  assert.equal([sized(bytes).length, reason(sized(bytes))], [most, 'opened']);
  assert.match(reason(sized(bytes + 1)), /^a private key in it is damaged/);
});

test('whichever byte is changed, nothing throws, and no other key is returned', () => {
  const files = [
    make({ mac: null, iterations: 1 }),
    make({ mac: null, encryption: 'none', ber: true }),
    make({ iterations: 1 }),
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (file, place, flip) => {
        const bytes = Buffer.from(file);
        bytes.writeUInt8(bytes.readUInt8(place % bytes.length) ^ flip, place % bytes.length);
        const read = readPkcs12(bytes, PASSPHRASE);
        if (read.state !== 'opened') return;
        for (const each of read.keys)
          assert.equal(
            createPublicKey(each).export({ format: 'der', type: 'spki' }),
            spkiOf(leaf.privateKey),
          );
      },
    ),
    tries(300),
  );
});

/**
 * A certificate without its private key, made with `openssl pkcs12 -export -legacy -nokeys`, passphrase `secret`. Node can
 * no longer encrypt with RC2.
 */
const RC2_FILE = Buffer.from(
  [
    'MIICbAIBAzCCAjIGCSqGSIb3DQEHAaCCAiMEggIfMIICGzCCAhcGCSqGSIb3DQEHBqCCAggwggIEAgEAMIIB/QYJKoZIhvcN',
    'AQcBMBwGCiqGSIb3DQEMAQYwDgQIJKG/o0PDDLACAggAgIIB0Lo7BA0zOrgfnZbANlZfYp1qzi7lLJN2z0skDLGfR5gpA3FX',
    'FQVEexbu8oFm0l/ep0CKQSF3uTu5TGG4QKv3+WNsWaQXp0B3mCueTczM9YWksRXO3PZpSdFI0I8p6HvfvVsSBBPjq6OzvY3T',
    'GBmz92qce+2oAV7EIFIOZ7mux0cOAJyEiJyb+5xq5ppylBkVELqKKPL5kos2J8SMVWxarWtXNkLhSpCdzzCHKKAyLlGhQ2cD',
    '7hkpZEvX0i+PjFMl1mLjNvFx3xHp5JJ5xtwoSTEvV/Zcdjc0uLuPw+4RbfOOKzD8VvwsbXqzwSl4jAqhOT0DJeVXn5N+8VKe',
    '3eGKqQ1Kiss0xyuINEWovDrnuJVxc7qslzAQpoIpE1xJNWz/Z2uq2SoDVTH1hTg3jxRZ9K/yfVBDe12lqWC4bUC+qyvhqJWm',
    '8Gke91WgTtQ4idMqFZk0QtRwQkZsyJEQsCyJXUoHSuejfXAVWDffRCfpI0C0kkty+eZT9fevDkonizTkabJmheF5DN23Isj2',
    'ovZ3qvNep65mvLZ38PiVEQvnwuzw4RX2CenZm01Iwor23P9AvOuwi9Vu8ZeH2SWBxjLkrqPuIQn3CArd7iZzHz0f9GEBMDEw',
    'ITAJBgUrDgMCGgUABBSlRkD0phKIVV4aNeAwYtts+b1E7AQIvM4HjQ/RT6sCAggA',
  ].join(''),
  'base64',
);

test.run();
