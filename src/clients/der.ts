import { type Asn1Element, Asn1Error, dottedOid, splitElements, TAG } from '../x509/asn1.ts';

/** Thrown where bytes are not DER, such as BER with a length that is indefinite or longer than it must be. */
export class DerError extends Asn1Error {
  readonly length: 'indefinite' | 'not minimal' | null;
  constructor(length: DerError['length'] = null) {
    super('it is not encoded in DER');
    this.length = length;
  }
}

export const NULL = 0x05;
const CONSTRUCTED = 0x20;
const INDEFINITE = 0x80;
const SHORT_HEADER = 2;

/**
 * Splits concatenated values in DER.
 * @throws Asn1Error where they are malformed, DerError where a length is not as DER has it (ITU-T X.690 section 10.1)
 */
export function readFields(bytes: Buffer): Asn1Element[] {
  const fields = splitElements(bytes);
  for (const { bytes: whole, content } of fields) {
    if (whole[1] === INDEFINITE) throw new DerError('indefinite');
    const octets = content.length < 0x80 ? 0 : Math.ceil(Math.log2(content.length + 1) / 8);
    if (whole.length - content.length !== SHORT_HEADER + octets) throw new DerError('not minimal');
  }
  return fields;
}

/**
 * The values inside a constructed one.
 * @throws Asn1Error as `readFields` does, and where it is missing or primitive
 */
export function fieldsOf(field: Asn1Element | undefined): Asn1Element[] {
  if (!field || (field.tag & CONSTRUCTED) === 0) throw new DerError();
  return readFields(field.content);
}

/** The context-specific tag `[number]`, constructed or primitive. */
export const contextTag = (number: number, constructed: boolean): number =>
  0x80 | (constructed ? CONSTRUCTED : 0) | number;

/**
 * An object identifier in dots.
 * @throws Asn1Error where the field is not one
 */
export function oidOf(field: Asn1Element | undefined): string {
  if (field?.tag !== TAG.oid || !isOid(field.content)) throw new DerError();
  return dottedOid(field);
}

/** Whether bytes are the content of an object identifier: it ends, and each arc is minimal (ITU-T X.690 section 8.19). */
export function isOid(content: Buffer): boolean {
  const last = content.at(-1);
  return (
    last !== undefined &&
    last < 0x80 &&
    content.every((octet, at) => octet !== 0x80 || (at > 0 && (content[at - 1] as number) >= 0x80))
  );
}

/** Whether bytes are the content of a minimal INTEGER (ITU-T X.690 section 8.3.2). */
export function isMinimalInteger(content: Buffer): boolean {
  const [first, second] = content;
  if (first === undefined) return false;
  return second === undefined || !((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
}
