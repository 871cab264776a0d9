import type { Certificate } from '../x509/certificate.ts';
import { isForServers } from '../x509/chain/usable.ts';
import type { KeyUsage } from '../x509/extensions.ts';
import { isServerMissing } from './key-mismatch.ts';
import type { RawFinding, Rule, Severity } from './rule.ts';
import { purposesOf } from './shared/purpose.ts';
import { measured, rfc } from './shared/sources.ts';
import type { Target } from './shared/target.ts';
import { misledAt } from './shared/usable.ts';
import { list, nameOf, pathOf } from './shared/words.ts';

/** What OpenSSL asks of a server's certificate. */
const SERVING: readonly KeyUsage[] = ['digitalSignature', 'keyAgreement', 'keyEncipherment'];

const REFUSAL =
  'On install, everything would start, and clients would refuse the certificate (unsupported certificate purpose).';

export const certNotForServers: Rule = {
  id: 'cert-not-for-servers',
  severity: 'error',
  stage: 'certificate',
  title: 'a certificate that may not be used by a server',
  means:
    'The extended key usage of the leaf, or of a certificate without which no way up is left, lacks server authentication (any purpose does not do); or the key usage of the leaf allows neither signature, nor key agreement, nor encipherment. With a key that is not RSA it has to allow signatures; with an RSA key that is a warning, and so is a certificate that is not needed.',
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
  fix: 'Have the certificate issued anew for a server (TLS web server authentication).',
  appliesTo: [['crt']],
  check(target, { at }) {
    if (isServerMissing(target)) return [];
    const { chain } = target.material ?? {};
    if (!chain) return [];
    const unfit = chain.members.filter((each) => each !== chain.leaf && !isForServers(each));
    const isAvoidable =
      unfit.length > 0 && chain.hasPath((each) => each === chain.leaf || isForServers(each));
    // One that leads clients astray is the business of the order.
    const explained = isAvoidable ? misledAt(chain, at)?.fault.certificate : null;
    return [
      ...leafFindings(target, chain.leaf),
      ...unfit.filter((each) => each !== explained).map((each) => issuerFinding(target, each, isAvoidable)),
    ];
  },
};

function leafFindings(target: Target, leaf: Certificate): RawFinding[] {
  const fault = faultOf(leaf);
  if (!fault) return [];
  return [
    {
      about: 'crt',
      severity: fault.severity,
      message: `In ${pathOf(target, 'crt')}, ${nameOf(leaf)} ${fault.what}`,
      help: 'Have it issued anew for a server; the request or the profile of the CA must say:\n  extendedKeyUsage = serverAuth\n  keyUsage = critical, digitalSignature, keyEncipherment',
    },
  ];
}

function faultOf(leaf: Certificate): { severity: Severity; what: string } | null {
  const { keyUsage, publicKey } = leaf;
  if (!isForServers(leaf)) {
    return { severity: 'error', what: `may not be used by a server: ${lacksServers(leaf)}. ${REFUSAL}` };
  }
  if (!keyUsage || keyUsage.includes('digitalSignature')) return null;
  const allowed = `its key usage allows ${list(keyUsage) || 'nothing'}`;
  if (!SERVING.some((usage) => keyUsage.includes(usage))) {
    const reason = `${allowed}, but neither digitalSignature nor keyAgreement nor keyEncipherment`;
    return { severity: 'error', what: `may not be used by a server: ${reason}. ${REFUSAL}` };
  }
  const cannotSign = `may not sign, as a server does: ${allowed}, but not digitalSignature`;
  return publicKey.type === 'rsa' || publicKey.type === 'rsa-pss'
    ? {
        severity: 'warning',
        what: `${cannotSign}. OpenSSL does not mind with an RSA key; Java clients refuse it (KeyUsage does not allow digital signatures).`,
      }
    : {
        severity: 'error',
        what: `${cannotSign}. On install, everything would start, and with such a key (${publicKey.description}) every connection of TLS 1.2 would fail (handshake failure), and Java clients would refuse it with TLS 1.3, too.`,
      };
}

function issuerFinding(target: Target, certificate: Certificate, isAvoidable: boolean): RawFinding {
  const message = `In ${pathOf(target, 'crt')}, ${nameOf(certificate)} may not be used for servers: ${lacksServers(certificate)}.`;
  return isAvoidable
    ? {
        about: 'crt',
        severity: 'warning',
        message: `${message} There is another way to a root, so it is not needed; a client may still stumble over it.`,
        help: 'Take this certificate out of the file, and encode the rest anew.',
      }
    : {
        about: 'crt',
        message: `${message} ${REFUSAL}`,
        help: 'Have the chain issued by a CA whose certificates may be used for servers: with no extended key usage, or with one that says:\n  extendedKeyUsage = serverAuth',
      };
}

function lacksServers(certificate: Certificate): string {
  return `its extended key usage allows ${purposesOf(certificate)}, but not server authentication`;
}
