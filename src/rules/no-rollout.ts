import { UNKNOWN_FULLNAME } from '../values/workloads.ts';
import { rule } from './rule.ts';
import { restartLine } from './shared/commands.ts';
import { upgrade } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

export const noRollout = rule({
  id: 'no-rollout',
  severity: 'info',
  refusedBy: [],
  stage: 'upgrade',
  title: 'the certificate changes, and no pod restarts by itself',
  means:
    "With --previous, and in the gate's upgrade: the content of the certificate's Secret changes, while its name and the pod templates that mount it stay. The gate compares the manifests, and prints the line once more after the upgrade.",
  why: 'The Ingress controller serves the new certificate at once; the backend hands out the old pin, and the router (own TLS) serves the old certificate, until they are restarted.',
  sources: [
    measured(
      'another certificate.tls changes the Secret alone; another existing_cert, or other pins, restart pods',
    ),
    'kubectl rollout restart',
  ],
  bad: 'certificate:\n  tls:\n    crt: "(another certificate than that of the release)"',
  good: 'kubectl rollout restart deployment/lightrun-backend deployment/lightrun-crons   # after the upgrade',
  fix: 'After the upgrade, restart what mounts the certificate, with the line that is shown.',
  needs: upgrade,
  check({ upgrade, after, ...context }) {
    const restart = restartLine(context, upgrade);
    if (restart === null) return null;
    const names = upgrade.byHand.map((name) => context.show(name.replace(/^.*\//, ''), 'object name'));
    const isPinOld = upgrade.leaf !== null && after !== null && upgrade.leaf.pinSha256 !== after.pinSha256;
    return {
      message: [
        `The certificate differs from that of ${upgrade.name}, and no pod of ${names.join(', ')} restarts by itself: they keep the old one until they are restarted.`,
        ...(isPinOld ? ['The backend hands out the old pin until then.'] : []),
        ...(upgrade.isCertain ? [] : ['Other values differ too, and may restart some of them.']),
      ].join(' '),
      help: [
        'After the upgrade, run:',
        `  ${restart}`,
        ...(restart.includes(UNKNOWN_FULLNAME)
          ? [`${UNKNOWN_FULLNAME} stands for the name of the release, which --release NAME gives.`]
          : []),
      ].join('\n'),
    };
  },
});
