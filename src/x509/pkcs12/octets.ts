import { Constructed, OctetString } from 'asn1js';
import { Asn1Error, type Asn1Node, children, contentBytes, isTagged, isUniversal } from '../asn1.ts';

const OCTET_STRING = 4;

/**
 * The bytes of an OCTET STRING, also of one under a tag of its own. BER lets it come in pieces (ITU-T X.690 section
 * 8.7.3), and Java and older Windows write it so.
 * @throws Asn1Error where the node is none
 */
export function octetsOf(node: Asn1Node | undefined): Buffer {
  if (!node?.idBlock.isConstructed) return contentBytes(node);
  const pieces = node instanceof Constructed || node instanceof OctetString ? node.valueBlock.value : [];
  if (!pieces.every((piece) => isUniversal(piece, OCTET_STRING))) {
    throw new Asn1Error('an octet string was expected');
  }
  return Buffer.concat(pieces.map(octetsOf));
}

/**
 * What stands in `[0] EXPLICIT`.
 * @throws Asn1Error where the node is not so tagged, or holds nothing
 */
export function explicitContent(node: Asn1Node | undefined): Asn1Node {
  const content = isTagged(node, 0) ? children(node)[0] : undefined;
  if (!content) throw new Asn1Error('a part of it is missing');
  return content;
}
