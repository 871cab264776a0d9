import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What a consumer makes of a pair; `accepts` is null where it cannot be asked. */
export interface Answer {
  accepts: boolean | null;
  /** Why it refuses, in its own words; empty where it accepts. */
  because: string;
}

/** How long a program may take to start, and to answer, on a busy machine. */
const PATIENCE = 60_000;

/**
 * An oracle program that runs for as long as there are questions: one line in is a question, one line out its
 * answer (accepts, refuses, or else it could not be asked), in any order, fields separated by tabs. The first line out is its version.
 */
export class Worker {
  readonly version: string;
  readonly #child: ChildProcess;
  readonly #waiting: Map<string, (answer: Answer) => void>;
  #questions = 0;

  private constructor(version: string, child: ChildProcess, waiting: Map<string, (answer: Answer) => void>) {
    this.version = version;
    this.#child = child;
    this.#waiting = waiting;
  }

  /**
   * Starts a program.
   * @throws Error where it does not start, with what it wrote to standard error
   */
  static async start(command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Worker> {
    const [program = '', ...args] = command;
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const waiting = new Map<string, (answer: Answer) => void>();
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-2000);
    });
    child.stdin.on('error', () => {});
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('close', (status) => resolve(`it ended with status ${status}: ${complaint.trim()}`));
    });
    const version = new Promise<string>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const [id = '', verdict = '', because = ''] = line.split('\t');
        if (id === 'version') resolve(verdict);
        const accepts = verdict === 'accepts' ? true : verdict === 'refuses' ? false : null;
        waiting.get(id)?.({ accepts, because });
        waiting.delete(id);
      });
    });
    const failed = ended.then((why) => {
      for (const tell of waiting.values()) tell({ accepts: null, because: why });
      waiting.clear();
      throw new Error(`${command.join(' ')}: ${why}`);
    });
    failed.catch(() => {});
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error(`${program} did not start`)), PATIENCE).unref();
    });
    return new Worker(await Promise.race([version, failed, late]), child, waiting);
  }

  /** Asks one question; others may be under way. */
  ask(...fields: readonly (string | number)[]): Promise<Answer> {
    this.#questions += 1;
    const id = String(this.#questions);
    return new Promise((resolve) => {
      if (this.#child.exitCode !== null) resolve({ accepts: null, because: 'it has ended' });
      const late = setTimeout(
        () => this.#waiting.get(id)?.({ accepts: null, because: 'no answer' }),
        PATIENCE,
      );
      this.#waiting.set(id, (answer) => {
        clearTimeout(late);
        resolve(answer);
      });
      this.#child.stdin?.write(`${[id, ...fields].join('\t')}\n`);
    });
  }

  /** Ends the program once it has answered what it was asked. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin?.end();
    await closed;
  }
}
