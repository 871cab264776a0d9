import * as asn1js from 'asn1js';
import { encodedBytes, tryDecodeAsn1 } from './asn1.ts';
import type { ForeignFormat } from './format-names.ts';

/** RFC 2315 section 14: the content types of PKCS#7 and CMS. */
const PKCS7 = '1.2.840.113549.1.7.';

/**
 * Recognizes by its content what a file without PEM blocks is: DER of a certificate (RFC 5280 section 4.1) or
 * of a private key (RFC 5208, RFC 8017 appendix A.1.2, RFC 5915), PKCS#12 (RFC 7292 section 4), PKCS#7, a Java
 * keystore, an OpenSSH public key (RFC 4253 section 6.6, RFC 4716), UTF-16 text, HTML, JSON. Never throws.
 */
export function foreignFormat(bytes: Buffer): ForeignFormat {
  if (isBlank(bytes)) return 'empty';
  if (bytes[0] === 0x30) return asn1Format(bytes);
  const magic = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  if (magic === 0xfeedfeed || magic === 0xcececece) return 'jks';
  if (magic >>> 16 === 0xfffe || magic >>> 16 === 0xfeff) return 'utf16';
  // In UTF-16 of either byte order, except for the first byte.
  if (bytes.includes(Buffer.from('-----BEGIN', 'utf16le'))) return 'utf16';
  const start = bytes.toString('latin1', 0, 64).trimStart();
  if (/^(ssh-|sk-ssh-|sk-ecdsa-|ecdsa-sha2-)\S+ AAAA|^---- BEGIN SSH2/.test(start))
    return 'openssh-public-key';
  if (/^(?:<!doctype html|<html)[\s>]/i.test(start)) return 'html';
  return /^\{\s*"/.test(start) ? 'json' : 'unknown';
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte > 0x20) return false;
  return true;
}

function asn1Format(bytes: Buffer): ForeignFormat {
  const result = tryDecodeAsn1(bytes);
  if (!(result instanceof asn1js.Sequence)) return 'unknown';
  const [first, second, third] = result.valueBlock.value;
  if (first instanceof asn1js.Integer) {
    const version = first.valueBlock.valueDec;
    if (version === 3 && second instanceof asn1js.Sequence) return 'pkcs12';
    if (second instanceof asn1js.Sequence && third instanceof asn1js.OctetString) return 'der-private-key';
    if (version === 1 && second instanceof asn1js.OctetString) return 'der-private-key';
    if (version <= 1 && result.valueBlock.value.length >= 9) return 'der-private-key';
  }
  if (first instanceof asn1js.ObjectIdentifier && first.valueBlock.toString().startsWith(PKCS7))
    return 'pkcs7';
  if (first instanceof asn1js.Sequence) {
    if (isCertificateBody(first) && third instanceof asn1js.BitString) return 'der-certificate';
    if (
      first.valueBlock.value[0] instanceof asn1js.ObjectIdentifier &&
      second instanceof asn1js.OctetString
    ) {
      return 'der-private-key';
    }
  }
  return encodedBytes(result).length === bytes.length ? 'der' : 'unknown';
}

/** A certificate's body has at least six members; that of a certificate request four. */
function isCertificateBody(body: asn1js.Sequence): boolean {
  return body.valueBlock.value.length >= 6;
}
