import { COLOR_FLAG } from '../report/write.ts';
import { CHECK_FLAGS, caFileFlag } from './check-options.ts';
import type { Flag } from './flags.ts';

export const ENCODE_FLAGS: readonly Flag[] = [
  {
    name: 'cert',
    value: 'FILE',
    help: 'certificates in PEM, DER or PKCS#7, in any order; further FILEs may follow; repeatable',
  },
  { name: 'key', value: 'FILE', help: 'the private key: PKCS#1, PKCS#8 or SEC1, in PEM or DER' },
  { name: 'p12', value: 'FILE', help: 'a PKCS#12 file (.p12, .pfx), in the place of both' },
  {
    name: 'passphrase-file',
    value: 'FILE',
    help: 'what opens an encrypted key or PKCS#12 file (default: asked for on the terminal)',
  },
  { name: 'add-root', help: 'add the root at the end where it is missing and is a public one' },
  { name: 'write', value: 'FILE', help: 'edit this values file in place, instead of printing the block' },
  ...CHECK_FLAGS,
  caFileFlag(),
  COLOR_FLAG,
  { name: 'help', short: 'h', help: 'show this help' },
];
