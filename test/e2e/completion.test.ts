import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { forEachHelm, withHelmHome } from '../support/helms.ts';
import { ROOT } from '../support/plugin.ts';
import { run } from '../support/run.ts';

const test = suite('shell completion through Helm');

/** The words so far, what must be among the suggestions, and what must not. */
const CASES: readonly [words: string[], offered: string[], not: string[]][] = [
  [[''], ['lint', 'install', 'upgrade', 'template', 'post-render', 'explain'], []],
  [['li'], ['lint'], ['explain']],
  [['lint', '--ex'], ['--expires-within'], ['--rule']],
  [['lint', '--rule', 'chain-o'], ['chain-order='], ['key-weak=']],
  [['lint', '--rule=chain-o'], ['--rule=chain-order='], []],
  [['lint', '--format', ''], ['text', 'json', 'sarif', 'github', 'gitlab', 'junit'], []],
  [['explain', 'cert-e'], ['cert-expired', 'cert-expiring'], ['chain-order']],
  [['install', '--lint-f'], ['--lint-format'], []],
  [['install', '--lint-format', 'j'], ['json', 'junit'], ['text']],
  [['upgrade', '--rule', 'key-w'], ['key-weak='], []],
  // The rest of a gate's words are Helm's, which completes them itself.
  [['install', '--generate-n'], ['--generate-name'], []],
  [['upgrade', 'x', '--output', ''], ['json', 'table', 'yaml'], []],
];

await forEachHelm(test, ({ name, bin }, test) => {
  test(`in ${name}`, () =>
    withHelmHome(async ({ folder, env }) => {
      const plugins = join(folder, 'data', 'plugins');
      await mkdir(plugins, { recursive: true });
      await symlink(ROOT, join(plugins, 'lightrun-cert'));
      for (const [words, offered, not] of CASES) {
        const { stdout, stderr } = await run(bin, ['__complete', 'lightrun-cert', ...words], { env });
        const suggestions = stdout.split('\n').map((line) => line.split('\t')[0]);
        for (const each of offered) assert.ok(suggestions.includes(each), `${words}: ${stdout}${stderr}`);
        for (const each of not) assert.not.ok(suggestions.includes(each), `${words}: ${stdout}`);
      }
    }));
});

test.run();
