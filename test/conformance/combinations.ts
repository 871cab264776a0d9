/** One change of a pair, and two. */
import { createPrivateKey } from 'node:crypto';
import { type Case, type Change, type Family, type Files, picked, written } from './case.ts';
import { CONTAINERS, type Container } from './containers.ts';
import { filesOf, ladder } from './ladder.ts';
import { CHANGES, FILE_CHANGES, TEXT_CHANGES, YAML_CHANGES } from './mistakes.ts';
import { PAIR_CHANGES } from './pair-mistakes.ts';

const MOST = { eachValue: 320, oneValue: 240, pair: 160, chain: 160, chainAndKey: 120 };

const usual = (): Files => filesOf(ladder(3));
const names = (changes: readonly Change[]): string => changes.map(({ name }) => name).join(', ');

function changedCase(
  family: Family,
  name: string,
  files: () => Files,
  crt: readonly Change[],
  key: readonly Change[],
): Case {
  const make = () => {
    const made = files();
    return { crt: written(made.crt, crt), key: written(made.key, key), root: made.root };
  };
  return { family, name, traits: [], make };
}

/** Each change of each value, the other as it should be. */
function single(): Case[] {
  const family = (change: Change): Family =>
    change.stage === 'yaml' ? 'YAML styles' : 'mistakes in one value';
  return [
    ...CHANGES.map((change) => changedCase(family(change), `crt: ${change.name}`, usual, [change], [])),
    ...CHANGES.map((change) => changedCase(family(change), `key: ${change.name}`, usual, [], [change])),
    ...Object.entries(PAIR_CHANGES).map(([name, of]) =>
      changedCase('mistakes in one value', name, () => of(usual()), [], []),
    ),
  ];
}

/** A change of one value and a change of the other. */
function inEach(): Case[] {
  const all = CHANGES.flatMap((crt) => CHANGES.map((key) => [crt, key] as const));
  return picked(all, MOST.eachValue, 3).map(([crt, key]) =>
    changedCase('a mistake in each value', `crt: ${crt.name}; key: ${key.name}`, usual, [crt], [key]),
  );
}

/** Two changes of one value, one after the other. */
function inOne(): Case[] {
  const all = [
    ...FILE_CHANGES.flatMap((one) =>
      FILE_CHANGES.filter((other) => other !== one).map((other) => [one, other]),
    ),
    ...FILE_CHANGES.flatMap((one) => [...TEXT_CHANGES, ...YAML_CHANGES].map((other) => [one, other])),
    ...TEXT_CHANGES.flatMap((one) => YAML_CHANGES.map((other) => [one, other])),
  ];
  return picked(all, MOST.oneValue, 4).map((changes, at) =>
    at % 2 === 0
      ? changedCase('two mistakes in one value', `crt: ${names(changes)}`, usual, changes, [])
      : changedCase('two mistakes in one value', `key: ${names(changes)}`, usual, [], changes),
  );
}

/** A mistake with the two files together, and a change of one of them. */
function inPair(): Case[] {
  const all = Object.entries(PAIR_CHANGES).flatMap(([name, of]) =>
    CHANGES.flatMap((change) => (['crt', 'key'] as const).map((value) => ({ name, of, change, value }))),
  );
  return picked(all, MOST.pair, 7).map(({ name, of, change, value }) =>
    changedCase(
      'a mistake of the pair and one more',
      `${name}; ${value}: ${change.name}`,
      () => of(usual()),
      value === 'crt' ? [change] : [],
      value === 'key' ? [change] : [],
    ),
  );
}

/** A chain of another shape, or with a fault, written wrongly. */
function chainAndChange(all: readonly Case[]): Case[] {
  const escapeUnsafe = FILE_CHANGES.slice(0, 9);
  const changes = [...escapeUnsafe, ...escapeUnsafe, ...CHANGES];
  const chains = picked(all, MOST.chain, 5);
  return chains.map((chain, at) => {
    const change = changes[(at * 7) % changes.length] as Change;
    const made = () => rewritten(chain, change);
    return {
      family: 'a chain and a mistake',
      name: `${chain.name}; ${change.name}`,
      traits: chain.traits,
      make: made,
    };
  });
}

/** A case whose certificates are written anew; only for cases whose values are plain base64. */
function rewritten(chain: Case, change: Change) {
  const made = chain.make();
  return { ...made, crt: written(Buffer.from(made.crt, 'base64'), [change]) };
}

/** A chain of another shape, or with a fault, and its key in another container. */
function chainAndKey(all: readonly Case[]): Case[] {
  const fitting = CONTAINERS.filter(({ holds }) => holds('p256'));
  return picked(all, MOST.chainAndKey, 6).map((chain, at) => {
    const container = fitting[at % fitting.length] as Container;
    const make = () => {
      const made = chain.make();
      const own = createPrivateKey(Buffer.from(made.key, 'base64'));
      return { ...made, key: written(Buffer.from(container.of(own, 'p256'))) };
    };
    return {
      family: 'a chain and a key',
      name: `${chain.name}; ${container.name}`,
      traits: chain.traits,
      make,
    };
  });
}

/**
 * Changes of an ordinary pair, and of others.
 * @param chains whose values are written as they should be, for P-256 keys in PKCS#8
 */
export const combinations = (chains: readonly Case[]): Case[] => [
  ...single(),
  ...inEach(),
  ...inOne(),
  ...inPair(),
  ...chainAndChange(chains),
  ...chainAndKey(chains),
];
