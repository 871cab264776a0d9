// Small changes to a TypeScript source, all of them in one source: each with a switch that is off until it is named.
import { parseSync } from 'oxc-parser';

/**
 * @typedef {object} Mutation
 * @property {number} line from 1
 * @property {number} column from 1
 * @property {string} change such as `< → <=`
 * @property {boolean} once whether the code runs when its module is loaded, and not again
 *
 * @typedef {{ type: string, start: number, end: number, [field: string]: any }} Node
 *
 * @typedef {object} Variant one way to change a node
 * @property {number} at where the change is, for the reader
 * @property {string} change
 * @property {string} text what takes the node's place
 *
 * @typedef {(at: number, change: string, once: boolean) => number} Numbering
 */

const OPERATORS = new Map([
  ['<', '<='],
  ['<=', '<'],
  ['>', '>='],
  ['>=', '>'],
  ['===', '!=='],
  ['!==', '==='],
  ['&&', '||'],
  ['||', '&&'],
]);
const METHODS = new Map([
  ['some', 'every'],
  ['every', 'some'],
  ['min', 'max'],
  ['max', 'min'],
  ['startsWith', 'includes'],
  ['endsWith', 'includes'],
]);
/** Nodes of TypeScript that hold code; all others are types. */
const TYPED = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression']);
const QUANTIFIER = /(?<!\\u)\{(\d+)(,?)(\d*)\}/g;

/**
 * Puts every mutation of a source into it, each in a call of `mutant`.
 *
 * @param {string} file its name, for errors
 * @param {string} source TypeScript
 * @param {(mutation: Mutation) => number} enter gives a mutation its number
 * @returns {string} TypeScript, with the types no longer right, that does the same until `mutant` says yes to a number
 * @throws Error where the source cannot be parsed
 */
export function withMutations(file, source, enter) {
  const { program, errors } = parseSync(file, source, { lang: 'ts', preserveParens: false });
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`);
  const lineStarts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
  /** @type {Numbering} */
  const number = (at, change, once) => {
    const line = lineStarts.findLastIndex((start) => start <= at);
    return enter({ line: line + 1, column: at - (lineStarts[line] ?? 0) + 1, change, once });
  };
  return rewrite(/** @type {Node} */ (/** @type {unknown} */ (program)), source, number, true);
}

/**
 * @param {Node} node
 * @param {string} source
 * @param {Numbering} number
 * @param {boolean} outside whether the node is in no function
 * @returns {string}
 */
function rewrite(node, source, number, outside) {
  // The number of an RFC is for the reader.
  if (node.callee?.name === 'rfc') return source.slice(node.start, node.end);
  const slice = (/** @type {{ start: number, end: number }} */ { start, end }) => source.slice(start, end);
  const off = (/** @type {number} */ at, /** @type {string} */ change) =>
    `mutant(${number(at, change, once)})`;
  const once = outside && !/Function/.test(node.type);
  const members = droppable(node);
  /** @type {{ start: number, end: number, text: string }[]} */
  const parts = [];
  for (const child of children(node)) {
    let text = rewrite(child, source, number, once);
    if (members.includes(child)) {
      const [open, close] = child.type === 'Property' ? '{}' : '[]';
      text = `...(${off(child.start, `drop ${slice(child).replace(/\s+/g, ' ')}`)} ? ${open}${close} : ${open}${text}${close})`;
    }
    if (node.type === 'IfStatement' && child === node.test && !node.alternate) {
      text = `!${off(node.start, 'drop the if')} && (${off(child.start, 'always')} || (${text}))`;
    }
    parts.push({ start: child.start, end: child.end, text });
  }
  const renamed = METHODS.get(node.property?.name);
  if (node.type === 'MemberExpression' && !node.computed && renamed) {
    const { name, start, end } = node.property;
    const chosen = `[${off(start, `${name} → ${renamed}`)} ? '${renamed}' : '${name}']`;
    const dot = node.object.end + source.slice(node.object.end, start).lastIndexOf('.');
    parts.push({ start: node.optional ? dot + 1 : dot, end, text: chosen });
  }
  let text = '';
  let end = node.start;
  for (const part of parts.sort((a, b) => a.start - b.start)) {
    text += source.slice(end, part.start) + part.text;
    end = part.end;
  }
  text += source.slice(end, node.end);
  const changed = variants(node, slice).map(({ at, change, text }) => `${off(at, change)} ? (${text}) : `);
  return changed.length === 0 ? text : `(${changed.join('')}(${text}))`;
}

/**
 * The parts of a node that hold code and can be written otherwise.
 * @returns {Node[]}
 */
function children(/** @type {Node} */ node) {
  return Object.entries(node)
    .filter(([field]) => !(field === 'key' || field === 'property') || node.computed)
    .flatMap(([, value]) => value)
    .filter((value) => typeof value?.type === 'string' && 'start' in value)
    .filter(
      ({ type }) => (!type.startsWith('TS') || TYPED.has(type)) && !/^(Ex|Im)port.*Specifier$/.test(type),
    );
}

/**
 * The members of a table that can be left out: those of `new Set` and `new Map`, and of constants in upper case.
 * @returns {Node[]}
 */
function droppable(/** @type {Node & { table?: boolean }} */ node) {
  const table =
    node.type === 'NewExpression' && /^(Set|Map)$/.test(node.callee.name)
      ? node.arguments[0]
      : node.type === 'VariableDeclarator' && /^[A-Z][A-Z0-9_]+$/.test(node.id.name)
        ? bare(node.init)
        : null;
  if (table) table.table = true;
  if (!node.table) return [];
  if (node.type === 'ArrayExpression') return node.elements.filter(Boolean);
  return node.type === 'ObjectExpression' ? node.properties : [];
}

/** An expression without the types around it. */
function bare(/** @type {Node | null} */ node) {
  let inside = node;
  while (inside && TYPED.has(inside.type)) inside = inside.expression;
  return inside;
}

/**
 * @param {Node} node
 * @param {(node: Node) => string} slice
 * @returns {Variant[]}
 */
function variants(node, slice) {
  const { start, operator, left, right } = node;
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression': {
      const other = OPERATORS.get(operator);
      if (!other) return [];
      const at = left.end + slice({ ...node, start: left.end }).indexOf(operator);
      return [{ at, change: `${operator} → ${other}`, text: `(${slice(left)}) ${other} (${slice(right)})` }];
    }
    case 'UnaryExpression':
      if (operator !== '!') return [];
      return [{ at: start, change: 'drop the !', text: slice(node.argument) }];
    case 'ConditionalExpression':
      return [node.consequent, node.alternate].map((branch) => ({
        at: start,
        change: `always ${slice(branch).replace(/\s+/g, ' ')}`,
        text: slice(branch),
      }));
    case 'Literal':
      if (node.regex) return patterns(node, slice(node)).filter(({ text }) => isPattern(text));
      if (Number.isInteger(node.value) || typeof node.value === 'bigint') {
        return adjacent(node.value).map((text) => ({ at: start, change: `${node.raw} → ${text}`, text }));
      }
      return typeof node.value === 'string' ? quantifiers(node, slice(node)) : [];
    case 'TemplateLiteral':
      return quantifiers(node, slice(node));
    default:
      return [];
  }
}

function adjacent(/** @type {number | bigint} */ value) {
  if (typeof value === 'bigint') return value === 0n ? ['1n'] : [`${value + 1n}n`, `${value - 1n}n`];
  return value === 0 ? ['1'] : [`${value + 1}`, `${value - 1}`];
}

/** A regular expression with other quantifiers, and without its anchors. */
function patterns(/** @type {Node} */ node, /** @type {string} */ text) {
  const found = quantifiers(node, text);
  // An escape, or a class, is passed over as a whole.
  for (const { 0: token, index } of text.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|[\^$+*]/gs)) {
    const other = { '^': '', $: '', '+': '*', '*': '+' }[token];
    if (other === undefined) continue;
    const change = other === '' ? `drop ${token}` : `${token} → ${other}`;
    found.push({
      at: node.start + index,
      change,
      text: text.slice(0, index) + other + text.slice(index + 1),
    });
  }
  return found;
}

function isPattern(/** @type {string} */ text) {
  const end = text.lastIndexOf('/');
  try {
    new RegExp(text.slice(1, end), text.slice(end + 1));
    return end > 1;
  } catch {
    return false;
  }
}

/** A pattern with each bound of each quantifier one more and one less. */
function quantifiers(/** @type {Node} */ node, /** @type {string} */ text) {
  /** @type {Variant[]} */
  const found = [];
  for (const { 0: whole, 1: least, 2: comma, 3: most, index } of text.matchAll(QUANTIFIER)) {
    const bounds = [
      ...adjacent(Number(least)).map((bound) => `{${bound}${comma}${most}}`),
      ...(most ? adjacent(Number(most)).map((bound) => `{${least}${comma}${bound}}`) : []),
    ];
    for (const other of bounds) {
      const changed = text.slice(0, index) + other + text.slice(index + whole.length);
      found.push({ at: node.start + index, change: `${whole} → ${other}`, text: changed });
    }
  }
  return found;
}
