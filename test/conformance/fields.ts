/** One field of one certificate written in every way that a generator has ever been seen to write it, and some more. */

import { key, spkiOf } from '../support/pki.ts';
import { type Case, type Family, HOST, written } from './case.ts';
import {
  ascii,
  chainWith,
  type Edit,
  extension,
  extensions,
  HOST_NAME,
  hex,
  keyId,
  keyOfLevel,
  type Level,
  nameOf,
  oid,
  type Parts,
  seq,
  time,
  tlv,
  usualExtensions,
  usualName,
  utc,
} from './der.ts';
import { filesOf } from './ladder.ts';

type Edits = Readonly<Record<string, Edit>>;

const DAY = 24 * 60 * 60 * 1000;
const FAMILY: Readonly<Record<Level, Family>> = {
  0: 'fields of the leaf',
  1: 'fields of the intermediate',
  2: 'fields of the root',
};
const MORE = `general:\n  lightrun_endpoint: ${HOST}\n`;
const CN = '2.5.4.3';
const O = '2.5.4.10';

/** A serial number by the bytes of its INTEGER. */
const SERIALS: Edits = Object.fromEntries(
  Object.entries({
    zero: '00',
    one: '01',
    'of one byte, negative': 'ff',
    'of sixteen bytes, negative': `ff${'41'.repeat(15)}`,
    'of twenty bytes': `41${'22'.repeat(19)}`,
    'of twenty-one bytes': `00${'f1'.repeat(20)}`,
    'of forty bytes': '41'.repeat(40),
    'with a needless zero in front': '0041424344',
    'with a needless ff in front': 'ffff424344',
    empty: '',
  }).map(([name, bytes]) => [`serial number ${name}`, () => ({ serial: tlv(0x02, bytes) })]),
);

const from = (): Buffer => time(utc(Date.now() - DAY));
const until = (): Buffer => time(utc(Date.now() + 80 * DAY));
const general = (ms: number): string => new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
const begins =
  (value: () => Uint8Array): Edit =>
  () => ({ validity: seq(value(), until()) });
const ends =
  (value: () => Uint8Array): Edit =>
  () => ({ validity: seq(from(), value()) });
const past = Date.now() - DAY;
const future = Date.now() + 80 * DAY;

const TIMES: Edits = {
  'begins in the year 1': begins(() => ascii(0x18, '00010101000000Z')),
  'begins in the year 0': begins(() => ascii(0x18, '00000101000000Z')),
  'begins in 1950': begins(() => ascii(0x17, '500101000000Z')),
  'begins in 1949, as GeneralizedTime': begins(() => ascii(0x18, '19490101000000Z')),
  'begins in 1970': begins(() => ascii(0x17, '700101000000Z')),
  'begins with a GeneralizedTime before 2050': begins(() => ascii(0x18, general(past))),
  'begins without seconds': begins(() => ascii(0x17, utc(past).replace(/..Z$/, 'Z'))),
  'begins with an offset': begins(() => ascii(0x17, utc(past).replace('Z', '+0100'))),
  'begins with a negative offset': begins(() => ascii(0x17, utc(past).replace('Z', '-0500'))),
  'begins without a zone': begins(() => ascii(0x17, utc(past).replace('Z', ''))),
  'begins with a small z': begins(() => ascii(0x17, utc(past).replace('Z', 'z'))),
  'begins with fractions of a second': begins(() => ascii(0x18, general(past).replace('Z', '.5Z'))),
  'begins in second 60': begins(() => ascii(0x17, utc(past).replace(/..Z$/, '60Z'))),
  'begins in hour 24': begins(() => ascii(0x17, '251231240000Z')),
  'begins in month 13': begins(() => ascii(0x17, '251301000000Z')),
  'begins in month 0': begins(() => ascii(0x17, '250001000000Z')),
  'begins on the 30th of February': begins(() => ascii(0x17, '250230000000Z')),
  'begins on the 29th of February of no leap year': begins(() => ascii(0x17, '250229000000Z')),
  'begins on the 29th of February of a leap year': begins(() => ascii(0x17, '240229000000Z')),
  'begins with letters': begins(() => ascii(0x17, '25010100000aZ')),
  'begins with spaces': begins(() => ascii(0x17, '2501010000 0Z')),
  'begins with nothing': begins(() => ascii(0x17, '')),
  'begins with a UTF8String': begins(() => ascii(0x0c, utc(past))),
  'ends in 2049': ends(() => ascii(0x17, '491231235959Z')),
  'ends in 2050': ends(() => ascii(0x18, '20500101000000Z')),
  'ends in 2050, as UTCTime': ends(() => ascii(0x17, '500101000000Z')),
  'ends in the year 9999': ends(() => ascii(0x18, '99991231235959Z')),
  'ends in the year 9999, with fractions': ends(() => ascii(0x18, '99991231235959.999Z')),
  'ends in the year 9999 without seconds': ends(() => ascii(0x18, '999912312359Z')),
  'ends in the year 10000': ends(() => ascii(0x18, '100000101000000Z')),
  'ends with a GeneralizedTime before 2050': ends(() => ascii(0x18, general(future))),
  'ends with a GeneralizedTime and an offset': ends(() => ascii(0x18, general(future).replace('Z', '+0100'))),
  'ends without seconds': ends(() => ascii(0x17, utc(future).replace(/..Z$/, 'Z'))),
  'ends with an offset': ends(() => ascii(0x17, utc(future).replace('Z', '-0800'))),
  'ends without a zone': ends(() => ascii(0x17, utc(future).replace('Z', ''))),
  'ends in second 60': ends(() => ascii(0x17, utc(future).replace(/..Z$/, '60Z'))),
  'ends in month 13': ends(() => ascii(0x17, '271301000000Z')),
  'ends before it begins': () => ({ validity: seq(until(), from()) }),
  'valid for an instant that is past': () => ({ validity: seq(from(), from()) }),
  'valid from one second ago': begins(() => time(utc(Date.now() - 1000))),
};

/** The contents of a string of a type, for a name that says the same in each. */
const STRINGS: Readonly<Record<string, (text: string) => Uint8Array>> = {
  UTF8String: (text) => tlv(0x0c, Buffer.from(text)),
  PrintableString: (text) => ascii(0x13, text),
  TeletexString: (text) => ascii(0x14, text),
  IA5String: (text) => ascii(0x16, text),
  VisibleString: (text) => ascii(0x1a, text),
  GeneralString: (text) => ascii(0x1b, text),
  NumericString: (text) => ascii(0x12, text),
  UniversalString: (text) => tlv(0x1c, Buffer.concat([...text].map((sign) => fourBytes(sign)))),
  BMPString: (text) => tlv(0x1e, Buffer.from(text, 'utf16le').swap16()),
  'OCTET STRING': (text) => ascii(0x04, text),
  INTEGER: () => hex('02012a'),
  BOOLEAN: () => hex('0101ff'),
  NULL: () => hex('0500'),
};

function fourBytes(sign: string): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(sign.codePointAt(0) ?? 0);
  return bytes;
}

/** Values of an attribute that some string types cannot hold. */
const ODD: Readonly<Record<string, Uint8Array>> = {
  'a PrintableString with _': ascii(0x13, 'field_ca'),
  'a PrintableString with @': ascii(0x13, 'ops@example.com'),
  'a PrintableString with *': ascii(0x13, '*.example.com'),
  'a PrintableString with &': ascii(0x13, 'Field & Sons'),
  'a PrintableString with 8-bit bytes': ascii(0x13, 'Fi\xe9ld'),
  'an IA5String with 8-bit bytes': ascii(0x16, 'Fi\xe9ld'),
  'an IA5String in UTF-8': tlv(0x16, Buffer.from('Fiéld')),
  'a TeletexString in Latin-1': ascii(0x14, 'Fi\xe9ld'),
  'a TeletexString in UTF-8': tlv(0x14, Buffer.from('Fiéld')),
  'a UTF8String in UTF-8': tlv(0x0c, Buffer.from('Fiéld ☃ 😀')),
  'a UTF8String in Latin-1': ascii(0x0c, 'Fi\xe9ld'),
  'a UTF8String with a surrogate': tlv(0x0c, 'eda080'),
  'a UTF8String, overlong': tlv(0x0c, 'c0af'),
  'a UTF8String with NUL': ascii(0x0c, 'field\0ca'),
  'a PrintableString with NUL': ascii(0x13, 'field\0ca'),
  'a UTF8String with a line break': ascii(0x0c, 'field\nca'),
  'a NumericString with letters': ascii(0x12, 'field'),
  'a BMPString of an odd length': tlv(0x1e, '004100'),
  'a BMPString with surrogates': tlv(0x1e, 'd83dde00'),
  'a BMPString with a lone surrogate': tlv(0x1e, 'd83d'),
  'a UniversalString of a wrong length': tlv(0x1c, '000041'),
  'a UniversalString beyond Unicode': tlv(0x1c, '00110000'),
  'an empty UTF8String': ascii(0x0c, ''),
  'an empty PrintableString': ascii(0x13, ''),
  'a long UTF8String': ascii(0x0c, 'f'.repeat(300)),
  'a SEQUENCE': hex('3000'),
  'spaces at its ends': ascii(0x13, ' field '),
};

/** A name whose organization is given, with the host as common name. */
const named =
  (value: Uint8Array): Edit =>
  () => ({
    subject: seq(tlv(0x31, seq(oid(O), value)), tlv(0x31, seq(oid(CN), ascii(0x0c, HOST_NAME)))),
  });

const relative = (...attributes: Uint8Array[]): Buffer => tlv(0x31, ...attributes);
const attribute = (type: string, value: Uint8Array): Buffer => seq(oid(type), value);
const common = (): Buffer => relative(attribute(CN, ascii(0x0c, HOST_NAME)));
const subjectOf =
  (...parts: Uint8Array[]): Edit =>
  () => ({ subject: seq(...parts) });
const utf8 = (text: string): Buffer => ascii(0x0c, text);

const NAMES: Edits = {
  ...Object.fromEntries(
    Object.entries(STRINGS).map(([type, of]) => [`name in a ${type}`, named(of('Field'))]),
  ),
  ...Object.fromEntries(Object.entries(ODD).map(([name, value]) => [`name with ${name}`, named(value)])),
  ...Object.fromEntries(
    Object.entries(STRINGS).map(([type, of]) => [
      `common name alone, in a ${type}`,
      () => ({ subject: nameOf(CN, of(HOST_NAME)) }),
    ]),
  ),
  'name empty': subjectOf(),
  'name with an empty SET': subjectOf(relative(), common()),
  'name of several attributes in one SET': subjectOf(
    relative(attribute(O, utf8('Field')), attribute('2.5.4.11', utf8('Ops'))),
    common(),
  ),
  'name with a SET out of order': subjectOf(
    relative(attribute('2.5.4.11', utf8('Ops')), attribute(CN, utf8('Field'))),
    common(),
  ),
  'name with two common names': subjectOf(relative(attribute(CN, utf8('first'))), common()),
  'name with an attribute twice in one SET': subjectOf(
    relative(attribute(O, utf8('A')), attribute(O, utf8('A'))),
    common(),
  ),
  'name with an unknown attribute': subjectOf(relative(attribute('1.2.3.4.5', utf8('x'))), common()),
  'name with a country of three letters': subjectOf(
    relative(attribute('2.5.4.6', ascii(0x13, 'USA'))),
    common(),
  ),
  'name with a country in UTF-8': subjectOf(relative(attribute('2.5.4.6', utf8('US'))), common()),
  'name with an e-mail address in UTF-8': subjectOf(
    relative(attribute('1.2.840.113549.1.9.1', utf8('ops@example.com'))),
    common(),
  ),
  'name with an e-mail address': subjectOf(
    relative(attribute('1.2.840.113549.1.9.1', ascii(0x16, 'ops@example.com'))),
    common(),
  ),
  'name with domain components': subjectOf(
    relative(attribute('0.9.2342.19200300.100.1.25', ascii(0x16, 'com'))),
    relative(attribute('0.9.2342.19200300.100.1.25', ascii(0x16, 'example'))),
    common(),
  ),
  'name with a serial number': subjectOf(relative(attribute('2.5.4.5', ascii(0x13, '12345'))), common()),
  'name with a unique identifier': subjectOf(relative(attribute('2.5.4.45', hex('0303000102'))), common()),
  'name with an attribute without a value': subjectOf(relative(seq(oid(O))), common()),
  'name with an attribute of three parts': subjectOf(relative(seq(oid(O), utf8('A'), utf8('B'))), common()),
  'name as a SET': () => ({ subject: tlv(0x31, common()) }),
  'name with a common name of 80 characters': subjectOf(relative(attribute(CN, utf8('f'.repeat(80))))),
};

/** The extensions of a level with one of them another, or with more. */
function withExtension(level: Level, id: string, value: Uint8Array | null, critical = false): Partial<Parts> {
  const all = usualExtensions(level);
  if (value === null) all.delete(id);
  else all.set(id, extension(id, value, critical));
  return { rest: extensions(...all.values()) };
}
const replaced =
  (id: string, value: Uint8Array | null, critical = false): Edit =>
  (level) =>
    withExtension(level, id, value, critical);

const SAN = '2.5.29.17';
const san = (...names: Uint8Array[]): Edit => replaced(SAN, seq(ascii(0x82, HOST_NAME), ...names));
const sanOnly = (...names: Uint8Array[]): Edit => replaced(SAN, seq(...names));
const dns = (text: string): Buffer => ascii(0x82, text);

/** Subject alternative names: the host's and one more of a form, or alone. */
const SANS: Edits = {
  'SAN with a second DNS name': san(dns('other.example.com')),
  'SAN with a DNS name in UTF-8': san(tlv(0x82, Buffer.from('lightrün.example.com'))),
  'SAN with a DNS name in Latin-1': san(dns('lightr\xfcn.example.com')),
  'SAN with a punycode name': san(dns('xn--lightrn-p2a.example.com')),
  'SAN with an empty DNS name': san(dns('')),
  'SAN with a DNS name of a space': san(dns(' ')),
  'SAN with a DNS name with spaces around': sanOnly(dns(` ${HOST_NAME} `)),
  'SAN with a DNS name with _': san(dns('light_run.example.com')),
  'SAN with a DNS name of one label': san(dns('localhost')),
  'SAN with a DNS name that is an address': san(dns('10.0.0.1')),
  'SAN with a DNS name that is a URL': san(dns('https://lightrun.example.com/')),
  'SAN with a DNS name with a port': san(dns('lightrun.example.com:443')),
  'SAN with a DNS name with NUL': san(dns('lightrun.example.com\0.evil.example')),
  'SAN with the host and NUL alone': sanOnly(dns(`${HOST_NAME}\0`)),
  'SAN with a full stop in front': san(dns('.example.com')),
  'SAN with a full stop behind': sanOnly(dns(`${HOST_NAME}.`)),
  'SAN with two full stops': san(dns('light..example.com')),
  'SAN with a label of 64': san(dns(`${'a'.repeat(64)}.example.com`)),
  'SAN with a name of 300': san(dns(`${'abcdefghi.'.repeat(30)}com`)),
  'SAN with a star alone': san(dns('*')),
  'SAN with a wildcard alone': sanOnly(dns('*.example.com')),
  'SAN with a wildcard within': sanOnly(dns('l*n.example.com')),
  'SAN with two wildcards': sanOnly(dns('*.*.com')),
  'SAN with a wildcard not in front': sanOnly(dns('lightrun.*.com')),
  'SAN with the host in upper case alone': sanOnly(dns(HOST_NAME.toUpperCase())),
  'SAN with the host twice': san(dns(HOST_NAME)),
  'SAN with an IPv4 address': san(tlv(0x87, '0a000001')),
  'SAN with an IPv6 address': san(tlv(0x87, '20010db8000000000000000000000001')),
  'SAN with an address of three bytes': san(tlv(0x87, '0a0000')),
  'SAN with an address of five bytes': san(tlv(0x87, '0a00000100')),
  'SAN with an address and its mask': san(tlv(0x87, '0a000000ff000000')),
  'SAN with an empty address': san(tlv(0x87)),
  'SAN with an address in text': san(ascii(0x87, '10.0.0.1')),
  'SAN with an e-mail address': san(ascii(0x81, 'ops@example.com')),
  'SAN with an e-mail address in UTF-8': san(tlv(0x81, Buffer.from('öps@example.com'))),
  'SAN with an e-mail address in Latin-1': san(ascii(0x81, '\xf6ps@example.com')),
  'SAN with an e-mail address without @': san(ascii(0x81, 'ops')),
  'SAN with an empty e-mail address': san(ascii(0x81, '')),
  'SAN with a URI': san(ascii(0x86, 'https://lightrun.example.com/')),
  'SAN with a SPIFFE URI': san(ascii(0x86, 'spiffe://cluster.local/ns/lightrun/sa/backend')),
  'SAN with a URN': san(ascii(0x86, 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6')),
  'SAN with a URI of an IPv6 host': san(ascii(0x86, 'https://[2001:db8::1]/')),
  'SAN with a URI with a wrong port': san(ascii(0x86, 'https://lightrun.example.com:port/')),
  'SAN with a URI with a wrong escape': san(ascii(0x86, 'https://lightrun.example.com/%zz')),
  'SAN with a URI with a space in its host': san(ascii(0x86, 'https://light run.example.com/')),
  'SAN with a URI without a scheme': san(ascii(0x86, 'lightrun.example.com/path')),
  'SAN with a URI with a bad scheme': san(ascii(0x86, '1https://lightrun.example.com')),
  'SAN with a URI in UTF-8': san(tlv(0x86, Buffer.from('https://lightrün.example.com/'))),
  'SAN with a URI with a wildcard': san(ascii(0x86, 'https://*.example.com/')),
  'SAN with a URI with a control character': san(ascii(0x86, 'https://lightrun.example.com/\x01')),
  'SAN with an empty URI': san(ascii(0x86, '')),
  'SAN with a directory name': san(tlv(0xa4, usualName('CN=other,O=Fields'))),
  'SAN with an empty directory name': san(tlv(0xa4, hex('3000'))),
  'SAN with a registered identifier': san(tlv(0x88, '2a0304')),
  'SAN with a principal name': san(
    tlv(0xa0, oid('1.3.6.1.4.1.311.20.2.3'), tlv(0xa0, utf8('ops@example.com'))),
  ),
  'SAN with another name without a value': san(tlv(0xa0, oid('1.2.3.4'))),
  'SAN with an EDI party name': san(tlv(0xa5, tlv(0xa1, utf8('party')))),
  'SAN with an X.400 address': san(tlv(0xa3, seq())),
  'SAN with a name of an unknown form': san(ascii(0x8a, 'x')),
  'SAN with a universal string': san(ascii(0x16, 'other.example.com')),
  'SAN with no names': sanOnly(),
  'SAN with an e-mail address alone': sanOnly(ascii(0x81, 'ops@example.com')),
  'SAN with a URI alone': sanOnly(ascii(0x86, 'https://lightrun.example.com/')),
  'SAN with a directory name alone': sanOnly(tlv(0xa4, usualName(`CN=${HOST_NAME}`))),
  'SAN left out': replaced(SAN, null),
  'SAN empty of contents': replaced(SAN, Buffer.alloc(0)),
  'SAN as a SET': replaced(SAN, tlv(0x31, dns(HOST_NAME))),
  'SAN with bytes behind': replaced(SAN, Buffer.concat([seq(dns(HOST_NAME)), hex('0500')])),
  'SAN critical': replaced(SAN, seq(dns(HOST_NAME)), true),
  'SAN critical, and no subject': (level) => ({
    ...withExtension(level, SAN, seq(dns(HOST_NAME)), true),
    subject: seq(),
  }),
  'SAN not critical, and no subject': () => ({ subject: seq() }),
  'SAN of 500 names': san(...Array.from({ length: 500 }, (_, at) => dns(`h${at}.example.com`))),
};

const BC = '2.5.29.19';
const KU = '2.5.29.15';
const EKU = '2.5.29.37';
const SKI = '2.5.29.14';
const AKI = '2.5.29.35';
const added =
  (...more: Uint8Array[]): Edit =>
  (level) => ({ rest: extensions(...usualExtensions(level).values(), ...more) });
const NULL = hex('0500');
const policies = (...each: Uint8Array[]): Buffer => extension('2.5.29.32', seq(...each));

/** Other extensions: what is in them, and how they are written. */
const EXTENSIONS: Edits = {
  'basic constraints left out': replaced(BC, null),
  'basic constraints not critical, CA': replaced(BC, hex('30030101ff')),
  'basic constraints not critical, no CA': replaced(BC, hex('3000')),
  'basic constraints with CA FALSE written': replaced(BC, hex('3003010100'), true),
  'basic constraints with CA TRUE as 01': replaced(BC, hex('3003010101'), true),
  'basic constraints with path length 0': replaced(BC, hex('30060101ff020100'), true),
  'basic constraints with path length 1': replaced(BC, hex('30060101ff020101'), true),
  'basic constraints with a negative path length': replaced(BC, hex('30060101ff0201ff'), true),
  'basic constraints with a huge path length': replaced(BC, hex('300b0101ff02067fffffffffff'), true),
  'basic constraints with a path length and no CA': replaced(BC, hex('3003020100'), true),
  'basic constraints with bytes behind': replaced(BC, hex('30030101ff0500'), true),
  'basic constraints that do not parse': replaced(BC, hex('0500'), true),
  'key usage left out': replaced(KU, null),
  'key usage not critical': (level) =>
    withExtension(level, KU, level === 0 ? hex('03020780') : hex('03020106')),
  'key usage empty': replaced(KU, hex('030100'), true),
  'key usage of zero bits': replaced(KU, hex('03020000'), true),
  'key usage with needless bits': (level) =>
    withExtension(level, KU, level === 0 ? hex('03020080') : hex('03020006'), true),
  'key usage of two bytes': replaced(KU, hex('03030786 80'), true),
  'key usage of three bytes': replaced(KU, hex('0304008600 00'), true),
  'key usage all': replaced(KU, hex('030307ff80'), true),
  'key usage as OCTET STRING': replaced(KU, hex('040106'), true),
  'key usage with signatures of certificates, data and lists': replaced(KU, hex('03020186'), true),
  'extended key usage left out': replaced(EKU, null),
  'extended key usage for servers': replaced(EKU, seq(oid('1.3.6.1.5.5.7.3.1'))),
  'extended key usage for servers, critical': replaced(EKU, seq(oid('1.3.6.1.5.5.7.3.1')), true),
  'extended key usage for clients': replaced(EKU, seq(oid('1.3.6.1.5.5.7.3.2'))),
  'extended key usage for any': replaced(EKU, seq(oid('2.5.29.37.0'))),
  'extended key usage for any and clients': replaced(EKU, seq(oid('2.5.29.37.0'), oid('1.3.6.1.5.5.7.3.2'))),
  'extended key usage of Netscape': replaced(EKU, seq(oid('2.16.840.1.113730.4.1'))),
  'extended key usage of Microsoft': replaced(EKU, seq(oid('1.3.6.1.4.1.311.10.3.3'))),
  'extended key usage for time stamps': replaced(EKU, seq(oid('1.3.6.1.5.5.7.3.8'))),
  'extended key usage empty': replaced(EKU, seq()),
  'extended key usage with an unknown purpose too': replaced(
    EKU,
    seq(oid('1.3.6.1.5.5.7.3.1'), oid('1.2.3.4')),
  ),
  'extended key usage that does not parse': replaced(EKU, NULL),
  'subject key identifier left out': replaced(SKI, null),
  'subject key identifier empty': replaced(SKI, tlv(0x04)),
  'subject key identifier critical': (level) =>
    withExtension(level, SKI, tlv(0x04, keyId(keyOfLevel(level))), true),
  'subject key identifier of 32 bytes': replaced(SKI, tlv(0x04, '11'.repeat(32))),
  'subject key identifier without its OCTET STRING': replaced(SKI, hex('11'.repeat(20))),
  'authority key identifier left out': replaced(AKI, null),
  'authority key identifier empty': replaced(AKI, seq()),
  'authority key identifier of another key': replaced(AKI, seq(tlv(0x80, '22'.repeat(20)))),
  'authority key identifier critical': (level) =>
    withExtension(level, AKI, seq(tlv(0x80, keyId(keyOfLevel(Math.min(level + 1, 2))))), true),
  'authority key identifier with a wrong issuer and serial number': replaced(
    AKI,
    seq(tlv(0xa1, tlv(0xa4, usualName('CN=nobody'))), tlv(0x82, '05')),
  ),
  'authority key identifier with a serial number alone': replaced(AKI, seq(tlv(0x82, '05'))),
  'authority key identifier that does not parse': replaced(AKI, hex('04020505')),
  'an unknown extension': added(extension('1.2.3.4', NULL)),
  'an unknown critical extension': added(extension('1.2.3.4', NULL, true)),
  'an extension twice': (level) => added(usualExtensions(level).get(KU) as Buffer)(level),
  'an unknown extension twice': added(extension('1.2.3.4', NULL), extension('1.2.3.4', NULL)),
  'an extension with FALSE written': added(seq(oid('1.2.3.4'), hex('010100'), tlv(0x04, NULL))),
  'an extension that is critical with 01': added(seq(oid('1.2.3.4'), hex('010101'), tlv(0x04, NULL))),
  'an extension with an empty value': added(extension('1.2.3.4', Buffer.alloc(0))),
  'no extensions at all': () => ({ rest: Buffer.alloc(0) }),
  'an empty list of extensions': () => ({ rest: extensions() }),
  'unique identifiers': (level) => ({
    rest: Buffer.concat([hex('81020001'), extensions(...usualExtensions(level).values())]),
  }),
  'certificate policies': added(policies(seq(oid('2.23.140.1.2.1')))),
  'certificate policies, any': added(policies(seq(oid('2.5.29.32.0')))),
  'certificate policies, critical': added(extension('2.5.29.32', seq(seq(oid('2.23.140.1.2.1'))), true)),
  'certificate policies twice': added(policies(seq(oid('1.2.3.4')), seq(oid('1.2.3.4')))),
  'certificate policies, none': added(policies()),
  'certificate policies that do not parse': added(extension('2.5.29.32', NULL)),
  'certificate policies with a notice': added(
    policies(
      seq(
        oid('1.2.3.4'),
        seq(
          seq(oid('1.3.6.1.5.5.7.2.2'), seq(utf8('notice of the field'))),
          seq(oid('1.3.6.1.5.5.7.2.1'), ascii(0x16, 'https://example.com/cps')),
        ),
      ),
    ),
  ),
  'policy constraints that want a policy': added(extension('2.5.29.36', seq(tlv(0x80, '00')), true)),
  'policy constraints that want one later': added(extension('2.5.29.36', seq(tlv(0x80, '05')), true)),
  'policy constraints, not critical': added(extension('2.5.29.36', seq(tlv(0x80, '00')))),
  'policy constraints that inhibit mapping': added(extension('2.5.29.36', seq(tlv(0x81, '00')), true)),
  'policy constraints, empty': added(extension('2.5.29.36', seq(), true)),
  'inhibit any policy': added(extension('2.5.29.54', hex('020100'), true)),
  'policy mappings': added(extension('2.5.29.33', seq(seq(oid('1.2.3.4'), oid('1.2.3.5'))), true)),
  'policy mappings of any policy': added(
    extension('2.5.29.33', seq(seq(oid('2.5.29.32.0'), oid('1.2.3.5')))),
  ),
  'authority information access': added(
    extension(
      '1.3.6.1.5.5.7.1.1',
      seq(seq(oid('1.3.6.1.5.5.7.48.1'), ascii(0x86, 'http://ocsp.example.com'))),
    ),
  ),
  'authority information access by ldap': added(
    extension(
      '1.3.6.1.5.5.7.1.1',
      seq(seq(oid('1.3.6.1.5.5.7.48.2'), ascii(0x86, 'ldap:///CN=CA,DC=example?cACertificate?base'))),
    ),
  ),
  'authority information access that does not parse': added(extension('1.3.6.1.5.5.7.1.1', NULL)),
  'CRL distribution points': added(
    extension('2.5.29.31', seq(seq(tlv(0xa0, tlv(0xa0, ascii(0x86, 'http://crl.example.com/ca.crl')))))),
  ),
  'CRL distribution points, critical': added(
    extension(
      '2.5.29.31',
      seq(seq(tlv(0xa0, tlv(0xa0, ascii(0x86, 'http://crl.example.com/ca.crl'))))),
      true,
    ),
  ),
  'CRL distribution points that do not parse': added(extension('2.5.29.31', NULL)),
  'issuer alternative name': added(extension('2.5.29.18', seq(dns('ca.example.com')))),
  'issuer alternative name, critical': added(extension('2.5.29.18', seq(dns('ca.example.com')), true)),
  'OCSP must staple': added(extension('1.3.6.1.5.5.7.1.24', hex('3003020105'))),
  'a poison of certificate transparency': added(extension('1.3.6.1.4.1.11129.2.4.3', NULL, true)),
  'a signed certificate timestamp': added(extension('1.3.6.1.4.1.11129.2.4.2', tlv(0x04, '0000'))),
  'Netscape certificate type, server': added(extension('2.16.840.1.113730.1.1', hex('03020640'))),
  'Netscape certificate type, client': added(extension('2.16.840.1.113730.1.1', hex('03020780'))),
  'Netscape certificate type, CA': added(extension('2.16.840.1.113730.1.1', hex('03020002'))),
  'Netscape comment': added(
    extension('2.16.840.1.113730.1.13', ascii(0x16, 'OpenSSL Generated Certificate')),
  ),
  'private key usage period': added(extension('2.5.29.16', seq(ascii(0x80, '20200101000000Z')))),
  'subject information access': added(
    extension(
      '1.3.6.1.5.5.7.1.11',
      seq(seq(oid('1.3.6.1.5.5.7.48.5'), ascii(0x86, 'http://repo.example.com'))),
    ),
  ),
  'proxy certificate information': added(
    extension('1.3.6.1.5.5.7.1.14', seq(seq(oid('1.3.6.1.5.5.7.21.1'))), true),
  ),
};

const constraint = (tag: number, ...names: Uint8Array[]): Buffer =>
  tlv(tag, ...names.map((name) => seq(name)));
const constraints = (critical: boolean, ...subtrees: Uint8Array[]): Edit =>
  added(extension('2.5.29.30', seq(...subtrees), critical));
const permitted = (...names: Uint8Array[]): Edit => constraints(true, constraint(0xa0, ...names));
const excluded = (...names: Uint8Array[]): Edit => constraints(true, constraint(0xa1, ...names));

/** Name constraints of each form of name, of a CA. */
const CONSTRAINTS: Edits = {
  'permits the host': permitted(dns(HOST_NAME)),
  'permits its domain': permitted(dns('example.com')),
  'permits its domain with a full stop': permitted(dns('.example.com')),
  'permits its domain in upper case': permitted(dns('EXAMPLE.COM')),
  'permits all DNS names': permitted(dns('')),
  'permits a wildcard': permitted(dns('*.example.com')),
  'permits another domain': permitted(dns('other.example')),
  'permits another domain, not critical': constraints(false, constraint(0xa0, dns('other.example'))),
  'permits a suffix of a label': permitted(dns('xample.com')),
  'permits a longer name': permitted(dns(`a.${HOST_NAME}`)),
  'excludes the host': excluded(dns(HOST_NAME)),
  'excludes another domain': excluded(dns('other.example')),
  'excludes all DNS names': excluded(dns('')),
  'permits and excludes its domain': constraints(
    true,
    constraint(0xa0, dns('example.com')),
    constraint(0xa1, dns(HOST_NAME)),
  ),
  'permits e-mail addresses only': permitted(ascii(0x81, 'example.com')),
  'permits addresses only': permitted(tlv(0x87, '0a000000ff000000')),
  'permits an address without a mask': permitted(tlv(0x87, '0a000000')),
  'permits an address with a mask with holes': permitted(tlv(0x87, '0a000000ff00ff00')),
  'excludes all addresses': excluded(tlv(0x87, '0000000000000000')),
  'permits URIs of a host': permitted(ascii(0x86, 'example.com')),
  'permits a directory': permitted(tlv(0xa4, usualName('O=Fields'))),
  'permits another directory': permitted(tlv(0xa4, usualName('O=Others'))),
  'permits all directories': permitted(tlv(0xa4, hex('3000'))),
  'excludes all directories': excluded(tlv(0xa4, hex('3000'))),
  'excludes the directory of its own': excluded(tlv(0xa4, usualName('O=Fields'))),
  'permits a registered identifier': permitted(tlv(0x88, '2a0304')),
  'permits a principal name': permitted(
    tlv(0xa0, oid('1.3.6.1.4.1.311.20.2.3'), tlv(0xa0, utf8('example.com'))),
  ),
  'constraints with a minimum': constraints(true, tlv(0xa0, seq(dns('example.com'), tlv(0x80, '01')))),
  'constraints with a maximum': constraints(true, tlv(0xa0, seq(dns('example.com'), tlv(0x81, '05')))),
  'constraints, empty': constraints(true),
  'constraints with an empty list': constraints(true, tlv(0xa0)),
  'constraints that do not parse': added(extension('2.5.29.30', NULL, true)),
  'constraints with a name in UTF-8': permitted(tlv(0x82, Buffer.from('exämple.com'))),
};

const RSA_SHA256 = seq(oid('1.2.840.113549.1.1.11'), NULL);
const point = (): Buffer => spkiOf(keyOfLevel(0)).subarray(-65);

/** The frame: version, algorithms, signature, and what is around them. */
const FRAME: Edits = {
  'version 1 with extensions': () => ({ version: Buffer.alloc(0) }),
  'version 1 written': () => ({ version: hex('a003020100') }),
  'version 2': () => ({ version: hex('a003020101') }),
  'version 4': () => ({ version: hex('a003020103') }),
  'version -1': () => ({ version: hex('a0030201ff') }),
  'version of two bytes': () => ({ version: hex('a00402020002') }),
  'version without its tag': () => ({ version: hex('020102') }),
  'algorithm with NULL': () => {
    const algorithm = seq(oid('1.2.840.10045.4.3.2'), NULL);
    return { algorithm, outer: algorithm };
  },
  'algorithm with other parameters': () => {
    const algorithm = seq(oid('1.2.840.10045.4.3.2'), hex('020105'));
    return { algorithm, outer: algorithm };
  },
  'algorithm with NULL inside only': () => ({ algorithm: seq(oid('1.2.840.10045.4.3.2'), NULL) }),
  'algorithm with NULL outside only': () => ({ outer: seq(oid('1.2.840.10045.4.3.2'), NULL) }),
  'algorithm of RSA inside': () => ({ algorithm: RSA_SHA256 }),
  'algorithm of RSA outside': () => ({ outer: RSA_SHA256 }),
  'algorithm of RSA in both': () => ({ algorithm: RSA_SHA256, outer: RSA_SHA256 }),
  'algorithm unknown in both': () => {
    const algorithm = seq(oid('1.2.3.4'));
    return { algorithm, outer: algorithm };
  },
  'algorithm that hashes with SHA-384': () => {
    const algorithm = seq(oid('1.2.840.10045.4.3.3'));
    return { algorithm, outer: algorithm };
  },
  'signature with unused bits': () => ({ bits: (signature) => tlv(0x03, hex('01'), signature) }),
  'signature empty': () => ({ bits: () => hex('030100') }),
  'signature without its byte of unused bits': () => ({ bits: () => hex('0300') }),
  'signature as OCTET STRING': () => ({ bits: (signature) => tlv(0x04, hex('00'), signature) }),
  'signature with a byte behind': () => ({ bits: (signature) => tlv(0x03, hex('00'), signature, hex('00')) }),
  'signature changed': () => ({
    bits: (signature) => tlv(0x03, hex('00'), signature.subarray(0, -1), hex('00')),
  }),
  'bytes behind the certificate': () => ({
    whole: (...parts) => Buffer.concat([seq(...parts), hex('0000')]),
  }),
  'a fourth part': () => ({ whole: (...parts) => seq(...parts, NULL) }),
  'only two parts': () => ({ whole: (tbs, outer) => seq(tbs, outer) }),
  'length in needless bytes': () => ({
    whole: (...parts) => {
      const body = Buffer.concat(parts);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(body.length);
      return Buffer.concat([hex('3084'), length, body]);
    },
  }),
  'indefinite length': () => ({ whole: (...parts) => Buffer.concat([hex('3080'), ...parts, hex('0000')]) }),
  'a wrong length, too long': () => ({
    whole: (...parts) => {
      const der = seq(...parts);
      der[3] = (der[3] ?? 0) + 1;
      return der;
    },
  }),
  'a SET around': () => ({ whole: (...parts) => tlv(0x31, ...parts) }),
  'trusted certificate data behind': () => ({
    whole: (...parts) => Buffer.concat([seq(...parts), seq(utf8('alias'))]),
  }),
};

/** The leaf's key in other encodings: its private key stays the same. */
const KEYS: Edits = {
  'key as a compressed point': () => ({ spki: ecKey(compressed()) }),
  'key as a hybrid point': () => {
    const own = Buffer.from(point());
    own[0] = 6 + ((own[64] ?? 0) & 1);
    return { spki: ecKey(own) };
  },
  'key at infinity': () => ({ spki: ecKey(hex('00')) }),
  'key not on its curve': () => {
    const own = Buffer.from(point());
    own[64] = (own[64] ?? 0) ^ 1;
    return { spki: ecKey(own) };
  },
  'key without a curve': () => ({
    spki: seq(seq(oid('1.2.840.10045.2.1')), tlv(0x03, hex('00'), point())),
  }),
  'key with NULL for a curve': () => ({
    spki: seq(seq(oid('1.2.840.10045.2.1'), NULL), tlv(0x03, hex('00'), point())),
  }),
  'key with an unknown curve': () => ({
    spki: seq(seq(oid('1.2.840.10045.2.1'), oid('1.2.3.4')), tlv(0x03, hex('00'), point())),
  }),
  'key for key agreement only': () => ({
    spki: seq(seq(oid('1.3.132.1.12'), oid('1.2.840.10045.3.1.7')), tlv(0x03, hex('00'), point())),
  }),
  'key of an unknown kind': () => ({ spki: seq(seq(oid('1.2.3.4')), tlv(0x03, hex('00'), point())) }),
  'key of RSA without NULL': () => ({ spki: rsaKey(Buffer.alloc(0)) }),
  'key of RSA': () => ({ spki: rsaKey(NULL) }),
  'key with unused bits': () => ({
    spki: seq(seq(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')), tlv(0x03, hex('01'), point())),
  }),
};

const ecKey = (own: Uint8Array): Buffer =>
  seq(seq(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')), tlv(0x03, hex('00'), own));

function compressed(): Buffer {
  const own = point();
  return Buffer.concat([Buffer.from([2 + ((own[64] ?? 0) & 1)]), own.subarray(1, 33)]);
}

/** An RSA key that is not the pair's. */
function rsaKey(parameters: Uint8Array): Buffer {
  const own = key('rsa2048', 9).export({ format: 'jwk' });
  const integer = (text = ''): Buffer => tlv(0x02, hex('00'), Buffer.from(text, 'base64url'));
  return seq(
    seq(oid('1.2.840.113549.1.1.1'), parameters),
    tlv(0x03, hex('00'), seq(integer(own.n), hex('0203010001'))),
  );
}

const EVERYWHERE: Edits = { ...SERIALS, ...TIMES, ...NAMES, ...EXTENSIONS, ...FRAME };
const BY_LEVEL: Readonly<Record<Level, Edits>> = {
  0: { ...EVERYWHERE, ...SANS, ...KEYS },
  1: { ...EVERYWHERE, ...CONSTRAINTS },
  2: { ...EVERYWHERE, ...CONSTRAINTS },
};

function fieldCase(level: Level, name: string, edit: Edit, knownRoot: boolean): Case {
  const make = () => {
    const { crt, key: own, root } = filesOf(chainWith(level, edit));
    const made = { crt: written(crt), key: written(own), root, more: MORE };
    return knownRoot && root !== null ? { ...made, caFile: root } : made;
  };
  return { family: FAMILY[level], name: knownRoot ? `${name}, root known` : name, traits: [], make };
}

/** Each change at each level; at the root also with that root in `--ca-file`. */
export const fields = (): Case[] =>
  ([0, 1, 2] as const).flatMap((level) =>
    Object.entries(BY_LEVEL[level]).flatMap(([name, edit]) => [
      fieldCase(level, name, edit, false),
      ...(level === 2 ? [fieldCase(level, name, edit, true)] : []),
    ]),
  );
