import { rule } from './rule.ts';
import { encodeOwn } from './shared/commands.ts';
import { base64Diagnostic } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

export const base64NotEncoded = rule({
  id: 'base64-not-encoded',
  severity: 'error',
  refusedBy: ['helm'],
  stage: 'base64',
  title: 'PEM text that is not base64-encoded',
  means: 'The value is the PEM text itself, pasted or read with --set-file, instead of its base64.',
  why: 'The chart writes the value into a Secret as it is. Several lines end in a YAML parse error in secrets.yaml; one line renders, and Kubernetes refuses the Secret.',
  sources: [
    measured('PEM in a | block, and through --set-file, ends in a YAML parse error'),
    measured('PEM on one line renders in both Helms, and the API server refuses it'),
  ],
  bad: 'certificate:\n  tls:\n    crt: |\n      -----BEGIN CERTIFICATE-----\n      …',
  good: 'certificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi…"',
  fix: 'Encode the file, and paste the result.',
  stops: 'error',
  needs: base64Diagnostic('not-encoded'),
  check: ({ about, ...context }) => ({
    message: `${context.path(about)} holds PEM text (-----BEGIN …) instead of its base64. On install, ${consequence(context.target.settings[about].value)}`,
    help: 'The chart needs the base64 of the PEM file, on one line.',
    commands: encodeOwn(context, about),
  }),
});

function consequence(value: unknown): string {
  return String(value).trim().includes('\n')
    ? 'Helm would fail with a YAML parse error in secrets.yaml.'
    : 'Kubernetes would refuse the Secret: illegal base64 data.';
}
