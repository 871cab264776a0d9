import type { Certificate } from '../x509/certificate.ts';
import { rule } from './rule.ts';
import { missingLink } from './shared/chain.ts';
import { encodeFiles, encodeOwn, OWN_FILES } from './shared/commands.ts';
import { renamedIssuer } from './shared/damage.ts';
import { issuersApart } from './shared/misplaced.ts';
import { serverChain } from './shared/needs.ts';
import { LIGHTRUN_PAGE, measured, rfc } from './shared/sources.ts';
import { nameOf, publicName } from './shared/words.ts';

export const chainIncomplete = rule({
  id: 'chain-incomplete',
  severity: 'error',
  refusedBy: ['openssl', 'java', 'browser'],
  stage: 'chain',
  title: 'an intermediate certificate is missing',
  means:
    'The leaf is not self-signed, and its issuer is neither in the file, nor a public root, nor in --ca-file, nor the ca.crt of the same Secret; or the chain breaks off while the file holds CA certificates that belong above the gap. The missing link is named.',
  why: 'Clients that trust only the root find no path to it: path building failed.',
  sources: [
    LIGHTRUN_PAGE,
    rfc(8446, '4.4.2'),
    measured('a leaf alone, issued by an intermediate, is refused by Java 17 and OpenSSL 3'),
  ],
  bad: 'base64 -w 0 my-cert.crt',
  good: 'cat my-cert.crt intermediate.crt root.crt | base64 -w 0',
  fix: 'Get the missing certificate from the CA, and add it in its place.',
  needs: serverChain,
  check({ chain, ...context }) {
    const { path } = context;
    const renamed = renamedIssuer(chain);
    if (renamed !== null) {
      const { certificate, issuer } = renamed;
      return {
        message: `In ${path('crt')}, ${nameOf(certificate)} names ${publicName(certificate.issuer)} as its issuer, and by its key identifier that is ${nameOf(issuer)}: one of the two was changed after it was signed. On install, everything would start, and clients that trust only the root would refuse the connection (path building failed).`,
        help: 'Get a fresh copy of the chain.',
        commands: encodeOwn(context, 'crt'),
      };
    }
    const missing = missingLink(chain);
    if (!missing) return null;
    const { certificate, disconnected } = missing;
    const issuer = publicName(certificate.issuer);
    const [above] = disconnected;
    const gap = above ? ` It belongs between ${nameOf(certificate)} and ${nameOf(above)}.` : '';
    const apart = issuersApart(context.target);
    const names = apart.map((each) => context.showPath(each.path)).join(' and ');
    const unread = names
      ? ` The chart does not read ${names}: what is there belongs in ${path('crt')}, after the leaf.`
      : '';
    return {
      related: apart.map((each) => ({ location: each.keyLocation, path: each.path })),
      message: `The issuer of ${nameOf(certificate)} is missing from ${path('crt')}: ${issuer}.${gap}${unread} On install, everything would start, and clients that trust only the root would refuse the connection (path building failed).`,
      help: [
        `Get the certificate of ${issuer} from the CA (often called chain or CA bundle), and put it after ${nameOf(certificate)}.`,
        ...addressOf(certificate),
        ...(above
          ? []
          : [
              `If a private root signed the leaf directly, name that root with ${context.options.invocation.caFileFlag} FILE.`,
            ]),
      ].join('\n'),
      commands: encodeFiles(context, { add: [OWN_FILES.intermediate] }),
    };
  },
});

const MOST_ADDRESSES = 3;

/** Where the certificate says that its issuer's is available; nothing is fetched. */
function addressOf({ caIssuers }: Certificate): string[] {
  const addresses = (caIssuers ?? []).slice(0, MOST_ADDRESSES).map((address) => `  ${publicName(address)}`);
  return addresses.length === 0 ? [] : ['The certificate names where it is available:', ...addresses];
}
