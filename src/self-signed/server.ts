import { isIP, isIPv4 } from 'node:net';
import { type BaseBlock, BitString, OctetString, Utf8String } from 'asn1js';
import {
  AltName,
  AttributeTypeAndValue,
  BasicConstraints,
  Extension,
  ExtKeyUsage,
  GeneralName,
  RelativeDistinguishedNames,
} from 'pkijs';

/** RFC 5280 appendix A.1: ub-common-name. */
const MAX_COMMON_NAME = 64;
const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';

const DNS_NAME = 2;
const IP_ADDRESS = 7;
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const DIGITAL_SIGNATURE = 0x80;
const KEY_ENCIPHERMENT = 0x20;

/**
 * The subject: the first host short enough for a common name; else an organization.
 * @param organization a name for that, because an empty issuer is not allowed (RFC 5280 section 4.1.2.4); null for an
 * empty subject
 */
export function subjectOf(hosts: readonly string[], organization: string | null): RelativeDistinguishedNames {
  const host = hosts.find(({ length }) => length <= MAX_COMMON_NAME);
  const [type, value] = host === undefined ? [ORGANIZATION, organization] : [COMMON_NAME, host];
  if (value === null) return new RelativeDistinguishedNames();
  const attribute = new AttributeTypeAndValue({ type, value: new Utf8String({ value }) });
  return new RelativeDistinguishedNames({ typesAndValues: [attribute] });
}

/**
 * The extensions of a TLS server certificate that is not a CA (RFC 5280 section 4.2), without key identifiers.
 * @param hosts DNS names in A-labels, wildcards too, and IP addresses
 * @param keyType only an RSA key may encipher others (RFC 5246 section 7.4.2)
 */
export function serverExtensions(hosts: readonly string[], keyType: 'rsa' | 'ec'): Extension[] {
  return [
    extension('2.5.29.19', true, new BasicConstraints().toSchema()),
    extension('2.5.29.15', true, keyUsage(keyType)),
    extension('2.5.29.37', false, new ExtKeyUsage({ keyPurposes: [SERVER_AUTH] }).toSchema()),
    extension('2.5.29.17', false, new AltName({ altNames: hosts.map(generalName) }).toSchema()),
  ];
}

/** One extension, its value encoded in DER. */
export function extension(extnID: string, critical: boolean, value: BaseBlock): Extension {
  return new Extension({ extnID, critical, extnValue: value.toBER() });
}

/** DER has no trailing zero bits in a named bit list (ITU-T X.690 section 11.2.2). */
function keyUsage(keyType: 'rsa' | 'ec'): BitString {
  return keyType === 'rsa'
    ? new BitString({ valueHex: Uint8Array.of(DIGITAL_SIGNATURE | KEY_ENCIPHERMENT), unusedBits: 5 })
    : new BitString({ valueHex: Uint8Array.of(DIGITAL_SIGNATURE), unusedBits: 7 });
}

function generalName(host: string): GeneralName {
  return isIP(host)
    ? new GeneralName({ type: IP_ADDRESS, value: new OctetString({ valueHex: addressBytes(host) }) })
    : new GeneralName({ type: DNS_NAME, value: host });
}

/** The 4 or 16 bytes of an IP address in network byte order (RFC 5280 section 4.2.1.6). */
function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [front = [], back = []] = new URL(`http://[${address}]`).hostname
    .slice(1, -1)
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - front.length - back.length).fill('0');
  return Buffer.from([...front, ...zeros, ...back].map((group) => group.padStart(4, '0')).join(''), 'hex');
}
