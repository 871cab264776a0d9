import { rule } from './rule.ts';
import { chain } from './shared/needs.ts';
import { LIGHTRUN_PAGE } from './shared/sources.ts';
import { subjectOf } from './shared/words.ts';

export const certSelfSigned = rule({
  id: 'cert-self-signed',
  severity: 'info',
  refusedBy: [],
  stage: 'certificate',
  title: 'the certificate is self-signed',
  means: 'The leaf is signed with its own key.',
  why: "Fine for testing. For production, Lightrun's page asks for a certificate from a trusted CA, since every client must be told to trust this one.",
  sources: [LIGHTRUN_PAGE],
  bad: 'openssl req -x509 …   # for production',
  good: 'a certificate issued by a CA that your clients trust',
  fix: 'For production, have the certificate issued by a CA that your clients trust.',
  needs: chain,
  check({ chain, leaf, path }) {
    if (chain.top.kind !== 'self-signed-leaf') return null;
    return {
      message: `The certificate in ${path('crt')} (${subjectOf(leaf)}) is self-signed. That is fine for testing; clients must be told to trust it.`,
      help: 'For production, have one issued by a CA that your clients trust.',
    };
  },
});
