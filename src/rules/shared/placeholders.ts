const MAX_LENGTH = 300;

/** Matched against lower case; a flag for that would cost a cold process a millisecond. */
const PLACEHOLDERS: readonly RegExp[] = [
  /^<[^<>]*>$/,
  /^\[[^[\]]*\]$/,
  /^[a-z0-9+/=]*(\.\.+|\u2026)[a-z0-9+/=.\u2026]*$/,
  /^(change|replace|fill|insert|put|paste)[-_ ]?(me|this|it|in|here)$/,
  /^(todo|tbd|fixme|placeholder|x{3,12}|\?+|n\/a)$/,
  /^your[-_ ].*(cert|crt|key|secret|pin|hash|host|domain|endpoint|here)/,
  /^base64[-_ ]?(encoded)?[-_ ]?(of[-_ ])?(certificate|cert|crt|key|private[-_ ]?key)([-_ ]?(here|value|chain))?$/,
];

/** Words of which examples are made; the base64 alphabet leaves letters, digits, `+` and `/` of them. */
const EXAMPLE_WORDS =
  /^(?:your|my|our|the|a|of|is|in|as|and|with|for|to|goes|go|here|hera|here[a-z]|hear|paste|put|insert|add|enter|place|replace|change|fill|me|this|base64|b64|encoded?|cert(?:ificates?|s)?|crt|private|public|server|full|chain|keys?|pem|tls|ssl|secret|data|content|contents|value|string|text|file|dummy|example|sample|placeholder|todo|changeme|goeshere|line|single|one)+$/;

/** What a tool shows in place of a secret. */
const MASKS: readonly RegExp[] = [
  /^[*\u2022\u25cf\u2217]{3,}$/,
  /^\++$/,
  /^[<[({*]*(redacted|masked|hidden|sensitive|sensitive value|secret|protected|filtered)[>\])}*]*$/,
];

/** What `kubectl describe secret` shows of a value. */
const DESCRIBED = /^\d+ bytes$/;

const SHELL = /^[^\n]*(\$\(\s*[<\w./-]+[^)]*\)|`[^`]+`)/;
/** A command whose output was meant. */
const COMMAND = /^(?:[$#%>] )?(?:sudo )?(?:cat|base64|openssl|certutil|kubectl) +(?:-|[^\n]*[|<./])/;
const CHART_FUNCTION = /\{\{-?\s*\(?\s*\.Files\./;

/** In lower case: with a file's usual ending, or with folders of which one is named as such files are. */
const FILE = /^@?(file:\/\/)?[\w .~@:\\/-]+\.(crt|cer|cert|pem|key|der|p12|pfx|p7b|p7c|jks|b64|base64|txt)$/;
const FOLDERS = /^@?[\w.~-]*(?:[\\/][\w.~-]+)+$/;
const FILE_WORDS =
  /(^|[\\/._-])(tls|ssl|certs?|certificates?|crt|keys?|secrets?|pki|private|etc|home|users|tmp|mnt|run)(crt|cert|key|[\\/._-]|\d*$)/;

/** What is in place of the content of a certificate or private key. */
export type Stand = 'example' | 'mask' | 'size' | 'path' | 'encoded path' | 'shell' | 'chart function';

/** Longer text is base64 of something. */
const LONGEST_STAND = 256;

/**
 * What a value of `tls.crt` or `tls.key` holds in place of the content.
 * @returns null where it may be the content
 */
export function standIn(value: unknown): Stand | null {
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (text === '' || text.includes('-----')) return null;
  if (CHART_FUNCTION.test(text.slice(0, LONGEST_STAND))) return 'chart function';
  if (text.length > LONGEST_STAND || text.includes('\n')) return null;
  if (SHELL.test(text) || COMMAND.test(text)) return 'shell';
  const lower = text.toLowerCase();
  if (MASKS.some((pattern) => pattern.test(lower))) return 'mask';
  if (DESCRIBED.test(lower)) return 'size';
  if (isPath(lower)) return 'path';
  if (isExample(lower) || isPlaceholder(text)) return 'example';
  const decoded = /^[A-Za-z0-9+/]+={0,2}$/.test(text)
    ? Buffer.from(text, 'base64').toString('latin1').trim()
    : '';
  if (/^[\x20-\x7e]+$/.test(decoded)) {
    if (isPath(decoded.toLowerCase())) return 'encoded path';
    if (isExample(decoded.toLowerCase()) || isPlaceholder(decoded)) return 'example';
  }
  return null;
}

function isPath(lower: string): boolean {
  return FILE.test(lower) || (FOLDERS.test(lower) && FILE_WORDS.test(lower));
}

function isExample(lower: string): boolean {
  const letters = lower.replace(/[^a-z0-9]/g, '');
  return letters.length >= 6 && letters.length <= 80 && EXAMPLE_WORDS.test(letters);
}

/** Whether a value is a string that examples use, for a person to replace. */
export function isPlaceholder(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return false;
  const text = value.trim().toLowerCase();
  return PLACEHOLDERS.some((pattern) => pattern.test(text));
}
