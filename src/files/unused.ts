import { existsSync } from 'node:fs';
import { parse } from 'node:path';

/**
 * A name that no file has, beside a file: for `my-cert.key` and `.pkcs8.key` it is `my-cert.pkcs8.key`, or
 * `my-cert.pkcs8-2.key` where that exists.
 * @param file a path
 * @param ending what replaces its extension
 */
export function unusedName(file: string, ending: string): string {
  const { dir, name } = parse(file);
  const stem = dir === '' ? name : `${dir}/${name}`;
  const [, kind = '', extension = ''] = /^(.*?)(\.[^.]*)$/.exec(ending) ?? [];
  for (let count = 1; ; count += 1) {
    const path = `${stem}${kind}${count === 1 ? '' : `-${count}`}${extension}`;
    if (!existsSync(path)) return path;
  }
}
