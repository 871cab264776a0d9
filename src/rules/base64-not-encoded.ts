import { rule } from './rule.ts';
import { byMistake, subject, valuesOf } from './shared/alike.ts';
import { encodeOwn } from './shared/commands.ts';
import { base64Diagnostics } from './shared/needs.ts';
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
  needs: base64Diagnostics('not-encoded'),
  check({ found, ...context }) {
    const values = context.target.settings;
    return byMistake(found, ({ about }) => consequence(values[about].value)).map((alike) => ({
      ...valuesOf(alike),
      message: `${subject(context, alike, 'holds', 'hold')} PEM text (-----BEGIN …) instead of its base64. On install, ${consequence(values[alike[0].about].value)}`,
      help: context.target.delivery?.isFromTlsSecret
        ? `What a Secret of type kubernetes.io/tls holds arrives decoded through targetPath. Name that Secret in ${context.path('existingCert')}, and remove these entries of valuesFrom.`
        : 'The chart needs the base64 of the PEM file, on one line.',
      commands: encodeOwn(context, ...alike.map(({ about }) => about)),
    }));
  },
});

/** The chart writes the value on one line, without quotes. */
function consequence(value: unknown): string {
  const text = String(value).trimEnd();
  if (/[\r\n]/.test(text)) return 'Helm would fail with a YAML parse error in secrets.yaml.';
  // What YAML reads as its own: a mapping, or a comment.
  return /:\s|\s#/.test(text)
    ? 'the Secret would not hold this text.'
    : 'Kubernetes would refuse the Secret: illegal base64 data.';
}
