import { type Helm, notStarted } from './helm.ts';
import { statusOf } from './signal.ts';

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
      resolve(status ?? statusOf(signal as NodeJS.Signals));
    });
    // Helm may end without reading it all: its status tells why.
    child.stdin?.once('error', () => undefined);
    child.stdin?.end(stdin);
  });
}
