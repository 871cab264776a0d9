import * as assert from 'uvu/assert';
import { command, type Ended } from '../support/command.ts';
import { commandsOfCi, readCommand } from '../support/runner.ts';

/** Milliseconds of the processor, for one input; time on the wall would count what other processes do. */
const SECOND = 1000;
const MEGABYTE = 1024 * 1024;
const PROGRESS = 1000;
/** Neither what moves a cursor nor what reorders text; an output may hold only the line feed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const UNSAFE = /[\0-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

let inputs = 0;
let slowest = 0;

/** How a hostile input is given. */
export interface Hostile {
  args: readonly string[];
  stdin?: string | Buffer;
  /** Milliseconds of the processor that it may take, where a second is too few. */
  bound?: number;
}

/**
 * Runs a command on a hostile input, without any Helm. It must end in time, with a status of the contract, without a
 * stack trace, and with an output that is safe to show.
 */
export async function checked({ args, stdin = '', bound = SECOND }: Hostile): Promise<Ended> {
  const before = process.cpuUsage();
  const ended = await command(args, { stdin, env: { HELM_BIN: '/nonexistent/helm' } });
  const { user, system } = process.cpuUsage(before);
  const time = (user + system) / 1000;
  inputs += 1;
  slowest = Math.max(slowest, time);
  if (process.env.PROPERTY_FACTOR && inputs % PROGRESS === 0) console.log(`${inputs} inputs`);
  assert.ok(time < bound, `took ${time} ms`);
  const shown = args.some((word) => word.startsWith('--color')) ? withoutColors(ended) : ended;
  // What is passed on to Helm is passed on as it came.
  assertHarmless(args[0] === 'post-render' && ended.status === 0 ? { ...shown, stdout: '' } : shown);
  return ended;
}

/** An output without the program's own colours. */
export function withoutColors({ status, stdout, stderr }: Ended): Ended {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  const plain = (text: string) => text.replace(/\x1b\[\d+m/g, '');
  return { status, stdout: plain(stdout), stderr: plain(stderr) };
}

/** Neither a bug of the program, nor anything that a terminal or a CI takes for a command. */
export function assertHarmless({ status, stdout, stderr }: Ended): void {
  assert.ok([0, 1, 2].includes(status), `status ${status}`);
  assert.not.match(stderr, /^\s+at .*:\d+:\d+\)?$|a bug in this program/m);
  if (status === 2) assert.is.not(stderr, '');
  assert.not.match(stdout + stderr, UNSAFE);
  // The format for GitHub has commands of its own, and no others.
  assert.equal(commandsOfCi(stdout.replace(/^::(?=error |warning |notice )/gm, '')), []);
  assert.equal(commandsOfCi(stderr), []);
}

/** The lines that the runner of GitHub Actions would take for a command. */
export function commandsIn(text: string): string[] {
  return text.split('\n').filter((line) => readCommand(line) !== null);
}

/** What was tried in this process: how many inputs, the slowest in milliseconds, the most memory in MB. */
export function tried(): { inputs: number; slowest: number; memory: number } {
  return { inputs, slowest, memory: (process.resourceUsage().maxRSS * 1024) / MEGABYTE };
}
