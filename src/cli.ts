import { LintError, printError } from './errors.ts';
import type { Io } from './io.ts';
import { type Command, commandHelp, programHelp } from './options/help.ts';
import { escapeCommands } from './text/ci-commands.ts';
import { escapeUnsafe, quote } from './text/display.ts';
import { nearest } from './text/nearest.ts';
import { PROGRAM } from './text/shell.ts';
import { version } from './version.ts';

/** All commands, in the order of the help. Each is loaded only when it is needed. */
const COMMANDS = new Map<string, () => Promise<Command>>([
  ['lint', async () => (await import('./commands/lint.ts')).lintCommand],
  ['install', async () => (await import('./commands/gate.ts')).gateCommand('install')],
  ['upgrade', async () => (await import('./commands/gate.ts')).gateCommand('upgrade')],
  ['template', async () => (await import('./commands/gate.ts')).gateCommand('template')],
  ['post-render', async () => (await import('./commands/post-render.ts')).postRenderCommand],
  ['request', async () => (await import('./commands/request.ts')).requestCommand],
  ['encode', async () => (await import('./commands/encode.ts')).encodeCommand],
  ['generate', async () => (await import('./commands/generate.ts')).generateCommand],
  ['inspect', async () => (await import('./commands/inspect.ts')).inspectCommand],
  ['explain', async () => (await import('./commands/explain.ts')).explainCommand],
]);

/** Loads all commands, in the order of the help. */
export function loadCommands(): Promise<Command[]> {
  return Promise.all(Array.from(COMMANDS.values(), (load) => load()));
}

/**
 * Runs one command line.
 * @param argv the arguments after the program's name
 * @returns the exit status: see the contract of each command
 */
export async function main(argv: readonly string[], outer: Io): Promise<number> {
  const io = withoutCommands(outer);
  try {
    return await run(argv, io);
  } catch (error) {
    if (error instanceof LintError) printError(error, io);
    else io.stderr(crashReport(error));
    return 2;
  }
}

/** Whatever is said, also in Helm's words, no CI system takes a part of it for a command. */
function withoutCommands(io: Io): Io {
  const safe = (text: string | Buffer) => (typeof text === 'string' ? escapeCommands(text) : text);
  return { ...io, stdout: (text) => io.stdout(safe(text)), stderr: (text) => io.stderr(safe(text)) };
}

async function run([name, ...args]: readonly string[], io: Io): Promise<number> {
  if (name === undefined) {
    io.stderr(programHelp(await loadCommands()));
    return 2;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    io.stdout(await helpOn(args[0]));
    return 0;
  }
  if (name === '--version' || name === 'version') {
    io.stdout(`lightrun-cert ${version}\n`);
    return 0;
  }
  if (name === '__complete') {
    const { runComplete } = await import('./commands/complete.ts');
    return runComplete(args, io);
  }
  const load = COMMANDS.get(name);
  if (!load) throw unknownCommand(name);
  const command = await load();
  if (!command.readsHelpFlag && isHelpWanted(args)) {
    io.stdout(commandHelp(command));
    return 0;
  }
  return command.run(args, io);
}

async function helpOn(topic: string | undefined): Promise<string> {
  const load = COMMANDS.get(topic ?? '');
  return load ? commandHelp(await load()) : programHelp(await loadCommands());
}

function isHelpWanted(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const flags = end === -1 ? args : args.slice(0, end);
  return flags.includes('--help') || flags.includes('-h');
}

function unknownCommand(name: string): LintError {
  const near = nearest(name, [...COMMANDS.keys()]);
  const hint = near ? `Did you mean ${near}? ` : '';
  return new LintError(`there is no command ${quote(name)}`, `${hint}All commands: ${PROGRAM} --help`);
}

/** The words for a bug in this program. It quotes nothing that could come from a file. */
function crashReport(error: unknown): string {
  const kind = error instanceof Error ? error.name : typeof error;
  const frames =
    error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  return [
    `lightrun-cert: a bug in this program (${escapeUnsafe(kind)}); nothing was checked`,
    '  Please report it with these lines, which hold nothing from your files:',
    `  lightrun-cert ${version}, Node ${process.versions.node}`,
    ...frames.slice(0, 8).map((line) => `  ${escapeUnsafe(line.trim())}`),
    '',
  ].join('\n');
}
