// Compiles schema/values.schema.json to src/values/generated/shape.js, so that nothing is compiled at start.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, 'src', 'values', 'generated');

const TYPES = `import type { ValidateFunction } from 'ajv';

/** Says whether a value has the shape of schema/values.schema.json, and leaves all that is amiss in \`errors\`. */
declare const validate: ValidateFunction;
export default validate;
`;

/**
 * Writes the validator as one self-contained ES module, and its types beside it.
 *
 * @throws Error when the schema is missing or Ajv does not accept it
 */
export async function generateShape() {
  const schema = JSON.parse(await readFile(join(ROOT, 'schema', 'values.schema.json'), 'utf8'));
  const ajv = new Ajv({
    allErrors: true,
    messages: false,
    allowUnionTypes: true,
    code: { source: true, esm: true },
  });
  // Ajv's code calls a few of its own helpers by require(), which an ES module cannot: esbuild takes them in.
  await mkdir(FOLDER, { recursive: true });
  const bundled = await build({
    stdin: { contents: standalone(ajv, ajv.compile(schema)), resolveDir: ROOT },
    bundle: true,
    write: false,
    format: 'esm',
    banner: { js: '// @ts-nocheck' },
    charset: 'ascii',
  });
  await writeIfChanged(join(FOLDER, 'shape.js'), bundled.outputFiles[0]?.text ?? '');
  await writeIfChanged(join(FOLDER, 'shape.d.ts'), TYPES);
}

/** Leaves a file that is right already untouched, so that others reading it never see it half written. */
async function writeIfChanged(/** @type {string} */ file, /** @type {string} */ text) {
  const present = await readFile(file, 'utf8').catch(() => undefined);
  if (present !== text) await writeFile(file, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await generateShape();
