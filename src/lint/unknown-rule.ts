import { LintError } from '../errors.ts';
import { RULES } from '../rules/index.ts';
import { quote } from '../text/display.ts';
import { nearest } from '../text/nearest.ts';
import { PROGRAM } from '../text/shell.ts';

/** Whether there is a rule of this name. */
export function isRule(id: string): boolean {
  return RULES.some((rule) => rule.id === id);
}

/**
 * The error for a rule that does not exist, with the nearest one.
 * @param where it is named, such as `values.yaml:3: `; safe to show
 * @param how it is named there, such as `, which a comment ignores`
 */
export function unknownRule(id: string, where = '', how = ''): LintError {
  const near = nearest(
    id,
    RULES.map((rule) => rule.id),
  );
  const hint = near ? `Did you mean ${near}? ` : '';
  return new LintError(`${where}there is no rule ${quote(id)}${how}`, `${hint}All rules: ${PROGRAM} explain`);
}
