import { BaseStringBlock } from 'asn1js';
import { type Asn1Node, children, encodedBytes, oidOf } from './asn1.ts';

/** A distinguished name (RFC 5280 section 4.1.2.4); untrusted text. */
export interface DistinguishedName {
  /** RFC 4514; control characters are escaped. */
  text: string;
  /** Equal for names that OpenSSL takes for equal, whatever their case, white space and types of string. */
  key: string;
  /** The value of the last common name, as it stands. */
  commonName: string | null;
}

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

const COMMON_NAME = '2.5.4.3';
export const ORGANIZATION = '2.5.4.10';

const NUMERIC_STRING = 18;
/** UTF8, Printable, Teletex, IA5, Visible, Universal and BMP strings: those OpenSSL compares by their text. */
const COMPARED_AS_TEXT: ReadonlySet<number> = new Set([12, 19, 20, 22, 26, 28, 30]);

/**
 * Reads a Name.
 * @param node the decoded RDNSequence
 * @throws Asn1Error where it has not that shape
 */
export function readName(node: Asn1Node | undefined): DistinguishedName {
  const texts: string[] = [];
  const keys: string[] = [];
  let commonName: string | null = null;
  for (const relative of children(node)) {
    const attributeTexts: string[] = [];
    const attributeKeys: string[] = [];
    for (const attribute of children(relative)) {
      const [typeNode, valueNode] = children(attribute);
      const type = oidOf(typeNode);
      const value = valueNode && textOf(valueNode);
      attributeTexts.push(attributeText(type, valueNode, value ?? null));
      attributeKeys.push(attributeKey(type, valueNode, value ?? null));
      if (type === COMMON_NAME && typeof value === 'string') commonName = value;
    }
    texts.push(attributeTexts.join('+'));
    keys.push(attributeKeys.sort().join('\t'));
  }
  return { text: texts.reverse().join(','), key: keys.join('\n'), commonName };
}

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

/** A name as OpenSSL shows it, for one that cannot be decoded: it is comparable with no decoded one. */
export function undecodedName(shown: string | undefined): DistinguishedName {
  const lines = (shown ?? '').split('\n');
  return { text: lines.reverse().join(','), key: '', commonName: commonNameOf(shown ?? '') };
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

/**
 * The relative names of a comparable name, in order of encoding, each comparable by itself.
 * White space is folded inside them, so that the line break that joins them is none of theirs.
 */
export function relativeNames(key: string): string[] {
  return key === '' ? [] : key.split('\n');
}

/** The folded values of one attribute type in comparable relative names, in order of encoding. */
export function valuesOf(names: readonly string[], type: string): string[] {
  return names
    .flatMap((name) => name.split('\t'))
    .filter((attribute) => attribute.startsWith(`${type}=`))
    .map((attribute) => attribute.slice(type.length + 1));
}

/** The folded value of the most specific of comparable relative names, null where it is no text or there is none. */
export function lastValue(names: readonly string[]): string | null {
  const attribute = names.at(-1)?.split('\t').at(-1) ?? '';
  const at = attribute.indexOf('=');
  return at === -1 ? null : attribute.slice(at + 1);
}

function textOf(node: Asn1Node): string | null {
  if (!(node instanceof BaseStringBlock) || node.idBlock.tagClass !== 1) return null;
  const type = node.idBlock.tagNumber;
  return COMPARED_AS_TEXT.has(type) || type === NUMERIC_STRING ? node.getValue() : null;
}

/** RFC 4514 sections 2.3 and 2.4: a type without a short name, or a value that is no text, shows the value's DER. */
function attributeText(type: string, node: Asn1Node | undefined, text: string | null): string {
  const short = SHORT_NAMES[type];
  const value = short === undefined || text === null ? `#${hexOf(node)}` : escapeValue(text);
  return `${short ?? type}=${value}`;
}

/**
 * As OpenSSL's canonical encoding (X509_NAME_cmp) does: letters of ASCII in lower case, white space at the
 * ends dropped and runs of it folded, whatever the type of string; other types as they are encoded.
 */
function attributeKey(type: string, node: Asn1Node | undefined, text: string | null): string {
  if (node === undefined || text === null || !COMPARED_AS_TEXT.has(node.idBlock.tagNumber)) {
    return `${type}#${hexOf(node)}`;
  }
  const folded = text
    .replace(/[ \t\n\v\f\r]+/g, ' ')
    .replace(/^ | $/g, '')
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  return `${type}=${folded}`;
}

function hexOf(node: Asn1Node | undefined): string {
  return node ? encodedBytes(node).toString('hex') : '';
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
