import type { SettingName } from '../../values/settings.ts';
import type { Base64Diagnostic } from '../../x509/base64.ts';
import type { Target } from './target.ts';

/** The two values that hold base64, each judged by itself. */
export const ENCODED_VALUES = [['crt'], ['key']] as const;
export type EncodedName = 'crt' | 'key';

/** The base64 problem of one of the two values, where it is of this kind. */
export function base64Diagnostic<K extends Base64Diagnostic['kind']>(
  target: Target,
  name: SettingName | undefined,
  ...kinds: K[]
): Extract<Base64Diagnostic, { kind: K }> | null {
  const diagnostic = target.material?.[name as EncodedName]?.base64.diagnostic ?? null;
  return diagnostic && kinds.includes(diagnostic.kind as K)
    ? (diagnostic as Extract<Base64Diagnostic, { kind: K }>)
    : null;
}
