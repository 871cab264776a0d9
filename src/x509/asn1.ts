import { type BaseBlock, Constructed, fromBER, ObjectIdentifier } from 'asn1js';

/** A node of a decoded ASN.1 tree. */
export type Asn1Node = BaseBlock;

/** Thrown by the readers of this folder where ASN.1 is malformed or has an unexpected structure. */
export class Asn1Error extends Error {}

/** Four times as many as a certificate with ten thousand names has. Each node costs some microseconds and a kilobyte. */
const MAX_NODES = 40_000;

/**
 * Decodes one value in BER (ITU-T X.690).
 * @param bytes the value; bytes after its end are ignored
 * @returns its tree; the contents of OCTET STRING and BIT STRING are not decoded
 * @throws Asn1Error where it is not ASN.1, is truncated, or has absurdly many or deep parts
 */
export function decodeAsn1(bytes: Uint8Array): Asn1Node {
  const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { offset, result } = decode(view);
  if (offset === -1) throw new Asn1Error(reasonOf(result, bytes.length));
  return result;
}

/** Like `decodeAsn1`, for bytes of any kind: null where that throws. */
export function tryDecodeAsn1(bytes: Uint8Array): Asn1Node | null {
  try {
    return decodeAsn1(bytes);
  } catch {
    return null;
  }
}

/** The library reports most errors in its result, but throws some, such as an invalid date. */
function decode(view: Uint8Array): ReturnType<typeof fromBER> {
  try {
    return fromBER(view, { copyInput: false, parseEmbedded: false, maxNodes: MAX_NODES });
  } catch {
    throw new Asn1Error(UNDECODABLE);
  }
}

const UNDECODABLE = 'its ASN.1 cannot be decoded';

function reasonOf({ idBlock, lenBlock }: Asn1Node, available: number): string {
  const announced = idBlock.blockLength + lenBlock.blockLength + lenBlock.length;
  return announced > available ? `it is truncated: ${available} of ${announced} bytes` : UNDECODABLE;
}

/** One value in BER (ITU-T X.690 section 8.1): found, but not decoded. */
export interface Asn1Element {
  /** The identifier octet, such as 0x30 for a SEQUENCE. */
  tag: number;
  /** The whole value, with its header. */
  bytes: Buffer;
  content: Buffer;
}

const LONG_TAG = 0x1f;
const INDEFINITE = 0x80;
const MAX_LENGTH_OCTETS = 4;

/**
 * Finds the first value without decoding it: decoding is most of what a cold process does with a certificate.
 * @param bytes the value; bytes after its end are ignored
 * @throws Asn1Error where there is none, or it is truncated
 */
export function readElement(bytes: Buffer): Asn1Element {
  const [tag = LONG_TAG, length = 0] = bytes;
  const octets = length > INDEFINITE ? length & 0x7f : 0;
  const start = 2 + octets;
  if ((tag & LONG_TAG) === LONG_TAG || octets > MAX_LENGTH_OCTETS || start > bytes.length) {
    throw new Asn1Error(UNDECODABLE);
  }
  if (length === INDEFINITE) {
    const whole = encodedBytes(decodeAsn1(bytes));
    if (whole.length < start + 2 || whole.readUInt16BE(whole.length - 2) !== 0)
      throw new Asn1Error(UNDECODABLE);
    return { tag, bytes: whole, content: whole.subarray(start, -2) };
  }
  const end = start + (octets === 0 ? length : bytes.readUIntBE(2, octets));
  if (end > bytes.length) throw new Asn1Error(UNDECODABLE);
  return { tag, bytes: bytes.subarray(0, end), content: bytes.subarray(start, end) };
}

/**
 * Splits concatenated values, such as the content of a SEQUENCE, without decoding them.
 * @throws Asn1Error where they do not end with the bytes
 */
export function splitElements(bytes: Buffer): Asn1Element[] {
  const elements: Asn1Element[] = [];
  for (let rest = bytes; rest.length > 0; ) {
    const element = readElement(rest);
    elements.push(element);
    rest = rest.subarray(element.bytes.length);
  }
  return elements;
}

/** Identifier octets (ITU-T X.690 section 8.1.2, X.680 section 8.4). */
export const TAG = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  oid: 6,
  sequence: 0x30,
  set: 0x31,
} as const;

/**
 * The content of a value of a known type.
 * @throws Asn1Error where it is missing or of another type
 */
export function contentOf(element: Asn1Element | undefined, tag: number): Buffer {
  if (element?.tag !== tag) throw new Asn1Error('a value of another type was expected');
  return element.content;
}

/**
 * The elements of a SEQUENCE.
 * @throws Asn1Error where it is not one, or malformed
 */
export function sequenceOf(element: Asn1Element | undefined): Asn1Element[] {
  return splitElements(contentOf(element, TAG.sequence));
}

/**
 * An INTEGER's value from its content (ITU-T X.690 section 8.3).
 * @throws Asn1Error where it is empty
 */
export function integerOf(content: Buffer): bigint {
  if (content.length === 0) throw new Asn1Error('an integer is empty');
  return BigInt.asIntN(8 * content.length, BigInt(`0x${content.toString('hex')}`));
}

/**
 * An OBJECT IDENTIFIER in dotted notation (ITU-T X.690 section 8.19).
 * @throws Asn1Error where it is not one
 */
export function dottedOid(element: Asn1Element | undefined): string {
  const content = contentOf(element, TAG.oid);
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of content) {
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    if (byte > 0x7f) continue;
    if (arcs.length === 0) {
      const root = arc < 80n ? arc / 40n : 2n;
      arcs.push(root, arc - 40n * root);
    } else arcs.push(arc);
    arc = 0n;
  }
  if (content.length === 0 || (content.at(-1) ?? 0) > 0x7f)
    throw new Asn1Error('an object identifier is truncated');
  return arcs.join('.');
}

/**
 * The parts of a constructed value.
 * @throws Asn1Error where the node is missing or primitive
 */
export function children(node: Asn1Node | undefined): readonly Asn1Node[] {
  if (!(node instanceof Constructed)) throw new Asn1Error('a constructed value was expected');
  return node.valueBlock.value;
}

/** Whether a node has the context-specific tag `[number]`. */
export function isTagged(node: Asn1Node | undefined, number: number): boolean {
  return node?.idBlock.tagClass === 3 && node.idBlock.tagNumber === number;
}

/** Whether a node is of a universal type, given by its tag number (ITU-T X.680 section 8.4). */
export function isUniversal(node: Asn1Node | undefined, number: number): boolean {
  return node?.idBlock.tagClass === 1 && node.idBlock.tagNumber === number;
}

/**
 * An object identifier in dotted notation.
 * @throws Asn1Error where the node is not one
 */
export function oidOf(node: Asn1Node | undefined): string {
  if (!(node instanceof ObjectIdentifier)) throw new Asn1Error('an object identifier was expected');
  return node.getValue();
}

/** The bytes of a node with its header, as encoded in the input. */
export function encodedBytes(node: Asn1Node): Buffer {
  return asBuffer(node.valueBeforeDecodeView);
}

/**
 * The content of a primitive value without its header, as encoded in the input.
 * @throws Asn1Error where the node is missing or constructed
 */
export function contentBytes(node: Asn1Node | undefined): Buffer {
  if (!node || node.idBlock.isConstructed) throw new Asn1Error('a primitive value was expected');
  return asBuffer(node.valueBeforeDecodeView.subarray(node.idBlock.blockLength + node.lenBlock.blockLength));
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
