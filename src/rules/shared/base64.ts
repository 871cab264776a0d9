import type { SettingName } from '../../values/settings.ts';
import type { Base64Problem } from '../../x509/base64.ts';
import type { Target } from './target.ts';

/** The two values that hold base64, each judged by itself. */
export const ENCODED_VALUES = [['crt'], ['key']] as const;
export type EncodedName = 'crt' | 'key';

/** The base64 problem of one of the two values, where it is of this kind. */
export function base64Problem<K extends Base64Problem['kind']>(
  target: Target,
  name: SettingName | undefined,
  ...kinds: K[]
): Extract<Base64Problem, { kind: K }> | null {
  const problem = target.material?.[name as EncodedName]?.base64.problem ?? null;
  return problem && kinds.includes(problem.kind as K)
    ? (problem as Extract<Base64Problem, { kind: K }>)
    : null;
}
