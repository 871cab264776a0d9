// npm run yaml: 30,000 mutated values files, read here and by go-yaml as both Helms use it (scripts/go-yaml/, which needs
// Go). npm run yaml -- COUNT SEED: so many, from another seed. Fails where the two differ too often. npm run yaml --
// --record: writes what go-yaml makes of the inputs of test/values/go-yaml.test.ts, which needs no Go.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { differenceFrom, RECORD, type Readings, recordedInputs } from '../test/values/go-yaml.ts';
import { mutations } from '../test/values/mutations.ts';

/** Differences of one kind that are allowed among 30,000 inputs. */
const ALLOWED = 20;

async function* readWithGo(inputs: readonly string[]): AsyncGenerator<Readings> {
  const child = spawn('go', ['run', '.'], {
    cwd: fileURLToPath(new URL('go-yaml/', import.meta.url)),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const written = (async () => {
    for (const text of inputs) {
      const bytes = Buffer.from(text);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      if (!child.stdin.write(Buffer.concat([length, bytes]))) await once(child.stdin, 'drain');
    }
    child.stdin.end();
  })();
  for await (const line of createInterface(child.stdout)) yield JSON.parse(line);
  await written;
}

async function record(): Promise<void> {
  const inputs = recordedInputs();
  const lines: string[] = [];
  for await (const readings of readWithGo(inputs.map(({ text }) => text))) {
    const { name, text } = inputs[lines.length] as (typeof inputs)[number];
    // An input that is too long is recorded by its name only; so are its values.
    if (name === undefined) lines.push(JSON.stringify({ text, ...readings }));
    else lines.push(JSON.stringify({ name, isRead: readings.helm4.error === undefined }));
  }
  writeFileSync(RECORD, `${lines.join('\n')}\n`);
  console.log(`${lines.length} inputs recorded`);
}

async function compare(count: number, seed: number): Promise<void> {
  const inputs = [...mutations(seed, count)];
  const counts = new Map<string, number>();
  let read = 0;
  for await (const readings of readWithGo(inputs)) {
    const text = inputs[read] as string;
    read += 1;
    const difference = await differenceFrom(readings, text);
    if (difference === null) continue;
    const { kind, detail } = difference;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    console.log(`${kind}: ${JSON.stringify(text)}\n    ${detail}`);
  }
  console.log(`${read} inputs`);
  for (const [kind, times] of counts) console.log(`${kind}: ${times}`);
  const isWithin = [...counts.values()].every((times) => times < ALLOWED);
  process.exitCode = read === inputs.length && isWithin ? 0 : 1;
}

if (process.argv.includes('--record')) await record();
else {
  const [count = 30_000, seed = 1] = process.argv.slice(2).map(Number);
  await compare(count, seed);
}
