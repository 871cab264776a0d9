import { fstatSync, statSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';
import { main } from './cli.ts';
import { systemError } from './errors.ts';
import { readAll } from './files/read.ts';
import type { Io } from './io.ts';

/**
 * Writes a string to a descriptor. Loading Node's streams would cost a cold process more than the rest of its output.
 * A reader that has closed the pipe (`| head`) is not an error.
 */
function write(descriptor: 1 | 2, text: string | Buffer): void {
  let rest = typeof text === 'string' ? Buffer.from(text) : text;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'EPIPE' || code === 'EBADF' || (code !== 'EAGAIN' && descriptor === 2)) return;
      if (code !== 'EAGAIN') throw systemError('the output cannot be written', error);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** `isTTY` loads Node's network modules, so ask it only for a character device other than the null device. */
function terminalWidth(output: 'stdout' | 'stderr'): number | null {
  if (!isDevice(output === 'stdout' ? 1 : 2)) return null;
  // Some terminals report no size, or zero columns.
  return process[output].isTTY ? process[output].columns || 80 : null;
}

function isDevice(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isCharacterDevice() && stats.rdev !== statSync(devNull).rdev;
  } catch {
    return false;
  }
}

const io: Io = {
  stdout: (text) => write(1, text),
  stderr: (text) => write(2, text),
  filesRead: new Set(),
  readStdin: (limit) => readAll(0, limit),
  terminalWidth,
  env: process.env,
  now: () => new Date(),
};

/** The wrapper keeps this from Node; Helm and what it starts get it. */
const { LIGHTRUN_CERT_OPENSSL_CONF: opensslConf } = process.env;
if (opensslConf !== undefined) {
  process.env.OPENSSL_CONF = opensslConf;
  delete process.env.LIGHTRUN_CERT_OPENSSL_CONF;
}

main(process.argv.slice(2), io).then((status) => {
  // Everything is written; a regular exit would spend milliseconds on tearing down the heap.
  process.exit(status);
});
