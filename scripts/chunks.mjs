// The program in a few files, by what a run needs. esbuild splits ES modules into many small chunks, each module in one
// of them; here each becomes a function, and the functions go into the files.
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { parseSync } from 'oxc-parser';
import { ruleTexts } from './rule-texts.mjs';

/**
 * The files of the program, the most needed first. Each holds the chunks with these sources and those that they import
 * (but not by import()), as far as no file before it does; `other` holds what is left.
 *
 * @type {Record<string, readonly string[]>}
 */
const FILES = {
  main: ['src/bin.ts', 'src/commands/lint.ts', 'src/lint/lint.ts', 'src/lint/unknown-rule.ts'],
  certificates: ['src/x509/material.ts', 'src/x509/roots.ts', 'src/clients/clients.ts'],
  gate: ['src/commands/gate.ts', 'src/lint/merged.ts'],
  documentation: ['src/rules/documentation.ts'],
  yaml: ['src/values/yaml/parse.ts'],
  pkijs: ['src/self-signed/certificate.ts', 'src/self-signed/key-pair.ts', 'src/request/request.ts'],
  other: [],
};

/**
 * What the gate needs before it asks Helm: its file has a copy of it all, so that the rest is read while Helm is at work.
 * The loader runs each chunk once, whichever file it is from.
 */
const FIRST_IN_GATE = ['src/bin.ts', 'src/commands/gate.ts'];

/** @typedef {import('esbuild').Metafile['outputs']} Outputs */

/**
 * Bundles the program, in memory. Each file is one expression: an object of functions by the name of their chunk, which
 * the loader calls with an object for their exports, and with itself for what they import.
 *
 * @param {import('esbuild').BuildOptions} common
 * @param {string} root the folder of the sources
 * @param {string} dist the folder of the files
 */
export async function bundleProgram(common, root, dist) {
  const { outputFiles = [], metafile } = await build({
    ...common,
    write: false,
    metafile: true,
    format: 'esm',
    splitting: true,
    plugins: [ruleTexts(root)],
    entryPoints: [join(root, 'src', 'bin.ts')],
    outdir: dist,
    chunkNames: '[name]-[hash]',
    entryNames: '[name]-[hash]',
  });
  const { outputs } = metafile;
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  const places = placesOf(outputs);
  const first = new Set(
    Array.from(importedBy(entriesOf(FIRST_IN_GATE, outputs), outputs), (path) => basename(path)),
  );
  const files = Object.keys(FILES).flatMap((file) => {
    const isIn = (/** @type {string} */ name, /** @type {string} */ place) =>
      place.startsWith(`${file}/`) || (file === 'gate' && first.has(name));
    const chunks = [...places].filter(([name, place]) => isIn(name, place));
    const functions = chunks.map(
      ([name, place]) => `${JSON.stringify(place.split('/')[1])}${asFunction(texts.get(name) ?? '', places)}`,
    );
    const licences = chunks.map(([name]) => texts.get(`${name}.LEGAL.txt`) ?? '').sort();
    return [
      { path: join(dist, `${file}.cjs`), contents: `"use strict";({${functions.join(',\n')}})\n` },
      { path: join(dist, `${file}.cjs.LEGAL.txt`), contents: [...new Set(licences)].join('') },
    ];
  });
  return {
    files: files.filter(({ contents }) => contents !== ''),
    inputs: inputsOf(outputs, places),
    metafile,
  };
}

/**
 * Where each chunk goes: its name by esbuild's name. The entry, which the loader calls, is `main/start`.
 *
 * @param {Outputs} outputs
 * @returns {Map<string, string>}
 */
function placesOf(outputs) {
  /** @type {Map<string, string>} */
  const places = new Map();
  const chunks = Object.keys(outputs).filter((path) => path.endsWith('.js'));
  for (const [file, sources] of Object.entries(FILES)) {
    for (const path of file === 'other' ? chunks : importedBy(entriesOf(sources, outputs), outputs)) {
      const name = basename(path);
      const { entryPoint = '' } = outputs[path] ?? {};
      const chunk = entryPoint === 'src/bin.ts' ? 'start' : name.replace(/\.js$/, '');
      if (!places.has(name)) places.set(name, `${file}/${chunk}`);
    }
  }
  return places;
}

/** The outputs that begin with these sources. */
function entriesOf(/** @type {readonly string[]} */ sources, /** @type {Outputs} */ outputs) {
  return Object.keys(outputs).filter((path) => sources.includes(outputs[path]?.entryPoint ?? ''));
}

/** These outputs with all that they import, but for import(). */
function importedBy(/** @type {string[]} */ paths, /** @type {Outputs} */ outputs) {
  const found = new Set(paths);
  for (const path of found) {
    for (const { path: imported, kind } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement' && outputs[imported]) found.add(imported);
  }
  return found;
}

/** The sources in each file. */
function inputsOf(/** @type {Outputs} */ outputs, /** @type {Map<string, string>} */ places) {
  /** @type {Record<string, string[]>} */
  const inputs = {};
  for (const [path, { inputs: sources }] of Object.entries(outputs)) {
    const file = places.get(basename(path))?.split('/')[0];
    if (file) inputs[file] = [...(inputs[file] ?? []), ...Object.keys(sources)];
  }
  return inputs;
}

/**
 * The rest of a method that does what a module does: `$load` gives what another chunk exports. Modules that need
 * each other are in the same chunk, so what is imported is complete, and does not change.
 *
 * @param {string} code a module as esbuild writes it
 * @param {Map<string, string>} places
 */
function asFunction(code, places) {
  const { program, module, errors } = parseSync('chunk.js', code);
  if (errors.length > 0 || module.importMetas.length > 0) throw new Error('a chunk cannot become a function');
  const load = (/** @type {string} */ request) => {
    const place = places.get(request.replace(/^\.\//, ''));
    return place
      ? `$load(${place.split('/').map((part) => JSON.stringify(part))})`
      : `require(${JSON.stringify(request)})`;
  };
  const edits = [
    ...module.staticImports.map(({ start, end, moduleRequest, entries }) => {
      const names = entries.map(({ importName, localName }) => bound(importName.name, localName.value));
      const whole = entries.find(({ importName }) => importName.kind !== 'Name');
      const to = whole ? whole.localName.value : `{${names.join(',')}}`;
      if (whole && entries.length > 1) throw new Error('a chunk imports a module in two ways');
      const from = load(moduleRequest.value);
      return { start, end, text: entries.length === 0 ? `${from};` : `const ${to}=${from};` };
    }),
    ...program.body.flatMap((node) => {
      if (node.type !== 'ExportNamedDeclaration') return [];
      const names = node.specifiers.map(({ exported, local }) => bound(nameIn(exported), nameIn(local)));
      return { start: node.start, end: node.end, text: `Object.assign($exports,{${names.join(',')}});` };
    }),
    ...module.dynamicImports.map(({ start, end, moduleRequest }) => {
      const request = JSON.parse(code.slice(moduleRequest.start, moduleRequest.end));
      return { start, end, text: `Promise.resolve().then(()=>${load(request)})` };
    }),
  ].sort((a, b) => b.start - a.start);
  const body = edits.reduce(
    (text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end),
    code,
  );
  return `($exports,$load,require){${body}}`;
}

/** What binds a name to a local one, in an object or a pattern. */
function bound(/** @type {string | null} */ name, /** @type {string} */ local) {
  return name === local ? local : `${name}:${local}`;
}

function nameIn(/** @type {import('oxc-parser').ModuleExportName} */ node) {
  if (node.type !== 'Identifier') throw new Error('a chunk exports a name that is a string');
  return node.name;
}
