/** The cases of the rules: every file of test/rules/cases/ gives some. */
import { readdirSync } from 'node:fs';
import type { Pair, RuleCase } from './rule-case.ts';

export type { Pair } from './rule-case.ts';

const files = readdirSync(new URL('../rules/cases/', import.meta.url)).sort();

/** The cases by the file that gives them, without its ending: the name of a rule, or of a group of rules. */
export const CASES: ReadonlyMap<string, readonly RuleCase[]> = new Map(
  await Promise.all(files.map((file) => casesIn(file.replace(/\.ts$/, '')))),
);

async function casesIn(name: string): Promise<[string, readonly RuleCase[]]> {
  const { default: cases } = await import(`../rules/cases/${name}.ts`);
  return [name, cases];
}

/** Those of them that are a pair of certificate and key: real consumers are asked about these too. */
export const PAIRS: readonly Pair[] = [...CASES.values()]
  .flat()
  .filter((each): each is Pair => 'crt' in each);
