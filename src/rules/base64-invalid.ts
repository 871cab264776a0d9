import { escapeUnsafe } from '../text/display.ts';
import type { Base64Diagnostic } from '../x509/base64.ts';
import { rule } from './rule.ts';
import { byMistake, subject, valuesOf } from './shared/alike.ts';
import { encodeOwn } from './shared/commands.ts';
import { base64Diagnostics } from './shared/needs.ts';
import { measured, rfc } from './shared/sources.ts';

export const base64Invalid = rule({
  id: 'base64-invalid',
  severity: 'error',
  refusedBy: ['kubernetes'],
  stage: 'base64',
  title: 'not valid base64',
  means:
    'The value has a character outside the standard alphabet, uses the URL-safe alphabet (- and _), or has wrong padding (=).',
  why: 'Helm renders it silently, and Kubernetes refuses the Secret: illegal base64 data.',
  sources: [rfc(4648, '4'), measured('Kubernetes decodes strictly: standard alphabet, padding required')],
  bad: 'certificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi_-"',
  good: 'certificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi/+"',
  fix: 'Encode the file again; part of the value may have been lost in copying.',
  stops: 'error',
  needs: base64Diagnostics('url-alphabet', 'alphabet', 'padding'),
  check({ found, ...context }) {
    const all = found.map((each) => {
      const text = String(context.target.settings[each.about].value);
      return { ...each, ...describe(each.diagnostic, text) };
    });
    return byMistake(all, ({ mistake, consequence }) => mistake + consequence).map((alike) => {
      const [{ what, consequence, help = LOST }] = alike;
      const places = alike.map(
        ({ about, diagnostic }) =>
          `character ${diagnostic.offset + 1}${alike.length > 1 ? ` of ${context.path(about)}` : ''}`,
      );
      return {
        ...valuesOf(alike),
        message: `${subject(context, alike, 'is', 'are')} not valid base64: ${what(places.join(' and '), alike.length > 1)}. On install, ${consequence}`,
        help,
        commands: encodeOwn(context, ...alike.map(({ about }) => about)),
      };
    });
  },
});

type Diagnostic = Extract<Base64Diagnostic, { kind: 'url-alphabet' | 'alphabet' | 'padding' }>;

interface Description {
  /** The same for the same mistake. */
  mistake: string;
  /** Half a sentence; the places are `character 5`, of several values `character 5 of certificate.tls.crt`. */
  what(places: string, isPlural: boolean): string;
  consequence: string;
  /** Where it is not LOST. */
  help?: string;
}

const LOST = 'Encode the file again: part of the value may have been lost in copying.';
const COPIED = 'Copy the value without it, or encode the file again.';
const REFUSED = 'Kubernetes would refuse the Secret: illegal base64 data.';

function describe(diagnostic: Diagnostic, text: string): Description {
  if (diagnostic.kind === 'url-alphabet') {
    return {
      mistake: 'url-alphabet',
      what: (places) => `${places} is - or _, from the URL-safe alphabet; the standard one has + and /`,
      consequence: REFUSED,
    };
  }
  if (diagnostic.kind === 'alphabet') return describeStray(diagnostic, text);
  const { reason } = diagnostic;
  return { mistake: reason, what: (places) => PADDING[reason](places), consequence: REFUSED };
}

const PADDING = {
  missing: () => 'the = at the end is missing, so it may be truncated',
  excess: () => 'it ends in more = than it needs',
  inside: (places: string) => `${places} is a = in the middle; two encoded files may have been joined`,
  length: () => 'no base64 has this length, so a part is missing',
} as const;

/** Characters that nobody sees, or that an editor, a chat or a viewer puts in place of others. */
const INVISIBLE: Readonly<Record<string, string>> = {
  '\u00a0': 'a no-break space (U+00A0)',
  '\u00ad': 'an invisible soft hyphen (U+00AD)',
  '\u2007': 'a figure space (U+2007)',
  '\u200b': 'an invisible zero-width space (U+200B)',
  '\u200c': 'an invisible zero-width non-joiner (U+200C)',
  '\u200d': 'an invisible zero-width joiner (U+200D)',
  '\u200e': 'an invisible left-to-right mark (U+200E)',
  '\u200f': 'an invisible right-to-left mark (U+200F)',
  '\u2028': 'an invisible line separator (U+2028)',
  '\u2060': 'an invisible word joiner (U+2060)',
  '\u202f': 'a narrow no-break space (U+202F)',
  '\ufeff': 'an invisible byte-order mark (U+FEFF)',
};

function describeStray(
  { offset, character }: Extract<Diagnostic, { kind: 'alphabet' }>,
  text: string,
): Description {
  // The chart writes the value without quotes: some characters then mean something to YAML.
  const consequence =
    offset === 0 || /[#:{]/.test(character) ? 'the Secret would not hold this value.' : REFUSED;
  const found = (mistake: string, what: Description['what'], help?: string): Description => ({
    mistake,
    what,
    consequence,
    ...(help !== undefined && { help }),
  });
  const invisible = INVISIBLE[character];
  if (invisible) return found(character, (places) => `${places} is ${invisible}`, COPIED);
  if (/[\u2026\u22ef]/.test(character))
    return found(
      '\u2026',
      (places) => `${places} is an ellipsis: a viewer left out the rest`,
      'Encode the file again.',
    );
  const rest = text.slice(offset).trim();
  if (isWholePem(text.slice(0, offset))) {
    return rest === '%'
      ? found(
          'zsh',
          (_, isPlural) =>
            `${isPlural ? 'each' : 'it'} ends in the % that zsh prints after output without a line break`,
          COPIED,
        )
      : /^["'`\u201c\u201d\u2018\u2019,;]+$/.test(rest)
        ? found(
            'punctuation',
            (_, isPlural) => `${isPlural ? 'each' : 'it'} ends in a quotation mark, comma or semicolon`,
            COPIED,
          )
        : found(
            'prompt',
            () => 'text after its end was copied with it, such as the prompt of the shell',
            COPIED,
          );
  }
  if (offset === 0 && QUOTES.test(character)) {
    return found(
      'quote',
      (_, isPlural) => `${isPlural ? 'each' : 'it'} begins with a quotation mark that YAML does not know`,
      'Put the value in straight quotes ("), or in none.',
    );
  }
  return found(
    character,
    (places) => `${places} is "${escapeUnsafe(character)}", which is not a base64 character`,
  );
}

/** Quotation marks of a word processor, and a backquote. */
const QUOTES = /[`\u2018\u2019\u201c\u201d\u201e\u00ab]/;

/** Whether the base64 before a stray character holds PEM to its last END line: what follows was copied with it. */
function isWholePem(text: string): boolean {
  const pem = Buffer.from(text.slice(0, MOST_LOOKED_AT), 'base64').toString('latin1');
  const end = pem.lastIndexOf('-----END ');
  return end > 0 && /^-----END [A-Z0-9 ]+-----/.test(pem.slice(end)) && pem.length - end < LONGEST_END;
}

const MOST_LOOKED_AT = 2 ** 21;
/** An END line, and a user's name that reads as base64 after it. */
const LONGEST_END = 80;
