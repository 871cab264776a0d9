// npm run docs: writes docs/rules.md, docs/consumers.md and completion.yaml from rules, clients and commands.
import { writeFileSync } from 'node:fs';
import { completionPage } from './completion-page.ts';
import { consumersPage } from './consumers-page.ts';
import { rulesPage } from './rules-page.ts';

writeFileSync(new URL('../docs/rules.md', import.meta.url), rulesPage());
writeFileSync(new URL('../docs/consumers.md', import.meta.url), consumersPage());
writeFileSync(new URL('../completion.yaml', import.meta.url), await completionPage());
