import { hasIngress } from '../clients/in-use.ts';
import { isHostName } from '../text/names.ts';
import { REDACTED } from '../text/redact.ts';
import { isUnset } from '../values/settings.ts';
import { rule } from './rule.ts';
import { values } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

export const endpointFormat = rule({
  id: 'endpoint-format',
  severity: 'error',
  refusedBy: ['kubernetes', 'nginx'],
  stage: 'pair and platform',
  title: 'the endpoint is not a bare host name',
  means:
    'general.lightrun_endpoint is empty or null; or it is not a bare DNS name in lower case: it has a scheme, a port, a path, upper case or white space. An IP address is accepted where no Ingress is rendered.',
  why: 'It renders silently. Without a name nginx does not start; with anything but a host name Kubernetes refuses the Ingress that carries the certificate.',
  sources: [
    measured('an empty or null endpoint stops nginx in every mode: `server_name ;`'),
    measured('a scheme, a port, upper case render silently and are refused later'),
    'Kubernetes: the host of an Ingress is an RFC 1123 subdomain, not an IP address',
  ],
  bad: 'general:\n  lightrun_endpoint: "https://Lightrun.example.com:443/"',
  good: 'general:\n  lightrun_endpoint: "lightrun.example.com"',
  fix: 'Write the host name alone, in lower case.',
  needs: values('endpoint'),
  check({ target, entry: { value, present }, about, path, show }) {
    if (present && isUnset(value)) {
      return {
        refusedBy: ['nginx', 'kubernetes'],
        message: `${path(about)} is ${value === null ? 'null' : 'empty'}. On install, nginx in the router would not start (server_name without a name).`,
        help: 'Write the DNS name that clients use, such as lightrun.example.com.',
      };
    }
    const isString = typeof value === 'string';
    if (isUnset(value) || (isString && isHostName(value))) return null;
    // `node:net` takes time to load, and is mostly not needed.
    if (isString && !hasIngress(target.settings) && process.getBuiltinModule('node:net').isIP(value) !== 0)
      return null;
    const shown = isString ? show(value, 'host') : '';
    const bare = isString && shown !== REDACTED ? bareHost(value) : null;
    return {
      refusedBy: ['kubernetes'],
      message: `${path(about)} is ${isString ? `"${shown}"` : 'not a string'}; it must be a bare host name in lower case. On install, Kubernetes would refuse the Ingress that carries the certificate.`,
      help: bare
        ? `Write:\n  lightrun_endpoint: "${bare}"`
        : 'Write the DNS name alone, in lower case, such as lightrun.example.com.',
    };
  },
});

/** What is probably meant: without scheme, port and path, in lower case; null where that is not a host name. */
function bareHost(text: string): string | null {
  const host = text
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/[/?#].*$/s, '')
    .replace(/:\d*$/, '')
    .replace(/\.$/, '')
    .toLowerCase();
  return isHostName(host) ? host : null;
}
