import { isDeepStrictEqual } from 'node:util';
import { readValues } from '../../src/values/read.ts';
import { EDGES, LONG_EDGES } from './edges.ts';
import { mutations } from './mutations.ts';

/** What go-yaml made of the recorded inputs, one of them on each line. */
export const RECORD = new URL('go-yaml.jsonl', import.meta.url);

/** How many mutated inputs are recorded, and the longest of them. */
const SAMPLE = 400;
const MAX_LENGTH = 300;

/** The inputs to record; those with a name are too long to be kept. */
export function recordedInputs(): { name?: string; text: string }[] {
  const sample = [...mutations(20261126, SAMPLE * 4)]
    .filter((text) => text.length <= MAX_LENGTH)
    .slice(0, SAMPLE);
  return [
    ...[...EDGES, ...sample].map((text) => ({ text })),
    ...Object.entries(LONG_EDGES).map(([name, text]) => ({ name, text })),
  ];
}

/** What one Helm makes of a values file. */
interface Reading {
  values: unknown;
  error?: string;
}

/** What go-yaml makes of a values file, as each Helm calls it (`scripts/go-yaml/main.go`). */
export interface Readings {
  helm3: Reading;
  helm4: Reading;
}

/** How this program and Helm differ. */
export interface Difference {
  kind: 'accepted here, refused by Helm' | 'refused here, accepted by Helm' | 'read differently';
  detail: string;
}

/**
 * Compares how a values file is read with what go-yaml makes of it. A file is accepted where both Helms accept it.
 * @returns null where they agree
 */
export async function differenceFrom({ helm3, helm4 }: Readings, text: string): Promise<Difference | null> {
  const file = await readValues(Buffer.from(text), 'values.yaml');
  const error = helm4.error ?? helm3.error;
  if (!file.ok) {
    const { reason, location, byHelm } = file.diagnostic;
    if (error !== undefined) return null;
    const detail = `${location.line}:${location.column} ${reason}${byHelm ? '' : ' (byHelm: false)'}`;
    return { kind: 'refused here, accepted by Helm', detail };
  }
  if (error !== undefined)
    return {
      kind: 'accepted here, refused by Helm',
      detail:
        helm4.error === undefined
          ? `Helm 3: ${error}`
          : helm3.error === undefined
            ? `Helm 4: ${error}`
            : error,
    };
  for (const [name, values, reading] of [
    ['Helm 4', file.values, helm4],
    ['Helm 3', file.firstDocument ?? file.values, helm3],
  ] as const) {
    // Helm 4 ends the last line of each document, Helm 3 does not: a block scalar that ends there differs.
    if (name === 'Helm 3' && !text.endsWith('\n')) continue;
    const here = JSON.parse(JSON.stringify(values.get([]).value));
    if (!isDeepStrictEqual(here, reading.values))
      return {
        kind: 'read differently',
        detail: `${name}: ${JSON.stringify(reading.values)}, here: ${JSON.stringify(here)}`,
      };
  }
  return null;
}
