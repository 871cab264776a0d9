import { isSet, isUnset } from '../values/settings.ts';
import type { Rule } from './rule.ts';
import { isHostName } from './shared/host.ts';
import { measured } from './shared/sources.ts';
import { pathOf, show } from './shared/words.ts';

export const endpointFormat: Rule = {
  id: 'endpoint-format',
  severity: 'error',
  stage: 'pair and platform',
  title: 'the endpoint is no bare host name',
  means:
    'general.lightrun_endpoint is set, but is no bare DNS name in lower case: it has a scheme, a port, a path, upper case or white space.',
  why: 'It renders without a word, and Kubernetes refuses the Ingress that carries the certificate.',
  sources: [
    measured('a scheme, a port, upper case render without a word and are refused later'),
    'Kubernetes: the host of an Ingress is an RFC 1123 subdomain, no IP address',
  ],
  bad: 'general:\n  lightrun_endpoint: "https://Lightrun.example.com:443/"',
  good: 'general:\n  lightrun_endpoint: "lightrun.example.com"',
  fix: 'Write the host name alone, in lower case.',
  appliesTo: [['endpoint']],
  check(target) {
    const { value } = target.settings.endpoint;
    if (isUnset(value)) return [];
    if (typeof value === 'string' && isHostName(value)) return [];
    const path = pathOf(target, 'endpoint');
    const bare = typeof value === 'string' && isSet(value) ? bareHost(value) : null;
    return [
      {
        about: 'endpoint',
        message: `${path} is ${typeof value === 'string' ? show(JSON.stringify(value)) : 'not a text'}; it must be a bare host name in lower case. On install, Kubernetes would refuse the Ingress that carries the certificate.`,
        help: bare
          ? `Write:\n  lightrun_endpoint: "${bare}"`
          : 'Write the DNS name alone, in lower case, such as lightrun.example.com.',
      },
    ];
  },
};

/** What is probably meant: without scheme, user, port and path, in lower case; null where that is no host name. */
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
