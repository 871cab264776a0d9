import type { Rule, RuleTexts } from './rule.ts';

/**
 * The texts of a rule's page. They are in the rule's own file; the build takes them out of there, and puts them into a
 * file that only `explain` loads (scripts/rule-texts.mjs).
 */
export function textsOf(rule: Rule): RuleTexts {
  return rule as Rule & RuleTexts;
}
