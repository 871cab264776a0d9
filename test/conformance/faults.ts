/** Chains in order with something wrong in the certificate of one level, or of two. */
import type { IssueOptions } from '../support/pki.ts';
import { type Case, picked, type Trait } from './case.ts';
import { filesOf, ladder } from './ladder.ts';
import { LENGTHS, levelsOf, shapeCase } from './shapes.ts';

const DAY = 24 * 60 * 60 * 1000;
const days = (count: number): Date => new Date(Date.now() + count * DAY);
const NULL = Buffer.from('0500', 'hex');

/** Something about a certificate, right or wrong; `at` says at which levels of a chain it makes sense. */
interface Fault {
  name: string;
  at?(level: number, length: number): boolean;
  of(level: number): IssueOptions;
  trait?: Trait;
  /** Where it stands at the root of a chain. */
  traitOfRoot?: Trait;
}

const isCa = (level: number, length: number): boolean => level > 0 && length > 1;
const isLeaf = (level: number): boolean => level === 0;

const FAULTS: readonly Fault[] = [
  { name: 'expired', of: () => ({ notBefore: days(-100), notAfter: days(-1) }) },
  { name: 'not yet valid', of: () => ({ notBefore: days(1), notAfter: days(90) }) },
  { name: 'valid for ten more days', of: () => ({ notBefore: days(-80), notAfter: days(10) }) },
  { name: 'signed with SHA-1', of: () => ({ hash: 'sha1' }) },
  { name: 'signed with SHA-384', of: () => ({ hash: 'sha384' }) },
  {
    name: 'changed after signing',
    of: () => ({ corruptSignature: true }),
    traitOfRoot: 'root changed after signing',
  },
  { name: 'for clients only', of: () => ({ eku: ['clientAuth'] }) },
  { name: 'for servers and clients', of: () => ({ eku: ['serverAuth', 'clientAuth'] }) },
  {
    name: 'for any purpose',
    of: () => ({ eku: ['anyExtendedKeyUsage'] }),
  },
  { name: 'for any purpose and servers', of: () => ({ eku: ['anyExtendedKeyUsage', 'serverAuth'] }) },
  { name: 'without extended key usage', at: isLeaf, of: () => ({ eku: null }) },
  { name: 'without key usage', of: () => ({ keyUsage: null }) },
  { name: 'with key usage for nothing of TLS', at: isLeaf, of: () => ({ keyUsage: ['nonRepudiation'] }) },
  { name: 'with key usage for signatures only', at: isLeaf, of: () => ({ keyUsage: ['digitalSignature'] }) },
  {
    name: 'with key usage for agreement only',
    at: isLeaf,
    of: () => ({ keyUsage: ['keyAgreement'] }),
  },
  {
    name: 'with key usage for encipherment only',
    at: isLeaf,
    of: () => ({ keyUsage: ['keyEncipherment'] }),
  },
  {
    name: 'with an unknown critical extension',
    of: () => ({ extensions: [{ oid: '1.2.3.4', critical: true, value: NULL }] }),
  },
  { name: 'with an unknown extension', of: () => ({ extensions: [{ oid: '1.2.3.4', value: NULL }] }) },
  { name: 'no CA', at: isCa, of: () => ({ ca: false }) },
  {
    name: 'no CA, and for signatures only',
    at: isCa,
    of: () => ({ ca: false, keyUsage: ['digitalSignature'] }),
  },
  { name: 'without basic constraints', at: isCa, of: () => ({ ca: null }) },
  { name: 'not allowed to sign certificates', at: isCa, of: () => ({ keyUsage: ['cRLSign'] }) },
  { name: 'with just the path length that is needed', at: isCa, of: (level) => ({ pathLength: level - 1 }) },
  {
    name: 'with a path length too small by one',
    at: (level) => level > 1,
    of: (level) => ({ pathLength: level - 2 }),
  },
  {
    name: 'that permits the name',
    at: isCa,
    of: () => ({ nameConstraints: { permitted: ['example.com'] } }),
  },
  {
    name: 'that permits other names',
    at: isCa,
    of: () => ({ nameConstraints: { permitted: ['other.example'] } }),
  },
  {
    name: 'that excludes the name',
    at: isCa,
    of: () => ({ nameConstraints: { excluded: ['example.com'] } }),
  },
  {
    name: 'that excludes other names',
    at: isCa,
    of: () => ({ nameConstraints: { excluded: ['other.example'] } }),
  },
  { name: 'without key identifiers', of: () => ({ skid: false, akid: false }) },
  {
    name: 'with a wrong authority key identifier',
    of: () => ({ akid: Buffer.alloc(20, 7) }),
  },
  { name: 'of version 1', of: () => ({ version: 1 }) },
  { name: 'without names', at: isLeaf, of: () => ({ san: null }) },
  { name: 'that is a CA too', at: isLeaf, of: () => ({ ca: true }) },
  { name: 'valid to the year 9999', of: () => ({ notAfter: new Date('9999-12-31T23:59:59Z') }) },
  { name: 'with the serial number zero', of: () => ({ serial: Buffer.from([0]) }) },
  { name: 'with a serial number of thirty bytes', of: () => ({ serial: Buffer.alloc(30, 0x41) }) },
  { name: 'with an empty subject', of: () => ({ subject: '' }) },
  { name: 'with a mail address for a name', at: isLeaf, of: () => ({ san: ['email:ops@example.com'] }) },
  { name: 'with a name in upper case', at: isLeaf, of: () => ({ san: ['LIGHTRUN.Example.COM'] }) },
  { name: 'with a full stop behind the name', at: isLeaf, of: () => ({ san: ['lightrun.example.com.'] }) },
  { name: 'with a wildcard in part of a label', at: isLeaf, of: () => ({ san: ['light*.example.com'] }) },
  { name: 'with an address only', at: isLeaf, of: () => ({ san: ['10.0.0.1'] }) },
  { name: 'with a wildcard', at: isLeaf, of: () => ({ san: ['*.example.com'] }) },
  { name: 'with a name that is not the host', at: isLeaf, of: () => ({ san: ['example.org'] }) },
  { name: 'with a wildcard one level too high', at: isLeaf, of: () => ({ san: ['*.com'] }) },
];

/** A fault at a level of a chain of so many certificates. */
interface Place {
  fault: Fault;
  level: number;
  length: number;
}

const PLACES: readonly Place[] = LENGTHS.flatMap((length) =>
  levelsOf(length).flatMap((level) =>
    FAULTS.filter(({ at }) => at?.(level, length) ?? true).map((fault) => ({ fault, level, length })),
  ),
);

const MOST_TWICE = 200;
const HOST_OF_VALUES = 'general:\n  lightrun_endpoint: lightrun.example.com\n';

function faultCase(places: readonly Place[]): Case {
  const [{ length }] = places as [Place];
  const name = `${places.map(({ fault, level }) => `${level} ${fault.name}`).join(', ')} of ${length}`;
  const changeOf = (at: number): IssueOptions =>
    Object.assign({}, ...places.filter(({ level }) => level === at).map(({ fault }) => fault.of(at)));
  const traits = places.flatMap(({ fault: { trait, traitOfRoot }, level }) =>
    [trait, level === length - 1 ? traitOfRoot : undefined].filter((each) => each !== undefined),
  );
  const family = places.length === 1 ? 'faults at one level' : 'faults at two levels';
  const plain = shapeCase(family, name, () => filesOf(ladder(length, changeOf)), traits);
  return { ...plain, make: () => ({ ...plain.make(), more: HOST_OF_VALUES }) };
}

/** Each fault at each level, and some pairs of two at different levels. */
export function faults(): Case[] {
  const twice = PLACES.filter(({ length }) => length > 1).flatMap((one) =>
    PLACES.filter(({ length, level }) => length === one.length && level > one.level).map((other) => [
      one,
      other,
    ]),
  );
  return [...PLACES.map((place) => faultCase([place])), ...picked(twice, MOST_TWICE, 2).map(faultCase)];
}
