import * as asn1js from 'asn1js';
import { sequence } from '../test/support/asn1.ts';
import { encryptedKey } from '../test/support/encrypted-key.ts';
import { type Issued, type IssueOptions, issue, key, pkcs8 } from '../test/support/pki.ts';
import { pemYaml } from '../test/support/values-yaml.ts';

/** A values file that asks for more than is affordable, or for as much as is. */
export interface Bounded {
  name: string;
  /** Flags of `lint`. */
  flags?: readonly string[];
  yaml: () => string;
  /** What lint must end with: 2 where it is too costly to check. */
  status: 0 | 1 | 2;
}

const leafKey = key('p256', 1);
const KEY = pkcs8(leafKey);
const PASSWORD = 'secrets: { defaults: { keystore_password: secret } }\n';
const MOST_ROUNDS = 2_000_000;
const ENDLESS_ROUNDS = 2_147_483_647;
const NO_KEY_IDS = { skid: false, akid: false } as const;
const DAY = 24 * 60 * 60 * 1000;

const range = <T>(length: number, make: (at: number) => T): T[] =>
  Array.from({ length }, (_, at) => make(at));
const text = (issued: readonly Issued[]): string => issued.map(({ pem }) => pem).join('');
const good = () => pemYaml(issue({ key: leafKey }).pem, KEY);
const locked = (rounds: number) => pemYaml(issue({ key: leafKey }).pem, encryptedKey(rounds)) + PASSWORD;

/** A leaf with a thousand names below CAs, each of which has a thousand name constraints. */
function constrained(cas: number, names: number): string {
  const permitted = [...range(names - 1, (at) => `h${at}.example.org`), 'example.com'];
  const issued = [issue({ subject: 'CN=Root', key: key('p256', 2), ca: true })];
  for (let at = 0; at < cas; at += 1) {
    const [issuer] = issued as [Issued, ...Issued[]];
    const subject = `CN=CA ${at}`;
    issued.unshift(
      issue({ subject, issuer, key: key('p256', 3 + at), ca: true, nameConstraints: { permitted } }),
    );
  }
  const [issuer] = issued as [Issued, ...Issued[]];
  const leaf = issue({ issuer, key: leafKey, san: range(names, (at) => `h${at}.example.com`) });
  return pemYaml(text([leaf, ...issued]), KEY);
}

/** Levels of CAs that have expired: each may be issued by any of the level above. */
function mesh(levels: number, each: number): string {
  const name = (level: number) => `CN=Level ${level}`;
  const of = (level: number, more: IssueOptions) =>
    issue({
      subject: name(level),
      issuerName: name(level + 1),
      key: key('p256', 10 + level),
      ...NO_KEY_IDS,
      ...more,
    });
  const signWith = (level: number) => ({ signWith: key('p256', 10 + level + 1) });
  const expired = { ca: true, notAfter: new Date(Date.now() - DAY) };
  const root = issue({ subject: name(levels), key: key('p256', 10 + levels), ca: true });
  const cas = range(levels, (level) =>
    range(each, (at) =>
      of(level, { ...signWith(level), ...expired, notBefore: new Date(Date.now() - (9 + at) * DAY) }),
    ),
  );
  const leaf = issue({ issuerName: name(0), ...signWith(-1), key: leafKey, ...NO_KEY_IDS });
  return pemYaml(text([leaf, ...cas.flat(), root]), KEY);
}

/** CAs of eight keys a name, none of which made any signature; RSA keys of these sizes in bits. */
function huge(count: number, modulus: number, exponent: number): string {
  const integer = (bits: number, at: number) =>
    asn1js.Integer.fromBigInt((1n << BigInt(bits - 1)) + BigInt(2 * at + 1));
  const publicKey = (at: number) => {
    const numbers = Buffer.from(
      new asn1js.Sequence({ value: [integer(modulus, at), integer(exponent, at)] }).toBER(),
    );
    const algorithm = [new asn1js.ObjectIdentifier({ value: '1.2.840.113549.1.1.1' }), new asn1js.Null()];
    return sequence([sequence(algorithm), new asn1js.BitString({ valueHex: numbers })]);
  };
  const signature = () => new asn1js.BitString({ valueHex: Buffer.alloc(modulus / 8, 1) });
  const name = (at: number) => `CN=CA ${Math.floor(at / 8)}`;
  const own = { signWith: key('rsa2048'), key: leafKey, ...NO_KEY_IDS };
  const cas = range(count, (at) =>
    issue({
      ...own,
      subject: name(at),
      issuerName: name(at + 8),
      ca: true,
      raw: { publicKey: publicKey(at), signature },
    }),
  );
  return pemYaml(text([issue({ ...own, issuerName: name(0), raw: { signature } }), ...cas]), KEY);
}

const rule = (...severities: string[]) => severities.flatMap((each) => ['--rule', each]);

/** What could be dear, at its dearest. */
export const BOUNDED: readonly Bounded[] = [
  { name: '1,000 names × 1,000 constraints, 10 CAs', yaml: () => constrained(10, 1000), status: 2 },
  { name: '1,025 names × 1,025 constraints', yaml: () => constrained(1, 1025), status: 1 },
  { name: 'a key of 2,000,000 rounds', yaml: () => locked(MOST_ROUNDS), status: 1 },
  ...['error', 'warning', 'info', 'off'].map(
    (severity): Bounded => ({
      name: `the same, key-encrypted=${severity}`,
      flags: rule(`key-encrypted=${severity}`),
      yaml: () => locked(MOST_ROUNDS),
      status: severity === 'error' ? 1 : 2,
    }),
  ),
  {
    name: '2,147,483,647 rounds, key-encrypted=warning',
    flags: rule('key-encrypted=warning'),
    yaml: () => locked(ENDLESS_ROUNDS),
    status: 2,
  },
  {
    name: '2,000,000 rounds in both values',
    yaml: () =>
      pemYaml(issue({ key: leafKey }).pem + encryptedKey(MOST_ROUNDS), encryptedKey(MOST_ROUNDS)) + PASSWORD,
    status: 1,
  },
  {
    name: 'the key in the place of the certificate',
    yaml: () => pemYaml(encryptedKey(MOST_ROUNDS), issue({ key: leafKey }).pem) + PASSWORD,
    status: 1,
  },
  { name: 'a mesh of 2^20 paths', yaml: () => mesh(20, 2), status: 2 },
  { name: 'a mesh of 8^6 paths', yaml: () => mesh(6, 8), status: 2 },
  { name: 'RSA 3072, exponents of 3,071 bits', yaml: () => huge(300, 3072, 3071), status: 2 },
  { name: 'RSA 16384, exponents of 64 bits', yaml: () => huge(160, 16384, 64), status: 2 },
  {
    name: '300,000 unknown keys',
    yaml: () => `${good()}${range(300_000, (at) => `    crt${at}: x\n`).join('')}`,
    status: 2,
  },
  { name: '200,000 tabs and spaces', yaml: () => `${good()}x:\n${'\t '.repeat(100_000)}\n`, status: 1 },
  { name: '400,000 blank lines', yaml: () => `${good()}${'\n'.repeat(400_000)}a: b\n`, status: 0 },
];
