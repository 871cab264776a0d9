/** What people do to the two files of a pair together. */
import { pkcs8 } from '../support/pki.ts';
import type { Files } from './case.ts';
import { keyAt } from './ladder.ts';

const joined = (...parts: Buffer[]): Buffer => Buffer.concat(parts);
const otherKey = (): Buffer => Buffer.from(pkcs8(keyAt(98)));

export const PAIR_CHANGES: Readonly<Record<string, (files: Files) => Files>> = {
  'the two swapped': ({ crt, key, root }) => ({ crt: key, key: crt, root }),
  'the key behind the certificates': ({ crt, key, root }) => ({ crt: joined(crt, key), key, root }),
  'the key in front of the certificates': ({ crt, key, root }) => ({ crt: joined(key, crt), key, root }),
  'certificates behind the key': ({ crt, key, root }) => ({ crt, key: joined(key, crt), root }),
  'certificates in front of the key': ({ crt, key, root }) => ({ crt, key: joined(crt, key), root }),
  'both in both': ({ crt, key, root }) => ({ crt: joined(crt, key), key: joined(crt, key), root }),
  'the certificates twice': ({ crt, root }) => ({ crt, key: crt, root }),
  'the key twice': ({ key, root }) => ({ crt: key, key, root }),
  'another key behind the key': ({ crt, key, root }) => ({ crt, key: joined(key, otherKey()), root }),
  'another key in front of the key': ({ crt, key, root }) => ({ crt, key: joined(otherKey(), key), root }),
  'another key in the certificates': ({ crt, key, root }) => ({ crt: joined(crt, otherKey()), key, root }),
};
