import { createPrivateKey, type KeyObject, sign, verify, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import * as asn1js from 'asn1js';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readPem } from '../../src/x509/pem.ts';
import type { PemBlock } from '../../src/x509/pem-block.ts';
import { keyDerivation, readPrivateKey } from '../../src/x509/private-key.ts';
import { type Asn1, constructed, decoded, encoded, oid, sequence } from '../support/asn1.ts';
import { issue, type KeyKind, key, pemBlock, pkcs1, pkcs8, sec1, spkiOf } from '../support/pki.ts';
import { tries } from '../support/property.ts';

const RSA = key('rsa2048');
const EC = key('p256');
const PASSPHRASE = 'open sesame';

function blockOf(pem: string): PemBlock {
  const [block] = readPem(Buffer.from(pem)).blocks;
  if (!block) throw new Error('the test made no block');
  return block;
}
const read = (pem: string, passphrase: string | null = null) => readPrivateKey(blockOf(pem), passphrase);
const relabelled = (pem: string, label: string) => pem.replace(/(BEGIN|END) [A-Z ]+/g, `$1 ${label}`);
const children = (der: Buffer): Asn1[] => (decoded(der) as asn1js.Sequence).valueBlock.value;
const encrypt = (privateKey: KeyObject, type: 'pkcs1' | 'pkcs8' | 'sec1', passphrase = PASSPHRASE): string =>
  privateKey.export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase } as never).toString();

function openssl(pem: string): boolean {
  try {
    createSecureContext({ key: pem, ca: [] });
    return true;
  } catch {
    return false;
  }
}

test('each container and kind of key opens, and its public key is given', () => {
  for (const [pem, container, kind, description] of [
    [pkcs1(RSA), 'pkcs1', 'rsa2048', 'RSA 2048'],
    [pkcs8(RSA), 'pkcs8', 'rsa2048', 'RSA 2048'],
    [sec1(EC), 'sec1', 'p256', 'EC P-256'],
    [pkcs8(EC), 'pkcs8', 'p256', 'EC P-256'],
    [pkcs8(key('ec-explicit')), 'pkcs8', 'ec-explicit', 'EC explicit parameters'],
    [pkcs8(key('secp256k1')), 'pkcs8', 'secp256k1', 'EC secp256k1'],
    [pkcs8(key('ed25519')), 'pkcs8', 'ed25519', 'Ed25519'],
    [pkcs8(key('rsa-pss')), 'pkcs8', 'rsa-pss', 'RSA-PSS 2048'],
    [pkcs8(key('rsa-pss-restricted')), 'pkcs8', 'rsa-pss-restricted', 'RSA-PSS 2048'],
  ] satisfies [string, string, KeyKind, string][]) {
    const { publicKey, ...facts } = read(pem);
    assert.equal(facts, {
      container,
      encrypted: false,
      openedWithPassphrase: false,
      state: 'opened',
      isCostly: false,
    });
    assert.is(publicKey?.description, description);
    assert.equal(publicKey?.spki, spkiOf(key(kind)));
    assert.ok(openssl(pem));
  }
});

test('an encrypted key is locked without its passphrase and opens with it', () => {
  for (const [pem, container] of [
    [encrypt(RSA, 'pkcs8'), 'pkcs8-encrypted'],
    [encrypt(RSA, 'pkcs1'), 'pkcs1-encrypted'],
    [encrypt(EC, 'pkcs8'), 'pkcs8-encrypted'],
    [encrypt(EC, 'sec1'), 'sec1-encrypted'],
  ] as const) {
    const locked = {
      container,
      encrypted: true,
      openedWithPassphrase: false,
      state: 'locked',
      publicKey: null,
      isCostly: false,
    };
    assert.equal(read(pem), locked);
    assert.equal(read(pem, ''), locked);
    assert.equal(read(pem, 'wrong'), locked);
    assert.equal(read(pem, 'x'.repeat(2000)), locked);
    const opened = read(pem, PASSPHRASE);
    assert.is(opened.state, 'opened');
    assert.is(opened.openedWithPassphrase, true);
    assert.ok(opened.publicKey);
    assert.not(openssl(pem));
  }
});

test('a key opens after a certificate whose names OpenSSL cannot read', () => {
  const value = Buffer.from('3007a00506032a0304', 'hex');
  const { pem } = issue({ san: null, extensions: [{ oid: '2.5.29.17', value }] });
  new X509Certificate(pem).checkHost('lightrun.example.com');
  const [block] = readPem(Buffer.from(pkcs8(key('p256')))).blocks;
  assert.is(readPrivateKey(block as PemBlock, null).state, 'opened');
});

test('a passphrase is not tried on a key that needs none', () => {
  assert.is(read(pkcs8(EC), PASSPHRASE).openedWithPassphrase, false);
  assert.is(read(pkcs8(EC), PASSPHRASE).state, 'opened');
});

test('a wrong passphrase that garbles to good padding is still locked', () => {
  const block = blockOf(encrypt(EC, 'sec1'));
  for (let attempt = 0; attempt < 600; attempt++) {
    assert.is(readPrivateKey(block, `wrong ${attempt}`).state, 'locked');
  }
});

test('a label that lies is taken exactly where OpenSSL takes it', () => {
  const labels = [
    'PRIVATE KEY',
    'ENCRYPTED PRIVATE KEY',
    'RSA PRIVATE KEY',
    'EC PRIVATE KEY',
    'DSA PRIVATE KEY',
  ];
  for (const pem of [pkcs1(RSA), pkcs8(RSA), pkcs8(EC), sec1(EC), pkcs8(key('ed25519'))]) {
    for (const label of [...labels, 'OPENSSH PRIVATE KEY', 'ANY PRIVATE KEY', 'PUBLIC KEY']) {
      const text = relabelled(pem, label);
      assert.is(read(text).state, openssl(text) ? 'opened' : 'unreadable', text.slice(0, 40));
    }
  }
});

test('the container is what the label says', () => {
  for (const [label, container] of [
    ['PRIVATE KEY', 'pkcs8'],
    ['RSA PRIVATE KEY', 'pkcs1'],
    ['EC PRIVATE KEY', 'sec1'],
    ['DSA PRIVATE KEY', 'dsa'],
    ['OPENSSH PRIVATE KEY', 'openssh'],
    ['ANY PRIVATE KEY', 'other'],
  ] as const) {
    assert.is(read(relabelled(pkcs8(EC), label)).container, container, label);
  }
});

test('a plain key under the label of an encrypted one is not encrypted', () => {
  const { container, encrypted } = read(relabelled(pkcs8(EC), 'ENCRYPTED PRIVATE KEY'));
  assert.equal([container, encrypted], ['pkcs8', false]);
});

test('a key of 32 KiB opens, a larger one is not tried', () => {
  /** With an attribute (RFC 5958 section 2) that makes it so long. */
  const padded = (size: number): Buffer => {
    const whole = (length: number) => {
      const value = new asn1js.OctetString({ valueHex: Buffer.alloc(length) });
      const attribute = sequence([oid('1.2.3.4'), new asn1js.Set({ value: [value] })]);
      return encoded(
        sequence([...children(EC.export({ type: 'pkcs8', format: 'der' })), constructed(0, [attribute])]),
      );
    };
    return whole(size - (whole(30_000).length - 30_000));
  };
  for (const [size, state] of [
    [32 * 1024, 'opened'],
    [32 * 1024 + 1, 'unreadable'],
  ] as const) {
    const der = padded(size);
    assert.is(der.length, size);
    assert.is(read(pemBlock('PRIVATE KEY', der)).state, state);
    assert.ok(openssl(pemBlock('PRIVATE KEY', der)));
  }
});

test('a key that is truncated or garbage is unreadable', () => {
  const der = EC.export({ type: 'pkcs8', format: 'der' });
  for (const [label, bytes] of [
    ['PRIVATE KEY', der.subarray(0, 60)],
    ['PRIVATE KEY', Buffer.from('garbage')],
    ['ENCRYPTED PRIVATE KEY', Buffer.from('garbage')],
    ['OPENSSH PRIVATE KEY', Buffer.from('openssh-key-v1\0')],
  ] as const) {
    assert.is(read(pemBlock(label, bytes)).state, 'unreadable');
    assert.is(read(pemBlock(label, bytes), PASSPHRASE).state, 'unreadable');
  }
});

test('an encryption that OpenSSL does not know is unreadable, whatever the passphrase', () => {
  const pem = encrypt(EC, 'sec1').replace('AES-256-CBC', 'ROT-13');
  for (const passphrase of [null, PASSPHRASE]) assert.is(read(pem, passphrase).state, 'unreadable');
});

test('keys that no certificate can hold are opened', () => {
  assert.is(read(pkcs8(key('x25519'))).publicKey?.type, 'x25519');
});

/** An encrypted key whose derivation is said to take these parameters, the salt aside. */
function derivedBy(id: string, counts: number[]): string {
  const salt = new asn1js.OctetString({ valueHex: Buffer.alloc(16) });
  const numbers = counts.map((value) => new asn1js.Integer({ value }));
  const derivation = sequence([oid(id), sequence([salt, ...numbers])]);
  const iv = new asn1js.OctetString({ valueHex: Buffer.alloc(16) });
  const scheme = sequence([derivation, sequence([oid('2.16.840.1.101.3.4.1.42'), iv])]);
  const data = new asn1js.OctetString({ valueHex: Buffer.alloc(160) });
  return pemBlock(
    'ENCRYPTED PRIVATE KEY',
    encoded(sequence([sequence([oid('1.2.840.113549.1.5.13'), scheme]), data])),
  );
}

test('a passphrase is not tried where the derivation would take very long', () => {
  const start = performance.now();
  const pbkdf2 = '1.2.840.113549.1.5.12';
  const scrypt = '1.3.6.1.4.1.11591.4.11';
  for (const pem of [
    derivedBy(pbkdf2, [1_000_000_000]),
    derivedBy(scrypt, [2 ** 30, 8, 1]),
    derivedBy(scrypt, [2 ** 14, 8, 2 ** 20]),
    derivedBy('1.2.3.4', []),
  ]) {
    const { state, encrypted, container } = read(pem, PASSPHRASE);
    assert.equal([state, encrypted, container], ['locked', true, 'pkcs8-encrypted']);
  }
  assert.is(read(derivedBy(pbkdf2, [2048]), PASSPHRASE).state, 'locked');
  assert.ok(performance.now() - start < 1000);
});

/** The RSA key in PKCS#1 with some of its numbers (by place, RFC 8017 appendix A.1.2) one too large. */
function rsaWith(...wrong: number[]): string {
  const numbers = children(RSA.export({ type: 'pkcs1', format: 'der' })).map((node, place) => {
    const bytes = Buffer.from((node as asn1js.Integer).valueBlock.valueHexView);
    if (wrong.includes(place)) bytes.writeUInt8(bytes.readUInt8(bytes.length - 2) ^ 1, bytes.length - 2);
    return new asn1js.Integer({ valueHex: bytes });
  });
  return pemBlock('RSA PRIVATE KEY', encoded(sequence(numbers)));
}

test('an RSA key is opened exactly where a signature by it verifies', () => {
  const [n, d, p, q, dp, dq, qi] = [1, 3, 4, 5, 6, 7, 8] as const;
  const works = (pem: string): boolean => {
    try {
      const signature = sign('sha256', Buffer.from('data'), createPrivateKey(pem));
      return verify('sha256', Buffer.from('data'), createPrivateKey(pem), signature);
    } catch {
      return false;
    }
  };
  const broken = new Set<boolean>();
  for (const wrong of [[], [n], [d], [p], [q], [dp], [dq], [qi], [d, p], [d, dp], [n, d]]) {
    const pem = rsaWith(...wrong);
    assert.is(read(pem).state, works(pem) ? 'opened' : 'unreadable', `wrong: ${wrong}`);
    broken.add(works(pem));
  }
  assert.is(broken.size, 2);
});

test('an RSA key with absurdly long numbers is unreadable, in bounded time', () => {
  const long = (size: number) => new asn1js.Integer({ valueHex: Buffer.alloc(size, 0x55) });
  const small = [new asn1js.Integer({ value: 0 }), long(512), new asn1js.Integer({ value: 65537 })];
  const start = performance.now();
  for (const numbers of [
    [new asn1js.Integer({ value: 0 }), ...Array.from({ length: 8 }, () => long(80_000))],
    [...small, ...Array.from({ length: 6 }, () => long(4_000))],
    [...small, ...Array.from({ length: 6 }, () => long(256))],
  ]) {
    assert.is(read(pemBlock('RSA PRIVATE KEY', encoded(sequence(numbers)))).state, 'unreadable');
  }
  assert.ok(performance.now() - start < 5000);
});

test('an EC key with the public point of another is unreadable, though OpenSSL loads it', () => {
  const [version, scalar, curve] = children(EC.export({ type: 'sec1', format: 'der' }));
  const [, , , point] = children(key('p256', 1).export({ type: 'sec1', format: 'der' }));
  const pem = pemBlock('EC PRIVATE KEY', encoded(sequence([version, scalar, curve, point] as Asn1[])));
  assert.ok(openssl(pem));
  assert.is(read(pem).state, 'unreadable');
});

test('however the bytes are spoilt, what is opened OpenSSL loads too, and nothing throws', () => {
  const der = EC.export({ type: 'pkcs8', format: 'der' });
  fc.assert(
    fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const bytes = Buffer.from(der);
      bytes.writeUInt8(bytes.readUInt8(at) ^ flip, at);
      const pem = pemBlock('PRIVATE KEY', bytes);
      if (read(pem).state === 'opened') assert.ok(openssl(pem));
      else assert.is(read(pem).publicKey, null);
    }),
    tries(300),
  );
});

test('nothing of the private key is in the facts', () => {
  const { d = '' } = EC.export({ format: 'jwk' });
  const facts = read(pkcs8(EC));
  const whole = Buffer.concat([facts.publicKey?.spki ?? Buffer.alloc(0), Buffer.from(JSON.stringify(facts))]);
  assert.not(whole.includes(Buffer.from(d, 'base64url')));
  assert.not(whole.includes(d));
});

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const SCRYPT = '1.3.6.1.4.1.11591.4.11';
const PBE = '1.2.840.113549.1.12.1.3';

const number = (value: bigint) => asn1js.Integer.fromBigInt(value) as Asn1;
const octets = () => new asn1js.OctetString({ valueHex: Buffer.alloc(8) });
const info = (scheme: string, parameters: Asn1[], data: Asn1 = octets()) =>
  encoded(sequence([sequence([oid(scheme), sequence(parameters)]), data]));
const derivation = (id: string, ...parameters: Asn1[]) =>
  info(PBES2, [sequence([oid(id), sequence([octets(), ...parameters])]), sequence([])]);
const scrypt = (...numbers: bigint[]) => keyDerivation(derivation(SCRYPT, ...numbers.map(number)));

test('two million iterations are affordable, one more is not', () => {
  for (const [count, expected] of [
    [1n, 'affordable'],
    [2_000_000n, 'affordable'],
    [2_000_001n, 'costly'],
    [1n << 126n, 'costly'],
    [1n << 127n, 'costly'],
    [-(1n << 127n), 'affordable'],
    [-(1n << 135n), 'costly'],
  ] as const) {
    assert.is(keyDerivation(derivation(PBKDF2, number(count))), expected, `PBKDF2 ${count}`);
    assert.is(keyDerivation(info(PBE, [octets(), number(count)])), expected, `PBE ${count}`);
  }
});

test('scrypt may take 128 MiB at a time, and what takes as long as two million iterations', () => {
  for (const [cost, blockSize, parallel, expected] of [
    [16384n, 8n, 1n, 'affordable'],
    [1n << 20n, 1n, 1n, 'affordable'],
    [1n << 17n, 8n, 7n, 'affordable'],
    [1n << 17n, 8n, 8n, 'costly'],
    [(1n << 20n) + 1n, 1n, 1n, 'costly'],
    [1n, (1n << 20n) + 1n, 1n, 'costly'],
    [1n, 1n, 8_000_000n, 'affordable'],
    [1n, 1n, 8_000_001n, 'costly'],
  ] as const) {
    assert.is(scrypt(cost, blockSize, parallel), expected, `${cost} ${blockSize} ${parallel}`);
  }
});

test('what is not stated is costly', () => {
  assert.is(scrypt(16384n, 8n), 'costly');
  assert.is(scrypt(16384n), 'costly');
  assert.is(scrypt(), 'costly');
  assert.is(keyDerivation(derivation(PBKDF2)), 'costly');
  assert.is(keyDerivation(derivation(PBKDF2, octets())), 'costly');
  assert.is(keyDerivation(info(PBES2, [])), 'costly');
  assert.is(keyDerivation(info('1.2.3', [])), 'costly');
});

test('other DER is no EncryptedPrivateKeyInfo', () => {
  for (const der of [
    Buffer.alloc(0),
    encoded(sequence([])),
    info(PBES2, [], new asn1js.BitString({ valueHex: Buffer.alloc(8) })),
    encoded(sequence([sequence([number(1n)]), octets()])),
    encoded(sequence([sequence([]), octets()])),
    encoded(octets()),
  ]) {
    assert.is(keyDerivation(der), 'none');
  }
});

test.run();
