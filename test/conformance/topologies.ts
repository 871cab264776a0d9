/** Random hierarchies of CAs: renewed with old and new keys, cross-signed, in forms that have expired, in any order. */
import { type Issued, type IssueOptions, issue, key } from '../support/pki.ts';
import { type Case, type Family, HOST, seeded, type Trait, written } from './case.ts';
import { filesOf, pemOf } from './ladder.ts';

const TOPOLOGIES = 150;
/** Files that are made of one topology. */
const ORDERS = 4;
const DAY = 24 * 60 * 60 * 1000;
const EXPIRED: IssueOptions = {
  notBefore: new Date(Date.now() - 400 * DAY),
  notAfter: new Date(Date.now() - 2 * DAY),
};
const MORE = `general:\n  lightrun_endpoint: ${HOST}\n`;

/** A certificate of a CA: `A1<B2` is that of CA A for its first key, signed with the second key of B. */
interface Form {
  label: string;
  issued: Issued;
  selfSigned: boolean;
}

interface Topology {
  leaf: Issued;
  leafLabel: string;
  /** From the leaf's issuer upwards. */
  forms: readonly Form[];
}

class Builder {
  readonly #seed: number;
  readonly #identifiers: boolean;
  readonly forms: Form[] = [];

  constructor(seed: number, identifiers: boolean) {
    this.#seed = seed;
    this.#identifiers = identifiers;
  }

  #key(ca: number, generation: number) {
    return key('p256', 300 + 2 * ca + generation);
  }

  #name(ca: number): string {
    return `CN=Topology ${this.#seed} CA ${'ABCDEF'[ca]}`;
  }

  /** Adds a certificate of a CA's key, signed with a key of another or its own. */
  add(ca: number, generation: number, by: readonly [ca: number, generation: number], expired = false): void {
    const [issuer, issuerGeneration] = by;
    const label = `${labelOf(ca, generation)}<${labelOf(issuer, issuerGeneration)}${expired ? ' expired' : ''}`;
    if (this.forms.some((each) => each.label === label)) return;
    const issued = issue({
      subject: this.#name(ca),
      key: this.#key(ca, generation),
      ca: true,
      issuerName: this.#name(issuer),
      signWith: this.#key(issuer, issuerGeneration),
      ...(this.#identifiers ? {} : { skid: false, akid: false }),
      ...(expired ? EXPIRED : {}),
    });
    this.forms.push({ label, issued, selfSigned: ca === issuer && generation === issuerGeneration });
  }

  leaf(generation: number): Issued {
    return issue({
      key: key('p256', 299),
      issuerName: this.#name(0),
      signWith: this.#key(0, generation),
      ...(this.#identifiers ? {} : { skid: false, akid: false }),
    });
  }
}

const labelOf = (ca: number, generation: number): string => `${'ABCDEF'[ca]}${generation + 1}`;

function topology(seed: number): Topology {
  const random = seeded(seed);
  const chance = (share: number): boolean => random() < share;
  const below = (count: number): number => Math.floor(random() * count);
  const builder = new Builder(seed, !chance(0.25));
  const count = 3 + below(4);
  const top = count - 1;
  for (let ca = 0; ca < top; ca += 1) {
    const issuer = chance(0.75) ? ca + 1 : ca + 1 + below(top - ca);
    builder.add(ca, 0, [issuer, 0], chance(0.12));
    // Cross-signed by another CA above it, or a root of its own as well.
    if (chance(0.35)) builder.add(ca, 0, [ca + 1 + below(top - ca), 0], chance(0.25));
    if (chance(0.15)) builder.add(ca, 0, [ca, 0], chance(0.2));
    // Renewed: with the same key after the other form has expired, or with a new key under the same name.
    if (chance(0.2)) builder.add(ca, 0, [issuer, 0], chance(0.7));
    if (chance(0.25)) builder.add(ca, 1, [issuer, 0], chance(0.1));
  }
  builder.add(top, 0, [top, 0], chance(0.15));
  if (chance(0.3)) {
    // A root that rolls over: the new one, and each signed with the key of the other.
    builder.add(top, 1, [top, 1]);
    if (chance(0.7)) builder.add(top, 1, [top, 0]);
    if (chance(0.5)) builder.add(top, 0, [top, 1]);
  }
  const renewed = builder.forms.some(({ label }) => label.startsWith('A2'));
  const generation = renewed && chance(0.6) ? 1 : 0;
  return {
    leaf: builder.leaf(generation),
    leafLabel: `leaf<${labelOf(0, generation)}`,
    forms: builder.forms,
  };
}

const known = new Map<number, Topology>();
function topologyOf(seed: number): Topology {
  const found = known.get(seed) ?? topology(seed);
  known.set(seed, found);
  return found;
}

/** The forms that are in a file, in its order: as they were issued first, then shuffled and now and then without one. */
function sentOf({ forms }: Topology, at: number, random: () => number): Form[] {
  const file = [...forms];
  if (at === 0) return file;
  for (let place = file.length - 1; place > 0; place -= 1) {
    const other = Math.floor(random() * (place + 1));
    [file[place], file[other]] = [file[other] as Form, file[place] as Form];
  }
  if (random() < 0.3) file.splice(Math.floor(random() * file.length), 1);
  return file;
}

/**
 * The file, and what its clients trust: some of the roots, which a file need not hold then; or, where the linter is not
 * told, the valid roots of the file, else any root of it, which it has to expect by itself.
 */
function arrangement(topology: Topology, seed: number, at: number, told: boolean) {
  const random = seeded(seed * 1000 + at);
  const file = sentOf(topology, at, random);
  const roots = topology.forms.filter(({ selfSigned }) => selfSigned);
  if (!told) {
    const isValid = ({ label }: Form) => !label.endsWith('expired');
    const inFile = roots.filter((each) => file.includes(each));
    const expected = [inFile.filter(isValid), inFile, roots.filter(isValid), roots];
    return { sent: file, trusted: expected.find((each) => each.length > 0) ?? [] };
  }
  const trusted = random() < 0.5 ? roots : [roots[Math.floor(random() * roots.length)] as Form];
  const sent = random() < 0.3 ? file.filter((each) => !trusted.includes(each)) : file;
  return { sent, trusted };
}

function traitsOf({ forms }: Topology, sent: readonly Form[], trusted: readonly Form[]): Trait[] {
  const own = sent.filter(({ selfSigned }) => selfSigned);
  const isMissing = forms.some((each) => !sent.includes(each) && !trusted.includes(each));
  return [
    ...(own.some((each) => !trusted.includes(each)) ? (['trust in another root'] as const) : []),
    ...(isMissing ? (['top cut off'] as const) : []),
  ];
}

function topologyCase(family: Family, seed: number, at: number): Case {
  const all = topologyOf(seed);
  const told = family !== 'random topologies';
  const { sent, trusted } = arrangement(all, seed, at, told);
  const labels = (forms: readonly Form[]): string => forms.map(({ label }) => label).join(' ');
  const make = () => {
    const files = filesOf([all.leaf, ...sent.map(({ issued }) => issued)]);
    const root = trusted.length > 0 ? pemOf(trusted.map(({ issued }) => issued)).toString() : null;
    const made = { crt: written(files.crt), key: written(files.key), root, more: MORE };
    return told && root !== null ? { ...made, caFile: root } : made;
  };
  return {
    family,
    name: `${seed}.${at}: ${all.leafLabel} ${labels(sent)}; trusted ${labels(trusted)}`,
    traits: traitsOf(all, sent, trusted),
    make,
  };
}

/** Files of each topology, once for clients that trust its own roots, once for others that `--ca-file` tells of. */
export const topologies = (): Case[] =>
  (['random topologies', 'random topologies, roots known'] as const).flatMap((family) =>
    Array.from({ length: TOPOLOGIES * ORDERS }, (_, at) =>
      topologyCase(family, Math.floor(at / ORDERS) + 1, at % ORDERS),
    ),
  );
