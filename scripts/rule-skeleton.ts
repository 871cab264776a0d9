import type { Rule, Stage } from '../src/rules/rule.ts';

/** The forms of cases. */
const CASES = {
  values: {
    imports: 'GOOD_YAML, type ValuesCase, valuesCase',
    type: 'ValuesCase',
    make: (what: string, expected: string) => `valuesCase('TODO what is ${what}', GOOD_YAML, ${expected})`,
  },
  pair: {
    imports: 'KEY, type Pair, pair, pem, trusted',
    type: 'Pair',
    make: (what: string, expected: string) => `pair('TODO what is ${what}', pem, KEY, ${expected}, trusted)`,
  },
  secret: {
    imports: 'liveSecret, secretCase, type ValuesCase',
    type: 'ValuesCase',
    make: (what: string, expected: string) =>
      `secretCase('TODO what is ${what}', liveSecret({}), ${expected})`,
  },
  leaf: {
    imports: 'leafPair, type Pair',
    type: 'Pair',
    make: (what: string, expected: string) =>
      `leafPair('TODO what is ${what}', { san: ['TODO'] }, ${expected})`,
  },
} as const;

/** What a new rule of a stage starts from: an entry of src/rules/shared/needs.ts, and its cases. */
const STARTS: Readonly<
  Record<Stage, { needs: string; use: string; facts: string; cases: keyof typeof CASES }>
> = {
  values: { needs: 'values', use: "values('certificate')", facts: 'about', cases: 'values' },
  base64: { needs: 'base64Diagnostics', use: "base64Diagnostics('alphabet')", facts: 'found', cases: 'pair' },
  pem: { needs: 'pemTexts', use: 'pemTexts', facts: 'texts', cases: 'pair' },
  'private key': { needs: 'privateKey', use: 'privateKey', facts: 'privateKey', cases: 'pair' },
  certificate: { needs: 'serverChain', use: 'serverChain', facts: 'leaf', cases: 'leaf' },
  chain: { needs: 'chain', use: 'chain', facts: 'chain', cases: 'pair' },
  'pair and platform': { needs: 'values', use: "values('endpoint')", facts: 'about', cases: 'values' },
  upgrade: { needs: 'upgrade', use: 'upgrade', facts: 'upgrade', cases: 'values' },
  cluster: { needs: 'foundSecret', use: 'foundSecret', facts: 'found', cases: 'secret' },
};

export const STAGES = Object.keys(STARTS) as Stage[];

/** `cert-no-san` as `certNoSan`. */
export function exportName(id: string): string {
  return id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The file of a new rule. It finds nothing yet, and says TODO where a person has to write. */
export function ruleSkeleton(id: string, stage: Stage): string {
  const { needs, use, facts } = STARTS[stage];
  return `import { rule } from './rule.ts';
import { ${needs} } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

export const ${exportName(id)} = rule({
  id: '${id}',
  severity: 'error',
  refusedBy: [], // TODO who refuses what it finds: see src/clients/refusal.ts
  stage: '${stage}',
  title: 'TODO what is wrong, in half a line',
  means: 'TODO when it fires.',
  why: 'TODO what goes wrong on install.',
  sources: [measured('TODO the fact that it rests on')],
  bad: 'TODO',
  good: 'TODO',
  fix: 'TODO what to do.',
  needs: ${use},
  check({ ${facts}, path }) {
    const isRight = ${facts} !== undefined; // TODO
    if (isRight) return null;
    return {
      message: \`TODO what is wrong in \${path('certificate')}. On install, TODO what would have happened.\`,
      help: 'TODO what to do.',
    };
  },
});
`;
}

/** The file of its cases: a bad one, which fails until the rule finds it, and a good one. */
export function casesSkeleton(id: string, stage: Stage): string {
  const { imports, type, make } = CASES[STARTS[stage].cases];
  return `import { ${imports} } from '../../support/rule-case.ts';

const cases: ${type}[] = [
  ${make('wrong', `['${id}']`)},
  ${make('right', '[]')},
];

export default cases;
`;
}

/**
 * The text of src/rules/index.ts with a new rule, as the last of its stage.
 * @param rules those of the index as it is
 */
export function indexWith(index: string, rules: readonly Rule[], id: string, stage: Stage): string {
  const before = rules.findLast((each) => STAGES.indexOf(each.stage) <= STAGES.indexOf(stage));
  if (before === undefined) throw new RangeError(`no rule comes before the stage ${stage}`);
  const name = exportName(id);
  const lines = index.split('\n');
  const entry = lines.indexOf(`  ${exportName(before.id)},`);
  const imports = lines.flatMap((line, at) => (/from '\.\/[^']*'/.test(line) ? [{ line, at }] : []));
  const pathOf = (line: string) => /'([^']*)'/.exec(line)?.[1] ?? '';
  const place = imports.find(({ line }) => pathOf(line) > `./${id}.ts`)?.at ?? (imports.at(-1)?.at ?? -1) + 1;
  return [
    ...lines.slice(0, place),
    `import { ${name} } from './${id}.ts';`,
    ...lines.slice(place, entry + 1),
    `  ${name},`,
    ...lines.slice(entry + 1),
  ].join('\n');
}
