import { isSet } from '../../values/settings.ts';
import type { Target } from './target.ts';

/** The accepted pins as the chart hands them on: a list, or one text with commas. Anything else has none. */
export function pinsOf(target: Target): readonly unknown[] {
  const { value } = target.settings.pins;
  if (Array.isArray(value)) return value;
  return typeof value === 'string' && isSet(value) ? value.split(',') : [];
}
