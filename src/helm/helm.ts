import type { ChildProcess } from 'node:child_process';
import { LintError } from '../errors.ts';
import { type Terminal, whileWaiting } from '../files/waiting.ts';
import { exitStatusOf, type Io } from '../io.ts';
import { escapeUnsafe } from '../text/display.ts';
import { redactWords } from '../text/redact.ts';
import { type Caller, isAlive, isInLeadersGroup } from './caller.ts';
import { hasCredentialPlugin, pluginWords } from './credential-plugin.ts';

/** The Helm to run, and how long it may take to answer. */
export interface Helm {
  /** A path, or a name to look up in the PATH. */
  bin: string;
  /** Whether HELM_BIN names it, not the PATH. */
  isNamed: boolean;
  /** Arguments that lead to the cluster and namespace, for every call. */
  connection: readonly string[];
  /** In milliseconds. */
  timeout: number;
  /** Shows what a credential plugin of the kubeconfig writes; null where there is none. */
  logIn: ((text: string) => void) | null;
  /** Where it is said that Helm takes long; null for nowhere. */
  terminal: Terminal | null;
}

/** The outcome of a Helm process. Standard output may hold secrets: it is only parsed, never shown. */
export interface Answer {
  status: number | null;
  stdout: Buffer;
  stderr: string;
  isTimedOut: boolean;
  /** The last words of the kubeconfig's credential plugin; empty where it wrote none. */
  pluginSaid: string;
}

const MOST_OUTPUT = 128 * 1024 * 1024;
const MOST_STDERR = 64 * 1024;
const GRACE = 2_000;
/** A question takes Helm some 40 ms, a fifth of them to collect garbage that its end collects; large values have it do so. */
const RARELY_COLLECTING = { GOGC: '1000', GOMEMLIMIT: '128MiB' };

/** The Helm that called this program as a plugin, else the one in the PATH. */
export function helmOf(io: Io, connection: readonly string[], timeout: number): Helm {
  const { HELM_BIN: named } = io.env;
  const helm = { bin: named || 'helm', isNamed: Boolean(named), connection, timeout, terminal: io };
  return { ...helm, logIn: hasCredentialPlugin(io.env, connection) ? io.stderr : null };
}

/**
 * Runs Helm to its end and captures its output.
 * @param input all of its standard input; null for none
 * @param awaited what is said to be waited for, such as `the cluster`; safe to show
 * @param given a descriptor that Helm gets as its number 3; null for none
 * @throws LintError where it cannot be started
 */
export function ask(
  helm: Helm,
  args: readonly string[],
  input: Buffer | null,
  awaited: string,
  given: number | null = null,
): Promise<Answer> {
  return run({ ...helm, logIn: null }, args, { input, given }, awaited);
}

/**
 * The same for a question that the cluster answers: a credential plugin of the kubeconfig can ask, on the terminal, what
 * it asks under plain Helm, and for as long.
 * @param secrets strings of which nothing may be shown
 */
export async function askCluster(
  helm: Helm,
  args: readonly string[],
  input: Buffer | null,
  secrets: readonly string[],
  given: number | null = null,
): Promise<Answer> {
  const { logIn } = helm;
  const shown = logIn && secrets.length > 0 ? (text: string) => logIn(redactWords(text, secrets)) : logIn;
  return run({ ...helm, logIn: shown }, args, { input, given }, 'the cluster');
}

/** What Helm reads beside files. */
interface Given {
  input: Buffer | null;
  given: number | null;
}

function run(helm: Helm, args: readonly string[], read: Given, awaited: string): Promise<Answer> {
  // What a credential plugin writes has the terminal for itself.
  const terminal = helm.logIn === null ? helm.terminal : null;
  return whileWaiting(terminal, `Waiting for ${awaited}`, () => runToEnd(helm, args, read));
}

async function runToEnd(helm: Helm, args: readonly string[], { input, given }: Given): Promise<Answer> {
  const { spawn } = process.getBuiltinModule('node:child_process');
  return new Promise((resolve, reject) => {
    const { logIn } = helm;
    const child = spawn(helm.bin, [...args, ...helm.connection], {
      stdio: [
        input !== null ? 'pipe' : logIn !== null ? 'inherit' : 'ignore',
        'pipe',
        'pipe',
        ...(given === null ? [] : [given]),
      ],
      env: { ...RARELY_COLLECTING, ...process.env },
      windowsHide: true,
    });
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    // Without a handler a signal ends this process without that event, and Helm runs on.
    const exit = (signal: NodeJS.Signals) => process.exit(exitStatusOf(signal));
    for (const signal of ENDING) process.on(signal, exit);
    const finish = () => {
      clearTimeout(timer);
      process.off('exit', kill);
      for (const signal of ENDING) process.off(signal, exit);
    };
    let isTimedOut = false;
    const timer = setTimeout(() => {
      isTimedOut = true;
      stop(child);
    }, helm.timeout);
    const words = pluginWords((text) => {
      // It may wait for a person now.
      timer.refresh();
      logIn?.(text);
    });
    const decoder = new TextDecoder();
    if (logIn !== null) {
      child.stderr?.on('data', (chunk: Buffer) => words.take(decoder.decode(chunk, { stream: true })));
    }
    const stdout = collect(child.stdout, MOST_OUTPUT, () => stop(child));
    const stderr = collect(child.stderr, MOST_STDERR, () => undefined);
    child.once('error', (error) => {
      finish();
      reject(notStarted(helm, error));
    });
    child.once('close', (status) => {
      finish();
      resolve({
        status,
        stdout: stdout(),
        stderr: stderr().toString(),
        isTimedOut,
        pluginSaid: words.end(),
      });
    });
    // Helm may end without reading it; then its status says why.
    child.stdin?.once('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** SIGTERM first, so that Helm's own plugins can clean up; processes that it started may keep its outputs open. */
function stop(child: ChildProcess): void {
  child.kill('SIGTERM');
  setTimeout(() => {
    child.kill('SIGKILL');
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, GRACE).unref();
}

function collect(stream: NodeJS.ReadableStream | null, limit: number, onTooMuch: () => void): () => Buffer {
  const chunks: Buffer[] = [];
  let total = 0;
  stream?.on('data', (chunk: Buffer) => {
    total += chunk.length;
    if (total <= limit) chunks.push(chunk);
    else onTooMuch();
  });
  return () => Buffer.concat(chunks);
}

/** Why Helm could not be started, and what to do. */
function notStarted({ bin, isNamed }: Helm, error: unknown): LintError {
  const { code } = error as { code?: string };
  const name = escapeUnsafe(bin);
  const what = isNamed ? `the program that HELM_BIN names, ${name},` : 'helm';
  const cause =
    { ENOENT: isNamed ? 'does not exist' : 'is not in the PATH', EACCES: 'is not executable' }[code ?? ''] ??
    `cannot be started (${escapeUnsafe(code ?? 'no reason is known')})`;
  return new LintError(
    `Helm could not be started: ${what} ${cause}`,
    isNamed
      ? 'Set HELM_BIN to the Helm to use, or unset it to use the one in the PATH.'
      : 'Install Helm 3.13 or newer, or set HELM_BIN=/path/to/helm',
  );
}

/** Those that end Helm, and those that only tell it something. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const OTHER = ['SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;
const WATCH_INTERVAL = 100;

/**
 * Runs Helm in this program's place, with its standard streams. One signal that ends it is passed on, so that it can
 * roll back: Helm takes SIGINT and SIGTERM for that, and dies of SIGHUP.
 * @param args all of its arguments
 * @param stdin what was already read of standard input; null where Helm shall read it itself
 * @param caller the Helm that called this program as its plugin: it passes no signal on, so its end is one
 * @returns its exit status
 * @throws LintError where it cannot be started, or the caller has already ended
 */
export async function execHelm(
  helm: Helm,
  args: readonly string[],
  stdin: Buffer | null,
  caller: Caller | null,
): Promise<number> {
  if (caller !== null && !isAlive(caller)) {
    throw new LintError('the Helm that called this plugin has ended', 'Run the command again.');
  }
  const { spawn } = process.getBuiltinModule('node:child_process');
  return new Promise((resolve, reject) => {
    let isEnding = false;
    const end = (signal: NodeJS.Signals) => {
      if (!isEnding) child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
      isEnding = true;
    };
    const pass = (signal: NodeJS.Signals) => {
      child.kill(signal);
    };
    // Before Helm starts: a signal may come as soon as it runs.
    for (const signal of ENDING) process.on(signal, end);
    for (const signal of OTHER) process.on(signal, pass);
    const child = spawn(helm.bin, [...args], {
      stdio: [stdin === null ? 'inherit' : 'pipe', 'inherit', 'inherit'],
      // In a session of its own it keeps its streams, also on the terminal.
      detached: isInLeadersGroup(),
    });
    const watch =
      caller === null
        ? undefined
        : setInterval(() => {
            if (!isAlive(caller)) end('SIGTERM');
          }, WATCH_INTERVAL);
    const finish = () => {
      clearInterval(watch);
      for (const signal of ENDING) process.off(signal, end);
      for (const signal of OTHER) process.off(signal, pass);
    };
    child.once('error', (error) => {
      finish();
      reject(notStarted(helm, error));
    });
    child.once('exit', (status, signal) => {
      finish();
      // One of the two is always set.
      resolve(status ?? exitStatusOf(signal as NodeJS.Signals));
    });
    // Helm may end without reading all of it; then its status says why.
    child.stdin?.once('error', () => undefined);
    child.stdin?.end(stdin);
  });
}
