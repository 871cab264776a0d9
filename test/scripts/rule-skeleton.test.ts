import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { casesSkeleton, exportName, indexWith, ruleSkeleton, STAGES } from '../../scripts/rule-skeleton.ts';
import { RULES } from '../../src/rules/index.ts';
import { run } from '../support/run.ts';

const ROOT = new URL('../../', import.meta.url);
const index = readFileSync(new URL('src/rules/index.ts', ROOT), 'utf8');

test('the stages are those of the rules, in their order', () => {
  assert.equal(STAGES, [...new Set(RULES.map(({ stage }) => stage))]);
});

test('every rule is exported under its identifier in camel case, and so is a new one', () => {
  for (const { id } of RULES) assert.match(index, `import { ${exportName(id)} } from './${id}.ts';`);
});

for (const stage of STAGES) {
  test(`a new rule of the stage ${stage} is the last of it, and imported in the order of the files`, () => {
    for (const id of ['aaa-skeleton', 'cert-skeleton', 'zzz-skeleton']) {
      const lines = indexWith(index, RULES, id, stage).split('\n');
      const listed = lines.flatMap((line) => /^ {2}(\w+),$/.exec(line)?.[1] ?? []);
      const own = RULES.filter((rule) => rule.stage === stage).map((rule) => exportName(rule.id));
      assert.is(listed.indexOf(exportName(id)), listed.indexOf(own.at(-1) ?? '') + 1);
      const paths = lines.flatMap((line) => /^import .* from '(\.\/.*)';$/.exec(line)?.[1] ?? []);
      assert.equal(paths, [...paths].sort());
      assert.is(listed.length, RULES.length + 1);
      assert.is(paths.length, RULES.length + 2);
    }
  });
}

test('a skeleton has the types and the form of the other rules, and its cases those of theirs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lightrun-cert-'));
  try {
    const from = (text: string, base: string) =>
      text.replace(/'(\.\.?\/[^']*)'/g, (_, path) => `'${new URL(path, new URL(base, ROOT)).pathname}'`);
    const files = STAGES.flatMap((stage, at) => {
      const id = `toy-${at}`;
      const [rule, cases] = [join(folder, `${id}.ts`), join(folder, `${id}-cases.ts`)];
      writeFileSync(rule, from(ruleSkeleton(id, stage), 'src/rules/'));
      writeFileSync(cases, from(casesSkeleton(id, stage), 'test/rules/cases/'));
      return [rule, cases];
    });
    const config = { extends: new URL('tsconfig.json', ROOT).pathname, files, include: [] };
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        ...config,
        compilerOptions: { typeRoots: [new URL('node_modules/@types', ROOT).pathname] },
      }),
    );
    const tsc = new URL('node_modules/typescript/bin/tsc', ROOT).pathname;
    const { status, stdout } = await run(process.execPath, [tsc, '--project', folder]);
    assert.is(status, 0, stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
