/** One value in DER: its identifier octet, its content, and both with the length between them. */
export interface Field {
  tag: number;
  content: Buffer;
  encoded: Buffer;
}

/** Thrown where bytes are not DER. */
export class DerError extends Error {}

export const BOOLEAN = 0x01;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const NULL = 0x05;
export const OBJECT_IDENTIFIER = 0x06;
export const SEQUENCE = 0x30;

const CONSTRUCTED = 0x20;

/**
 * Splits bytes into the values that follow one another.
 * @throws DerError for a length that is indefinite, not minimal or too long, and for tags above 30
 */
export function readFields(bytes: Buffer): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] as number;
    let length = bytes[at + 1] ?? Number.POSITIVE_INFINITY;
    let start = at + 2;
    if (length >= 0x80) {
      const count = length - 0x80;
      if (count === 0 || count > 4 || start + count > bytes.length) throw new DerError();
      length = bytes.readUIntBE(start, count);
      start += count;
      if (length < 0x80 || length < 2 ** (8 * (count - 1))) throw new DerError();
    }
    const end = start + length;
    if ((tag & 0x1f) === 0x1f || end > bytes.length) throw new DerError();
    fields.push({ tag, content: bytes.subarray(start, end), encoded: bytes.subarray(at, end) });
    at = end;
  }
  return fields;
}

/**
 * The values inside a constructed one.
 * @throws DerError where it is missing or primitive, and as `readFields` does
 */
export function fieldsOf(field: Field | undefined): Field[] {
  if (!field || (field.tag & CONSTRUCTED) === 0) throw new DerError();
  return readFields(field.content);
}

/** The context-specific tag `[number]`, constructed or primitive. */
export const contextTag = (number: number, constructed: boolean): number =>
  0x80 | (constructed ? CONSTRUCTED : 0) | number;

/**
 * An object identifier in dots (ITU-T X.690 section 8.19).
 * @throws DerError where the field is none
 */
export function oidOf(field: Field | undefined): string {
  if (field?.tag !== OBJECT_IDENTIFIER || !isOid(field.content)) throw new DerError();
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const octet of field.content) {
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    if (octet < 0x80) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  const first = arcs[0] as bigint;
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...arcs.slice(1)].join('.');
}

/** Whether bytes are the content of an object identifier: it ends, and each arc is minimal. */
export function isOid(content: Buffer): boolean {
  const last = content.at(-1);
  return (
    last !== undefined &&
    last < 0x80 &&
    content.every((octet, at) => octet !== 0x80 || (at > 0 && (content[at - 1] as number) >= 0x80))
  );
}

/** Whether bytes are the content of a minimal INTEGER. */
export function isMinimalInteger(content: Buffer): boolean {
  const [first, second] = content;
  if (first === undefined) return false;
  return second === undefined || !((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
}
