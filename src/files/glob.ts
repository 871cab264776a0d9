import { filesIn } from './find.ts';

const TOKEN = /\*\*\/|\*\*|\*|\?|\[([!^]?)(\]?[^\]/]*)\]|[{},]|[\s\S]/g;

/**
 * A glob as a regular expression for whole paths: `*` and `?` within a name, `**` for any folders, `[abc]`, `[!abc]`,
 * `{one,other}`.
 */
export function globPattern(glob: string): RegExp {
  let depth = 0;
  const source = withoutDot(glob).replace(TOKEN, (token: string, negation = '', set = '') => {
    if (token === '**/') return '(?:[^/]+/)*';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.length > 1) return `[${negation && '^/'}${set.replace(/[\\\]^[]/g, '\\$&')}]`;
    if (token === '{') {
      depth += 1;
      return '(?:';
    }
    if (token === ',' && depth > 0) return '|';
    if (token === '}' && depth > 0) {
      depth -= 1;
      return ')';
    }
    return token.replace(/[\\^$.|?*+()[\]{}/]/g, '\\$&');
  });
  return new RegExp(`^${source}${')'.repeat(depth)}$`, 's');
}

/** Whether a path is a glob, not a name. */
export function isGlob(path: string): boolean {
  return /[*?[{]/.test(path);
}

/**
 * The files that a glob matches, sorted folder by folder, as paths from the folder that it counts from. What cannot be
 * searched matches nothing.
 * @param folder a path that ends with a slash, or is empty
 */
export function filesMatching(glob: string, folder: string): string[] {
  const names = withoutDot(glob).split('/');
  const fixed = names.slice(
    0,
    names.findIndex((name) => isGlob(name)),
  );
  const base = folder + fixed.map((name) => `${name}/`).join('');
  const pattern = globPattern(glob);
  const depth = /\*\*|\{/.test(glob) ? Number.POSITIVE_INFINITY : names.length - fixed.length;
  const { files } = filesIn(base, () => true, depth);
  return files.filter((path) => pattern.test(path.slice(folder.length)));
}

function withoutDot(path: string): string {
  return path.replace(/^(\.\/+)+/, '');
}
