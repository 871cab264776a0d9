import type { Certificate } from '../x509/certificate.ts';
import type { Refusal } from './refusal.ts';

/** Why clients cannot parse a certificate that OpenSSL loads, or refuse it by itself; empty where all take it. */
export function parseRefusals(_certificate: Certificate): readonly Refusal[] {
  return [];
}
