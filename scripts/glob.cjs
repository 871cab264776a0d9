// The globs of the Action: * and ? within a name, ** for any folders, [abc] and [!abc], {one,other}.
'use strict';

const { readdirSync, statSync } = require('node:fs');

/** Never looked into. */
const PASSED_OVER = ['.git', 'node_modules'];

exports.hasWildcard = (/** @type {string} */ text) => /[*?[{]/.test(text);

/** Whether a glob matches a whole path. */
exports.isMatch = (/** @type {string} */ glob, /** @type {string} */ path) =>
  patternOf(withoutDot(glob)).test(withoutDot(path));

/**
 * The files that a glob matches, sorted. Names that begin with a full stop count; links to folders are not followed.
 *
 * @param {string} glob with slashes, from the present folder or from the root
 */
exports.filesMatching = (glob) => {
  const parts = withoutDot(glob).split('/');
  const fixed = parts.findIndex((part) => exports.hasWildcard(part));
  const base = parts.slice(0, fixed).join('/');
  const isDeep = /\*\*|\{/.test(glob);
  const pattern = patternOf(withoutDot(glob));
  const found = filesBelow(
    fixed === 0 ? '' : `${base}/`,
    isDeep ? Number.POSITIVE_INFINITY : parts.length - fixed,
  );
  return found.filter((path) => pattern.test(path)).sort();
};

/**
 * @param {string} folder as it goes before a name: empty, or with a slash at its end
 * @param {number} depth how many names may follow it
 * @returns {string[]}
 */
function filesBelow(folder, depth) {
  if (depth === 0) return [];
  return entriesOf(folder).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory()) return PASSED_OVER.includes(entry.name) ? [] : filesBelow(`${path}/`, depth - 1);
    return entry.isFile() || isLinkToFile(path) ? [path] : [];
  });
}

/** What is in a folder; nothing where it cannot be read. */
function entriesOf(/** @type {string} */ folder) {
  try {
    return readdirSync(folder || '.', { withFileTypes: true });
  } catch {
    return [];
  }
}

function isLinkToFile(/** @type {string} */ path) {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function withoutDot(/** @type {string} */ path) {
  return path.replace(/^(\.\/+)+/, '');
}

/** A glob as a regular expression. */
function patternOf(/** @type {string} */ glob) {
  const TOKEN = /\*\*\/|\*\*|\*|\?|\[([!^]?)(\]?[^\]/]*)\]|[{},]|[\s\S]/g;
  let depth = 0;
  const source = glob.replace(TOKEN, (token, negation = '', set = '') => {
    if (token === '**/') return '(?:[^/]+/)*';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.length > 1) return `[${negation && '^/'}${set.replace(/[\\\]^[]/g, '\\$&')}]`;
    if (token === '{') depth += 1;
    if (token === '{') return '(?:';
    if (token === ',' && depth > 0) return '|';
    if (token === '}' && depth > 0) depth -= 1;
    else return token.replace(/[\\^$.|?*+()[\]{}/]/g, '\\$&');
    return ')';
  });
  return new RegExp(`^${source}${')'.repeat(depth)}$`, 's');
}
