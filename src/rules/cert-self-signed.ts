import type { Rule } from './rule.ts';
import { LIGHTRUN_PAGE } from './shared/sources.ts';
import { pathOf, subjectOf } from './shared/words.ts';

export const certSelfSigned: Rule = {
  id: 'cert-self-signed',
  severity: 'info',
  stage: 'certificate',
  title: 'the certificate is self-signed',
  means: 'The leaf is signed with its own key.',
  why: "Fine for testing. For production, Lightrun's page asks for a certificate of a trusted CA, since every client must be told to trust this one.",
  sources: [LIGHTRUN_PAGE],
  bad: 'openssl req -x509 …   # for production',
  good: 'a certificate issued by a CA that your clients trust',
  fix: 'For production, have the certificate issued by a CA that your clients trust.',
  appliesTo: [['crt']],
  check(target) {
    const { chain } = target.material ?? {};
    if (chain?.top.kind !== 'self-signed-leaf') return [];
    return [
      {
        about: 'crt',
        message: `The certificate in ${pathOf(target, 'crt')} (${subjectOf(chain.leaf)}) is self-signed. That is fine for testing; clients must be told to trust it.`,
        help: 'For production, have one issued by a CA that your clients trust.',
      },
    ];
  },
};
