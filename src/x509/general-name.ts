import { type Asn1Element, Asn1Error, dottedOid, readElement, splitElements } from './asn1.ts';
import { readName } from './name.ts';

/** The forms of a GeneralName, by their tags. */
const FORMS = [
  'otherName',
  'rfc822Name',
  'dNSName',
  'x400Address',
  'directoryName',
  'ediPartyName',
  'uniformResourceIdentifier',
  'iPAddress',
  'registeredID',
] as const;
const CONSTRUCTED: ReadonlySet<string> = new Set([
  'otherName',
  'x400Address',
  'directoryName',
  'ediPartyName',
]);

/** A GeneralName (RFC 5280 section 4.2.1.6). */
export interface GeneralName {
  form: (typeof FORMS)[number];
  /**
   * The content as encoded, valid or not: the characters of an rfc822Name, dNSName or uniformResourceIdentifier
   * (IA5String), the octets of an iPAddress, the DER of a directoryName's Name; of the others all inside the tag.
   */
  value: Buffer;
}

/**
 * Reads GeneralNames.
 * @param content of the SEQUENCE
 * @throws Asn1Error where one is malformed or of an unknown form
 */
export function readGeneralNames(content: Buffer): GeneralName[] {
  return splitElements(content).map(readGeneralName);
}

/**
 * Reads one GeneralName.
 * @throws Asn1Error where it is missing, malformed or of an unknown form
 */
export function readGeneralName(element: Asn1Element | undefined): GeneralName {
  const tag = element?.tag ?? 0;
  const form = FORMS[tag & 0x1f];
  if (!element || !form || tag >> 5 !== (CONSTRUCTED.has(form) ? 0b101 : 0b100)) {
    throw new Asn1Error('a general name is malformed');
  }
  const name = { form, value: element.content };
  if (form === 'directoryName') directoryRdns(name);
  if (form === 'otherName') otherNameType(name);
  return name;
}

/** The characters of an IA5String, or what is encoded in its place, a character a byte; untrusted text. */
export function ia5Text({ value }: GeneralName): string {
  return value.toString('latin1');
}

/** The OID of an otherName's type. */
export function otherNameType({ value }: GeneralName): string {
  return dottedOid(readElement(value));
}

/** The relative names of a directoryName in order, each in the comparable form of `name.ts`. */
export function directoryRdns({ value }: GeneralName): readonly string[] {
  return readName(value).rdns;
}

/** A name for people; untrusted text. An iPAddress is dotted, or as in RFC 5952. */
export function generalNameText(name: GeneralName): string {
  switch (name.form) {
    case 'iPAddress':
      return ipText(name.value);
    case 'directoryName':
      return readName(name.value).text;
    case 'rfc822Name':
    case 'dNSName':
    case 'uniformResourceIdentifier':
      return ia5Text(name);
    default:
      return `${name.form} ${name.value.toString('hex')}`;
  }
}

function ipText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return bytes.toString('hex');
  const groups = bytes.toString('hex').replace(/.{4}(?=.)/g, '$&:');
  return new URL(`http://[${groups}]`).hostname.slice(1, -1);
}
