import { LintError } from '../errors.ts';
import { unknownRule } from '../lint/unknown-rule.ts';
import { RULES } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import { PROGRAM } from '../text/shell.ts';
import { HELP_FLAG, readArguments } from './flags.ts';
import type { CommandHelp } from './help.ts';

export const EXPLAIN_HELP: CommandHelp = {
  name: 'explain',
  usage: 'explain [RULE]',
  summary: 'explain a rule, or list all rules',
  text: 'Shows the page of a rule: what it means, why it matters, what is wrong and right, how to fix it. Without a RULE it lists all rules.',
  flags: [HELP_FLAG],
  examples: [`${PROGRAM} explain chain-order`, `${PROGRAM} explain`],
  statuses: ['the rule or the list was printed', null, 'there is no such rule'],
};

/**
 * Reads the command line of `explain`.
 * @returns the rule to explain; null where all are listed
 * @throws LintError for an unknown rule, or more than one
 */
export function explainOptions(args: readonly string[]): Rule | null {
  const given = readArguments(args, EXPLAIN_HELP);
  const [id, ...more] = given.positionals;
  if (more.length > 0) throw new LintError('explain takes one rule', given.seeHelp);
  if (id === undefined) return null;
  const rule = RULES.find((each) => each.id === id);
  if (!rule) throw unknownRule(id);
  return rule;
}
