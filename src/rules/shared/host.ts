import { resolverOf } from '../../values/unresolved.ts';
import type { Certificate } from '../../x509/certificate.ts';
import { isPlaceholder } from '../placeholder.ts';
import type { CheckOptions } from '../rule.ts';
import type { Target } from './target.ts';

const LONGEST_HOST = 253;
const HOST = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;
const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Whether a text is a bare DNS name in lower case, as an Ingress wants it (RFC 1123 subdomain, no IP address). */
export function isHostName(text: string): boolean {
  return text.length <= LONGEST_HOST && HOST.test(text) && !IPV4.test(text);
}

/** The name that the leaf must cover: the flag's, else a well-formed endpoint of the values, else none. */
export function comparedHost(target: Target, { host }: CheckOptions): string | null {
  if (host !== null) return host;
  const { value } = target.settings.endpoint;
  if (typeof value !== 'string' || !isHostName(value)) return null;
  return isPlaceholder(value) || resolverOf(value) ? null : value;
}

/** Whether a subject alternative name covers a host name or IP address (RFC 9525, RFC 6125; never the common name). */
export function covers({ x509 }: Certificate, host: string): boolean {
  if (IPV4.test(host) || host.includes(':')) return x509.checkIP(host) !== undefined;
  return x509.checkHost(host, { subject: 'never', partialWildcards: false }) !== undefined;
}
