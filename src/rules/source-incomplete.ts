import { isSet, isUnset } from '../values/settings.ts';
import type { Rule } from './rule.ts';
import { encodeCommand } from './shared/commands.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';
import { pathOf } from './shared/words.ts';

export const sourceIncomplete: Rule = {
  id: 'source-incomplete',
  severity: 'error',
  stage: 'values',
  title: 'only one of tls.crt and tls.key is set',
  means:
    'Only one of certificate.tls.crt and certificate.tls.key is set. The one that is there is still judged. With --partial this is not held against a file.',
  why: 'A Secret of type kubernetes.io/tls with an empty half serves nobody: nginx and the backend do not start.',
  sources: [LIGHTRUN_PAGE, measured('an empty tls.key is refused by nginx, OpenSSL and Node')],
  bad: 'certificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi…"\n    key: ""',
  good: 'certificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi…"\n    key: "LS0tLS1CRUdJTi…"',
  fix: 'Give the other half too.',
  appliesTo: [['certificate', 'tls', 'existingCert']],
  check(target, { partial }) {
    const { settings, source } = target;
    const missing = (['crt', 'key'] as const).filter((name) => isUnset(settings[name].value));
    const other = missing[0] === 'crt' ? 'key' : 'crt';
    const [only] = missing;
    if (partial || source !== 'inline' || missing.length !== 1 || !only || !isSet(settings[other].value))
      return [];
    return [
      {
        about: only,
        message: `${pathOf(target, other)} is set, but ${pathOf(target, only)} is not. On install, the Secret would have an empty half, and the router and the backend could not load it.`,
        help: `Set ${pathOf(target, only)} to what this prints:\n  ${encodeCommand(target, only)}`,
      },
    ];
  },
};
