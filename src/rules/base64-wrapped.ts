import type { ScalarStyle } from '../values/values.ts';
import type { Rule } from './rule.ts';
import { base64Problem, ENCODED_VALUES, type EncodedName } from './shared/base64.ts';
import { encodeCommand } from './shared/commands.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';
import { pathOf } from './shared/words.ts';

export const base64Wrapped: Rule = {
  id: 'base64-wrapped',
  severity: 'error',
  stage: 'base64',
  title: 'white space inside the base64',
  means: 'The base64 is broken into lines, or has spaces in it.',
  why: 'The chart writes the value on one line, unquoted. In a | block the lines break the YAML; everywhere else YAML joins them with spaces, which Kubernetes refuses. `base64` without `-w 0` wraps on Linux.',
  sources: [
    LIGHTRUN_PAGE,
    measured('wrapped in a | block: YAML parse error; in a > block or quotes: illegal base64 data'),
  ],
  bad: 'certificate:\n  tls:\n    crt: |\n      LS0tLS1CRUdJTi…\n      TUlJQ…',
  good: 'certificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi…TUlJQ…"',
  fix: 'Put the base64 on one line.',
  appliesTo: ENCODED_VALUES,
  stops: 'error',
  check(target, _options, [name]) {
    if (!base64Problem(target, name, 'wrapped')) return [];
    const about = name as EncodedName;
    const { style } = target.settings[about];
    return [
      {
        about,
        message: `The base64 in ${pathOf(target, about)} has white space inside${style === 'literal' ? ': the lines of the | block' : ''}. On install, ${consequence(style)}`,
        help: `Put it on one line; this prints it so:\n  ${encodeCommand(target, about)}`,
      },
    ];
  },
};

function consequence(style: ScalarStyle | null): string {
  return style === 'literal'
    ? 'Helm would fail with a YAML parse error in secrets.yaml.'
    : 'its lines would be joined by spaces, and Kubernetes would refuse the Secret: illegal base64 data.';
}
