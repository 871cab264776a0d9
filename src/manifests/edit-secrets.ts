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
  return editObjects(bytes, file, edits, readSecretDocuments);
}

async function readSecretDocuments(text: string): Promise<YamlDocument[]> {
  const budget = newBudget();
  const documents: YamlDocument[] = [];
  for (const span of cutManifests(text)) {
    const isRead = text.slice(span.start, span.end).includes('Secret');
    documents.push({ span, root: isRead ? await readManifest(text, span, budget) : newMap(span.start) });
  }
  return documents;
}
