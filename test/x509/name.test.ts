import { X509Certificate } from 'node:crypto';
import * as asn1js from 'asn1js';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { commonNameOf, comparableName, lastValue, readName, valuesOf } from '../../src/x509/name.ts';
import { type Attribute, encoded, issue, type Name, nameAsn1, type StringType } from '../support/pki.ts';
import { tries } from '../support/property.ts';

const commonName = (name: Name) =>
  read(name)
    .attributes.flat()
    .findLast(({ type }) => type === '2.5.4.3')?.text ?? null;
const read = (name: Name) => readName(encoded(nameAsn1(name)));

test('the text is RFC 4514: the relative name encoded last comes first', () => {
  const name = read([[['C', 'DE']], [['O', 'Example']], [['CN', 'lightrun.example.com']]]);
  assert.is(name.text, 'CN=lightrun.example.com,O=Example,C=DE');
});

test('every type with a short name shows it', () => {
  const text = 'CN=a,OU=b,O=c,STREET=d,L=e,ST=f,C=GB,DC=g,UID=h,emailAddress=i@j,serialNumber=k,SN=l';
  assert.is(read(text).text, text);
  for (const [oid, name] of [
    ['1.3.6.1.4.1.311.60.2.1.1', 'jurisdictionL'],
    ['1.3.6.1.4.1.311.60.2.1.2', 'jurisdictionST'],
    ['1.3.6.1.4.1.311.60.2.1.3', 'jurisdictionC'],
    ['2.5.4.12', 'title'],
    ['2.5.4.13', 'description'],
    ['2.5.4.15', 'businessCategory'],
    ['2.5.4.17', 'postalCode'],
    ['2.5.4.41', 'name'],
    ['2.5.4.42', 'GN'],
    ['2.5.4.43', 'initials'],
    ['2.5.4.44', 'generationQualifier'],
    ['2.5.4.46', 'dnQualifier'],
    ['2.5.4.65', 'pseudonym'],
    ['2.5.4.97', 'organizationIdentifier'],
  ] as const) {
    assert.is(read([[[oid, 'a']]]).text, `${name}=a`);
  }
});

test('several attributes in one relative name are joined by a plus sign', () => {
  assert.is(
    read([
      [['O', 'x']],
      [
        ['CN', 'a'],
        ['UID', 'b'],
      ],
    ]).text,
    'CN=a+UID=b,O=x',
  );
});

test('a type without a short name, and a value that is not text, show their DER', () => {
  assert.is(read([[['1.2.3.4', 'a']]]).text, '1.2.3.4=#0c0161');
  assert.is(read([[['CN', new asn1js.Integer({ value: 5 })]]]).text, 'CN=#020105');
});

test('special characters are escaped as in RFC 4514', () => {
  const escaped = (value: string) => read([[['CN', value]]]).text;
  assert.is(escaped('a,b+c"d\\e<f>g;h'), 'CN=a\\,b\\+c\\"d\\\\e\\<f\\>g\\;h');
  assert.is(escaped(' a '), 'CN=\\ a\\ ');
  assert.is(escaped(' '), 'CN=\\ ');
  assert.is(escaped('\\ '), 'CN=\\\\\\ ');
  assert.is(escaped('#a#'), 'CN=\\#a#');
  assert.is(escaped('a\0b\nc\x1b[31m'), 'CN=a\\00b\\0Ac\\1B[31m');
  assert.is(escaped('a=b'), 'CN=a=b');
  assert.is(escaped('Straße 東京'), 'CN=Straße 東京');
});

test('an empty name is empty text and has no relative names', () => {
  assert.equal(read([]), { text: '', rdns: [], attributes: [] });
  assert.is(lastValue([]), null);
});

test('names are equal whatever their case, white space and type of string', () => {
  const { rdns } = read([[['O', 'Example Inc']], [['CN', 'Root']]]);
  const kinds: StringType[] = ['utf8', 'printable', 'teletex', 'bmp', 'universal', 'ia5'];
  for (const kind of kinds) {
    assert.equal(read([[['O', 'eXAMPLE inc', kind]], [['CN', 'root', kind]]]).rdns, rdns, kind);
    assert.equal(read([[['O', '  Example \t  Inc ', kind]], [['CN', 'Root', kind]]]).rdns, rdns, kind);
  }
});

test('letters outside ASCII keep their case', () => {
  assert.not.equal(read('CN=É').rdns, read('CN=é').rdns);
});

test('names that differ in type, value, order or grouping are not equal', () => {
  const keys = [
    read([[['O', 'a']], [['CN', 'b']]]),
    read([[['CN', 'b']], [['O', 'a']]]),
    read([
      [
        ['O', 'a'],
        ['CN', 'b'],
      ],
    ]),
    read([[['OU', 'a']], [['CN', 'b']]]),
    read([[['O', 'a']], [['CN', 'b c']]]),
    read([[['O', 'a']], [['CN', 'bc']]]),
    read([[['O', 'a']]]),
    read([[['O', 'a,CN=b']]]),
    read([[['O', 'a\n2.5.4.3=b']]]),
    read([[['O', new asn1js.Integer({ value: 1 })]]]),
    read([[['O', '#020101']]]),
  ].map(({ rdns }) => rdns.join('\n'));
  assert.is(new Set(keys).size, keys.length);
});

test('attributes of one relative name are equal in any order', () => {
  const attributes: Attribute[] = [
    ['CN', 'a'],
    ['UID', 'b'],
  ];
  assert.equal(read([attributes]).rdns, read([attributes.toReversed()]).rdns);
});

test('a comparable name gives back its parts', () => {
  const { rdns } = read([[['O', 'Example  Inc']], [['O', 'B']], [['CN', 'a=b']]]);
  assert.equal(valuesOf(rdns, '2.5.4.10'), ['example inc', 'b']);
  assert.equal(valuesOf(rdns, '2.5.4.11'), []);
  assert.is(lastValue(rdns), 'a=b');
  assert.is(rdns.length, 3);
});

test('any text survives: one line, and distinct where it should be', () => {
  const value = fc.string({ unit: 'binary' }).filter((text) => !/\p{Cs}/u.test(text));
  fc.assert(
    fc.property(value, value, (a, b) => {
      const [one, other] = [read([[['CN', a]]]), read([[['CN', b]]])];
      assert.is(one.attributes[0]?.[0]?.text, a);
      assert.not.match(one.text, /\p{Cc}/u);
      assert.is(one.text === other.text, a === b);
    }),
    tries(),
  );
});

test('what is not a name is refused', () => {
  assert.throws(() => readName(encoded(new asn1js.Integer({ value: 1 }))));
  assert.throws(() => readName(Buffer.alloc(0)));
});

const shown = (name: Name): string => new X509Certificate(issue({ subject: name }).der).subject;

test('names that OpenSSL shows are compared whatever their case, white space and types of string', () => {
  const same: Name[] = [
    [[['O', 'Example  Inc']], [['CN', 'A, b']]],
    [[['O', ' example inc ', 'printable']], [['CN', 'a,  B', 'bmp']]],
    [[['O', 'EXAMPLE INC', 'teletex']], [['CN', 'a, b', 'universal']]],
  ];
  assert.is(new Set(same.map((name) => comparableName(shown(name)))).size, 1);
  const other: Name[] = [
    'CN=a',
    'CN=b',
    'O=a',
    'CN=a,O=a',
    'O=a,CN=a',
    [[['CN', 'a\nO=a']]],
    [[['CN', 'a + O=a']]],
  ];
  assert.is(new Set(other.map((name) => comparableName(shown(name)))).size, other.length);
});

test('the common name that OpenSSL shows is the one in the certificate', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (value) => {
      const name: Name = [
        [['O', 'x']],
        [
          ['CN', value],
          ['UID', 'y + CN=z'],
        ],
      ];
      assert.is(commonNameOf(shown(name)), commonName(name));
    }),
    tries(),
  );
  assert.is(commonNameOf(shown([[['CN', 'a\u2028CN=b\u2029c']]])), 'a\u2028CN=b\u2029c');
  assert.is(commonNameOf(shown('O=x')), null);
  assert.is(commonNameOf(shown('CN=last,CN=first')), 'last');
});

test.run();
