import { bundles } from './bundles.ts';
import { type Case, CLIENT_FAMILIES } from './case.ts';
import { defaults } from './defaults.ts';
import { fields } from './fields.ts';
import { kinds } from './kinds.ts';
import { topologies } from './topologies.ts';

/** The cases that ask every client, by family. */
export function clientCases(): Case[] {
  const all = [...topologies(), ...kinds(), ...fields(), ...bundles(), ...defaults()];
  return CLIENT_FAMILIES.flatMap((family) => all.filter((each) => each.family === family));
}
