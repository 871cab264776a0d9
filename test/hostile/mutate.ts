/** Changes of good input: of its bytes anywhere, and of the nodes of a DER tree. */
import * as asn1js from 'asn1js';
import fc from 'fast-check';
import { type Asn1, decoded, encoded, sequence } from '../support/asn1.ts';

/** A piece taken out, and another put in its place. */
interface Edit {
  at: number;
  remove: number;
  insert: Uint8Array;
}

/** One to four edits; half of what is inserted means something in the format. */
export function edits(tokens: readonly string[]): fc.Arbitrary<Edit[]> {
  const insert = fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    fc.constantFrom('', ...tokens).map((text) => Buffer.from(text)),
  );
  const remove = fc.oneof(
    { weight: 6, arbitrary: fc.nat({ max: 8 }) },
    { weight: 1, arbitrary: fc.nat({ max: 2000 }) },
  );
  return fc.array(fc.record({ at: fc.nat(), remove, insert }), { minLength: 1, maxLength: 4 });
}

export function edited(text: string | Buffer, changes: readonly Edit[]): Buffer {
  let bytes = Buffer.from(text);
  for (const { at, remove, insert } of changes) {
    const offset = at % (bytes.length + 1);
    bytes = Buffer.concat([bytes.subarray(0, offset), insert, bytes.subarray(offset + remove)]);
  }
  return bytes;
}

const primitive = (tagNumber: number, bytes: Uint8Array): Asn1 =>
  new asn1js.Primitive({ idBlock: { tagClass: 1, tagNumber }, valueHex: bytes });
const hex = (text: string): Buffer => Buffer.from(text, 'hex');

/** Nodes that a reader of certificates hardly expects; the numbers are universal tags (X.680 section 8.6). */
const STRANGE: readonly (() => Asn1)[] = [
  () => new asn1js.Null(),
  () => sequence([]),
  () => new asn1js.Set({ value: [] }),
  () => primitive(1, hex('')),
  () => primitive(2, hex('')),
  () => primitive(2, hex('ff')),
  () => primitive(2, Buffer.alloc(3000, 0x7f)),
  () => primitive(3, hex('')),
  () => primitive(3, hex('0900')),
  () => primitive(4, hex('')),
  () => primitive(6, hex('')),
  () => primitive(6, Buffer.alloc(300, 0xff)),
  () => primitive(6, hex('2a8648ce3d0301ff')),
  () => primitive(12, hex('c328')),
  () => primitive(12, Buffer.from('\x1b]0;x\x07\n::error::y\n##[error]z\u202e]]>"')),
  () => primitive(19, hex('00ff')),
  () => primitive(22, hex('80ff')),
  () => primitive(23, Buffer.from('991332256061Z')),
  () => primitive(23, hex('')),
  () => primitive(24, Buffer.from('99999999999999Z')),
  () => primitive(24, Buffer.from('00000101000000.5+9900')),
  () => primitive(28, hex('0011ffff')),
  () => primitive(30, hex('d80000')),
];

const HOWS = ['drop', 'double', 'swap', 'copy', 'strange', 'wrap', 'lengthen'] as const;

/** A change of one node. */
interface NodeChange {
  how: (typeof HOWS)[number];
  at: number;
  other: number;
  /** Whether it goes on below, where the node is an OCTET STRING that holds DER, as extensions do. */
  below: boolean;
}

export const nodeChanges: fc.Arbitrary<NodeChange[]> = fc.array(
  fc.record({ how: fc.constantFrom(...HOWS), at: fc.nat(), other: fc.nat(), below: fc.boolean() }),
  { minLength: 1, maxLength: 3 },
);

/** DER with some of its nodes changed; all around them stays well-formed, so that a reader gets far. */
export function changedDer(der: Uint8Array, changes: readonly NodeChange[]): Buffer {
  const tree = decoded(der);
  for (const change of changes) changeNode(tree, change);
  return encoded(tree);
}

/** A place in the list of a constructed node. */
interface Place {
  list: Asn1[];
  index: number;
}

function changeNode(tree: Asn1, change: NodeChange): void {
  const places = placesOf(tree);
  const place = places[change.at % Math.max(places.length, 1)];
  if (place === undefined) return;
  const { list, index } = place;
  const node = list[index] as Asn1;
  const other = places[change.other % places.length] as Place;
  const content = change.below && node instanceof asn1js.OctetString ? node.valueBlock.valueHexView : null;
  if (content !== null && content.length > 0 && isDer(content)) {
    const valueHex = changedDer(content, [{ ...change, at: change.other, below: false }]);
    list[index] = new asn1js.OctetString({ valueHex });
    return;
  }
  switch (change.how) {
    case 'drop':
      list.splice(index, 1);
      break;
    case 'double':
      list.splice(index, 0, node);
      break;
    case 'swap':
      list.push(...list.splice(index, 1));
      break;
    case 'copy':
      list[index] = decoded(encoded(other.list[other.index] as Asn1));
      break;
    case 'strange':
      list[index] = (STRANGE[change.other % STRANGE.length] as () => Asn1)();
      break;
    case 'wrap':
      list[index] = wrapped(node, 1 + (change.other % 120));
      break;
    case 'lengthen':
      list.splice(index, 0, ...Array<Asn1>(change.other % 60).fill(node));
      break;
  }
}

const isDer = (bytes: Uint8Array): boolean => asn1js.fromBER(bytes).offset === bytes.length;

function wrapped(node: Asn1, depth: number): Asn1 {
  let whole = node;
  for (let level = 0; level < depth; level += 1) whole = sequence([whole]);
  return whole;
}

function placesOf(node: Asn1): Place[] {
  if (!(node instanceof asn1js.Constructed)) return [];
  const list: Asn1[] = node.valueBlock.value;
  return list.flatMap((child, index) => [{ list, index }, ...placesOf(child)]);
}
