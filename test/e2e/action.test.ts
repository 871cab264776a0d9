import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { withHelmHome } from '../support/helms.ts';
import { CHAIN, inline, MISORDERED } from '../support/inline.ts';
import { ROOT } from '../support/plugin.ts';
import { publishedSchema } from '../support/published-schemas.ts';
import { run } from '../support/run.ts';

const test = suite('the GitHub Action');

const action = parse(await readFile(join(ROOT, 'action.yml'), 'utf8'));
test('is described as GitHub wants it', async () => {
  const validate = await publishedSchema('github-action');
  const isValid: boolean = validate(action);
  assert.ok(isValid, JSON.stringify(validate.errors));
});

interface ReportContext {
  status: number | null;
  stdout: string;
  stderr: string;
  output: string;
}

/** Runs the steps of the composite action in a workspace, as the runner does: inputs by their expressions, bash. */
async function runAction(
  workspace: string,
  env: NodeJS.ProcessEnv,
  given: Record<string, string>,
): Promise<ReportContext> {
  const inputs = Object.entries<{ default: string }>(action.inputs).map(([name, input]) => [
    name,
    given[name] ?? input.default,
  ]);
  const value = (text: string) =>
    text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name: string) => Object.fromEntries(inputs)[name]);
  const outputs = join(workspace, '..', 'outputs');
  await writeFile(outputs, '');
  let last: ReportContext = { status: 0, stdout: '', stderr: '', output: '' };
  for (const step of action.runs.steps) {
    assert.is(step.shell, 'bash');
    assert.not.match(step.run, '${{');
    const own = Object.fromEntries(
      Object.entries<string>(step.env).map(([name, text]) => [name, value(text)]),
    );
    const runner = { GITHUB_ACTION_PATH: ROOT, GITHUB_OUTPUT: outputs, GITHUB_WORKSPACE: workspace };
    const ended = await run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd: workspace,
      env: { ...env, ...runner, ...own },
    });
    last = { ...ended, output: await readFile(outputs, 'utf8') };
    if (ended.status !== 0) break;
  }
  return last;
}

test('fails on an error, shows it at its line, and takes files with spaces; inputs are not code', () =>
  withHelmHome(async ({ folder, env }) => {
    const workspace = join(folder, 'work space');
    await mkdir(workspace);
    await writeFile(join(workspace, 'values.yaml'), inline(CHAIN));
    await writeFile(join(workspace, 'prod values.yaml'), inline(MISORDERED));
    await writeFile(join(workspace, 'overlay.yaml'), 'general: {}\n');

    const good = await runAction(workspace, env, {});
    assert.is(good.status, 0, good.stderr);
    assert.is(good.output, 'status=0\n');

    const bad = await runAction(workspace, env, { files: '  values.yaml\n\nprod values.yaml\r\n' });
    assert.is(bad.status, 1, bad.stderr);
    assert.match(bad.stdout, /^::error file=prod values\.yaml,line=3,/m);
    assert.is(bad.output, 'status=1\n');

    const overlay = await runAction(workspace, env, {
      files: 'overlay.yaml',
      partial: 'true',
      strict: 'true',
    });
    assert.is(overlay.status, 0, overlay.stderr);

    const args = '--rule=chain-order=warning\n--rule=pair-refused=off';
    const sarif = await runAction(workspace, env, {
      files: 'prod values.yaml',
      format: 'sarif',
      output: 'x.sarif',
      args,
    });
    assert.is(sarif.status, 0, sarif.stderr);
    assert.is(JSON.parse(await readFile(join(workspace, 'x.sarif'), 'utf8')).version, '2.1.0');

    const hostile = await runAction(workspace, env, {
      files: '$(touch injected)\n`touch injected`\n--rule=x',
    });
    assert.is(hostile.status, 2);
    const { stdout } = await run('ls', [workspace]);
    assert.not.match(stdout, 'injected');
  }));

test('what docs/ci.md shows of the action exists', async () => {
  const text = await readFile(join(ROOT, 'docs', 'ci.md'), 'utf8');
  for (const name of Object.keys(action.inputs)) assert.match(text, `| \`${name}\``);
});

test.run();
