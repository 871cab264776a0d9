import { X509Certificate } from 'node:crypto';
import { PAIRS, type Pair } from '../support/pairs.ts';
import { type Case, CLIENT_FAMILIES, FAMILIES, RULE_PAIRS, spread } from './case.ts';
import { combinations } from './combinations.ts';
import { containers } from './containers.ts';
import { faults } from './faults.ts';
import { shapes } from './shapes.ts';

/** Every case, by family; the same in every run but for fresh keys. */
export function corpus(): Case[] {
  const chains = [...shapes(), ...faults()];
  const all = [...chains, ...containers(), ...combinations(chains), ...PAIRS.map(ruleCase)];
  return FAMILIES.flatMap((family) => all.filter((each) => each.family === family));
}

/** The pairs of the rules' tests, and about `count` others spread over all families, of each its share and two at least. */
export function sample(cases: readonly Case[], count: number): Case[] {
  return [...FAMILIES, ...CLIENT_FAMILIES].flatMap((family) => {
    const own = cases.filter((each) => each.family === family);
    if (family === RULE_PAIRS) return own;
    if (own.length === 0) return [];
    return spread(own, Math.max(2, Math.round((count * own.length) / cases.length)));
  });
}

function ruleCase({ name, crt, key, root, more, options }: Pair): Case {
  const make = () => ({
    crt: JSON.stringify(crt),
    key: JSON.stringify(key),
    root: root?.pem ?? lastOf(crt),
    ...(more === undefined ? {} : { more }),
    ...(options === undefined ? {} : { options }),
  });
  return { family: RULE_PAIRS, name, traits: [], make };
}

/** The last certificate of a value, which is the root where the chain is whole. */
function lastOf(crt: string): string | null {
  const blocks = Buffer.from(crt, 'base64')
    .toString('latin1')
    .match(/-----BEGIN CERT.*?-----END CERT[^\n]*\n/gs);
  try {
    return new X509Certificate(blocks?.at(-1) ?? '').toString();
  } catch {
    return null;
  }
}
