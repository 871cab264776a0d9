import { type BaseBlock, Constructed, fromBER, ObjectIdentifier } from 'asn1js';

/** A node of a decoded ASN.1 tree. */
export type Asn1Node = BaseBlock;

/** Thrown by the readers of this folder where decoded ASN.1 has not the shape it should have. */
export class Asn1Error extends Error {}

/** Four times what a certificate of ten thousand names has. Each node costs some microseconds and a kilobyte. */
const MAX_NODES = 40_000;

/** More than follow one another where this is asked for. */
const MAX_SERIES = 8;

/**
 * Decodes one value in BER.
 * @param bytes the value; bytes behind its end are not looked at
 * @returns its tree; what OCTET STRING and BIT STRING hold is not decoded further
 * @throws Asn1Error where it is no ASN.1, is cut off, or is nested or split up absurdly
 */
export function decodeAsn1(bytes: Uint8Array): Asn1Node {
  const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { offset, result } = decode(view);
  if (offset === -1) throw new Asn1Error(reasonOf(result, bytes.length));
  return result;
}

/**
 * Decodes values that follow one another to the end of the bytes, at most `MAX_SERIES` of them.
 * @throws Asn1Error as `decodeAsn1` does
 */
export function decodeSeries(bytes: Buffer): Asn1Node[] {
  const nodes: Asn1Node[] = [];
  let rest = bytes;
  while (rest.length > 0 && nodes.length < MAX_SERIES) {
    const node = decodeAsn1(rest);
    nodes.push(node);
    rest = rest.subarray(encodedBytes(node).length);
  }
  return nodes;
}

/** Like `decodeAsn1`, for bytes that may well be something else: null where that throws. */
export function tryDecodeAsn1(bytes: Uint8Array): Asn1Node | null {
  try {
    return decodeAsn1(bytes);
  } catch {
    return null;
  }
}

/** The library tells of most faults in its result, but throws for some, such as a date that cannot be read. */
function decode(view: Uint8Array): ReturnType<typeof fromBER> {
  try {
    return fromBER(view, { copyInput: false, parseEmbedded: false, maxNodes: MAX_NODES });
  } catch {
    throw new Asn1Error('its ASN.1 cannot be decoded');
  }
}

function reasonOf({ idBlock, lenBlock }: Asn1Node, available: number): string {
  const announced = idBlock.blockLength + lenBlock.blockLength + lenBlock.length;
  return announced > available
    ? `it is cut off: ${available} of ${announced} bytes are there`
    : 'its ASN.1 cannot be decoded';
}

/**
 * What a constructed value consists of.
 * @throws Asn1Error where the node is not there or is primitive
 */
export function children(node: Asn1Node | undefined): readonly Asn1Node[] {
  if (!(node instanceof Constructed)) throw new Asn1Error('a constructed value was expected');
  return node.valueBlock.value;
}

/** Whether a node stands under the context-specific tag `[number]`. */
export function isTagged(node: Asn1Node | undefined, number: number): boolean {
  return node?.idBlock.tagClass === 3 && node.idBlock.tagNumber === number;
}

/** Whether a node is of a universal type, given by its tag number (ITU-T X.680 section 8.4). */
export function isUniversal(node: Asn1Node | undefined, number: number): boolean {
  return node?.idBlock.tagClass === 1 && node.idBlock.tagNumber === number;
}

/**
 * An object identifier in dots.
 * @throws Asn1Error where the node is none
 */
export function oidOf(node: Asn1Node | undefined): string {
  if (!(node instanceof ObjectIdentifier)) throw new Asn1Error('an object identifier was expected');
  return node.getValue();
}

/** The bytes of a node with its header, as they stand in the input. */
export function encodedBytes(node: Asn1Node): Buffer {
  return viewed(node.valueBeforeDecodeView);
}

/**
 * The content of a primitive value without its header, as it stands in the input.
 * @throws Asn1Error where the node is not there or is constructed
 */
export function contentBytes(node: Asn1Node | undefined): Buffer {
  if (!node || node.idBlock.isConstructed) throw new Asn1Error('a primitive value was expected');
  return viewed(node.valueBeforeDecodeView.subarray(node.idBlock.blockLength + node.lenBlock.blockLength));
}

function viewed(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
