import { BaseStringBlock } from 'asn1js';
import {
  type Asn1Element,
  contentOf,
  dottedOid,
  readElement,
  sequenceOf,
  splitElements,
  TAG,
  tryDecodeAsn1,
} from './asn1.ts';

/** A distinguished name (RFC 5280 section 4.1.2.4); untrusted text. */
export interface DistinguishedName {
  /** RFC 4514; control characters are escaped. */
  text: string;
  /**
   * The relative names in order, each in a form for comparing: equal for those that OpenSSL takes for equal, whatever
   * their case, white space and types of string. It has no line break.
   */
  rdns: readonly string[];
  /** The attributes of each relative name as encoded; none in an empty name. */
  attributes: readonly (readonly NameAttribute[])[];
}

/** An AttributeTypeAndValue (RFC 5280 section 4.1.2.4), valid or not. */
export interface NameAttribute {
  /** An OID in dotted notation. */
  type: string;
  /** Null where the value is not a string that a name may hold. */
  stringType: StringType | null;
  /** The value as encoded, with its header and without. */
  der: Buffer;
  value: Buffer;
  /** Its characters; null where it is not a string. */
  text: string | null;
}

/** Types of string by their tags (ITU-T X.680 section 8.4). TeletexString is T61String too. */
const STRING_TYPES = {
  12: 'UTF8String',
  18: 'NumericString',
  19: 'PrintableString',
  20: 'TeletexString',
  22: 'IA5String',
  26: 'VisibleString',
  28: 'UniversalString',
  30: 'BMPString',
} as const;
export type StringType = (typeof STRING_TYPES)[keyof typeof STRING_TYPES];

/** The short names of RFC 4514 section 3, then those in common use. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.6': 'C',
  '2.5.4.9': 'STREET',
  '0.9.2342.19200300.100.1.25': 'DC',
  '0.9.2342.19200300.100.1.1': 'UID',
  '1.2.840.113549.1.9.1': 'emailAddress',
  '1.2.840.113549.1.9.2': 'unstructuredName',
  '1.3.6.1.4.1.311.60.2.1.1': 'jurisdictionL',
  '1.3.6.1.4.1.311.60.2.1.2': 'jurisdictionST',
  '1.3.6.1.4.1.311.60.2.1.3': 'jurisdictionC',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.12': 'title',
  '2.5.4.13': 'description',
  '2.5.4.15': 'businessCategory',
  '2.5.4.17': 'postalCode',
  '2.5.4.41': 'name',
  '2.5.4.42': 'GN',
  '2.5.4.43': 'initials',
  '2.5.4.44': 'generationQualifier',
  '2.5.4.46': 'dnQualifier',
  '2.5.4.65': 'pseudonym',
  '2.5.4.97': 'organizationIdentifier',
};

export const ORGANIZATION = '2.5.4.10';

/**
 * Reads a Name.
 * @param der of the RDNSequence
 * @throws Asn1Error where it is malformed
 */
export function readName(der: Buffer): DistinguishedName {
  const attributes = sequenceOf(readElement(der)).map((rdn) =>
    splitElements(contentOf(rdn, TAG.set)).map(readAttribute),
  );
  const parts = attributes.map((rdn) => rdn.map(attributeText).join('+'));
  return {
    text: parts.reverse().join(','),
    rdns: attributes.map((rdn) => rdn.map(comparableAttribute).sort().join('\t')),
    attributes,
  };
}

function readAttribute(element: Asn1Element): NameAttribute {
  const [typeElement, valueElement] = sequenceOf(element);
  const { tag, bytes, content } = valueElement ?? { tag: 0, bytes: EMPTY, content: EMPTY };
  const stringType = STRING_TYPES[tag as keyof typeof STRING_TYPES] ?? null;
  const node = stringType && tryDecodeAsn1(bytes);
  const text = node instanceof BaseStringBlock ? node.getValue() : null;
  return { type: dottedOid(typeElement), stringType, value: content, text, der: bytes };
}

const EMPTY = Buffer.alloc(0);

/**
 * A name that OpenSSL shows (`X509Certificate.subject`), for comparing: equal for names that OpenSSL takes for
 * equal. Costs no decoding.
 * @param shown one relative name a line, values escaped as RFC 2253 has it
 */
export function comparableName(shown: string): string {
  return shown
    .split('\n')
    .map((line) =>
      line
        .replace(/\\ /g, ' ')
        .replace(/[ \t\v\f\r]+/g, ' ')
        .replace('= ', '=')
        .trimEnd(),
    )
    .join('\n')
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The last common name in a name that OpenSSL shows, without escapes; null where there is none. */
export function commonNameOf(shown: string): string | null {
  // Not ^ and $, which take U+2028 and U+2029 for the end of a line too.
  const found = [
    ...shown.matchAll(/(?:(?<![^\n])| \+ )CN=((?:\\.|[^\\\n])*?)(?= \+ [A-Za-z0-9.]+=|(?![^\n]))/g),
  ].at(-1)?.[1];
  return (
    found
      ?.replace(/\\([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
      .replace(/\\(.)/g, '$1') ?? null
  );
}

/** The folded values of one attribute type in comparable relative names, in the order of encoding. */
export function valuesOf(names: readonly string[], type: string): string[] {
  return names
    .flatMap((name) => name.split('\t'))
    .filter((attribute) => attribute.startsWith(`${type}=`))
    .map((attribute) => attribute.slice(type.length + 1));
}

/** The folded value of the most specific of comparable relative names, null where it is not text or there is none. */
export function lastValue(names: readonly string[]): string | null {
  const attribute = names.at(-1)?.split('\t').at(-1) ?? '';
  const at = attribute.indexOf('=');
  return at === -1 ? null : attribute.slice(at + 1);
}

/** RFC 4514 sections 2.3 and 2.4: a type without a short name, or a value that is not text, shows the value's DER. */
function attributeText({ type, text, der }: NameAttribute): string {
  const short = SHORT_NAMES[type];
  return short === undefined || text === null
    ? `${short ?? type}=#${der.toString('hex')}`
    : `${short}=${escapeValue(text)}`;
}

/**
 * As OpenSSL's canonical encoding (`X509_NAME_cmp`): letters of ASCII in lower case, white space at the ends dropped
 * and runs of it folded, whatever the type of string; NumericString and other types as encoded.
 */
function comparableAttribute({ type, stringType, text, der }: NameAttribute): string {
  if (text === null || stringType === 'NumericString') return `${type}#${der.toString('hex')}`;
  const folded = text
    .replace(/[ \t\n\v\f\r]+/g, ' ')
    .replace(/^ | $/g, '')
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  return `${type}=${folded}`;
}

/** RFC 4514 section 2.4. Control characters may be escaped, and are. */
function escapeValue(text: string): string {
  return text.replace(/["+,;<>\\]|^[ #]| $|\p{Cc}/gu, (character) =>
    character < ' ' || character > '~' ? escapeBytes(character) : `\\${character}`,
  );
}

function escapeBytes(character: string): string {
  return Array.from(
    Buffer.from(character),
    (byte) => `\\${byte.toString(16).padStart(2, '0').toUpperCase()}`,
  ).join('');
}
