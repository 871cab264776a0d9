import { isSet, isUnset } from '../values/settings.ts';
import { rule } from './rule.ts';
import { encodeOwn } from './shared/commands.ts';
import { values } from './shared/needs.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';

export const sourceIncomplete = rule({
  id: 'source-incomplete',
  severity: 'error',
  refusedBy: ['openssl', 'nginx', 'go'],
  stage: 'values',
  title: 'only one of tls.crt and tls.key is set',
  means:
    'Only one of certificate.tls.crt and certificate.tls.key is set. That one is still checked. With --partial the missing one is not reported.',
  why: 'The chart renders a Secret with an empty half: nginx and the backend do not start.',
  sources: [LIGHTRUN_PAGE, measured('an empty tls.key is refused by nginx, OpenSSL and Node')],
  bad: 'certificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi…"\n    key: ""',
  good: 'certificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi…"\n    key: "LS0tLS1CRUdJTi…"',
  fix: 'Set the other one too.',
  needs: values('certificate', 'tls', 'existingCert'),
  check(context) {
    const { target, options, path } = context;
    if (options.partial || target.source !== 'inline') return null;
    const [missing, given] = isUnset(target.settings.crt.value)
      ? (['crt', 'key'] as const)
      : (['key', 'crt'] as const);
    const isHalf = isUnset(target.settings[missing].value) && isSet(target.settings[given].value);
    if (!isHalf) return null;
    return {
      about: missing,
      message: `${path(given)} is set, but ${path(missing)} is not. On install, the Secret would have an empty half, and the router and the backend could not load it.`,
      help: `Set ${path(missing)} too.`,
      commands: encodeOwn(context, missing),
    };
  },
});
