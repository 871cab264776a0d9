import { isMap } from './values.ts';

/** A flag that Helm refuses. */
export class SetFlagError extends Error {}

type Map = Record<string, unknown>;

/**
 * Sets what a flag says in values, in place, as Helm does.
 * @param how `--set` reads numbers, booleans and null; `--set-string` leaves them strings; literal takes all after the
 * first `=` as it is
 * @param text `a.b[0]=value,c={d,e}`
 * @throws SetFlagError where Helm refuses it; what came before it is set
 * @see pkg/strvals/parser.go and literal_parser.go of Helm
 */
export function applySet(values: Map, how: 'set' | 'set-string' | 'set-literal', text: string): void {
  const parser = new Parser(how, text);
  while (!parser.isAtEnd()) parser.key(values);
}

/**
 * Sets a value at a path of the same grammar, in place.
 * @throws SetFlagError where Helm refuses the path
 */
export function applyAt(values: Map, path: string, value: string): void {
  applySet(values, 'set-literal', `${path}=${value}`);
}

const LARGEST_INDEX = 65_536;
const DEEPEST = 30;

class Parser {
  readonly #how: 'set' | 'set-string' | 'set-literal';
  readonly #text: string;
  #at = 0;

  constructor(how: 'set' | 'set-string' | 'set-literal', text: string) {
    this.#how = how;
    this.#text = text;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  key(map: Map, depth = 0): void {
    if (depth > DEEPEST) throw new SetFlagError('a key is nested too deeply');
    const { word, last } = this.#until('=[,.');
    switch (last) {
      case '[': {
        const index = this.#index();
        const list = own(map, word) ?? [];
        if (!Array.isArray(list)) throw new SetFlagError('a key is no list');
        // Set before what may fail, as Helm does.
        put(map, word, list);
        this.#item(list, index, depth);
        return;
      }
      case '=':
        put(map, word, this.#value());
        return;
      case '.': {
        const inner = own(map, word) ?? {};
        if (!isMap(inner)) throw new SetFlagError('a key is no mapping');
        this.key(inner, depth + 1);
        put(map, word, inner);
        return;
      }
      default:
        throw new SetFlagError('a key has no value');
    }
  }

  #item(list: unknown[], index: number, depth: number): void {
    const { word, last } = this.#until('[.=');
    if (word !== '') throw new SetFlagError('an index is followed by something else');
    while (list.length < index) list.push(null);
    if (last === '=') list[index] = this.#value();
    else if (last === '[') {
      const inner = list[index] ?? [];
      if (!Array.isArray(inner)) throw new SetFlagError('an item is no list');
      list[index] = inner;
      this.#item(inner, this.#index(), depth);
    } else if (last === '.') {
      const inner = list[index] ?? {};
      if (!isMap(inner)) throw new SetFlagError('an item is no mapping');
      list[index] = inner;
      this.key(inner, depth + 1);
    } else throw new SetFlagError('an index has no value');
  }

  #index(): number {
    const { word, last } = this.#until(']');
    const index = Number(word);
    if (last === null || !/^\d+$/.test(word) || index > LARGEST_INDEX) {
      throw new SetFlagError('an index is no number, or too large');
    }
    return index;
  }

  #value(): unknown {
    if (this.#how === 'set-literal') {
      const rest = this.#text.slice(this.#at);
      this.#at = this.#text.length;
      return rest;
    }
    if (this.#text.charAt(this.#at) !== '{') return this.#typed(this.#until(',').word);
    this.#at += 1;
    const list: unknown[] = [];
    for (;;) {
      const { word, last } = this.#until(',}');
      if (last === null) throw new SetFlagError('a list has no closing brace');
      list.push(this.#typed(word));
      if (last === ',') continue;
      if (this.#text.charAt(this.#at) === ',') this.#at += 1;
      return list;
    }
  }

  #typed(word: string): unknown {
    if (this.#how !== 'set') return word;
    if (/^true$/i.test(word)) return true;
    if (/^false$/i.test(word)) return false;
    if (/^null$/i.test(word)) return null;
    if (word === '0') return 0;
    return /^[-+]?[1-9]\d*$|^[-+]0\d*$/.test(word) && isInt64(word) ? Number(word) : word;
  }

  /** A backslash takes the next character as it is. */
  #until(stops: string): { word: string; last: string | null } {
    let word = '';
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      this.#at += 1;
      if (stops.includes(char)) return { word, last: char };
      if (char !== '\\') word += char;
      else {
        word += this.#text.charAt(this.#at);
        this.#at += 1;
      }
    }
    return { word, last: null };
  }
}

function isInt64(word: string): boolean {
  const integer = BigInt(word.replace(/^\+/, ''));
  return integer >= -(2n ** 63n) && integer < 2n ** 63n;
}

function own(map: Map, name: string): unknown {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function put(map: Map, name: string, value: unknown): void {
  Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
}
