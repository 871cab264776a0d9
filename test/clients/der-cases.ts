/** Certificates that differ from a good one in a single field of their DER. */
import {
  type Asn1,
  constructed,
  decoded,
  encoded,
  generalName,
  nameAsn1,
  oid,
  sequence,
  tagged,
  universal,
} from '../support/asn1.ts';
import { type IssueOptions, issue, key, type Name, spkiOf } from '../support/pki.ts';
import { type ClientCase, HOST, ROOT } from './cases.ts';

const BOOLEAN = 1;
const INTEGER = 2;
const BIT_STRING = 3;
const OCTET_STRING = 4;
const UTF8 = 12;
const NUMERIC = 18;
const PRINTABLE = 19;
const T61 = 20;
const IA5 = 22;
const UTC_TIME = 23;
const GENERALIZED_TIME = 24;
const VISIBLE = 26;
const UNIVERSAL = 28;
const BMP = 30;

const hex = (text: string): Buffer => Buffer.from(text.replace(/ /g, ''), 'hex');
const cases: (() => ClientCase)[] = [];
const leafCase = (name: string, options: IssueOptions): void => {
  cases.push(() => ({ name, leaf: issue({ issuer: ROOT, ...options }), intermediates: [], root: ROOT }));
};
const caCase = (name: string, options: IssueOptions): void => {
  cases.push(() => {
    const intermediate = issue({
      subject: 'CN=Test CA,O=Test',
      issuer: ROOT,
      key: key('p256', 2),
      ca: true,
      ...options,
    });
    const leaf = issue({ issuer: intermediate });
    return { name: `CA: ${name}`, leaf, intermediates: [intermediate], root: ROOT };
  });
};

leafCase('nothing unusual', {});

// Serial number
const SERIALS: Record<string, string> = {
  zero: '00',
  'negative, one byte': 'ff',
  'negative, 16 bytes': `80${'11'.repeat(15)}`,
  'not minimal, positive': '0001',
  'not minimal, negative': 'ffff80',
  'of 20 bytes': `7f${'11'.repeat(19)}`,
  'of 21 bytes with a leading zero': `00ff${'11'.repeat(19)}`,
  'of 21 bytes': `7f${'11'.repeat(20)}`,
  'of 40 bytes': `7f${'11'.repeat(39)}`,
  empty: '',
};
for (const [what, bytes] of Object.entries(SERIALS)) {
  leafCase(`serial number ${what}`, { raw: { serial: universal(INTEGER, hex(bytes)) } });
  if (/negative|zero/.test(what)) {
    caCase(`serial number ${what}`, { raw: { serial: universal(INTEGER, hex(bytes)) } });
  }
}
leafCase('serial number an ENUMERATED', { raw: { serial: universal(10, hex('01')) } });

// Version
for (const [what, bytes] of Object.entries({
  '1 encoded': '00',
  '2': '01',
  '4': '03',
  'not minimal': '0002',
  negative: 'ff',
})) {
  leafCase(`version ${what}`, { raw: { version: universal(INTEGER, hex(bytes)) } });
}
leafCase('version 1 without extensions', { version: 1 });
const BARE = { ca: null, keyUsage: null, eku: null, san: null, skid: false, akid: false } as const;
leafCase('version 1 encoded, without extensions', {
  ...BARE,
  raw: { version: universal(INTEGER, hex('00')) },
});
leafCase('version 2 without extensions', { ...BARE, raw: { version: universal(INTEGER, hex('01')) } });
leafCase('version 3 without extensions', BARE);

// Times
const TIMES: Record<string, [number, string]> = {
  'UTCTime without seconds': [UTC_TIME, '2601010000Z'],
  'UTCTime with an offset': [UTC_TIME, '260101000000+0000'],
  'UTCTime with a negative offset': [UTC_TIME, '260101000000-0500'],
  'UTCTime without Z': [UTC_TIME, '260101000000'],
  'UTCTime 1950': [UTC_TIME, '500101000000Z'],
  'UTCTime with second 60': [UTC_TIME, '251231235960Z'],
  'UTCTime with day 0': [UTC_TIME, '260100000000Z'],
  'UTCTime with 30 February': [UTC_TIME, '260230000000Z'],
  'UTCTime with hour 24': [UTC_TIME, '260101240000Z'],
  'UTCTime with small z': [UTC_TIME, '260101000000z'],
  'UTCTime with 13 digits': [UTC_TIME, '2601010000000Z'],
  'GeneralizedTime before 2050': [GENERALIZED_TIME, '20260101000000Z'],
  'GeneralizedTime without seconds': [GENERALIZED_TIME, '202601010000Z'],
  'GeneralizedTime with a fraction': [GENERALIZED_TIME, '20260101000000.5Z'],
  'GeneralizedTime with a fraction of zero': [GENERALIZED_TIME, '20260101000000.0Z'],
  'GeneralizedTime with an offset': [GENERALIZED_TIME, '20260101000000+0000'],
  'GeneralizedTime without Z': [GENERALIZED_TIME, '20260101000000'],
  'GeneralizedTime of year 0': [GENERALIZED_TIME, '00000101000000Z'],
  'GeneralizedTime of year 1': [GENERALIZED_TIME, '00010101000000Z'],
  'GeneralizedTime of year 99': [GENERALIZED_TIME, '00990101000000Z'],
  'GeneralizedTime of 1949': [GENERALIZED_TIME, '19491231235959Z'],
  'GeneralizedTime in a comma fraction': [GENERALIZED_TIME, '20260101000000,5Z'],
  'a PrintableString': [PRINTABLE, '260101000000Z'],
};
for (const [what, [tag, text]] of Object.entries(TIMES)) {
  leafCase(`notBefore: ${what}`, { notBefore: universal(tag, text) });
}
for (const [what, [tag, text]] of Object.entries({
  'UTCTime 2049': [UTC_TIME, '491231235959Z'],
  'GeneralizedTime 2049': [GENERALIZED_TIME, '20491231235959Z'],
  'GeneralizedTime 2050': [GENERALIZED_TIME, '20500101000000Z'],
  'GeneralizedTime 9999': [GENERALIZED_TIME, '99991231235959Z'],
  'UTCTime without seconds': [UTC_TIME, '4912312359Z'],
  'UTCTime with an offset': [UTC_TIME, '491231235959+0100'],
} as Record<string, [number, string]>)) {
  caCase(`notAfter: ${what}`, { notAfter: universal(tag, text) });
  leafCase(`notAfter: ${what}`, { notAfter: universal(tag, text) });
}

// Names
const STRINGS: Record<string, [number, Buffer | string]> = {
  PrintableString: [PRINTABLE, "Ab 09'()+,-./:=?"],
  'PrintableString with _': [PRINTABLE, 'a_b'],
  'PrintableString with @': [PRINTABLE, 'a@b'],
  'PrintableString with *': [PRINTABLE, '*.a'],
  'PrintableString with &': [PRINTABLE, 'a&b'],
  'PrintableString with ;': [PRINTABLE, 'a;b'],
  'PrintableString with 8 bits': [PRINTABLE, 'a\xe4'],
  'PrintableString with NUL': [PRINTABLE, 'a\0b'],
  'PrintableString empty': [PRINTABLE, ''],
  UTF8String: [UTF8, Buffer.from('Ä€𝄞')],
  'UTF8String empty': [UTF8, ''],
  'UTF8String in Latin-1': [UTF8, 'a\xe4'],
  'UTF8String overlong': [UTF8, hex('c080')],
  'UTF8String with a surrogate': [UTF8, hex('eda080')],
  'UTF8String with NUL': [UTF8, 'a\0b'],
  'UTF8String with a noncharacter': [UTF8, hex('efbfbf')],
  IA5String: [IA5, 'a@b_*'],
  'IA5String with 8 bits': [IA5, 'a\xe4'],
  T61String: [T61, 'abc'],
  'T61String with 8 bits': [T61, 'a\xe4'],
  'T61String with NUL': [T61, 'a\0b'],
  BMPString: [BMP, hex('004100e420ac')],
  'BMPString odd': [BMP, hex('004100')],
  'BMPString with a surrogate pair': [BMP, hex('d834dd1e')],
  'BMPString with a lone surrogate': [BMP, hex('d8340041')],
  'BMPString with a noncharacter': [BMP, hex('fffe')],
  'BMPString with NUL at the end': [BMP, hex('00410000')],
  'BMPString empty': [BMP, ''],
  UniversalString: [UNIVERSAL, hex('00000041')],
  'UniversalString of 3 bytes': [UNIVERSAL, hex('000041')],
  'UniversalString beyond Unicode': [UNIVERSAL, hex('00110000')],
  NumericString: [NUMERIC, '12 3'],
  'NumericString with letters': [NUMERIC, '12a'],
  VisibleString: [VISIBLE, 'abc'],
  'VisibleString with 8 bits': [VISIBLE, 'a\xe4'],
  GeneralString: [27, 'abc'],
  GraphicString: [25, 'abc'],
  'an INTEGER': [INTEGER, hex('05')],
  'a BIT STRING': [BIT_STRING, hex('0001')],
  'an OCTET STRING': [OCTET_STRING, hex('01')],
  'a BOOLEAN': [BOOLEAN, hex('ff')],
  'a NULL': [5, ''],
};
for (const [what, [tag, text]] of Object.entries(STRINGS)) {
  const subject = (): Name => [[['O', universal(tag, text)]], [['CN', HOST]]];
  leafCase(`subject: ${what}`, { subject: subject() });
  caCase(`subject: ${what}`, { subject: subject() });
}
leafCase('subject: an attribute that is a SEQUENCE', { subject: [[['O', sequence([])]], [['CN', HOST]]] });
leafCase('subject: an unknown attribute that is a SEQUENCE', {
  subject: [[['1.2.3.4', sequence([])]], [['CN', HOST]]],
});
leafCase('subject: an unknown attribute', { subject: [[['1.2.3.4.5', 'x']], [['CN', HOST]]] });
leafCase('subject: an empty relative name', { subject: [[], [['CN', HOST]]] });
leafCase('subject: two attributes in one relative name', {
  subject: [
    [
      ['O', 'a'],
      ['OU', 'b'],
    ],
    [['CN', HOST]],
  ],
});
leafCase('subject: attributes of one relative name out of order', {
  subject: [
    [
      ['OU', 'b'],
      ['O', 'a'],
    ],
    [['CN', HOST]],
  ],
});
leafCase('subject: emailAddress as UTF8String', {
  subject: [[['emailAddress', 'a@b', 'utf8']], [['CN', HOST]]],
});
leafCase('subject: DC as UTF8String', { subject: [[['DC', 'b', 'utf8']], [['CN', HOST]]] });
leafCase('subject: DC as IA5String with 8 bits', {
  subject: [[['DC', universal(IA5, '\xe4')]], [['CN', HOST]]],
});
leafCase('subject: C of 3 letters', { subject: [[['C', 'USA']], [['CN', HOST]]] });
leafCase('subject: C as UTF8String', { subject: [[['C', 'US', 'utf8']], [['CN', HOST]]] });
leafCase('subject: CN of 100 characters', { subject: [[['CN', 'x'.repeat(100)]]] });
leafCase('subject: many relative names', {
  subject: Array.from({ length: 300 }, () => [['OU', 'x']] as const),
});
leafCase('subject: 6 attributes in one relative name', {
  subject: [Array.from({ length: 6 }, (_, at) => ['OU', `x${at}`] as const), [['CN', HOST]]],
});
leafCase('empty subject, SAN not critical', { subject: '' });
leafCase('empty subject, SAN critical', {
  subject: '',
  san: null,
  extensions: [{ oid: '2.5.29.17', critical: true, value: encoded(sequence([generalName(HOST)])) }],
});
leafCase('empty subject, no SAN', { subject: '', san: null });
leafCase('empty subject, no extensions', { subject: '', version: 1 });
caCase('empty subject', { subject: '' });

// Subject alternative names
const host = (): Asn1 => generalName(HOST);
const sanCase = (what: string, ...names: Asn1[]): void =>
  leafCase(`SAN: ${what}`, {
    subject: 'O=Test',
    san: null,
    extensions: [{ oid: '2.5.29.17', value: encoded(sequence(names)) }],
  });
for (const [what, text] of Object.entries({
  'DNS in UTF-8': Buffer.from('bücher.example').toString('latin1'),
  'DNS in Latin-1': 'b\xfccher.example',
  'DNS empty': '',
  'DNS one space': ' ',
  'DNS with a space': 'a b.example',
  'DNS with a space at the end': 'a.example ',
  'DNS with _': 'a_b.example',
  'DNS with _ first': '_a.example',
  'DNS with - first': '-a.example',
  'DNS with - last': 'a-.example',
  'DNS with a leading dot': '.example.com',
  'DNS with a final dot': 'a.example.',
  'DNS two dots': 'a..example',
  'DNS only a dot': '.',
  'DNS wildcard': '*.example.com',
  'DNS only a wildcard': '*',
  'DNS wildcard of a top-level domain': '*.com',
  'DNS wildcard within a label': 'a*b.example.com',
  'DNS wildcard at the end of a label': 'a*.example.com',
  'DNS wildcard in another label': 'a.*.example.com',
  'DNS two wildcards': '*.*.example.com',
  'DNS wildcard last': 'example.*',
  'DNS wildcard and final dot': '*.example.',
  'DNS with a digit first': '1a.example',
  'DNS only digits': '123',
  'DNS an IP address': '10.0.0.1',
  'DNS with NUL': 'a\0b.example',
  'DNS with a newline': 'a\n.example',
  'DNS with /': 'a/b.example',
  'DNS with a colon': 'a.example:443',
  'DNS a URL': 'https://a.example/',
  'DNS an e-mail address': 'a@b.example',
  'DNS with a label of 64': `${'a'.repeat(64)}.example`,
  'DNS of 300 characters': `${'abcdefghi.'.repeat(30)}example`,
  'DNS upper case': 'A.EXAMPLE',
  'DNS a punycode label': 'xn--bcher-kva.example',
  'DNS ending in a digit label': 'a.1',
})) {
  sanCase(what, host(), tagged(2, Buffer.from(text, 'latin1')));
}
for (const length of [0, 3, 4, 5, 8, 16, 17, 32]) {
  sanCase(`IP of ${length} bytes`, host(), tagged(7, Buffer.alloc(length, 10)));
}
for (const [what, text] of Object.entries({
  URI: 'https://a.example/b',
  'URI SPIFFE': 'spiffe://cluster.local/ns/x',
  'URI without a scheme': 'a.example/b',
  'URI relative with a colon': 'a:b',
  'URI without a host': 'https:///b',
  'URI opaque': 'urn:uuid:1234',
  'URI empty': '',
  'URI with a space': 'https://a.example/b c',
  'URI with a space in its host': 'https://a b.example/',
  'URI in UTF-8': Buffer.from('https://ä.example/').toString('latin1'),
  'URI path in UTF-8': Buffer.from('https://a.example/ä').toString('latin1'),
  'URI with _ in its host': 'https://a_b.example/',
  'URI with an IP address': 'https://10.0.0.1/',
  'URI with an IPv6 address': 'https://[::1]/',
  'URI with a port': 'https://a.example:8443/',
  'URI with a bad port': 'https://a.example:x/',
  'URI with a bad escape': 'https://a.example/%zz',
  'URI with a user': 'https://u@a.example/',
  'URI with a host of a final dot': 'https://a.example./',
  'URI with a host of two dots': 'https://a..example/',
  'URI with a control character': 'https://a.example/\x01',
  'URI with a wildcard host': 'https://*.example/',
  'URI only a scheme': 'https:',
  'URI scheme with digit first': '1a://b.example/',
  'URI with a colon first': ':a',
  'URI with braces': 'https://a.example/{b}',
  'URI with a bare percent': 'https://a.example/100%',
  'URI with a fragment': 'https://a.example/#b#c',
  'URI with backslash': 'https://a.example\\b',
  'URI Azure': 'api://0000-1111',
  'URI with a host label that begins with a digit': 'https://1a.example/',
  'URI with a host that ends in digits': 'https://a.1/',
  'URI with only an authority marker': 'https://',
  'URI with brackets in its path': 'https://a.example/[b]',
  'URI with brackets in its query': 'https://a.example/?a[b]=c',
  'URI with a broken IPv6 address': 'https://[::g]/',
  'URI with a quote': 'https://a.example/"',
  'URI with a bad escape in its query': 'https://a.example/?%zz',
  'URI with a bad escape in its fragment': 'https://a.example/#%zz',
  'URI with an escape in its host': 'https://%41.example/',
  'URI with two colons in its host': 'https://a:1:2/',
  'URI with a bad user': 'https://a b@c.example/',
  'URI opaque with a space': 'urn:a b',
  'URI opaque with a bad escape': 'urn:%zz',
  'URI path only with two slashes': '//a.example/b',
  'URI of an upper-case scheme': 'SPIFFE://a/b',
  'URI host label of 64': `https://${'a'.repeat(64)}.example/`,
  'URI host with - last': 'https://a-.example/',
})) {
  sanCase(what, host(), tagged(6, Buffer.from(text, 'latin1')));
}
for (const [what, text] of Object.entries({
  'e-mail': 'a@b.example',
  'e-mail without @': 'a',
  'e-mail empty': '',
  'e-mail only @': '@',
  'e-mail with nothing before @': '@b.example',
  'e-mail with nothing after @': 'a@',
  'e-mail with two @': 'a@b@c',
  'e-mail with a space': 'a b@c.example',
  'e-mail with angle brackets': '<a@b.example>',
  'e-mail in UTF-8': Buffer.from('ä@b.example').toString('latin1'),
  'e-mail in Latin-1': '\xe4@b.example',
  'e-mail quoted': '"a b"@c.example',
})) {
  sanCase(what, host(), tagged(1, Buffer.from(text, 'latin1')));
}
sanCase('registeredID', host(), tagged(8, hex('2a0304')));
sanCase('registeredID empty', host(), tagged(8, hex('')));
sanCase('registeredID not minimal', host(), tagged(8, hex('2a8003')));
sanCase('registeredID cut off', host(), tagged(8, hex('2a83')));
const otherName = (value: Asn1[]): Asn1 => constructed(0, value);
sanCase(
  'otherName',
  host(),
  otherName([oid('1.3.6.1.4.1.311.20.2.3'), constructed(0, [universal(UTF8, 'a@b')])]),
);
sanCase('otherName without a value', host(), otherName([oid('1.3.6.1.4.1.311.20.2.3')]));
sanCase('otherName empty', host(), otherName([]));
sanCase(
  'otherName value not tagged',
  host(),
  otherName([oid('1.3.6.1.4.1.311.20.2.3'), universal(UTF8, 'a@b')]),
);
sanCase('x400Address', host(), constructed(3, [sequence([])]));
sanCase('ediPartyName', host(), constructed(5, [constructed(1, [universal(UTF8, 'a')])]));
sanCase('directoryName', host(), constructed(4, [nameAsn1('CN=a')]));
sanCase('directoryName empty', host(), constructed(4, [nameAsn1('')]));
sanCase(
  'directoryName with PrintableString _',
  host(),
  constructed(4, [nameAsn1([[['CN', universal(PRINTABLE, 'a_b')]]])]),
);
sanCase(
  'directoryName with 8-bit IA5String',
  host(),
  constructed(4, [nameAsn1([[['CN', universal(IA5, '\xe4')]]])]),
);
sanCase('unknown tag 9', host(), tagged(9, hex('00')));
sanCase('unknown tag 10', host(), tagged(10, hex('00')));
sanCase('a universal string', host(), universal(IA5, 'a.example'));
sanCase('DNS constructed', host(), constructed(2, [universal(IA5, 'a.example')]));
sanCase('empty list');
leafCase('SAN: critical', {
  san: null,
  extensions: [{ oid: '2.5.29.17', critical: true, value: encoded(sequence([host()])) }],
});
leafCase('SAN: critical, with only an otherName', {
  san: null,
  extensions: [
    {
      oid: '2.5.29.17',
      critical: true,
      value: encoded(sequence([otherName([oid('1.2.3'), constructed(0, [universal(UTF8, 'a')])])])),
    },
  ],
});

// Extensions
const extensionCase = (
  what: string,
  id: string,
  value: Asn1 | Buffer,
  options: IssueOptions = {},
  critical = false,
): void =>
  leafCase(what, {
    ...options,
    extensions: [{ oid: id, critical, value: Buffer.isBuffer(value) ? value : encoded(value) }],
  });
const basic = (what: string, ...fields: Asn1[]): void =>
  extensionCase(`basicConstraints: ${what}`, '2.5.29.19', sequence(fields), { ca: null }, true);
basic('empty');
basic('FALSE encoded', universal(BOOLEAN, hex('00')));
basic('path length without cA', universal(INTEGER, hex('00')));
basic('FALSE and a path length', universal(BOOLEAN, hex('00')), universal(INTEGER, hex('00')));
basic('TRUE as 01', universal(BOOLEAN, hex('01')));
basic(
  'more after them',
  universal(BOOLEAN, hex('00')),
  universal(INTEGER, hex('00')),
  universal(INTEGER, hex('00')),
);
extensionCase('basicConstraints: not critical', '2.5.29.19', sequence([]), { ca: null });
extensionCase(
  'basicConstraints: bytes after it',
  '2.5.29.19',
  Buffer.concat([encoded(sequence([])), hex('0500')]),
  { ca: null },
);
const caBasic = (what: string, ...fields: Asn1[]): void =>
  caCase(`basicConstraints: ${what}`, {
    ca: null,
    keyUsage: ['keyCertSign'],
    eku: null,
    san: null,
    extensions: [{ oid: '2.5.29.19', critical: true, value: encoded(sequence(fields)) }],
  });
const TRUE = universal(BOOLEAN, hex('ff'));
caBasic('TRUE', TRUE);
caBasic('TRUE as 01', universal(BOOLEAN, hex('01')));
caBasic('path length 127', TRUE, universal(INTEGER, hex('7f')));
caBasic('path length 255', TRUE, universal(INTEGER, hex('00ff')));
caBasic('path length 256', TRUE, universal(INTEGER, hex('0100')));
caBasic('path length 2^31 - 1', TRUE, universal(INTEGER, hex('7fffffff')));
caBasic('path length 2^31', TRUE, universal(INTEGER, hex('0080000000')));
caBasic('path length 2^63', TRUE, universal(INTEGER, hex('008000000000000000')));
caBasic('path length negative', TRUE, universal(INTEGER, hex('ff')));
caBasic('path length not minimal', TRUE, universal(INTEGER, hex('0005')));
const usage = (what: string, bytes: string): void =>
  extensionCase(
    `keyUsage: ${what}`,
    '2.5.29.15',
    universal(BIT_STRING, hex(bytes)),
    { keyUsage: null },
    true,
  );
usage('minimal', '0780');
usage('not minimal', '0080');
usage('two bytes', '008000');
usage('three bytes', '00800000');
usage('empty', '00');
usage('all zero', '0700');
usage('unused bits set', '0781');
usage('unused bits 8', '0880');
usage('unused bits without a byte', '07');
usage('no content', '');
extensionCase('extKeyUsage: empty', '2.5.29.37', sequence([]), { eku: null });
extensionCase(
  'extKeyUsage: twice the same',
  '2.5.29.37',
  sequence([oid('1.3.6.1.5.5.7.3.1'), oid('1.3.6.1.5.5.7.3.1')]),
  { eku: null },
);
extensionCase(
  'extKeyUsage: bytes after it',
  '2.5.29.37',
  Buffer.concat([encoded(sequence([oid('1.3.6.1.5.5.7.3.1')])), hex('0500')]),
  { eku: null },
);
const akid = (what: string, ...fields: Asn1[]): void =>
  extensionCase(`authorityKeyIdentifier: ${what}`, '2.5.29.35', sequence(fields), { akid: false });
const issuerNames = (): Asn1 => constructed(1, [constructed(4, [nameAsn1('CN=Test Root,O=Test')])]);
akid('empty');
akid('issuer without serial', issuerNames());
akid('serial without issuer', tagged(2, hex('4d01')));
akid('more after it', tagged(5, hex('01')));
extensionCase(
  'authorityKeyIdentifier: critical',
  '2.5.29.35',
  sequence([tagged(0, hex('0102'))]),
  { akid: false },
  true,
);
extensionCase(
  'authorityKeyIdentifier: bytes after it',
  '2.5.29.35',
  Buffer.concat([encoded(sequence([])), hex('0500')]),
  { akid: false },
);
extensionCase('subjectKeyIdentifier: empty', '2.5.29.14', universal(OCTET_STRING, ''), { skid: false });
extensionCase(
  'subjectKeyIdentifier: critical',
  '2.5.29.14',
  universal(OCTET_STRING, hex('0102')),
  { skid: false },
  true,
);
extensionCase('subjectKeyIdentifier: bytes after it', '2.5.29.14', hex('04020102' + '0500'), { skid: false });
const trailing = (value: Asn1): Buffer => Buffer.concat([encoded(value), hex('0500')]);
extensionCase(
  'basicConstraints: critical, bytes after it',
  '2.5.29.19',
  trailing(sequence([])),
  { ca: null },
  true,
);
extensionCase('keyUsage: bytes after it', '2.5.29.15', trailing(universal(BIT_STRING, hex('0780'))), {
  keyUsage: null,
});
extensionCase(
  'keyUsage: critical, bytes after it',
  '2.5.29.15',
  trailing(universal(BIT_STRING, hex('0780'))),
  { keyUsage: null },
  true,
);
extensionCase('SAN: bytes after it', '2.5.29.17', trailing(sequence([host()])), { san: null });
extensionCase('SAN: bytes after it, no common name', '2.5.29.17', trailing(sequence([host()])), {
  san: null,
  subject: 'O=Test',
});
extensionCase(
  'extKeyUsage: critical, bytes after it',
  '2.5.29.37',
  trailing(sequence([oid('1.3.6.1.5.5.7.3.1')])),
  { eku: null },
  true,
);
extensionCase(
  'certificatePolicies: bytes after it',
  '2.5.29.32',
  trailing(sequence([sequence([oid('1.2.3.4')])])),
);
extensionCase(
  'authorityInfoAccess: bytes after it',
  '1.3.6.1.5.5.7.1.1',
  trailing(sequence([sequence([oid('1.3.6.1.5.5.7.48.2'), tagged(6, Buffer.from('http://a.example/'))])])),
);
extensionCase(
  'cRLDistributionPoints: bytes after it',
  '2.5.29.31',
  trailing(
    sequence([sequence([constructed(0, [constructed(0, [tagged(6, Buffer.from('http://a.example/'))])])])]),
  ),
);
extensionCase(
  'SAN: critical, an entry Java cannot parse',
  '2.5.29.17',
  sequence([host(), tagged(6, Buffer.from('no scheme'))]),
  { san: null },
  true,
);
leafCase('the same extension twice', {
  extensions: [
    { oid: '1.2.3.4.5', value: hex('0500') },
    { oid: '1.2.3.4.5', value: hex('0500') },
  ],
});
leafCase('a critical flag FALSE encoded', {
  extensions: [{ oid: '1.2.3.4.5', critical: 'encoded false', value: hex('0500') }],
});
leafCase('an extension value that is no DER', { extensions: [{ oid: '1.2.3.4.5', value: hex('ff') }] });
leafCase('an empty extension value', { extensions: [{ oid: '1.2.3.4.5', value: hex('') }] });
leafCase('an empty list of extensions', { raw: { extensions: constructed(3, [sequence([])]) } });
leafCase('an extension without a value', {
  raw: { extensions: constructed(3, [sequence([sequence([oid('1.2.3.4')])])]) },
});
leafCase('a critical flag 01', {
  raw: {
    extensions: constructed(3, [
      sequence([
        sequence([
          oid('2.5.29.17'),
          universal(BOOLEAN, hex('01')),
          universal(OCTET_STRING, encoded(sequence([host()]))),
        ]),
      ]),
    ]),
  },
});
leafCase('extensions under [4]', { raw: { extensions: constructed(4, [sequence([])]) } });
extensionCase(
  'authorityInfoAccess: ordinary',
  '1.3.6.1.5.5.7.1.1',
  sequence([sequence([oid('1.3.6.1.5.5.7.48.2'), tagged(6, Buffer.from('http://a.example/'))])]),
);
extensionCase(
  'authorityInfoAccess: critical',
  '1.3.6.1.5.5.7.1.1',
  sequence([sequence([oid('1.3.6.1.5.5.7.48.2'), tagged(6, Buffer.from('http://a.example/'))])]),
  {},
  true,
);
extensionCase('authorityInfoAccess: empty', '1.3.6.1.5.5.7.1.1', sequence([]));
extensionCase(
  'authorityInfoAccess: 8-bit URI',
  '1.3.6.1.5.5.7.1.1',
  sequence([sequence([oid('1.3.6.1.5.5.7.48.2'), tagged(6, hex('e4'))])]),
);
extensionCase(
  'authorityInfoAccess: URI that does not parse',
  '1.3.6.1.5.5.7.1.1',
  sequence([sequence([oid('1.3.6.1.5.5.7.48.2'), tagged(6, Buffer.from('a b:'))])]),
);
extensionCase('authorityInfoAccess: malformed', '1.3.6.1.5.5.7.1.1', universal(OCTET_STRING, hex('00')));
const policies = (what: string, ...fields: Asn1[]): void =>
  extensionCase(`certificatePolicies: ${what}`, '2.5.29.32', sequence(fields));
policies('one', sequence([oid('1.2.3.4')]));
policies('empty');
policies('twice the same', sequence([oid('1.2.3.4')]), sequence([oid('1.2.3.4')]));
policies('qualifiers empty', sequence([oid('1.2.3.4'), sequence([])]));
policies(
  'an unknown qualifier',
  sequence([oid('1.2.3.4'), sequence([sequence([oid('1.2.3.5'), universal(5, '')])])]),
);
policies(
  'CPS in UTF-8',
  sequence([
    oid('1.2.3.4'),
    sequence([sequence([oid('1.3.6.1.5.5.7.2.1'), universal(UTF8, 'https://a.example')])]),
  ]),
);
policies(
  'CPS',
  sequence([
    oid('1.2.3.4'),
    sequence([sequence([oid('1.3.6.1.5.5.7.2.1'), universal(IA5, 'https://a.example')])]),
  ]),
);
policies(
  'a notice',
  sequence([
    oid('1.2.3.4'),
    sequence([sequence([oid('1.3.6.1.5.5.7.2.2'), sequence([universal(VISIBLE, 'notice')])])]),
  ]),
);
extensionCase('certificatePolicies: malformed', '2.5.29.32', universal(OCTET_STRING, hex('00')));
extensionCase(
  'authorityInfoAccess: a description that is no list',
  '1.3.6.1.5.5.7.1.1',
  sequence([universal(OCTET_STRING, hex('00'))]),
);
policies('one that is no list', universal(INTEGER, hex('01')));
extensionCase(
  'cRLDistributionPoints: ordinary',
  '2.5.29.31',
  sequence([sequence([constructed(0, [constructed(0, [tagged(6, Buffer.from('http://a.example/'))])])])]),
);
extensionCase('cRLDistributionPoints: empty', '2.5.29.31', sequence([]));
extensionCase('cRLDistributionPoints: an empty point', '2.5.29.31', sequence([sequence([])]));
extensionCase(
  'cRLDistributionPoints: 8-bit URI',
  '2.5.29.31',
  sequence([sequence([constructed(0, [constructed(0, [tagged(6, hex('e4'))])])])]),
);
extensionCase('cRLDistributionPoints: malformed', '2.5.29.31', universal(OCTET_STRING, hex('00')));
extensionCase('issuerAltName: DNS in Latin-1', '2.5.29.18', sequence([tagged(2, hex('e4'))]));
extensionCase('issuerAltName: empty', '2.5.29.18', sequence([]));
extensionCase('policyConstraints: empty', '2.5.29.36', sequence([]));
extensionCase('policyConstraints: not critical', '2.5.29.36', sequence([tagged(0, hex('05'))]));
extensionCase('policyMappings: empty', '2.5.29.33', sequence([]));
extensionCase('inhibitAnyPolicy: negative', '2.5.29.54', universal(INTEGER, hex('ff')));
extensionCase('nameConstraints: on a leaf, empty', '2.5.29.30', sequence([]));
extensionCase('Netscape certificate type', '2.16.840.1.113730.1.1', universal(BIT_STRING, hex('0640')));
extensionCase(
  'Netscape certificate type client only',
  '2.16.840.1.113730.1.1',
  universal(BIT_STRING, hex('0780')),
);
extensionCase('Netscape comment', '2.16.840.1.113730.1.13', universal(IA5, 'made by OpenSSL'));
extensionCase('TLS feature must-staple', '1.3.6.1.5.5.7.1.24', sequence([universal(INTEGER, hex('05'))]));
extensionCase(
  'privateKeyUsagePeriod',
  '2.5.29.16',
  sequence([tagged(0, Buffer.from('20200101000000Z')), tagged(1, Buffer.from('20210101000000Z'))]),
);
extensionCase('subjectInfoAccess malformed', '1.3.6.1.5.5.7.1.11', universal(OCTET_STRING, hex('00')));
extensionCase('a subject directory attribute', '2.5.29.9', sequence([]));

const nameConstraints = (what: string, ...fields: Asn1[]): void =>
  caCase(`nameConstraints: ${what}`, {
    extensions: [{ oid: '2.5.29.30', critical: true, value: encoded(sequence(fields)) }],
  });
const permitted = (...bases: Asn1[]): Asn1 =>
  constructed(
    0,
    bases.map((base) => sequence([base])),
  );
const excluded = (...bases: Asn1[]): Asn1 =>
  constructed(
    1,
    bases.map((base) => sequence([base])),
  );
nameConstraints('ordinary', permitted(generalName('example.com')));
nameConstraints('DNS permitted with a leading dot', permitted(tagged(2, Buffer.from('.example.com'))));
nameConstraints('DNS excluded with a leading dot', excluded(tagged(2, Buffer.from('.b.example'))));
nameConstraints('DNS permitted, empty', permitted(tagged(2, Buffer.alloc(0))));
nameConstraints('empty');
nameConstraints('empty permitted', constructed(0, []));
nameConstraints('DNS in Latin-1', permitted(generalName('example.com')), excluded(tagged(2, hex('e4'))));
nameConstraints('DNS with a wildcard', excluded(tagged(2, Buffer.from('*.b.example'))));
nameConstraints('DNS with _', excluded(tagged(2, Buffer.from('a_b.example'))));
nameConstraints('DNS with a final dot', excluded(tagged(2, Buffer.from('b.example.'))));
nameConstraints('IP without mask', excluded(tagged(7, hex('0a000000'))));
nameConstraints('IP with a broken mask', excluded(tagged(7, hex('0a000000ff00ff00'))));
nameConstraints('IP with host bits', excluded(tagged(7, hex('0a000001ff000000'))));
nameConstraints('URI a whole URL', excluded(tagged(6, Buffer.from('https://b.example'))));
nameConstraints('URI host', excluded(tagged(6, Buffer.from('b.example'))));
nameConstraints('e-mail', excluded(tagged(1, Buffer.from('a@b.example'))));
nameConstraints('e-mail host', excluded(tagged(1, Buffer.from('b.example'))));
nameConstraints('e-mail malformed', excluded(tagged(1, Buffer.from('a@b@c'))));
nameConstraints('minimum 1', constructed(1, [sequence([generalName('b.example'), tagged(0, hex('01'))])]));
nameConstraints(
  'minimum 0 encoded',
  constructed(1, [sequence([generalName('b.example'), tagged(0, hex('00'))])]),
);
nameConstraints('maximum', constructed(1, [sequence([generalName('b.example'), tagged(1, hex('01'))])]));
nameConstraints('registeredID', excluded(tagged(8, hex('2a0304'))));
nameConstraints('otherName', excluded(otherName([oid('1.2.3'), constructed(0, [universal(UTF8, 'a')])])));
nameConstraints('directory', excluded(constructed(4, [nameAsn1('O=b')])));
nameConstraints('directory empty', permitted(constructed(4, [nameAsn1('')])));

// Algorithms and signature
const ecdsa = (id: string, ...more: Asn1[]): Asn1 => sequence([oid(id), ...more]);
leafCase('inner and outer algorithm differ', { raw: { innerAlgorithm: ecdsa('1.2.840.10045.4.3.3') } });
leafCase('ECDSA with NULL parameters', {
  raw: {
    innerAlgorithm: ecdsa('1.2.840.10045.4.3.2', universal(5, '')),
    outerAlgorithm: ecdsa('1.2.840.10045.4.3.2', universal(5, '')),
  },
});
leafCase('ECDSA with NULL parameters only outside', {
  raw: { outerAlgorithm: ecdsa('1.2.840.10045.4.3.2', universal(5, '')) },
});
cases.push(() => {
  const above = issue({ subject: 'CN=RSA CA', issuer: ROOT, key: key('rsa2048', 1), ca: true });
  const bare = (): Asn1 => sequence([oid('1.2.840.113549.1.1.11')]);
  return {
    name: 'RSA signature without NULL parameters',
    leaf: issue({ issuer: above, raw: { innerAlgorithm: bare(), outerAlgorithm: bare() } }),
    intermediates: [above],
    root: ROOT,
  };
});
leafCase('unique identifiers', {
  raw: { uniqueIds: [tagged(1, hex('0001')), tagged(2, hex('0002'))] },
});
leafCase('unique identifier with unused bits set', { raw: { uniqueIds: [tagged(1, hex('0101'))] } });
leafCase('unique identifier empty', { raw: { uniqueIds: [tagged(1, hex(''))] } });
leafCase('something after the extensions', { raw: { more: [tagged(4, hex('00'))] } });
leafCase('a SEQUENCE after the extensions', { raw: { more: [sequence([])] } });

// Public keys
const spki = (kind: 'rsa2048' | 'p256', change: (der: Buffer) => Buffer): Asn1 =>
  decoded(change(Buffer.from(spkiOf(key(kind)))));
const rsaSpki = (modulus: Buffer, exponent: Buffer, parameters: Asn1[] = [universal(5, '')]): Asn1 =>
  sequence([
    sequence([oid('1.2.840.113549.1.1.1'), ...parameters]),
    universal(
      BIT_STRING,
      Buffer.concat([
        hex('00'),
        encoded(sequence([universal(INTEGER, modulus), universal(INTEGER, exponent)])),
      ]),
    ),
  ]);
const modulus = (): Buffer => {
  const jwk = key('rsa2048').export({ format: 'jwk' });
  return Buffer.concat([hex('00'), Buffer.from(String(jwk.n), 'base64url')]);
};
const keyCase = (what: string, publicKey: () => Asn1, kind: 'rsa2048' | 'p256' = 'rsa2048'): void => {
  cases.push(() => {
    const above = ROOT;
    return {
      name: `public key: ${what}`,
      leaf: issue({ issuer: above, key: key(kind), raw: { publicKey: publicKey() } }),
      intermediates: [],
      root: above,
    };
  });
};
const E = hex('010001');
keyCase('RSA', () => rsaSpki(modulus(), E));
keyCase('RSA without parameters', () => rsaSpki(modulus(), E, []));
keyCase('RSA with other parameters', () => rsaSpki(modulus(), E, [sequence([])]));
keyCase('RSA modulus negative', () => rsaSpki(modulus().subarray(1), E));
keyCase('RSA modulus not minimal', () => rsaSpki(Buffer.concat([hex('00'), modulus()]), E));
keyCase('RSA exponent not minimal', () => rsaSpki(modulus(), hex('00010001')));
keyCase(
  'EC compressed point',
  () => {
    const der = Buffer.from(spkiOf(key('p256')));
    const point = der.subarray(-65);
    const odd = ((point[64] ?? 0) & 1) === 1;
    return sequence([
      sequence([oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')]),
      universal(BIT_STRING, Buffer.concat([hex('00'), hex(odd ? '03' : '02'), point.subarray(1, 33)])),
    ]);
  },
  'p256',
);
keyCase(
  'EC hybrid point',
  () => {
    const der = Buffer.from(spkiOf(key('p256')));
    const point = der.subarray(-65);
    const odd = ((point[64] ?? 0) & 1) === 1;
    return sequence([
      sequence([oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')]),
      universal(BIT_STRING, Buffer.concat([hex('00'), hex(odd ? '07' : '06'), point.subarray(1)])),
    ]);
  },
  'p256',
);
keyCase(
  'EC under id-ecDH',
  () =>
    spki('p256', (der) => {
      const at = der.indexOf(hex('2a8648ce3d0201'));
      return Buffer.concat([der.subarray(0, at - 2), hex('06072a8648ce3d0201'), der.subarray(at + 7)]);
    }),
  'p256',
);

// Encoding
/** Another length of the subject. */
const subjectLength =
  (change: (content: Buffer) => Buffer) =>
  (tbs: Buffer): Buffer => {
    const name = encoded(nameAsn1(`CN=${HOST}`));
    const at = tbs.indexOf(name);
    const changed = Buffer.concat([
      tbs.subarray(0, at),
      change(name.subarray(2)),
      tbs.subarray(at + name.length),
    ]);
    const length = changed.length - 4;
    return Buffer.concat([hex('3082'), Buffer.from([length >> 8, length & 0xff]), changed.subarray(4)]);
  };
leafCase('a length in the body that is not minimal', {
  raw: {
    body: subjectLength((content) => Buffer.concat([hex('3081'), Buffer.from([content.length]), content])),
  },
});
leafCase('an indefinite length in the body', {
  raw: { body: subjectLength((content) => Buffer.concat([hex('3080'), content, hex('0000')])) },
});

/** All cases, each made when it is asked for. */
export const DER_CASES: readonly (() => ClientCase)[] = cases;
