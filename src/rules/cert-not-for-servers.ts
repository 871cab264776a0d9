import type { Certificate } from '../x509/certificate.ts';
import { isForServers } from '../x509/chain/usable.ts';
import type { KeyUsage } from '../x509/extensions.ts';
import { type RuleFinding, rule, type Severity } from './rule.ts';
import { misledAt, NOT_NEEDED } from './shared/chain.ts';
import { serverChain } from './shared/needs.ts';
import { measured, rfc } from './shared/sources.ts';
import { list, nameOf } from './shared/words.ts';

/** Of these OpenSSL asks a server's certificate for one. */
const SERVER_USAGES: readonly KeyUsage[] = ['digitalSignature', 'keyAgreement', 'keyEncipherment'];

const REFUSAL =
  'On install, everything would start, and clients would refuse the certificate (unsupported certificate purpose).';

export const certNotForServers = rule({
  id: 'cert-not-for-servers',
  severity: 'error',
  stage: 'certificate',
  title: 'a certificate that may not be used by a server',
  means:
    'The extended key usage of the leaf, or of a certificate without which there is no path to a root, lacks server authentication (anyExtendedKeyUsage does not replace it); or the key usage of the leaf allows neither signature, nor key agreement, nor encipherment. If the key is not RSA, it must allow signatures; with an RSA key that is a warning, and so is a certificate that is not needed.',
  why: 'Everything starts, and clients refuse the certificate: unsupported certificate purpose.',
  sources: [
    rfc(5280, '4.2.1.12'),
    rfc(5280, '4.2.1.3'),
    rfc(8422, '5.3'),
    measured('OpenSSL clients refuse anyExtendedKeyUsage without serverAuth, in a root too'),
    measured('without digitalSignature TLS 1.2 fails with an EC key, and Java 17 refuses any key'),
  ],
  bad: 'extendedKeyUsage = clientAuth',
  good: 'extendedKeyUsage = serverAuth',
  fix: 'Have the certificate reissued for a server (TLS web server authentication).',
  needs: serverChain,
  check({ chain, leaf, options: { at }, path }) {
    const unfit = chain.members.filter((each) => each !== leaf && !isForServers(each));
    const isAvoidable = unfit.length > 0 && chain.hasPath((each) => each === leaf || isForServers(each));
    // `chain-order` reports one that misleads clients.
    const explained = isAvoidable ? misledAt(chain, at)?.fault.certificate : null;
    return [
      ...leafFindings(leaf, path('crt')),
      ...unfit
        .filter((each) => each !== explained)
        .map((each) => issuerFinding(each, path('crt'), isAvoidable)),
    ];
  },
});

function leafFindings(leaf: Certificate, path: string): RuleFinding[] {
  const fault = leafFault(leaf);
  if (!fault) return [];
  return [
    {
      severity: fault.severity,
      message: `In ${path}, ${nameOf(leaf)} ${fault.what}`,
      help: 'Have it reissued for a server; the request or the profile of the CA must say:\n  extendedKeyUsage = serverAuth\n  keyUsage = critical, digitalSignature, keyEncipherment',
    },
  ];
}

function leafFault(leaf: Certificate): { severity: Severity; what: string } | null {
  const { keyUsage, publicKey } = leaf;
  if (!isForServers(leaf)) {
    return { severity: 'error', what: `may not be used by a server: ${lacksServerAuth(leaf)}. ${REFUSAL}` };
  }
  if (!keyUsage || keyUsage.includes('digitalSignature')) return null;
  const allowed = `its key usage allows ${list(keyUsage) || 'nothing'}`;
  if (!SERVER_USAGES.some((usage) => keyUsage.includes(usage))) {
    const reason = `${allowed}, but neither digitalSignature nor keyAgreement nor keyEncipherment`;
    return { severity: 'error', what: `may not be used by a server: ${reason}. ${REFUSAL}` };
  }
  const cannotSign = `may not sign, as a server must: ${allowed}, but not digitalSignature`;
  return publicKey.type === 'rsa' || publicKey.type === 'rsa-pss'
    ? {
        severity: 'warning',
        what: `${cannotSign}. OpenSSL accepts that with an RSA key; Java clients refuse it (KeyUsage does not allow digital signatures).`,
      }
    : {
        severity: 'error',
        what: `${cannotSign}. On install, everything would start; with this key (${publicKey.description}) every TLS 1.2 connection would fail (handshake failure), and Java clients would refuse TLS 1.3 too.`,
      };
}

function issuerFinding(certificate: Certificate, path: string, isAvoidable: boolean): RuleFinding {
  const message = `In ${path}, ${nameOf(certificate)} may not be used for servers: ${lacksServerAuth(certificate)}.`;
  return isAvoidable
    ? {
        severity: 'warning',
        message: `${message} ${NOT_NEEDED}; a client may still fail on it.`,
        help: 'Remove this certificate from the file, and encode the rest again.',
      }
    : {
        message: `${message} ${REFUSAL}`,
        help: 'Have the chain issued by a CA whose certificates may be used for servers: with no extended key usage, or with:\n  extendedKeyUsage = serverAuth',
      };
}

const PURPOSES: Readonly<Record<string, string>> = {
  '2.5.29.37.0': 'any purpose (anyExtendedKeyUsage)',
  '1.3.6.1.5.5.7.3.2': 'client authentication',
  '1.3.6.1.5.5.7.3.3': 'code signing',
  '1.3.6.1.5.5.7.3.4': 'e-mail protection',
  '1.3.6.1.5.5.7.3.8': 'time stamping',
  '1.3.6.1.5.5.7.3.9': 'OCSP signing',
};

function lacksServerAuth({ extendedKeyUsage }: Certificate): string {
  const purposes = list((extendedKeyUsage ?? []).map((oid) => PURPOSES[oid] ?? oid)) || 'nothing';
  return `its extended key usage allows ${purposes}, but not server authentication`;
}
