import { issuerKeyRefusals, leafKeyRefusals, signatureRefusals } from '../../src/clients/keys.ts';
import { parseRefusals } from '../../src/clients/parsing.ts';
import { type Client, JAVA, type Refusal, refusedBy } from '../../src/clients/refusal.ts';
import {
  extendedKeyUsageRefusals,
  keyUsageRefusals,
  netscapeTypeRefusals,
} from '../../src/clients/usages.ts';
import { type Certificate, readCertificate } from '../../src/x509/certificate.ts';
import type { Issued } from '../support/pki.ts';
import type { ClientCase } from './cases.ts';

/**
 * What `src/clients` says of each certificate of a case by itself, and that unknown critical extensions are refused.
 * @returns null where one cannot be read
 */
export function refusalsOf({ leaf, intermediates, root }: ClientCase): readonly Refusal[] | null {
  const path = [leaf, ...intermediates, root].map(read);
  if (!path.every((each) => each !== null)) return null;
  return path.flatMap((certificate, place) => {
    const isLeaf = place === 0;
    const isRoot = place === path.length - 1;
    const parsing = parseRefusals(certificate);
    const critical = certificate.unknownCritical.length > 0;
    return [
      ...(isLeaf ? parsing : parsing.filter(({ consumer }) => consumer !== 'go')),
      ...(isLeaf ? leafKeyRefusals(certificate.publicKey) : issuerKeyRefusals(certificate.publicKey)),
      ...(critical ? refusedBy(['openssl', ...JAVA, 'chrome', 'vscode'], 'a critical extension') : []),
      ...signatureRefusals(certificate, isRoot),
      ...(isLeaf ? [...keyUsageRefusals(certificate), ...netscapeTypeRefusals(certificate)] : []),
      ...(isRoot ? [] : extendedKeyUsageRefusals(certificate, isLeaf)),
    ];
  });
}

function read({ der }: Issued): Certificate | null {
  const reading = readCertificate({ der, label: 'CERTIFICATE', line: 1 }, 0);
  return reading.ok ? reading.certificate : null;
}

/** The clients in refusals, sorted, as in measured.ts. */
export function clientsOf(refusals: readonly Refusal[]): string {
  const clients = new Set<Client>(refusals.flatMap((refusal) => refusal.clients));
  // curl is on OpenSSL too.
  if (clients.has('openssl')) clients.add('curl');
  return [...clients].sort().join(' ');
}
