// npm run new-rule -- ID [--stage STAGE]: writes a rule and its cases, and enters it in the index.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { RULES } from '../src/rules/index.ts';
import type { Stage } from '../src/rules/rule.ts';
import { casesSkeleton, indexWith, ruleSkeleton, STAGES } from './rule-skeleton.ts';

const USAGE = `npm run new-rule -- ID [--stage STAGE]

  ID      lower-case words with hyphens, such as cert-no-san
  STAGE   ${STAGES.join(', ')}; without it, that of the rules whose identifiers begin alike`;

const pathOf = (name: string): URL => new URL(`../${name}`, import.meta.url);

function fail(reason: string): never {
  console.error(`${reason}\n\n${USAGE}`);
  process.exit(2);
}

/** The stage of the rules whose identifiers begin with the same word. */
function stageLike(id: string): Stage | undefined {
  const [word] = id.split('-');
  return RULES.find((rule) => rule.id.startsWith(`${word}-`))?.stage;
}

function readArguments(): { id: string; stage: Stage } {
  const { values, positionals } = parseArgs({
    options: { stage: { type: 'string' } },
    allowPositionals: true,
  });
  const [id, ...more] = positionals;
  if (id === undefined || more.length > 0) fail('Give one identifier.');
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) fail(`${id} is not a valid identifier.`);
  const stage = values.stage ?? stageLike(id);
  const found = STAGES.find((each) => each === stage);
  if (!found) fail(stage === undefined ? `Give the stage of ${id}.` : `There is no stage ${stage}.`);
  return { id, stage: found };
}

const { id, stage } = readArguments();
const [rule, cases, index] = [`src/rules/${id}.ts`, `test/rules/cases/${id}.ts`, 'src/rules/index.ts'];
for (const file of [rule, cases]) if (existsSync(pathOf(file))) fail(`${file} already exists.`);
const entered = indexWith(readFileSync(pathOf(index), 'utf8'), RULES, id, stage);
writeFileSync(pathOf(rule), ruleSkeleton(id, stage));
writeFileSync(pathOf(cases), casesSkeleton(id, stage));
writeFileSync(pathOf(index), entered);
console.log(`${rule}  the rule
${cases}  its cases
${index}  the rule is the last of the stage ${stage}

Write what is marked TODO in the first two, then:
  npm test -- test/rules
  npm run docs`);
