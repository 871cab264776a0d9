import { EXPLAIN_FLAGS, runExplain } from './commands/explain.ts';
import { quote } from './commands/flags.ts';
import { type CommandHelp, commandHelp, programHelp } from './commands/help.ts';
import { LINT_FLAGS, runLint } from './commands/lint.ts';
import { reportProblem } from './commands/problem.ts';
import { CannotJudge } from './errors.ts';
import type { Io } from './io.ts';
import { harmless } from './text/harmless.ts';
import { nearest } from './text/nearest.ts';
import { version } from './version.ts';

interface Command extends CommandHelp {
  run(args: readonly string[], io: Io): number | Promise<number>;
}

const COMMANDS: readonly Command[] = [
  {
    name: 'lint',
    usage: 'lint [FILE...]',
    summary: 'judge the certificate in values files',
    text: 'Judges the certificate in each values file: its base64, PEM, key, certificates, chain and pins. "-" is standard input; without a FILE it judges values.yaml.',
    flags: LINT_FLAGS,
    examples: [
      'helm lightrun-cert lint values.yaml',
      'helm lightrun-cert lint --root lightrun umbrella/values.yaml',
      'sops --decrypt values.yaml | helm lightrun-cert lint -',
    ],
    run: runLint,
  },
  {
    name: 'explain',
    usage: 'explain [RULE]',
    summary: 'show what a rule means, or list all rules',
    text: 'Shows the page of a rule: what it means, why it matters, what is wrong and right, how to mend it. Without a RULE it lists them all.',
    flags: EXPLAIN_FLAGS,
    examples: ['helm lightrun-cert explain chain-order', 'helm lightrun-cert explain'],
    run: runExplain,
  },
];

/**
 * Runs one command line.
 * @param argv the arguments behind the program's name
 * @returns the exit status: see the contract of each command
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await run(argv, io);
  } catch (error) {
    if (error instanceof CannotJudge) reportProblem(error, io);
    else io.stderr(unexpected(error));
    return 2;
  }
}

async function run(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const topic = COMMANDS.find((command) => command.name === args[0]);
    const help = topic && name !== undefined ? commandHelp(topic) : programHelp(COMMANDS);
    if (name === undefined) io.stderr(help);
    else io.stdout(help);
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === 'version') {
    io.stdout(`lightrun-cert ${version}\n`);
    return 0;
  }
  const command = COMMANDS.find((each) => each.name === name);
  if (!command) throw unknownCommand(name);
  if (isHelpWanted(args)) {
    io.stdout(commandHelp(command));
    return 0;
  }
  return command.run(args, io);
}

function isHelpWanted(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const flags = end === -1 ? args : args.slice(0, end);
  return flags.includes('--help') || flags.includes('-h');
}

function unknownCommand(name: string): CannotJudge {
  const near = nearest(
    name,
    COMMANDS.map((command) => command.name),
  );
  const hint = near ? `Did you mean ${near}? ` : '';
  return new CannotJudge(
    `there is no command ${quote(name)}`,
    `${hint}All commands: helm lightrun-cert --help`,
  );
}

/** A fault of this program: says so, and quotes nothing that could come from a file. */
function unexpected(error: unknown): string {
  const kind = error instanceof Error ? error.name : typeof error;
  const frames =
    error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  return [
    `lightrun-cert: a fault of this program (${harmless(kind)}); nothing was judged`,
    '  Please report it with these lines, which hold nothing of your files:',
    `  lightrun-cert ${version}, Node ${process.versions.node}`,
    ...frames.slice(0, 8).map((line) => `  ${harmless(line.trim())}`),
    '',
  ].join('\n');
}
