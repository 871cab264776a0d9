/**
 * PKCS#12 files for tests, as OpenSSL, Java and Windows write them (RFC 7292). They use none of the program's own code,
 * so that a mistake in it shows even where OpenSSL is not asked.
 *
 *     const file = pkcs12({ certificates: [leaf.der], keys: [leaf.privateKey], passphrase: 'secret' });
 */
import { createCipheriv, createHash, createHmac, type KeyObject, pbkdf2Sync, randomBytes } from 'node:crypto';
import * as asn1js from 'asn1js';
import { type Asn1, constructed, decoded, encoded, oid, sequence } from './asn1.ts';

export type Encryption = 'aes-256' | 'aes-128' | '3des' | '2des' | 'rc4' | 'none';
export type MacDigest = 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

export interface Pkcs12Options {
  certificates?: readonly Buffer[];
  keys?: readonly KeyObject[];
  passphrase?: string;
  /** The passphrase for the derivation of PKCS#12, its terminator included, if not the standard BMPString. */
  bmp?: Buffer;
  /** The passphrase for PBKDF2, if not in UTF-8. */
  bytes?: Buffer;
  /** AES-256 by default. */
  encryption?: Encryption;
  keyEncryption?: Encryption;
  /** The hash function of PBKDF2's HMAC; SHA-256 by default, and the parameter is left out for SHA-1. */
  prf?: MacDigest;
  /** The hash function of the MAC; SHA-256 by default; null leaves the MAC out. */
  mac?: MacDigest | null;
  /** PBMAC1 of RFC 9579. */
  pbmac1?: boolean;
  /** Of its key, in bytes, if not the digest's; null leaves it out of the file. */
  macKeyLength?: number | null;
  /** Pads a plaintext for AES, if not as RFC 8018 section 6.1.1 does. */
  pad?: (plaintext: Buffer) => Buffer;
  /** Changes a ciphertext, or an initialization vector. */
  spoilCiphertext?: (ciphertext: Buffer) => Buffer;
  spoilIv?: (iv: Buffer) => Buffer;
  iterations?: number;
  /** The iteration count in the file, if not the real one. */
  claimedIterations?: number;
  /** In BER: indefinite lengths, and the content in segments. */
  ber?: boolean;
  /** The bags in a SafeContents bag. */
  nested?: boolean;
  /** More bags, after the keys. */
  bags?: readonly Asn1[];
  /** Changes the content after its MAC was made. */
  spoil?: boolean;
}

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const BAGS = '1.2.840.113549.1.12.10.1';
const PBE = '1.2.840.113549.1.12.1';
const DIGESTS: Readonly<Record<MacDigest, string>> = {
  sha1: '1.3.14.3.2.26',
  sha224: '2.16.840.1.101.3.4.2.4',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};
const HMACS: Readonly<Record<MacDigest, string>> = {
  sha1: '1.2.840.113549.2.7',
  sha224: '1.2.840.113549.2.8',
  sha256: '1.2.840.113549.2.9',
  sha384: '1.2.840.113549.2.10',
  sha512: '1.2.840.113549.2.11',
};
const OLD_CIPHERS = {
  '3des': { id: `${PBE}.3`, name: 'des-ede3-cbc', size: 24 },
  '2des': { id: `${PBE}.4`, name: 'des-ede-cbc', size: 16 },
  // Node cannot encrypt by RC4: only its identifier is used.
  rc4: { id: `${PBE}.1`, name: 'des-ede-cbc', size: 16 },
} as const;
const AES = {
  'aes-256': { id: '2.16.840.1.101.3.4.1.42', size: 32 },
  'aes-128': { id: '2.16.840.1.101.3.4.1.2', size: 16 },
} as const;

const octets = (valueHex: Uint8Array): Asn1 => new asn1js.OctetString({ valueHex });
const integer = (value: number): Asn1 => new asn1js.Integer({ value });

/** Makes a PKCS#12 file. */
export function pkcs12(options: Pkcs12Options = {}): Buffer {
  const { certificates = [], keys = [], mac = 'sha256', ber = false, encryption = 'aes-256' } = options;
  const certificateBags = certificates.map((der) =>
    bag(3, sequence([oid('1.2.840.113549.1.9.22.1'), constructed(0, [octets(der)])])),
  );
  const keyBags = [...keys.map((key) => keyBag(key, options)), ...(options.bags ?? [])];
  const parts = [contentInfo(certificateBags, encryption, options), contentInfo(keyBags, 'none', options)];
  const content = encoded(sequence(parts));
  const authSafe = sequence([oid(DATA), constructed(0, [ber ? segmented(content) : octets(content)])]);
  const fields = [integer(3), authSafe, ...(mac === null ? [] : [macData(content, mac, options)])];
  const file = encoded(sequence(fields));
  if (options.spoil)
    file.writeUInt8(file.readUInt8(file.indexOf(content) + 60) ^ 1, file.indexOf(content) + 60);
  return ber ? indefinite(file) : file;
}

export function bag(number: number, value: Asn1): Asn1 {
  const friendlyName = sequence([
    oid('1.2.840.113549.1.9.20'),
    new asn1js.Set({ value: [new asn1js.BmpString({ value: 'lightrun' })] }),
  ]);
  return sequence([
    oid(`${BAGS}.${number}`),
    constructed(0, [value]),
    new asn1js.Set({ value: [friendlyName] }),
  ]);
}

function keyBag(key: KeyObject, options: Pkcs12Options): Asn1 {
  const der = key.export({ type: 'pkcs8', format: 'der' });
  const encryption = options.keyEncryption ?? options.encryption ?? 'aes-256';
  if (encryption === 'none') return bag(1, decoded(der));
  const { algorithm, data } = encrypt(der, encryption, options);
  return bag(2, sequence([algorithm, octets(data)]));
}

function contentInfo(bags: Asn1[], encryption: Encryption, options: Pkcs12Options): Asn1 {
  const { nested, ber } = options;
  const contents = encoded(sequence(nested ? [bag(6, sequence(bags))] : bags));
  if (encryption === 'none') {
    return sequence([oid(DATA), constructed(0, [ber ? segmented(contents) : octets(contents)])]);
  }
  const { algorithm, data } = encrypt(contents, encryption, options);
  const implicit = ber
    ? constructed(0, [octets(data.subarray(0, 40)), octets(data.subarray(40))])
    : new asn1js.Primitive({ idBlock: { tagClass: 3, tagNumber: 0 }, valueHex: data });
  const encrypted = sequence([integer(0), sequence([oid(DATA), algorithm, implicit])]);
  return sequence([oid(ENCRYPTED_DATA), constructed(0, [encrypted])]);
}

function encrypt(
  plain: Buffer,
  encryption: Exclude<Encryption, 'none'>,
  options: Pkcs12Options,
): { algorithm: Asn1; data: Buffer } {
  const { iterations = 10, claimedIterations = iterations, prf = 'sha256' } = options;
  const salt = randomBytes(8);
  if (encryption === 'aes-256' || encryption === 'aes-128') {
    const { id, size } = AES[encryption];
    const iv = randomBytes(16);
    const key = pbkdf2Sync(bytesOf(options), salt, iterations, size, prf);
    const { pad, spoilCiphertext = same, spoilIv = same } = options;
    const algorithm = sequence([
      oid('1.2.840.113549.1.5.13'),
      sequence([pbkdf2(salt, claimedIterations, prf), sequence([oid(id), octets(spoilIv(iv))])]),
    ]);
    const cipher = createCipheriv(`${encryption}-cbc`, key, iv).setAutoPadding(pad === undefined);
    const ciphertext = Buffer.concat([cipher.update(pad ? pad(plain) : plain), cipher.final()]);
    return { algorithm, data: spoilCiphertext(ciphertext) };
  }
  const { id, name, size } = OLD_CIPHERS[encryption];
  const derive = (purpose: number, length: number) =>
    derived('sha1', bmpOf(options), salt, iterations, purpose, length);
  return {
    algorithm: sequence([oid(id), sequence([octets(salt), integer(claimedIterations)])]),
    data: encryptBy(name, derive(1, size), derive(2, 8), plain),
  };
}

const same = (bytes: Buffer): Buffer => bytes;

function encryptBy(name: string, key: Buffer, iv: Buffer, plain: Buffer): Buffer {
  const cipher = createCipheriv(name, key, iv);
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

/** RFC 8018 appendix A.2. */
function pbkdf2(salt: Buffer, iterations: number, prf: MacDigest, size?: number): Asn1 {
  const parameters = [octets(salt), integer(iterations)];
  if (size !== undefined) parameters.push(integer(size));
  if (prf !== 'sha1') parameters.push(sequence([oid(HMACS[prf]), new asn1js.Null()]));
  return sequence([oid('1.2.840.113549.1.5.12'), sequence(parameters)]);
}

function macData(content: Buffer, digest: MacDigest, options: Pkcs12Options): Asn1 {
  const { iterations = 10, claimedIterations = iterations } = options;
  const salt = randomBytes(8);
  const size = options.macKeyLength ?? createHash(digest).digest().length;
  const given = options.macKeyLength === null ? undefined : size;
  const key = options.pbmac1
    ? pbkdf2Sync(bytesOf(options), salt, iterations, size, digest)
    : derived(digest, bmpOf(options), salt, iterations, 3, size);
  const algorithm = options.pbmac1
    ? sequence([
        oid('1.2.840.113549.1.5.14'),
        sequence([
          pbkdf2(salt, claimedIterations, digest, given),
          sequence([oid(HMACS[digest]), new asn1js.Null()]),
        ]),
      ])
    : sequence([oid(DIGESTS[digest]), new asn1js.Null()]);
  const mac = createHmac(digest, key).update(content).digest();
  const info = sequence([algorithm, octets(mac)]);
  // RFC 7292 section 4: one round is the default, so DER leaves it out.
  const rounds = claimedIterations === 1 ? [] : [integer(claimedIterations)];
  return sequence([info, octets(salt), ...rounds]);
}

const bytesOf = ({ bytes, passphrase = '' }: Pkcs12Options): Buffer => bytes ?? Buffer.from(passphrase);

function bmpOf({ bmp, passphrase = '' }: Pkcs12Options): Buffer {
  return bmp ?? Buffer.from(`${passphrase}\0`, 'utf16le').swap16();
}

/** RFC 7292 appendix B.2, in the letters of that appendix. */
function derived(
  digest: MacDigest,
  password: Buffer,
  salt: Buffer,
  iterations: number,
  id: number,
  length: number,
): Buffer {
  const v = digest === 'sha384' || digest === 'sha512' ? 128 : 64;
  const stretched = (bytes: Buffer) =>
    Buffer.from(
      Array.from({ length: v * Math.ceil(bytes.length / v) }, (_, at) => bytes.readUInt8(at % bytes.length)),
    );
  const D = Buffer.alloc(v, id);
  let I = Buffer.concat([stretched(salt), stretched(password)]);
  let A = Buffer.alloc(0);
  while (A.length < length) {
    let Ai = createHash(digest).update(D).update(I).digest();
    for (let round = 1; round < iterations; round++) Ai = createHash(digest).update(Ai).digest();
    A = Buffer.concat([A, Ai]);
    const B = Array.from({ length: v }, (_, at) => Ai.readUInt8(at % Ai.length));
    const number = BigInt(`0x${Buffer.from(B).toString('hex')}`) + 1n;
    const blocks = Array.from({ length: I.length / v }, (_, at) => {
      const sum = BigInt(`0x${I.subarray(at * v, (at + 1) * v).toString('hex')}`) + number;
      return Buffer.from((sum % (1n << BigInt(8 * v))).toString(16).padStart(2 * v, '0'), 'hex');
    });
    I = Buffer.concat(blocks);
  }
  return A.subarray(0, length);
}

/** An OCTET STRING in segments of 100 bytes. */
function segmented(bytes: Buffer): Asn1 {
  const value = Array.from(
    { length: Math.ceil(bytes.length / 100) },
    (_, at) => new asn1js.OctetString({ valueHex: bytes.subarray(at * 100, (at + 1) * 100) }),
  );
  return new asn1js.OctetString({ isConstructed: true, value });
}

/** The same values, with indefinite lengths. */
function indefinite(der: Buffer): Buffer {
  const node = decoded(der);
  makeIndefinite(node);
  return encoded(node);
}

function makeIndefinite(node: Asn1): void {
  if (!node.idBlock.isConstructed) return;
  node.lenBlock.isIndefiniteForm = true;
  for (const child of (node as asn1js.Constructed).valueBlock.value) makeIndefinite(child);
}
