import { EXPLAIN_FLAGS, runExplain } from './commands/explain.ts';
import { GENERATE_FLAGS, runGenerate } from './commands/generate.ts';
import { INSPECT_FLAGS, runInspect } from './commands/inspect.ts';
import { runLint } from './commands/lint.ts';
import { LintError } from './errors.ts';
import { reportError } from './files/system-error.ts';
import type { HelmCommand } from './helm/flag-table.ts';
import type { Io } from './io.ts';
import { ENCODE_FLAGS } from './options/encode.ts';
import { quote } from './options/flags.ts';
import { GATE_FLAGS } from './options/gate.ts';
import { type CommandHelp, commandHelp, programHelp } from './options/help.ts';
import { LINT_FLAGS } from './options/lint.ts';
import { POST_RENDER_FLAGS } from './options/post-render.ts';
import { escapeUnsafe } from './text/escape.ts';
import { nearest } from './text/nearest.ts';
import { version } from './version.ts';

/** The command by which a thread of `lint` is started. */
export const LINT_THREAD = '__lint-thread';

interface Command extends CommandHelp {
  /** Whether it tells a flag `--help` from a value of that look itself. */
  readsHelpFlag?: true;
  run(args: readonly string[], io: Io): number | Promise<number>;
}

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'lint',
    usage: 'lint [FILE...]',
    summary: 'judge the certificate in values files',
    text: 'Judges the certificate in each values file: its base64, PEM, key, certificates, chain and pins. "-" is standard input; without a FILE it judges values.yaml. With -f, --set or --chart it judges the one set of values that Helm would merge, which takes Helm.',
    flags: LINT_FLAGS,
    examples: [
      'helm lightrun-cert lint values.yaml',
      'helm lightrun-cert lint --root lightrun umbrella/values.yaml',
      'sops --decrypt values.yaml | helm lightrun-cert lint -',
      'helm lightrun-cert lint -f base.yaml -f prod.yaml --chart lightrun/lightrun',
      'helm lightrun-cert lint -f prod.yaml --cluster -n lightrun',
    ],
    run: runLint,
  },
  gate('install', 'judge what helm install would use, then run it', [
    'helm lightrun-cert install lightrun lightrun/lightrun -f values.yaml',
    'helm lightrun-cert install lightrun ./chart -f values.yaml --no-cluster',
  ]),
  gate('upgrade', 'judge what helm upgrade would use, then run it', [
    'helm lightrun-cert upgrade --install lightrun lightrun/lightrun -f values.yaml',
    'helm lightrun-cert upgrade lightrun lightrun/lightrun --reuse-values --strict',
  ]),
  gate('template', 'judge what helm template would use, then run it', [
    'helm lightrun-cert template lightrun ./chart -f values.yaml > manifests.yaml',
  ]),
  {
    name: 'post-render',
    usage: 'post-render',
    summary: 'judge rendered manifests, as a post-renderer of Helm',
    text: 'Reads rendered manifests from standard input and judges the certificate Secret in them. Where there is no error, they go to standard output as they are; else nothing does, and standard error says why.',
    flags: POST_RENDER_FLAGS,
    examples: [
      'helm install lightrun lightrun/lightrun -f values.yaml --post-renderer …',
      'helm template lightrun ./chart -f values.yaml | lightrun-cert post-render',
    ],
    async run(args, io) {
      const { runPostRender } = await import('./commands/post-render.ts');
      return runPostRender(args, io);
    },
  },
  {
    name: 'encode',
    usage: 'encode --cert FILE... --key FILE',
    summary: 'make the certificate block for values.yaml from files',
    text: 'Takes certificates and a key as they were handed over, puts the chain in order, converts the key to PKCS#8, judges the result, and prints the block for values.yaml, or writes it into a file. Where there is an error, nothing is printed or written.',
    flags: ENCODE_FLAGS,
    examples: [
      'helm lightrun-cert encode --cert leaf.crt ca.crt root.crt --key leaf.key',
      'helm lightrun-cert encode --cert chain.pem --key leaf.key --write values.yaml',
      'helm lightrun-cert encode --p12 lightrun.pfx --write values.yaml',
    ],
    statuses: [
      'the block was printed or written, and nothing found that fails',
      'at least one error (with --strict: or warning); standard error says more',
      'the files could not be read, or not be written; standard error says why',
    ],
    async run(args, io) {
      const { runEncode } = await import('./commands/encode.ts');
      return runEncode(args, io);
    },
  },
  {
    name: 'generate',
    usage: 'generate --host NAME...',
    summary: 'make a self-signed certificate and key for testing',
    text: 'Makes a private key and a self-signed certificate with subject alternative names, for testing. They go to files (--out-dir), into a values file (--write), or to standard output as a block for values.yaml (--print); one of the three has to be said.',
    flags: GENERATE_FLAGS,
    examples: [
      'helm lightrun-cert generate --host lightrun.example.com --out-dir tls',
      'helm lightrun-cert generate --host lightrun.test 10.0.0.5 --write values.yaml',
    ],
    statuses: ['it was made and written', null, 'nothing was written; standard error says why'],
    run: runGenerate,
  },
  {
    name: 'inspect',
    usage: 'inspect [FILE]',
    summary: 'draw the chain, validity, key and pin for a person to look at',
    text: 'Draws what is in a values file, or in a bare certificate file, or in a Secret of the cluster: each certificate with its names and validity, the key and whether it fits, the pin, the trust anchor. It gives no verdict: lint does. Without a FILE it looks into values.yaml; "-" is standard input.',
    flags: INSPECT_FLAGS,
    examples: [
      'helm lightrun-cert inspect values.yaml',
      'helm lightrun-cert inspect fullchain.pem',
      'helm lightrun-cert inspect --secret lightrun-tls -n lightrun',
    ],
    statuses: ['all that was found is shown', null, 'not all of it could be read; standard error says why'],
    run: runInspect,
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

function gate(name: HelmCommand, summary: string, examples: readonly string[]): Command {
  const command: Command = {
    name,
    usage: `${name} ARGUMENTS...`,
    summary,
    text: `Takes everything that helm ${name} takes, judges the values that it would use, and runs it, unchanged, only where there is no error. Otherwise nothing is run, and the report on standard error says why. It ends with Helm's own status where Helm was run. The flags below are the gate's own; all others are Helm's.`,
    flags: GATE_FLAGS,
    examples,
    readsHelpFlag: true,
    async run(args, io) {
      const { runGate } = await import('./commands/gate.ts');
      return runGate(name, args, io, commandHelp(command));
    },
  };
  return command;
}

/**
 * Runs one command line.
 * @param argv the arguments behind the program's name
 * @returns the exit status: see the contract of each command
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await run(argv, io);
  } catch (error) {
    if (error instanceof LintError) reportError(error, io);
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
  if (name === '__complete') {
    const { runComplete } = await import('./commands/complete.ts');
    return runComplete(args, io);
  }
  if (name === LINT_THREAD) {
    const { runLintThread } = await import('./lint/thread.ts');
    const status = await runLintThread(io);
    if (status !== null) return status;
  }
  const command = COMMANDS.find((each) => each.name === name);
  if (!command) throw unknownCommand(name);
  if (!command.readsHelpFlag && isHelpWanted(args)) {
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

function unknownCommand(name: string): LintError {
  const near = nearest(
    name,
    COMMANDS.map((command) => command.name),
  );
  const hint = near ? `Did you mean ${near}? ` : '';
  return new LintError(
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
    `lightrun-cert: a fault of this program (${escapeUnsafe(kind)}); nothing was judged`,
    '  Please report it with these lines, which hold nothing of your files:',
    `  lightrun-cert ${version}, Node ${process.versions.node}`,
    ...frames.slice(0, 8).map((line) => `  ${escapeUnsafe(line.trim())}`),
    '',
  ].join('\n');
}
