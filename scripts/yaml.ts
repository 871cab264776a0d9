// npm run yaml: 30,000 mutated values files, read here and by go-yaml as both Helms use it (scripts/go-yaml/, which takes
// Go). npm run yaml -- COUNT [SEED]: so many, from another seed. Fails where the two differ more often than allowed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compare, type Readings } from '../test/values/go-yaml.ts';
import { mutations } from '../test/values/mutations.ts';

const MOST = 20;

const [count = 30_000, seed = 1] = process.argv.slice(2).map(Number);
const texts = [...mutations(seed, count)];
const child = spawn('go', ['run', '.'], {
  cwd: fileURLToPath(new URL('go-yaml/', import.meta.url)),
  stdio: ['pipe', 'pipe', 'inherit'],
});
const found = new Map<string, string[]>();
let read = 0;
child.stdin.on('error', () => undefined);
void (async () => {
  for (const text of texts) {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    if (!child.stdin.write(Buffer.concat([length, bytes]))) await once(child.stdin, 'drain');
  }
  child.stdin.end();
})();
for await (const line of createInterface(child.stdout)) {
  const text = texts[read] as string;
  read += 1;
  const difference = await compare(text, JSON.parse(line) as Readings);
  if (difference !== null)
    found.set(difference.kind, [
      ...(found.get(difference.kind) ?? []),
      `${JSON.stringify(text)}\n    ${difference.detail}`,
    ]);
}
for (const [kind, cases] of found) for (const each of cases) console.log(`${kind}: ${each}`);
console.log(`${read} texts`);
for (const [kind, cases] of found) console.log(`${kind}: ${cases.length}`);
const isComplete = read === texts.length;
process.exitCode = isComplete && [...found.values()].every((cases) => cases.length < MOST) ? 0 : 1;
