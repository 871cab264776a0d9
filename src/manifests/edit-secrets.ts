import { type Edited, editObjects, type ObjectEdit } from '../values/edit.ts';
import type { YamlDocument } from '../values/yaml/documents.ts';
import { newBudget } from '../values/yaml/error.ts';
import { newMap } from '../values/yaml/node.ts';
import { cutManifests, readManifest } from './secrets.ts';

/**
 * Sets or removes values in Secrets of manifests. Everything else stays as it is, byte for byte, documents that are not
 * YAML too: only those with a Secret are read.
 * @param bytes the file as it is on disk
 * @param file its name, for locations
 */
export function editSecrets(bytes: Buffer, file: string, edits: readonly ObjectEdit[]): Promise<Edited> {
  return editObjects(bytes, file, edits, (text) => readSome(text, (content) => content.includes('Secret')));
}

/** Sets a value in an object of manifests likewise; only its document is read. */
export function editManifest(bytes: Buffer, file: string, edit: ObjectEdit): Promise<Edited> {
  return editObjects(bytes, file, [edit], (text) => readSome(text, (_, index) => index === edit.document));
}

async function readSome(
  text: string,
  isRead: (content: string, index: number) => boolean,
): Promise<YamlDocument[]> {
  const budget = newBudget();
  const documents: YamlDocument[] = [];
  for (const [index, span] of [...cutManifests(text)].entries()) {
    const isWanted = isRead(text.slice(span.start, span.end), index);
    documents.push({ span, root: isWanted ? await readManifest(text, span, budget) : newMap(span.start) });
  }
  return documents;
}
