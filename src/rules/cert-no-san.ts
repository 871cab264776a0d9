import { isServerMissing } from './key-mismatch.ts';
import type { Rule } from './rule.ts';
import { rfc } from './shared/sources.ts';
import { pathOf, publicName, subjectOf } from './shared/words.ts';

export const certNoSan: Rule = {
  id: 'cert-no-san',
  severity: 'warning',
  stage: 'certificate',
  title: 'the leaf has no subject alternative name',
  means: 'The leaf names its server only in the common name, or not at all.',
  why: 'Clients no longer read the common name: browsers, Go and newer Java refuse it, whatever host they connect to.',
  sources: [rfc(9525, '2'), rfc(2818, '3.1')],
  bad: "openssl req -x509 … -subj '/CN=lightrun.example.com'",
  good: "openssl req -x509 … -subj '/CN=lightrun.example.com' -addext 'subjectAltName=DNS:lightrun.example.com'",
  fix: 'Have the certificate issued anew with the host name as a subject alternative name.',
  appliesTo: [['crt']],
  check(target) {
    if (isServerMissing(target)) return [];
    const { chain } = target.material ?? {};
    if (!chain || chain.leaf.dnsNames.length > 0 || chain.leaf.ipAddresses.length > 0) return [];
    const name = chain.leaf.commonName ?? 'lightrun.example.com';
    return [
      {
        about: 'crt',
        message: `The leaf in ${pathOf(target, 'crt')} (${subjectOf(chain.leaf)}) has no subject alternative name. Browsers and newer clients do not read the common name, and refuse it whatever host they connect to.`,
        help: `Have it issued anew with the host name as a subject alternative name:\n  subjectAltName = DNS:${publicName(name)}`,
      },
    ];
  },
};
