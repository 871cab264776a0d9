// What a run of the built command takes of the processor and of memory.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PRELOAD = join(ROOT, 'scripts', 'tell-usage.cjs');
const COMMAND = join(ROOT, 'dist', 'lightrun-cert.cjs');
const LONGEST_STDERR = 1000;

/**
 * Runs the built command; its standard output is thrown away.
 *
 * @param {readonly string[]} args
 * @param {{ cwd?: string, stdin?: string | Uint8Array, bin?: string }} [surroundings] `bin`: another Node
 * @returns {Promise<{ status: number | null, stderr: string, time: number, memory: number }>} its exit status, the
 *   beginning of its standard error, milliseconds of the processor (user and system: those on the wall would count what
 *   else the machine does), mebibytes at most
 */
export function usageOf(args, { cwd = process.cwd(), stdin = '', bin = process.execPath } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(bin, ['--require', PRELOAD, COMMAND, ...args], {
      cwd,
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdio[3]?.on('data', (/** @type {Buffer} */ chunk) => {
      stdout += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      if (stderr.length < LONGEST_STDERR) stderr += chunk;
    });
    child.on('error', reject);
    child.stdin?.on('error', () => {});
    child.stdin?.end(stdin);
    child.on('close', (status) => {
      const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(stdout.trim().split('\n').at(-1) || '{}');
      resolve({ status, stderr, time: (userCPUTime + systemCPUTime) / 1000, memory: maxRSS / 1024 });
    });
  });
}
