import type { ChainRefusal } from '../clients/clients.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { Chain } from '../x509/chain/chain.ts';
import { type RuleFinding, rule } from './rule.ts';
import { findingsFor } from './shared/chain.ts';
import { encodeOwn } from './shared/commands.ts';
import { brokenLinks, wasChanged } from './shared/damage.ts';
import { chain } from './shared/needs.ts';
import { type CauseOf, causesOf } from './shared/refusals.ts';
import { measured, rfc } from './shared/sources.ts';
import { nameOf, publicName } from './shared/words.ts';

const CLIENTS = ['openssl', 'java', 'browser'] as const;

export const chainBroken = rule({
  id: 'chain-broken',
  severity: 'error',
  refusedBy: CLIENTS,
  stage: 'chain',
  title: 'an issuer by name, but not by signature or key identifier',
  means:
    'The file holds a certificate with the name of the issuer, but its key does not verify the signature; or it does, and the authority key identifier names another certificate.',
  why: 'Clients refuse the chain: certificate signature failure, or no issuer found. Often a CA was renewed with a new key under its old name, and the file holds the wrong one of the two.',
  sources: [
    rfc(5280, '6.1.3'),
    rfc(5280, '4.2.1.1'),
    measured('OpenSSL clients find no issuer where the authority key identifier does not match'),
  ],
  bad: 'cat my-cert.crt intermediate-2026.crt root.crt   # issued by intermediate-2024',
  good: 'cat my-cert.crt intermediate-2024.crt root.crt',
  fix: 'Get the certificate of the issuer that has the right key.',
  needs: chain,
  check(context) {
    const { chain, chainRefusals, material, path } = context;
    return [
      ...brokenLinks(chain).map((link) => ({
        // nginx verifies nothing, but loads no signature that OpenSSL does not know.
        ...(material.refusal() === null ? {} : { refusedBy: [...CLIENTS, 'nginx' as const] }),
        // Where the issuer is another one, the user's file holds that too.
        commands: wasChanged(link.certificate, link.issuers) ? encodeOwn(context, 'crt') : [],
        ...wrongKey(link, path('crt')),
      })),
      ...findingsFor(otherKeys(chain, chainRefusals()), ({ certificate }, who) => ({
        message: `In ${path('crt')}, ${who} take another certificate of the name ${publicName(certificate.issuer)} for the issuer of ${nameOf(certificate)} than the one whose key signed it. They would refuse the connection (certificate signature failure).`,
        help: 'Have the chain reissued with key identifiers, which tell the two apart, or remove the other certificate from the file or from the known roots.',
      })),
      ...findingsFor(causesOf(chainRefusals(), 'other-issuer-named'), (cause, who) =>
        misnamed(cause, who, path('crt')),
      ),
    ];
  },
});

function wrongKey(link: Chain['broken'][number], path: string): RuleFinding {
  const { certificate, issuers } = link;
  const [issuer] = issuers;
  const who = issuer && issuer !== certificate ? nameOf(issuer) : 'its own key';
  return {
    message: `In ${path}, ${nameOf(certificate)} names ${publicName(certificate.issuer)} as its issuer, but its signature does not verify with ${who}. Every client would refuse the connection (certificate signature failure).`,
    help: wrongKeyHelp(certificate, issuers),
  };
}

function wrongKeyHelp(certificate: Certificate, issuers: readonly Certificate[]): string {
  if (wasChanged(certificate, issuers)) {
    return `Certificate ${certificate.index + 1} was changed after it was signed. Get a fresh copy of it.`;
  }
  const { authorityKeyId } = certificate;
  const sign = authorityKeyId ? `: its subject key identifier is ${publicName(authorityKeyId)}` : '';
  return `The issuer probably has several certificates of that name. Get the one whose key signed this certificate${sign}.`;
}

function misnamed(
  { certificate, issuer }: CauseOf<'other-issuer-named'>['cause'],
  who: string,
  path: string,
): RuleFinding {
  const isItself = certificate === issuer;
  const signed = isItself ? 'is self-signed' : `was signed by ${nameOf(issuer)}`;
  const place = certificate.index + 1;
  return {
    message: `In ${path}, ${nameOf(certificate)} ${signed}, but its authority key identifier names another certificate: ${difference(certificate, issuer)}. On install, everything would start, and then ${who} would find no issuer, and refuse the connection.`,
    help: isItself
      ? 'Make it again without an authority key identifier, or with its own; openssl req -x509 does so.'
      : `Get that other certificate of ${publicName(certificate.issuer)} from the CA, and put it in the place of certificate ${issuer.index + 1}. If there is none, have certificate ${place} reissued.`,
  };
}

function difference({ authorityKeyId }: Certificate, { subjectKeyId }: Certificate): string {
  return authorityKeyId !== null && subjectKeyId !== null && authorityKeyId !== subjectKeyId
    ? `one with the key identifier ${publicName(authorityKeyId)}, and this has ${publicName(subjectKeyId)}`
    : 'one with another serial number or issuer';
}

/** Signatures that do verify, with a key that some clients do not get as far as to try. */
function otherKeys({ broken }: Chain, refusals: readonly ChainRefusal[]) {
  const known = broken.map(({ certificate }) => certificate);
  return causesOf(refusals, 'broken-signature').filter(({ cause }) => !known.includes(cause.certificate));
}
