/** A passphrase as bytes, in the two ways that derivations take it. */
export interface PassphraseForm {
  /** For the derivation of PKCS#12: big-endian UTF-16, two zeros behind it (RFC 7292 appendix B.1). */
  utf16: Buffer;
  /** For PBKDF2 (RFC 8018 section 5.2). */
  bytes: Buffer;
}

const END = '\0';

/**
 * The ways in which programs turn a passphrase into bytes, the proper one first. Where it is not ASCII, OpenSSL
 * before 1.1.0 made a character of PKCS#12 of each byte of UTF-8, and all of OpenSSL takes bytes of Latin-1 as they
 * come (its passphrase-encoding(7)). Where it is empty, Windows and Azure Key Vault may mean that there is none,
 * which PKCS#12 tells apart.
 */
export function passphraseForms(passphrase: string): PassphraseForm[] {
  const bytes = Buffer.from(passphrase);
  const forms = [{ utf16: bigEndian(passphrase + END), bytes }];
  if (passphrase === '') forms.push({ utf16: Buffer.alloc(0), bytes });
  if (bytes.length === passphrase.length) return forms;
  forms.push({ utf16: bigEndian(bytes.toString('latin1') + END), bytes });
  const latin1 = Buffer.from(passphrase, 'latin1');
  if (latin1.toString('latin1') === passphrase)
    forms.push({ utf16: bigEndian(passphrase + END), bytes: latin1 });
  return forms;
}

function bigEndian(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}
