// npm run docs: writes docs/rules.md, docs/consumers.md and completion.yaml from rules, clients and commands, and draws
// docs/pictures from what the program prints.
import { mkdirSync, writeFileSync } from 'node:fs';
import { buildIfStale } from './build.mjs';
import { completionPage } from './completion-page.ts';
import { consumersPage } from './consumers-page.ts';
import { pictures } from './pictures.ts';
import { rulesPage } from './rules-page.ts';

writeFileSync(new URL('../docs/rules.md', import.meta.url), rulesPage());
writeFileSync(new URL('../docs/consumers.md', import.meta.url), consumersPage());
writeFileSync(new URL('../completion.yaml', import.meta.url), await completionPage());

await buildIfStale();
mkdirSync(new URL('../docs/pictures/', import.meta.url), { recursive: true });
for (const [name, picture] of pictures()) {
  writeFileSync(new URL(`../docs/pictures/${name}.svg`, import.meta.url), picture);
}
