import { isHostName } from '../text/names.ts';
import { isUnset } from '../values/settings.ts';
import { rule } from './rule.ts';
import { values } from './shared/needs.ts';
import { measured } from './shared/sources.ts';
import { show } from './shared/words.ts';

export const endpointFormat = rule({
  id: 'endpoint-format',
  severity: 'error',
  stage: 'pair and platform',
  title: 'the endpoint is not a bare host name',
  means:
    'general.lightrun_endpoint is set, but is not a bare DNS name in lower case: it has a scheme, a port, a path, upper case or white space.',
  why: 'It renders silently, and Kubernetes refuses the Ingress that carries the certificate.',
  sources: [
    measured('a scheme, a port, upper case render silently and are refused later'),
    'Kubernetes: the host of an Ingress is an RFC 1123 subdomain, not an IP address',
  ],
  bad: 'general:\n  lightrun_endpoint: "https://Lightrun.example.com:443/"',
  good: 'general:\n  lightrun_endpoint: "lightrun.example.com"',
  fix: 'Write the host name alone, in lower case.',
  needs: values('endpoint'),
  check({ entry: { value }, about, path }) {
    const isString = typeof value === 'string';
    if (isUnset(value) || (isString && isHostName(value))) return null;
    const bare = isString ? bareHost(value) : null;
    return {
      message: `${path(about)} is ${isString ? show(JSON.stringify(value)) : 'not a string'}; it must be a bare host name in lower case. On install, Kubernetes would refuse the Ingress that carries the certificate.`,
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
