import { rule } from './rule.ts';
import { byMistake, subject, valuesOf } from './shared/alike.ts';
import { encodeOwn } from './shared/commands.ts';
import { base64Diagnostics, type EncodedName } from './shared/needs.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';

export const base64Wrapped = rule({
  id: 'base64-wrapped',
  severity: 'error',
  refusedBy: ['helm', 'kubernetes'],
  stage: 'base64',
  title: 'white space inside the base64',
  means: 'The base64 is broken into lines, or has spaces in it.',
  why: 'The chart writes the value on one line, unquoted. The lines of a | block break the YAML; everywhere else YAML joins them with spaces, which Kubernetes refuses. On Linux, `base64` wraps unless it is given `-w 0`.',
  sources: [
    LIGHTRUN_PAGE,
    measured('wrapped in a | block: YAML parse error; in a > block or quotes: illegal base64 data'),
  ],
  bad: 'certificate:\n  tls:\n    crt: |\n      LS0tLS1CRUdJTi…\n      TUlJQ…',
  good: 'certificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi…TUlJQ…"',
  fix: 'Put the base64 on one line.',
  stops: 'error',
  needs: base64Diagnostics('wrapped'),
  check({ found, ...context }) {
    const values = context.target.settings;
    const isInLines = (about: EncodedName) => /[\r\n]/.test(String(values[about].value).trimEnd());
    return byMistake(found, ({ about }) => String(isInLines(about))).map((alike) => {
      const isBlock = alike.every(({ about }) => values[about].style === 'literal');
      const consequence = isInLines(alike[0].about)
        ? 'Helm would fail with a YAML parse error in secrets.yaml.'
        : 'Kubernetes would refuse the Secret: illegal base64 data.';
      return {
        ...valuesOf(alike),
        message: `${subject(context, alike, 'holds', 'hold')} base64 with white space inside${isBlock ? ': the lines of a | block' : ''}. On install, ${consequence}`,
        help: 'Put the base64 on one line.',
        commands: encodeOwn(context, ...alike.map(({ about }) => about)),
      };
    });
  },
});
