import { isIP, isIPv4 } from 'node:net';
import * as asn1js from 'asn1js';

export type Asn1 = asn1js.BaseBlock;

const NAME_TYPES: Record<string, string> = {
  CN: '2.5.4.3',
  SN: '2.5.4.4',
  serialNumber: '2.5.4.5',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  STREET: '2.5.4.9',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  UID: '0.9.2342.19200300.100.1.1',
  DC: '0.9.2342.19200300.100.1.25',
  emailAddress: '1.2.840.113549.1.9.1',
};

export type StringType = 'utf8' | 'printable' | 'teletex' | 'bmp' | 'universal' | 'ia5';
const STRINGS = {
  utf8: asn1js.Utf8String,
  printable: asn1js.PrintableString,
  teletex: asn1js.TeletexString,
  bmp: asn1js.BmpString,
  universal: asn1js.UniversalString,
  ia5: asn1js.IA5String,
};
/** One attribute: its type by short name or OID, its value, and the kind of string (UTF-8 by default). */
export type Attribute = readonly [type: string, value: string | Asn1, string?: StringType];
/**
 * A distinguished name: simple RFC 4514 text without escapes (`CN=leaf,O=Example`, the last relative name is
 * encoded first), or relative names in the order of encoding, each of one or more attributes.
 */
export type Name = string | readonly (readonly Attribute[])[];

export function nameAsn1(name: Name): Asn1 {
  const parts =
    typeof name === 'string'
      ? name
          .split(',')
          .filter((part) => part !== '')
          .map((part): Attribute[] => {
            const at = part.indexOf('=');
            return [[part.slice(0, at).trim(), part.slice(at + 1)]];
          })
          .reverse()
      : name;
  return sequence(parts.map((part) => new asn1js.Set({ value: part.map(attributeAsn1) })));
}

function attributeAsn1([type, value, kind]: Attribute): Asn1 {
  const id = oid(NAME_TYPES[type] ?? type);
  if (typeof value !== 'string') return sequence([id, value]);
  const chosen =
    kind ?? (type === 'C' ? 'printable' : type === 'DC' || type === 'emailAddress' ? 'ia5' : 'utf8');
  return sequence([id, new STRINGS[chosen]({ value })]);
}

export const sequence = (value: Asn1[]): Asn1 => new asn1js.Sequence({ value });
export const oid = (value: string): Asn1 => new asn1js.ObjectIdentifier({ value });
export const tagged = (tagNumber: number, valueHex: Uint8Array): Asn1 =>
  new asn1js.Primitive({ idBlock: { tagClass: 3, tagNumber }, valueHex });
/** A value of a universal type with any bytes as its content, legal or not. */
export const universal = (tagNumber: number, content: Uint8Array | string): Asn1 =>
  new asn1js.Primitive({
    idBlock: { tagClass: 1, tagNumber },
    valueHex: typeof content === 'string' ? Buffer.from(content, 'latin1') : content,
  });
export const constructed = (tagNumber: number, value: Asn1[]): Asn1 =>
  new asn1js.Constructed({ idBlock: { tagClass: 3, tagNumber }, value });
export const decoded = (der: Uint8Array): Asn1 => asn1js.fromBER(der, { maxNodes: 1e6 }).result;
export const encoded = (node: Asn1): Buffer => Buffer.from(node.toBER());

const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsageName = (typeof KEY_USAGES)[number];

export const PURPOSES: Record<string, string> = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  anyExtendedKeyUsage: '2.5.29.37.0',
};

export function keyUsageAsn1(usages: readonly KeyUsageName[]): Asn1 {
  const bits = usages.map((usage) => KEY_USAGES.indexOf(usage));
  const last = Math.max(-1, ...bits);
  const bytes = new Uint8Array(Math.floor(last / 8) + 1);
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return new asn1js.BitString({ valueHex: bytes, unusedBits: last < 0 ? 0 : 7 - (last % 8) });
}

/** The bytes of an IPv4 or IPv6 address. */
function ipBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const front = groups(head);
  const back = groups(tail ?? '');
  const middle = Array<string>(8 - front.length - back.length).fill('0');
  return Buffer.from([...front, ...middle, ...back].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** A general name (RFC 5280 section 4.2.1.6): a host, an IP address, or `dns:`, `email:`, `uri:`, `dir:`, `rid:` and text. */
export function generalName(text: string): Asn1 {
  if (isIP(text)) return tagged(7, ipBytes(text));
  const [, form, value = ''] = /^(dns|email|uri|dir|ip):(.*)$/s.exec(text) ?? [null, 'dns', text];
  switch (form) {
    case 'email':
      return tagged(1, Buffer.from(value));
    case 'uri':
      return tagged(6, Buffer.from(value));
    case 'dir':
      return constructed(4, [nameAsn1(value)]);
    case 'ip': {
      const [address = '', bits = '0'] = value.split('/');
      const bytes = ipBytes(address);
      const mask = bytes.map((_, at) => 0xff & ~(0xff >> Math.min(8, Math.max(0, Number(bits) - 8 * at))));
      return tagged(7, Buffer.concat([bytes, mask]));
    }
    default:
      return tagged(2, Buffer.from(value, 'latin1'));
  }
}
