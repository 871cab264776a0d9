import { loadCommands } from '../src/cli.ts';
import { isOfEveryCommand } from '../src/helm/command-line.ts';
import { RULES } from '../src/rules/index.ts';

/** completion.yaml, by which Helm completes the plugin's commands and flags; plugin.complete does the rest. */
export async function completionPage(): Promise<string> {
  const commands = (await loadCommands()).flatMap(({ name, flags }) => [
    `  - name: ${name}`,
    ...(name === 'explain' ? ['    validArgs:', ...RULES.map(({ id }) => `      - ${id}`)] : []),
    '    flags:',
    ...flags.flatMap(namesOf).map((flag) => `      - ${flag}`),
  ]);
  const head = '# Made by npm run docs from the commands themselves.';
  return [head, 'name: lightrun-cert', 'commands:', ...commands, ''].join('\n');
}

/** Helm completes those of every command itself, and must not find them twice. */
function namesOf({ name, short }: { name: string; short?: string }): string[] {
  if (isOfEveryCommand(name)) return [];
  return short ? [name, short] : [name];
}
