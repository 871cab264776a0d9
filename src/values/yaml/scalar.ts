/** What a scalar is to Helm. A `refused` one makes Helm refuse the whole file. */
export type Resolved =
  | { kind: 'value'; value: string | number | boolean | null; integer: bigint | null }
  | { kind: 'refused'; tag: string };

const LONG = 'tag:yaml.org,2002:';
const RESOLVABLE = new Set(['str', 'bool', 'int', 'float', 'null', 'timestamp'].map((name) => LONG + name));

const WORDS = new Map<string, boolean | null | number>();
function words(): ReadonlyMap<string, boolean | null | number> {
  if (WORDS.size > 0) return WORDS;
  for (const word of ['y', 'yes', 'true', 'on']) spell(word, true);
  for (const word of ['n', 'no', 'false', 'off']) spell(word, false);
  spell('null', null);
  for (const word of ['', '~']) WORDS.set(word, null);
  for (const end of ['inf', 'Inf', 'INF']) {
    for (const sign of ['', '+']) WORDS.set(`${sign}.${end}`, Number.POSITIVE_INFINITY);
    WORDS.set(`-.${end}`, Number.NEGATIVE_INFINITY);
  }
  for (const end of ['nan', 'NaN', 'NAN']) WORDS.set(`.${end}`, Number.NaN);
  return WORDS;
}

function spell(word: string, value: boolean | null): void {
  WORDS.set(word, value);
  WORDS.set(word.toUpperCase(), value);
  WORDS.set(word.charAt(0).toUpperCase() + word.slice(1), value);
}

const DATE =
  /^\d{4}-\d\d?-\d\d?(?:[Tt]\d\d?:\d\d?:\d\d?(?:\.\d*)?(?:Z|[+-]\d\d:\d\d)|[ ]\d\d?:\d\d?:\d\d?(?:\.\d*)?)?$/;

/**
 * Reads a scalar as go-yaml v2 does, which both Helms use (its `resolve.go`): YAML 1.1, with `0o17`, and
 * without numbers to base 60; dates stay strings.
 *
 * @param text the scalar's text after unquoting and folding
 * @param tag the tag in full (`tag:yaml.org,2002:int`), null for none
 * @param plain whether a scalar without a tag may be something other than a string
 */
export function resolveScalar(text: string, tag: string | null, plain: boolean): Resolved {
  if (tag === null) return plain ? untagged(text) : value(text);
  if (tag === `${LONG}binary`) return binary(text);
  if (!RESOLVABLE.has(tag) || tag === `${LONG}str`) return value(text);
  const found = untagged(text);
  if (found.kind === 'refused') return found;
  const fits = tag === LONG + typeOf(found, text) || (tag === `${LONG}float` && found.integer !== null);
  if (fits) return found;
  return tag === `${LONG}timestamp` && DATE.test(text) ? value(text) : { kind: 'refused', tag };
}

function value(of: string | number | boolean | null, integer: bigint | null = null): Resolved {
  return { kind: 'value', value: of, integer };
}

function typeOf(found: Resolved & { kind: 'value' }, text: string): string {
  if (found.value === null) return 'null';
  if (typeof found.value === 'boolean') return 'bool';
  if (found.integer !== null) return 'int';
  if (typeof found.value === 'number') return 'float';
  return DATE.test(text) ? 'timestamp' : 'str';
}

function untagged(text: string): Resolved {
  const first = text.charAt(0);
  if (!/^[-+0-9.yYnNtTfFoO~]?$/.test(first)) return value(text);
  const word = text.length <= 5 ? words().get(text) : undefined;
  if (word !== undefined) return value(word);
  if (first === '.') return value(/^\.\d+(?:[eE][-+]?\d+)?$/.test(text) ? finite(text, text) : text);
  if (!/^[-+0-9]/.test(first)) return value(text);
  const digits = text.replaceAll('_', '');
  const integer = integerOf(digits);
  if (integer !== null) return value(Number(integer), integer);
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(digits)) return value(finite(digits, text));
  return value(text);
}

/** A number too large for a double stays the string it was. */
function finite(digits: string, text: string): number | string {
  const number = Number(digits);
  return Number.isFinite(number) ? number : text;
}

const INTEGER = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)$/;

/** Go's integer literals, within what an int64 or a uint64 holds; null for anything else. */
function integerOf(digits: string): bigint | null {
  if (digits.length > 70) return null;
  const match = INTEGER.exec(digits);
  if (match === null) return null;
  const magnitude = BigInt((match[2] as string).replace(/^0[oO]?(?=[0-7])/, '0o'));
  const integer = match[1] === '-' ? -magnitude : magnitude;
  const least = -(2n ** 63n);
  const most = match[1] === '' ? 2n ** 64n - 1n : 2n ** 63n - 1n;
  return integer >= least && integer <= most ? integer : null;
}

function binary(text: string): Resolved {
  const compact = text.replace(/[\r\n]/g, '');
  const valid = compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
  if (!valid) return { kind: 'refused', tag: `${LONG}binary` };
  return value(Buffer.from(compact, 'base64').toString('utf8'));
}

/**
 * The name of a mapping's key: Helm turns numbers and booleans into strings.
 *
 * @returns the name, or null where Helm refuses such a key (null, or an integer beyond int64)
 */
export function keyName(key: Resolved & { kind: 'value' }): string | null {
  if (key.value === null) return null;
  if (key.integer !== null) return key.integer >= 2n ** 63n ? null : key.integer.toString();
  return typeof key.value === 'number' ? floatName(key.value) : String(key.value);
}

/** Go's `FormatFloat(f, 'g', -1, 32)`: the shortest digits that make the same 32-bit number. */
function floatName(number: number): string {
  if (Number.isNaN(number)) return '.nan';
  const single = Math.fround(number);
  if (Object.is(single, -0)) return '-0';
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  let digits = 1;
  while (digits < 9 && Math.fround(Number(single.toPrecision(digits))) !== single) digits += 1;
  const [mantissa, power] = single.toExponential(digits - 1).split('e') as [string, string];
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(Number(single.toPrecision(digits)));
  const sign = exponent < 0 ? '-' : '+';
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** A string as a YAML value on one line, in double quotes: JSON's form, which YAML 1.1 accepts everywhere. */
export function yamlString(text: string): string {
  return JSON.stringify(text);
}

/** A mapping's key: as it is where it can only be read as a string, else in double quotes. */
export function yamlKey(name: string): string {
  const isWord = /^[A-Za-z_][\w-]*$/.test(name) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(name);
  return isWord ? name : JSON.stringify(name);
}
