import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { excludedNames } from '../../src/x509/name-constraints.ts';
import { type IssueOptions, issue } from '../support/pki.ts';
import { readOne } from '../support/read.ts';

const ROOT = issue({ subject: 'CN=root', ca: true });

/** The names of a leaf that a CA with these constraints may not certify. */
function excluded(nameConstraints: NonNullable<IssueOptions['nameConstraints']>, leaf: IssueOptions) {
  const ca = readOne(issue({ subject: 'CN=ca', issuer: ROOT, ca: true, nameConstraints }));
  if (ca.nameConstraints === null) throw new Error('no name constraints');
  return excludedNames(ca.nameConstraints, readOne(issue(leaf)));
}

const NAMES: readonly [name: string, constraint: string, within: boolean][] = [
  ['example.com', 'example.com', true],
  ['a.example.com', 'example.com', true],
  ['b.a.Example.COM', 'eXample.com', true],
  ['*.example.com', 'example.com', true],
  ['evilexample.com', 'example.com', false],
  ['example.com.evil.test', 'example.com', false],
  ['com', 'example.com', false],
  ['a.example.com', '.example.com', true],
  ['example.com', '.example.com', false],
  ['evilexample.com', '.example.com', false],
  ['a.b.example.com', 'a.example.com', false],
  ['anything.test', 'dns:', true],
  ['10.1.2.3', 'ip:10.0.0.0/8', true],
  ['11.0.0.0', 'ip:10.0.0.0/8', false],
  ['10.0.0.127', 'ip:10.0.0.0/25', true],
  ['10.0.0.128', 'ip:10.0.0.0/25', false],
  ['10.0.0.1', 'ip:10.0.0.1/32', true],
  ['10.0.0.2', 'ip:10.0.0.1/32', false],
  ['10.0.0.2', 'ip:10.0.0.1/0', true],
  ['2001:db8:0:1::1', 'ip:2001:db8::/32', true],
  ['2001:db9::1', 'ip:2001:db8::/32', false],
  ['2001:db8::1', 'ip:2001:db8::1/128', true],
  ['2001:db8::2', 'ip:2001:db8::1/128', false],
  ['::1', 'ip:10.0.0.0/0', false],
  ['10.0.0.1', 'ip:::/0', false],
];
for (const [name, constraint, within] of NAMES) {
  test(`${name} is ${within ? '' : 'not '}within ${constraint}`, () => {
    assert.equal(excluded({ permitted: [constraint] }, { san: [name] }), within ? [] : [name]);
    assert.equal(excluded({ excluded: [constraint] }, { san: [name] }), within ? [name] : []);
  });
}

test('one of several permitted subtrees is enough; one excluded is too many', () => {
  const san = ['a.one.test', 'b.two.test', 'c.three.test'];
  assert.equal(excluded({ permitted: ['one.test', 'two.test'] }, { san }), ['c.three.test']);
  assert.equal(excluded({ permitted: ['one.test'], excluded: ['a.one.test', 'x.test'] }, { san }), san);
});

test('what is permitted of one form leaves names of other forms alone', () => {
  const san = ['lightrun.example.com', '10.0.0.1'];
  assert.equal(excluded({ permitted: ['example.com'] }, { san }), []);
  assert.equal(excluded({ permitted: ['ip:192.0.2.0/24'] }, { san }), ['10.0.0.1']);
});

test('a network of neither 8 nor 32 bytes matches nothing', () => {
  const leaf = readOne(issue({ san: ['10.0.0.1', '::1'] }));
  const none = { dns: [], ip: [], directory: [], other: [] };
  for (const length of [0, 6, 7, 9, 10, 16, 30, 31, 33, 34]) {
    const ip = [Buffer.alloc(length)];
    assert.equal(excludedNames({ permitted: none, excluded: { ...none, ip } }, leaf), []);
  }
});

test('a mask with holes counts up to the first', () => {
  const none = { dns: [], ip: [], directory: [], other: [] };
  const ip = [Buffer.from([10, 0, 0, 0, 255, 0, 255, 0])];
  const of = (san: string) =>
    excludedNames({ permitted: none, excluded: { ...none, ip } }, readOne(issue({ san: [san] })));
  assert.equal(of('10.9.9.9'), ['10.9.9.9']);
  assert.equal(of('11.0.0.0'), []);
});

test('a subject is below a directory name whose relative names it begins with', () => {
  const base = { permitted: ['dir:CN=x,O=Example'] };
  const san = ['lightrun.example.com'];
  assert.equal(excluded(base, { san, subject: 'CN=x,O=Example' }), []);
  assert.equal(excluded(base, { san, subject: 'CN=y,O=Example' }), ['CN=y,O=Example']);
  assert.equal(excluded(base, { san, subject: 'O=Example' }), ['O=Example']);
  assert.equal(excluded(base, { san, subject: [] }), []);
  assert.equal(excluded({ excluded: ['dir:O=Example'] }, { san, subject: 'CN=x,O=Example' }), [
    'CN=x,O=Example',
  ]);
});

const COMMON_NAMES: readonly [commonName: string, isHost: boolean][] = [
  ['lightrun.test', true],
  ['*.lightrun.test', true],
  ['a.b', true],
  ['a_b-c.d-e_f', true],
  ['lightrun', false],
  ['lightrun.', false],
  ['.test', false],
  ['a.*.test', false],
  ['-a.test', false],
  ['a-.test', false],
  ['a.test-', false],
  ['Lightrun on a.test', false],
  ['a.test for Lightrun', false],
];
for (const [commonName, isHost] of COMMON_NAMES) {
  test(`without alternative names, the common name ${commonName} is ${isHost ? 'a' : 'no'} host`, () => {
    const subject = `CN=${commonName}`;
    const constraints = { permitted: ['example.com'] };
    assert.equal(excluded(constraints, { subject, san: null }), isHost ? [commonName] : []);
    assert.equal(excluded(constraints, { subject, san: ['example.com'] }), []);
  });
}

test('without alternative names and common name there is no host', () => {
  assert.equal(excluded({ permitted: ['example.com'] }, { subject: 'O=Example', san: null }), []);
});

test.run();
