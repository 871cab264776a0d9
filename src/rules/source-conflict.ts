import type { Rule } from './rule.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';
import { pathOf } from './shared/words.ts';

export const sourceConflict: Rule = {
  id: 'source-conflict',
  severity: 'error',
  stage: 'values',
  title: 'the certificate is given in both ways',
  means: 'Both certificate.existing_cert and certificate.tls are set.',
  why: 'The chart silently uses the Secret and ignores certificate.tls: perhaps the old certificate, not the new one.',
  sources: [LIGHTRUN_PAGE, measured('with existing_cert set, certificate.tls is ignored without a word')],
  bad: 'certificate:\n  existing_cert: "my-tls-secret"\n  tls:\n    crt: "LS0tLS1CRUdJTi…"\n    key: "LS0tLS1CRUdJTi…"',
  good: 'certificate:\n  existing_cert: "my-tls-secret"',
  fix: 'Decide for one way and empty the other.',
  appliesTo: [['certificate', 'tls', 'existingCert']],
  check(target) {
    if (target.source !== 'conflict') return [];
    const [secret, tls] = [pathOf(target, 'existingCert'), pathOf(target, 'tls')];
    return [
      {
        about: 'existingCert',
        message: `Both ${secret} and ${tls} are set. On install, the chart would use the Secret and ignore ${tls} without a word.`,
        help: `To use the Secret, empty ${tls}.crt and ${tls}.key.\nTo use the certificate in the file, set ${secret}: ""`,
      },
    ];
  },
};
