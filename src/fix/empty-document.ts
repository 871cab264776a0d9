import { isSameNode } from '../values/edit.ts';
import { readDocuments, type YamlDocument } from '../values/yaml/documents.ts';
import { decodeText } from '../values/yaml/encoding.ts';
import { YamlError } from '../values/yaml/error.ts';
import { mergeDocuments } from '../values/yaml/node.ts';

/**
 * Removes empty documents before the first that holds values: Helm 3 reads the first one alone. Their comments stay.
 * @returns null where there are none, or what Helm 4 reads would change
 */
export async function dropEmptyDocuments(bytes: Buffer): Promise<Buffer | null> {
  const { text } = decodeText(bytes);
  const before = await documentsIn(text);
  let [next, documents] = [text, before];
  while (documents && documents.length > 1 && documents[0]?.root.members.size === 0) {
    const [first, second] = documents as [YamlDocument, YamlDocument];
    const comments = next.slice(0, first.span.end).match(/(?<![^\n])[ \t]*(?:#[^\n]*)?\r?\n/g) ?? [];
    next = comments.join('') + next.slice(second.span.start);
    documents = await documentsIn(next);
  }
  if (!before || !documents || next === text || !isSameNode(merged(before), merged(documents))) return null;
  const mark = bytes.subarray(0, bytes.length - Buffer.byteLength(text));
  return Buffer.concat([mark, Buffer.from(next)]);
}

function merged(documents: readonly YamlDocument[]) {
  return mergeDocuments(documents.map(({ root }) => root));
}

async function documentsIn(text: string): Promise<YamlDocument[] | null> {
  try {
    return await readDocuments(text);
  } catch (error) {
    if (error instanceof YamlError) return null;
    throw error;
  }
}
