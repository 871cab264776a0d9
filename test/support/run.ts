import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a finished process left: its exit status (null when a signal ended it) and its two outputs. */
export type Outcome = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** What a process is given: the text of its standard input (default: none), its environment and folder. */
export type Surroundings = {
  readonly stdin?: string | Uint8Array;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
};

/** The built command, `dist/lightrun-cert.cjs`. `npm test` builds it before any test runs. */
export const COMMAND = fileURLToPath(new URL('../../dist/lightrun-cert.cjs', import.meta.url));

/**
 * Runs an executable to its end.
 *
 * @param bin path or name of the executable
 * @param args its arguments, passed without a shell
 * @throws Error when it cannot be started
 */
export function run(bin: string, args: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const { stdin = '', env = process.env, cwd = process.cwd() } = surroundings;
  return new Promise((resolve, reject) => {
    const child = spawn(bin, args, { env, cwd });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk) => stdout.push(chunk));
    child.stderr.on('data', (chunk) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (status) =>
      resolve({ status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    );
    // A command that ends without reading its standard input closes the pipe: no failure of the test.
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
  });
}

/** Runs the built command with Node, as the plugin's wrapper does: `runCommand(['lint', '-'], { stdin })`. */
export function runCommand(args: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  return run(process.execPath, [COMMAND, ...args], surroundings);
}
