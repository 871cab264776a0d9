/** PITABLE, a permutation of all bytes (RFC 2268 section 2). */
const PI_TABLE = Buffer.from(
  [
    'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2',
    '179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82',
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626',
    '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7',
    '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec',
    'c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731',
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9',
    '0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
  ].join(''),
  'hex',
);
const SHIFTS = [1, 2, 3, 5] as const;
const BLOCK = 8;

/**
 * Decrypts RC2 in CBC mode (RFC 2268). OpenSSL 1.1, Java 8 and Windows encrypt certificates in PKCS#12 with it, with
 * 40-bit keys; OpenSSL 3, and so Node, no longer has it. There is no encryption here, and should be none.
 * @param key 1 to 128 bytes, all bits effective
 * @param iv 8 bytes
 * @param data whole blocks of 8 bytes
 * @returns the plaintext with its padding
 */
export function decryptRc2(key: Buffer, iv: Buffer, data: Buffer): Buffer {
  const words = expandedKey(key);
  const plain = Buffer.alloc(data.length);
  let previous = iv;
  for (let at = 0; at < data.length; at += BLOCK) {
    const block = data.subarray(at, at + BLOCK);
    const decrypted = decryptBlock(words, block);
    for (let i = 0; i < 4; i++) {
      plain.writeUInt16LE((decrypted[i] ?? 0) ^ previous.readUInt16LE(2 * i), at + 2 * i);
    }
    previous = block;
  }
  return plain;
}

/** RFC 2268 section 2, with all bits of the key effective. */
function expandedKey(key: Buffer): Uint16Array {
  const bytes = Buffer.alloc(128);
  const size = key.length;
  const at = (index: number) => bytes[index] ?? 0;
  const pi = (index: number) => PI_TABLE[index & 0xff] ?? 0;
  key.copy(bytes);
  for (let i = size; i < 128; i++) bytes[i] = pi(at(i - 1) + at(i - size));
  bytes[128 - size] = pi(at(128 - size));
  for (let i = 127 - size; i >= 0; i--) bytes[i] = pi(at(i + 1) ^ at(i + size));
  return Uint16Array.from({ length: 64 }, (_, i) => bytes.readUInt16LE(2 * i));
}

/** RFC 2268 section 4.3. */
function decryptBlock(key: Uint16Array, block: Buffer): Uint16Array {
  const words = Uint16Array.from({ length: 4 }, (_, i) => block.readUInt16LE(2 * i));
  const word = (index: number) => words[index & 3] ?? 0;
  let next = 63;
  const unmix = () => {
    for (let i = 3; i >= 0; i--) {
      const shift = SHIFTS[i] ?? 0;
      const rotated = (word(i) >>> shift) | (word(i) << (16 - shift));
      const mixed = (word(i - 1) & word(i - 2)) + (~word(i - 1) & word(i - 3));
      words[i] = rotated - (key[next] ?? 0) - mixed;
      next -= 1;
    }
  };
  const unmash = () => {
    for (let i = 3; i >= 0; i--) words[i] = word(i) - (key[word(i - 1) & 63] ?? 0);
  };
  const rounds = (count: number) => {
    for (let round = 0; round < count; round++) unmix();
  };
  rounds(5);
  unmash();
  rounds(6);
  unmash();
  rounds(5);
  return words;
}
