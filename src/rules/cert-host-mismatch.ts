import { isServerMissing } from './key-mismatch.ts';
import type { Rule } from './rule.ts';
import { comparedHost, covers } from './shared/host.ts';
import { measured, rfc } from './shared/sources.ts';
import { list, pathOf, show } from './shared/words.ts';

export const certHostMismatch: Rule = {
  id: 'cert-host-mismatch',
  severity: 'warning',
  stage: 'certificate',
  title: 'the leaf does not name the host that clients connect to',
  means:
    'No subject alternative name of the leaf covers general.lightrun_endpoint, or what --host names. A wildcard stands for exactly one label.',
  why: 'Agents, IDE plugins and browsers refuse the connection, unless something in front ends TLS with another certificate.',
  sources: [
    rfc(9525, '6.3'),
    rfc(6125, '6.4'),
    measured('the Ingress serves this Secret for general.lightrun_endpoint'),
  ],
  bad: 'general:\n  lightrun_endpoint: lightrun.example.com   # certificate: DNS:example.com',
  good: 'general:\n  lightrun_endpoint: lightrun.example.com   # certificate: DNS:*.example.com',
  fix: 'Have the certificate issued for that host, or correct the host.',
  appliesTo: [['crt']],
  check(target, options) {
    if (isServerMissing(target)) return [];
    const { chain } = target.material ?? {};
    const host = comparedHost(target, options);
    if (!chain || host === null) return [];
    const names = [...chain.leaf.dnsNames, ...chain.leaf.ipAddresses];
    if (names.length === 0 || covers(chain.leaf, host)) return [];
    const origin = options.host === null ? pathOf(target, 'endpoint') : '--host';
    return [
      {
        about: 'crt',
        message: `No name of the leaf in ${pathOf(target, 'crt')} covers ${show(host)} (${origin}). It names ${list(names)}. Clients that connect to ${show(host)} would refuse it.`,
        help: `Have the certificate issued for ${show(host)}, or correct ${origin}.`,
      },
    ];
  },
};
