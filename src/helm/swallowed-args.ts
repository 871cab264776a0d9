import { existsSync, readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { LintError } from '../errors.ts';
import type { GivenFlag, HelmCommandLine, UnknownFlag } from './command-line.ts';
import { isGlobal } from './flag-table.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A command line of the gate, as this plugin got it. */
export interface PluginLine {
  command: string;
  args: readonly string[];
  /** Reads words as those of that command. */
  read(words: readonly string[]): HelmCommandLine | UnknownFlag;
}

const INSECURE = '--kube-insecure-skip-tls-verify';

/** Where Helm puts what it takes away. */
const VARIABLES: Readonly<Record<string, string>> = {
  namespace: 'HELM_NAMESPACE',
  'kube-context': 'HELM_KUBECONTEXT',
  kubeconfig: 'KUBECONFIG',
};

/**
 * Whether the command that this plugin sees is another than the one that was written: Helm takes its own flags out
 * without knowing the command's, and hands them over by environment.
 * @param env of this process
 * @returns what to refuse the run with; null where nothing was lost, as far as the system can tell
 */
export function detectSwallowedArgs(env: Environment, line: PluginLine): LintError | null {
  if (env.HELM_PLUGIN_DIR === undefined) return null;
  const words = process.platform === 'linux' ? wordsOfParent() : null;
  const isHelm = words !== null && words[0] === env.HELM_BIN;
  return isHelm ? misreading(words, env, line) : suspicion(env);
}

/**
 * What Helm made of a command line that it should not have.
 * @param words all that Helm was started with, its own name first
 * @param env as Helm gave it to the plugin
 * @see Helm 3.17 and 4.1, `manuallyProcessArgs`, measured: what looks like one of some fifteen flags is taken out
 * wherever it stands (behind `--` and as another flag's value too), with the next word where there is no `=`, be the
 * flag a boolean or not; an empty word counts as such a flag
 */
export function misreading(
  words: readonly string[],
  env: Environment,
  { command, args, read }: PluginLine,
): LintError | null {
  const whole = read(words.slice(1));
  const left = read(args);
  if ('unknown' in whole) return 'unknown' in left ? null : lost(words);
  if ('unknown' in left) return lost(words);
  const positionals = [env.HELM_PLUGIN_NAME, command, ...left.positionals];
  if (!isEqual(whole.positionals, positionals) || !isEqual(whole.own, left.own)) return lost(words);
  const taken = takenAway(whole.flags, left.flags);
  if (taken === null || left.flags.some(({ value }) => args.includes(value) && isReadTwice(value, taken)))
    return lost(words);
  for (const [name, value] of new Map(taken.map((flag) => [flag.name, flag.value]))) {
    const variable = VARIABLES[name];
    if (variable !== undefined && value !== '' && env[variable] !== value) return lost(words);
  }
  return taken.map((flag) => changedByEnvironment(flag, command)).find((each) => each !== null) ?? null;
}

/** @returns what Helm took away; null where that is more than its own flags, or what is left counts for more */
function takenAway(all: readonly GivenFlag[], left: readonly GivenFlag[]): GivenFlag[] | null {
  const taken: GivenFlag[] = [];
  let at = 0;
  for (const flag of all) {
    const { name, value } = flag;
    const next = left[at];
    if (next?.name === name && next.value === value) at += 1;
    else if (!isGlobal(name)) return null;
    // What is left counts for more than the environment, even where it came first.
    else if (left.slice(0, at).some((each) => each.name === name && each.value !== value)) return null;
    else taken.push(flag);
  }
  return at === left.length ? taken : null;
}

/**
 * Whether a value, in a word of its own, would replace what was taken away: Helm first looks for its own flags without
 * knowing those of the command, and takes that value for one.
 */
function isReadTwice(value: string, taken: readonly GivenFlag[]): boolean {
  const isShort = /^-[^-]/.test(value);
  return taken.some(({ name }) =>
    isShort ? name === 'namespace' && value.includes('n') : value.split('=', 1)[0] === `--${name}`,
  );
}

/** A flag that means something else when it comes by environment. */
function changedByEnvironment({ name, value }: GivenFlag, command: string): LintError | null {
  if (name === 'kube-as-group' && value.includes(',')) {
    return new LintError(
      'Helm hands --kube-as-group over to a plugin in a form in which a comma parts it in two groups',
      `Name the group in the kubeconfig instead. ${WITHOUT_PLUGIN}`,
    );
  }
  if (name !== 'kubeconfig' || value === '') return null;
  if (value.includes(delimiter)) {
    return new LintError(
      `Helm hands --kubeconfig over to a plugin in a form in which ${delimiter} parts it in two files`,
      `Name a file without it. ${WITHOUT_PLUGIN}`,
    );
  }
  // In this form Helm overlooks a file that is missing, and may reach another cluster. Templates need none.
  if (command === 'template' || existsSync(value)) return null;
  return new LintError('the file that --kubeconfig names is not there', 'Correct its name.');
}

const WITHOUT_PLUGIN = 'Or run lightrun-cert without helm before it: then nothing is lost.';

function lost(words: readonly string[]): LintError {
  if (words.includes(INSECURE)) return lostBehindInsecure(`Write it as ${INSECURE}=true.`);
  return new LintError(
    'Helm took words out of this command line, before this plugin could see them, that are no flags of its own there',
    words.includes('')
      ? `An empty word makes it drop the next one: leave it out, or write --flag= where it is a value. ${WITHOUT_PLUGIN}`
      : `Write --flag=VALUE where a value looks like a flag, and nothing that does behind --. ${WITHOUT_PLUGIN}`,
  );
}

function lostBehindInsecure(help: string): LintError {
  return new LintError(
    `${INSECURE} without a value makes Helm drop the word behind it before this plugin can see it`,
    help,
  );
}

/** For systems that do not tell what Helm was started with, word by word: the environment alone, or a line of text. */
function suspicion(env: Environment): LintError | null {
  if (env.HELM_KUBEINSECURE_SKIP_TLS_VERIFY !== 'true') return null;
  const words = lineOfParent()?.split(/\s+/);
  if (words !== undefined && !words.includes(INSECURE)) return null;
  return lostBehindInsecure(
    words === undefined
      ? `Write it as ${INSECURE}=true and name that in the kubeconfig instead: here it cannot be told whether a word was lost.`
      : `Write it as ${INSECURE}=true.`,
  );
}

function wordsOfParent(): string[] | null {
  try {
    return readFileSync(`/proc/${process.ppid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return null;
  }
}

function lineOfParent(): string | null {
  try {
    const { execFileSync } = process.getBuiltinModule('node:child_process');
    return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(process.ppid)], { encoding: 'utf8' });
  } catch {
    return null;
  }
}

function isEqual(left: readonly (string | undefined)[], right: readonly (string | undefined)[]): boolean {
  return left.length === right.length && left.every((each, at) => each === right[at]);
}
