import type { ChildProcess } from 'node:child_process';
import { LintError } from '../errors.ts';
import { exitStatusOf } from '../io.ts';
import { escapeUnsafe } from '../text/display.ts';

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
}

/** The outcome of a Helm process. Standard output may hold secrets: it is only parsed, never shown. */
export interface Answer {
  status: number | null;
  stdout: Buffer;
  stderr: string;
  isTimedOut: boolean;
}

const MOST_OUTPUT = 128 * 1024 * 1024;
const MOST_STDERR = 64 * 1024;
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
 * Runs Helm to its end and captures its output.
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
    const stderr = collect(child.stderr, MOST_STDERR, () => undefined);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(notStarted(helm, error));
    });
    child.once('close', (status) => {
      clearTimeout(timer);
      process.off('exit', kill);
      resolve({ status, stdout: stdout(), stderr: stderr().toString(), isTimedOut });
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

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/**
 * Runs Helm in this program's place, with its standard streams, and forwards signals.
 * @param args all of its arguments
 * @param stdin what was already read of standard input; null where Helm shall read it itself
 * @returns its exit status
 * @throws LintError where it cannot be started
 */
export async function execHelm(helm: Helm, args: readonly string[], stdin: Buffer | null): Promise<number> {
  const { spawn } = process.getBuiltinModule('node:child_process');
  return new Promise((resolve, reject) => {
    // Before Helm starts: a signal may come as soon as it runs.
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
      // One of the two is always set.
      resolve(status ?? exitStatusOf(signal as NodeJS.Signals));
    });
    // Helm may end without reading all of it; then its status says why.
    child.stdin?.once('error', () => undefined);
    child.stdin?.end(stdin);
  });
}
