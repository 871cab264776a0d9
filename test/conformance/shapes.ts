/** Chains of every shape: orders, parts, doubles, cross-signed certificates, and those of the same name. */

import { permutations } from '../support/permutations.ts';
import { type Issued, type IssueOptions, issue, key } from '../support/pki.ts';
import { type Case, type Family, type Files, picked, type Trait, written } from './case.ts';
import { filesOf, keyAt, ladder, pemOf } from './ladder.ts';

/** How many certificates a chain has. */
export const LENGTHS = [1, 2, 3, 4, 5, 6] as const;
const MOST_ORDERS = 120;

export const levelsOf = (length: number): number[] => Array.from({ length }, (_, level) => level);

/** A case whose values are written as they should be. */
export function shapeCase(
  family: Family,
  name: string,
  files: () => Files,
  traits: readonly Trait[] = [],
): Case {
  const make = () => {
    const { crt, key: keyFile, root } = files();
    return { crt: written(crt), key: written(keyFile), root };
  };
  return { family, name, traits, make };
}

/** All orders of up to five certificates, and as many again of six. */
function orders(): Case[] {
  return LENGTHS.flatMap((length) => {
    const all = permutations(levelsOf(length));
    const [right = [], ...others] = all;
    return [right, ...picked(others, MOST_ORDERS - 1, length)].map((order) =>
      shapeCase('orders of a chain', `${order.join(' ')} of ${length}`, () => {
        const chain = ladder(length);
        return { ...filesOf(chain), crt: pemOf(order.map((level) => chain[level] as Issued)) };
      }),
    );
  });
}

/** Every part of a chain, in order: with its leaf, and without. */
function parts(): Case[] {
  return LENGTHS.flatMap((length) =>
    Array.from({ length: 2 ** length - 2 }, (_, at) => at + 1).map((mask) => {
      const kept = levelsOf(length).filter((level) => (mask >> level) & 1);
      return shapeCase(
        'parts of a chain',
        `only ${kept.join(' ')} of ${length}`,
        () => {
          const chain = ladder(length);
          return { ...filesOf(chain), crt: pemOf(kept.map((level) => chain[level] as Issued)) };
        },
        traitsOfPart(kept, length),
      );
    }),
  );
}

function traitsOfPart(kept: readonly number[], length: number): Trait[] {
  const unbroken = kept.every((level, at) => level === at);
  if (!unbroken) return [];
  if (kept.length === 1) return length === 2 ? ['lone leaf below its root'] : [];
  return kept.length < length - 1 ? ['top cut off'] : [];
}

function doubled(): Case[] {
  return LENGTHS.flatMap((length) =>
    levelsOf(length).flatMap((level) =>
      (['beside itself', 'at the end', 'in front'] as const)
        .filter((where) => where !== 'at the end' || level < length - 1)
        .filter((where) => where !== 'in front' || level > 0)
        .map((where) =>
          shapeCase('doubled certificates', `${level} of ${length} again, ${where}`, () => {
            const chain = ladder(length);
            const again = chain[level] as Issued;
            const at = where === 'in front' ? 0 : where === 'at the end' ? length : level;
            return { ...filesOf(chain), crt: pemOf(chain.toSpliced(at, 0, again)) };
          }),
        ),
    ),
  );
}

const OLD_ROOT = { subject: 'CN=Old Root', key: key('p256', 290) };
const CROSS_TRAITS: Readonly<Record<string, Trait[]>> = {
  'behind the whole chain, the old root trusted': ['trust in another root'],
};

const expiredOldRoot = (): Issued => issue({ ...OLD_ROOT, ca: true, ...COPIES['that has expired'] });

/** A CA certificate of a chain issued again, for the same name and key, by another root. */
function crossSigned(): Case[] {
  const layouts: Record<
    string,
    (own: Issued[], cross: Issued, old: Issued, level: number) => [Issued[], Issued]
  > = {
    'in place of its own, up to the old root': (own, cross, old, level) => [
      [...own.slice(0, level), cross, old],
      old,
    ],
    'in place of its own, without the old root': (own, cross, old, level) => [
      [...own.slice(0, level), cross],
      old,
    ],
    'behind the whole chain': (own, cross) => [[...own, cross], own.at(-1) as Issued],
    'behind the whole chain, the old root trusted': (own, cross, old) => [[...own, cross, old], old],
    'before its own': (own, cross, _, level) => [own.toSpliced(level, 0, cross), own.at(-1) as Issued],
    'before its own, and its expired root': (own, cross, _, level) => [
      own.toSpliced(level, 0, cross, expiredOldRoot()),
      own.at(-1) as Issued,
    ],
    'behind its own': (own, cross, _, level) => [own.toSpliced(level + 1, 0, cross), own.at(-1) as Issued],
  };
  return LENGTHS.flatMap((length) =>
    levelsOf(length)
      .slice(1)
      .flatMap((level) =>
        Object.entries(layouts).map(([layout, arrange]) =>
          shapeCase(
            'cross-signed certificates',
            `${level} of ${length} ${layout}`,
            () => {
              const own = ladder(length);
              const old = issue({ ...OLD_ROOT, ca: true });
              const { subject, privateKey } = own[level] as Issued;
              const cross = issue({ subject, key: privateKey, issuer: old, ca: true });
              const [file, root] = arrange(own, cross, old, level);
              return filesOf(file, own[0], root);
            },
            CROSS_TRAITS[layout],
          ),
        ),
      ),
  );
}

/** What a copy of a CA certificate, with its name, key and issuer, may have that the other has not. */
const COPIES: Readonly<Record<string, IssueOptions>> = {
  'that is no CA': { ca: false },
  'for clients only': { eku: ['clientAuth'] },
  'that has expired': {
    notBefore: new Date(Date.now() - 9_000_000_000),
    notAfter: new Date(Date.now() - 90_000_000),
  },
};

function copies(): Case[] {
  return LENGTHS.flatMap((length) =>
    levelsOf(length)
      .slice(1)
      .flatMap((level) =>
        Object.entries(COPIES).flatMap(([what, options]) =>
          [0, 1].map((after) =>
            shapeCase(
              'doubled certificates',
              `a copy of ${level} of ${length} ${what}, ${after ? 'behind' : 'before'} it`,
              () => {
                const own = ladder(length);
                const { subject, privateKey } = own[level] as Issued;
                const issuer = own[level + 1] ?? (own[level] as Issued);
                const copy = issue({ subject, key: privateKey, ca: true, issuer, ...options });
                return filesOf(own.toSpliced(level + after, 0, copy), own[0], own.at(-1));
              },
            ),
          ),
        ),
      ),
  );
}

/** A CA certificate of the same name with another key, as after a renewal. */
function sameName(): Case[] {
  const layouts: Record<string, (own: Issued[], other: Issued, level: number) => Issued[]> = {
    'in place of it': (own, other, level) => own.with(level, other),
    'before it': (own, other, level) => own.toSpliced(level, 0, other),
    'behind it': (own, other, level) => own.toSpliced(level + 1, 0, other),
    'at the end': (own, other) => [...own, other],
  };
  return LENGTHS.flatMap((length) =>
    levelsOf(length)
      .slice(1)
      .flatMap((level) =>
        Object.entries(layouts)
          .filter(([layout]) => layout !== 'at the end' || level < length - 1)
          .flatMap(([layout, arrange]) =>
            [true, false].map((skid) =>
              shapeCase(
                'same name, other key',
                `${level} of ${length} ${layout}${skid ? '' : ', without key identifiers'}`,
                () => {
                  const own = skid ? ladder(length) : ladder(length, () => ({ skid: false, akid: false }));
                  const { subject } = own[level] as Issued;
                  const issuer = own[level + 1];
                  const other = issue({
                    subject,
                    key: key('p256', 291),
                    ca: true,
                    skid,
                    akid: skid,
                    ...(issuer ? { issuer } : {}),
                  });
                  return filesOf(arrange(own, other, level), own[0], own.at(-1));
                },
                layout === 'in place of it' && level === length - 1 ? ['other root of the name'] : [],
              ),
            ),
          ),
      ),
  );
}

/** The key of each other certificate of the chain, and one of none. */
function otherKeys(): Case[] {
  return LENGTHS.flatMap((length) =>
    [...levelsOf(length).slice(1), 99].map((level) =>
      shapeCase('keys of other certificates', `key of ${level} of ${length}`, () => {
        const chain = ladder(length);
        return filesOf(chain, { ...(chain[0] as Issued), privateKey: keyAt(level) });
      }),
    ),
  );
}

/** All shapes. */
export const shapes = (): Case[] => [
  ...orders(),
  ...parts(),
  ...doubled(),
  ...copies(),
  ...crossSigned(),
  ...sameName(),
  ...otherKeys(),
];
