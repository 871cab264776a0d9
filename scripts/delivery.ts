// npm run delivery: merges the cases of test/delivery/precedence.ts with the real tools: Flux's and Kustomize's own code
// (scripts/delivery/, which needs Go), and Helm 3 with the flags that the other tools hand to it. Fails where what is
// recorded differs. npm run delivery -- --record: writes what npm test compares with.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import {
  DUMPING_CHART,
  PRECEDENCE,
  type PrecedenceCase,
  RECORD,
  recordedValues,
} from '../test/delivery/precedence.ts';

const HELM = process.env.HELM3_BIN ?? fileURLToPath(new URL('../.cache/helm-3/helm', import.meta.url));

function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** What Helm makes of a case's flags. */
function byHelm({ flags = [] }: PrecedenceCase, folder: string): unknown {
  write(join(folder, 'charts/lightrun-helm-chart'), DUMPING_CHART);
  const args = flags.flatMap(([flag, text], index) => {
    const isFile = flag === '-f' || flag === '--set-file';
    if (!isFile) return [flag, text];
    const file = join(folder, `flag-${index}`);
    const [name, content] =
      flag === '-f' ? ['', text] : [`${text.split('=')[0]}=`, text.slice(text.indexOf('=') + 1)];
    writeFileSync(file, content);
    return [flag, name + file];
  });
  const chart = join(folder, 'charts/lightrun-helm-chart');
  const rendered = execFileSync(HELM, ['template', 'x', chart, ...args], { encoding: 'utf8' });
  const line = rendered.split('\n').find((each) => each.startsWith('  values: ')) ?? '';
  return JSON.parse(JSON.parse(line.slice('  values: '.length)));
}

/** What Flux's and Kustomize's code make of the others. */
function byGo(cases: readonly { each: PrecedenceCase; folder: string }[]): unknown[] {
  const requests = cases.map(({ each: { tool, files }, folder }) => {
    if (tool === 'kustomize') write(folder, files);
    write(join(folder, 'charts/lightrun-helm-chart'), DUMPING_CHART);
    return JSON.stringify({ tool, folder, helm: HELM, text: files['manifest.yaml'] ?? '' });
  });
  const built = process.env.DELIVERY_MERGE;
  const [program, args] = built ? [built, []] : ['go', ['run', '.']];
  const output = execFileSync(program, args, {
    cwd: fileURLToPath(new URL('delivery/', import.meta.url)),
    input: requests.map((line) => `${line}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const top = mkdtempSync(join(tmpdir(), 'delivery-'));
try {
  const cases = PRECEDENCE.map((each, index) => {
    const folder = join(top, String(index));
    mkdirSync(folder);
    return { each, folder };
  });
  const goCases = cases.filter(({ each }) => each.tool !== 'helm');
  const goResults = byGo(goCases);
  const results = cases.map(({ each, folder }) => [
    each.name,
    each.tool === 'helm'
      ? byHelm(each, folder)
      : goResults[goCases.findIndex((other) => other.each === each)],
  ]);
  if (process.argv.includes('--record')) {
    const lines = results.map(([name, values]) => JSON.stringify({ name, values }));
    writeFileSync(RECORD, `${lines.join('\n')}\n`);
    console.log(`${results.length} cases recorded`);
  } else {
    const recorded = recordedValues();
    const changed = results.filter(([name, each]) => !isDeepStrictEqual(each, recorded[name as string]));
    for (const [name] of changed) console.log(`${name}: the tool no longer makes what is recorded`);
    console.log(`${results.length} cases, ${changed.length} changed`);
    process.exitCode = changed.length === 0 ? 0 : 1;
  }
} finally {
  rmSync(top, { recursive: true, force: true });
}
