import { rule } from './rule.ts';
import { encodeOwn } from './shared/commands.ts';
import { base64Diagnostic } from './shared/needs.ts';
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
  needs: base64Diagnostic('wrapped'),
  check({ about, ...context }) {
    const isBlock = context.target.settings[about].style === 'literal';
    const consequence = isBlock
      ? 'Helm would fail with a YAML parse error in secrets.yaml.'
      : 'YAML would join its parts with spaces, and Kubernetes would refuse the Secret: illegal base64 data.';
    return {
      message: `The base64 in ${context.path(about)} has white space inside${isBlock ? ': the lines of the | block' : ''}. On install, ${consequence}`,
      help: 'Put it on one line.',
      commands: encodeOwn(context, about),
    };
  },
});
