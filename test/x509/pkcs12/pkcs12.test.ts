import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readPkcs12 } from '../../../src/x509/pkcs12/pkcs12.ts';
import { decoded, encoded, oid, sequence } from '../../support/asn1.ts';
import { bag, type Pkcs12Options, pkcs12 } from '../../support/pkcs12.ts';
import { chain, issue, key, spkiOf } from '../../support/pki.ts';
import { tries } from '../../support/property.ts';

const { leaf, all } = chain();
const PASSPHRASE = 'open sesame';
const CERTIFICATES = all.map(({ der }) => der);
const WHOLE = { certificates: CERTIFICATES, keys: [leaf.privateKey], passphrase: PASSPHRASE };

const make = (changes: Pkcs12Options = {}): Buffer => pkcs12({ ...WHOLE, ...changes });
const stateOf = (file: Buffer, passphrase = PASSPHRASE): string => readPkcs12(file, passphrase).state;
const spkis = (keys: readonly KeyObject[]): Buffer[] => keys.map(spkiOf);

function opened(file: Buffer, passphrase = PASSPHRASE): { certificates: Buffer[]; keys: KeyObject[] } {
  const read = readPkcs12(file, passphrase);
  if (read.state !== 'opened') throw new Error(`it is not opened: ${JSON.stringify(read)}`);
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
  ['nothing that is encrypted', { encryption: 'none' }],
  ['HMAC with SHA-1 in the derivation, which is the default', { prf: 'sha1' }],
  ['HMAC with SHA-512 in the derivation', { prf: 'sha512' }],
  ['a MAC with SHA-224', { mac: 'sha224' }],
  ['a MAC with SHA-384', { mac: 'sha384' }],
  ['a MAC with SHA-512', { mac: 'sha512' }],
  ['a MAC that leaves out that it takes one round', { iterations: 1 }],
  ['indefinite lengths and content in pieces, as BER has them', { ber: true }],
  ['BER and triple DES', { ber: true, encryption: '3des' }],
  ['bags in a bag', { nested: true }],
  ['a key of RSA', { keys: [key('rsa2048')], certificates: [issue({ key: 'rsa2048' }).der] }],
  ['a passphrase that is long', { passphrase: 'long '.repeat(60) }],
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

test('a file without a MAC is opened; its encryption tells whether the passphrase fits', () => {
  for (const encryption of ['aes-256', '3des'] as const) {
    const file = make({ mac: null, encryption });
    assert.equal(opened(file).certificates, CERTIFICATES);
    assert.is(stateOf(file, 'wrong'), 'locked');
  }
});

test('where nothing is encrypted nor authenticated, any passphrase does', () => {
  const file = make({ mac: null, encryption: 'none' });
  for (const passphrase of ['', PASSPHRASE])
    assert.equal(spkis(opened(file, passphrase).keys), spkis([leaf.privateKey]));
});

test('a MAC by PBKDF2 (RFC 9579)', () => {
  for (const mac of ['sha1', 'sha256', 'sha512'] as const) {
    const file = make({ pbmac1: true, mac });
    assert.equal(opened(file).certificates, CERTIFICATES);
    assert.is(stateOf(file, 'wrong'), 'locked');
  }
});

test('an empty passphrase and none are both tried, as Azure Key Vault and Windows write them', () => {
  for (const encryption of ['aes-256', '3des'] as const) {
    for (const utf16 of [Buffer.alloc(2), Buffer.alloc(0)]) {
      const file = make({ passphrase: '', utf16, encryption });
      assert.equal(opened(file, '').certificates, CERTIFICATES);
      assert.ok(openssl(file, ''));
      assert.is(stateOf(file), 'locked');
    }
  }
});

test('the habits of OpenSSL with a passphrase that is not ASCII', () => {
  const passphrase = 'Grüße';
  const bytes = Buffer.from(passphrase);
  const everyByte = Buffer.from(`${bytes.toString('latin1')}\0`, 'utf16le').swap16();
  for (const encryption of ['aes-256', '3des'] as const) {
    assert.is(stateOf(make({ passphrase, utf16: everyByte, encryption }), passphrase), 'opened');
  }
  const latin1 = Buffer.from(passphrase, 'latin1');
  assert.is(stateOf(make({ passphrase, bytes: latin1 }), passphrase), 'opened');
  assert.is(stateOf(make({ passphrase: '世', bytes: Buffer.from('世', 'latin1') }), '世'), 'unreadable');
});

test('certificates by RC2 with 40 bits, as OpenSSL 1.1, Java 8 and older Windows write them', () => {
  const { certificates, keys } = opened(RC2_FILE, 'secret');
  assert.equal(
    certificates.map((der) => new X509Certificate(der).subject),
    ['CN=lightrun.example.com'],
  );
  assert.is(keys.length, 0);
  assert.is(stateOf(RC2_FILE, 'wrong'), 'locked');
});

test('RC4 is named, once the passphrase is known to fit', () => {
  const file = make({ encryption: 'rc4', mac: 'sha1' });
  assert.equal(readPkcs12(file, PASSPHRASE), { state: 'unsupported', algorithm: 'RC4' });
  assert.is(stateOf(file, 'wrong'), 'locked');
});

test('several keys are all given, and no bag of another kind', () => {
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

test('what was changed after its MAC was made is not opened', () => {
  assert.is(stateOf(make({ spoil: true })), 'locked');
  assert.not(openssl(make({ spoil: true }), PASSPHRASE));
});

test('a part with a passphrase of its own is told from a wrong passphrase', () => {
  const utf16 = Buffer.from(`${PASSPHRASE}\0`, 'utf16le').swap16();
  const file = make({ utf16, bytes: Buffer.from('another') });
  assert.is(reasonOf(file), 'a part of it has another passphrase than the whole, or is damaged');
});

test('a private key that cannot sign is not handed on', () => {
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

test('other files are unreadable, and it says why', () => {
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('no file'),
    leaf.der,
    Buffer.from(leaf.pem),
    make().subarray(0, 500),
  ]) {
    assert.is(stateOf(bytes), 'unreadable');
  }
  assert.is(reasonOf(make().subarray(0, 500)), `it is cut off: 500 of ${make().length} bytes are there`);
  assert.is(reasonOf(leaf.der), 'it is no PKCS#12 file of version 3');
});

test('what is signed or encrypted by keys is not read, and it says so', () => {
  const signed = sequence([oid('1.2.840.113549.1.7.2'), decoded(Buffer.from('a0023000', 'hex'))]);
  const file = encoded(sequence([decoded(Buffer.from('020103', 'hex')), signed]));
  assert.equal(readPkcs12(file, ''), {
    state: 'unsupported',
    algorithm: 'a signature in place of a passphrase',
  });
});

test('a file that asks for very many rounds is refused at once', () => {
  const start = performance.now();
  const asked: Pkcs12Options[] = [{}, { pbmac1: true }, { mac: null }, { mac: null, encryption: '3des' }];
  for (const options of asked) {
    for (const claimedIterations of [5_000_000, 2 ** 31, 2 ** 47]) {
      const reason = reasonOf(make({ ...options, claimedIterations }));
      assert.is(reason, 'it asks for more rounds of key derivation than are tried here');
    }
  }
  assert.ok(performance.now() - start < 2000);
});

test('a count of rounds that is none is refused', () => {
  assert.is(reasonOf(make({ claimedIterations: 0 })), 'a count of rounds is none');
});

test('a file that is larger than any that could be meant is refused', () => {
  const certificates = [Buffer.alloc(2 * 1024 * 1024)];
  assert.is(reasonOf(make({ certificates, encryption: 'none' })), 'it is larger than 2 MiB');
});

test('a file with very many keys is refused', () => {
  const bags = Array.from({ length: 101 }, () =>
    bag(1, decoded(leaf.privateKey.export({ type: 'pkcs8', format: 'der' }))),
  );
  assert.is(reasonOf(make({ keys: [], bags })), 'it holds more than 100 private keys');
});

test('however the bytes are spoilt, nothing throws, and no other key comes out', () => {
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
 * A certificate without its key, by `openssl pkcs12 -export -legacy -nokeys`, passphrase `secret`. It is here since
 * Node can no longer encrypt by RC2.
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
