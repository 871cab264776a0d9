import type { Rule } from './rule.ts';
import { base64Problem, ENCODED_VALUES, type EncodedName } from './shared/base64.ts';
import { encodeCommand } from './shared/commands.ts';
import { measured, rfc } from './shared/sources.ts';
import { pathOf, show } from './shared/words.ts';

export const base64Invalid: Rule = {
  id: 'base64-invalid',
  severity: 'error',
  stage: 'base64',
  title: 'not valid base64',
  means:
    'A character is none of the standard alphabet, the URL-safe alphabet is used (- and _), or the padding (=) is wrong.',
  why: 'Helm renders it without a word, and Kubernetes refuses the Secret: illegal base64 data.',
  sources: [rfc(4648, '4'), measured('Kubernetes decodes strictly: standard alphabet, padding required')],
  bad: 'certificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi_-"',
  good: 'certificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi/+"',
  fix: 'Encode the file anew with base64; a part may have been lost in copying.',
  appliesTo: ENCODED_VALUES,
  stops: 'error',
  check(target, _options, [name]) {
    const problem = base64Problem(target, name, 'url-alphabet', 'alphabet', 'padding');
    if (!problem) return [];
    const about = name as EncodedName;
    return [
      {
        about,
        message: `${pathOf(target, about)} is not valid base64: ${reason(problem)}. On install, Kubernetes would refuse the Secret: illegal base64 data.`,
        help: `Encode the file anew, and copy the whole line:\n  ${encodeCommand(target, about)}`,
      },
    ];
  },
};

function reason(
  problem: NonNullable<ReturnType<typeof base64Problem<'url-alphabet' | 'alphabet' | 'padding'>>>,
): string {
  const place = `character ${problem.offset + 1} of the value`;
  if (problem.kind === 'url-alphabet')
    return `${place} is - or _, of the URL-safe alphabet; + and / stand in the standard one`;
  if (problem.kind === 'alphabet')
    return `${place} is ${show(JSON.stringify(problem.character))}, which base64 does not have`;
  switch (problem.reason) {
    case 'missing':
      return 'the = at its end is missing, so a part may have been cut off';
    case 'excess':
      return 'it ends in more = than it needs';
    case 'inside':
      return `${place} is a = in the middle; two encoded files may have been joined`;
    default:
      return 'its length fits no number of bytes, so a part has been cut off';
  }
}
