// Runs one compiled test file until a suite in it fails: node run-test.mjs FILE.
import { pathToFileURL } from 'node:url';

Object.assign(globalThis, { UVU_DEFER: 1 });
const { exec } = await import('uvu');
/** @type {unknown[][]} */ (Reflect.get(globalThis, 'UVU_QUEUE')).push([null]);
await import(pathToFileURL(process.argv[2] ?? '').href);
await exec(true);
