import { rule } from './rule.ts';
import { serverChain } from './shared/needs.ts';
import { rfc } from './shared/sources.ts';
import { publicName, subjectOf } from './shared/words.ts';

export const certNoSan = rule({
  id: 'cert-no-san',
  severity: 'warning',
  refusedBy: ['openssl', 'browser'],
  stage: 'certificate',
  title: 'the leaf has no subject alternative name',
  means: 'The leaf names its server only in the common name, or not at all.',
  why: 'Browsers no longer read the common name, and refuse the certificate for every host.',
  sources: [rfc(9525, '2'), rfc(2818, '3.1')],
  bad: "openssl req -x509 … -subj '/CN=lightrun.example.com'",
  good: "openssl req -x509 … -subj '/CN=lightrun.example.com' -addext 'subjectAltName=DNS:lightrun.example.com'",
  fix: 'Have the certificate reissued with the host name as a subject alternative name.',
  needs: serverChain,
  check({ leaf, path }) {
    if (leaf.hasServerNames) return null;
    return {
      message: `The leaf in ${path('crt')} (${subjectOf(leaf)}) has no subject alternative name. Browsers do not read the common name, and refuse the certificate for every host.`,
      help: `Have it reissued with the host name as a subject alternative name:\n  subjectAltName = DNS:${publicName(leaf.commonName ?? 'lightrun.example.com')}`,
    };
  },
});
