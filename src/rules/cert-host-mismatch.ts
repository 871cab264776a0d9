import { isHostName, looksLikeIp } from '../text/names.ts';
import { resolverOf } from '../values/unresolved.ts';
import type { Certificate } from '../x509/certificate.ts';
import { hasServerNames } from '../x509/server-names.ts';
import { type CheckOptions, rule } from './rule.ts';
import { serverChain } from './shared/needs.ts';
import { isPlaceholder } from './shared/placeholders.ts';
import { measured, rfc } from './shared/sources.ts';
import type { Target } from './shared/target.ts';
import { list, show } from './shared/words.ts';

export const certHostMismatch = rule({
  id: 'cert-host-mismatch',
  severity: 'warning',
  stage: 'certificate',
  title: 'the leaf does not name the host that clients connect to',
  means:
    'No subject alternative name of the leaf covers general.lightrun_endpoint, or the name given by --host. A wildcard stands for exactly one label.',
  why: 'Agents, IDE plugins and browsers refuse the connection, unless something in front ends TLS with another certificate.',
  sources: [
    rfc(9525, '6.3'),
    rfc(6125, '6.4'),
    measured('the Ingress serves this Secret for general.lightrun_endpoint'),
  ],
  bad: 'general:\n  lightrun_endpoint: lightrun.example.com   # certificate: DNS:example.com',
  good: 'general:\n  lightrun_endpoint: lightrun.example.com   # certificate: DNS:*.example.com',
  fix: 'Have the certificate issued for that host, or correct the host.',
  needs: serverChain,
  check({ target, options, leaf, path }) {
    const host = hostOf(target, options);
    if (host === null || !hasServerNames(leaf) || covers(leaf, host)) return null;
    const origin = options.host === null ? path('endpoint') : '--host';
    const names = [...leaf.dnsNames, ...leaf.ipAddresses];
    return {
      message: `No name of the leaf in ${path('crt')} covers ${show(host)} (${origin}). It names ${list(names)}. Clients that connect to ${show(host)} would refuse it.`,
      help: `Have the certificate issued for ${show(host)}, or correct ${origin}.`,
    };
  },
});

/** The name that the leaf must cover: the flag's, else a well-formed endpoint of the values, else none. */
function hostOf({ settings }: Target, { host }: CheckOptions): string | null {
  if (host !== null) return host;
  const { value } = settings.endpoint;
  const isFinal = typeof value === 'string' && !isPlaceholder(value) && resolverOf(value) === null;
  return isFinal && isHostName(value) ? value : null;
}

/** Whether a subject alternative name covers a host name or IP address (RFC 9525, RFC 6125; never the common name). */
function covers({ x509 }: Certificate, host: string): boolean {
  if (looksLikeIp(host)) return x509.checkIP(host) !== undefined;
  return x509.checkHost(host, { subject: 'never', partialWildcards: false }) !== undefined;
}
