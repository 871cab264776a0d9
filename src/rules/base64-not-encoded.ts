import type { Rule } from './rule.ts';
import { base64Problem, ENCODED_VALUES, type EncodedName } from './shared/base64.ts';
import { encodeCommand } from './shared/commands.ts';
import { measured } from './shared/sources.ts';
import { pathOf } from './shared/words.ts';

export const base64NotEncoded: Rule = {
  id: 'base64-not-encoded',
  severity: 'error',
  stage: 'base64',
  title: 'PEM text that was not encoded as base64',
  means: 'The value is the PEM text itself, pasted or read with --set-file, and not its base64.',
  why: 'The chart writes the value into a Secret as it is: Helm fails with a YAML parse error in secrets.yaml.',
  sources: [measured('PEM in a | block, and through --set-file, ends in a YAML parse error')],
  bad: 'certificate:\n  tls:\n    crt: |\n      -----BEGIN CERTIFICATE-----\n      …',
  good: 'certificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi…"',
  fix: 'Encode the file, and paste what comes out.',
  appliesTo: ENCODED_VALUES,
  stops: 'error',
  check(target, _options, [name]) {
    if (!base64Problem(target, name, 'not-encoded')) return [];
    const about = name as EncodedName;
    return [
      {
        about,
        message: `${pathOf(target, about)} holds PEM text (-----BEGIN …) where its base64 is needed. On install, Helm would fail with a YAML parse error in secrets.yaml.`,
        help: `Replace the value with what this prints:\n  ${encodeCommand(target, about)}`,
      },
    ];
  },
};
