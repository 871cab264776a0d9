/** Values files as they break: made from valid and invalid ones by small random edits, the same in every run. */
import { ALIKE, SEVERAL } from './documents.ts';

const CHART = `# Values of the chart.
general:
  name: "client"
  lightrun_endpoint: lightrun.example.com # the host
  deploy_secrets:
    enabled: true
  tags: [a, "b c", 'd']

certificate:
  existing_cert: ""
  tls:
    crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==
    key: >-
      LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0t
      LS0tCg==

deployments:
  - name: backend
    resources: {cpu: 250m, memory: 512Mi}
    args: ["sh", "-c", "sleep 10"]
  - &router
    name: router
    env:
    - name: A
      value: "1"
  - <<: *router
    script: |
      if true; then
        echo "x: y"
      fi

      exit 0
`;

/** The first are met by `lint` more often than the rest, and so are mutated more often. */
const SEEDS: readonly string[] = [
  ...Array<string>(12).fill(CHART),
  'resources: {cpu: 250m, memory: 512Mi}\ncertificate:\n  existing_cert: my-tls\n',
  'a: {c: 1, "d": [x, y]}\ncertificate:\n  existing_cert: my-tls\n',
  'general:\n  lightrun_endpoint: x.example.com\n# a stray line\ncertificate:\n  existing_cert: my-tls\n',
  'x: !!str 5\ncertificate:\n  existing_cert: my-tls\n',
  'a: "x\n  b: 1\n  c: y"\ncertificate:\n  existing_cert: s\n',
  ...Object.values(ALIKE).filter((text) => text.length < 3000),
  ...Object.values(SEVERAL),
];

const PIECES = [
  ...[
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    ': ',
    '#',
    ' #',
    '-',
    '- ',
    '? ',
    '|',
    '>',
    '|-\n',
    '%',
    '@',
    '`',
  ],
  ...[
    '&a ',
    '*a',
    '!t ',
    '!!str ',
    '!',
    '!<',
    '!!!str ',
    '\\',
    '\t',
    ' ',
    '  ',
    '\n',
    '\r',
    '\r\n',
    '\n\n',
    '~',
  ],
  ...[
    '---\n',
    '...\n',
    '\n---\n',
    '\n...\n',
    '--- ',
    '%YAML 1.1\n',
    '%TAG ! x\n',
    '\n% x\n',
    '<<: ',
    'null',
    '=',
  ],
  ...['\ufeff', '\x07', '\x85', '\u2028', '\u00a0', 'é', '😀', 'x', '0', '.inf', 'y', '{{ x }}'],
];

/**
 * A generator of pseudo-random numbers.
 * @returns a whole number from 0 up to, not including, `below`
 * @see xorshift32 (Marsaglia, 2003)
 */
type Random = (below: number) => number;
function random(seed: number): Random {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

type Mutation = (text: string, next: Random) => string;

const splice = (text: string, at: number, drop: number, insert: string): string =>
  text.slice(0, at) + insert + text.slice(at + drop);
const pick = <T>(of: readonly T[], next: Random): T => of[next(of.length)] as T;

/** An edit of the lines, given one of their indices. */
function onLines(edit: (lines: string[], at: number, next: Random) => void): Mutation {
  return (text, next) => {
    const lines = text.split('\n');
    edit(lines, next(lines.length), next);
    return lines.join('\n');
  };
}

const MUTATIONS: readonly Mutation[] = [
  (text, next) => splice(text, next(text.length + 1), 1 + next(3), ''),
  (text, next) => splice(text, next(text.length + 1), 0, pick(PIECES, next)),
  (text, next) => splice(text, next(text.length + 1), 1, pick(PIECES, next)),
  (text, next) => {
    const at = next(text.length + 1);
    return splice(text, at, 0, text.slice(at, at + 1 + next(8)));
  },
  // A line break at any place, most telling inside keys and flow collections.
  (text, next) => splice(text, next(text.length + 1), 0, pick(['\n', '\n\n', '\n ', '\n  ', '\r\n'], next)),
  onLines((lines, at) => lines.splice(at, 1)),
  onLines((lines, at) => lines.splice(at, 0, lines[at] as string)),
  onLines((lines, at, next) => lines.splice(next(lines.length), 0, ...lines.splice(at, 1))),
  onLines((lines, at, next) => {
    lines[at] = `${' '.repeat(1 + next(4))}${lines[at]}`;
  }),
  onLines((lines, at, next) => {
    lines[at] = (lines[at] as string).replace(new RegExp(`^ {1,${1 + next(4)}}`), '');
  }),
  onLines((lines, at, next) => {
    const to = at + next(lines.length - at);
    for (let each = at; each <= to; each += 1) lines[each] = `  ${lines[each]}`;
  }),
  onLines((lines, at, next) =>
    lines.splice(at, 0, pick(['% x', '%YAML 1.1', '---', '...', '- x', 'x', '\t', '"', '}'], next)),
  ),
  onLines((lines, at, next) => {
    lines[at] = (lines[at] as string).replace(
      /(?<=: |- )(?=\S)/,
      pick(['&x ', '*x', '!!str ', '"', "'", '|', '[', '{'], next),
    );
  }),
];

/**
 * Mutated values files.
 * @param seed of the generator; the same seed gives the same files
 * @param count how many
 */
export function* mutations(seed: number, count: number): Generator<string> {
  const next = random(seed);
  for (let made = 0; made < count; ) {
    let text = pick(SEEDS, next);
    for (let left = 1 + (next(3) === 0 ? next(3) : 0); left > 0; left -= 1)
      text = pick(MUTATIONS, next)(text, next);
    // UTF-8 has no half of a surrogate pair.
    if (/\p{Cs}/u.test(text)) continue;
    made += 1;
    yield text;
  }
}
