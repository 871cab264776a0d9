import { createHash } from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import {
  Boolean as Asn1Boolean,
  type BaseBlock,
  BitString,
  Constructed,
  ObjectIdentifier,
  OctetString,
  Primitive,
  Sequence,
} from 'asn1js';

/** Context-specific, in the tags of ASN.1. */
const CONTEXT = 3;
const DNS_NAME = 2;
const IP_ADDRESS = 7;
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const DIGITAL_SIGNATURE = 0x80;
const KEY_ENCIPHERMENT = 0x20;
const KEY_ID_BYTES = 20;

/**
 * The extensions of a TLS server's certificate that is no CA (RFC 5280 section 4.2).
 * @param hosts DNS names in A-labels, also with a wildcard, and IP addresses
 * @param type of the key: only an RSA key may encipher others (RFC 5246 section 7.4.2)
 * @param publicKey what the subjectPublicKey of the SubjectPublicKeyInfo holds
 * @returns the Extensions in their `[3]`
 */
export function serverExtensions(
  hosts: readonly string[],
  type: 'rsa' | 'ec',
  publicKey: Uint8Array,
): BaseBlock {
  const list = [
    extension('2.5.29.19', true, new Sequence()),
    extension('2.5.29.15', true, keyUsage(type)),
    extension('2.5.29.37', false, sequence(new ObjectIdentifier({ value: SERVER_AUTH }))),
    extension('2.5.29.17', false, sequence(...hosts.map(generalName))),
    extension('2.5.29.14', false, new OctetString({ valueHex: keyId(publicKey) })),
  ];
  return new Constructed({ idBlock: { tagClass: CONTEXT, tagNumber: 3 }, value: [sequence(...list)] });
}

function extension(id: string, isCritical: boolean, value: BaseBlock): BaseBlock {
  return sequence(
    new ObjectIdentifier({ value: id }),
    ...(isCritical ? [new Asn1Boolean({ value: true })] : []),
    new OctetString({ valueHex: value.toBER() }),
  );
}

/** In DER the bits end with the last that is set. */
function keyUsage(type: 'rsa' | 'ec'): BaseBlock {
  return type === 'rsa'
    ? new BitString({ valueHex: Uint8Array.of(DIGITAL_SIGNATURE | KEY_ENCIPHERMENT), unusedBits: 5 })
    : new BitString({ valueHex: Uint8Array.of(DIGITAL_SIGNATURE), unusedBits: 7 });
}

function generalName(host: string): BaseBlock {
  const [tagNumber, valueHex] = isIP(host)
    ? [IP_ADDRESS, addressBytes(host)]
    : [DNS_NAME, Buffer.from(host, 'latin1')];
  return new Primitive({ idBlock: { tagClass: CONTEXT, tagNumber }, valueHex });
}

/** The 4 or 16 bytes of an IP address, in the order of the network (RFC 5280 section 4.2.1.6). */
function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [front = [], back = []] = new URL(`http://[${address}]`).hostname
    .slice(1, -1)
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - front.length - back.length).fill('0');
  return Buffer.from([...front, ...zeros, ...back].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** RFC 7093 section 2, method 1: as RFC 5280 has it, but without SHA-1. */
function keyId(publicKey: Uint8Array): Uint8Array {
  return createHash('sha256').update(publicKey).digest().subarray(0, KEY_ID_BYTES);
}

function sequence(...value: BaseBlock[]): BaseBlock {
  return new Sequence({ value });
}
