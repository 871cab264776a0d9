import { type Asn1Element, sequenceOf } from './asn1.ts';

/** A Time as encoded (RFC 5280 section 4.1.2.5). */
export interface Time {
  /** Null where it is another ASN.1 type. */
  type: 'UTCTime' | 'GeneralizedTime' | null;
  /** As encoded, such as `260101000000Z`; untrusted text, a character a byte. */
  text: string;
  /** Null where it has not the form that RFC 5280 prescribes (to the second, in UTC), or is not a valid date. */
  date: Date | null;
}

/** The validity of a certificate (RFC 5280 section 4.1.2.5). */
export interface Validity {
  notBefore: Time;
  notAfter: Time;
}

const TYPES: Readonly<Record<number, Time['type']>> = { 23: 'UTCTime', 24: 'GeneralizedTime' };

/**
 * Reads a Validity.
 * @throws Asn1Error where it is malformed
 */
export function readValidity(element: Asn1Element): Validity {
  const [notBefore, notAfter] = sequenceOf(element);
  return { notBefore: readTime(notBefore), notAfter: readTime(notAfter) };
}

function readTime(element: Asn1Element | undefined): Time {
  const type = TYPES[element?.tag ?? 0] ?? null;
  const text = element?.content.toString('latin1') ?? '';
  return { type, text, date: dateOf(type, text) };
}

/** What OpenSSL compares too (`X509_cmp_time`): years 1950 to 2049 in a UTCTime, 1 to 9999 in a GeneralizedTime. */
function dateOf(type: Time['type'], text: string): Date | null {
  const digits = type === 'UTCTime' ? `${/^[5-9]/.test(text) ? '19' : '20'}${text}` : text;
  const parts = type && /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits);
  if (!parts || parts[1] === '0000') return null;
  const [year, month, day, hour, minute, second] = parts.slice(1);
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const date = new Date(iso);
  return !Number.isNaN(date.getTime()) && date.toISOString() === iso ? date : null;
}
