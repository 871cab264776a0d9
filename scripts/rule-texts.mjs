// The texts that people read about rules, apart from the rules' checks: every lint would read them for nothing.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parseSync } from 'oxc-parser';

/** As in `RuleTexts`. */
const TEXTS = ['means', 'why', 'sources', 'bad', 'good', 'fix'];

/**
 * A plugin of esbuild that leaves these texts out of the rules, and puts them into `src/rules/documentation.ts`.
 *
 * @param {string} root
 * @returns {import('esbuild').Plugin}
 */
export function ruleTexts(root) {
  const rules = join(root, 'src', 'rules');
  return {
    name: 'the texts of rules',
    setup(compiler) {
      compiler.onLoad({ filter: /[/\\]src[/\\]rules[/\\][a-z0-9-]+\.ts$/ }, async ({ path }) =>
        path === join(rules, 'documentation.ts')
          ? { contents: await documentation(root), loader: 'js' }
          : { contents: withoutTexts(await readFile(path, 'utf8')), loader: 'ts' },
      );
    },
  };
}

/** The texts of all rules, as a module that does what `src/rules/documentation.ts` does. */
async function documentation(/** @type {string} */ root) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join(root, 'src', 'rules', 'index.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    banner: { js: 'import{createRequire}from"node:module";const require=createRequire("/");' },
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
  const { RULES } = await import(`data:text/javascript;base64,${code}`);
  const texts = RULES.map((/** @type {Record<string, unknown>} */ rule) => [
    rule.id,
    Object.fromEntries(TEXTS.map((name) => [name, rule[name]])),
  ]);
  return `const TEXTS = ${JSON.stringify(Object.fromEntries(texts))}; export const textsOf = ({ id }) => TEXTS[id];`;
}

/** The source of a rule without these properties of its definition; any other source as it is. */
function withoutTexts(/** @type {string} */ source) {
  const { program } = parseSync('rule.ts', source);
  const cuts = program.body.flatMap((statement) => {
    if (statement.type !== 'ExportNamedDeclaration' || statement.declaration?.type !== 'VariableDeclaration')
      return [];
    return statement.declaration.declarations.flatMap(({ init }) => {
      if (init?.type !== 'CallExpression' || init.callee.type !== 'Identifier' || init.callee.name !== 'rule')
        return [];
      const [definition] = init.arguments;
      if (definition?.type !== 'ObjectExpression') return [];
      return definition.properties.filter(
        (each) => each.type === 'Property' && each.key.type === 'Identifier' && TEXTS.includes(each.key.name),
      );
    });
  });
  // From the last to the first: what is cut moves nothing that is still to be.
  return cuts
    .reverse()
    .reduce((text, { start, end }) => text.slice(0, start) + text.slice(end).replace(/^\s*,/, ''), source);
}
