import { type Issued, issue, key } from '../support/pki.ts';

export const HOST = 'lightrun.example.com';

/** A leaf for `HOST`, the certificates between it and the root from the leaf's issuer upwards, and the root that clients trust. */
export interface ClientCase {
  name: string;
  leaf: Issued;
  intermediates: readonly Issued[];
  root: Issued;
}

/** The root of all cases but those that are about another one. */
export const ROOT = issue({
  subject: 'CN=Test Root,O=Test',
  key: key('p256', 1),
  ca: true,
  serial: Buffer.from([0x4d, 1]),
});
