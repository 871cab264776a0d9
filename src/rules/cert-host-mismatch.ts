import { isInUse } from '../clients/in-use.ts';
import { isHostName, looksLikeIp } from '../text/names.ts';
import { resolverOf } from '../values/unresolved.ts';
import type { Certificate } from '../x509/certificate.ts';
import { type CheckOptions, rule } from './rule.ts';
import { serverChain } from './shared/needs.ts';
import { isPlaceholder } from './shared/placeholders.ts';
import { measured, rfc } from './shared/sources.ts';
import type { Target } from './shared/target.ts';
import { list, publicName } from './shared/words.ts';

export const certHostMismatch = rule({
  id: 'cert-host-mismatch',
  severity: 'error',
  refusedBy: ['openssl', 'go', 'java', 'browser'],
  stage: 'certificate',
  title: 'the leaf does not name the host that clients connect to',
  means:
    'No subject alternative name of the leaf covers general.lightrun_endpoint, or the name given by --host. A wildcard matches exactly one label. An error for --host and where an Ingress is on, which then serves its own certificate; else a warning.',
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
  checkMaker({ certificate }, { target, options, show, path }) {
    const host = hostOf(target, options);
    if (certificate === null || host === null) return null;
    const names = [...certificate.dnsNames, ...certificate.ipAddresses];
    if (names.some((name) => resolverOf(name) !== null || isCovered(host, name))) return null;
    const isServed = options.host === null && isInUse('go', target.settings);
    const origin = options.host === null ? path('endpoint') : '--host';
    return {
      severity: isServed || options.host !== null ? 'error' : 'warning',
      field: ['spec', 'dnsNames'],
      message: `No name that this Certificate asks for covers ${show(host, 'host')} (${origin}). It asks for ${list(names) || 'none'}. Clients that connect to ${show(host, 'host')} would refuse it.`,
      help: `Add ${show(host, 'host')} to spec.dnsNames, or correct ${origin}.`,
    };
  },
  check({ target, options, leaf, path, show }) {
    const host = hostOf(target, options);
    if (host === null || covers(leaf, host)) return null;
    const origin = options.host === null ? path('endpoint') : '--host';
    const shown = show(host, 'host');
    const names = [...leaf.dnsNames, ...leaf.ipAddresses];
    const isServed = options.host === null && isInUse('go', target.settings);
    const consequence = isServed
      ? `The Ingress controller would serve its own certificate for ${shown}, and clients would refuse that.`
      : `Clients that connect to ${shown} would refuse it.`;
    return {
      severity: isServed || options.host !== null ? 'error' : 'warning',
      message: `No name of the leaf in ${path('crt')} covers ${shown} (${origin}). It names ${list(names) || `only ${publicName(leaf.commonName ?? 'nothing')} as its common name`}. ${consequence}`,
      help: `Have the certificate issued for ${shown}, or correct ${origin}.`,
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

/**
 * Whether a name of the leaf covers a host name or IP address (RFC 9525, RFC 6125): its common name only where it has no
 * subject alternative name for servers, which `cert-no-san` reports. A host with a final dot is covered by none.
 */
function covers(leaf: Certificate, host: string): boolean {
  const { x509 } = leaf;
  if (looksLikeIp(host)) return x509.checkIP(host) !== undefined;
  if (host.endsWith('.')) return false;
  const subject = leaf.hasServerNames ? 'never' : 'always';
  return x509.checkHost(host, { subject, partialWildcards: false }) !== undefined;
}

/** Whether a DNS name, whose first label may be a wildcard, or an IP address is that host. */
function isCovered(host: string, name: string): boolean {
  const lower = name.toLowerCase();
  if (!lower.startsWith('*.')) return lower === host.toLowerCase();
  const [, ...rest] = host.toLowerCase().split('.');
  return !looksLikeIp(host) && rest.join('.') === lower.slice(2);
}
