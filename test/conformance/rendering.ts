/** What both real Helms make of the two values, many pairs at a time. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { type HelmHome, helms, withHelmHome } from '../support/helms.ts';
import { run } from '../support/run.ts';

/** The two values as they stand in a rendered Secret, or why Helm rendered none. */
export type Rendered = { crt: unknown; key: unknown } | { refusal: string };

/** Of one pair, by Helm. */
export type RenderedBy = ReadonlyMap<string, Rendered>;

interface Written {
  crt: string;
  key: string;
}

/** The Secret of the Lightrun chart, once for each pair of a list. */
const TEMPLATE = `{{- range $index, $pair := .Values.pairs }}
---
apiVersion: v1
kind: Secret
metadata:
  name: {{ printf "pair-%05d" $index }}
data:
  tls.crt: {{ $pair.crt }}
  tls.key: {{ $pair.key }}
type: kubernetes.io/tls
{{- end }}
`;
/** Pairs in one run: more would take longer together than apart, since one that fails lets all be run again. */
const BATCH = 250;

/**
 * Lets both Helms render pairs.
 * @param pairs as YAML that follows `crt:` and `key:`
 * @returns for each pair in order, what each Helm made of it
 */
export async function render(pairs: readonly Written[]): Promise<RenderedBy[]> {
  const found = await Promise.all(
    (await helms()).map(async ({ name, bin }) => ({
      name,
      rendered: await withHelmHome((home) => new Renderer(bin, home).render(pairs)),
    })),
  );
  return pairs.map((_, at) => new Map(found.map(({ name, rendered }) => [name, rendered[at] as Rendered])));
}

class Renderer {
  readonly #bin: string;
  readonly #home: HelmHome;
  readonly #chart: string;
  #runs = 0;

  constructor(bin: string, home: HelmHome) {
    this.#bin = bin;
    this.#home = home;
    this.#chart = join(home.folder, 'chart');
  }

  /** What looks as if it might fail is run alone from the start; the rest in batches. */
  async render(pairs: readonly Written[]): Promise<Rendered[]> {
    await mkdir(join(this.#chart, 'templates'), { recursive: true });
    await writeFile(join(this.#chart, 'Chart.yaml'), 'apiVersion: v2\nname: pairs\nversion: 0.1.0\n');
    await writeFile(join(this.#chart, 'templates', 'pairs.yaml'), TEMPLATE);
    const rendered: Rendered[] = [];
    const places = pairs.map((_, at) => at);
    const groups = [true, false].flatMap((plain) => {
      const own = places.filter((at) => isPlain(pairs[at] as Written) === plain);
      const size = plain ? BATCH : 1;
      return Array.from({ length: Math.ceil(own.length / size) }, (_, at) =>
        own.slice(at * size, (at + 1) * size),
      );
    });
    for (const group of groups) {
      const made = await this.#halving(group.map((at) => pairs[at] as Written));
      for (const [at, place] of group.entries()) rendered[place] = made[at] as Rendered;
    }
    return rendered;
  }

  /** A batch as a whole where it renders one Secret a pair, else its halves. */
  async #halving(pairs: readonly Written[]): Promise<Rendered[]> {
    const made = await this.#run(pairs);
    if (Array.isArray(made)) return made;
    if (pairs.length === 1) return [made];
    const half = Math.ceil(pairs.length / 2);
    return [...(await this.#halving(pairs.slice(0, half))), ...(await this.#halving(pairs.slice(half)))];
  }

  async #run(pairs: readonly Written[]): Promise<Rendered[] | { refusal: string }> {
    this.#runs += 1;
    const file = join(this.#home.folder, `values-${this.#runs}.yaml`);
    const items = pairs.map(({ crt, key }) => `  - crt: ${crt}\n    key: ${key}\n`);
    await writeFile(file, `pairs:\n${items.join('')}`, { mode: 0o600 });
    const { env } = this.#home;
    const { status, stdout, stderr } = await run(this.#bin, ['template', 'r', this.#chart, '-f', file], {
      env,
    });
    await rm(file);
    if (status !== 0) return { refusal: stderr.trim().split('\n').at(-1) ?? 'it failed' };
    const secrets = stdout.split(/^---\n/m).slice(1);
    const made = secrets.map(secretOf);
    const isEach = (each: unknown, at: number): boolean => each === `pair-${String(at).padStart(5, '0')}`;
    if (made.length !== pairs.length || !made.every(({ name }, at) => isEach(name, at))) {
      return { refusal: 'something else than one Secret' };
    }
    return made.map(({ data }) => ({ crt: data['tls.crt'], key: data['tls.key'] }));
  }
}

/** Text that stays on its line and has no sign that means something to YAML. */
function isPlain({ crt, key }: Written): boolean {
  return [crt, key].every((yaml) => /^"?[A-Za-z0-9+/=]+"?$/.test(yaml));
}

function secretOf(manifest: string): { name: unknown; data: Record<string, unknown> } {
  const name = /^ {2}name: (pair-\d+)$/m.exec(manifest)?.[1];
  const lines = /^ {2}tls\.crt: ([A-Za-z0-9+/=]{40,})\n {2}tls\.key: ([A-Za-z0-9+/=]{40,})\ntype: /m.exec(
    manifest,
  );
  if (lines) return { name, data: { 'tls.crt': lines[1], 'tls.key': lines[2] } };
  const parsed = parseDocument(manifest, { version: '1.1' }).toJS();
  return { name: parsed?.metadata?.name, data: parsed?.data ?? {} };
}
