import type { Refusal } from '../clients/refusal.ts';
import type { Certificate } from '../x509/certificate.ts';
import { type Context, type RuleFinding, rule } from './rule.ts';
import { findingsFor, NOT_NEEDED } from './shared/chain.ts';
import { encodeOwn } from './shared/commands.ts';
import { mismatchOf } from './shared/keys.ts';
import { anyLeaf, type ChainFacts } from './shared/needs.ts';
import { causesOf, consumersOf, misleadingIn, whoOf } from './shared/refusals.ts';
import { measured, rfc } from './shared/sources.ts';
import { list } from './shared/words.ts';

/** The usages of cert-manager's API that are key usages; the others are extended ones. */
const KEY_USAGES: ReadonlySet<string> = new Set([
  'signing',
  'digital signature',
  'content commitment',
  'key encipherment',
  'key agreement',
  'data encipherment',
  'cert sign',
  'crl sign',
  'encipher only',
  'decipher only',
]);
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

export const certNotForServers = rule({
  id: 'cert-not-for-servers',
  severity: 'error',
  refusedBy: ['openssl', 'java', 'browser'],
  stage: 'certificate',
  title: 'a certificate that may not be used by a server',
  means:
    'The extended key usage of the leaf, or of a CA certificate on the only path of a client, lacks server authentication (anyExtendedKeyUsage does not replace it); or the key usage of the leaf lacks digitalSignature, which Java and browsers ask for; or a CA certificate is given in its place. A certificate that is not needed is a warning.',
  why: 'Everything starts, and clients refuse the certificate: unsupported certificate purpose.',
  sources: [
    rfc(5280, '4.2.1.12'),
    rfc(5280, '4.2.1.3'),
    rfc(8422, '5.3'),
    measured('OpenSSL clients refuse anyExtendedKeyUsage without serverAuth, in a root too'),
    measured(
      'without digitalSignature TLS 1.2 fails with an EC key, and every Java and browser refuses any key',
    ),
  ],
  bad: 'extendedKeyUsage = clientAuth',
  good: 'extendedKeyUsage = serverAuth',
  fix: 'Have the certificate reissued for a server (TLS web server authentication).',
  needs: anyLeaf,
  checkMaker({ certificate }) {
    if (certificate?.isCa) {
      return {
        severity: 'error',
        field: ['spec', 'isCA'],
        message:
          "This Certificate asks for the certificate of a CA, not a server's. On install, everything would start, and then clients would refuse the connection.",
        help: 'Remove spec.isCA.',
      };
    }
    const extended = certificate?.usages.filter((usage) => !KEY_USAGES.has(usage)) ?? [];
    if (extended.length === 0 || extended.includes('server auth')) return null;
    return {
      field: ['spec', 'usages'],
      message: `This Certificate asks for a certificate that may not be used for servers: its usages are ${list(certificate?.usages ?? [])}, without server auth. On install, everything would start, and then clients would refuse the certificate (unsupported certificate purpose).`,
      help: 'Add server auth to spec.usages, or remove spec.usages.',
    };
  },
  followsUse: true,
  check({ leaf, chain, clients, isCaAsLeaf, chainRefusals, placeOf, ...context }) {
    const isTrusted = chain.top.kind === 'self-signed-leaf';
    if (isCaAsLeaf) return caAsLeaf({ ...context, chainRefusals }, placeOf(leaf));
    const byKeyUsage = asked(clients.keyUsageRefusals(leaf), isTrusted);
    const refusals = chainRefusals();
    const usages = causesOf(refusals, 'not-for-servers');
    const refused = usages.map(({ cause }) => cause.certificate);
    const spare = chain.members.filter(
      (each) => !isForServers(each) && ![...refused, ...misleadingIn(refusals)].includes(each),
    );
    return [
      ...findingsFor(usages, ({ certificate }, who) => ({
        message: `${placeOf(certificate)} may not be used for servers: ${lacksServerAuth(certificate)}. On install, everything would start, and then ${who} would refuse the certificate (unsupported certificate purpose).`,
        help: certificate === leaf ? REISSUE : REISSUE_CHAIN,
      })),
      ...(refused.includes(leaf)
        ? []
        : [
            ...keyUsageFindings(byKeyUsage, leaf, placeOf),
            ...netscapeTypeFindings(asked(clients.netscapeTypeRefusals(leaf), isTrusted), leaf, placeOf),
          ]),
      ...spare.map(
        (each): RuleFinding => ({
          severity: 'warning',
          refusedBy: [],
          message: `${placeOf(each)} may not be used for servers: ${lacksServerAuth(each)}. ${NOT_NEEDED}; a client may still fail on it.`,
          help: 'Remove this certificate from the file.',
        }),
      ),
    ];
  },
});

/** Java takes a leaf that is itself a root as it is (`Validator.validate`). */
function asked(refusals: readonly Refusal[], isTrusted: boolean): readonly Refusal[] {
  return refusals.filter(({ consumer }) => !isTrusted || consumer !== 'java');
}

type PlaceOf = ChainFacts['placeOf'];

function caAsLeaf(context: Context, place: string): RuleFinding {
  const isForKey = mismatchOf(context.target) === null;
  return {
    severity: 'error',
    // It names no server: an Ingress controller serves its own certificate instead, and clients miss their host.
    refusedBy: ['openssl', ...(isForKey ? [] : (['nginx'] as const)), 'go', 'java', 'browser'],
    message: `${place} is a CA certificate, not a server's${isForKey ? '' : ', and the private key does not belong to it'}. On install, ${isForKey ? 'everything would start, and then clients would refuse the connection' : 'the router would not start (key values mismatch)'}.`,
    help: "Put the server's certificate in its place (cert-manager keeps it in tls.crt, the CA in ca.crt).",
    // A private key that belongs to the CA is of no use to the server's certificate.
    commands: encodeOwn(context, 'crt', ...(isForKey ? (['key'] as const) : [])),
  };
}

const REISSUE =
  'Have it reissued for a server; the request or the profile of the CA must say:\n  extendedKeyUsage = serverAuth\n  keyUsage = critical, digitalSignature, keyEncipherment';
const REISSUE_CHAIN =
  'Have the chain issued by a CA whose certificates may be used for servers: with no extended key usage, or with:\n  extendedKeyUsage = serverAuth';

function isForServers({ extendedKeyUsage }: Certificate): boolean {
  return extendedKeyUsage?.includes(SERVER_AUTH) ?? true;
}

function keyUsageFindings(by: readonly Refusal[], leaf: Certificate, placeOf: PlaceOf): RuleFinding[] {
  if (by.length === 0) return [];
  const allowed = `its key usage allows ${list(leaf.keyUsage ?? []) || 'nothing'}, but not digitalSignature`;
  return [
    {
      refusedBy: consumersOf(by),
      message: `${placeOf(leaf)} may not sign, as a server must: ${allowed}. On install, everything would start, and then ${whoOf(by)} would refuse the connection.`,
      help: REISSUE,
    },
  ];
}

function netscapeTypeFindings(by: readonly Refusal[], leaf: Certificate, placeOf: PlaceOf): RuleFinding[] {
  if (by.length === 0) return [];
  return [
    {
      refusedBy: consumersOf(by),
      message: `${placeOf(leaf)} may not be used for servers: its Netscape certificate type (nsCertType) does not allow it. On install, everything would start, and then ${whoOf(by)} would refuse the connection.`,
      help: 'Have it reissued without nsCertType, which is obsolete, or with:\n  nsCertType = server',
    },
  ];
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
