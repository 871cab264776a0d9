import { existsSync, readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { LintError } from '../errors.ts';
import { type GivenFlag, type HelmCommandLine, isGlobal, type UnknownFlag } from './command-line.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A command line of the gate as passed to this plugin. */
export interface PluginLine {
  command: string;
  args: readonly string[];
  /** Parses arguments as those of that command. */
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
 * Whether this plugin sees another command line than the user wrote: Helm takes out its own flags without knowing those
 * of the command, and passes them by environment.
 * @param env of this process
 * @returns the error to refuse the run with; null where nothing was lost, as far as the system shows
 */
export function detectSwallowedArgs(env: Environment, line: PluginLine): LintError | null {
  if (env.HELM_PLUGIN_DIR === undefined) return null;
  const words = process.platform === 'linux' ? argsOfParent() : null;
  const isHelm = words !== null && words[0] === env.HELM_BIN;
  return isHelm ? misreading(words, env, line) : suspicion(env);
}

/**
 * What Helm wrongly took out of a command line.
 * @param words all arguments of Helm, its own name first
 * @param env as Helm gave it to the plugin
 * @see Helm 3.17 and 4.1, `manuallyProcessArgs`, measured: what looks like one of some fifteen flags is taken out
 * wherever it is (after `--` and as another flag's value too), with the next argument where there is no `=`, also for a
 * boolean; an empty argument counts as such a flag
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

/** @returns what Helm took out; null where that is more than its own flags, or what is left takes precedence */
function takenAway(all: readonly GivenFlag[], left: readonly GivenFlag[]): GivenFlag[] | null {
  const taken: GivenFlag[] = [];
  let at = 0;
  for (const flag of all) {
    const { name, value } = flag;
    const next = left[at];
    if (next?.name === name && next.value === value) at += 1;
    else if (!isGlobal(name)) return null;
    // What is left takes precedence over the environment, even where it came first.
    else if (left.slice(0, at).some((each) => each.name === name && each.value !== value)) return null;
    else taken.push(flag);
  }
  return at === left.length ? taken : null;
}

/**
 * Whether a value, in an argument of its own, would replace what was taken out: Helm first looks for its own flags
 * without knowing those of the command, and takes that value for one.
 */
function isReadTwice(value: string, taken: readonly GivenFlag[]): boolean {
  const isShort = /^-[^-]/.test(value);
  return taken.some(({ name }) =>
    isShort ? name === 'namespace' && value.includes('n') : value.split('=', 1)[0] === `--${name}`,
  );
}

/** A flag that means something else when passed by environment. */
function changedByEnvironment({ name, value }: GivenFlag, command: string): LintError | null {
  if (name === 'kube-as-group' && value.includes(',')) {
    return new LintError(
      'Helm passes --kube-as-group to a plugin in a form in which a comma separates two groups',
      `Name the group in the kubeconfig instead. ${WITHOUT_PLUGIN}`,
    );
  }
  if (name !== 'kubeconfig' || value === '') return null;
  if (value.includes(delimiter)) {
    return new LintError(
      `Helm passes --kubeconfig to a plugin in a form in which ${delimiter} separates two files`,
      `Name a file without it. ${WITHOUT_PLUGIN}`,
    );
  }
  // In this form Helm ignores a missing file, and may use another cluster. Templates need none.
  if (command === 'template' || existsSync(value)) return null;
  return new LintError('the file that --kubeconfig names does not exist', 'Correct its name.');
}

const WITHOUT_PLUGIN = 'Or run lightrun-cert without helm before it.';

function lost(words: readonly string[]): LintError {
  if (words.includes(INSECURE)) return lostAfterInsecure(`Write it as ${INSECURE}=true.`);
  return new LintError(
    'Helm removed arguments from this command line that are not its own flags, before this plugin could see them',
    words.includes('')
      ? `An empty argument makes it drop the next one: leave it out, or write --flag= where it is a value. ${WITHOUT_PLUGIN}`
      : `Write --flag=VALUE where a value looks like a flag, and nothing that looks like one after --. ${WITHOUT_PLUGIN}`,
  );
}

function lostAfterInsecure(help: string): LintError {
  return new LintError(
    `${INSECURE} without a value makes Helm drop the argument after it before this plugin can see it`,
    help,
  );
}

/** For systems that do not show Helm's arguments one by one, but only the environment, or a line of text. */
function suspicion(env: Environment): LintError | null {
  if (env.HELM_KUBEINSECURE_SKIP_TLS_VERIFY !== 'true') return null;
  const words = lineOfParent()?.split(/\s+/);
  if (words !== undefined && !words.includes(INSECURE)) return null;
  return lostAfterInsecure(
    words === undefined
      ? `Write it as ${INSECURE}=true and name that in the kubeconfig instead: here it is unknown whether an argument was lost.`
      : `Write it as ${INSECURE}=true.`,
  );
}

/** The arguments of the process that started this one, where the system shows them. */
export function argsOfParent(): string[] | null {
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
