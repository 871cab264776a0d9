import type { Rule } from './rule.ts';
import { base64Problem, ENCODED_VALUES, type EncodedName } from './shared/base64.ts';
import { encodeCommand } from './shared/commands.ts';
import { measured } from './shared/sources.ts';
import { pathOf } from './shared/words.ts';

export const base64Twice: Rule = {
  id: 'base64-twice',
  severity: 'error',
  stage: 'base64',
  title: 'encoded twice',
  means:
    'Decoding the value once gives base64 again. This happens when a value is copied out of a Secret and encoded once more.',
  why: 'The Secret is created without a word; OpenSSL finds no PEM in it, and the pods fail.',
  sources: [measured('encoded twice, the Secret is created and OpenSSL finds no PEM in it')],
  bad: "kubectl get secret my-tls -o jsonpath='{.data.tls\\.crt}' | base64",
  good: "kubectl get secret my-tls -o jsonpath='{.data.tls\\.crt}'",
  fix: 'Encode the PEM file once; what a Secret shows under data is encoded already.',
  appliesTo: ENCODED_VALUES,
  stops: 'error',
  check(target, _options, [name]) {
    const problem = base64Problem(target, name, 'twice');
    if (!problem) return [];
    const about = name as EncodedName;
    const times = problem.times === 2 ? 'twice' : `${problem.times} times`;
    return [
      {
        about,
        message: `${pathOf(target, about)} was encoded ${times}: decoded once, it is base64 again. On install, the Secret would be made, but nothing could read the ${about === 'crt' ? 'certificate' : 'key'} in it.`,
        help: `Encode the PEM file once (what a Secret shows under data is encoded already):\n  ${encodeCommand(target, about)}`,
      },
    ];
  },
};
