import type { ChildProcess } from 'node:child_process';
import { LintError } from '../errors.ts';
import { exitStatusOf } from '../io.ts';
import { display } from '../text/display.ts';

/** The Helm that is asked, and how long it may take for one answer. */
export interface Helm {
  /** A path, or a name to be looked up in the PATH. */
  bin: string;
  /** Where it comes from, for people: `HELM_BIN`, or the PATH. */
  isNamed: boolean;
  /** Arguments that lead to the cluster and namespace, for every call. */
  connection: readonly string[];
  /** In milliseconds. */
  timeout: number;
}

/** What a Helm process left. Standard output may hold secrets: it is only ever parsed. */
export interface Answer {
  status: number | null;
  stdout: Buffer;
  stderr: string;
  isTimedOut: boolean;
}

const MOST_OUTPUT = 128 * 1024 * 1024;
const MOST_COMPLAINT = 64 * 1024;
const GRACE = 2_000;

/** The Helm that called this program as a plugin, else the one in the PATH. */
export function helmOf(
  env: Readonly<Record<string, string | undefined>>,
  connection: readonly string[],
  timeout: number,
): Helm {
  const { HELM_BIN: named } = env;
  return { bin: named || 'helm', isNamed: Boolean(named), connection, timeout };
}

/**
 * Runs Helm to its end, unseen by the user.
 * @param input all of its standard input; null for none
 * @throws LintError where it cannot be started
 */
export async function ask(helm: Helm, args: readonly string[], input: Buffer | null): Promise<Answer> {
  const { spawn } = process.getBuiltinModule('node:child_process');
  return new Promise((resolve, reject) => {
    const child = spawn(helm.bin, [...args, ...helm.connection], {
      stdio: [input === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    let isTimedOut = false;
    const timer = setTimeout(() => {
      isTimedOut = true;
      stop(child);
    }, helm.timeout);
    const stdout = collect(child.stdout, MOST_OUTPUT, () => stop(child));
    const stderr = collect(child.stderr, MOST_COMPLAINT, () => undefined);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(notStarted(helm, error));
    });
    child.once('close', (status) => {
      clearTimeout(timer);
      process.off('exit', kill);
      resolve({ status, stdout: stdout(), stderr: stderr().toString(), isTimedOut });
    });
    // Helm may end without reading it: its status tells why.
    child.stdin?.once('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** Helm first asked, so that its own plugins can clean up; what it started may hold its outputs open. */
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

/** Why Helm could not be started, with what to do. */
function notStarted({ bin, isNamed }: Helm, error: unknown): LintError {
  const { code } = error as { code?: string };
  const name = display(bin, 200);
  const what = isNamed ? `HELM_BIN names ${name}` : 'the command helm was looked for in the PATH';
  const cause =
    { ENOENT: 'there is no such program', EACCES: 'it may not be run' }[code ?? ''] ??
    `it cannot be started (${display(code ?? 'no reason is known', 40)})`;
  return new LintError(
    `Helm is needed for this, but it did not start: ${what}, and ${cause}`,
    isNamed
      ? 'Let HELM_BIN name the helm to use, or unset it to use the one in the PATH.'
      : 'Install Helm 3.13 or newer, or name it: HELM_BIN=/path/to/helm',
  );
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/**
 * Runs Helm in this program's place: its outputs are this program's own, signals go on to it.
 * @param args all of its arguments
 * @param stdin what was read of standard input already; null where Helm is to read it itself
 * @returns its exit status
 * @throws LintError where it cannot be started
 */
export async function execHelm(helm: Helm, args: readonly string[], stdin: Buffer | null): Promise<number> {
  const { spawn } = process.getBuiltinModule('node:child_process');
  return new Promise((resolve, reject) => {
    // Before Helm is there: a signal may come as soon as it is.
    const pass = (signal: NodeJS.Signals) => {
      child.kill(signal);
    };
    for (const signal of SIGNALS) process.on(signal, pass);
    const child = spawn(helm.bin, [...args], {
      stdio: [stdin === null ? 'inherit' : 'pipe', 'inherit', 'inherit'],
    });
    const end = () => {
      for (const signal of SIGNALS) process.off(signal, pass);
    };
    child.once('error', (error) => {
      end();
      reject(notStarted(helm, error));
    });
    child.once('exit', (status, signal) => {
      end();
      // One of the two is always there.
      resolve(status ?? exitStatusOf(signal as NodeJS.Signals));
    });
    // Helm may end without reading it all: its status tells why.
    child.stdin?.once('error', () => undefined);
    child.stdin?.end(stdin);
  });
}
