import type { Chain } from '../x509/chain/chain.ts';
import type { Rule } from './rule.ts';
import { LIGHTRUN_PAGE, measured, rfc } from './shared/sources.ts';
import { nameOf, pathOf, publicName } from './shared/words.ts';

type Missing = Extract<Chain['top'], { kind: 'missing' }>;

/** Where a link between leaf and root is missing, not only the top; null where none is. */
export function missingLink(chain: Chain): Missing | null {
  const { top } = chain;
  if (top.kind !== 'missing' || top.known !== null) return null;
  return top.certificate === chain.leaf || top.disconnected.length > 0 ? top : null;
}

export const chainIncomplete: Rule = {
  id: 'chain-incomplete',
  severity: 'error',
  stage: 'chain',
  title: 'an intermediate certificate is missing',
  means:
    'The leaf is not self-signed, and its issuer is neither in the file, nor a public root, nor in --ca-file; or the chain breaks off while CA certificates that belong above the gap are in the file. The missing link is named.',
  why: 'Clients that trust only the root find no way to it: path building failed.',
  sources: [
    LIGHTRUN_PAGE,
    rfc(8446, '4.4.2'),
    measured('a leaf alone, issued by an intermediate, is refused by Java 17 and OpenSSL 3'),
  ],
  bad: 'base64 -w 0 leaf.crt',
  good: 'cat leaf.crt intermediate.crt root.crt | base64 -w 0',
  fix: 'Get the missing certificate from the CA, and add it at its place.',
  appliesTo: [['crt']],
  check(target) {
    const { chain } = target.material ?? {};
    const missing = chain && missingLink(chain);
    if (!missing) return [];
    const { certificate, disconnected } = missing;
    const issuer = publicName(certificate.issuer);
    const [above] = disconnected;
    const gap = above ? ` It belongs between ${nameOf(certificate)} and ${nameOf(above)}.` : '';
    return [
      {
        about: 'crt',
        message: `The issuer of ${nameOf(certificate)} is missing from ${pathOf(target, 'crt')}: ${issuer}.${gap} On install, everything would start, and clients that trust only the root would refuse the connection (path building failed).`,
        help: [
          `Get the certificate of ${issuer} from the CA (often as chain or CA bundle), put it behind ${nameOf(certificate)}, and encode the file anew.`,
          'The certificate may say where it is to be had:',
          '  openssl x509 -in FILE_OF_THAT_CERTIFICATE -noout -ext authorityInfoAccess',
          ...(above
            ? []
            : ['If it is a private root that signed the leaf directly, name it with --ca-file FILE.']),
        ].join('\n'),
      },
    ];
  },
};
