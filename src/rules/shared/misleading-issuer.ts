import { capitalized } from '../../text/display.ts';
import type { Certificate } from '../../x509/certificate.ts';
import type { Misled } from '../../x509/chain/misleading-issuer.ts';
import type { OpensslRefusal } from '../../x509/chain/openssl-path.ts';
import { isForServers } from '../../x509/chain/usable.ts';
import { whyNotCa } from '../chain-not-a-ca.ts';
import { day, nameOf, publicName } from './words.ts';

/**
 * Which certificate clients take, in place of which, and why that does not do: sentences, with a space in front.
 * @param right the way they should take, leaf first
 */
export function describeMisled({ way, fault }: Misled, right: readonly Certificate[], at: Date): string {
  const place = way.findIndex((each, step) => each !== right[step]);
  const [issued, taken, better] = [way[place - 1], way[place], right[place]];
  const turn =
    issued && taken && better
      ? ` Both ${nameOf(taken)} and ${nameOf(better)} fit as the issuer of ${nameOf(issued)}; OpenSSL clients take the first and look no further.`
      : '';
  const { what, alert } = because(fault, at);
  return `${turn} ${capitalized(nameOf(fault.certificate))} ${what}. They would refuse the connection (${alert}).`;
}

/** What is wrong with the certificate that they come to, and what OpenSSL says of it. */
function because(fault: OpensslRefusal, at: Date): { what: string; alert: string } {
  const { certificate } = fault;
  switch (fault.kind) {
    case 'missing':
      return {
        what: `then has no issuer in the file (${publicName(certificate.issuer)})`,
        alert: 'unable to get local issuer certificate',
      };
    case 'other-key':
      return { what: 'has another key than the one that signed', alert: 'certificate signature failure' };
    case 'not-a-ca':
      return { what: `may not issue it: ${whyNotCa(fault.reason)}`, alert: 'invalid CA certificate' };
    default:
      return unusable(certificate, at);
  }
}

function unusable(certificate: Certificate, at: Date): { what: string; alert: string } {
  const { notBefore, notAfter } = certificate;
  if (notAfter < at) return { what: `expired on ${day(notAfter)}`, alert: 'certificate has expired' };
  if (at < notBefore)
    return { what: `is valid only from ${day(notBefore)}`, alert: 'certificate is not yet valid' };
  return isForServers(certificate)
    ? { what: 'has a critical extension that makes clients refuse', alert: 'unhandled critical extension' }
    : { what: 'may not be used for servers', alert: 'unsuitable certificate purpose' };
}
