import { rule } from './rule.ts';
import { values } from './shared/needs.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';

export const sourceConflict = rule({
  id: 'source-conflict',
  severity: 'error',
  refusedBy: [],
  stage: 'values',
  title: 'both existing_cert and tls are set',
  means: 'Both certificate.existing_cert and certificate.tls are set.',
  why: 'The chart silently uses the Secret and ignores certificate.tls: perhaps the old certificate instead of the new one.',
  sources: [LIGHTRUN_PAGE, measured('with existing_cert set, certificate.tls is silently ignored')],
  bad: 'certificate:\n  existing_cert: "my-tls-secret"\n  tls:\n    crt: "LS0tLS1CRUdJTi…"\n    key: "LS0tLS1CRUdJTi…"',
  good: 'certificate:\n  existing_cert: "my-tls-secret"',
  fix: 'Decide on one of the two and empty the other.',
  needs: values('certificate', 'tls', 'existingCert'),
  check({ target, path }) {
    if (target.source !== 'conflict') return null;
    const [secret, tls] = [path('existingCert'), path('tls')];
    return {
      about: 'existingCert',
      message: `Both ${secret} and ${tls} are set. On install, the chart would silently use the Secret and ignore ${tls}.`,
      also: ['tls'],
      help: `To use the Secret, empty ${tls}.crt and ${tls}.key; to use the certificate in the file, empty ${secret}.`,
    };
  },
});
